"""The index in SQLite: where every event of chat_history.txt stands, by room and by the id its author gave it.

All of it is derived. Entries are appended to packed postings in memory, the newest of each room, and written with the
watermark in one transaction now and then (`flush`); a crash in between costs the reading of a few thousand lines at
the next start. Ids are kept as 64-bit hashes in the order of seq, 1,024 to a chunk: a look-up reads through them all,
which is a few milliseconds for a million, and happens only where the filter in `chatserver.index.seen` says "perhaps".

One thread at a time may use a store.
"""

import logging
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from chatserver.index.base import Base
from chatserver.index.kinds import KIND, MESSAGE
from chatserver.index.mentions import Mentions
from chatserver.index.postings import FULL_BYTES, Entry, Posting, last_seq, newer, older, others, pack
from chatserver.index.seen import HASH, Layer, Seen
from chatserver.log.scan import Place
from shared.protocol import AnyEvent, Message

CHUNK_IDS: Final = 1024
FLUSH_AFTER: Final = 16_384
"""Events that may be waiting in memory before they are written."""
FILTER_EVERY: Final = 131_072
"""Events between two copies of the filter, of some MiB; the ids since then are added again at the next start."""
FILTER_AT_END: Final = 20_000
"""The same when the index is closed: fewer are added again in some 10 ms."""
OPEN_ROOMS: Final = 4096
"""Rooms whose newest posting may stay in memory."""
MANY: Final = 64
"""Postings that are fetched at once from who has taken some: half a MiB."""
FEW: Final = 20
"""Ids that are looked for one by one; more of them are compared with every hash."""

_SAVE_POSTING: Final = (
    "INSERT INTO posting (room, first, entries) VALUES (?, ?, ?) "
    "ON CONFLICT (room, first) DO UPDATE SET entries = excluded.entries"
)


_log = logging.getLogger(__name__)


class Feed(NamedTuple):
    """Consecutive events for the index: the bytes of each line, the hash of each id, the offset of the first line.

    `place` is the end of the last line: with it the watermark moves.
    """

    events: Sequence[AnyEvent]
    sizes: Sequence[int]
    hashes: Sequence[bytes]
    offset: int
    place: Place


class _Chunk:
    """The hashes of up to `CHUNK_IDS` events from `first` on, whose line begins at `offset`."""

    __slots__ = ("first", "hashes", "offset")

    def __init__(self, first: int, offset: int, hashes: bytes = b"") -> None:
        self.first = first
        self.offset = offset
        self.hashes = bytearray(hashes)


