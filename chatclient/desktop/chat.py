"""The window after the sign-in: rooms at the left, the conversation at the right, and what goes between them.

It owns the model. Events of the client are folded into it, and what they changed is drawn again and nothing else;
what the person does goes out through `Deeds` and comes back as events. Under 720 pixels the window shows the rooms
or the conversation, one at a time.
"""

import time
import tkinter as tk
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import singledispatchmethod
from typing import Final, NamedTuple

from chatclient.conversation import Conversation
from chatclient.desktop import captions, header, sidebar
from chatclient.desktop.asking import Asking
from chatclient.desktop.banner import Banner
from chatclient.desktop.composer import Composer
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.empty import Empty, beginning_of
from chatclient.desktop.header import Header
from chatclient.desktop.look import Look
from chatclient.desktop.offers import Offers
from chatclient.desktop.panel import Panel
from chatclient.desktop.popover import Overlay
from chatclient.desktop.sidebar import Sidebar
from chatclient.desktop.spoken import Spoken
from chatclient.events import ClientEvent, Connected, Failed
from chatclient.model import Changes, Model
from chatclient.rows import Row
from shared.protocol import Member, RoomInfo
from shared.rules import LOBBY

NARROW: Final = 720


class Outside(NamedTuple):
    """What the window does beyond the conversation."""

    title: Callable[[str], object]
    theme_menu: Callable[[tk.Misc], object]
    another_server: Callable[[], object]


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
        self._place = place
        self._tz = tz
        self._visited: list[str] = []
        self._expected = ""
        self._narrow = False
        self._rooms_shown = False
        self._asking = Asking(model, deeds, self.draw, self.complain)
        self.offers = Offers(overlay, look, model, deeds, self)
        self._build()
        self.on("<Configure>", self._resized)

    def _build(self) -> None:
        look = self.look
        self.sidebar = Sidebar(
            self,
            look,
            sidebar.Actions(add=self.offers.add_menu, jump=self.switcher, theme=self._outside.theme_menu),
        )
        self._edge = Panel(self, "border", width=1)
        self._talk = Panel(self, "conv")
        self.header = Header(
            self._talk,
            look,
            header.Actions(
                back=self.back,
                topic=lambda: self._with_current(self.offers.set_topic),
                members=lambda opener: self._with_current(lambda talk: self.offers.members(talk, opener)),
                menu=lambda opener: self._with_current(lambda talk: self.offers.room_menu(talk, opener)),
            ),
        )
        self.banner = Banner(self._talk, look, now=time.time, retry=self._deeds.retry_now)
        self.view = ConversationView(
            self._talk,
            look.theme,
            look.art,
            on_edge=lambda: self._with_current(self._asking.older),
            on_link=open_link,
            on_action=self._act,
        )
        self.empty = Empty(
            self._talk,
            look,
            invite=lambda: self._with_current(self.offers.invite),
            set_topic=lambda: self._with_current(self.offers.set_topic),
        )
        self.composer = Composer(self._talk, look, Spoken(self, self.offers, self.model, self._deeds).say)
        self.header.pack(side="top", fill="x")
        self.composer.pack(side="bottom", fill="x")
        self.view.pack(side="top", fill="both", expand=True)

    # --- events of the client -------------------------------------------------------------------------------

    def deliver(self, events: Sequence[ClientEvent]) -> None:
        """Fold what happened and draw what it changed."""
        changes = self.model.apply_all(events, time.time())
        for event in events:
            self._notice(event)
        self.draw(changes)
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
        """Draw again what changed."""
        current = self.model.current
        rows = changes.timelines.get(current or "")
        if rows:
            self.view.changed(rows)
            self._show_empty()
        if changes.sidebar or changes.link:
            self._show_sidebar()
        if changes.link:
            self._show_link()
        if current in changes.header or changes.link:
            self._show_header()
        for room, seq in changes.read.items():
            self._deeds.read(room, seq)

    def _show_link(self) -> None:
        link = self.model.link
        if link.state == "offline":
            if not self.banner.winfo_manager():
                self.banner.pack(side="top", fill="x", after=self.header)
            self.banner.show(self.model.server, link.retry_at)
        elif self.banner.winfo_manager():
            self.banner.rest()
            self.banner.pack_forget()

    def _show_sidebar(self) -> None:
        model = self.model
        here = None if self._narrow else model.current
        self.sidebar.show(captions.state(model, self._place))
        self.sidebar.show_lists(
            captions.rooms(model, here, self._opener),
            captions.directs(model, here, self._opener, datetime.now(self._tz)),
        )
        self.header.narrow(self._narrow, captions.waiting_elsewhere(model))
        self._outside.title(captions.title(model))

    def _opener(self, room: str) -> Callable[[], object]:
        return _Opener(self, room)

    def _show_header(self) -> None:
        talk = self.current
        if talk is not None:
            self.header.show(captions.heading(talk))
            self.composer.hint(captions.hint(self.model, talk))

    def _show_empty(self) -> None:
        talk = self.current
        beginning = beginning_of(talk, self.model.me) if talk is not None else None
        if beginning:
            self.empty.show(beginning)
            self.empty.place(in_=self.view, x=0, y=0, relwidth=1, relheight=1)
        else:
            self.empty.place_forget()

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
        changes = self.model.open(room)
        if talk.title in self._visited:
            self._visited.remove(talk.title)
        self._visited.insert(0, talk.title)
        self.composer.open(room, f"Message {talk.title}")
        self.view.show(talk.timeline)
        self.draw(changes._replace(timelines={}, sidebar=True, header={room}))
        self._show_empty()
        self.sidebar.see_here()
        self._asking.opened(talk)
        if self._narrow:
            self._rooms_shown = False
            self._arrange()
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
        """From the conversation to the rooms, where only one of them is in sight."""
        if self._narrow and not self._rooms_shown:
            self._rooms_shown = True
            self._arrange()
            self.sidebar.rows.focus_set()

    def another_server(self) -> None:
        self._outside.another_server()

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
            self.draw(self.model.focus(focused))

    def repaint(self) -> None:
        """The theme changed: what has no `repaint` of its own."""
        self.view.set_theme(self.look.theme)

    def ground_at(self, x: int, y: int) -> str:
        """What a popover's corner stands on."""
        side = self._rooms_shown if self._narrow else x < sidebar.WIDTH
        return "side" if side else "conv"

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        narrow = event.width < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self._rooms_shown = False
            self.composer.margin(12 if narrow else 20)
            self._show_sidebar()
        self._arrange()

    def _arrange(self) -> None:
        rooms = not self._narrow or self._rooms_shown
        talk = not self._narrow or not self._rooms_shown
        left = 0 if self._narrow else sidebar.WIDTH + 1
        if rooms:
            width = self.winfo_width() if self._narrow else sidebar.WIDTH
            self.sidebar.put(x=0, y=0, width=width, relheight=1)
            self._edge.put(x=sidebar.WIDTH, y=0, width=1, relheight=1)
        if talk:
            self._talk.put(x=left, y=0, relwidth=1, width=-left, relheight=1)
        for part, shown in ((self.sidebar, rooms), (self._edge, not self._narrow), (self._talk, talk)):
            if not shown:
                tk.Place.place_forget(part)


@dataclass(frozen=True)
class _Opener:
    """Opens one room. Equal for equal rooms, so that a list of rows can be compared with the one before."""

    chat: Chat
    room: str

    def __call__(self) -> None:
        self.chat.open(self.room)


def open_link(address: str) -> None:
    """Hand a link of the web to the browser, and nothing else to anything."""
    if address.startswith(("https://", "http://")):
        webbrowser.open(address)
