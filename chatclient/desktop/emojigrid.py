"""The emoji of the picker in rows of nine under their groups' names; only those in sight are drawn, some at a time.

The keyboard's cursor moves over it with the arrows while the field above keeps the keyboard.
"""

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.timers import Timers

COLUMNS: Final = 9
CELL: Final = 36
LABEL: Final = 28
_LEFT: Final = 17
_SIZE: Final = 24
_SLICE: Final = 0.004
"""Seconds after which the rest is drawn in a moment: a picture that is new takes its time, and keys do not wait."""


class Section(NamedTuple):
    """A group and its emoji, as they are to be drawn and chosen."""

    name: str
    emoji: Sequence[str]


class _Row(NamedTuple):
    """One row of the grid from `top` down: a section's name, or emoji from place `start` on."""

    top: int
    height: int
    section: int
    label: str
    emoji: Sequence[str]
    start: int


class EmojiGrid(Painted):
    """`pointed` is told the emoji under the cursor or the pointer, `chosen` the one that is taken; `scrolled` which
    section is at the top now."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        *,
        pointed: Callable[[str], object],
        chosen: Callable[[str], object],
        scrolled: Callable[[int], object],
    ) -> None:
        super().__init__(master, look, ground="popover")
        self._pointed, self._chosen, self._scrolled = pointed, chosen, scrolled
        self._rows: list[_Row] = []
        self._all: list[str] = []
        self._offset = 0
        self._cursor = 0
        self._timers = Timers(self)
        for sequence, pixels in (("<Button-4>", -CELL), ("<Button-5>", CELL)):
            self.bind(sequence, lambda _event, pixels=pixels: self.scroll(pixels))  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        self.bind("<MouseWheel>", lambda event: self.scroll(-CELL if event.delta > 0 else CELL))
        self.bind("<Motion>", self._moved)
        self.bind("<ButtonRelease-1>", self._released)

    @property
    def cursor(self) -> str:
        """The emoji that Enter takes, "" for none."""
        return self._all[self._cursor] if self._all else ""

    def show(self, sections: Sequence[Section], *, keep: bool = False) -> None:
        """These from the top on, or, with `keep`, the same ones in other tones where one is."""
        rows: list[_Row] = []
        found: list[str] = []
        top = 0
        for number, section in enumerate(sections):
            rows.append(_Row(top, LABEL, number, section.name, (), len(found)))
            top += LABEL
            for start in range(0, len(section.emoji), COLUMNS):
                emoji = section.emoji[start : start + COLUMNS]
                rows.append(_Row(top, CELL, number, "", emoji, len(found)))
                found += emoji
                top += CELL
        self._rows, self._all = rows, found
        if not keep:
            self._offset = self._cursor = 0
        self.repaint()
        self._tell()

    def to_section(self, number: int) -> None:
        """Have this section at the top, and the cursor on its first."""
        row = next(row for row in self._rows if row.section == number)
        self._cursor = row.start
        self._offset = row.top
        self._clamp()
        self.repaint()
        self._tell()

    def step(self, across: int, down: int) -> str:
        """Move the cursor, and have it in sight."""
        if not self._all:
            return "break"
        if across:
            self._cursor = max(0, min(len(self._all) - 1, self._cursor + across))
        else:
            lines = [row for row in self._rows if row.emoji]
            line = next(at for at, row in enumerate(lines) if row.start <= self._cursor < row.start + len(row.emoji))
            column = self._cursor - lines[line].start
            to = lines[max(0, min(len(lines) - 1, line + down))]
            self._cursor = to.start + min(column, len(to.emoji) - 1)
        self._see()
        self.repaint()
        self._tell()
        return "break"

    def take(self) -> None:
        if self._all:
            self._chosen(self.cursor)

    def scroll(self, pixels: int) -> str:
        before = self._offset
        self._offset += pixels
        self._clamp()
        if self._offset != before:
            self.repaint()
            self._scrolled(self._section())
        return "break"

    def _tell(self) -> None:
        self._pointed(self.cursor)
        self._scrolled(self._section())

    def _section(self) -> int:
        at_end = self._offset and self._offset >= self._height - self.high
        if at_end and self._all:
            return next(row.section for row in reversed(self._rows) if row.start <= self._cursor)
        return next((row.section for row in reversed(self._rows) if row.top <= self._offset), 0)

    @property
    def _height(self) -> int:
        return self._rows[-1].top + self._rows[-1].height + 8 if self._rows else 0

    def _clamp(self) -> None:
        self._offset = max(0, min(self._offset, self._height - self.high))

    def _see(self) -> None:
        row = next(row for row in self._rows if row.emoji and row.start <= self._cursor < row.start + len(row.emoji))
        head = row.top - LABEL if row.start == self._first_of(row.section) else row.top
        self._offset = max(min(self._offset, head), row.top + row.height - self.high)
        self._clamp()

    def _first_of(self, section: int) -> int:
        return next(row.start for row in self._rows if row.section == section)

    # --- the pointer ----------------------------------------------------------------------------------------

    def _at(self, x: int, y: int) -> int | None:
        y += self._offset
        row = next((row for row in self._rows if row.top <= y < row.top + row.height), None)
        column = (x - _LEFT) // CELL
        if row is None or not 0 <= column < len(row.emoji):
            return None
        return row.start + column

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        at = self._at(event.x, event.y)
        if at is not None and at != self._cursor:
            self._cursor = at
            self.repaint()
            self._pointed(self.cursor)

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        at = self._at(event.x, event.y)
        if at is not None:
            self._cursor = at
            self.take()

    # --- drawing --------------------------------------------------------------------------------------------

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        super()._resized(event)
        self._clamp()

    def paint(self) -> None:
        if self._height > self.high > 0:
            length = max(24, self.high * self.high // self._height)
            top = (self.high - length) * self._offset // (self._height - self.high)
            self.pen.box(self.wide - 9, top, 6, length, 3, "thumb", "popover")
        self._timers.close()
        self._draw([row for row in self._rows if 0 < row.top - self._offset + row.height < self.high + row.height])

    def _draw(self, rows: Sequence[_Row]) -> None:
        """These, one at least; what is left when the slice is over is drawn in a moment."""
        end = time.perf_counter() + _SLICE
        for number, row in enumerate(rows):
            if number and time.perf_counter() > end:
                self._timers.later("rest", 1, partial(self._draw, rows[number:]))
                return
            self._draw_row(row, row.top - self._offset)

    def _draw_row(self, row: _Row, y: int) -> None:
        pen = self.pen
        if row.label:
            pen.line(_LEFT + 4, y + 16, row.label, "small_bold", "muted", "popover")
        for column, emoji in enumerate(row.emoji):
            x, lit = _LEFT + column * CELL, row.start + column == self._cursor
            if lit:
                pen.box(x, y, CELL, CELL, 8, "active", "popover", "accent", 2)
            pen.emoji(emoji, x + CELL // 2, y + CELL // 2, _SIZE, "active" if lit else "popover")

    def destroy(self) -> None:
        self._timers.close()
        super().destroy()
