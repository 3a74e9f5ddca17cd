"""Which messages bear which files: a row for each, gone with the message."""

from collections.abc import Sequence

from chatserver.index.base import Base
from shared.protocol import File


class Bearers:
    """The rows of `file`, by SHA-256."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def add(self, files: Sequence[File], room: int, seq: int) -> None:
        """Take in a message with files, in this room by number."""
        for file in files:
            self._base.write("REPLACE INTO file VALUES (?, ?, ?)", (file.file, seq, room))

    def delete(self, seq: int) -> None:
        """The message is gone."""
        self._base.write("DELETE FROM file WHERE seq = ?", (seq,))

    def of(self, file: str) -> list[tuple[str, int]]:
        """`(room, seq)` of the messages that bear it, newest first."""
        return self._base.rows(
            "SELECT room.name, file.seq FROM file JOIN room ON room.id = file.room WHERE hash = ? "
            "ORDER BY file.seq DESC",
            (file,),
        )

    def any(self, file: str) -> bool:
        """Whether any message bears it."""
        return self._base.row("SELECT 1 FROM file WHERE hash = ? LIMIT 1", (file,)) is not None
