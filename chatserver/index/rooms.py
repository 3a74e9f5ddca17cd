"""The postings of every room: the newest of each in memory, the others in the base.

What becomes of an old message sets a bit in its old posting, which stays in memory then until the next flush.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from chatserver.index.base import Base
from chatserver.index.postings import (
    Entry,
    Posting,
    entry_of,
    last_entry,
    last_seq,
    messages,
    newer,
    newer_shown,
    older_shown,
    others,
    set_bit,
)

OPEN_ROOMS: Final = 4096
"""Rooms whose newest posting may stay in memory."""
MANY: Final = 64
"""Postings that are fetched at once from who has taken some: half a MiB."""

_SAVE: Final = (
    "INSERT INTO posting (room, first, messages, entries) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (room, first) DO UPDATE SET messages = excluded.messages, entries = excluded.entries"
)


class RoomPostings:
    """`tails` holds the newest posting of each open room, by name, for whoever appends to it.

    reopened    how many old postings are in memory because one of their messages changed
    """

    def __init__(self, base: Base) -> None:
        self.tails: dict[str, Posting] = {}
        self._base = base
        self._old: dict[tuple[int, int], Posting] = {}
        self._numbers: dict[str, int] = {name: number for number, name in base.rows("SELECT id, name FROM room")}

    @property
    def reopened(self) -> int:
        return len(self._old)

    def number(self, room: str) -> int:
        """The number of a room, 0 where nothing ever was said in it."""
        return self._numbers.get(room, 0)

    def tail(self, room: str) -> Posting:
        """The newest posting of a room, from the base where it is not in memory yet; the room is new where unknown."""
        if (open_tail := self.tails.get(room)) is not None:
            return open_tail
        number = self._numbers.get(room)
        if number is None:
            number = self._numbers[room] = len(self._numbers) + 1
            self._base.write("INSERT INTO room VALUES (?, ?, 0)", (number, room))
            tail = Posting(number)
        else:
            self._base.ready()
            row = self._base.row(
                "SELECT first, entries FROM posting WHERE room = ? ORDER BY first DESC LIMIT 1", (number,)
            )
            tail = Posting(number, *(row or ()))
        self.tails[room] = tail
        return tail

    def begin(self, tail: Posting, first: int) -> bytearray:
        """Begin the next posting where the newest is full (it is written), or the room's first, with this seq; returns
        its empty entries."""
        if tail.entries:
            self._save_tail(tail)
            tail.entries = bytearray()
        tail.first = first
        return tail.entries

    def flush(self) -> None:
        """Write what is in memory."""
        for tail in self.tails.values():
            if tail.dirty:
                self._save_tail(tail)
        for posting in self._old.values():
            self._save(posting)
        self._old.clear()

    def flushed(self) -> None:
        """Everything is on the disk: what is too much to remember may be forgotten."""
        if len(self.tails) > OPEN_ROOMS:
            self.tails.clear()

    def _save_tail(self, tail: Posting) -> None:
        self._save(tail)
        self._base.write("UPDATE room SET last = ? WHERE id = ?", (last_seq(tail.entries), tail.room))

    def _save(self, posting: Posting) -> None:
        entries = bytes(posting.entries)
        self._base.write(_SAVE, (posting.room, posting.first, messages(entries), entries))
        posting.dirty = False

    # --- one event --------------------------------------------------------------------------------------------

    def entry(self, room: str, seq: int) -> Entry | None:
        """The entry of this seq, None where that is no event of this room."""
        found = self._holding(room, seq)
        return entry_of(found[1], seq) if found is not None else None

    def set_bit(self, room: str, seq: int, bit: int) -> None:
        """Mark an entry that is there."""
        found = self._holding(room, seq)
        assert found is not None
        posting = self.tails[room]
        first, entries = found
        if first != posting.first:
            number = posting.room
            posting = self._old.setdefault((number, first), Posting(number, first, entries))
        set_bit(posting.entries, seq, bit)
        posting.dirty = True

    def _holding(self, room: str, seq: int) -> tuple[int, bytes | bytearray] | None:
        """The first seq and the entries of the posting that holds this seq if the room does."""
        if room not in self._numbers or seq < 1:
            return None
        tail = self.tails.get(room) or self.tail(room)
        if tail.entries and tail.first <= seq:
            return tail.first, tail.entries
        self._base.ready()
        row = self._base.row(
            "SELECT first, entries FROM posting WHERE room = ? AND first <= ? ORDER BY first DESC LIMIT 1",
            (tail.room, seq),
        )
        return row and (row[0], self._now(tail.room, *row))

    def _now(self, room: int, first: int, entries: bytes) -> bytes | bytearray:
        """The entries of a posting of the base, as they are in memory where one of them was marked since."""
        posting = self._old.get((room, first)) if self._old else None
        return entries if posting is None else posting.entries

    # --- many events ------------------------------------------------------------------------------------------

    def last_seqs(self) -> dict[str, int]:
        """The newest seq of every room."""
        found: dict[str, int] = dict(self._base.rows("SELECT name, last FROM room"))
        found.update((name, last_seq(tail.entries)) for name, tail in self.tails.items() if tail.entries)
        return found

    def previous(self, room: str, seq: int) -> int:
        """The seq of the room's event before this one, 0 for its first."""
        entry = next((last_entry(entries, seq) for entries in self._backwards(room, seq)), None)
        return entry.seq if entry is not None else 0

    def newer(self, room: str, after: int) -> Iterator[Entry]:
        """The room's entries after a seq, oldest first."""
        for entries in self._forwards(room, after):
            yield from newer(entries, after)

    def newer_shown(self, room: str, after: int) -> Iterator[Entry]:
        """As `newer`, without the changes of messages."""
        for entries in self._forwards(room, after):
            yield from newer_shown(entries, after)

    def older_shown(self, room: str, below: int) -> Iterator[Entry]:
        """The room's entries before a seq, without the changes of messages, newest first."""
        for entries in self._backwards(room, below):
            yield from older_shown(entries, below)

    def others(self, room: str, after: int, author: int) -> int:
        """How many messages after a seq are not by this author; deleted ones do not count."""
        return sum(others(entries, after, author) for entries in self._forwards(room, after))

    def between(self, room: str, borders: Sequence[int]) -> list[int]:
        """How many messages from each of these seqs up to, and without, the next; deleted ones do not count."""
        if room not in self._numbers:
            return [0] * (len(borders) - 1)
        tail = self.tails.get(room) or self.tail(room)
        rows = self._base.rows(
            "SELECT first, messages FROM posting WHERE room = ? AND first <= ? "
            "AND first >= (SELECT coalesce(max(first), 0) FROM posting WHERE room = ? AND first <= ?) ORDER BY first",
            (tail.room, borders[-1], tail.room, borders[0]),
        )
        counted: dict[int, int] = dict(rows)
        for (number, first), posting in self._old.items():
            if number == tail.room and first in counted:
                counted[first] = messages(posting.entries)
        if tail.entries and tail.first <= borders[-1]:
            counted[tail.first] = messages(tail.entries)
        firsts, sums = list(counted), [0]
        for count in counted.values():
            sums.append(sums[-1] + count)
        below = [self._below(room, border, firsts, sums) for border in borders]
        return [end - begin for begin, end in pairwise(below)]

    def _below(self, room: str, border: int, firsts: list[int], sums: list[int]) -> int:
        """How many messages the postings that begin with `firsts` have under a seq; `sums` are those before each."""
        place = bisect_right(firsts, border) - 1
        if place < 0 or firsts[place] == border:
            return sums[bisect_left(firsts, border)]
        found = self._holding(room, border)
        assert found is not None
        return sums[place] + messages(found[1], border)

    def _forwards(self, room: str, after: int) -> Iterator[bytes | bytearray]:
        """The postings of a room from the one that may hold the seq behind `after` on."""
        if room not in self._numbers:
            return
        tail = self.tails.get(room) or self.tail(room)
        if tail.entries and tail.first <= after + 1:
            yield tail.entries
            return
        end = tail.first if tail.entries else 1 << 62
        row = self._base.row("SELECT max(first) FROM posting WHERE room = ? AND first <= ?", (tail.room, after + 1))
        at, count = row[0] or 0, 1
        while rows := self._base.rows(
            "SELECT first, entries FROM posting WHERE room = ? AND first >= ? AND first < ? ORDER BY first LIMIT ?",
            (tail.room, at, end, count),
        ):
            at, count = rows[-1][0] + 1, min(4 * count, MANY)
            for first, entries in rows:
                yield self._now(tail.room, first, entries)
        yield tail.entries

    def _backwards(self, room: str, below: int) -> Iterator[bytes | bytearray]:
        """The postings of a room that begin under a seq, newest first."""
        if room not in self._numbers:
            return
        tail = self.tails.get(room) or self.tail(room)
        at = below
        if tail.entries:
            if tail.first < below:
                yield tail.entries
            at = min(below, tail.first)
        while row := self._base.row(
            "SELECT first, entries FROM posting WHERE room = ? AND first < ? ORDER BY first DESC LIMIT 1",
            (tail.room, at),
        ):
            at = row[0]
            yield self._now(tail.room, *row)
