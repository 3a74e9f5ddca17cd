"""What the log asks of the operating system: the lock, the four calls of a commit, and files that appear whole.

`Disk` is the log file as the writer sees it, so that a test can put a fault where it wants one. Every error of it is
an `OSError`; what follows from one is decided in `writer`.
"""

import os
import sys
from pathlib import Path
from typing import Final

from chatserver.log.contract import LogError

APPENDING: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Disk:
    """An open log file. Sizes and offsets in bytes. `key` is the descriptor whose closing gives the lock back."""

    def __init__(self, path: Path, descriptor: int, key: int) -> None:
        self.path = path
        self.descriptor = descriptor
        self.key = key

    def size(self) -> int:
        return os.fstat(self.descriptor).st_size

    def is_in_place(self) -> bool:
        """Whether the path still names this very file."""
        try:
            return os.path.samestat(os.fstat(self.descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def write(self, data: memoryview) -> int:
        """Append; how many bytes of it were taken."""
        return os.write(self.descriptor, data)

    def sync(self) -> None:
        """Return when what was written would outlive a power cut."""
        sync(self.descriptor)

    def truncate(self, size: int) -> None:
        os.ftruncate(self.descriptor, size)

    def close(self) -> None:
        os.close(self.descriptor)
        if self.key != self.descriptor:
            os.close(self.key)


if sys.platform == "darwin":
    import fcntl

    def sync(descriptor: int) -> None:
        """fsync of macOS stops at the drive's cache; this one does not."""
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)

elif hasattr(os, "fdatasync"):
    sync = os.fdatasync
else:
    sync = os.fsync


if sys.platform == "win32":
    import msvcrt

    def lock(path: Path, descriptor: int) -> int | None:
        """Windows locks forbid reading too, so that the lock lies on a file of its own beside the log."""
        key = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(key, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(key)
            return None
        return key

else:
    import fcntl

    def lock(path: Path, descriptor: int) -> int | None:
        """Take the log for this process: the descriptor whose closing gives it back, None where another has it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        return descriptor


def open_locked(path: Path, fresh: bytes) -> tuple[int, int]:
    """`(descriptor, key)` of the log, locked; where there is none, or an empty one, it appears with `fresh` in it.

    The new file is written aside and renamed, so that a crash never leaves half a first line. Between opening and
    locking the path may have come to name another file: then once more.
    """
    while True:
        descriptor = os.open(path, APPENDING, 0o644)
        key = None
        try:
            key = lock(path, descriptor)
            if key is None:
                raise LogError(f"Another server is using {path}. Stop that one first, or choose another folder.")
            there = path.exists() and os.path.samestat(os.fstat(descriptor), path.stat())
            if there and os.fstat(descriptor).st_size:
                return descriptor, key
            if there:
                write_whole(path, fresh)
        except BaseException:
            Disk(path, descriptor, descriptor if key is None else key).close()
            raise
        Disk(path, descriptor, key).close()


def write_whole(path: Path, data: bytes) -> None:
    """A file that is there with all its bytes, durable, or not at all."""
    aside = path.with_name(path.name + ".new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable, where the system lets one."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
