"""Reading the history from front to back: every line checked against the one before it.

A `Scan` gives events in chunks until the file ends or a line is bad, and says then where it stands. What a bad line
means is for the caller: recovery tells a torn tail from damage, `verify` only reports it. It reads a file that is
being written just as well: bytes after the last newline are an unfinished line, not a bad one.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from shared.errors import RecordError
from shared.protocol import AnyEvent
from shared.record import Header, decode_header, parse, seal_of, unseal

CHUNK: Final = 1 << 19
LONGEST_LINE: Final = 1 << 20
"""Bytes; an escaped text of 16,000 characters needs a tenth of it."""


class Place(NamedTuple):
    """Where one stands in a history: just after the line of `seq`, whose hash and time these are."""

    seq: int
    offset: int
    chain: bytes
    time: str

    @property
    def next_line(self) -> int:
        """The number of the line that comes next; the header is line 1."""
        return self.seq + 2


class Bad(NamedTuple):
    """A line that is not what it should be. `why` is a clause, its subject is the line."""

    line: int
    offset: int
    why: str


class Chunk(NamedTuple):
    """Consecutive events, the bytes of their lines, and the offset of the first."""

    events: list[AnyEvent]
    sizes: list[int]
    offset: int


def read_header(file: BinaryIO) -> tuple[Header, Place]:
    """The first line; `RecordError` where it is none of this format."""
    file.seek(0)
    line = file.readline(LONGEST_LINE)
    header, chain = decode_header(line)
    return header, Place(0, len(line), chain, header.time)


class Scan:
    """Iterate over it once. Afterwards `place` is the end of the good lines, and `bad` the line that ended it.

    `unfinished` counts the bytes after the last newline of a file whose lines are all good.
    """

    def __init__(self, file: BinaryIO, place: Place) -> None:
        self._file = file
        self.place = place
        self.bad: Bad | None = None
        self.unfinished = 0

    def __iter__(self) -> Iterator[Chunk]:
        self._file.seek(self.place.offset)
        rest = b""
        while data := self._file.read(CHUNK):
            data = rest + data
            whole = data.rfind(b"\n") + 1
            rest = data[whole:]
            if whole:
                yield self._checked(io.BytesIO(data[:whole]))
            if self.bad is None and len(rest) > LONGEST_LINE:
                self.bad = Bad(self.place.next_line, self.place.offset, "it is longer than any line can be")
            if self.bad is not None:
                return
        self.unfinished = len(rest)

    def _checked(self, lines: io.BytesIO) -> Chunk:
        seq, offset, chain, time = self.place
        chunk = Chunk([], [], offset)
        add, add_size = chunk.events.append, chunk.sizes.append
        try:
            for line in lines:
                body, after = unseal(line, chain)
                event = parse(body)
                if event.seq != seq + 1:
                    raise RecordError(f"its sequence number is {event.seq}, here {seq + 1} belongs")
                if event.time < time:
                    raise RecordError(f"its time {event.time} is before that of the line above")
                seq, chain, time = event.seq, after, event.time
                offset += len(line)
                add(event)
                add_size(len(line))
        except RecordError as error:
            self.bad = Bad(seq + 2, offset, str(error))
        self.place = Place(seq, offset, chain, time)
        return chunk


def line_before(file: BinaryIO, offset: int) -> bytes:
    """The whole line that ends at this offset; `RecordError` where none does."""
    start = max(0, offset - LONGEST_LINE)
    file.seek(start)
    data = file.read(offset - start)
    if len(data) < offset - start or not data.endswith(b"\n"):
        raise RecordError("no line ends there")
    return data[data.rfind(b"\n", 0, -1) + 1 :]


def has_line_after(file: BinaryIO, bad: Bad) -> bool:
    """Whether a line that has the form of an event stands anywhere behind the bad one.

    Its hash cannot be checked without the line before it, its form can. A torn write ends in half a line, so a whole
    one behind a bad one means that something in the middle was changed.
    """
    file.seek(bad.offset)
    file.readline()
    while line := file.readline(LONGEST_LINE):
        try:
            seal_of(line)
            parse(line[: line.rindex(b"\t~")])
        except RecordError:
            continue
        return True
    return False
