"""The window after the sign-in: rooms at the left, the conversation at the right, and what goes between them.

It owns the model. Events of the client are folded into it, and what they changed is drawn again and nothing else;
what the person does goes out through `Deeds` and comes back as events. Under 720 pixels the window shows the rooms
or the conversation, one at a time.
"""

import time
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import singledispatchmethod
from typing import NamedTuple

from chatclient.address import Address
from chatclient.conversation import Conversation
from chatclient.desktop import sidebar
from chatclient.desktop.asking import Asking
from chatclient.desktop.beside import Beside
from chatclient.desktop.datepicker import DatePicker
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.drawing import Drawing, Parts
from chatclient.desktop.invite_link import Clock
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.offers import Offers
from chatclient.desktop.panel import Panel
from chatclient.desktop.panes import Panes
from chatclient.desktop.popover import Overlay
from chatclient.desktop.search import Search
from chatclient.desktop.sidebar import Sidebar
from chatclient.desktop.talk import House, Talk
from chatclient.desktop.underneath import underneath
from chatclient.events import ClientEvent, Connected, Failed
from chatclient.keep import Keep
from chatclient.model import Changes, Model
from chatclient.visits import Visits
from shared.protocol import MemberList, RoomInfo

_TOLD: frozenset[str] = frozenset({"post", "edit", "delete", "react"})
"""Changes that fail where they stand: a row or the model says so."""


class Outside(NamedTuple):
    """What the window does beyond the conversation. `place` is the server, `keep` what this device remembers."""

    place: Address
    keep: Keep
    title: Callable[[str], object]
    theme_menu: Callable[[tk.Misc], object]
    another_server: Callable[[], object]
    oneself: Callable[[tk.Misc], object]
    heard: Callable[[Sequence[ClientEvent]], object]  # by the model too, and drawn
    levels: Callable[[], Mapping[str, str]]  # of rooms of which other things are told than of the rest
    level_menu: Callable[[Conversation, tk.Misc], object]
    looks: Callable[[], object]  # somebody is shown differently


