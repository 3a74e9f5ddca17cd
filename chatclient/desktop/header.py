"""The strip over the conversation: what room this is, its topic, how many are in it, and what can be done here."""

import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.desktop.controls import RING, IconButton, Press
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 56


class Heading(NamedTuple):
    """What the header says. No `icon`: a direct conversation, with the picture of a `person` and the mark of their
    `presence`. `members` 0: not known, or direct."""

    title: str
    topic: str
    icon: str
    members: int
    can_set_topic: bool
    person: str = ""
    presence: str = ""


class Actions(NamedTuple):
    """What the header's parts do. The menus are given the widget that they belong to."""

    back: Callable[[], object]
    topic: Callable[[], object]
    members: Callable[[], object]
    search: Callable[[], object]
    menu: Callable[[tk.Misc], object]


class Header(Painted):
    """`show` gives it its room; `narrow` turns on the way back to the rooms, with what waits there.

    Narrow it has no room for the topic, the members' button and the search's: the number of members stands in the
    topic's place, and the menu leads to all of them.
    """

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master, look, ground="conv", height=HEIGHT)
        self._heading = Heading("", "", "", 0, False)
        self._narrow = False
        self._waiting = 0
        self._actions = actions
        self._topic_end = 0
        self._back = IconButton(self, look, "arrow-left", actions.back, ground="conv", ink="text")
        self._members = MembersPill(self, look, actions.members)
        self._search = IconButton(self, look, "search", actions.search, ground="conv")
        self._menu = IconButton(self, look, "more", lambda: actions.menu(self._menu), ground="conv")
        self.bind("<ButtonRelease-1>", self._clicked)
        self.bind("<Motion>", self._moved)

    @property
    def heading(self) -> Heading:
        return self._heading

    def show(self, heading: Heading) -> None:
        if heading != self._heading:
            self._heading = heading
            self.repaint()

    def members_shown(self, shown: bool) -> None:
        """Whether their list stands open."""
        self._members.turn(shown)

    def narrow(self, narrow: bool, waiting: int) -> None:
        """`waiting`: mentions and direct messages in other rooms."""
        if (narrow, waiting) != (self._narrow, self._waiting):
            self._narrow, self._waiting = narrow, waiting
            self.repaint()

    def _in_topic(self, event: "tk.Event[tk.Misc]") -> bool:
        return (
            self._heading.can_set_topic
            and not self._narrow
            and 29 <= event.y < 48
            and self._text_left() <= event.x < self._topic_end
        )

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        self.configure(cursor="hand2" if self._in_topic(event) else "arrow")

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        if self._in_topic(event):
            self._actions.topic()

    def _text_left(self) -> int:
        if not self._narrow:
            return 52 if self._heading.icon else 62
        return 44 + (self._badge_width() if self._waiting else 0)

    def _badge_width(self) -> int:
        return max(20, self.pen.width(str(self._waiting), "small_bold") + 12) + 4

    def paint(self) -> None:
        pen, heading = self.pen, self._heading
        pen.rectangle(0, HEIGHT - 1, self.wide, 1, "border")
        right = self.wide - 14
        if self._narrow:
            right = self.wide - 8
            self._back.place(x=0, y=12 - RING)
            if self._waiting:
                pen.badge(36 + self._badge_width() - 4, 28, self._waiting, "conv", accent=True)
        else:
            self._back.place_forget()
        self._menu.place(x=right - 32 - RING, y=12 - RING)
        right -= 42
        if self._narrow:
            self._search.place_forget()
        else:
            self._search.place(x=right - 32 - RING, y=12 - RING)
            right -= 42
        if heading.members and not self._narrow:
            self._members.show(heading.members)
            width = self._members.winfo_reqwidth()
            self._members.place(x=right - width + RING, y=12 - RING)
            right -= width - 2 * RING + 10
        else:
            self._members.place_forget()
        self._paint_text(right)

    def _paint_text(self, right: int) -> None:
        pen, heading, left = self.pen, self._heading, self._text_left()
        title_left = left
        if not heading.icon:
            left += 42 if self._narrow else 0
            pen.avatar(heading.person, left - 42, 12, 32, "conv", presence=heading.presence)
            title_left = left
        elif self._narrow:
            pen.icon(heading.icon, left + 8, 19, 16, "muted", "conv")
            title_left = left + 20
        else:
            pen.icon(heading.icon, 32, 28, 20, "muted", "conv")
        pen.line(title_left, 19, heading.title, "title", "text", width=right - title_left)
        below = heading.topic
        if self._narrow and heading.members:
            below = "1 member" if heading.members == 1 else f"{heading.members:,} members"
        self._topic_end = pen.line(left, 38, below, "small", "muted", width=right - left)


class MembersPill(Press):
    """The number of members; opens the list of them."""

    def __init__(self, master: tk.Misc, look: Look, command: Callable[[], object]) -> None:
        self._count = 0
        self._on = False
        super().__init__(master, look, ground="conv", width=63, height=32, command=command)

    def show(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.configure(width=10 + 20 + 6 + self.pen.width(f"{count:,}", "button") + 10 + 2 * RING)
            self.repaint()

    def turn(self, on: bool) -> None:
        """What it opens stands open, or does not."""
        if on != self._on:
            self._on = on
            self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        fill = "active" if self._on else "hover" if self.hovered else "input"
        ink = "link" if self._on else "muted"
        self.pen.box(x, y, width, height, 10, fill, "conv")
        self.pen.icon("users", x + 20, y + 16, 20, ink, fill)
        self.pen.line(x + 36, y + 16, f"{self._count:,}", "button", ink, fill)
