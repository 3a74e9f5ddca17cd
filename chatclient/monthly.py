"""A month as the date popover shows it: its days in weeks, and how much was said on each. Pure.

The reader's midnights are what the server counts between, so that a day is a day of the reader's, summer time or not.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from chatclient import days

WEEK: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DOTS: Final = 3


class Month(NamedTuple):
    """`number` is 1 to 12."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def name(self) -> str:
        return f"{days.MONTHS[self.number - 1]} {self.year}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.step(1).first - self.first).days)]

    def step(self, months: int) -> "Month":
        """So many months later."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)


def place(day: date) -> tuple[int, int]:
    """Column (0 is Monday) and row of a day in its month."""
    first = day.replace(day=1).weekday()
    return day.weekday(), (first + day.day - 1) // 7


def edges(begin: date, end: date, tz: tzinfo) -> list[str]:
    """The midnights from one day to another, both included, as the wire writes them."""
    count = (end - begin).days + 1
    return [midnight(begin + timedelta(days=n), tz) for n in range(count)]


def midnight(day: date, tz: tzinfo) -> str:
    return days.wire_time(datetime(day.year, day.month, day.day, tzinfo=tz))


def dots(count: int, busiest: int) -> int:
    """0 for a day without messages, then 1 to 3 for thirds of the busiest day."""
    return -(-count * DOTS // busiest) if count and busiest else 0


class Day(NamedTuple):
    """How much was said, and the seq of the day's first entry, 0 for none."""

    messages: int
    seq: int


def said(month: Month, counts: Sequence[int], seqs: Sequence[int]) -> dict[date, Day]:
    """What the server counted between the edges of a month."""
    return {day: Day(count, seq) for day, count, seq in zip(month.days, counts, seqs, strict=True)}
