"""What is kept and for how long: lets go of files that nothing refers to.

A file stays while it stands in a message that is left, is somebody's picture, or was uploaded by somebody within a
day. It is looked at when a message with it was deleted, a day after its upload, and once after each start, for what a
crash left behind.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import Any, Final, Protocol

from chatserver.files.shelf import Shelf
from chatserver.files.store import Store
from chatserver.files.threads import Threads
from chatserver.log.contract import LogError
from chatserver.rooms import Rooms
from shared.errors import Refused

logger = logging.getLogger(__name__)

DAY: Final = 86_400.0
GRACE: Final = 5.0
"""Seconds between a deletion and a look at its files: a message with the same file may be on its way to the history."""


class History(Protocol):
    """What is asked of the history here."""

    async def file_used(self, file: str) -> bool:
        """True where a message that is left bears it, in any room."""
        ...


class Keeping:
    """Decides. `lock` is held while bytes or rows of a file come or go, so that neither is without the other."""

    def __init__(
        self, store: Store, shelf: Shelf, threads: Threads, history: History, rooms: Rooms, clock: Callable[[], float]
    ) -> None:
        self.lock = asyncio.Lock()
        self._clock = clock
        self._store = store
        self._shelf = shelf
        self._threads = threads
        self._history = history
        self._rooms = rooms
        self._tasks: set[asyncio.Task[None]] = set()

    def gone(self, user: str, files: Collection[str]) -> None:
        """A message of this person with these files was deleted: they may post them no more, and what nothing else
        refers to goes a moment later."""
        # In this step of the loop, so that whoever asks later finds them disowned.
        disowning = self._threads.begin_on_rows(lambda: self._store.disown(user, files))
        self._spawn(self._take_away(disowning, files))

    def soon(self, file: str) -> None:
        """Look at this file in a moment."""
        self._spawn(self._look(file))

    async def _take_away(self, disowning: Awaitable[None], files: Collection[str]) -> None:
        await disowning
        await asyncio.sleep(GRACE)
        for file in files:
            await self.look(file)

    async def _look(self, file: str) -> None:
        await asyncio.sleep(GRACE)
        await self.look(file)

    async def look(self, file: str) -> None:
        """Remove it if nothing refers to it."""
        async with self.lock:
            if await self._history.file_used(file):
                await self._threads.on_rows(lambda: self._store.set_posted(file))
            elif file not in self._rooms.pictures.values():
                before = self._clock() - DAY
                if not await self._threads.on_rows(lambda: self._store.disown_old(file, before)):
                    await self._threads.on_rows(lambda: self._store.forget(file))
                    await self._threads.on_bytes(lambda: self._shelf.discard(file))

    async def look_at_all(self) -> None:
        """After a start: every file that has a row, and those without one that are older than a day."""
        before = self._clock() - DAY
        known = set(await self._threads.on_rows(self._store.known))
        shelved = await self._threads.on_bytes(lambda: list(self._shelf.older_than(before)))
        for file in [*known, *(file for file in shelved if file not in known)]:
            await self.look(file)

    async def look_at_old(self) -> None:
        """Every so often: what was uploaded a day ago and posted nowhere."""
        before = self._clock() - DAY
        await self._threads.on_rows(lambda: self._store.forget_completed(before))
        for file in await self._threads.on_rows(lambda: self._store.unposted(before)):
            await self.look(file)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Nothing more is looked at; the next start does."""
        await asyncio.sleep(0)  # each of them has begun
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    """What fails is looked at again after the next start."""
    try:
        await work
    except (Refused, LogError) as error:
        logger.warning("files that nobody needs any more stay for now: %s", error)
