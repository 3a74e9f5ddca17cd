"""The window after the sign-in: rooms at the left, the conversation at the right, and what goes between them.

It owns the model. Events of the client are folded into it, and what they changed is drawn again and nothing else;
what the person does goes out through `Deeds` and comes back as events. Under 720 pixels the window shows the rooms
or the conversation, one at a time.
"""

import time
import tkinter as tk
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import singledispatchmethod
from typing import NamedTuple

from chatclient.conversation import Conversation
from chatclient.desktop import header, sidebar
from chatclient.desktop.asking import Asking
from chatclient.desktop.banner import Banner
from chatclient.desktop.beside import Beside
from chatclient.desktop.composer import Composer
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.drawing import Drawing, Parts
from chatclient.desktop.empty import Empty
from chatclient.desktop.header import Header
from chatclient.desktop.invite_link import Clock
from chatclient.desktop.look import Look
from chatclient.desktop.offers import Offers
from chatclient.desktop.panel import Panel
from chatclient.desktop.panes import Panes
from chatclient.desktop.popover import Overlay
from chatclient.desktop.sidebar import Sidebar
from chatclient.desktop.spoken import Spoken
from chatclient.desktop.typingline import TypingLine
from chatclient.desktop.unreadbar import UnreadBar
from chatclient.events import ClientEvent, Connected, Failed
from chatclient.model import Changes, Model
from chatclient.rows import Row
from shared.protocol import Member, RoomInfo
from shared.rules import LOBBY


class Outside(NamedTuple):
    """What the window does beyond the conversation."""

    title: Callable[[str], object]
    theme_menu: Callable[[tk.Misc], object]
    another_server: Callable[[], object]
    oneself: Callable[[tk.Misc], object]
    heard: Callable[[Sequence[ClientEvent]], object]  # by the model too, and drawn
    levels: Callable[[], Mapping[str, str]]  # of rooms of which other things are told than of the rest
    level_menu: Callable[[Conversation, tk.Misc], object]


