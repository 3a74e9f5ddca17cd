"""PURE. The history of the older program that Parley replaces: one line `sender|YYYY-MM-DD|HH:MM AM|text`.

The text may hold further bars. The sender `Server` marks a notice. The clock has twelve hours and minutes, and shows
the time of the machine that wrote it; whoever reads it says which zone that was.
"""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from shared.errors import RecordError
from shared.when import from_wall

SERVER: Final = "Server"
"""The sender of notices."""

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(0?[1-9]|1[0-2]):([0-5]\d) ?([AP])M", re.ASCII | re.IGNORECASE)


class Line(NamedTuple):
    """One good line. `moment` is naive: what the clock on the wall showed."""

    sender: str
    moment: datetime
    text: str

    @property
    def notice(self) -> bool:
        return self.sender == SERVER


def parse(raw: bytes) -> Line:
    """One line, with or without its end of line; `RecordError` says why it is none."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecordError("it is not UTF-8") from None
    columns = text.rstrip("\r\n").split("|", 3)
    if len(columns) < 4:
        raise RecordError(f"it has {len(columns) - 1} bars, sender|YYYY-MM-DD|HH:MM AM|text has at least 3")
    sender, day, clock, said = columns
    if not sender.strip():
        raise RecordError("it names no sender")
    return Line(sender.strip(), _moment(day.strip(), clock.strip()), said)


def _moment(day: str, clock: str) -> datetime:
    date = _DATE.fullmatch(day)
    if not date:
        raise RecordError(f"{day[:40] or 'nothing'} is no date like 2026-11-20")
    time = _CLOCK.fullmatch(clock)
    if not time:
        raise RecordError(f"{clock[:40] or 'nothing'} is no time like 09:12 AM")
    hour = int(time[1]) % 12 + (12 if time[3] in "Pp" else 0)
    try:
        return datetime(int(date[1]), int(date[2]), int(date[3]), hour, int(time[2]))
    except ValueError:
        raise RecordError(f"{day} is no day of the calendar") from None


class WallClock:
    """Turns what the clock on the wall showed, line after line, into instants (UTC).

    Where clocks are put back an hour comes twice, and a line alone cannot say which of the two it means: it is the
    second as soon as the lines would otherwise run backwards.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._last: datetime | None = None

    def instant(self, moment: datetime) -> datetime:
        """`RecordError` for a moment that this machine cannot count."""
        try:
            found = from_wall(moment, self._zone)
            if self._last and self._last - timedelta(hours=2) < found < self._last:
                found = max(found, from_wall(moment.replace(fold=1), self._zone))
        except (ValueError, OverflowError, OSError):
            raise RecordError(f"{moment:%Y-%m-%d} is out of reach of this machine's clock") from None
        self._last = found
        return found
