"""What a bot remembers over its runs: up to where it has handled events, and its notes. One SQLite file.

What was written is with the system before a method returns, so that the bot's end, however sudden, loses nothing; a
power cut may lose the last moments, whose events are then handled again. One program at a time has the file.
"""

import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, Final

import msgspec

from chatclient.bots.progress import Progress
from shared.errors import ParleyError

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS place (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, through INTEGER NOT NULL, failed INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS done (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, value BLOB NOT NULL);
"""


class StateError(ParleyError):
    """What the bot remembers cannot be read or written, or another run of it has it; the sentence names the file."""


class State:
    """`epoch` is the history that the place is in, "" for none yet; `failed` the event at which the last run failed, 0
    for none. `StateError` from every method."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told = -1
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, timeout=0.0, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from None
        try:
            for line in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
                self._db.execute(f"PRAGMA {line}")
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        except sqlite3.Error as error:
            self._db.close()
            raise self._failed(error) from None
        self.notes = Notes(self)
        found: list[tuple[str, int, int]] = self.rows("SELECT epoch, through, failed FROM place")
        self.epoch, self.through, self.failed = found[0] if found else ("", 0, 0)

    def progress(self) -> Progress:
        """Where to go on."""
        return Progress(self.through, (seq for (seq,) in self.rows("SELECT seq FROM done")))

    def begin(self, epoch: str, through: int) -> None:
        """Another history, or the first: begin after this seq."""
        self.epoch, self.through, self.failed, self._told = epoch, through, 0, through
        self.write(
            ("DELETE FROM done", ()),
            ("INSERT OR REPLACE INTO place VALUES (1, ?, ?, 0)", (epoch, through)),
        )

    def keep(self, progress: Progress, seq: int = 0) -> None:
        """Write down that `seq` was handled (0: that nothing special was), and how far all is."""
        lines: list[tuple[str, tuple[Any, ...]]] = []
        if seq > progress.through:
            lines.append(("INSERT OR IGNORE INTO done VALUES (?)", (seq,)))
        if progress.through > self._told:
            self._told = progress.through
            lines.append(("UPDATE place SET through = ?", (progress.through,)))
            lines.append(("DELETE FROM done WHERE seq <= ?", (progress.through,)))
        if lines:
            self.write(*lines)

    def fail(self, seq: int) -> None:
        """The run ends because this event could not be handled."""
        self.failed = seq
        self.write(("UPDATE place SET failed = ?", (seq,)))

    def close(self) -> None:
        """Leave it to the next run."""
        self._db.close()

    def rows(self, question: str, *values: Any) -> list[Any]:
        """What a question gives."""
        try:
            return self._db.execute(question, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def write(self, *lines: tuple[str, tuple[Any, ...]]) -> None:
        """All of these, or none."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for line, values in lines:
                    self._db.execute(line, values)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> StateError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return StateError(f"Another run of this bot has {self._path}. End it first.")
        return StateError(f"{self._path} cannot be used: {error}.")


class Notes(MutableMapping[str, Any]):
    """What a bot wants to know in its next run: names and JSON values. What was set stands there at once; a value that
    is changed in place must be set again."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        found = self._state.rows("SELECT value FROM notes WHERE key = ?", key)
        if not found:
            raise KeyError(key)
        return msgspec.json.decode(found[0][0])

    def __setitem__(self, key: str, value: Any) -> None:
        self._state.write(("INSERT OR REPLACE INTO notes VALUES (?, ?)", (key, msgspec.json.encode(value))))

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._state.write(("DELETE FROM notes WHERE key = ?", (key,)))

    def __iter__(self) -> Iterator[str]:
        return iter([key for (key,) in self._state.rows("SELECT key FROM notes ORDER BY rowid")])

    def __len__(self) -> int:
        count: int = self._state.rows("SELECT count(*) FROM notes")[0][0]
        return count
