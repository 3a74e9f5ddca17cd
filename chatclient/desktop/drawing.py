"""What of a model is drawn where, and again when: the link between `Changes` and the parts of the window.

It changes no model. Each part compares what it is shown with what it shows, so that saying it twice costs nothing.
"""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from chatclient.conversation import Conversation
from chatclient.desktop import captions
from chatclient.desktop.banner import Banner
from chatclient.desktop.composer import Composer
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.empty import Empty, beginning_of
from chatclient.desktop.header import Header
from chatclient.desktop.sidebar import Sidebar
from chatclient.desktop.typingline import TypingLine
from chatclient.desktop.unreadbar import UnreadBar
from chatclient.model import Changes, Model


class Parts(NamedTuple):
    """What there is to draw on."""

    sidebar: Sidebar
    header: Header
    banner: Banner
    unread: UnreadBar
    view: ConversationView
    empty: Empty
    typing: TypingLine
    composer: Composer


class Drawing:
    """`narrow`: one thing at a time is in sight. `levels`: what is told of which room, where it differs.

    place    how the server is called while it has not said its name
    open_    what a click on a room does
    title    shows the window's title; the number in it is that of its icon
    """

    def __init__(
        self,
        model: Model,
        parts: Parts,
        *,
        place: str,
        tz: tzinfo,
        open_: Callable[[str], object],
        title: Callable[[str], object],
        levels: Callable[[], Mapping[str, str]],
    ) -> None:
        self._model = model
        self._parts = parts
        self._place = place
        self._tz = tz
        self._open = open_
        self._title = title
        self._levels = levels
        self._count = 0
        self._reached: str | None = None
        self.narrow = False

    @property
    def _current(self) -> Conversation | None:
        return self._model.conversations.get(self._model.current or "")

    def draw(self, changes: Changes) -> None:
        """Draw again what changed."""
        current = self._model.current or ""
        rows = changes.timelines.get(current)
        if rows:
            self._parts.view.changed(rows)
            self.empty()
        if rows or current in changes.seen or changes.people:
            self.seen()
        if changes.sidebar or changes.link or changes.people:
            self.sidebar()
        if changes.link:
            self._link()
        if current in changes.header or changes.link or changes.people:
            self.header()
        if current in changes.typing or changes.link:
            self.typing()
        if rows:
            self.unread()

    def opened(self) -> None:
        """Another conversation is looked at."""
        self._reached = None
        self.empty()
        self.seen()
        self.typing()
        self.unread()

    def sidebar(self) -> None:
        model, parts = self._model, self._parts
        here = None if self.narrow else model.current
        levels = self._levels()
        parts.sidebar.show(captions.state(model, self._place))
        parts.sidebar.show_lists(
            captions.rooms(model, here, levels, self._opener),
            captions.directs(model, here, levels, self._opener, datetime.now(self._tz)),
        )
        parts.header.narrow(self.narrow, captions.waiting_elsewhere(model))
        self._title(captions.title(model))

    def _opener(self, room: str) -> Callable[[], object]:
        return _Opener(self._open, room)

    def _link(self) -> None:
        link, banner = self._model.link, self._parts.banner
        if link.state == "offline":
            if not banner.winfo_manager():
                banner.pack(side="top", fill="x", after=self._parts.header)
            banner.show(self._model.server, link.retry_at)
        elif banner.winfo_manager():
            banner.rest()
            banner.pack_forget()

    def header(self) -> None:
        talk = self._current
        if talk is not None:
            self._parts.header.show(captions.heading(self._model, talk))
            self._parts.composer.close(talk.muted_until is not None)
            self._parts.composer.hint(captions.hint(self._model, talk, datetime.now(self._tz)))

    def empty(self) -> None:
        talk, empty = self._current, self._parts.empty
        beginning = beginning_of(talk, self._model.me) if talk is not None else None
        if beginning:
            empty.show(beginning)
            tk.Place.place_configure(empty, in_=self._parts.view, x=0, y=0, relwidth=1, relheight=1)
        else:
            empty.place_forget()

    def typing(self) -> None:
        """Who is writing in the open conversation; the line is there while anybody is."""
        model, line = self._model, self._parts.typing
        people = [(name, model.name_of(name)) for name in model.typing(model.current)] if model.current else []
        line.show(people)
        if people and not line.winfo_manager():
            line.pack(side="bottom", fill="x", after=self._parts.composer)
        elif not people and line.winfo_manager():
            line.pack_forget()

    def seen(self) -> None:
        """Who has read the newest message of mine in the open conversation."""
        talk = self._current
        if talk is None or talk.seen_row is None:
            self._parts.view.seen("", "")
            return
        names = [self._model.name_of(name) for name in talk.seen_by]
        self._parts.view.seen(talk.seen_row, captions.seen(talk.direct, names))

    # --- the first unread message -----------------------------------------------------------------------------

    def counted(self, unread: int) -> None:
        """So many were unread when the reader began to look at the conversation, or came back to it."""
        self._count = unread

    def unread(self, first: float | None = None) -> None:
        """Offer the way to the first unread message while it is further up than what is in sight and was.

        `first` is the row at the upper edge, where that moved.
        """
        talk, bar, view = self._current, self._parts.unread, self._parts.view
        if talk is None:
            bar.pack_forget()
            return
        if first is None:
            first = next((live.index for live in view.live if live.bottom > view.top), 0)
        line = talk.timeline.unread_index
        if line is not None and first <= line and self._model.focused:
            self._reached = talk.first_unread
        above = talk.unread_above or (line is not None and first > line and talk.first_unread != self._reached)
        if above and self._count:
            bar.show(self._count)
            if not bar.winfo_manager():
                tk.Pack.pack_configure(bar, side="top", fill="x", before=view)
        elif bar.winfo_manager():
            bar.pack_forget()


@dataclass(frozen=True)
class _Opener:
    """Opens one room. Equal for equal rooms, so that a list of rows can be compared with the one before."""

    open_: Callable[[str], object]
    room: str

    def __call__(self) -> None:
        self.open_(self.room)
