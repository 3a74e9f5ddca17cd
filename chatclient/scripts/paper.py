"""What is written of a conversation: as text for people, or one JSON object a line. Pure.

A format is asked for its beginning, for each entry in order, and for its end. Nothing that somebody wrote can steer the
reader's terminal, or stand for anything but itself in the format.
"""

import re
from datetime import tzinfo
from typing import NamedTuple, Protocol

import msgspec

from shared.protocol import AnyEvent, Message
from shared.transcript import Transcript, entry

_RAW = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What an encoder of JSON leaves as it is, though it ends lines for some readers, and steers terminals."""


class Seen(NamedTuple):
    """An entry, folded or as it came live, and the message that it replies to, where that is known."""

    event: AnyEvent
    original: Message | None = None


class About(NamedTuple):
    """What is written: `title` as people call the room; `zone` of the reader, None for the system's own."""

    title: str
    server: str
    topic: str = ""
    zone: tzinfo | None = None


class Format(Protocol):
    """Each method gives text; put together in order it is the whole."""

    def begin(self, about: About) -> str: ...

    def entry(self, seen: Seen) -> str: ...

    def end(self) -> str: ...


class Text:
    """A line for the day, then `09:12  alice  text`, as the server's `replay` has it.

    width    in cells; None for lines as long as they are
    rooms    of several rooms: tell them apart
    """

    def __init__(self, width: int | None = None, colour: bool = False, rooms: bool = False) -> None:
        self._transcript = Transcript(width=width, colour=colour, rooms=rooms)
        self._zone: tzinfo | None = None

    def begin(self, about: About) -> str:
        self._zone = about.zone
        return ""

    def entry(self, seen: Seen) -> str:
        return self._transcript.text(entry(seen.event, self._zone, seen.original))

    def end(self) -> str:
        return ""


def json_line(value: object) -> str:
    """One object on one line, whoever reads it."""
    return _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", msgspec.json.encode(value).decode()) + "\n"


class Json:
    """The entries as on the wire, with their `type` and `seq`; times are UTC."""

    def begin(self, about: About) -> str:
        return ""

    def entry(self, seen: Seen) -> str:
        return json_line(seen.event)

    def end(self) -> str:
        return ""
