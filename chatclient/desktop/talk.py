"""The open conversation: its parts, and everything that is done in it with messages, files and links.

It brings together what knows nothing of one another: the parts (`TalkPane`), the acts, the jumps, the files, and what
is said. Rooms, people and the rest of the window are its desk's.
"""

import tkinter as tk
from collections.abc import Callable
from typing import NamedTuple, Protocol

from chatclient.address import Address
from chatclient.conversation import Conversation
from chatclient.desktop import header, weblinks
from chatclient.desktop.acts import Acts, Means
from chatclient.desktop.asking import Asking
from chatclient.desktop.attachments import Attachments
from chatclient.desktop.composer import Doings
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.draft import Draft
from chatclient.desktop.droptarget import DropTarget
from chatclient.desktop.emojipicker import EmojiPicker
from chatclient.desktop.hover import Box
from chatclient.desktop.jumping import Jumping
from chatclient.desktop.look import Look
from chatclient.desktop.offers import Offers
from chatclient.desktop.openfile import OpenFile
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.popover import Overlay
from chatclient.desktop.spoken import Spoken
from chatclient.desktop.suggesting import Suggesting
from chatclient.desktop.takenback import TakenBack
from chatclient.desktop.talkpane import TalkPane, Uses
from chatclient.desktop.unsent import KeptDrafts
from chatclient.events import ClientEvent, Connected
from chatclient.keep import Keep
from chatclient.model import Changes, Model
from chatclient.rows import Row
from shared.errors import Refused


class Desk(Protocol):
    """What the window does for it."""

    @property
    def current(self) -> Conversation | None: ...
    def draw(self, changes: Changes) -> None: ...
    def complain(self, sentence: str) -> None: ...
    def open(self, room: str) -> None: ...
    def go_to(self, room: str, message: int = 0) -> None: ...
    def message(self, user: str) -> None: ...
    def back(self) -> None: ...
    def show_members(self) -> None: ...
    def search_messages(self) -> None: ...
    def scrolled(self, first: float) -> None: ...


class House(NamedTuple):
    """What it works with. `place` is the server, `keep` what this device remembers."""

    overlay: Overlay
    look: Look
    model: Model
    deeds: Deeds
    keep: Keep
    place: Address
    offers: Offers
    asking: Asking


