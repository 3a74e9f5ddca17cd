"""The index beside a running log: fed after each commit, asked by the commands, never on the loop.

One worker thread owns store and file and does everything in the order in which it was asked for, so that a question
sees every event that was published before it. What is committed is collected and handed over some thousand events at
a time: each hand-over wakes a thread, which costs more than the work itself. The index may lag; live delivery never
waits for it. A failing index fails the questions, never the log, and is built anew at the next start.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from chatserver.index.feed import Feed
from chatserver.index.queries import Queries
from chatserver.index.search import Search
from chatserver.index.search_base import Wanted
from chatserver.index.seen import Seen
from chatserver.index.store import FILTER_EVERY, Store
from chatserver.log.contract import CalendarPage, FoundPage, LogError, RoomPage, Span, Unread
from shared.folding import folded
from shared.protocol import AnyEvent, Deleted, File, Message

HAND_OVER: Final = 4096
"""Events collected before the worker is woken."""
HAND_OVER_AFTER: Final = 0.25
FLUSH_AFTER: Final = 2.0
"""Seconds after which what was collected is handed over, and what was handed over is written."""

_Found = TypeVar("_Found")
_log = logging.getLogger(__name__)


class Index:
    """A `Reader`. Made by `TextLog.open`; `add` and the coroutines belong to the log's event loop."""

    def __init__(self, store: Store, queries: Queries, seen: Seen) -> None:
        self._store = store
        self._queries = queries
        self._seen = seen
        self._search = Search(queries.path, store.epoch, store.place)
        self._worker = ThreadPoolExecutor(1, "index")
        self._collected: list[Feed] = []
        self._count = 0
        self._hand_over: asyncio.TimerHandle | None = None
        self._flush: asyncio.TimerHandle | None = None
        self._broken: Exception | None = None
        self._distrusted = False
        self._closed = False

    @property
    def through(self) -> int:
        """The newest seq that the worker has taken in."""
        return self._store.place.seq

    # --- feeding ----------------------------------------------------------------------------------------------

    def add(self, feed: Feed) -> None:
        """What has just been committed. Returns at once."""
        self._collected.append(feed)
        self._search.told(feed.place)
        self._count += len(feed.events)
        if self._count >= HAND_OVER:
            self._give()
        elif self._hand_over is None:
            self._hand_over = asyncio.get_running_loop().call_later(HAND_OVER_AFTER, self._give)

    def _give(self) -> None:
        if self._hand_over is not None:
            self._hand_over.cancel()
            self._hand_over = None
        if self._collected:
            feeds, self._collected, self._count = self._collected, [], 0
            self._worker.submit(self._safely, self._take, feeds)
            if self._flush is None:
                self._flush = asyncio.get_running_loop().call_later(FLUSH_AFTER, self._give_flush)

    def _give_flush(self) -> None:
        self._flush = None
        self._worker.submit(self._safely, self._save)

    def _take(self, feeds: list[Feed]) -> None:
        for feed in feeds:
            self._store.add(feed)
            time.sleep(0)  # lets go of the interpreter lock: the loop waits for at most one feed
        if self._store.wants_flush:
            self._save()

    def _save(self) -> None:
        """Write; a full disk is not the index's end, since the next write tries again."""
        self._store.keep_filter(self._seen, FILTER_EVERY)
        try:
            self._store.flush()
        except sqlite3.OperationalError as error:
            _log.warning("The index cannot be written now: %s. The next write tries again.", error)

    def _safely(self, work: Callable[..., None], *arguments: object) -> None:
        """Run in the worker; the first failure ends the index for this run, and removes it when it closes."""
        if self._broken is not None:
            return
        try:
            work(*arguments)
        except Exception as error:
            self._broken = error
            _log.exception("The index failed. Live delivery goes on; the next start builds it anew.")

    async def close(self) -> None:
        """Take in what was collected, write everything, end the worker."""
        self._give()
        self._closed = True
        if self._flush is not None:
            self._flush.cancel()
        await asyncio.get_running_loop().run_in_executor(self._worker, self._end)
        self._worker.shutdown(wait=False)

    def _end(self) -> None:
        self._search.close()
        self._safely(self._finish)
        self._queries.close()
        self._store.close()
        if self._distrusted or self._broken is not None:
            self._store.remove()

    def _finish(self) -> None:
        self._store.keep_filter(self._seen)
        self._store.keep_stamp(*self._queries.stamp())
        self._save()

    # --- asking -----------------------------------------------------------------------------------------------

    async def page(
        self, room: str, *, before: int | None = None, after: int | None = None, around: int | None = None, limit: int
    ) -> RoomPage:
        return await self._ask(self._queries.page, room, before, after, around, limit)

    async def events(
        self, after: int, limit: int, rooms: Collection[str], also: Sequence[tuple[str, int, int]] = ()
    ) -> Span:
        return await self._ask(self._queries.events, after, limit, frozenset(rooms), tuple(also))

    async def message(self, room: str, seq: int) -> Message | None:
        return await self._ask(self._queries.message, room, seq)

    async def deletion(self, room: str, seq: int) -> Deleted | None:
        return await self._ask(self._queries.deletion, room, seq)

    async def line(self, room: str, seq: int) -> str | None:
        return await self._ask(self._queries.line, room, seq)

    async def calendar(self, room: str, edges: Sequence[str]) -> CalendarPage:
        return await self._ask(self._queries.calendar, room, tuple(edges))

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
        above = await self._ask(self._queries.seq_at, since) if since is not None else 1
        below = await self._ask(self._queries.seq_at, until) if until is not None else self._search.tip + 1
        below = min(below, self._search.tip + 1 if before is None else before)
        wanted = Wanted(folded(text), frozenset(rooms), user, files, above, below, limit)
        found = await self._search.find(wanted)
        messages = await self._ask(self._queries.still, found.hits, wanted)
        return FoundPage(messages, found.more, found.before, found.through)

    async def file_in(self, file: str, rooms: Collection[str]) -> File | None:
        return await self._ask(self._queries.file_in, file, frozenset(rooms))

    async def file_used(self, file: str) -> bool:
        return await self._ask(self._queries.file_used, file)

    async def unread(self, user: str, after: Mapping[str, int]) -> dict[str, Unread]:
        return await self._ask(self._queries.unread, user, dict(after))

    async def find(self, author: str, ident: str) -> AnyEvent | None:
        return (await self.find_all({(author, ident)})).get((author, ident))

    async def find_all(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], AnyEvent]:
        """For each `(author, id)` that was ever stored its event."""
        return await self._ask(self._queries.find, wanted)

    async def read(self, after: int, limit: int) -> list[AnyEvent]:
        """Up to `limit` events of all rooms after a seq."""
        return await self._ask(self._queries.read, after, limit)

    async def caught_up(self) -> None:
        """Wait until everything that was published is taken in."""
        await self._ask(int)

    async def state(self) -> tuple[int, bytes] | None:
        return await self._ask(self._store.state)

    async def put_state(self, seq: int, data: bytes) -> None:
        await self._ask(self._put_state, seq, data)

    def _put_state(self, seq: int, data: bytes) -> None:
        self._store.put_state(seq, data)
        self._save()

    async def _ask(self, question: Callable[..., _Found], *arguments: object) -> _Found:
        if self._closed:
            raise LogError("The history is closed.")
        self._search.start()
        self._give()
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._answer, question, arguments)

    def _answer(self, question: Callable[..., _Found], arguments: tuple[object, ...]) -> _Found:
        if self._broken is not None:
            raise LogError("The index failed, and with it what looks into the past. Restart the server to mend it.")
        try:
            self._store.ready()
            return question(*arguments)
        except LogError:  # index and history disagree: the next start reads every line
            self._distrusted = True
            raise
        except (sqlite3.Error, OSError) as error:
            self._distrusted = self._distrusted or not isinstance(error, sqlite3.OperationalError)
            raise LogError(f"The history cannot be read: {error}.") from error
