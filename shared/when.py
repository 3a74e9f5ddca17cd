"""PURE. The times that people type at a command line: `2026-11-20`, `09:00`, `yesterday`, `2h` …

A text names a span of time, not an instant: a day, a minute, a second. `--since` begins where the span begins and
`--until` ends where it ends, so that `--since yesterday --until yesterday` is the whole of yesterday. Everything is
meant in the reader's time zone unless the text says another one.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

FORMS: Final = "2026-11-20, 2026-11-20T09:00, 09:00, today, yesterday, now, or 30m, 2h, 3d, 1w for so long ago"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AGO: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAYS: Final = {"today": 0, "yesterday": 1}
_LENGTH = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?", re.ASCII)


class Span(NamedTuple):
    """From `start` up to, and without, `end`; both in UTC."""

    start: datetime
    end: datetime


def from_wall(moment: datetime, zone: tzinfo | None) -> datetime:
    """The instant, in UTC, at which a clock on the wall of `zone` (None: the system's own) shows the naive `moment`.

    A clock that is put forward never shows the hour that it skips: such a moment is taken by the old offset, so it
    becomes an hour later. Of an hour that comes twice `fold` says which is meant; it is the first by itself.
    """
    if zone is None:
        return _EPOCH + timedelta(seconds=moment.timestamp())
    return moment.replace(tzinfo=zone).astimezone(UTC)


def parse(text: str, now: datetime, zone: tzinfo | None = None) -> Span:
    """What `text` names, seen from the aware `now`; `ValueError` with a sentence for people where it names nothing."""
    found = _relative(text, now.astimezone(zone), zone) or _absolute(text, now.astimezone(zone), zone)
    if found is None:
        raise ValueError(f"{text!r} is no time. Write {FORMS}.")
    return found


def _relative(text: str, now: datetime, zone: tzinfo | None) -> Span | None:
    if text == "now":
        return Span(now.astimezone(UTC), now.astimezone(UTC))
    if text in _DAYS:
        return _day(now.date() - timedelta(days=_DAYS[text]), zone)
    if match := _LENGTH.fullmatch(text):
        try:
            moment = now.astimezone(UTC) - int(match[1]) * _AGO[match[2]]
        except OverflowError:
            raise ValueError(f"{text} ago is before the calendar begins.") from None
        return Span(moment, moment)
    return None


def _absolute(text: str, now: datetime, zone: tzinfo | None) -> Span | None:
    try:
        if _DATE.fullmatch(text):
            return _day(date.fromisoformat(text), zone)
        if _CLOCK.fullmatch(text):
            return _clock(now.date(), text, None, zone)
        if match := _MOMENT.fullmatch(text):
            return _clock(date.fromisoformat(match[1]), match[2], match[3], zone)
    except (ValueError, OverflowError):
        raise ValueError(f"{text} is no day or time of the calendar. Write {FORMS}.") from None
    return None


def _day(day: date, zone: tzinfo | None) -> Span:
    start, end = datetime.combine(day, time()), datetime.combine(day + timedelta(days=1), time())
    return Span(from_wall(start, zone), from_wall(end, zone))


def _clock(day: date, clock: str, offset: str | None, zone: tzinfo | None) -> Span:
    length = timedelta(seconds=1) if len(clock) == len("09:00:00") else timedelta(minutes=1)
    naive = datetime.combine(day, time.fromisoformat(clock))
    start = datetime.fromisoformat(naive.isoformat() + offset).astimezone(UTC) if offset else from_wall(naive, zone)
    return Span(start, start + length)
