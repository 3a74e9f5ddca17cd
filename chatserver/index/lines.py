"""Reading lines of chat_history.txt back, neighbours in one read: nothing of a message is stored twice."""

import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from chatserver.index.postings import Entry
from chatserver.log.contract import LogError
from shared.errors import RecordError
from shared.protocol import AnyEvent
from shared.record import parse

GAP: Final = 4096
"""Bytes between two wanted lines that are cheaper to read than to leap over."""
READ: Final = 1 << 18
SEARCHED: Final = 1 << 16
"""Bytes that are looked through at once for a time: half a chunk of short lines."""
_SEAL: Final = 19


class Lines:
    """The open file. Every method may raise `OSError`, and `LogError` where the file is not what the index knows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("rb", buffering=0)

    def close(self) -> None:
        self._file.close()

    def stamp(self) -> tuple[int, int]:
        """The history's size and its time of change in nanoseconds."""
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns

    def events(self, entries: Sequence[Entry]) -> list[AnyEvent]:
        """The events of these entries, which are in the order of seq, with `prev`."""
        return [self._event(line, entry) for entry, line in zip(entries, self._raw(entries), strict=True)]

    def text(self, entry: Entry) -> str:
        """One line as it stands there, its hash included, without the newline."""
        line = next(self._raw([entry]))
        self._event(line, entry)  # or `LogError` where something else stands there by now
        return line[:-1].decode()

    def run(self, begin: int, last: int, first: int, offset: int) -> Iterator[AnyEvent]:
        """The events from one seq to another, of all rooms, without `prev`.

        `first`, which is not after them, and `offset` say where reading begins.
        """
        seq = first
        for lines in self._pieces(offset, READ):
            for line in lines:
                if seq > last:
                    return
                if seq >= begin:
                    yield self._event(line, Entry(seq, 0, 0, 0, 0))
                seq += 1
        if seq <= last:
            raise LogError(f"{self._path} ends before event {last}. Restore it from a backup.")

    def seq_at(self, time: str, first: int, offset: int) -> int | None:
        """The first seq with this time or a later one, from a seq on whose line begins at this offset; None where the
        file ends before."""
        wanted = time.encode()
        for lines in self._pieces(offset, SEARCHED):
            if lines and _time(lines[-1]) >= wanted:
                return first + bisect_left(lines, wanted, key=_time)
            first += len(lines)
        return None

    def _raw(self, entries: Sequence[Entry]) -> Iterator[bytes]:
        """The line of each entry."""
        start = 0
        while start < len(entries):
            end = start + 1
            begin = entries[start].offset
            reach = begin + entries[start].size
            while end < len(entries) and entries[end].offset - reach <= GAP and reach - begin < READ:
                reach = entries[end].offset + entries[end].size
                end += 1
            self._file.seek(begin)
            data = self._exactly(reach - begin)
            for entry in entries[start:end]:
                yield data[entry.offset - begin : entry.offset - begin + entry.size]
            start = end

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._file.read(size - len(data))
            if not more:
                raise LogError(f"{self._path} is shorter than it was. Restore it from a backup.")
            data += more
        return data

    def _pieces(self, offset: int, size: int) -> Iterator[list[bytes]]:
        """The whole lines from an offset on, as many at once as so many bytes hold."""
        rest = b""
        self._file.seek(offset)
        while data := self._file.read(size):
            *lines, rest = (rest + data).split(b"\n")
            yield lines

    def _event(self, line: bytes, entry: Entry) -> AnyEvent:
        try:
            event = parse(line.removesuffix(b"\n")[: 1 - _SEAL])
        except RecordError as error:
            raise self._changed(entry.seq, str(error)) from None
        if event.seq != entry.seq:
            raise self._changed(entry.seq, f"its sequence number is {event.seq}")
        event.prev = entry.prev
        return event

    def _changed(self, seq: int, why: str) -> LogError:
        return LogError(
            f"Line {seq + 1} of {self._path} was changed while the server ran: {why}. "
            f"`python -m chatserver verify {self._path}` shows it; restore it from a backup."
        )


def _time(line: bytes) -> bytes:
    """When the event of a line happened; a line that is none of an event sorts before all."""
    columns = line.split(b"\t", 2)
    return columns[1] if len(columns) > 1 else b""
