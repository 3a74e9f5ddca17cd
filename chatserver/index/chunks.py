"""The ids of all events as 64-bit hashes in the order of seq, 1,024 to a chunk; and where, and when, each chunk begins.

A look-up of an id reads through all hashes, which is a few milliseconds for a million, and happens only where the
filter in `chatserver.index.seen` says "perhaps".
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Final

from chatserver.index.base import Base
from chatserver.index.feed import Feed
from chatserver.index.seen import HASH

CHUNK_IDS: Final = 1024
FEW: Final = 20
"""Ids that are looked for one by one; more of them are compared with every hash."""


class _Chunk:
    """The hashes of up to `CHUNK_IDS` events from `first` on, whose line begins at `offset` and bears this `time`."""

    __slots__ = ("first", "hashes", "offset", "time")

    def __init__(self, first: int, offset: int, time: str, hashes: bytes = b"") -> None:
        self.first = first
        self.offset = offset
        self.time = time
        self.hashes = bytearray(hashes)


class Chunks:
    """The newest chunk in memory, the others in the base."""

    def __init__(self, base: Base) -> None:
        self._base = base
        row = base.row("SELECT first, offset, time, hashes FROM chunk ORDER BY first DESC LIMIT 1")
        self._open: _Chunk | None = _Chunk(*row) if row else None

    def add(self, feed: Feed) -> None:
        """Fill the open chunk; the offset of a new one is that of its first line."""
        done, offset, count = 0, feed.offset, len(feed.hashes)
        while done < count:
            chunk = self._open
            if chunk is None or len(chunk.hashes) >= CHUNK_IDS * HASH:
                self.flush()
                chunk = self._open = _Chunk(feed.events[done].seq, offset, feed.events[done].time)
            step = min(CHUNK_IDS - len(chunk.hashes) // HASH, count - done)
            chunk.hashes += b"".join(feed.hashes[done : done + step])
            offset += sum(feed.sizes[done : done + step])
            done += step

    def flush(self) -> None:
        """Write the open chunk."""
        if (chunk := self._open) is not None:
            row = (chunk.first, chunk.offset, chunk.time, bytes(chunk.hashes))
            self._base.write("REPLACE INTO chunk VALUES (?, ?, ?, ?)", row)

    def near(self, seq: int) -> tuple[int, int]:
        """`(first seq, offset of its line)` of the chunk that holds this seq: read forward from there."""
        chunk = self._open
        if chunk is not None and chunk.first <= seq:
            return chunk.first, chunk.offset
        row: tuple[int, int] | None = self._base.row(
            "SELECT first, offset FROM chunk WHERE first <= ? ORDER BY first DESC LIMIT 1", (seq,)
        )
        if row is None:
            raise LookupError(f"no chunk holds seq {seq}")
        return row

    def before(self, time: str) -> tuple[int, int] | None:
        """`(first seq, offset of its line)` of the newest chunk that begins before a time, None where none does."""
        chunk = self._open
        if chunk is not None and chunk.time < time:
            return chunk.first, chunk.offset
        row: tuple[int, int] | None = self._base.row(
            "SELECT first, offset FROM chunk WHERE time < ? ORDER BY time DESC, first DESC LIMIT 1", (time,)
        )
        return row

    def seqs_of(self, hashes: Iterable[bytes]) -> list[int]:
        """The seqs of the events whose id has one of these hashes: usually one or none for each."""
        wanted = frozenset(hashes)
        numbers = frozenset(int.from_bytes(each, sys.byteorder) for each in wanted)
        found: list[int] = []
        for first, chunk in self.hashes():
            if len(wanted) < FEW and not any(each in chunk for each in wanted):
                continue
            words = memoryview(chunk).cast("Q")
            if not numbers.isdisjoint(words):
                found += [first + place for place, word in enumerate(words) if word in numbers]
        return found

    def hashes(self, since: int = 0) -> Iterator[tuple[int, bytes]]:
        """`(first seq, hashes)` of each chunk from the one that holds this seq on."""
        open_chunk = self._open
        end = open_chunk.first if open_chunk is not None else 0
        at = since - CHUNK_IDS
        query = "SELECT first, hashes FROM chunk WHERE first > ? AND first < ? ORDER BY first LIMIT 64"
        while rows := self._base.rows(query, (at, end)):
            yield from rows
            at = rows[-1][0]
        if open_chunk is not None:
            yield open_chunk.first, bytes(open_chunk.hashes)
