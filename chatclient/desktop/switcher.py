"""Ctrl+K: a few letters and Enter, and one is there."""

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from chatclient import jump
from chatclient.desktop.entry import Entry
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Pen
from chatclient.desktop.popover import TOP, Overlay, Popover
from chatclient.desktop.rows import Label, Line, Rows
from chatclient.jump import Found, Place

_HEAD: Final = 57
_FOOT: Final = 36
_TALLEST: Final = 460
_HINTS: Final = ("↑↓ Move", "Enter Open", "# Rooms only", "@ People only")


class _Target(NamedTuple):
    found: Found
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 40

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        place, middle = self.found.place, y + 20
        fill = "popover_row" if lit else ground
        if lit:
            pen.box(8, y, width - 16, 40, 8, fill, ground)
        if place.kind == "person":
            pen.avatar(place.name, 18, y + 8, 24, fill)
        else:
            icon = "plus" if place.kind == "create" else "lock" if place.private else "hash"
            pen.icon(icon, 30, middle, 18, "muted", fill)
        right = self._paint_right(pen, width - 16, middle, fill, lit)
        x = self._paint_name(pen, 54, middle, fill, right)
        note = "You are here" if place.here else place.note
        if note and right - x > 40:
            pen.line(x + 8, middle, note, "small", "muted", fill, width=right - x - 16)

    def _paint_right(self, pen: Pen, right: int, middle: int, fill: str, lit: bool) -> int:
        place = self.found.place
        if lit:
            right = pen.line_end(right, middle, "Enter", "tiny", "muted", fill) - 10
        count = place.mentions or place.unread
        if count:
            right = pen.badge(right, middle, count, fill, accent=bool(place.mentions)) - 10
        return right

    def _paint_name(self, pen: Pen, x: int, middle: int, fill: str, right: int) -> int:
        place, begin, end = self.found
        if place.kind == "create":
            return pen.line(x, middle, f"Create a room called “{place.name}”", "body", "text", fill, width=right - x)
        if pen.width(place.name, "body_bold") > right - x:
            return pen.line(x, middle, place.name, "body", "text", fill, width=right - x)
        name = place.name
        for part, font in ((name[:begin], "body"), (name[begin:end], "body_bold"), (name[end:], "body")):
            x = pen.line(x, middle, part, font, "text", fill)
        return x


class Switcher(Popover):
    """`places` are rooms and people as they are known; `answer` brings more of them."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        places: Iterable[Place],
        visited: Sequence[str],
        go: Callable[[Place], object],
    ) -> None:
        super().__init__(overlay, look, 560)
        self._places = list(places)
        self._visited = visited
        self._go = go
        self._variable = tk.StringVar(self)
        large = (look.fonts.font("body").cget("family"), -16)
        self.entry = Entry(self, look, self._variable, font=large)
        self.rows = Rows(self, look, ground="popover", keyboard=False)
        self._variable.trace_add("write", lambda *_trace: self.refresh())
        self.entry.bind("<Down>", lambda _event: self.rows.step(1))
        self.entry.bind("<Up>", lambda _event: self.rows.step(-1))
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _event: self.rows.choose())
        self.refresh()

    def answer(self, places: Iterable[Place]) -> None:
        """More places, beside those that are known already."""
        known = {(place.kind == "person", place.name) for place in self._places}
        self._places += [place for place in places if (place.kind == "person", place.name) not in known]
        self.refresh()

    def refresh(self) -> None:
        sections = jump.find(self._variable.get(), self._places, self._visited)
        lines: list[Line] = []
        targets: list[int] = []
        for section in sections:
            lines.append(Label(section.label, 20, 20, 32))
            for found in section.found:
                targets.append(len(lines))
                lines.append(_Target(found, self._choice(found.place)))
        self.rows.show(lines, targets[jump.first_choice(sections)] if targets else None)
        if self.overlay.current is self:
            self.arrange()

    def _choice(self, place: Place) -> Callable[[], object]:
        def go() -> None:
            self.close()
            self._go(place)

        return go

    def first_focus(self) -> None:
        self.entry.focus_set()

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        return (room[0] - width) // 2, max(8, min(TOP, room[1] - height - 8))

    def content_height(self) -> int:
        rows = min(_TALLEST, self.rows.total) if self.rows.lines else 40
        return _HEAD + rows + 8 + _FOOT

    def paint(self) -> None:
        super().paint()
        pen = self.pen
        pen.icon("search", 31, 29, 20, "muted", "popover")
        start = pen.line_end(self.wide - 20, 29, "Esc", "small", "muted", "popover")
        pen.rectangle(1, _HEAD - 1, self.wide - 2, 1, "popover_line")
        self.entry.put(53, 29, start - 66, "popover")
        bottom = self.high - 1 - _FOOT
        self.rows.place(x=1, y=_HEAD, width=self.wide - 2, height=max(1, bottom - 8 - _HEAD))
        if not self.rows.lines:
            pen.line(20, _HEAD + 20, f"Nothing is called “{self._variable.get().strip()}”.", "body", "muted", "popover")
        pen.rectangle(1, bottom, self.wide - 2, 1, "popover_line")
        x = 17
        for hint in _HINTS:
            if x + pen.width(hint, "small") < self.wide - 12:
                x = pen.line(x, bottom + 18, hint, "small", "muted", "popover") + 14
