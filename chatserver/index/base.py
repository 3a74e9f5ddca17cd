"""The SQLite file under the index: its tables, and changes that a full or locked disk does not lose.

Every change is journalled in memory until it is committed. When a commit fails, SQLite may throw the transaction away;
then it is done again from the journal, and questions go on being answered while the disk has no room.

synchronous=NORMAL: a power cut may lose the newest transactions, never order or consistency; what is lost is read again
from the history.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = 4

_TABLES: Final = """
CREATE TABLE watermark (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL, offset INTEGER NOT NULL,
    chain BLOB NOT NULL, time TEXT NOT NULL);
CREATE TABLE room (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last INTEGER NOT NULL);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key TEXT NOT NULL);
CREATE TABLE posting (id INTEGER PRIMARY KEY, room INTEGER NOT NULL, first INTEGER NOT NULL, messages INTEGER NOT NULL,
    entries BLOB NOT NULL);
CREATE UNIQUE INDEX posting_of_room ON posting (room, first);
CREATE INDEX messages_of_posting ON posting (room, first, messages);
CREATE TABLE mention (whom INTEGER NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (whom, room, seq)) WITHOUT ROWID;
CREATE INDEX mention_of_message ON mention (seq);
CREATE TABLE unmention (whom INTEGER NOT NULL, room INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (whom, room, seq)) WITHOUT ROWID;
CREATE TABLE changed (seq INTEGER PRIMARY KEY, edit INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL,
    deleted INTEGER NOT NULL, by TEXT NOT NULL, reactions BLOB NOT NULL);
CREATE TABLE file (hash TEXT NOT NULL, seq INTEGER NOT NULL, room INTEGER NOT NULL,
    PRIMARY KEY (hash, seq)) WITHOUT ROWID;
CREATE INDEX file_of_message ON file (seq);
CREATE TABLE chunk (first INTEGER PRIMARY KEY, offset INTEGER NOT NULL, time TEXT NOT NULL, hashes BLOB NOT NULL);
CREATE INDEX chunk_of_time ON chunk (time, first);
CREATE TABLE layer (number INTEGER PRIMARY KEY, capacity INTEGER NOT NULL, count INTEGER NOT NULL,
    through INTEGER NOT NULL, words BLOB NOT NULL);
CREATE TABLE stamp (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, changed INTEGER NOT NULL);
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, data BLOB NOT NULL);
"""
_SUFFIXES: Final = ("", "-wal", "-shm", "-journal")


class Base:
    """One connection, always in a transaction. For one thread at a time. Raises `sqlite3.Error`."""

    def __init__(self, path: Path, *, new: bool) -> None:
        """Open what is there, which must have this schema, or put an empty base in its place."""
        self._path = path
        self._journal: list[tuple[str, tuple[object, ...]]] = []
        self._behind = False  # whether the base lacks what the journal holds
        if new:
            self.remove()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            execute = self._connection.execute
            execute("PRAGMA journal_mode = WAL")
            execute("PRAGMA synchronous = NORMAL")
            execute("PRAGMA cache_spill = OFF")  # an open transaction needs no room on the disk
            if new:
                self._connection.executescript(f"{_TABLES} PRAGMA user_version = {SCHEMA};")
            elif (found := execute("PRAGMA user_version").fetchone()[0]) != SCHEMA:
                raise sqlite3.DatabaseError(f"its schema is {found}, this Parley's is {SCHEMA}")
            execute("BEGIN")
        except BaseException:
            self._connection.close()
            raise

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        """All rows of a question."""
        return self._connection.execute(query, values).fetchall()

    def row(self, query: str, values: tuple[object, ...] = ()) -> Any:
        """The first row of a question, or None."""
        return self._connection.execute(query, values).fetchone()

    def write(self, statement: str, values: tuple[object, ...]) -> None:
        """A change: seen by the next question, durable with the next `commit`."""
        self._journal.append((statement, values))
        if not self._behind:
            try:
                self._connection.execute(statement, values)
            except sqlite3.OperationalError:
                self._behind = True

    def ready(self) -> None:
        """Before a question: do again what a full or locked disk threw away. Raises where that fails too."""
        if self._behind:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN")
            for statement, values in self._journal:
                self._connection.execute(statement, values)
            self._behind = False

    def commit(self) -> None:
        """Make the changes durable; `sqlite3.OperationalError` where there is no room: call it again later."""
        self.ready()
        self._behind = True
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")
        self._behind = False
        self._journal.clear()

    def close(self) -> None:
        """Without a commit."""
        self._connection.close()

    def remove(self) -> None:
        """Delete the files of a closed base."""
        for suffix in _SUFFIXES:
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
