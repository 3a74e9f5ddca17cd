"""The threads on which the disk is waited for, and what a failing disk is to the one who asked."""

import asyncio
import errno
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from shared.errors import Refused

logger = logging.getLogger(__name__)
T = TypeVar("T")

BYTES: Final = 4
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Threads:
    """`rows` is one thread, so that what was asked later sees what was done before; `bytes` are several."""

    def __init__(self) -> None:
        self.rows = ThreadPoolExecutor(1, thread_name_prefix="files-rows")
        self.bytes = ThreadPoolExecutor(BYTES, thread_name_prefix="files-bytes")

    async def on_rows(self, work: Callable[[], T]) -> T:
        """Work on the store. `storage_full` where the disk fails."""
        return await self.begin_on_rows(work)

    def begin_on_rows(self, work: Callable[[], T]) -> Awaitable[T]:
        """As `on_rows`, behind what was asked before this call and before what is asked after it."""
        return _finished(asyncio.get_running_loop().run_in_executor(self.rows, work))

    async def on_bytes(self, work: Callable[[], T]) -> T:
        """Work on the shelf. `storage_full` where the disk fails."""
        return await _finished(asyncio.get_running_loop().run_in_executor(self.bytes, work))

    def close(self) -> None:
        """Wait for what is being done."""
        self.rows.shutdown()
        self.bytes.shutdown()


async def _finished(working: Awaitable[T]) -> T:
    try:
        return await working
    except (sqlite3.Error, OSError) as error:
        raise disk_failed(error) from error


def disk_failed(error: sqlite3.Error | OSError) -> Refused:
    """What a peer is told; the operator finds the rest in the log."""
    if isinstance(error, OSError) and error.errno in _FULL:
        logger.warning("no room for a file: %s", error)
        return no_room()
    logger.error("a file cannot be kept: %s", error)
    return Refused("storage_full", "The server cannot keep files right now. Try again later.")


def no_room() -> Refused:
    """The disk is full, or nearly so."""
    return Refused("storage_full", "The server has no room for this file. Try again later.")
