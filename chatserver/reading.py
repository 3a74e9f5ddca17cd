"""Reads a history file of either format for people's eyes, from its beginning to the end it has now.

The file of a running server may be read at any time: nothing is locked or written, and a last line that is only half
there is left out. A line that cannot be read is given as `Skipped` and the rest goes on; whether the file is fit to be
served is what `verify` tells, not this.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO, Final, NamedTuple, Protocol

from chatserver import legacy_format
from chatserver.log.scan import LONGEST_LINE
from shared import record
from shared.errors import RecordError
from shared.transcript import Entry, entry

PATIENCE: Final = 1_000
"""Lines after which a file without one good line is given up."""

_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


class UnknownFormat(RecordError):
    """No line of the file is one of a history."""


class Skipped(NamedTuple):
    """A line that was left out: its number, counted from 1, and why."""

    number: int
    why: str


class Raw(NamedTuple):
    """A line as it stands in the file; `whole` when it ends with its newline, `end` is the offset behind it.

    Of a line over `LONGEST_LINE` only the beginning is kept.
    """

    number: int
    line: bytes
    whole: bool
    end: int

    def check(self) -> bytes:
        """The line, or `RecordError` where it is too long to be one."""
        if len(self.line) > LONGEST_LINE:
            raise RecordError(f"it has more than {LONGEST_LINE:,} bytes")
        return self.line


class Selection(NamedTuple):
    """What the reader wants: from `start` up to, and without, `end` (both aware), and one room or all."""

    room: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class NoRooms(RecordError):
    """One room was asked for, and the format of the file has none."""


class _Format(Protocol):
    """Reads the lines of one format in their order."""

    def fits(self, raw: Raw) -> bool:
        """Whether this is a good line of this format. Changes nothing."""
        ...

    def read(self, raw: Raw) -> Entry | None:
        """The entry, None where it is not wanted or the line has none, or `RecordError`."""
        ...

    @property
    def done(self) -> bool:
        """Whether nothing that is wanted can follow any more."""
        ...


class Reading:
    """One pass over a file that is open for reading in binary. Iterate once."""

    def __init__(self, stream: BinaryIO, selection: Selection, zone: tzinfo | None) -> None:
        self.offset = 0
        """Bytes read so far."""
        self._stream = stream
        self._formats: tuple[_Format, ...] = (_Parley(selection, zone), _Legacy(selection, zone))

    def __iter__(self) -> Iterator[Entry | Skipped]:
        """Entries in the order of the file. `UnknownFormat` where no line is good, `NoRooms` as it says."""
        lines = self._counted(raw_lines(self._stream))
        waiting: list[Raw] = []
        for raw in lines:
            waiting.append(raw)
            chosen = next((form for form in self._formats if form.fits(raw)), None)
            if chosen:
                for early in waiting:
                    yield from _read(chosen, early)
                yield from self._rest(chosen, lines)
                return
            if len(waiting) == PATIENCE:
                break
        if any(raw.whole for raw in waiting):
            raise UnknownFormat("it is neither a history of Parley nor one of the older program")

    def _counted(self, lines: Iterator[Raw]) -> Iterator[Raw]:
        for raw in lines:
            self.offset = raw.end
            yield raw

    def _rest(self, chosen: _Format, lines: Iterator[Raw]) -> Iterator[Entry | Skipped]:
        for raw in lines:
            yield from _read(chosen, raw)
            if chosen.done:
                return


def raw_lines(stream: BinaryIO) -> Iterator[Raw]:
    """The lines of a file that is open for reading in binary, up to the end that it has now."""
    number = end = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        end += len(line)
        whole = line.endswith(b"\n")
        if len(line) > LONGEST_LINE:
            while not whole and (more := stream.readline(LONGEST_LINE)):
                end += len(more)
                whole = more.endswith(b"\n")
        yield Raw(number, line, whole, end)
        if not whole:
            return


def _read(form: _Format, raw: Raw) -> Iterator[Entry | Skipped]:
    try:
        found = form.read(raw)
    except NoRooms:
        raise
    except RecordError as error:
        if raw.whole:
            yield Skipped(raw.number, str(error))
        return
    if found:
        yield found


class _Parley:
    """`chat_history.txt`. After a bad line the chain goes on from the hash that the line shows, if it shows one."""

    def __init__(self, selection: Selection, zone: tzinfo | None) -> None:
        self.done = False
        self._zone = zone
        self._chain: bytes | None = record.GENESIS
        self._room = selection.room.encode() if selection.room is not None else None
        self._start = selection.start.astimezone(UTC).strftime(_TIME).encode() if selection.start else b""
        self._end = selection.end.astimezone(UTC).strftime(_TIME).encode() if selection.end else b"~"

    def fits(self, raw: Raw) -> bool:
        try:
            if raw.number == 1:
                record.decode_header(raw.line)
            else:
                record.parse(_unsealed(raw.check())[0])
        except RecordError:
            return False
        return True

    def read(self, raw: Raw) -> Entry | None:
        if not raw.whole:
            return None
        before, self._chain = self._chain, None
        body, self._chain = _unsealed(raw.check())
        if raw.number == 1:
            record.decode_header(raw.line)
            return None
        if before is not None:
            record.unseal(raw.line, before)
        columns = body.split(b"\t", 3)
        if len(columns) == 4:
            if columns[1] >= self._end:
                self.done = True
            if columns[1] < self._start or columns[1] >= self._end or self._room not in (None, columns[2]):
                return None
        return entry(record.parse(body), self._zone)


def _unsealed(line: bytes) -> tuple[bytes, bytes]:
    """`(the line without its hash, the hash that it shows)`, whether it fits or not; `RecordError` without one."""
    return line[: line.rfind(b"\t~")], record.seal_of(line)


class _Legacy:
    """The file of the older program. It has one conversation and no name for it."""

    done = False

    def __init__(self, selection: Selection, zone: tzinfo | None) -> None:
        self._zone = zone
        self._selection = selection
        self._clock = legacy_format.WallClock(zone)

    def fits(self, raw: Raw) -> bool:
        try:
            legacy_format.parse(raw.check())
        except RecordError:
            return False
        return True

    def read(self, raw: Raw) -> Entry | None:
        if self._selection.room is not None:
            raise NoRooms("it is a file of the older program and has no rooms; leave --room out")
        line = legacy_format.parse(raw.check())
        moment = self._clock.instant(line.moment)
        start, end = self._selection.start, self._selection.end
        if (start and moment < start) or (end and moment >= end):
            return None
        return Entry(moment.astimezone(self._zone), "", line.sender, line.text, line.notice)
