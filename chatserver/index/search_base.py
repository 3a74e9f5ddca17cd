"""`search.sqlite3`: the folded text of each message, and a full text over it. Derived: deleting it costs only time.

The full text is cut into volumes of so many events each, newest first when asked, so that one look is bounded and a
long history can be searched in steps. It is contentless and never forgets: an edit adds the tokens of the new text
to the same row, a deletion leaves them. What it gives are candidates; `message` has the text that counts.

A new base gets a name of its own, `search.sqlite3`, `search-2.sqlite3` …: SQLite clears up by name behind the last one
that closes a base, and whoever still had the old one open would take the files of the new one away under the server.

One thread writes (`write=True`), another one reads, each through a connection of its own; WAL keeps them out of each
other's way. Raises `sqlite3.Error`; one that is no `OperationalError` means that the file is spoilt.
"""

import json
import logging
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from chatserver.index.search_lines import Change, HistoryFile, Said, Spot, newest
from chatserver.index.search_text import TOKENIZER, expression, tokens

SCHEMA: Final = 2
VOLUME: Final = 1 << 18
"""Events of one volume."""
FIRST_LOOK: Final = 512
LONGEST_LOOK: Final = 1 << 14
"""Candidates that are compared in one step: about 20 ms."""
FEW: Final = 8
"""Rooms that hold less than the 8th part of all are looked for by tokens, others sorted out when comparing."""
MOST_ROOMS: Final = 1_000
MERGED_PAGES: Final = 500
_NAME: Final = re.compile(r"search(?:-(\d{1,9}))?\.sqlite3(-wal|-shm)?", re.ASCII)

_TABLES: Final = """
CREATE TABLE place (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL, offset INTEGER NOT NULL,
    chain BLOB NOT NULL);
CREATE TABLE room (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, messages INTEGER NOT NULL);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE message (seq INTEGER PRIMARY KEY, room INTEGER NOT NULL, person INTEGER NOT NULL, files INTEGER NOT NULL,
    text TEXT NOT NULL);
CREATE TABLE volume (number INTEGER PRIMARY KEY, merged INTEGER NOT NULL);
"""
_FULL_TEXT: Final = (
    f"USING fts5 (tokens, content = '', columnsize = 0, detail = none, prefix = '1 2', tokenize = {TOKENIZER})"
)
_LOOK: Final = """
SELECT count(*), min(candidate.rowid), group_concat(
    CASE WHEN instr(message.text, :needle) AND message.files >= :files AND (:person = 0 OR message.person = :person)
        AND message.room IN (SELECT value FROM json_each(:rooms)) THEN message.seq || ' ' || message.room END, ',')
FROM (SELECT rowid FROM volume_{0} WHERE volume_{0} MATCH :expression AND rowid >= :above AND rowid < :below
    ORDER BY rowid DESC LIMIT :most) AS candidate
LEFT JOIN message ON message.seq = candidate.rowid
"""

_log = logging.getLogger(__name__)


def newest_base(folder: Path) -> Path:
    """The base that stands in a folder, or where the first one would."""
    bases = [(number, path) for path, number, suffix in _files(folder) if not suffix]
    return max(bases, default=(0, folder / "search.sqlite3"))[1]


def _next_base(folder: Path) -> Path:
    """A name that no base here bears or left a file behind of."""
    last = max((number for _, number, _ in _files(folder)), default=0)
    return folder / (f"search-{last + 1}.sqlite3" if last else "search.sqlite3")


def _files(folder: Path) -> list[tuple[Path, int, str]]:
    """The files of the bases in a folder, each with the number of its base and what follows the name of that."""
    found = ((path, _NAME.fullmatch(path.name)) for path in folder.iterdir())
    return [(path, int(match[1] or 1), match[2] or "") for path, match in found if match]


def _clear(folder: Path, keep: Path) -> None:
    """Delete the files of all bases but one."""
    for path, _, _ in _files(folder):
        if not path.name.startswith(keep.name):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:  # somebody looks at it, on a system that does not let it go then
                _log.info("%s stays: %s.", path, error)


class Wanted(NamedTuple):
    """What is searched for: folded, in these rooms, by this person (None: anybody), from seq `above` on, before
    `below`; `most` are wanted. `files`: only what bears some, then the text may be empty."""

    needle: str
    rooms: frozenset[str]
    user: str | None
    files: bool
    above: int
    below: int
    most: int


class Hit(NamedTuple):
    """A message that was found."""

    seq: int
    room: str


