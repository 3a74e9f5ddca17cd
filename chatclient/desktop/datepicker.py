"""The popover that leads to a day of a conversation: a month at a time, with dots for how much was said.

Arrows move over the days, Page Up and Page Down over the months, Enter goes there. A day on which nothing was said
cannot be chosen.
"""

import tkinter as tk
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from chatclient import days, monthly
from chatclient.conversation import Conversation
from chatclient.desktop.controls import RING, Button, IconButton
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.panes import NARROW
from chatclient.desktop.popover import Overlay, Popover
from chatclient.monthly import Day, Month
from shared.protocol import CalendarFound

WIDTH: Final = 286
CELL: Final = 36
_HEAD: Final = 44
_WEEK: Final = 28
_GRID: Final = _HEAD + _WEEK
_LEFT: Final = 17
_FOOT: Final = 74


class DatePicker(Popover):
    """`go` is given the seq of an entry, or 0 for the newest; `shown` is the day that is looked at now."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        deeds: Deeds,
        talk: Conversation,
        shown: date,
        go: Callable[[int], object],
        tz: tzinfo,
    ) -> None:
        super().__init__(overlay, look, WIDTH)
        self._deeds, self._talk, self._go, self._tz = deeds, talk, go, tz
        self.today = datetime.now(tz).date()
        self.shown_day = shown
        self.cursor = shown
        self.month = Month.of(shown)
        self._first: date | None = None
        self._said: dict[date, Day] = {}
        self._problem = ""
        self._back = IconButton(self, look, "arrow-left", lambda: self._turn(-1), ground="popover", ink="text")
        self._on = IconButton(self, look, "arrow-right", lambda: self._turn(1), ground="popover", ink="text")
        self.grid_ = _Grid(self, look)
        self.buttons = [
            Button(self, look, word, do, ground="popover", height=28)
            for word, do in (
                ("First message", self._to_first),
                ("Last week", self._to_last_week),
                ("Today", self._to_today),
            )
        ]
        self._ask()

    # --- what was said ----------------------------------------------------------------------------------------

    def _turn(self, months: int) -> None:
        month = self.month.step(months)
        if month.first > self.today or (months < 0 and self._first is not None and month < Month.of(self._first)):
            return
        self.month = month
        last = month.days[-1]
        self.cursor = min(month.first.replace(day=min(self.cursor.day, last.day)), self.today)
        self._said = {}
        self._ask()
        self.repaint()

    def _ask(self) -> None:
        month = self.month
        edges = monthly.edges(month.first, month.step(1).first, self._tz)

        def came(found: CalendarFound) -> None:
            if self.winfo_exists() and month == self.month:
                self._said = monthly.said(month, found.counts, found.seqs)
                self._first = days.local(days.seconds(found.first), self._tz).date() if found.first else None
                self._problem = ""
                self.repaint()

        self._deeds.calendar(self._talk.name, edges, came, self._failed)

    def _failed(self, why: str) -> None:
        if self.winfo_exists():
            self._problem = why
            self.repaint()

    def _within(self, begin: date, end: date) -> None:
        """Go to the first entry from this day on and before that one; to the newest where there is none."""

        def came(found: CalendarFound) -> None:
            if self.winfo_exists():
                self._leave_for(next((seq for seq in found.seqs if seq), 0))

        edges = [monthly.midnight(begin, self._tz), monthly.midnight(end, self._tz)]
        self._deeds.calendar(self._talk.name, edges, came, self._failed)

    def _to_first(self) -> None:
        if self._first is not None:
            self._within(self._first, self._first + timedelta(days=1))

    def _to_last_week(self) -> None:
        self._within(self.today - timedelta(days=7), self.today + timedelta(days=1))

    def _to_today(self) -> None:
        self._within(self.today, self.today + timedelta(days=1))

    def _leave_for(self, seq: int) -> None:
        self.close()
        self._go(seq)

    # --- days -------------------------------------------------------------------------------------------------

    def said_on(self, day: date) -> Day:
        return self._said.get(day, Day(0, 0))

    def choose(self, day: date) -> None:
        """Go there, where anything was said."""
        seq = self.said_on(day).seq
        if seq:
            self._leave_for(seq)

    def step_days(self, by: int) -> str:
        """The cursor so many days further, into other months too."""
        day = min(self.cursor + timedelta(days=by), self.today)
        if Month.of(day) != self.month:
            self._turn((day.year - self.month.year) * 12 + day.month - self.month.number)
        if Month.of(day) == self.month:
            self.cursor = day
        self.grid_.repaint()
        return "break"

    def turn(self, months: int) -> str:
        self._turn(months)
        return "break"

    # --- drawing ----------------------------------------------------------------------------------------------

    def first_focus(self) -> None:
        self.grid_.focus_set()

    def content_height(self) -> int:
        return _GRID + 6 * CELL + 8 + _FOOT

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        side = 272 if room[0] >= NARROW else 0
        return (room[0] + side - width) // 2, max(8, min(84, room[1] - height - 8))

    def paint(self) -> None:
        super().paint()
        pen = self.pen
        name = self.month.name
        pen.line((self.wide - pen.width(name, "body_bold")) // 2, 28, name, "body_bold", "text", "popover")
        self._back.place(x=10 - RING, y=12 - RING)
        self._on.place(x=self.wide - 10 - 32 - RING, y=12 - RING)
        self._on.enable(self.month.step(1).first <= self.today)
        self._back.enable(self._first is None or self.month > Month.of(self._first))
        for column, word in enumerate(monthly.WEEK):
            x = _LEFT + column * CELL + (CELL - pen.width(word, "tiny")) // 2
            pen.line(x, _HEAD + 12, word, "tiny", "muted", "popover")
        self.grid_.place(x=_LEFT, y=_GRID, width=7 * CELL, height=6 * CELL)
        self.grid_.repaint()
        foot = _GRID + 6 * CELL + 8
        pen.rectangle(1, foot, self.wide - 2, 1, "popover_line")
        x = 16 - RING
        for button in self.buttons:
            button.place(x=x, y=foot + 10 - RING)
            x += button.winfo_reqwidth() - 2 * RING + 6
        line = self._problem or "Dots show how much was said that day."
        pen.line(16, foot + 54, line, "small", "danger" if self._problem else "muted", "popover", width=self.wide - 32)


class _Grid(Painted):
    """The days of the month."""

    def __init__(self, picker: DatePicker, look: Look) -> None:
        super().__init__(picker, look, ground="popover")
        self._picker = picker
        self.configure(takefocus=1)
        for key, by in (("Left", -1), ("Right", 1), ("Up", -7), ("Down", 7)):
            self.bind(f"<{key}>", lambda _event, by=by: picker.step_days(by))  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        self.bind("<Prior>", lambda _event: picker.turn(-1))
        self.bind("<Next>", lambda _event: picker.turn(1))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _event: picker.choose(picker.cursor))
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.bind(sequence, lambda _event: self.repaint())
        self.bind("<ButtonRelease-1>", self._released)
        self.bind("<Motion>", self._moved)

    def _at(self, x: int, y: int) -> date | None:
        where = (x // CELL, y // CELL)
        return next((day for day in self._picker.month.days if monthly.place(day) == where), None)

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        day = self._at(event.x, event.y)
        if day is not None:
            self._picker.choose(day)

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        day = self._at(event.x, event.y)
        self.configure(cursor="hand2" if day is not None and self._picker.said_on(day).seq else "arrow")

    def paint(self) -> None:
        pen, picker = self.pen, self._picker
        busiest = max((picker.said_on(day).messages for day in picker.month.days), default=0)
        for day in picker.month.days:
            column, row = monthly.place(day)
            x, y = column * CELL, row * CELL
            ink, ground = ("text" if picker.said_on(day).seq else "muted"), "popover"
            if day == picker.shown_day:
                pen.box(x, y, CELL, CELL, 8, "own", "popover")
                ink, ground = "own_text", "own"
            elif day == picker.today:
                pen.box(x, y, CELL, CELL, 8, "popover", "popover", "accent")
            if day == picker.cursor and holder(self) is self and day != picker.shown_day:
                pen.outline(x, y, CELL, CELL, 8, "accent", 2)
            text = str(day.day)
            pen.line(x + (CELL - pen.width(text, "small")) // 2, y + 16, text, "small", ink, ground)
            dots = monthly.dots(picker.said_on(day).messages, busiest)
            left = x + (CELL - (dots * 6 - 2)) // 2
            for dot in range(dots):
                pen.box(left + dot * 6, y + 26, 4, 4, 2, ink, ground)