class Chat(Panel):
    """`deliver` takes what the bridge brings."""

    def __init__(
        self, overlay: Overlay, look: Look, model: Model, deeds: Deeds, outside: Outside, *, tz: tzinfo
    ) -> None:
        super().__init__(overlay.root, "conv")
        self.look = look
        self.model = model
        self._overlay = overlay
        self._deeds = deeds
        self._outside = outside
        self._tz = tz
        self._due: str | None = None
        self._visits = Visits(model, self, deeds.join)
        self._asking = Asking(model, deeds, self.draw, self.complain)
        self.offers = Offers(overlay, look, model, deeds, self, Clock(time.time, tz))
        self.drawing = Drawing(
            model,
            self._build(),
            place=outside.place.short,
            tz=tz,
            open_=self.open,
            title=outside.title,
            levels=outside.levels,
        )
        self.beside = Beside(self, overlay, look, model, deeds, self, self._panes, tz)
        self.search = Search(self, overlay, look, model, deeds, self, self._panes, tz)
        self.on("<Configure>", self._resized)

    def _build(self) -> Parts:
        outside = self._outside
        self.sidebar = Sidebar(
            self,
            self.look,
            sidebar.Actions(
                add=self.offers.add_menu,
                jump=self.switcher,
                theme=outside.theme_menu,
                oneself=outside.oneself,
            ),
        )
        house = House(
            self._overlay,
            self.look,
            self.model,
            self._deeds,
            outside.keep,
            outside.place,
            self.offers,
            self._asking,
        )
        self.talk = Talk(self, house, self)
        talk = self.talk.pane
        self._panes = Panes(self, self.sidebar, talk)
        self.header, self.banner, self.view, self.empty = talk.header, talk.banner, talk.view, talk.empty
        self.composer, self.typing, self.unread = talk.composer, talk.typing, talk.unread
        return Parts(
            self.sidebar, self.header, self.banner, self.unread, self.view, self.empty, self.typing, self.composer
        )

    # --- events of the client -------------------------------------------------------------------------------

    def deliver(self, events: Sequence[ClientEvent]) -> None:
        """Fold what happened and draw what it changed."""
        changes = self.model.apply_all(events, time.time())
        for event in events:
            self._notice(event)
            self.talk.heard(event)
            self.search.heard(event)
        self.draw(changes)
        self._outside.heard(events)
        if self._visits.came():
            self.offers.stands()
        if self.model.current is None and not self._visits.begin():
            self.view.show(None)

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
        if event.kind in _TOLD:
            return
        self._visits.refused(event.room)
        if event.kind != "create" or not self.offers.refused(event.room, event.code, event.message):
            self.complain(event.message)

    def draw(self, changes: Changes) -> None:
        """Draw again what changed, tell what was read, and come back when the model has something to do by itself."""
        self.drawing.draw(changes)
        self.talk.drawn(changes)
        self.beside.drawn(changes)
        self.offers.drawn(changes)
        if changes.people:
            self._outside.looks()
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
        self.talk.close()
        self.search.destroy()
        super().destroy()

    # --- moving about ---------------------------------------------------------------------------------------

    @property
    def current(self) -> Conversation | None:
        return self._visits.current

    def _with_current(self, do: Callable[[Conversation], object]) -> None:
        talk = self.current
        if talk is not None:
            do(talk)

    def open(self, room: str) -> None:
        """Look at this conversation, which is in the list."""
        self._visits.open(room)

    def go_to(self, room: str, message: int = 0) -> None:
        """Look at this room, and at this message of it; join it first where that is needed."""
        self._visits.go_to(room, message)

    def expect(self, room: str, message: int = 0) -> None:
        """Open this room, at this message, as soon as it is there."""
        self._visits.expect(room, message)

    def step(self, step: int, *, unread: bool = False) -> None:
        """The conversation `step` further in the list, round its ends; of those with unread messages."""
        self._visits.step(step, unread=unread)

    def arrived(self, talk: Conversation, changes: Changes, unread: int) -> None:
        """This conversation is looked at from now on."""
        self.drawing.counted(unread)
        self.talk.look_at(talk)
        self.draw(changes._replace(timelines={}, sidebar=True, header={talk.name}))
        self.drawing.opened()
        self.beside.room_changed()
        self.sidebar.see_here()
        self._asking.opened(talk)
        self._panes.turn_to(rooms=False)
        self.composer.focus_in()

    def show(self, room: str, seq: int) -> None:
        """This message, wherever it stands."""
        self.talk.show(room, seq)

    def message(self, user: str) -> None:
        """Open the direct conversation with this person."""
        self.open(self.model.direct_with(user).name)

    def switcher(self) -> None:
        self.offers.switcher(self._visits.last)

    def escape(self) -> None:
        """Leave what is edited or answered; then as `back`."""
        if self.search.has_keyboard:
            self.search.close()
        elif holder(self) is self.view:
            self.view.cursor.forget()
            self.composer.focus_in()
        elif not self.composer.leave():
            self.back()

    def back(self) -> None:
        """From the members to the conversation, and from that to the rooms, where only one of them is in sight."""
        if self._panes.covered and not self._panes.rooms_shown:
            (self.search if self.search.open else self.beside).close()
        elif self._panes.narrow and not self._panes.rooms_shown:
            self._panes.turn_to(rooms=True)
            self.sidebar.rows.focus_set()

    def show_members(self) -> None:
        """The panel of members at the right: open it, or close it."""
        self.search.close()
        self.beside.toggle()

    def search_messages(self) -> None:
        """The panel of the search at the right: open it, or close it."""
        self.search.toggle()

    def pick_date(self) -> None:
        """Go to a day of the open conversation."""
        talk = self.current
        if talk is None:
            return
        rows = talk.timeline
        shown = rows.day(self.view.live[0].index) if self.view.live else datetime.now(self._tz).date()
        go = self.talk.go_to_entry
        self._overlay.show(DatePicker(self._overlay, self.look, self._deeds, talk, shown, go, self._tz))

    @property
    def searching(self) -> bool:
        """Does the search stand at the right?"""
        return self.search.open

    def beside_closed(self) -> None:
        """The search is gone: what stood there before may come back."""
        self.beside.room_changed()
        self.composer.focus_in()

    def members_shown(self, shown: bool) -> None:
        """They are, or are no more."""
        self.header.members_shown(shown)

    def mention(self, user: str) -> None:
        """Begin to speak to this person in the open room."""
        self.composer.mention(user)

    def invite_to(self, talk: Conversation) -> None:
        self.offers.invite(talk)

    def scrolled(self, first: float) -> None:
        """The conversation was: the row at its upper edge is this, with a fraction."""
        self.drawing.unread(first)

    def another_server(self) -> None:
        self._outside.another_server()

    def level_menu(self, talk: Conversation, opener: tk.Misc) -> None:
        self._outside.level_menu(talk, opener)

    def rooms_came(self, rooms: list[RoomInfo]) -> None:
        self._asking.rooms_came(rooms)

    def members_came(self, room: str, members: MemberList) -> None:
        self._asking.members_came(room, members)

    # --- what is written ------------------------------------------------------------------------------------

    def complain(self, sentence: str) -> None:
        """Say over the composer what is wrong."""
        self.composer.complain(sentence)

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

    def ground_at(self, x: int, y: int) -> str:
        """What a popover's corner stands on: a token, or the colour itself where that is a message's."""
        view = self.view
        left, top = x + self.winfo_rootx() - view.winfo_rootx(), y + self.winfo_rooty() - view.winfo_rooty()
        if view.winfo_ismapped() and 0 <= left < view.winfo_width() and 0 <= top < view.winfo_height():
            return underneath(view, left, top)
        return self._panes.ground_at(x)

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        if self._panes.resized(event.width):
            self.drawing.narrow = self._panes.narrow
            self.talk.pane.narrow(self._panes.narrow)
            self.drawing.sidebar()
        self._panes.arrange()
