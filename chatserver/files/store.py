"""Who uploaded what, and what is still on its way: `files.sqlite3`, blocking.

The bytes lie beside it, by their hash. A row here and its bytes come and go at different moments: bytes without a row
are found and removed by the next start, a row without bytes is answered like a file that does not exist.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from shared.errors import ParleyError
from shared.protocol import File

_TABLES: Final = (
    "CREATE TABLE files (file TEXT PRIMARY KEY, mime TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE owners (file TEXT NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, added REAL NOT NULL,"
    " posted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (file, user)) WITHOUT ROWID",
    "CREATE INDEX owners_unposted ON owners (added) WHERE NOT posted",
    "CREATE TABLE uploads (user TEXT NOT NULL, id TEXT NOT NULL, part TEXT NOT NULL, name TEXT NOT NULL,"
    " size INTEGER NOT NULL, begun REAL NOT NULL, file TEXT, PRIMARY KEY (user, id)) WITHOUT ROWID",
)
"""Version 1. `posted`: the file stood in a message when that was last looked at."""
_FILE: Final = "SELECT file, name, mime, size, width, height FROM owners JOIN files USING (file)"


class FilesError(ParleyError):
    """The store of the files cannot be opened; the sentence says why."""


class Begun(NamedTuple):
    """An upload that is not complete. `part`: the name of the file that holds what came; `begun` in seconds."""

    user: str
    ident: str
    part: str
    name: str
    size: int
    begun: float


class Store:
    """One open file. Every method blocks; `sqlite3.Error` where the disk fails."""

    def __init__(self, path: Path) -> None:
        """Open or create. `FilesError` where that cannot be done."""
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise FilesError(f"The list of files in {path} cannot be opened: {error}.") from error
        try:
            path.chmod(0o600)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._prepare()
        except (sqlite3.Error, OSError, FilesError) as error:
            self._db.close()
            raise FilesError(f"The list of files in {path} cannot be opened: {error}.") from error

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > 1:
            raise FilesError(f"a newer Parley made it (version {version}, this one knows 1)")
        if version == 0:
            with self._transaction() as db:
                for table in _TABLES:
                    db.execute(table)
                db.execute("PRAGMA user_version = 1")

    def close(self) -> None:
        """No method works after this."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    # --- uploads ------------------------------------------------------------------------------------------------

    def begun(self) -> list[Begun]:
        """The uploads that are not complete."""
        rows = self._db.execute("SELECT user, id, part, name, size, begun FROM uploads WHERE file IS NULL")
        return [Begun(*row) for row in rows]

    def begin(self, upload: Begun) -> None:
        """Remember one from now on."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?, ?, ?, NULL)", upload)

    def drop(self, user: str, ident: str) -> None:
        """Forget one that is not complete."""
        with self._transaction() as db:
            db.execute("DELETE FROM uploads WHERE user = ? AND id = ? AND file IS NULL", (user, ident))

    def complete(self, user: str, ident: str | None, file: File, now: float) -> None:
        """All of it is there, under its hash: this person may post it. `ident` is None for what came in one piece."""
        with self._transaction() as db:
            row = (file.file, file.mime, file.size, file.width, file.height)
            db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)
            db.execute("INSERT OR REPLACE INTO owners VALUES (?, ?, ?, ?, 0)", (file.file, user, file.name, now))
            if ident is not None:
                db.execute("UPDATE uploads SET file = ? WHERE user = ? AND id = ?", (file.file, user, ident))

    def completed(self, user: str, ident: str) -> File | None:
        """What an upload became, while its person has it."""
        query = (
            "SELECT file, uploads.name, mime, files.size, width, height FROM uploads JOIN files USING (file)"
            " JOIN owners USING (file, user) WHERE user = ? AND id = ?"
        )
        return self._file(query, user, ident)

    def forget_completed(self, before: float) -> None:
        """Of what was begun before this time nobody asks any more what it became."""
        with self._transaction() as db:
            db.execute("DELETE FROM uploads WHERE file IS NOT NULL AND begun < ?", (before,))

    # --- files --------------------------------------------------------------------------------------------------

    def about(self, file: str) -> File | None:
        """What is known of a file, without a name."""
        return self._file("SELECT file, '', mime, size, width, height FROM files WHERE file = ?", file)

    def owned(self, user: str, file: str) -> File | None:
        """A file that this person uploaded, by the name that they gave it."""
        return self._file(f"{_FILE} WHERE user = ? AND file = ?", user, file)

    def _file(self, query: str, *values: str) -> File | None:
        row = self._db.execute(query, values).fetchone()
        if row is None:
            return None
        file, name, mime, size, width, height = row
        return File(file=file, name=name, mime=mime, size=size, width=width, height=height)

    def disown(self, user: str, files: Iterable[str]) -> None:
        """This person may not post these any more."""
        with self._transaction() as db:
            db.executemany("DELETE FROM owners WHERE user = ? AND file = ?", [(user, file) for file in files])

    def disown_old(self, file: str, before: float) -> int:
        """Nobody may who uploaded it before this time; gives how many are left who may."""
        with self._transaction() as db:
            db.execute("DELETE FROM owners WHERE file = ? AND added < ?", (file, before))
            return int(db.execute("SELECT count(*) FROM owners WHERE file = ?", (file,)).fetchone()[0])

    def set_posted(self, file: str) -> None:
        """It stands in a message: it need not be looked at again until one is deleted."""
        with self._transaction() as db:
            db.execute("UPDATE owners SET posted = 1 WHERE file = ? AND NOT posted", (file,))

    def unposted(self, before: float) -> list[str]:
        """Files that were uploaded before this time and stood in no message when that was last looked at."""
        rows = self._db.execute("SELECT DISTINCT file FROM owners WHERE NOT posted AND added < ?", (before,))
        return [row[0] for row in rows]

    def known(self) -> list[str]:
        """All files that have a row."""
        return [row[0] for row in self._db.execute("SELECT file FROM files")]

    def forget(self, file: str) -> None:
        """The bytes go."""
        with self._transaction() as db:
            db.execute("DELETE FROM owners WHERE file = ?", (file,))
            db.execute("DELETE FROM files WHERE file = ?", (file,))
