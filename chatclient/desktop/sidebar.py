"""The left side of the window: the server, the way to everything, rooms and direct conversations, and oneself.

It shows what it is given and reports what was pressed; it knows no model. The two lists are one virtual list.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop.controls import RING, IconButton, Press
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen
from chatclient.desktop.panel import Panel
from chatclient.desktop.rows import Label, Rows, ground_of

WIDTH: Final = 272
_TOP: Final = 64
_FOOT: Final = 64


class Room(NamedTuple):
    """A room's row. `mentions` stands before `unread`: an accent badge says that somebody means you."""

    name: str
    private: bool
    unread: int
    mentions: int
    here: bool
    muted: bool
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 36

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = ground_of(pen, y, width, 36, ground, here=self.here, lit=lit)
        pen.icon("lock" if self.private else "hash", 29, y + 18, 18, "accent" if self.here else "muted", fill)
        right = width - 20
        count = self.mentions or self.unread
        if count and not self.here:
            right = pen.badge(right, y + 18, count, fill, accent=bool(self.mentions)) - 10
        if self.muted:
            pen.icon("bell-off", right - 8, y + 18, 16, "muted", fill)
            right -= 26
        strong = self.here or self.mentions or (self.unread and not self.muted)
        font, token = ("body_bold", "text") if strong else ("body", "muted")
        pen.line(48, y + 18, self.name, font, token, fill, width=right - 48)


class Direct(NamedTuple):
    """A direct conversation's row of two lines."""

    name: str
    shown: str  # what to call them
    presence: str
    preview: str
    when: str
    unread: int
    here: bool
    muted: bool
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 52

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = ground_of(pen, y, width, 52, ground, here=self.here, lit=lit)
        pen.avatar(self.name, 16, y + 8, 36, fill, presence=self.presence)
        right = width - 20
        start = pen.line_end(right, y + 17, self.when, "tiny", "muted", fill) if self.when else right
        unread = self.unread and not self.here
        if self.muted:
            start -= 18
            pen.icon("bell-off", start + 8, y + 17, 14, "muted", fill)
        pen.line(64, y + 17, self.shown, "body_bold" if unread else "body", "text", fill, width=start - 8 - 64)
        if unread:
            right = pen.badge(right, y + 36, self.unread, fill, accent=not self.muted) - 6
        pen.line(64, y + 36, self.preview, "small", "text" if unread else "muted", fill, width=right - 64)


def _label(text: str, above: int) -> Label:
    return Label(text, 20, above + 8, above + 24)


class State(NamedTuple):
    """What stands round the lists."""

    server: str
    below: str  # under the server's name
    me: str
    shown: str  # what I am called
    presence: str
    note: str  # under one's own name


class Actions(NamedTuple):
    add: Callable[[tk.Misc], object]
    jump: Callable[[], object]
    theme: Callable[[tk.Misc], object]
    oneself: Callable[[tk.Misc], object]


class Sidebar(Panel):
    """`show` and `show_lists` say what is in it; `repaint` comes from the window when the theme changed."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master, "side", width=WIDTH)
        self._top = _Top(self, look, actions.add)
        self._top.pack(side="top", fill="x")
        _Jump(self, look, actions.jump).pack(side="top", fill="x", padx=16 - RING, pady=(0, 0))
        self.rows = Rows(self, look, ground="side", ring=8)
        self._foot = _Foot(self, look, actions)
        self._foot.pack(side="bottom", fill="x")
        self.rows.pack(side="top", fill="both", expand=True)

    def show(self, state: State) -> None:
        self._top.show(state.server, state.below)
        self._foot.show(state)

    @property
    def oneself(self) -> tk.Misc:
        """What the menu about oneself opens from."""
        return self._foot.oneself

    def show_lists(self, rooms: Sequence[Room], directs: Sequence[Direct]) -> None:
        lines: list[Label | Room | Direct] = [_label("Rooms", 24 - RING), *rooms]
        if directs:
            lines += [_label("Direct messages", 16), *directs]
        if lines != self.rows.lines:
            self.rows.show(lines)

    def see_here(self) -> None:
        """Have the open room's row in sight."""
        for index, line in enumerate(self.rows.lines):
            if getattr(line, "here", False):
                self.rows.see(index)
                self.rows.repaint()


class _Top(Painted):
    def __init__(self, master: tk.Misc, look: Look, add: Callable[[tk.Misc], object]) -> None:
        super().__init__(master, look, ground="side", height=_TOP - RING)
        self._texts = ("", "")
        self._add = IconButton(self, look, "plus", lambda: add(self._add), ground="side")

    def show(self, server: str, below: str) -> None:
        if (server, below) != self._texts:
            self._texts = (server, below)
            self.repaint()

    def paint(self) -> None:
        server, below = self._texts
        self._add.place(x=self.wide - 10 - 32 - RING, y=16 - RING)
        if server:
            self.pen.avatar(server, 16, 16, 32, "side", square=True)
        width = self.wide - 58 - 50
        self.pen.line(58, 25, server, "title", "text", "side", width=width)
        self.pen.line(58, 43, below, "small", "muted", "side", width=width)


class _Jump(Press):
    """Looks like a field and opens the switcher."""

    def __init__(self, master: tk.Misc, look: Look, command: Callable[[], object]) -> None:
        super().__init__(master, look, ground="side", width=WIDTH - 32, height=36, command=command)

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        pen, middle = self.pen, y + height // 2
        pen.box(x, y, width, height, 10, "conv", "side", "field" if self.hovered else "border")
        pen.icon("search", x + 20, middle, 16, "muted", "conv")
        pen.line(x + 36, middle, "Jump to…", "body", "muted", "conv")
        pen.line_end(x + width - 12, middle, "Ctrl K", "tiny", "muted", "conv")


class _Foot(Painted):
    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master, look, ground="side", height=_FOOT)
        self.oneself = _Oneself(self, look, lambda: actions.oneself(self.oneself))
        self._theme = IconButton(self, look, "moon", lambda: actions.theme(self._theme), ground="side")

    def show(self, state: State) -> None:
        self.oneself.show(state)

    def paint(self) -> None:
        self.pen.rectangle(0, 0, self.wide, 1, "border")
        self._theme.change("sun" if self.look.theme.name == "dark" else "moon")
        self._theme.place(x=self.wide - 10 - 32 - RING, y=17 - RING)
        self.oneself.place(x=8 - RING, y=8 - RING, width=self.wide - 8 - 46 + 2 * RING - 4)


class _Oneself(Press):
    """My picture with the mark of my state, my name, and the state in words. Opens the menu about myself."""

    radius = 8

    def __init__(self, master: tk.Misc, look: Look, command: Callable[[], object]) -> None:
        super().__init__(master, look, ground="side", width=WIDTH - 60, height=50, command=command)
        self._state = State("", "", "", "", "", "")

    def show(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        state = self._state
        fill = "hover" if self.hovered else self.ground
        if fill != self.ground:
            self.pen.box(x, y, width, height, 8, fill, self.ground)
        if state.me:
            self.pen.avatar(state.me, x + 8, y + 7, 36, fill, presence=state.presence)
        self.pen.line(x + 56, y + 17, state.shown, "body_bold", "text", fill, width=width - 60)
        self.pen.line(x + 56, y + 35, state.note, "small", "muted", fill, width=width - 60)