class Store:
    """See the module. `place` is how far the index has come; `epoch` is the history's."""

    def __init__(self, base: Base, epoch: str, place: Place) -> None:
        self.epoch = epoch
        self.place = place
        self._base = base
        self._unflushed = 0
        self._filtered = 0
        self._tails: dict[str, Posting] = {}
        self._rooms: dict[str, int] = {name: number for number, name in base.rows("SELECT id, name FROM room")}
        self._people: dict[str, int] = {name: number for number, name in base.rows("SELECT id, name FROM person")}
        self._mentions = Mentions(base)
        row = base.row("SELECT first, offset, hashes FROM chunk ORDER BY first DESC LIMIT 1")
        self._chunk: _Chunk | None = _Chunk(*row) if row else None

    @classmethod
    def create(cls, path: Path, epoch: str, place: Place) -> Self:
        """An empty index in place of whatever stands there. Without a watermark until its first `flush`."""
        return cls(Base(path, new=True), epoch, place)

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """The index as it was left, or None where there is none that can be used: then build a new one."""
        if not path.exists():
            return None
        base = None
        try:
            base = Base(path, new=False)
            row = base.row("SELECT epoch, seq, offset, chain, time FROM watermark")
            if row is not None:
                return cls(base, row[0], Place(*row[1:]))
        except sqlite3.DatabaseError as error:
            _log.info("The index %s cannot be used: %s.", path, error)
        if base is not None:
            base.close()
        return None

    # --- feeding ----------------------------------------------------------------------------------------------

    def add(self, feed: Feed) -> None:
        """Take in the events after `place`."""
        tails, people, kinds = self._tails, self._people, KIND
        offset = feed.offset
        for event, size in zip(feed.events, feed.sizes, strict=True):
            tail = tails.get(event.room) or self._tail(event.room)
            entries = tail.entries
            if len(entries) >= FULL_BYTES:
                self._save(tail)
                entries = tail.entries = bytearray()
            if not entries:
                tail.first = event.seq
            person = people.get(event.user) or self._person(event.user)
            entries += pack(event.seq, offset, event.prev, size, person << 4 | kinds[type(event)])
            if type(event) is Message and "@" in event.text:
                self._mentions.add(event.text, person, tail.room, event.seq)
            tail.dirty = True
            offset += size
        self._add_ids(feed)
        self._unflushed += len(feed.events)
        self.place = feed.place

    def _add_ids(self, feed: Feed) -> None:
        """Fill the open chunk; the offset of a new one is that of its first line."""
        done, offset, count = 0, feed.offset, len(feed.hashes)
        while done < count:
            chunk = self._chunk
            if chunk is None or len(chunk.hashes) >= CHUNK_IDS * HASH:
                if chunk is not None:
                    self._save_chunk(chunk)
                chunk = self._chunk = _Chunk(feed.events[done].seq, offset)
            step = min(CHUNK_IDS - len(chunk.hashes) // HASH, count - done)
            chunk.hashes += b"".join(feed.hashes[done : done + step])
            offset += sum(feed.sizes[done : done + step])
            done += step

    @property
    def wants_flush(self) -> bool:
        return self._unflushed >= FLUSH_AFTER

    def flush(self, *, complete: bool = True) -> None:
        """Write what is in memory; `sqlite3.OperationalError` where there is no room: nothing is lost, try again later.

        `complete=False` while a new index is being built: no watermark yet."""
        for tail in self._tails.values():
            if tail.dirty:
                self._save(tail)
        if self._chunk is not None:
            self._save_chunk(self._chunk)
        if complete:
            seq, offset, chain, time = self.place
            self._base.write("REPLACE INTO watermark VALUES (1, ?, ?, ?, ?, ?)", (self.epoch, seq, offset, chain, time))
        self._base.commit()
        self._unflushed = 0
        if len(self._tails) > OPEN_ROOMS:
            self._tails.clear()
        self._mentions.flushed()

    def stamp(self) -> tuple[int, int] | None:
        """How the history's file was left, as `keep_stamp` had it; None after a crash. Gone with the next flush."""
        found = self._base.row("SELECT size, changed FROM stamp")
        self._base.write("DELETE FROM stamp", ())
        return found and (int(found[0]), int(found[1]))

    def keep_stamp(self, size: int, changed: int) -> None:
        """The file's size and its time of change (ns) when it was closed in order; durable after the next flush."""
        self._base.write("REPLACE INTO stamp VALUES (1, ?, ?)", (size, changed))

    def close(self) -> None:
        """Without a flush: what was not written is read again next time."""
        self._base.close()

    def remove(self) -> None:
        """Delete the files of a closed index, so that the next start builds it anew."""
        self._base.remove()

    def ready(self) -> None:
        """Call it before questions; `sqlite3.OperationalError` where they cannot be answered now."""
        self._base.ready()

    def _save(self, tail: Posting) -> None:
        self._base.write(_SAVE_POSTING, (tail.room, tail.first, bytes(tail.entries)))
        self._base.write("UPDATE room SET last = ? WHERE id = ?", (last_seq(tail.entries), tail.room))
        tail.dirty = False

    def _save_chunk(self, chunk: _Chunk) -> None:
        self._base.write("REPLACE INTO chunk VALUES (?, ?, ?)", (chunk.first, chunk.offset, bytes(chunk.hashes)))

    def _tail(self, name: str) -> Posting:
        """The newest posting of a room, from the base where it is not in memory yet; the room is new where unknown."""
        number = self._rooms.get(name)
        if number is None:
            number = self._rooms[name] = len(self._rooms) + 1
            self._base.write("INSERT INTO room VALUES (?, ?, 0)", (number, name))
            tail = Posting(number)
        else:
            self._base.ready()
            row = self._base.row(
                "SELECT first, entries FROM posting WHERE room = ? ORDER BY first DESC LIMIT 1", (number,)
            )
            tail = Posting(number, *(row or ()))
        self._tails[name] = tail
        return tail

    def _person(self, name: str) -> int:
        number = self._people[name] = len(self._people) + 1
        self._base.write("INSERT INTO person VALUES (?, ?, ?)", (number, name, self._mentions.meet(name, number)))
        return number

    # --- looking up -------------------------------------------------------------------------------------------

    def last_seqs(self) -> dict[str, int]:
        """The newest seq of every room."""
        found: dict[str, int] = dict(self._base.rows("SELECT name, last FROM room"))
        found.update((name, last_seq(tail.entries)) for name, tail in self._tails.items() if tail.entries)
        return found

    def newer(self, room: str, after: int) -> Iterator[Entry]:
        """The room's entries after a seq, oldest first."""
        for entries in self._postings(room, after):
            yield from newer(entries, after)

    def messages(self, user: str, room: str, after: int) -> int:
        """How many messages of other people the room has after a seq."""
        mine = self._people.get(user, 0)
        return sum(others(entries, after, MESSAGE, mine) for entries in self._postings(room, after))

    def mentions(self, user: str, room: str, after: int) -> int:
        """How many of these speak to this person."""
        return self._mentions.after(user, self._people.get(user, 0), self._rooms.get(room, 0), after)

    def _postings(self, room: str, after: int) -> Iterator[bytes | bytearray]:
        """The packed entries of a room from the one that may hold the seq behind `after` on."""
        if room not in self._rooms:
            return
        tail = self._tails.get(room) or self._tail(room)
        if tail.entries and tail.first <= after + 1:
            yield tail.entries
            return
        end = tail.first if tail.entries else self.place.seq + 1
        row = self._base.row("SELECT max(first) FROM posting WHERE room = ? AND first <= ?", (tail.room, after + 1))
        at, count = row[0] or 0, 1
        while rows := self._base.rows(
            "SELECT first, entries FROM posting WHERE room = ? AND first >= ? AND first < ? ORDER BY first LIMIT ?",
            (tail.room, at, end, count),
        ):
            at, count = rows[-1][0] + 1, min(4 * count, MANY)
            for _, entries in rows:
                yield entries
        yield tail.entries

    def older(self, room: str, below: int) -> Iterator[Entry]:
        """The room's entries before a seq, newest first."""
        if room not in self._rooms:
            return
        tail = self._tails.get(room) or self._tail(room)
        yield from older(tail.entries, below)
        at = min(below, tail.first) if tail.entries else below
        while True:
            row = self._base.row(
                "SELECT first, entries FROM posting WHERE room = ? AND first < ? ORDER BY first DESC LIMIT 1",
                (tail.room, at),
            )
            if row is None:
                return
            at = row[0]
            yield from older(row[1], below)

    def near(self, seq: int) -> tuple[int, int]:
        """`(first seq, offset of its line)` of the chunk that holds this seq: read forward from there."""
        chunk = self._chunk
        if chunk is not None and chunk.first <= seq:
            return chunk.first, chunk.offset
        row: tuple[int, int] | None = self._base.row(
            "SELECT first, offset FROM chunk WHERE first <= ? ORDER BY first DESC LIMIT 1", (seq,)
        )
        if row is None:
            raise LookupError(f"no chunk holds seq {seq}")
        return row

    def seqs_of(self, hashes: Iterable[bytes]) -> list[int]:
        """The seqs of the events whose id has one of these hashes: usually one or none for each."""
        wanted = frozenset(hashes)
        numbers = frozenset(int.from_bytes(each, sys.byteorder) for each in wanted)
        found: list[int] = []
        for first, chunk in self._chunks():
            if len(wanted) < FEW and not any(each in chunk for each in wanted):
                continue
            words = memoryview(chunk).cast("Q")
            if not numbers.isdisjoint(words):
                found += [first + place for place, word in enumerate(words) if word in numbers]
        return found

    def _chunks(self, since: int = 0) -> Iterator[tuple[int, bytes]]:
        open_chunk = self._chunk
        end = open_chunk.first if open_chunk is not None else 0
        at = since - CHUNK_IDS
        query = "SELECT first, hashes FROM chunk WHERE first > ? AND first < ? ORDER BY first LIMIT 64"
        while rows := self._base.rows(query, (at, end)):
            yield from rows
            at = rows[-1][0]
        if open_chunk is not None:
            yield open_chunk.first, bytes(open_chunk.hashes)

    # --- the filter, and the rooms' snapshot --------------------------------------------------------------------

    def load_filter(self) -> Seen:
        """The filter over every id up to `place`: the copy that was kept, and the ids since."""
        rows = self._base.rows("SELECT capacity, count, words, through FROM layer ORDER BY number")
        through = self._filtered = min((row[3] for row in rows), default=0)
        seen = Seen([Layer(capacity, count, words) for capacity, count, words, _ in rows], through)
        for first, hashes in self._chunks(through + 1):
            seen.add_all(hashes[max(0, through + 1 - first) * HASH :], first + len(hashes) // HASH - 1)
        return seen

    def keep_filter(self, seen: Seen, worth: int = FILTER_AT_END) -> None:
        """Keep a copy where so many ids came since the last one."""
        through = min(seen.through, self.place.seq)
        if through - self._filtered < worth:
            return
        self._filtered = through
        for number, each in enumerate(seen.layers):
            row = (number, each.capacity, each.count, through, each.words.tobytes())
            self._base.write("REPLACE INTO layer VALUES (?, ?, ?, ?, ?)", row)

    def state(self) -> tuple[int, bytes] | None:
        """The snapshot kept last and the seq it is of."""
        row: tuple[int, bytes] | None = self._base.row("SELECT seq, data FROM state")
        return row

    def put_state(self, seq: int, data: bytes) -> None:
        """Keep a snapshot. It is on disk after the next flush, together with a watermark that is not before it."""
        self._base.write("REPLACE INTO state VALUES (1, ?, ?)", (seq, data))
