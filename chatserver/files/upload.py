"""One upload on its way: takes in what its connection brings, piece by piece, until it ends or is ended.

At most one connection feeds it. Whatever ends a connection, all that had come is written first, so that the next one
goes on behind it. No more than `PIECE` bytes and what the connection itself holds are in memory.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Final, TypeVar

import aiofiles

from shared.errors import Refused

PIECE: Final = 64 * 1024
"""Bytes that are gathered for one write."""
IDLE: Final = 30.0
"""Seconds within which something must come."""

Read = Callable[[], Awaitable[bytes]]
"""The next bytes of a connection, b"" at the end of what it has to say; `ConnectionError` where it is gone."""
T = TypeVar("T")


class Upload:
    """What came, in `part`, and whose it is. `size` is None where nobody said; `ident` for what comes in one piece.

    lock        held by who feeds it
    claimed     the number of the one whose it is; 0 is who began it
    touched     when something last came, in seconds since 1970
    """

    def __init__(self, user: str, ident: str | None, part: str, name: str, size: int | None, offset: int) -> None:
        self.user = user
        self.ident = ident
        self.part = part
        self.name = name
        self.size = size
        self.offset = offset
        self.touched = 0.0
        self.gone = False
        self.lock = asyncio.Lock()
        self.claimed = 0
        self._end: Refused | None = None
        self._reading: asyncio.Timeout | None = None

    def claim(self, why: Refused) -> int:
        """It is this caller's from now on: who feeds it is ended, with this error. Of several who wait for the lock it
        goes on with the one whose number is `claimed`."""
        self.claimed += 1
        self.end(why)
        return self.claimed

    def end(self, why: Refused) -> None:
        """End the connection that feeds it, with this error; where there is none, nothing happens."""
        if self.lock.locked():
            self._end = why
            if self._reading is not None:
                self._reading.reschedule(0)

    async def feed(self, read: Read, path: Path, most: int, threads: Executor) -> None:
        """Write what comes behind what is there, until the connection has no more. Raises what ended it otherwise;
        `too_large` for a byte beyond `most`. The lock is held."""
        self._end = None
        async with aiofiles.open(path, "ab", executor=threads) as file:
            going = True
            while going:
                piece, error = await self._gather(read)
                going = len(piece) >= PIECE
                if self.offset + len(piece) > most:
                    raise too_much(most, self.size)
                if piece:
                    await to_its_end(file.write(piece))
                    self.offset += len(piece)
                if error is not None:
                    raise error

    async def _gather(self, read: Read) -> tuple[bytes, Exception | None]:
        """The next piece, a smaller one at the end, and what ended it."""
        piece = bytearray()
        while len(piece) < PIECE:
            if self._end is not None:
                return bytes(piece), self._end
            try:
                async with asyncio.timeout(IDLE) as self._reading:
                    more = await read()
            except TimeoutError:
                late = Refused("bad_request", f"Nothing came for {IDLE:g} s. Go on from where it stopped.")
                return bytes(piece), self._end or late
            except (ConnectionError, Refused) as error:
                return bytes(piece), error
            finally:
                self._reading = None
            if not more:
                break
            piece += more
        return bytes(piece), None


class TooMuch(Refused):
    """More came than may, or than was announced: what is there is no part of a file that anybody wants."""


def too_much(most: int, announced: int | None) -> TooMuch:
    if announced is not None:
        return TooMuch("bad_request", f"More came than the {announced:,} bytes that were announced.")
    refused = too_large(most)
    return TooMuch(refused.code, refused.message)


def too_large(most: int) -> Refused:
    """The file is over the limit."""
    return Refused("too_large", f"A file may have {most / (1 << 20):,.4g} MiB. This one is larger.")


async def to_its_end(work: Awaitable[T]) -> T:
    """Wait for what a thread does, also where who waits is cancelled: it writes to a file that would be closed."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
