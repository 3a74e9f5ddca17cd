"""A log that forgets: the same contract without a disk, for the tests of everything above it.

A batch becomes "durable" one turn of the loop after it was taken, so that whoever relies on an order of events that
the real log does not promise finds out here too.
"""

import asyncio
import secrets
import time
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeVar

import msgspec

from chatserver.log.contract import (
    Batch,
    CalendarPage,
    FoundPage,
    LogError,
    LogFailed,
    Reader,
    Rejected,
    Repeated,
    RoomPage,
    Span,
    Unread,
)
from chatserver.log.repeats import judged, key_of
from shared.errors import Refused
from shared.folding import folded
from shared.mentions import mentioned
from shared.protocol import AnyEvent, Deleted, Edited, File, Message, Reacted
from shared.record import GENESIS, encode, timestamp
from shared.rules import direct_people, name_key

_CHANGES: Final = (Edited, Deleted, Reacted)
_Event = TypeVar("_Event", bound=AnyEvent)


class MemoryLog:
    """A `Log` and, as its own `index`, a `Reader`. `clock` gives nanoseconds since 1970."""

    def __init__(self, *, clock: Callable[[], int] = time.time_ns) -> None:
        self.epoch: str = secrets.token_hex(8)
        self.history: list[AnyEvent] = []
        self._clock = clock
        self._by_key: dict[str, AnyEvent] = {}
        self._last: dict[str, int] = {}
        self._waiting: list[AnyEvent] = []
        self._scheduled = False
        self._closing = False
        self._failure: LogFailed | None = None
        self._refusal: Refused | None = None
        self._state: tuple[int, bytes] | None = None
        self._published: deque[Batch] = deque()
        self._news = asyncio.Event()
        self._moved = asyncio.Event()

    @property
    def tip(self) -> int:
        return len(self.history)

    @property
    def index(self) -> Reader:
        return self

    def refuse(self, error: Refused | None) -> None:
        """From now on every new draft is refused with this; None ends that. Stands for a full disk in tests."""
        self._refusal = error

    def fail(self, failure: LogFailed) -> None:
        """From now on nothing is stored or published. Stands for a broken disk in tests."""
        self._failure = failure
        self._waiting.clear()
        self._news.set()
        self._moved.set()

    def submit(self, draft: AnyEvent) -> None:
        if self._failure is not None:
            return
        if self._closing:
            refused = Refused("shutting_down", "The server is shutting down. Your client sends it again by itself.")
            self._published.append(Batch((), (), [Rejected(draft, refused)]))
            return
        self._waiting.append(draft)
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._commit)

    def _commit(self) -> None:
        self._scheduled = False
        drafts, self._waiting = self._waiting, []
        now = max(timestamp(self._clock()), self.history[-1].time if self.history else "")
        stored: list[AnyEvent] = []
        repeated: list[Repeated] = []
        rejected: list[Rejected] = []
        for draft in drafts:
            key = key_of(draft.author, draft.id)
            if (event := self._by_key.get(key)) is not None:
                outcome = judged(draft, event)
                if isinstance(outcome, Repeated):
                    repeated.append(outcome)
                else:
                    rejected.append(outcome)
            elif self._refusal is not None:
                rejected.append(Rejected(draft, self._refusal))
            else:
                draft.seq, draft.prev, draft.time = self.tip + 1, self._last.get(draft.room, 0), now
                self._last[draft.room] = draft.seq
                self._by_key[key] = draft
                self.history.append(draft)
                stored.append(draft)
        if drafts and self._failure is None:
            self._published.append(Batch(stored, repeated, rejected))
        self._news.set()
        self._moved.set()

    async def follow(self, after: int) -> AsyncIterator[Batch]:
        begin = self.tip
        if after < begin:
            yield Batch(self.history[after:begin])
        after = max(after, begin)
        while True:
            while self._published:
                batch = self._published.popleft()
                batch = batch._replace(stored=[event for event in batch.stored if event.seq > after])
                if any(batch):
                    yield batch
            if self._failure is not None:
                raise self._failure
            if self._closing and not self._waiting:
                return
            self._news.clear()
            await self._news.wait()

    async def drained(self) -> None:
        while self._waiting and self._failure is None:
            self._moved.clear()
            await self._moved.wait()

    async def read(self, after: int, limit: int) -> list[AnyEvent]:
        return self.history[after : after + limit]

    async def close(self) -> None:
        self._closing = True
        await self.drained()
        self._news.set()

    # --- Reader -----------------------------------------------------------------------------------------------

    async def page(
        self, room: str, *, before: int | None = None, after: int | None = None, around: int | None = None, limit: int
    ) -> RoomPage:
        entries = self._entries(room)
        seqs = [event.seq for event in entries]
        if before is not None:
            end = bisect_right(seqs, before - 1)
            begin = max(0, end - limit)
        elif after is not None:
            begin = bisect_right(seqs, after)
            end = min(len(seqs), begin + limit)
        elif around is not None:
            middle = bisect_right(seqs, around - 1)
            begin = max(0, middle - max(limit // 2, limit - (len(seqs) - middle)))
            end = min(len(seqs), begin + limit)
        else:
            begin, end = max(0, len(seqs) - limit), len(seqs)
        shown, messages = self._folded(entries[begin:end]), self._messages(room)
        quoted = {event.reply_to for event in shown if isinstance(event, Message)} - set(seqs[begin:end])
        originals = self._folded([messages[seq] for seq in sorted(quoted & messages.keys())])
        return RoomPage(shown, begin > 0, end < len(seqs), self.tip, originals)

    async def events(
        self, after: int, limit: int, rooms: Collection[str], also: Sequence[tuple[str, int, int]] = ()
    ) -> Span:
        found = [
            event
            for event in self.history[after:]
            if event.room in rooms or any(room == event.room and low <= event.seq <= high for room, low, high in also)
        ]
        more = len(found) > limit
        gone = self._deletions()
        told = [_told_again(event, gone) for event in found[:limit]]
        return Span(told, more, found[limit - 1].seq if more and limit else self.tip)

    async def message(self, room: str, seq: int) -> Message | None:
        found = self._messages(room).get(seq)
        return self._folded([found])[0] if found is not None else None

    async def deletion(self, room: str, seq: int) -> Deleted | None:
        return self._deletions().get(seq) if seq in self._messages(room) else None

    async def line(self, room: str, seq: int) -> str | None:
        chain, gone = GENESIS, self._deletions()
        for event in self.history:
            line, chain = encode(event, chain)
            if event.seq == seq and event.room == room and seq not in gone:
                hidden = isinstance(event, Edited | Reacted) and event.of in gone
                return None if hidden else line.decode()[:-1]
        return None

    async def calendar(self, room: str, edges: Sequence[str]) -> CalendarPage:
        gone = self._deletions()
        entries = self._entries(room)
        days = [[event for event in entries if low <= event.time < high] for low, high in pairwise(edges)]
        return CalendarPage(
            [sum(isinstance(event, Message) and event.seq not in gone for event in day) for day in days],
            [day[0].seq if day else 0 for day in days],
            entries[0].time if entries else "",
        )

    async def search(
        self,
        text: str,
        *,
        rooms: Collection[str],
        user: str | None = None,
        since: str | None = None,
        until: str | None = None,
        before: int | None = None,
        files: bool = False,
        limit: int,
    ) -> FoundPage:
        needle = folded(text)
        said = [event for event in self.history if isinstance(event, Message) and event.room in rooms]
        fits = [
            message
            for message in reversed(self._folded(said))
            if (user in (None, message.user) and not message.deleted and needle in folded(message.text))
            and (message.files or not files)
            and (since is None or since <= message.time)
            and (until is None or message.time < until)
            and (before is None or message.seq < before)
        ]
        more = len(fits) > limit
        return FoundPage(fits[:limit], more, fits[limit - 1].seq if more else 0, self.tip)

    async def file_in(self, file: str, rooms: Collection[str]) -> File | None:
        gone = self._deletions()
        for event in reversed(self.history):
            if isinstance(event, Message) and event.room in rooms and event.seq not in gone:
                for each in event.files:
                    if each.file == file:
                        return each
        return None

    async def file_used(self, file: str) -> bool:
        return await self.file_in(file, {event.room for event in self.history}) is not None

    async def unread(self, user: str, after: Mapping[str, int]) -> dict[str, Unread]:
        gone = self._deletions()
        known = next((event.seq for event in self.history if name_key(event.user) == name_key(user)), self.tip + 1)
        found: dict[str, Unread] = {}
        for room, seq in after.items():
            words = [event for event in self.history[seq:] if type(event) is Message and event.room == room]
            others = [word for word in words if word.user != user and word.seq not in gone]
            means = [mentioned(word.text, user if word.seq > known else "room") for word in others]
            found[room] = Unread(len(others), len(others) if direct_people(room) else sum(means))
        return found

    async def find(self, author: str, ident: str) -> AnyEvent | None:
        return self._by_key.get(key_of(author, ident))

    async def state(self) -> tuple[int, bytes] | None:
        return self._state

    async def put_state(self, seq: int, data: bytes) -> None:
        if seq > self.tip:
            raise LogError(f"A snapshot of event {seq} cannot be kept: the newest is {self.tip}.")
        self._state = seq, data

    # --- what became of messages ------------------------------------------------------------------------------

    def _entries(self, room: str) -> list[AnyEvent]:
        """What pages of a room are made of, as it was stored."""
        return [event for event in self.history if event.room == room and not isinstance(event, _CHANGES)]

    def _messages(self, room: str) -> dict[int, Message]:
        """The messages of a room as they were stored, by seq."""
        return {event.seq: event for event in self.history if isinstance(event, Message) and event.room == room}

    def _changes(self) -> list[tuple[Message, Edited | Deleted | Reacted]]:
        """Each change of a message that counts, with the message."""
        found: list[tuple[Message, Edited | Deleted | Reacted]] = []
        for event in self.history:
            if isinstance(event, _CHANGES) and 0 < event.of < event.seq:
                message = self.history[event.of - 1]
                if isinstance(message, Message) and message.room == event.room:
                    found.append((message, event))
        return found

    def _deletions(self) -> dict[int, Deleted]:
        """What was deleted, and the first event that did it."""
        found: dict[int, Deleted] = {}
        for message, event in self._changes():
            if isinstance(event, Deleted):
                found.setdefault(message.seq, event)
        return found

    def _folded(self, events: Sequence[_Event]) -> list[_Event]:
        """The messages among these as they are now."""
        folded = {event.seq: msgspec.structs.replace(event) for event in events}
        for message, event in self._changes():
            found = folded.get(message.seq)
            if isinstance(found, Message):
                _fold(found, event)
        return list(folded.values())


def _fold(message: Message, event: Edited | Deleted | Reacted) -> None:
    """Let a message be changed by this."""
    if isinstance(event, Deleted):
        if not message.deleted:
            _blank(message, event)
    elif message.deleted:
        return
    elif isinstance(event, Edited):
        message.text, message.edited = event.text, event.time
    else:
        reactions = {emoji: list(names) for emoji, names in (message.reactions or {}).items()}
        names = [name for name in reactions.get(event.emoji, []) if name != event.user]
        if event.removed:
            reactions[event.emoji] = names
        elif event.user not in reactions.setdefault(event.emoji, []):
            reactions[event.emoji].append(event.user)
        message.reactions = {emoji: names for emoji, names in reactions.items() if names} or None


def _blank(message: Message, deletion: Deleted) -> None:
    message.text, message.reply_to, message.files, message.deleted = "", 0, (), True
    message.deleted_by = deletion.user
    message.edited, message.reactions = "", None


def _told_again(event: AnyEvent, gone: Mapping[int, Deleted]) -> AnyEvent:
    """An event as it is told to who missed it."""
    if isinstance(event, Message) and event.seq in gone:
        event = msgspec.structs.replace(event)
        _blank(event, gone[event.seq])
    elif isinstance(event, Edited) and event.of in gone:
        event = msgspec.structs.replace(event, text="")
    elif isinstance(event, Reacted) and event.of in gone:
        event = msgspec.structs.replace(event, emoji="", removed=True)
    return event
