"""A list of drawn lines on one canvas: the sidebar, menus, the switcher, members.

Only the lines in sight are drawn, so a thousand rooms cost what twenty do. A line knows its height and draws itself;
the list knows where the pointer and the keyboard's cursor are, scrolls, and calls a line's command.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen

_BAR: Final = 6
_BAR_INSET: Final = 4


class Line(Protocol):
    """One line of a list."""

    @property
    def height(self) -> int: ...

    @property
    def command(self) -> Callable[[], object] | None:
        """What a click or Enter does; None for a line that cannot be chosen."""
        ...

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        """Draw it from y down. `lit`: the pointer or the keyboard is on it."""
        ...


class Label(NamedTuple):
    """Says what the lines under it are: words `left` from both edges, their middle so far `down`."""

    text: str
    left: int
    down: int
    height: int
    command: None = None

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        pen.line(self.left, y + self.down, self.text, "small_bold", "muted", ground, width=width - 2 * self.left)


def ground_of(pen: Pen, y: int, width: int, height: int, ground: str, *, here: bool, lit: bool) -> str:
    """Draw the ground of a line at the left of the window, `here` for what is open; gives its token."""
    fill = "active" if here else "hover" if lit else ground
    if fill != ground:
        pen.box(8, y, width - 16, height, 8, fill, ground)
    return fill


class Rows(Painted):
    """`show` gives it its lines. `cursor` is the line that the keyboard is on, or None.

    `ring`: how far inside the list's edges the ring runs round the line that the keyboard is on; None for a list in
    which being lit says enough, because nothing else there can have the keyboard.
    """

    def __init__(
        self, master: tk.Misc, look: Look, *, ground: str, keyboard: bool = True, ring: int | None = None
    ) -> None:
        super().__init__(master, look, ground=ground)
        self._ring = ring
        self.lines: list[Line] = []
        self.cursor: int | None = None
        self._pointer: int | None = None
        self._offset = 0
        self._pointed_at = (-1, -1)
        self.configure(takefocus=keyboard)
        self.bind("<Motion>", self._moved)
        self.bind("<Leave>", self._left)
        self.bind("<ButtonRelease-1>", self._released)
        self.bind("<FocusIn>", self._focused)
        self.bind("<FocusOut>", self._unfocused)
        for key in ("<Alt-Up>", "<Alt-Down>"):
            self.bind(key, lambda _event: None)  # the window's
        self.bind("<Up>", lambda _event: self.step(-1))
        self.bind("<Down>", lambda _event: self.step(1))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _event: self.choose())
        self.bind("<Button-4>", lambda _event: self.scroll(-48))
        self.bind("<Button-5>", lambda _event: self.scroll(48))
        self.bind("<MouseWheel>", lambda event: self.scroll(-48 if event.delta > 0 else 48))

    @property
    def total(self) -> int:
        """The height of all lines together."""
        return sum(line.height for line in self.lines)

    def show(self, lines: Sequence[Line], cursor: int | None = None) -> None:
        """Another list of lines; what is scrolled stays where it is, as far as that goes."""
        self.lines = list(lines)
        self.cursor = cursor if cursor is not None else self._fit(self.cursor)
        self._pointer = self._fit(self._pointer)
        self._clamp()
        self.repaint()

    def _fit(self, index: int | None) -> int | None:
        return index if index is not None and index < len(self.lines) else None

    # --- moving ---------------------------------------------------------------------------------------------

    def step(self, step: int) -> str:
        """The cursor to the next line that can be chosen, round the ends."""
        places = [index for index, line in enumerate(self.lines) if line.command is not None]
        if places:
            if self.cursor in places:
                self.cursor = places[(places.index(self.cursor) + step) % len(places)]
            else:
                self.cursor = places[0 if step > 0 else -1]
            self.see(self.cursor)
            self.repaint()
        return "break"

    def choose(self) -> str:
        """Do what the line under the cursor does."""
        if self.cursor is not None:
            self._call(self.cursor)
        return "break"

    def see(self, index: int) -> None:
        """Scroll as far as it takes to have this line in sight."""
        if not self.high:
            return  # nothing is in sight yet
        top = sum(line.height for line in self.lines[:index])
        bottom = top + self.lines[index].height
        self._offset = max(min(self._offset, top), bottom - self.high)
        self._clamp()

    def top_of(self, index: int) -> int:
        """Where a line begins in the window of the list, in pixels; beyond its edges for one out of sight."""
        return sum(line.height for line in self.lines[:index]) - self._offset

    def scroll(self, pixels: int) -> str:
        before = self._offset
        self._offset += pixels
        self._clamp()
        if self._offset != before:
            self._pointer = None
            self.repaint()
        return "break"

    def _clamp(self) -> None:
        self._offset = max(0, min(self._offset, self.total - self.high))

    # --- events ---------------------------------------------------------------------------------------------

    def _at(self, y: int) -> int | None:
        top = -self._offset
        for index, line in enumerate(self.lines):
            if top <= y < top + line.height:
                return index if line.command is not None else None
            top += line.height
        return None

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        if (event.x_root, event.y_root) == self._pointed_at:
            return  # the list came under a pointer that rests: what the keyboard chose stays chosen
        self._pointed_at = (event.x_root, event.y_root)
        self._point(self._at(event.y))

    def _left(self, _event: "tk.Event[tk.Misc]") -> None:
        self._point(None)

    def _point(self, index: int | None) -> None:
        if index != self._pointer:
            self._pointer = index
            self.configure(cursor="arrow" if index is None else "hand2")
            self.repaint()

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        index = self._at(event.y) if 0 <= event.x < self.wide else None
        if index is not None:
            self._call(index)

    def _call(self, index: int) -> None:
        command = self.lines[index].command
        if command is not None:
            command()

    def _focused(self, _event: "tk.Event[tk.Misc]") -> None:
        if self.cursor is None:
            self.step(1)

    def _unfocused(self, _event: "tk.Event[tk.Misc]") -> None:
        self.cursor = None
        self.repaint()

    # --- drawing --------------------------------------------------------------------------------------------

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        super()._resized(event)
        self._clamp()

    def paint(self) -> None:
        y = -self._offset
        for index, line in enumerate(self.lines):
            if y + line.height > 0 and y < self.high:
                line.draw(self.pen, y, self.wide, self.ground, index in (self.cursor, self._pointer))
                if self._ring is not None and index == self.cursor:
                    self.pen.outline(self._ring, y, self.wide - 2 * self._ring, line.height, 8, "accent", 2)
            y += line.height
        total = self.total
        if total > self.high:
            height = max(24, self.high * self.high // total)
            top = (self.high - height) * self._offset // (total - self.high)
            self.pen.box(self.wide - _BAR - 2, top, _BAR, height, 3, "thumb", self.ground)
