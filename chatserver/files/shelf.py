"""The bytes on the disk: each file under its hash, what is still coming in under a name of its own. Blocking.

    ab/abcdef…          a file, complete and synced; never written to again
    parts/…             what came of an upload so far
    thumbs/ab/….webp    small pictures: derived, may be deleted at any time

A part becomes a file by one rename, after it was synced: whatever dies when, a name that is a hash has those bytes.
"""

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

BLOCK: Final = 256 * 1024
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class Sealed(NamedTuple):
    """A part whose bytes are on the disk."""

    file: str
    size: int


class Shelf:
    """One folder of files. Every method may raise `OSError`."""

    def __init__(self, folder: Path) -> None:
        """Make what is missing."""
        self.folder = folder
        self._parts = folder / "parts"
        for each in (folder, self._parts):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, file: str) -> Path:
        """Where the bytes with this hash are, or would be."""
        return self.folder / file[:2] / file

    def thumb(self, file: str) -> Path:
        """Where its small picture is, or would be."""
        return self.folder / "thumbs" / file[:2] / f"{file}.webp"

    def part(self, name: str) -> Path:
        """Where what came of an upload is."""
        return self._parts / name

    def free(self) -> int:
        """Bytes that the disk has room for."""
        return shutil.disk_usage(self.folder).free

    def seal(self, name: str) -> Sealed:
        """Sync a part and name its bytes."""
        with self.part(name).open("rb") as part:
            os.fsync(part.fileno())
            digest = hashlib.sha256()
            while block := part.read(BLOCK):
                digest.update(block)
            return Sealed(digest.hexdigest(), part.tell())

    def place(self, name: str, file: str) -> None:
        """A sealed part takes its place as a file; on the disk when this returns."""
        path = self.path(file)
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self.folder)
        if path.is_file() and path.stat().st_size == self.part(name).stat().st_size:
            self.part(name).unlink()  # it is there, and may be being read, which Windows does not let one replace
        else:
            self.part(name).replace(path)
            _sync(path.parent)

    def discard_part(self, name: str) -> None:
        """The upload is not wanted any more."""
        self.part(name).unlink(missing_ok=True)

    def discard(self, file: str) -> None:
        """The file is gone, and its small picture."""
        self.thumb(file).unlink(missing_ok=True)
        self.path(file).unlink(missing_ok=True)

    def discard_parts_but(self, names: frozenset[str]) -> None:
        """Remove what a crash left of uploads that nobody remembers."""
        for part in self._parts.iterdir():
            if part.name not in names:
                part.unlink()

    def received(self, name: str) -> tuple[int, float]:
        """How many bytes of an upload are there, and since when, in seconds since 1970."""
        with contextlib.suppress(FileNotFoundError):
            found = self.part(name).stat()
            return found.st_size, found.st_mtime
        return 0, 0.0

    def older_than(self, before: float) -> Iterator[str]:
        """The files that have been there since before this time, in seconds since 1970."""
        for folder in self.folder.iterdir():
            if len(folder.name) == 2:
                for path in folder.iterdir():
                    if _HASH.fullmatch(path.name) and path.stat().st_mtime < before:
                        yield path.name


def _sync(folder: Path) -> None:
    """What was renamed into a folder is there after a power cut. Windows has no such thing, and needs none."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
