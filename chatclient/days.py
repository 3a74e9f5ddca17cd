"""Times of the wire as a reader in one time zone sees them: the clock beside a message, the day above it.

English words from tables, because `strftime` follows the process's locale. Pure: zone and today are arguments.
"""

from datetime import UTC, date, datetime, tzinfo
from typing import Final

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NEAR: Final = {0: "Today", 1: "Yesterday"}


def seconds(time: str) -> int:
    """A time of the wire (`2026-11-20T05:44:27.123451Z`) as whole seconds since 1970, UTC."""
    return int(datetime.fromisoformat(time).timestamp())


def wire_time(moment: datetime) -> str:
    """A moment with a time zone as the wire writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def local(at: float, tz: tzinfo) -> datetime:
    """Seconds since 1970 as the reader's date and time."""
    return datetime.fromtimestamp(at, tz)


def moment(time: str, tz: tzinfo) -> datetime | None:
    """A time of the wire as the reader's, whole seconds; None for ""."""
    return local(seconds(time), tz) if time else None


def clock(moment: datetime) -> str:
    """`09:12`."""
    return f"{moment.hour:02}:{moment.minute:02}"


def day_name(day: date, today: date) -> str:
    """`Today`, `Yesterday` or `Friday, 20 November 2026`."""
    near = _NEAR.get((today - day).days)
    return near or f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def duration(minutes: int) -> str:
    """`10 minutes`, `1 hour`, `2 hours 30 minutes`, `3 days`: the two largest units that count."""
    days, rest = divmod(minutes, 24 * 60)
    parts = [(days, "day"), (rest // 60, "hour"), (rest % 60, "minute")]
    words = [f"{count:,} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(words[:2]) or "0 minutes"
