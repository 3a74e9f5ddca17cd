"""What stands beside the conversation: the members of its room, and the card of one of them.

The server is asked who is in a room when the panel opens on it and after every sign-in; from then on the model keeps
the list right.
"""

import tkinter as tk
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Protocol

from chatclient.conversation import Changes, Conversation
from chatclient.desktop import card, roster
from chatclient.desktop.card import Anchor, Card, Subject
from chatclient.desktop.composer import Composer
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.dialogs import Confirm
from chatclient.desktop.look import Look
from chatclient.desktop.members import Actions, MembersPanel
from chatclient.desktop.panes import Panes
from chatclient.desktop.popover import Overlay
from chatclient.desktop.roster import Reader, Step
from chatclient.model import Model
from shared.protocol import Member, MemberList
from shared.rules import name_key


class Desk(Protocol):
    """What the window does for the panel."""

    @property
    def current(self) -> Conversation | None: ...

    composer: Composer

    @property
    def searching(self) -> bool: ...

    def message(self, user: str) -> None: ...
    def mention(self, user: str) -> None: ...
    def invite_to(self, talk: Conversation) -> None: ...
    def members_came(self, room: str, members: MemberList) -> None: ...
    def members_shown(self, shown: bool) -> None: ...


class Beside:
    """`open` is whether the panel is wanted; it shows itself in rooms, for direct conversations have no members."""

    def __init__(
        self,
        master: tk.Misc,
        overlay: Overlay,
        look: Look,
        model: Model,
        deeds: Deeds,
        desk: Desk,
        panes: Panes,
        tz: tzinfo,
    ) -> None:
        self._overlay = overlay
        self._look = look
        self._model = model
        self._deeds = deeds
        self._desk = desk
        self._panes = panes
        self._tz = tz
        self._asked: str | None = None
        self._card: Card | None = None
        self.open = False
        self.panel = MembersPanel(
            master, look, Actions(self.close, self.show_card, self._show, self._invite, self._unban)
        )

    # --- open or not ----------------------------------------------------------------------------------------

    @property
    def shown(self) -> bool:
        talk = self._desk.current
        return self.open and talk is not None and not talk.direct

    def toggle(self) -> None:
        """What the button with the number of members does."""
        if self.open:
            self.close()
        else:
            self.open = True
            self._asked = None
            self.room_changed()
            self.panel.filter.entry.focus_set()

    def close(self) -> None:
        self.open = False
        self.panel.filter.clear()
        self.room_changed()
        self._desk.composer.focus_in()  # the keyboard may have been in the panel

    # --- the list -------------------------------------------------------------------------------------------

    def room_changed(self) -> None:
        """Another conversation is looked at, or the panel opened on this one."""
        talk = self._desk.current
        if self._desk.searching:
            return  # which stands in this place until it is closed
        self._panes.beside(self.panel if self.shown else None)
        self._desk.members_shown(self.shown)
        if not self.shown or talk is None or self._asked == talk.name:
            return
        self._asked = talk.name
        self.panel.filter.clear()
        self._show()
        self._ask(talk.name)

    def signed_in(self) -> None:
        """What the list said of people who left meanwhile may be wrong."""
        self._asked = None
        self.room_changed()

    def drawn(self, changes: Changes) -> None:
        """The model changed: show what of it belongs here."""
        current = self._model.current
        if self.shown and (changes.link or changes.people or current in changes.header):
            self._show()

    def _ask(self, room: str) -> None:
        def failed(why: str) -> None:
            if self._asked == room and self._model.link.state == "online":
                self.panel.say(why)

        self._deeds.members(room, lambda members: self._desk.members_came(room, members), failed)

    def _show(self) -> None:
        talk = self._desk.current
        if talk is None:
            return
        if talk.roster:
            wanted = self.panel.filter.text
            found = roster.groups(talk.roster.values(), self._reader(), wanted)
            self.panel.show(found, roster.narrowed(talk.banned, wanted))
        else:
            self.panel.say("Asking the server…")
        if self._card is not None:
            member = self._member(self._card.subject.user)
            if member is None:
                self._card.close()
            else:
                self._card.show(self._subject(talk, member))

    def _reader(self) -> Reader:
        model = self._model
        return Reader(model.me, model.presence_known, model.people, datetime.now(self._tz))

    def _member(self, user: str) -> Member | None:
        talk = self._desk.current
        found = talk.roster if talk is not None else {}
        return found.get(user) or next((who for name, who in found.items() if name_key(name) == name_key(user)), None)

    def _invite(self) -> None:
        talk = self._desk.current
        if talk is not None:
            self._desk.invite_to(talk)

    def _unban(self, user: str) -> None:
        talk = self._desk.current
        if talk is not None:
            question = f"Let {user} back into {talk.name}?"
            way = "An invitation brings them in." if talk.private else f"{user} can then join it again."
            lift = Confirm(
                self._overlay,
                self._look,
                question,
                way,
                "Lift the ban",
                "Cancel",
                lambda: self._deeds.unban(talk.name, user),
            )
            self._overlay.show(lift)

    # --- the card -------------------------------------------------------------------------------------------

    def show_card(self, user: str) -> None:
        """Open the card of a member of this room."""
        talk, member = self._desk.current, self._member(user)
        if talk is None or member is None:
            return
        root = self._overlay.root
        top = self.panel.winfo_rooty() - root.winfo_rooty() + self.panel.top_of(member.user)
        actions = card.Actions(
            message=lambda: self._desk.message(member.user),
            mention=lambda: self._mention(member.user),
            step=lambda step: self._step(talk.name, member.user, step),
            mute=lambda minutes: self._deeds.mute(talk.name, member.user, minutes),
            closed=self._card_closed,
        )
        anchor = Anchor(self.panel.winfo_rootx() - root.winfo_rootx(), top)
        made = Card(self._overlay, self._look, self._subject(talk, member), anchor, actions)
        self._overlay.show(made)
        self._card = made
        self.panel.open_at(member.user)

    def _card_closed(self) -> None:
        self._card = None
        if self.panel.winfo_exists():
            self.panel.open_at("")

    def _mention(self, user: str) -> None:
        if self._panes.covered:
            self.close()
        self._desk.mention(user)

    def _subject(self, talk: Conversation, member: Member) -> Subject:
        reader, model = self._reader(), self._model
        shown = roster.person(member, reader)
        state, word = roster.state_line(member, reader)
        return Subject(
            user=member.user,
            name=shown.display or member.user,
            role=member.role,
            state=state,
            word=word,
            note=shown.note if reader.online else "",
            muted=roster.muted_until(member, reader),
            since=roster.since(member, model.server, reader),
            room=talk.name,
            steps=roster.steps(model.rights(talk.name, member.user), member, reader),
            me=member.user == model.me,
        )

    def _step(self, room: str, user: str, step: Step) -> None:
        deeds = self._deeds
        at_once: dict[Step, Callable[[], object]] = {
            "unmute": lambda: deeds.mute(room, user, 0),
            "demote": lambda: deeds.set_role(room, user, "member"),
        }
        asked: dict[Step, tuple[str, str, str, Callable[[], object]]] = {
            "promote": (
                f"Make {user} a moderator?",
                f"{user} can then mute and remove people in {room}. Only an owner can take that back.",
                "Make moderator",
                lambda: deeds.set_role(room, user, "moderator"),
            ),
            "kick": (
                f"Remove {user} from {room}?",
                self._way_back(room, user),
                "Remove",
                lambda: deeds.kick(room, user),
            ),
            "ban": (
                f"Ban {user} from {room}?",
                f"{user} is removed and cannot come back, until you lift that here, under Banned.",
                "Ban",
                lambda: deeds.ban(room, user),
            ),
        }
        if step in at_once:
            at_once[step]()
        else:
            question, consequence, word, do = asked[step]
            self._overlay.show(Confirm(self._overlay, self._look, question, consequence, word, "Cancel", do))

    def _way_back(self, room: str, user: str) -> str:
        talk = self._model.conversations.get(room)
        if talk is not None and talk.private:
            return f"Only an invitation brings {user} back."
        return f"{user} can join it again at any time. To prevent that, ban them."
