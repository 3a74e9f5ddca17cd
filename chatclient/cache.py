"""Files that came from servers or went there, kept on this device under their hashes: bounded, the longest unused go.

Several programs may use one folder: a file appears whole, by a rename, and one that another took away is fetched again.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final, NamedTuple

MOST: Final = 512 * 1024 * 1024
"""Bytes in the folder; over it, a tenth is taken away."""


class _Held(NamedTuple):
    used: float
    size: int
    path: Path


class Cache:
    """`folder` is made where it is missing; None: a folder that goes with `close`. What waits for the disk is for a
    thread: all but `find` and `close`."""

    def __init__(self, folder: Path | None = None, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._size: int | None = None
        self._one = threading.Lock()
        self._passing: tempfile.TemporaryDirectory[str] | None = None

    def find(self, name: str) -> Path | None:
        """The file of this name, which counts as used now; None where it is not here."""
        if self._folder is None:
            return None
        path = self._folder / name
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def part(self, name: str) -> Path:
        """Where to write a file before it is whole."""
        with self._one:
            if self._folder is None:
                self._passing = tempfile.TemporaryDirectory(prefix="parley-", ignore_cleanup_errors=True)
                self._folder = Path(self._passing.name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder / f".{name}.{secrets.token_hex(4)}"

    def put(self, part: Path, name: str) -> Path:
        """Let the whole file appear under its name."""
        path = part.with_name(name)
        size = part.stat().st_size
        part.replace(path)
        self._make_room(size, path)
        return path

    def share(self, path: Path, name: str) -> None:
        """Have what stands at `path` here as well, without a copy of the bytes where the disk can do that."""
        part = self.part(name)
        try:
            part.hardlink_to(path)
        except OSError:
            shutil.copyfile(path, part)
        os.utime(part)
        self.put(part, name)

    async def close(self) -> None:
        """Take away what was to go with it."""
        if self._passing is not None:
            passing, self._passing, self._folder = self._passing, None, None
            await asyncio.to_thread(passing.cleanup)

    def _make_room(self, size: int, newest: Path) -> None:
        """Take away what was not used for longest, down to nine tenths; never what came just now."""
        with self._one:
            if self._size is not None and self._size + size <= self._most:
                self._size += size
                return
            held = sorted(self._all(newest.parent))
            total = sum(each.size for each in held)
            if total > self._most:
                for each in held:
                    if total <= self._most * 9 // 10:
                        break
                    if each.path != newest:
                        with contextlib.suppress(OSError):  # open elsewhere, or taken away by another program
                            each.path.unlink()
                            total -= each.size
            self._size = total

    def _all(self, folder: Path) -> list[_Held]:
        held = []
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                stat = path.stat()
                held.append(_Held(stat.st_mtime, stat.st_size, path))
        return held
