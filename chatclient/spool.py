"""What waits on this device to reach the server, in a folder that outlives the program: changes, refused posts, files.

Strategy: one journal that is only appended to; it is written anew (whole, synced, renamed) when it is opened and when
it has become long, and emptied when nothing is held any more. A line is with the system before `write` returns, so that
the end of the program, however sudden, loses nothing. It is on the disk a moment later, by a thread: a power cut loses
what was queued in the last tenth of a second or so, and never more than that; what had been sent by then stands on the
server all the same, and what was answered and not yet written down is sent again under its id, which changes nothing.

Two windows of one person do not share a spool, because both would send all of it: the folder holds numbered spools,
each locked by whoever uses it. Who opens one takes in what others left that nobody uses any more.
"""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chatclient.journal import Held, Line, encoded, read
from shared.errors import ParleyError

JOURNAL: Final = "journal"
LOCK: Final = "lock"
BYTES: Final = ".bytes"
MOST: Final = 100
"""Spools in one folder: windows of one person at one server, and what those left that were killed."""
SYNC: Final = 0.1
"""Seconds after which what was queued goes to the disk, where it still waits then."""
EMPTIED: Final = 64 * 1024
"""Bytes of a journal of nothing from which on it is emptied."""
LONG: Final = 1024 * 1024
"""Bytes by which a journal grows before it is written anew."""
BINARY: Final[int] = getattr(os, "O_BINARY", 0)
_log = logging.getLogger(__name__)


class SpoolError(ParleyError):
    """What waits cannot be kept on this device; the sentence names the folder."""


class Spool:
    """`folder` belongs to one person at one server, and is made where it is missing; None: in memory alone, and files
    in a folder that goes with the spool. `SpoolError` where it cannot be used.

    held    what waits; changed by `write` alone
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.held = Held()
        self._journal: int | None = None
        self._lock: int | None = None
        self._size = self._begun = 0
        self._torn = False
        self._timer: asyncio.TimerHandle | None = None
        self._syncing: asyncio.Future[None] | None = None
        self._passing: tempfile.TemporaryDirectory[str] | None = None
        self._own: Path | None = None
        if folder is not None:
            try:
                self._own, self._lock = _claimed(folder)
                self._open(folder, self._own)
            except OSError as error:
                self._let_go()
                raise SpoolError(f"What waits cannot be kept in {folder}: {error.strerror or error}.") from None

    # --- what is held ---------------------------------------------------------------------------------------

    def write(self, *lines: Line) -> None:
        """Take note of these, all or none, and of what they come to."""
        for line in lines:
            self.held.apply(line)
        if self._journal is None:
            return
        try:
            self._append(encoded(lines))
            if self._own is not None and self._size > self._begun + LONG:
                self._begin(self._own)
        except OSError as error:
            self._torn = True
            _log.warning("What waits is not kept on this device now: %s", error.strerror or error)
        self._sync_soon()

    def path(self, upload: str) -> Path:
        """Where the bytes of this upload lie, or are to be put. `OSError` where there is no place for them."""
        if self._own is None:
            self._passing = tempfile.TemporaryDirectory(prefix="parley-", ignore_cleanup_errors=True)
            self._own = Path(self._passing.name)
        return self._own / f"{upload}{BYTES}"

    def _append(self, content: bytes) -> None:
        assert self._journal is not None
        if not self.held.items and not self.held.uploads and self._size > EMPTIED:
            os.ftruncate(self._journal, 0)
            self._size = 0
            return
        # After a write that failed, half a line may stand there.
        content = b"\n" + content if self._torn else content
        while content:
            written = os.write(self._journal, content)
            self._size += written
            content = content[written:]
        self._torn = False

    # --- to the disk ----------------------------------------------------------------------------------------

    def _sync_soon(self) -> None:
        if self._timer is None and self.held.items:
            self._timer = asyncio.get_running_loop().call_later(SYNC, self._sync)

    def _sync(self) -> None:
        self._timer = None
        if self._journal is None or not self.held.items:
            return
        if self._syncing is not None and not self._syncing.done():
            self._sync_soon()
            return
        # A descriptor of its own: the spool may be closed meanwhile.
        work = asyncio.get_running_loop().run_in_executor(None, _synced, os.dup(self._journal))
        self._syncing = work

    async def close(self) -> None:
        """Sync what waits, and let others use it. From then on nothing is written down any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._sync()
        if self._syncing is not None:
            await asyncio.wait([self._syncing])
            self._syncing = None
        self._let_go()
        if self._passing is not None:
            passing, self._passing = self._passing, None
            await asyncio.to_thread(passing.cleanup)

    def _let_go(self) -> None:
        for descriptor in (self._journal, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._journal = self._lock = None

    # --- opening --------------------------------------------------------------------------------------------

    def _open(self, folder: Path, own: Path) -> None:
        """Read one's own journal and those that nobody uses, and begin a new one with what they hold."""
        self.held = _read(own)
        left = list(_left_behind(folder, own))
        for other, _lock in left:
            self.held.take_in(_read(other))
        self._begin(own)
        for other, lock in left:
            _moved_in(other, own, self.held)
            os.close(lock)
        for path in own.iterdir():
            if path.suffix == BYTES and path.stem not in self.held.uploads:
                path.unlink()

    def _begin(self, own: Path) -> None:
        content = encoded(self.held.lines())
        fresh = own / f"{JOURNAL}.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None  # Windows does not rename onto what is open
        fresh.replace(own / JOURNAL)
        self._journal = os.open(own / JOURNAL, os.O_WRONLY | os.O_APPEND | BINARY)
        self._size = self._begun = len(content)
        self._torn = False


def _claimed(folder: Path) -> tuple[Path, int]:
    """The first spool of this folder that nobody uses, and its lock."""
    for number in range(1, MOST + 1):
        own = folder / str(number)
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _locked(own / LOCK)
        if lock is not None:
            return own, lock
    raise SpoolError(f"{MOST} windows use {folder} already.")


def _left_behind(folder: Path, own: Path) -> Iterator[tuple[Path, int]]:
    """The other spools that nobody uses, locked from now on."""
    for other in sorted(folder.iterdir()):
        if other != own and (other / JOURNAL).exists():
            lock = _locked(other / LOCK)
            if lock is not None:
                yield other, lock


def _read(own: Path) -> Held:
    path = own / JOURNAL
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Held()
    held, wrong = read(content)
    torn = not content.endswith(b"\n")  # a last line that was cut short is what a sudden end leaves
    if len(wrong) > torn:
        aside = path.with_suffix(".broken")
        shutil.copy(path, aside)
        _log.warning("%s has lines that could not be read (%s). It was copied to %s.", path, wrong[0], aside.name)
    return held


def _moved_in(other: Path, own: Path, held: Held) -> None:
    """Take over the files of another spool, and its journal away last: the end at any point loses nothing."""
    for path in other.iterdir():
        if path.suffix == BYTES and path.stem in held.uploads:
            path.replace(own / path.name)
        elif path.suffix == BYTES:
            path.unlink()
    (other / JOURNAL).unlink()


def _synced(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        _log.warning("What waits could not be brought to the disk: %s", error.strerror or error)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _locked(path: Path) -> int | None:
        """The lock, which its closing gives back; None where another process has it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor

else:
    import fcntl

    def _locked(path: Path) -> int | None:
        """The lock, which its closing gives back; None where another has it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor
