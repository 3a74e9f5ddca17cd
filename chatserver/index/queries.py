"""The questions about the history, answered from the store's entries and the lines they point to.

Synchronous, for the index's own thread. Lines are read back from chat_history.txt, neighbours in one read; nothing
of a message is stored twice.
"""

import heapq
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from chatserver.index.postings import Entry
from chatserver.index.seen import hash_of
from chatserver.index.store import Store
from chatserver.log.contract import LogError, RoomPage, Span, Unread
from chatserver.log.repeats import key_of
from shared.errors import RecordError
from shared.protocol import AnyEvent
from shared.record import parse
from shared.rules import direct_people

GAP: Final = 4096
"""Bytes between two wanted lines that are cheaper to read than to leap over."""
READ: Final = 1 << 18
_SEAL: Final = 19


class Queries:
    """Each method sees all that the store holds, up to `store.place.seq`."""

    def __init__(self, store: Store, path: Path) -> None:
        self._store = store
        self._path = path
        self._file: BinaryIO = path.open("rb", buffering=0)

    def close(self) -> None:
        self._file.close()

    def stamp(self) -> tuple[int, int]:
        """The history's size and its time of change in nanoseconds."""
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns

    def page(self, room: str, before: int | None, after: int | None, around: int | None, limit: int) -> RoomPage:
        """See `Reader.page`."""
        store = self._store
        through = store.place.seq
        if before is not None:
            found, more_before = _some(store.older(room, before), limit)
            found.reverse()
            more_after = _any(store.newer(room, before - 1))
        elif after is not None:
            found, more_after = _some(store.newer(room, after), limit)
            more_before = _any(store.older(room, after + 1))
        elif around is not None:
            older, _ = _some(store.older(room, around), limit)
            newer, _ = _some(store.newer(room, around - 1), limit)
            back = min(len(older), max(limit // 2, limit - len(newer)))
            found = older[:back][::-1] + newer[: limit - back]
            more_before, more_after = back < len(older), limit - back < len(newer)
            if found:
                more_before = more_before or _any(store.older(room, found[0].seq))
                more_after = more_after or _any(store.newer(room, found[-1].seq))
        else:
            found, more_before = _some(store.older(room, through + 1), limit)
            found.reverse()
            more_after = False
        return RoomPage(self._read(found), more_before, more_after, through)

    def events(self, after: int, limit: int, rooms: Collection[str], also: Sequence[tuple[str, int, int]]) -> Span:
        """See `Reader.events`."""
        store = self._store
        sources: list[Iterable[Entry]] = [store.newer(room, after) for room in set(rooms)]
        sources += [_until(store.newer(room, max(after, low - 1)), high) for room, low, high in also]
        found, more = _some(_distinct(heapq.merge(*sources)), limit)
        return Span(self._read(found), more, found[-1].seq if more and found else store.place.seq)

    def unread(self, user: str, after: Mapping[str, int]) -> dict[str, Unread]:
        """See `Reader.unread`."""
        counts: dict[str, Unread] = {}
        for room, seq in after.items():
            messages = self._store.messages(user, room, seq)
            mentions = messages if not messages or direct_people(room) else self._store.mentions(user, room, seq)
            counts[room] = Unread(messages, mentions)
        return counts

    def find(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], AnyEvent]:
        """For each `(author, id)` that is in the history the event that bears it."""
        found: dict[tuple[str, str], AnyEvent] = {}
        for seq in self._store.seqs_of(hash_of(key_of(*who)) for who in wanted):
            event = self.read(seq - 1, 1)[0]
            if (event.author, event.id) in wanted:
                found[event.author, event.id] = event
        return found

    def read(self, after: int, limit: int) -> list[AnyEvent]:
        """Up to `limit` events after this seq, of all rooms."""
        last = min(self._store.place.seq, after + limit)
        if last <= after:
            return []
        first, offset = self._store.near(after + 1)
        events: list[AnyEvent] = []
        for seq, line in zip(range(first, last + 1), self._lines(offset), strict=False):
            if seq > after:
                events.append(self._event(line, seq))
        if len(events) < last - after:
            raise LogError(f"{self._path} ends before event {last}. Restore it from a backup.")
        self._link(events)
        return events

    def _link(self, events: list[AnyEvent]) -> None:
        """Fill in `prev`: the first of each room by a look-up, the others from one another."""
        last: dict[str, int] = {}
        for event in events:
            if event.room not in last:
                last[event.room] = next((each.seq for each in self._store.older(event.room, event.seq)), 0)
            event.prev = last[event.room]
            last[event.room] = event.seq

    def _lines(self, offset: int) -> Iterator[bytes]:
        """The whole lines from an offset on."""
        rest = b""
        self._file.seek(offset)
        while data := self._file.read(READ):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                yield line + b"\n"

    def _read(self, entries: list[Entry]) -> list[AnyEvent]:
        """The events of these entries, which are in the order of seq."""
        events: list[AnyEvent] = []
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
                event = self._event(data[entry.offset - begin : entry.offset - begin + entry.size], entry.seq)
                event.prev = entry.prev
                events.append(event)
            start = end
        return events

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self._file.read(size - len(data))
            if not more:
                raise LogError(f"{self._path} is shorter than it was. Restore it from a backup.")
            data += more
        return data

    def _event(self, line: bytes, seq: int) -> AnyEvent:
        try:
            event = parse(line[:-_SEAL])
        except RecordError as error:
            raise self._changed(seq, str(error)) from None
        if event.seq != seq:
            raise self._changed(seq, f"its sequence number is {event.seq}")
        return event

    def _changed(self, seq: int, why: str) -> LogError:
        return LogError(
            f"Line {seq + 1} of {self._path} was changed while the server ran: {why}. "
            f"`python -m chatserver verify {self._path}` shows it; restore it from a backup."
        )


def _some(entries: Iterable[Entry], limit: int) -> tuple[list[Entry], bool]:
    """Up to `limit` entries, and whether there are more."""
    found = list(islice(entries, limit + 1))
    return found[:limit], len(found) > limit


def _any(entries: Iterator[Entry]) -> bool:
    return next(entries, None) is not None


def _until(entries: Iterable[Entry], high: int) -> Iterator[Entry]:
    for entry in entries:
        if entry.seq > high:
            return
        yield entry


def _distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    last = 0
    for entry in entries:
        if entry.seq != last:
            last = entry.seq
            yield entry
