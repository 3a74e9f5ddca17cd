"""The index in SQLite: where every event of chat_history.txt stands, by room and by the id its author gave it.

All of it is derived. Entries are appended to packed postings in memory, the newest of each room, and written with the
watermark in one transaction now and then (`flush`); a crash in between costs the reading of a few thousand lines at
the next start. What is changed later (messages edited, deleted, reacted to) has rows of its own.

One thread at a time may use a store.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Final, Self

from chatserver.index.base import Base
from chatserver.index.bearers import Bearers
from chatserver.index.changes import Changes
from chatserver.index.chunks import Chunks
from chatserver.index.feed import Feed
from chatserver.index.kinds import CHANGES, KIND, MESSAGE
from chatserver.index.mentions import Mentions
from chatserver.index.postings import FULL_BYTES, pack
from chatserver.index.rooms import RoomPostings
from chatserver.index.seen import HASH, Layer, Seen
from chatserver.log.scan import Place
from shared.protocol import AnyEvent, Deleted, Edited, Message, Reacted

FLUSH_AFTER: Final = 16_384
"""Events that may be waiting in memory before they are written."""
REOPENED: Final = 16
"""For how many events an old posting counts that waits in memory because one of its messages changed."""
FILTER_EVERY: Final = 131_072
"""Events between two copies of the filter, of some MiB; the ids since then are added again at the next start."""
FILTER_AT_END: Final = 20_000
"""The same when the index is closed: fewer are added again in some 10 ms."""

_log = logging.getLogger(__name__)


class Store:
    """See the module. `place` is how far the index has come; `epoch` is the history's.

    rooms      where the events of each room stand
    chunks     ids, offsets and times of all events
    changes    what became of messages
    bearers    which messages bear which files
    """

    def __init__(self, base: Base, epoch: str, place: Place) -> None:
        self.epoch = epoch
        self.place = place
        self.rooms = RoomPostings(base)
        self.chunks = Chunks(base)
        self.changes = Changes(base, self.rooms)
        self.bearers = Bearers(base)
        self._base = base
        self._added = 0
        self._filtered = 0
        self._people: dict[str, int] = {name: number for number, name in base.rows("SELECT id, name FROM person")}
        self._mentions = Mentions(base)

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
        rooms, people = self.rooms, self._people
        tails = rooms.tails
        offset = feed.offset
        for event, size in zip(feed.events, feed.sizes, strict=True):
            try:  # quicker than `get`, and nearly always there
                tail = tails[event.room]
            except KeyError:
                tail = rooms.tail(event.room)
            entries = tail.entries
            if not 0 < len(entries) < FULL_BYTES:
                entries = rooms.begin(tail, event.seq)
            try:
                person = people[event.user]
            except KeyError:
                person = self._person(event.user)
            if type(event) is Message:
                entries += pack(event.seq, offset, event.prev, size, person << 8 | MESSAGE)
                if "@" in event.text:
                    self._mentions.add(event.text, person, tail.room, event.seq)
                if event.files:
                    self.bearers.add(event.files, tail.room, event.seq)
            else:
                kind = KIND[type(event)]
                entries += pack(event.seq, offset, event.prev, size, person << 8 | kind)
                if kind in CHANGES:
                    self._change(event, offset, size)
            tail.dirty = True
            offset += size
        self.chunks.add(feed)
        self._added += len(feed.events)
        self.place = feed.place

    def _change(self, event: AnyEvent, offset: int, size: int) -> None:
        """Take in what changes a message."""
        if isinstance(event, Edited):
            self.changes.edit(event, offset, size)
        elif isinstance(event, Reacted):
            self.changes.react(event)
        elif isinstance(event, Deleted) and self.changes.delete(event):
            self._mentions.delete(event.of)
            self.bearers.delete(event.of)

    @property
    def unflushed(self) -> int:
        """How much waits in memory, in events."""
        return self._added + REOPENED * self.rooms.reopened

    @property
    def wants_flush(self) -> bool:
        return self.unflushed >= FLUSH_AFTER

    def flush(self, *, complete: bool = True) -> None:
        """Write what is in memory; `sqlite3.OperationalError` where there is no room: nothing is lost, try again later.

        `complete=False` while a new index is being built: no watermark yet."""
        self.rooms.flush()
        self.chunks.flush()
        self.changes.flush()
        if complete:
            seq, offset, chain, time = self.place
            self._base.write("REPLACE INTO watermark VALUES (1, ?, ?, ?, ?, ?)", (self.epoch, seq, offset, chain, time))
        self._base.commit()
        self._added = 0
        self.rooms.flushed()
        self.changes.flushed()
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

    def _person(self, name: str) -> int:
        number = self._people[name] = len(self._people) + 1
        self._base.write("INSERT INTO person VALUES (?, ?, ?)", (number, name, self._mentions.meet(name, number)))
        return number

    # --- looking up -------------------------------------------------------------------------------------------

    def person(self, name: str) -> int:
        """The number of a person, 0 where they stand in no event."""
        return self._people.get(name, 0)

    def messages(self, user: str, room: str, after: int) -> int:
        """How many messages of other people the room has after a seq."""
        return self.rooms.others(room, after, self.person(user))

    def mentions(self, user: str, room: str, after: int) -> int:
        """How many of these speak to this person."""
        return self._mentions.after(user, self.person(user), self.rooms.number(room), after)

    # --- the filter, and the rooms' snapshot --------------------------------------------------------------------

    def load_filter(self) -> Seen:
        """The filter over every id up to `place`: the copy that was kept, and the ids since."""
        rows = self._base.rows("SELECT capacity, count, words, through FROM layer ORDER BY number")
        through = self._filtered = min((row[3] for row in rows), default=0)
        seen = Seen([Layer(capacity, count, words) for capacity, count, words, _ in rows], through)
        for first, hashes in self.chunks.hashes(through + 1):
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