class Chat(Panel):
    """`deliver` takes what the bridge brings. `place` is how the server is called while it has not said its name."""

    def __init__(
        self, overlay: Overlay, look: Look, model: Model, deeds: Deeds, outside: Outside, *, place: str, tz: tzinfo
    ) -> None:
        super().__init__(overlay.root, "conv")
        self.look = look
        self.model = model
        self._deeds = deeds
        self._outside = outside
        self._visited: list[str] = []
        self._expected = ""
        self._due: str | None = None
        self._asking = Asking(model, deeds, self.draw, self.complain)
        self.offers = Offers(overlay, look, model, deeds, self, Clock(time.time, tz))
        self.drawing = Drawing(
            model,
            self._build(),
            place=place,
            tz=tz,
            open_=self.open,
            title=outside.title,
            levels=outside.levels,
        )
        self.beside = Beside(self, overlay, look, model, deeds, self, self._panes, tz)
        self.on("<Configure>", self._resized)

    def _build(self) -> Parts:
        look = self.look
        self.sidebar = Sidebar(
            self,
            look,
            sidebar.Actions(
                add=self.offers.add_menu,
                jump=self.switcher,
                theme=self._outside.theme_menu,
                oneself=self._outside.oneself,
            ),
        )
        self._talk = Panel(self, "conv")
        self._panes = Panes(self, self.sidebar, self._talk)
        self.header = Header(
            self._talk,
            look,
            header.Actions(
                back=self.back,
                topic=lambda: self._with_current(self.offers.set_topic),
                members=self.show_members,
                menu=lambda opener: self._with_current(lambda talk: self.offers.room_menu(talk, opener)),
            ),
        )
        self.banner = Banner(self._talk, look, now=time.time, retry=self._deeds.retry_now)
        self.view = ConversationView(
            self._talk,
            look.theme,
            look.art,
            on_edge=lambda: self._with_current(self._asking.older),
            on_scroll=lambda first, _last, _count: self.drawing.unread(first),
            on_link=open_link,
            on_action=self._act,
        )
        self.empty = Empty(
            self._talk,
            look,
            invite=lambda: self._with_current(self.offers.invite),
            set_topic=lambda: self._with_current(self.offers.set_topic),
        )
        spoken = Spoken(self, self.offers, self.model, self._deeds)
        self.composer = Composer(self._talk, look, spoken.say, on_type=self._deeds.typing)
        self.typing = TypingLine(self._talk, look)
        self.unread = UnreadBar(self._talk, look, lambda: self._with_current(self._to_unread))
        self.header.pack(side="top", fill="x")
        self.composer.pack(side="bottom", fill="x")
        self.view.pack(side="top", fill="both", expand=True)
        return Parts(
            self.sidebar, self.header, self.banner, self.unread, self.view, self.empty, self.typing, self.composer
        )

    # --- events of the client -------------------------------------------------------------------------------

    def deliver(self, events: Sequence[ClientEvent]) -> None:
        """Fold what happened and draw what it changed."""
        changes = self.model.apply_all(events, time.time())
        for event in events:
            self._notice(event)
        self.draw(changes)
        self._outside.heard(events)
        if self._expected in self.model.conversations:
            room, self._expected = self._expected, ""
            self.offers.stands()
            self.open(room)
        if self.model.current is None:
            self._open_first()

    @singledispatchmethod
    def _notice(self, event: ClientEvent) -> None:
        """What an event means beyond the model."""

    @_notice.register
    def _(self, event: Connected) -> None:
        self._asking.signed_in(event.fresh)
        self.beside.signed_in()
        self._with_current(self._asking.opened)

    @_notice.register
    def _(self, event: Failed) -> None:
        if event.kind == "post":
            return  # its row says so
        if event.room == self._expected:
            self._expected = ""
        if event.kind != "create" or not self.offers.refused(event.room, event.code, event.message):
            self.complain(event.message)

    def draw(self, changes: Changes) -> None:
        """Draw again what changed, tell what was read, and come back when the model has something to do by itself."""
        self.drawing.draw(changes)
        self.beside.drawn(changes)
        self.offers.drawn(changes)
        for room, seq in changes.read.items():
            self._deeds.read(room, seq)
        for sentence in changes.news:
            self.complain(sentence)
        if self._due is not None:
            self.after_cancel(self._due)
            self._due = None
        if self.model.due is not None:
            self._due = self.after(max(1, int((self.model.due - time.time()) * 1000) + 1), self._tick)

    def _tick(self) -> None:
        self._due = None
        self.draw(self.model.tick(time.time()))

    def destroy(self) -> None:
        if self._due is not None:
            self.after_cancel(self._due)
        super().destroy()

    # --- moving about ---------------------------------------------------------------------------------------

    @property
    def current(self) -> Conversation | None:
        return self.model.conversations.get(self.model.current or "")

    def _with_current(self, do: Callable[[Conversation], object]) -> None:
        talk = self.current
        if talk is not None:
            do(talk)

    def open(self, room: str) -> None:
        """Look at this conversation, which is in the list."""
        talk = self.model.conversations[room]
        self.drawing.counted(talk.unread)
        changes = self.model.open(room)
        if talk.title in self._visited:
            self._visited.remove(talk.title)
        self._visited.insert(0, talk.title)
        self.composer.open(room, f"Message {talk.title}")
        self.view.show(talk.timeline)
        self.draw(changes._replace(timelines={}, sidebar=True, header={room}))
        self.drawing.opened()
        self.beside.room_changed()
        self.sidebar.see_here()
        self._asking.opened(talk)
        self._panes.turn_to(rooms=False)
        self.composer.focus_in()

    def _open_first(self) -> None:
        names = [talk.name for talk in (*self.model.rooms(), *self.model.directs())]
        if names:
            self.open(LOBBY if LOBBY in names else names[0])
        else:
            self.view.show(None)

    def go_to(self, room: str) -> None:
        """Look at this room; join it first where that is needed."""
        if room in self.model.conversations:
            self.open(room)
        else:
            self.expect(room)
            self._deeds.join(room)

    def expect(self, room: str) -> None:
        """Open this room as soon as it is there."""
        self._expected = room

    def message(self, user: str) -> None:
        """Open the direct conversation with this person."""
        self.open(self.model.direct_with(user).name)

    def _to_unread(self, talk: Conversation) -> None:
        """Show the first unread message; have what lies before it first, where it is not there yet."""
        if talk.first_unread is not None:
            self.view.goto(talk.first_unread)
        elif talk.unread_above:
            self._asking.older(talk, then=lambda: self._with_current(self._to_unread))

    def step(self, step: int, *, unread: bool = False) -> None:
        """The conversation `step` further in the list, round its ends; of those with unread messages."""
        talks = [*self.model.rooms(), *self.model.directs()]
        names = [talk.name for talk in talks]
        here = names.index(self.model.current) if self.model.current in names else -1 if step > 0 else 0
        for distance in range(1, len(talks) + 1):
            talk = talks[(here + step * distance) % len(talks)]
            if talk.name != self.model.current and (talk.unread or not unread):
                self.open(talk.name)
                return

    def switcher(self) -> None:
        self.offers.switcher(tuple(self._visited))

    def back(self) -> None:
        """From the members to the conversation, and from that to the rooms, where only one of them is in sight."""
        if self._panes.covered and not self._panes.rooms_shown:
            self.beside.close()
        elif self._panes.narrow and not self._panes.rooms_shown:
            self._panes.turn_to(rooms=True)
            self.sidebar.rows.focus_set()

    def show_members(self) -> None:
        """The panel of members at the right: open it, or close it."""
        self.beside.toggle()

    def members_shown(self, shown: bool) -> None:
        """They are, or are no more."""
        self.header.members_shown(shown)

    def mention(self, user: str) -> None:
        """Begin to speak to this person in the open room."""
        self.composer.mention(user)

    def invite_to(self, talk: Conversation) -> None:
        self.offers.invite(talk)

    def another_server(self) -> None:
        self._outside.another_server()

    def level_menu(self, talk: Conversation, opener: tk.Misc) -> None:
        self._outside.level_menu(talk, opener)

    def rooms_came(self, rooms: list[RoomInfo]) -> None:
        self._asking.rooms_came(rooms)

    def members_came(self, room: str, members: list[Member]) -> None:
        self._asking.members_came(room, members)

    # --- what is written ------------------------------------------------------------------------------------

    def complain(self, sentence: str) -> None:
        """Say over the composer what is wrong."""
        self.composer.complain(sentence)

    def say(self, text: str) -> None:
        """Say this in the open conversation."""
        self._with_current(lambda talk: self._deeds.send(talk.name, text))
        self.view.to_bottom()

    def _act(self, row: Row, action: str) -> None:
        ident = row.key.removeprefix("~")
        (self._deeds.retry if action == "retry" else self._deeds.discard)(ident)

    # --- the window -----------------------------------------------------------------------------------------

    def look_here(self, focused: bool) -> None:
        """The window got or lost the keyboard."""
        if focused != self.model.focused:
            talk = self.current
            if focused and talk is not None and talk.unread:
                self.drawing.counted(talk.unread)
            self.draw(self.model.focus(focused))
            self.drawing.unread()

    def repaint(self) -> None:
        """The theme changed: what has no `repaint` of its own."""
        self.view.set_theme(self.look.theme)

    def ground_at(self, x: int, _y: int) -> str:
        """What a popover's corner stands on."""
        return self._panes.ground_at(x)

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        if self._panes.resized(event.width):
            self.drawing.narrow = self._panes.narrow
            margin = 12 if self._panes.narrow else 20
            self.composer.margin(margin)
            self.typing.margin(margin)
            self.drawing.sidebar()
        self._panes.arrange()


def open_link(address: str) -> None:
    """Hand a link of the web to the browser, and nothing else to anything."""
    if address.startswith(("https://", "http://")):
        webbrowser.open(address)
