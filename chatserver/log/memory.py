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

from chatserver.log.contract import Batch, LogError, LogFailed, Reader, Rejected, Repeated, RoomPage, Span, Unread
from chatserver.log.repeats import judged, key_of
from shared.errors import Refused
from shared.mentions import mentioned
from shared.protocol import AnyEvent, Message
from shared.record import timestamp
from shared.rules import direct_people, name_key


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
        entries = [event for event in self.history if event.room == room]
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
        return RoomPage(entries[begin:end], begin > 0, end < len(seqs), self.tip)

    async def events(
        self, after: int, limit: int, rooms: Collection[str], also: Sequence[tuple[str, int, int]] = ()
    ) -> Span:
        found = [
            event
            for event in self.history[after:]
            if event.room in rooms or any(room == event.room and low <= event.seq <= high for room, low, high in also)
        ]
        more = len(found) > limit
        return Span(found[:limit], more, found[limit - 1].seq if more and limit else self.tip)

    async def unread(self, user: str, after: Mapping[str, int]) -> dict[str, Unread]:
        known = next((event.seq for event in self.history if name_key(event.user) == name_key(user)), self.tip + 1)
        found: dict[str, Unread] = {}
        for room, seq in after.items():
            words = [event for event in self.history[seq:] if type(event) is Message and event.room == room]
            others = [word for word in words if word.user != user]
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
