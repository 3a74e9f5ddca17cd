"""The thread that makes batches durable: joins, writes, syncs, and says how it went. It does nothing else.

Between two batches it sleeps on a semaphore; one batch is on its way at a time, so that an attribute is all the
hand-over needs. What a fault means is decided here: a full disk is cut back and survived, everything else ends the
log. A failed sync is never tried again, since the system may have thrown the pages away and call the next one good.
"""

import errno
import os
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from typing import Final

from chatserver.log.contract import LogFailed
from chatserver.log.disk import Disk
from chatserver.tally import Commits
from shared.errors import Refused

_FULL: Final = {
    number: name
    for name in ("ENOSPC", "EDQUOT", "EFBIG")
    if (number := getattr(errno, name, None)) is not None  # Windows has not all of them
}
_REASON: Final = {
    "ENOSPC": "The server's disk is full.",
    "EDQUOT": "The server's disk quota is used up.",
    "EFBIG": "The server's history has reached the largest size that a file may have there.",
}

Outcome = None | Refused | LogFailed
"""Of one batch: durable, refused as a whole with nothing left in the file, or unknown and the end of the log."""

_yield: Final[Callable[[], None]] = getattr(os, "sched_yield", lambda: None)


class Writer:
    """`done(outcome)` is called on the loop, once for each `write`. `commits` hears of what became durable."""

    def __init__(self, disk: Disk, loop: AbstractEventLoop, done: Callable[[Outcome], None], commits: Commits) -> None:
        self._disk = disk
        self._loop = loop
        self._done = done
        self._commits = commits
        self._lines: list[bytes] | None = None
        self._offset = 0
        self._go = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    def write(self, lines: list[bytes], offset: int) -> None:
        """Make these lines durable at this offset, the end of the file. Not before the last one is done."""
        self._lines, self._offset = lines, offset
        self._go.release()
        _yield()  # the thread starts its write now, not when this time slice ends

    def stop(self) -> None:
        """End the thread; nothing may be on its way."""
        self._lines = None
        self._go.release()
        self._thread.join()

    def _run(self) -> None:
        while self._go.acquire() and (lines := self._lines) is not None:
            begun = time.perf_counter()
            try:
                outcome = self._commit(lines, self._offset)
            except Exception as error:  # a bug here must end the log, not leave it waiting for ever
                outcome = LogFailed(f"The history cannot be written: {error!r}.")
            if outcome is None:
                self._commits.add(len(lines), time.perf_counter() - begun)
            try:
                self._loop.call_soon_threadsafe(self._done, outcome)
            except RuntimeError:  # the loop was closed without closing the log: nobody waits for this any more
                return

    def _commit(self, lines: list[bytes], offset: int) -> Outcome:
        disk = self._disk
        try:
            if disk.size() != offset or not disk.is_in_place():
                return LogFailed(f"{disk.path} was changed by something else while the server ran.")
            try:
                data = memoryview(b"".join(lines))
                while data:
                    data = data[disk.write(data) :]
            except OSError as error:
                reason = _FULL.get(error.errno or 0)
                if reason is None:
                    raise
                disk.truncate(offset)
                disk.sync()
                return Refused("storage_full", f"{_REASON[reason]} Nothing can be stored until there is room.")
            disk.sync()
        except OSError as error:
            return LogFailed(f"{disk.path} cannot be written: {error.strerror or error}.")
        return None