class Step(NamedTuple):
    """The hits of one step, newest first: all that there are from the seq `down_to` up to where the last step ended."""

    hits: Sequence[Hit]
    down_to: int


class SearchBase:
    """One connection. `place` is how far it has come, as of the last `snapshot` or `commit`."""

    def __init__(self, connection: sqlite3.Connection, epoch: str) -> None:
        self._connection = connection
        self._epoch = epoch
        self._rooms: dict[str, int] = {}
        self._people: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._volumes: set[int] = set()
        self._changes: dict[tuple[str, int], Change] = {}
        self.place = Spot(0, 0)

    @classmethod
    def open(cls, folder: Path, epoch: str, history: HistoryFile, *, write: bool) -> Self | None:
        """What stands there, or None where that is nothing, spoilt, or of another history."""
        path = newest_base(folder)
        if not path.exists():
            return None
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            execute = connection.execute
            execute("PRAGMA synchronous = NORMAL")
            execute(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
            row = None
            if execute("PRAGMA user_version").fetchone()[0] == SCHEMA:
                row = execute("SELECT epoch, seq, offset, chain FROM place").fetchone()
            if row is not None and row[0] == epoch and history.seal(row[2]) == row[3]:
                base = cls(connection, epoch)
                base._load()
                return base
        except sqlite3.DatabaseError:
            pass
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None

    @classmethod
    def create(cls, folder: Path, epoch: str, history: HistoryFile) -> Self:
        """An empty one; whatever others there are in the folder go."""
        path = _next_base(folder)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
            base = cls(connection, epoch)
            base.begin()
            base.commit(history.start, history.seal(history.start.offset) or b"")
        except BaseException:
            connection.close()
            raise
        _clear(folder, path)
        return base

    def close(self) -> None:
        """Without what was not committed."""
        self._connection.close()

    def _load(self) -> None:
        rows = self._connection.execute
        self._rooms = {name: number for number, name in rows("SELECT id, name FROM room")}
        self._people = {name: number for number, name in rows("SELECT id, name FROM person")}
        self._volumes = {number for (number,) in rows("SELECT number FROM volume")}
        self.place = Spot(*rows("SELECT seq, offset FROM place").fetchone())

    # --- writing ----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Before what belongs together."""
        self._connection.execute("BEGIN IMMEDIATE")

    def add(self, lines: Iterable[Said | Change | None]) -> None:
        """Take in what comes next, in its order."""
        said: list[Said] = []
        for each in lines:
            if isinstance(each, Said):
                said.append(each)
            elif each is not None:
                newest(self._changes, each)
        rows = [(each.seq, self._room(each.room), self._person(each.user), each.files, each.text) for each in said]
        self._connection.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?)", rows)
        self._index(rows)

    def commit(self, place: Spot, chain: bytes) -> None:
        """Change what was changed, and make it all durable up to this place; `chain` is the hash of its last line."""
        self._change()
        execute = self._connection.execute
        for name, count in self._counts.items():
            execute("UPDATE room SET messages = messages + ? WHERE name = ?", (count, name))
        execute("REPLACE INTO place VALUES (1, ?, ?, ?, ?)", (self._epoch, *place, chain))
        execute("COMMIT")
        self._counts.clear()
        self._changes.clear()
        self.place = place

    def rollback(self) -> None:
        """Forget what was not committed."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._counts.clear()
        self._changes.clear()
        self._load()

    def merge(self) -> bool:
        """One step towards one segment for each volume that is full; False when there is nothing left to do.

        Fewer segments make a third of the work of a look."""
        execute, full = self._connection.execute, self.place.seq // VOLUME
        row = execute("SELECT number, merged FROM volume WHERE merged < 2 AND number < ?", (full,)).fetchone()
        if row is None:
            return False
        number, begun = row
        before = self._connection.total_changes
        pages = MERGED_PAGES if begun else -MERGED_PAGES  # FTS5: the first step takes all segments, the others go on
        execute(f"INSERT INTO volume_{number} (volume_{number}, rank) VALUES ('merge', ?)", (pages,))
        done = self._connection.total_changes - before < 2
        execute("UPDATE volume SET merged = ? WHERE number = ?", (2 if done else 1, number))
        return True

    def _index(self, rows: Sequence[tuple[int, int, int, bool, str]]) -> None:
        """Give the full text these messages, which are in the order of seq."""
        by_volume: dict[int, list[tuple[int, str]]] = {}
        for seq, room, person, files, text in rows:
            by_volume.setdefault(seq // VOLUME, []).append((seq, tokens(text, room, person, files)))
        for number, found in by_volume.items():
            if number not in self._volumes:
                self._connection.execute(f"CREATE VIRTUAL TABLE volume_{number} {_FULL_TEXT}")
                self._connection.execute("INSERT INTO volume VALUES (?, 0)", (number,))
                self._volumes.add(number)
            self._connection.executemany(f"INSERT INTO volume_{number} (rowid, tokens) VALUES (?, ?)", found)

    def _change(self) -> None:
        """By seq, so that FTS5 need not begin a segment for each."""
        execute, edited = self._connection.execute, []
        for change in sorted(self._changes.values(), key=lambda change: change.of):
            where = (change.of, self._rooms.get(change.room, 0))
            row = execute("SELECT person, files FROM message WHERE seq = ? AND room = ?", where).fetchone()
            if row is None:
                continue
            if change.text is None:
                execute("DELETE FROM message WHERE seq = ?", where[:1])
            else:
                execute("UPDATE message SET text = ? WHERE seq = ?", (change.text, change.of))
                edited.append((*where, *row, change.text))
        self._index(edited)

    def _room(self, name: str) -> int:
        number = self._rooms.get(name)
        if number is None:
            number = self._rooms[name] = len(self._rooms) + 1
            self._connection.execute("INSERT INTO room VALUES (?, ?, 0)", (number, name))
        self._counts[name] = self._counts.get(name, 0) + 1
        return number

    def _person(self, name: str) -> int:
        number = self._people.get(name)
        if number is None:
            number = self._people[name] = len(self._people) + 1
            self._connection.execute("INSERT INTO person VALUES (?, ?)", (number, name))
        return number

    # --- reading ----------------------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """Look at what is committed now, and at that alone until the next call of this or of `release`."""
        self.release()
        self._connection.execute("BEGIN")
        self.place = Spot(*self._row("SELECT seq, offset FROM place"))

    def release(self) -> None:
        """Let go of the snapshot, so that the file need not keep it."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def stands(self, hit: Hit, user: str | None, files: bool) -> bool:
        """Whether there is such a message, by this person if one is given, with files if it must have some."""
        row = self._row(
            "SELECT person.name, files FROM message "
            "JOIN room ON room.id = message.room JOIN person ON person.id = message.person "
            "WHERE seq = ? AND room.name = ?",
            hit,
        )
        return row is not None and user in (None, row[0]) and row[1] >= files

    def look(self, wanted: Wanted, below: int) -> Iterator[Step]:
        """What is wanted, before this seq."""
        names, messages = self._numbers(wanted.rooms)
        person = self._row("SELECT id FROM person WHERE name = ?", (wanted.user,)) if wanted.user is not None else (0,)
        if not names or person is None:
            return
        by_token = messages * FEW < self.place.seq and len(names) <= MOST_ROOMS
        values = {
            "needle": wanted.needle,
            "files": wanted.files,
            "person": person[0],
            "rooms": json.dumps(list(names)),
            "expression": expression(wanted.needle, names if by_token else (), person[0], wanted.files),
        }
        volumes = [number for (number,) in self._connection.execute("SELECT number FROM volume ORDER BY number DESC")]
        for number in volumes:
            low, high = max(wanted.above, number * VOLUME), min(below, (number + 1) * VOLUME)
            size = max(FIRST_LOOK, wanted.most)
            while low < high:
                range_ = {"above": low, "below": high, "most": size}
                count, lowest, found = self._row(_LOOK.format(number), values | range_)
                high = lowest if count == size else low
                yield Step(_hits(found, names), high)
                size = min(4 * size, LONGEST_LOOK)

    def _numbers(self, rooms: Collection[str]) -> tuple[dict[int, str], int]:
        """The names of these rooms by number, and how many messages they hold."""
        query = "SELECT id, name, messages FROM room WHERE name IN (SELECT value FROM json_each(?))"
        rows = self._connection.execute(query, (json.dumps(list(rooms)),)).fetchall()
        return {number: name for number, name, _ in rows}, sum(row[2] for row in rows)

    def _row(self, query: str, values: dict[str, object] | tuple[object, ...] = ()) -> Any:
        return self._connection.execute(query, values).fetchone()


def _hits(found: str | None, names: dict[int, str]) -> list[Hit]:
    pairs = (pair.split(" ") for pair in found.split(",")) if found else ()
    return sorted((Hit(int(seq), names[int(room)]) for seq, room in pairs), reverse=True)
