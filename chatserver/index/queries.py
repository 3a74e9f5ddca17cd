"""The questions about the history, answered from the store's entries and the lines they point to.

Synchronous, for the index's own thread. Each answer sees all that the store holds, up to `store.place.seq`.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from chatserver.index.folding import Folding
from chatserver.index.kinds import EDITED, MESSAGE, REACTED
from chatserver.index.lines import Lines
from chatserver.index.postings import GONE, KIND_BITS, Entry
from chatserver.index.search import still
from chatserver.index.search_base import Hit, Wanted
from chatserver.index.seen import hash_of
from chatserver.index.store import Store
from chatserver.log.contract import CalendarPage, RoomPage, Span, Unread
from chatserver.log.repeats import key_of
from shared.protocol import AnyEvent, Deleted, File, Message
from shared.rules import direct_people


class Queries:
    """See `chatserver.log.contract.Reader` for what each method promises."""

    def __init__(self, store: Store, path: Path) -> None:
        self.path = path
        self._store = store
        self._rooms = store.rooms
        self._lines = Lines(path)
        self._folding = Folding(self._lines, store.changes)
        self.folded = self._folding.folded

    def close(self) -> None:
        self._lines.close()

    def stamp(self) -> tuple[int, int]:
        """The history's size and its time of change in nanoseconds."""
        return self._lines.stamp()

    # --- a room -----------------------------------------------------------------------------------------------

    def page(self, room: str, before: int | None, after: int | None, around: int | None, limit: int) -> RoomPage:
        """See `Reader.page`."""
        rooms, through = self._rooms, self._store.place.seq
        if before is not None:
            found, more_before = _some(rooms.older_shown(room, before), limit)
            found.reverse()
            more_after = _any(rooms.newer_shown(room, before - 1))
        elif after is not None:
            found, more_after = _some(rooms.newer_shown(room, after), limit)
            more_before = _any(rooms.older_shown(room, after + 1))
        elif around is not None:
            older, _ = _some(rooms.older_shown(room, around), limit)
            newer, _ = _some(rooms.newer_shown(room, around - 1), limit)
            back = min(len(older), max(limit // 2, limit - len(newer)))
            found = older[:back][::-1] + newer[: limit - back]
            more_before, more_after = back < len(older), limit - back < len(newer)
            if found:
                more_before = more_before or _any(rooms.older_shown(room, found[0].seq))
                more_after = more_after or _any(rooms.newer_shown(room, found[-1].seq))
        else:
            found, more_before = _some(rooms.older_shown(room, through + 1), limit)
            found.reverse()
            more_after = False
        events = self.folded(found)
        return RoomPage(events, more_before, more_after, through, self._quoted(room, events))

    def _quoted(self, room: str, events: Sequence[AnyEvent]) -> list[Message]:
        """The messages that these reply to and that are not among them."""
        wanted = {event.reply_to for event in events if isinstance(event, Message)}
        wanted -= {0, *(event.seq for event in events)}
        return self._messages([entry for seq in sorted(wanted) if (entry := self._message(room, seq))])

    def message(self, room: str, seq: int) -> Message | None:
        """See `Reader.message`."""
        entry = self._message(room, seq)
        return self._messages([entry])[0] if entry is not None else None

    def still(self, hits: Sequence[Hit], wanted: Wanted) -> list[Message]:
        """The messages that a search found, newest first, less those that changed meanwhile."""
        entries = [entry for hit in reversed(hits) if (entry := self._message(hit.room, hit.seq)) is not None]
        return still(self._messages(entries), wanted)

    def _message(self, room: str, seq: int) -> Entry | None:
        entry = self._rooms.entry(room, seq)
        return entry if entry is not None and entry.mark & KIND_BITS == MESSAGE else None

    def _messages(self, entries: Sequence[Entry]) -> list[Message]:
        return [event for event in self.folded(entries) if isinstance(event, Message)]

    def deletion(self, room: str, seq: int) -> Deleted | None:
        """See `Reader.deletion`."""
        state = self._store.changes.of([seq]).get(seq)
        if state is None or not state.deleted or self._message(room, seq) is None:
            return None
        entry = self._rooms.entry(room, state.deleted)
        assert entry is not None
        [event] = self._lines.events([entry])
        assert isinstance(event, Deleted)
        return event

    def line(self, room: str, seq: int) -> str | None:
        """See `Reader.line`."""
        entry = self._rooms.entry(room, seq)
        if entry is None or entry.mark & GONE:
            return None
        if entry.mark & KIND_BITS in (EDITED, REACTED) and self._folding.of_gone(entry):
            return None
        return self._lines.text(entry)

    def file_in(self, file: str, rooms: Collection[str]) -> File | None:
        """See `Reader.file_in`."""
        for room, seq in self._store.bearers.of(file):
            if room in rooms and (message := self.message(room, seq)) is not None:
                return next(each for each in message.files if each.file == file)
        return None

    def file_used(self, file: str) -> bool:
        """See `Reader.file_used`."""
        return self._store.bearers.any(file)

    # --- times ------------------------------------------------------------------------------------------------

    def seq_at(self, time: str) -> int:
        """The first seq whose time is not before this one (in the form of events), `place.seq + 1` where none is."""
        chunk, end = self._store.chunks.before(time), self._store.place.seq + 1
        if chunk is None:
            return 1
        seq = self._lines.seq_at(time, *chunk)
        return end if seq is None else min(seq, end)  # the file may be ahead of the store

    def calendar(self, room: str, edges: Sequence[str]) -> CalendarPage:
        """See `Reader.calendar`."""
        borders = [self.seq_at(edge) for edge in edges]
        firsts = [next(self._rooms.newer_shown(room, seq - 1), None) for seq in borders[:-1]]
        seqs = [
            entry.seq if entry is not None and entry.seq < end else 0
            for entry, end in zip(firsts, borders[1:], strict=True)
        ]
        first = self._lines.events(list(islice(self._rooms.newer_shown(room, 0), 1)))
        return CalendarPage(self._rooms.between(room, borders), seqs, first[0].time if first else "")

    # --- several rooms ----------------------------------------------------------------------------------------

    def events(self, after: int, limit: int, rooms: Collection[str], also: Sequence[tuple[str, int, int]]) -> Span:
        """See `Reader.events`."""
        newer = self._rooms.newer
        sources: list[Iterable[Entry]] = [newer(room, after) for room in set(rooms)]
        sources += [_until(newer(room, max(after, low - 1)), high) for room, low, high in also]
        found, more = _some(_distinct(heapq.merge(*sources)), limit)
        through = found[-1].seq if more and found else self._store.place.seq
        return Span(self._folding.told_again(found), more, through)

    def unread(self, user: str, after: Mapping[str, int]) -> dict[str, Unread]:
        """See `Reader.unread`."""
        counts: dict[str, Unread] = {}
        for room, seq in after.items():
            messages = self._store.messages(user, room, seq)
            mentions = messages if not messages or direct_people(room) else self._store.mentions(user, room, seq)
            counts[room] = Unread(messages, mentions)
        return counts

    def find(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], AnyEvent]:
        """For each `(author, id)` that is in the history the event that bears it, as it was stored."""
        found: dict[tuple[str, str], AnyEvent] = {}
        for seq in self._store.chunks.seqs_of(hash_of(key_of(*who)) for who in wanted):
            event = self.read(seq - 1, 1)[0]
            if (event.author, event.id) in wanted:
                found[event.author, event.id] = event
        return found

    def read(self, after: int, limit: int) -> list[AnyEvent]:
        """Up to `limit` events after this seq, of all rooms, as they were stored."""
        last = min(self._store.place.seq, after + limit)
        if last <= after:
            return []
        events = list(self._lines.run(after + 1, last, *self._store.chunks.near(after + 1)))
        self._link(events)
        return events

    def _link(self, events: list[AnyEvent]) -> None:
        """Fill in `prev`: the first of each room by a look-up, the others from one another."""
        last: dict[str, int] = {}
        for event in events:
            if event.room not in last:
                last[event.room] = self._rooms.previous(event.room, event.seq)
            event.prev = last[event.room]
            last[event.room] = event.seq


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
