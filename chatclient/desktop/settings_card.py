"""A card of the settings: a box with lines, each a sentence at the left and what changes it at the right.

The card draws everything but the controls, which stand on it. A line is as high as its words need at the width that
the card got; a click on a line that has one control does what a click on the control does.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from chatclient.desktop.controls import RING, Press
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

_PAD: Final = 17  # the line among them
_GAP: Final = 16
_LINE: Final = 20
_NOTE: Final = 16
_RADIO: Final = 18
_NARROW: Final = 480


@dataclass
class Setting:
    """One line. `before` stands left of the words (or an `icon`, or an `avatar`), `controls` right of them.

    words      pale words before the controls, with the mark of a presence where `mark` names one; they give way
               where the card is narrow and there are controls
    least      pixels that it is high at least
    """

    title: str
    note: str = ""
    before: Press | None = None
    controls: Sequence[Press] = ()
    icon: str = ""
    icon_size: int = 20
    avatar: str = ""
    avatar_size: int = 40
    square: bool = False
    tag: str = ""
    tag_icon: str = ""
    words: str = ""
    mark: str = ""
    font: str = "body"
    least: int = 56
    click: Callable[[], object] | None = None
    top: int = field(default=0, init=False)
    height: int = field(default=0, init=False)

    @property
    def presses(self) -> list[Press]:
        """Everything on it that can be pressed."""
        return [*self.controls, *([self.before] if self.before is not None else [])]


class SettingsCard(Painted):
    """`show` gives it its lines. Controls are made on the card, with `ground="card"`, and end with their line."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=58)
        self.lines: list[Setting] = []
        self.bind("<ButtonRelease-1>", self._clicked)
        self.bind("<Motion>", self._moved)

    def show(self, lines: Sequence[Setting]) -> None:
        kept = [press for line in lines for press in line.presses]
        for line in self.lines:
            for press in line.presses:
                if press not in kept:
                    press.destroy()
        self.lines = list(lines)
        self.repaint()

    # --- the pointer ----------------------------------------------------------------------------------------

    def _at(self, y: int) -> Setting | None:
        return next((line for line in self.lines if line.top <= y < line.top + line.height), None)

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        line = self._at(event.y)
        if line is not None and line.click is not None and 0 <= event.x < self.wide:
            line.click()

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        line = self._at(event.y)
        self.configure(cursor="hand2" if line is not None and line.click is not None else "arrow")

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        y = 1
        for line in self.lines:
            line.top, line.height = y, self._height(line)
            y += line.height + 1
        self.pen.box(0, 0, self.wide, y, 12, "card", "conv", "border")
        for index, line in enumerate(self.lines):
            if index:
                self.pen.rectangle(1, line.top - 1, self.wide - 2, 1, "border")
            self._paint_line(line)
        if int(self.cget("height")) != y:
            self.configure(height=y)

    def _left(self, line: Setting) -> int:
        if line.before is not None:
            return _PAD + _RADIO + _GAP
        if line.icon:
            return _PAD + line.icon_size + _GAP
        return _PAD + line.avatar_size + _GAP if line.avatar else _PAD

    def _right(self, line: Setting) -> int:
        """Where the words of the line must end."""
        right = self.wide - _PAD
        for control in line.controls:
            right -= control.winfo_reqwidth() - 2 * RING + 8
        if self._has_words(line):
            right -= self.pen.width(line.words, "small") + (20 if line.mark else 0) + 8
        return right - (8 if line.controls or self._has_words(line) else 0)

    def _has_words(self, line: Setting) -> bool:
        return bool(line.words) and (self.wide >= _NARROW or not line.controls)

    def _height(self, line: Setting) -> int:
        words = _LINE + 16
        if line.note:
            words = _LINE + 2 + _NOTE * len(self._note(line)) + 24
        return max(line.least, words, line.avatar_size + 28 if line.avatar else 0)

    def _note(self, line: Setting) -> list[str]:
        return self.pen.wrap(line.note, "small", max(80, self._right(line) - self._left(line)))

    def _paint_line(self, line: Setting) -> None:
        pen, middle = self.pen, line.top + line.height // 2
        left, right = self._left(line), self._right(line)
        if line.before is not None:
            line.before.place(x=_PAD - RING, y=middle - _RADIO // 2 - RING)
        elif line.icon:
            pen.icon(line.icon, _PAD + line.icon_size // 2, middle, line.icon_size, "muted", "card")
        elif line.avatar:
            size = line.avatar_size
            pen.avatar(line.avatar, _PAD, middle - size // 2, size, "card", square=line.square)
        notes = self._note(line) if line.note else []
        y = middle - (_LINE + (2 + _NOTE * len(notes) if notes else 0)) // 2
        room = right - left - (self._tag_width(line) + 8 if line.tag else 0)
        end = pen.line(left, y + _LINE // 2, line.title, line.font, "text", "card", width=room)
        if line.tag:
            self._tag(line, end + 8, y + _LINE // 2)
        y += _LINE + 2
        for note in notes:
            pen.line(left, y + _NOTE // 2, note, "small", "muted", "card")
            y += _NOTE
        self._place_controls(line, middle)

    def _tag_width(self, line: Setting) -> int:
        return self.pen.width(line.tag, "tag") + 12 + (15 if line.tag_icon else 0)

    def _tag(self, line: Setting, x: int, middle: int) -> None:
        pen, start = self.pen, x + 6
        pen.box(x, middle - 9, self._tag_width(line), 18, 6, "pale", "card")
        if line.tag_icon:
            pen.icon(line.tag_icon, start + 6, middle, 12, "link", "pale")
            start += 15
        pen.line(start, middle, line.tag, "tag", "link", "pale")

    def _place_controls(self, line: Setting, middle: int) -> None:
        x = self.wide - _PAD
        for control in reversed(line.controls):
            x -= control.winfo_reqwidth() - 2 * RING
            control.place(x=x - RING, y=middle - control.winfo_reqheight() // 2)
            x -= 8
        if self._has_words(line):
            start = self.pen.line_end(x - (8 if line.controls else 0), middle, line.words, "small", "muted", "card")
            if line.mark:
                self.pen.presence(line.mark, start - 12, middle, "card")
