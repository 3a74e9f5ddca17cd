"""What is searched for and what was found, as the panel shows it. Pure.

Hits stand in groups by room, the room of the newest hit first, each group newest first. Where the text was found is
marked in the text as it was written, whatever folding of case made it fit.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from chatclient import days
from shared.folding import folded
from shared.protocol import Message

Span = Literal["", "day", "week", "month", "year"]
SPANS: Final[dict[Span, str]] = {
    "": "Any time",
    "day": "Today",
    "week": "Last 7 days",
    "month": "Last 30 days",
    "year": "This year",
}
LEAST: Final = 2
"""Letters from which on a search is made; one is enough where it is no letter of an alphabet."""
_SIGN: Final = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|.", re.DOTALL)
"""A character with the accents on it, which a search compares as one."""
_BEFORE_HIT: Final = 40
"""Characters that stand before the first mark at most, where a text is cut."""


class Query(NamedTuple):
    """What is asked: a text, and the filters. "" for any."""

    text: str = ""
    room: str = ""
    user: str = ""
    span: Span = ""
    files: bool = False

    @property
    def ready(self) -> bool:
        """Is it enough to ask for?"""
        text = self.text.strip()
        if not text:
            return self.files
        return len(text) >= LEAST or not _alphabetic(text)


def _alphabetic(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, "").split(" ")[0] in ("LATIN", "GREEK", "CYRILLIC")


def since(span: Span, now: datetime) -> str | None:
    """From when on, as the wire writes it."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = {
        "day": midnight,
        "week": midnight - timedelta(days=6),
        "month": midnight - timedelta(days=29),
        "year": midnight.replace(month=1, day=1),
    }
    return days.wire_time(begins[span]) if span else None


class Hit(NamedTuple):
    """One message: its text on one line, cut before the first mark where that is far in, and what is marked in it."""

    room: str
    seq: int
    user: str
    name: str
    when: str
    text: str
    marks: tuple[tuple[int, int], ...]


class Group(NamedTuple):
    room: str
    hits: tuple[Hit, ...]


def groups(
    found: Sequence[Message], text: str, now: datetime, tz: tzinfo, name_of: Callable[[str], str]
) -> list[Group]:
    """The hits by room."""
    by_room: dict[str, list[Hit]] = {}
    for message in found:
        line, marks = excerpt(_words(message), text)
        when = moment(days.local(days.seconds(message.time), tz), now)
        hit = Hit(message.room, message.seq, message.user, name_of(message.user), when, line, marks)
        by_room.setdefault(message.room, []).append(hit)
    return [Group(room, tuple(hits)) for room, hits in by_room.items()]


def _words(message: Message) -> str:
    text = " ".join(message.text.removeprefix("/me ").split())
    return text or ", ".join(file.name for file in message.files)


def moment(at: datetime, now: datetime) -> str:
    """`Today 09:21`, `12 Nov`, `30 Jul 2025`."""
    if at.date() == now.date():
        return f"Today {days.clock(at)}"
    day = f"{at.day} {days.MONTHS[at.month - 1][:3]}"
    return day if at.year == now.year else f"{day} {at.year}"


def excerpt(line: str, wanted: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The line from a little before its first mark on, and the marks."""
    marks = found_in(line, wanted)
    if not marks or marks[0][0] <= _BEFORE_HIT:
        return line, marks
    cut = line.rfind(" ", 0, marks[0][0] - _BEFORE_HIT // 2) + 1
    cut = cut if marks[0][0] - cut <= 2 * _BEFORE_HIT else marks[0][0] - _BEFORE_HIT
    shift = cut - 1
    return "…" + line[cut:], tuple((begin - shift, end - shift) for begin, end in marks)


def found_in(line: str, wanted: str) -> tuple[tuple[int, int], ...]:
    """Where `wanted` stands in the line, case aside: pairs of places in the line."""
    needle = folded(wanted)
    if not needle:
        return ()
    begins: list[int] = []  # of the sign that each character of the folded line comes from, and where that ends
    ends: list[int] = []
    parts = []
    for sign in _SIGN.finditer(line):
        part = folded(sign[0]) or (" " if sign[0].isspace() else "")
        parts.append(part)
        begins += [sign.start()] * len(part)
        ends += [sign.end()] * len(part)
    text, marks, at = "".join(parts), [], 0
    while (at := text.find(needle, at)) >= 0:
        marks.append((begins[at], ends[at + len(needle) - 1]))
        at += len(needle)
    return tuple(marks)


def headline(count: int, rooms: int, more: bool) -> str:
    """`7 messages in 3 rooms, newest first`; where there are more: `The newest 50 messages, in 3 rooms`."""
    messages = "1 message" if count == 1 else f"{count:,} messages"
    places = "1 room" if rooms == 1 else f"{rooms:,} rooms"
    if more:
        return f"The newest {messages}, in {places}"
    return f"{messages} in {places}" + (", newest first" if count > 1 else "")


def nothing(query: Query) -> str:
    """The sentence where nothing was found."""
    if not query.text.strip():
        return "No messages with files here."
    narrowed = any((query.room, query.user, query.span, query.files))
    hint = "Try fewer letters, or All rooms." if narrowed else "Try fewer letters."
    return f"Nothing found for “{query.text.strip()}”. {hint}"
