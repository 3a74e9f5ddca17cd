"""The line of the record that a message is, as it stands in the file, and a button that copies it."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import Button
from chatclient.desktop.dialogs import Dialog
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen
from chatclient.desktop.popover import Overlay

_WIDTH: Final = 640
_LINE: Final = 16
_PAD: Final = 12
_MOST: Final = 18  # lines that are shown; all of it is copied
_COPIED: Final = 2_000
"""Milliseconds for which the button says so."""
_TAB: Final = "⇥"


class RecordLine(Dialog):
    """`show` gives it the line, `fail` the reason why there is none."""

    def __init__(self, overlay: Overlay, look: Look, copy: Callable[[str], object]) -> None:
        super().__init__(overlay, look, "The record line", width=_WIDTH)
        self._copy = copy
        self._timer: str | None = None
        self.line = ""
        self._shown = _Raw(self.inner, look)
        self.add(self._shown, 0)
        self.button: Button = self.finish_with("Copy", self._copied, other="Close")
        self.button.enable(False)
        self.bind("<Destroy>", lambda _event: self._rest(), add="+")

    def show(self, line: str) -> None:
        self.line = line
        self._shown.say(line, line=True)
        self.button.enable(True)
        self.button.focus_set()

    def fail(self, why: str) -> None:
        self._shown.say(why, line=False)

    def _copied(self) -> None:
        self._copy(self.line)
        self.button.say("Copied", icon="check")
        self._rest()
        self._timer = self.after(_COPIED, self._say_copy)

    def _say_copy(self) -> None:
        self._timer = None
        self.button.say("Copy", icon="")

    def _rest(self) -> None:
        if self._timer is not None:
            self.after_cancel(self._timer)
            self._timer = None


class _Raw(Painted):
    """In a fixed pitch, broken anywhere, its tabs to be seen."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="popover", height=_LINE + 2 * _PAD)
        self._text, self._line = "Asking the server…", False
        self._token = "muted"

    def say(self, text: str, *, line: bool) -> None:
        """A line of the record, or why there is none."""
        self._text, self._line, self._token = text, line, "text" if line else "danger"
        self.repaint()

    def paint(self) -> None:
        pen, room = self.pen, self.wide - 2 * _PAD
        font = "record" if self._line else "small"
        said = self._text.replace("\t", f"{_TAB} ")
        rows = _broken(pen, said, room) if self._line else pen.wrap(said, font, room)
        if len(rows) > _MOST:
            rows = [*rows[:_MOST], "…"]
        height = len(rows) * _LINE + 2 * _PAD
        if int(self.cget("height")) != height:
            self.configure(height=height)
        pen.box(0, 0, self.wide, height, 8, "quote", "popover")
        for index, row in enumerate(rows):
            pen.line(_PAD, _PAD + index * _LINE + _LINE // 2, row, font, self._token, "quote")


def _broken(pen: Pen, text: str, room: int) -> list[str]:
    """Rows of at most `room` pixels, one more than are shown at most; between words, or within one that is longer."""
    rows: list[str] = []
    row = ""
    for word in text.split(" "):
        longer = f"{row} {word}" if row else word
        while pen.width(longer, "record") > room and len(rows) <= _MOST:
            if row and pen.width(word, "record") <= room:
                rows.append(row)
                longer = word
                break
            cut = _fitting(pen, longer, room)
            rows.append(longer[:cut])
            row, word = "", longer[cut:]
            longer = word
        row = longer
        if len(rows) > _MOST:
            return rows
    return [*rows, row]


def _fitting(pen: Pen, text: str, room: int) -> int:
    """How many characters of it fit, one at least."""
    low, high = 1, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if pen.width(text[:middle], "record") <= room else (low, middle - 1)
    return low
