"""The history as the search reads it: what was said, and what became of it, from any place forwards or backwards.

Reads the file that the log writes, and never further than what was published. Nothing here is shared with the index's
own thread: each thread that searches or feeds opens the file for itself.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from chatserver.log.contract import LogError
from chatserver.log.scan import LONGEST_LINE, line_before, read_header
from shared.errors import RecordError
from shared.folding import folded
from shared.protocol import Deleted, Edited, Message
from shared.record import parse, seal_of

PIECE: Final = 1 << 16
"""Bytes of one read: some 400 lines."""
WIDE: Final = 1 << 20
"""The same where lines are only looked over."""
_SEAL: Final = 19
_CHANGES: Final = (b"\tedited\t", b"\tdeleted\t")


class Spot(NamedTuple):
    """Just behind the line of event `seq`, at this byte of the file."""

    seq: int
    offset: int


class Said(NamedTuple):
    """A message; `text` is folded."""

    seq: int
    room: str
    user: str
    text: str
    files: bool


class Change(NamedTuple):
    """Event `at` gave message `of` another text (folded), or took it away: None."""

    at: int
    room: str
    of: int
    text: str | None


def seq_of(line: bytes) -> int:
    """The number that a line begins with."""
    return int(line[: line.index(b"\t")])


def read_line(line: bytes) -> Said | Change | None:
    """What a line says, None where it changes nothing that can be searched."""
    try:
        event = parse(line[:-_SEAL])
    except RecordError as error:
        raise LogError(f"A line of the history was changed while the server ran: {error}.") from None
    match event:
        case Message():
            return Said(event.seq, event.room, event.user, folded(event.text), bool(event.files))
        case Edited():
            return Change(event.seq, event.room, event.of, folded(event.text))
        case Deleted():
            return Change(event.seq, event.room, event.of, None)
    return None


def newest(changes: dict[tuple[str, int], Change], change: Change) -> None:
    """Keep the change that counts, by room and message: the last one, but nothing comes after a deletion."""
    earlier = changes.get((change.room, change.of))
    if earlier is None or earlier.text is not None:
        changes[change.room, change.of] = change


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    """Where these bytes stand."""
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


class HistoryFile:
    """The open file, for one thread. Everything may raise `OSError`, and `LogError` where it is not as it was written.

    Offsets that are given are ends of lines.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb", buffering=0)  # what a buffer read ahead the log may still take back
        try:
            self.start = Spot(0, read_header(self._file)[1].offset)
        except RecordError as error:
            self._file.close()
            raise LogError(f"{path} is no history any more: {error}.") from None

    def close(self) -> None:
        self._file.close()

    def seal(self, offset: int) -> bytes | None:
        """The hash of the line that ends at this offset, None where none does."""
        try:
            return seal_of(line_before(self._file, offset))
        except RecordError:
            return None

    def forwards(self, begin: int, end: int) -> Iterator[tuple[list[bytes], int]]:
        """The lines between two offsets in pieces, each with the offset of its end."""
        for data in self._pieces(begin, end, PIECE):
            begin += len(data)
            yield data.splitlines(keepends=True), begin

    def _pieces(self, begin: int, end: int, size: int) -> Iterator[bytes]:
        while begin < end:
            data = self._read(begin, min(size, end - begin))
            whole = data.rfind(b"\n") + 1
            if not whole:
                size = self._longer(size)
                continue
            begin += whole
            yield data[:whole]

    def backwards(self, begin: int, end: int, size: int = PIECE) -> Iterator[list[bytes]]:
        """The same from the end to the begin: each piece, and each line in it, before the one that it follows."""
        while begin < end:
            start = max(begin, end - size)
            data = self._read(start, end - start)
            broken = data.find(b"\n") + 1 if start > begin else 0  # the line there began before this piece
            if broken == len(data):
                size = self._longer(size)
                continue
            end = start + broken
            yield data[broken:].splitlines(keepends=True)[::-1]

    def changes(self, begin: int, end: int) -> Iterator[Change]:
        """The changes alone between two offsets: hardly slower than reading."""
        for data in self._pieces(begin, end, WIDE):
            starts = {data.rfind(b"\n", 0, place) + 1 for mark in _CHANGES for place in _places(data, mark)}
            for start in sorted(starts):
                found = read_line(data[start : data.index(b"\n", start) + 1])
                if isinstance(found, Change):
                    yield found

    def offset_of(self, seq: int, begin: int, end: int) -> int:
        """Between these offsets, where the first line begins whose seq is not smaller; `end` where none is."""
        while begin < end:
            line, start = self.line_at((begin + end) // 2, begin, end)
            if seq_of(line) < seq:
                begin = start + len(line)
            else:
                end = start
        return end

    def line_at(self, offset: int, begin: int, end: int) -> tuple[bytes, int]:
        """The line that holds the byte at this offset, and where it begins; it lies between `begin` and `end`."""
        size = PIECE // 16
        while True:
            start, stop = max(begin, offset - size), min(end, offset + size)
            data = self._read(start, stop - start)
            first = data.rfind(b"\n", 0, offset - start) + 1
            last = data.find(b"\n", offset - start) + 1
            if last and (first or start == begin):
                return data[first:last], start + first
            size = self._longer(size)

    def _read(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        data = self._file.read(size)
        if len(data) < size:
            raise LogError("The history is shorter than it was. Restore it from a backup.")
        return data

    @staticmethod
    def _longer(size: int) -> int:
        if size > LONGEST_LINE:
            raise LogError("The history holds a line that is longer than any can be.")
        return size * 4
