"""What stands in the composer over its text: which message is edited or replied to, and the x that leaves it."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import IconButton
from chatclient.desktop.draft import About
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Pen
from chatclient.desktop.theme import colour_index

_EDIT: Final = 40
_REPLY: Final = 56
_SIDE: Final = 15
_ICON: Final = 16
_X: Final = 32


class Above:
    """`show` gives it the message; the composer lets it `paint` on itself, `tall` pixels high."""

    def __init__(self, composer: tk.Misc, look: Look, leave: Callable[[], object]) -> None:
        self._about: About | None = None
        self._x = IconButton(composer, look, "x", leave, ground="input", size=_X, ring=0, glyph=_ICON)
        self._x.configure(takefocus=0)  # Esc does it

    def show(self, about: About | None) -> None:
        self._about = about
        if about is None:
            self._x.place_forget()

    @property
    def tall(self) -> int:
        """0 where there is nothing to show."""
        if self._about is None:
            return 0
        return _EDIT if self._about.doing == "edit" else _REPLY

    def paint(self, pen: Pen, left: int, top: int, width: int) -> None:
        """Within the composer's box, at its upper edge."""
        if self._about is None:
            return
        middle, end = top + self.tall // 2, left + width - 8 - _X
        pen.rectangle(left + 2, top + self.tall - 1, width - 4, 1, "border")
        self._x.place(x=end, y=middle - _X // 2)
        x = left + _SIDE + _ICON + 10
        if self._about.doing == "edit":
            self._editing(pen, self._about, x, middle, end - 10)
        else:
            self._replying(pen, self._about, x, middle, end - 10)
        icon = "edit" if self._about.doing == "edit" else "reply"
        pen.icon(icon, left + _SIDE + _ICON // 2, middle, _ICON, "link", "input")

    def _editing(self, pen: Pen, about: About, x: int, middle: int, right: int) -> None:
        end = pen.line(x, middle, "Editing your message", "small_semibold", "link", "input")
        right = pen.line_end(right, middle, "Esc Cancel", "small", "muted", "input") - 10
        if right > end + 60:
            pen.line(end + 10, middle, f"from {about.row.clock}", "small", "muted", "input", width=right - end - 10)

    def _replying(self, pen: Pen, about: About, x: int, middle: int, right: int) -> None:
        row = about.row
        pen.box(x, middle - 18, 3, 36, 1, "accent", "input")
        name, left = f"name{colour_index(row.user)}", x + 13
        pen.line(left, middle - 8, row.name or row.user, "small_bold", name, "input", width=right - left)
        pen.line(left, middle + 8, about.words, "small", "muted", "input", width=right - left)
