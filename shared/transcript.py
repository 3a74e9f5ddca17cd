"""PURE. A conversation as people read it on paper: one line for the day, then `09:12  alice  text`.

Nothing that somebody wrote can steer the reader's terminal: control characters and those that turn the direction of
writing are shown as `\\u202E` and the like, in names too. Wrapped and following lines are indented to the text.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any, Final, NamedTuple

from rich.cells import cell_len, chop_cells

from shared.markup import plain
from shared.protocol import (
    AnyEvent,
    Banned,
    Created,
    Deleted,
    Edited,
    Event,
    File,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    Reacted,
    RoleSet,
    TopicSet,
    Unbanned,
)

NARROWEST: Final = 20
"""Columns that a text gets at least, however narrow the terminal."""
QUOTED: Final = 60
"""Characters of a message that is replied to."""

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_WORD = re.compile(r"\s*\S+")
_STYLE: Final = {"day": "\x1b[1m", "room": "\x1b[2m", "clock": "\x1b[2m", "user": "\x1b[1m", "notice": "\x1b[2m"}
_PLAIN: Final = "\x1b[0m"


class Entry(NamedTuple):
    """One thing that happened. `moment` is aware, in the reader's zone; a notice's `text` is a whole sentence."""

    moment: datetime
    room: str
    user: str
    text: str
    notice: bool


_NOTICES: Final[dict[type[Event], Callable[[Any], str]]] = {
    Created: lambda event: f"{event.user} made this room" + (f": {event.topic}" if event.topic else ""),
    Joined: lambda event: f"{event.by} invited {event.user}" if event.by else f"{event.user} joined",
    Left: lambda event: f"{event.by} removed {event.user}" if event.by else f"{event.user} left",
    TopicSet: lambda event: (
        f"{event.user} set the topic: {event.topic}" if event.topic else f"{event.user} removed the topic"
    ),
    Banned: lambda event: f"{event.by} banned {event.user}",
    Unbanned: lambda event: f"{event.by} lifted the ban of {event.user}",
    Muted: lambda event: (
        f"{event.by} muted {event.user} for {event.minutes} min"
        if event.minutes
        else f"{event.by} lifted the mute of {event.user}"
    ),
    RoleSet: lambda event: f"{event.by} made {event.user} a {event.role}",
    ProfileSet: lambda event: (
        (f"{event.user} is shown as {event.display}" if event.display else f"{event.user} is shown by the plain name")
        + (", with a picture" if event.picture else "")
    ),
    Edited: lambda event: f"{event.user} edited message {event.of}: {event.text}",
    Deleted: lambda event: f"{event.user} deleted message {event.of}",
    Reacted: lambda event: (
        f"{event.user} took {event.emoji} back from message {event.of}"
        if event.removed
        else f"{event.user} reacted to message {event.of} with {event.emoji}"
    ),
}


def entry(event: AnyEvent, zone: tzinfo | None, original: Message | None = None) -> Entry:
    """An event, stored or folded, as it is read in `zone`; None is the system's own. `original`: what it replies to."""
    moment = datetime.fromisoformat(event.time).astimezone(zone)
    if isinstance(event, Message) and not event.deleted:
        return Entry(moment, event.room, event.user, _said(event, original), notice=False)
    return Entry(moment, event.room, event.user, notice(event), notice=True)


def notice(event: AnyEvent) -> str:
    """What happened as a sentence, of all but a message that is there."""
    if isinstance(event, Message):
        by = event.deleted_by or event.user
        return f"{by} deleted a message" + (f" of {event.user}" if by != event.user else "")
    return _NOTICES[type(event)](event)


def quoted(number: int, original: Message | None) -> str:
    """The message that another replies to, in a few words."""
    if original is None:
        return f"to message {number}"
    if original.deleted:
        return f"to a message of {original.user} that was deleted"
    words = " ".join(plain(original.text[: 4 * QUOTED]).split()) or ", ".join(file.name for file in original.files)
    return f"to {original.user}: {words if len(words) <= QUOTED else f'{words[: QUOTED - 1]}…'}"


def _said(message: Message, original: Message | None) -> str:
    """The words, between what they answer and the files and reactions that came with them."""
    lines = [f"({quoted(message.reply_to, original)})"] if message.reply_to else []
    edited = " (edited)" if message.edited else ""
    if message.text or not message.files:
        lines.append(message.text + edited)
    lines += [listed(file) for file in message.files]
    lines += [f"{emoji} {', '.join(names)}" for emoji, names in (message.reactions or {}).items()]
    return "\n".join(lines)


def listed(file: File) -> str:
    """A file in a few words: its name, how large it is."""
    sides = f", {file.width} × {file.height}" if file.width else ""
    return f"[{file.name}, {file.size:,} bytes{sides}]"


def safe(text: str) -> str:
    """`text` without anything that moves a terminal's cursor or turns its writing; newlines stay."""
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


def _safe_name(name: str) -> str:
    return safe(name).replace("\n", "\\u000A")


def wrapped(text: str, width: int | None) -> Iterator[str]:
    """The lines of `text`, none wider than `width` cells; broken between words where that is possible."""
    for line in text.split("\n"):
        if width is None or cell_len(line) <= width:
            yield line
        else:
            yield from _filled(line, width)


def _filled(line: str, width: int) -> Iterator[str]:
    filled = ""
    for word in _WORD.findall(line):
        if cell_len(filled) + cell_len(word) <= width:
            filled += word
            continue
        if filled:
            yield filled
            word = word.lstrip()
        *full, filled = chop_cells(word, width)
        yield from full
    yield filled


class Transcript:
    """Turns entries into text, one after the other; it remembers the day and the room that it stands in.

    `width` in cells, None for lines as long as they are; `rooms` says whether rooms are told apart.
    """

    def __init__(self, *, width: int | None, colour: bool, rooms: bool) -> None:
        self._width = width
        self._colour = colour
        self._rooms = rooms
        self._day: date | None = None
        self._room = ""

    def text(self, entry: Entry) -> str:
        """The entry with its newline, after the lines for a new day and another room where they are due."""
        return "".join(f"{line}\n" for line in (*self._heading(entry), *self._body(entry)))

    def _heading(self, entry: Entry) -> Iterator[str]:
        day = entry.moment.date()
        if day != self._day:
            if self._day is not None:
                yield ""
            yield self._styled("day", f"── {day:%A}, {day.day} {day:%B} {day.year} ──")
            self._day, self._room = day, ""
        if self._rooms and entry.room != self._room:
            yield self._styled("room", _room_label(entry.room))
            self._room = entry.room

    def _body(self, entry: Entry) -> Iterator[str]:
        clock = f"{entry.moment:%H:%M}"
        user = "" if entry.notice else _safe_name(entry.user)
        indent = len(clock) + 2 + (cell_len(user) + 2 if user else 0)
        room = None if self._width is None else max(self._width - indent, NARROWEST)
        first, *rest = wrapped(safe(entry.text), room)
        if entry.notice:
            yield self._styled("notice", f"{clock}  {first}")
        else:
            yield f"{self._styled('clock', clock)}  {self._styled('user', user)}  {first}"
        for line in rest:
            line = f"{' ' * indent}{line}" if line else ""
            yield self._styled("notice", line) if entry.notice else line

    def _styled(self, style: str, text: str) -> str:
        return f"{_STYLE[style]}{text}{_PLAIN}" if self._colour and text else text


def _room_label(room: str) -> str:
    return _safe_name(room if room.startswith("@") else f"#{room}")