class Talk:
    """`pane` holds the parts; `acts` is what is done with a message."""

    def __init__(self, master: tk.Misc, house: House, desk: Desk) -> None:
        self._house = house
        self._desk = desk
        model, deeds, look = house.model, house.deeds, house.look
        self.attachments = Attachments(master, model, deeds, lambda: self.pane.composer)
        self._jumping = Jumping(model, deeds, desk, house.asking, lambda: self.pane.view)
        self._spoken = Spoken(self, house.offers, model, deeds)
        self.pictures = Pictures(master, deeds.picture)
        self.pane = TalkPane(master, look, self._uses(), self.pictures, model.me)
        self.pane.view.bind("<Configure>", lambda _event: self._jumping.sized(), add="+")
        composer = self.pane.composer
        means = Means(house.overlay, look, model, deeds, house.keep, house.place, self._pick)
        self.acts = Acts(means, desk, self.pane.view, composer)
        self.taken = TakenBack(model, composer, self.pane.taken)
        self.kept = KeptDrafts(self.pane, house.keep, house.place.server, model.me, composer, self.taken)
        self.suggesting = Suggesting(
            house.overlay, look, composer.text, model, house.keep, house.asking, lambda: desk.current
        )
        self.files = OpenFile(house.overlay.root, look, deeds, self.pictures, self)
        self.drop = DropTarget(
            self.pane, self.pane.view, look, self.attachments.add, lambda: not self.pane.composer.closed
        )

    def _uses(self) -> Uses:
        desk, files, offers = self._desk, self.attachments, self._house.offers
        return Uses(
            header=header.Actions(
                back=desk.back,
                topic=self._on_current(offers.set_topic),
                members=desk.show_members,
                search=desk.search_messages,
                menu=lambda opener: self._on_current(lambda talk: offers.room_menu(talk, opener))(),
            ),
            composer=Doings(
                send=self._send,
                typing=self._house.deeds.typing,
                written=lambda: self.kept.soon(),
                left=lambda: self.kept.now(),
                last=lambda: self.acts.edit_last(),
                about=lambda about: self.acts.about(about),
                attach=files.choose,
                paste=files.paste,
                drop=files.drop,
                retry=files.retry,
                hindrance=files.hindrance,
                emoji=lambda opener: self._pick(opener, self.pane.composer.write),
            ),
            retry_now=self._house.deeds.retry_now,
            edge=self._jumping.edge,
            scrolled=desk.scrolled,
            link=self._follow,
            action=self._act,
            menu=lambda row, x, y: self.acts.menu(row, x, y),
            hover=lambda row, box: self.acts.hover(row, box),
            invite=self._on_current(offers.invite),
            set_topic=self._on_current(offers.set_topic),
            to_unread=self._on_current(self._to_unread),
        )

    def _on_current(self, do: Callable[[Conversation], object]) -> Callable[[], None]:
        def run() -> None:
            talk = self._desk.current
            if talk is not None:
                do(talk)

        return run

    # --- what happens ---------------------------------------------------------------------------------------

    def heard(self, event: ClientEvent) -> None:
        """An event of the client, which the model knows already."""
        self.attachments.heard(event)
        self.taken.heard(event)
        if isinstance(event, Connected):
            self.pictures.again()

    def drawn(self, changes: Changes) -> None:
        """The model changed, and the parts show it."""
        self.acts.drawn(changes)
        self._house.asking.quotes()
        self.suggesting.drawn()

    def look_at(self, talk: Conversation) -> None:
        """Another conversation is open."""
        self.acts.bar.gone()
        self.pane.view.show(talk.timeline)
        self.pane.composer.open(talk.name, f"Message {talk.title}")
        self.taken.look_at(talk.name)

    def close(self) -> None:
        """Nobody is signed in any more."""
        self.kept.close()
        self.files.close()

    def show(self, room: str, seq: int) -> None:
        """This message, wherever it stands."""
        self._jumping.to(room, seq)

    def go_to_entry(self, seq: int) -> None:
        """This entry of the open conversation; 0 for the newest."""
        talk = self._desk.current
        if talk is not None and seq:
            self._jumping.to(talk.name, seq)
        else:
            self._jumping.newest()

    def _to_unread(self, talk: Conversation) -> None:
        """Show the first unread message; have what lies before it first, where it is not there yet."""
        if talk.first_unread is not None:
            self.pane.view.goto(talk.first_unread)
        elif talk.unread_above:
            self._house.asking.older(talk, then=self._on_current(self._to_unread))

    # --- what is said ---------------------------------------------------------------------------------------

    def _send(self, draft: Draft) -> Draft | None:
        return self.acts.edited(draft) if draft.editing else self._spoken.say(draft)

    def post(self, text: str, draft: Draft) -> None:
        """Say this in the open conversation, with the files of the draft, about the message that it answers."""
        talk = self._desk.current
        if talk is not None:
            reply = draft.about.row.seq if draft.about is not None else 0
            self._house.deeds.send(talk.name, text, reply, [file.upload for file in draft.files])
            self.pane.view.to_bottom()

    def say(self, sentence: str) -> None:
        """What went well."""
        self.pane.composer.complain(sentence, fine=True)

    def complain(self, sentence: str) -> None:
        """What did not."""
        self._desk.complain(sentence)

    @property
    def current(self) -> Conversation | None:
        return self._desk.current

    def reply(self, row: Row) -> None:
        self.acts.reply(row)

    def go_to(self, room: str) -> None:
        self._desk.go_to(room)

    def message(self, user: str) -> None:
        self._desk.message(user)

    # --- clicks in a message --------------------------------------------------------------------------------

    def _act(self, row: Row, action: str) -> None:
        if action == "jump":
            self._jumping.to_quoted(row)
        elif not self.files.act(row, action):
            self.acts.act(row, action)

    def _follow(self, link: str) -> None:
        try:
            room, message = weblinks.follow(link, self._house.place, self._house.model)
        except Refused as refused:
            self._desk.complain(refused.message)
            return
        if room:
            self._desk.go_to(room, message)

    def _pick(self, near: tk.Misc | Box, chosen: Callable[[str], object]) -> None:
        """Choose an emoji."""
        EmojiPicker(self._house.overlay, self._house.look, self._house.keep, chosen).open(near)
