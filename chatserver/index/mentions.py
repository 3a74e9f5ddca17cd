"""Who was spoken to by name, where and how often: one row for each mention, numbered in its room.

A row bears its running number among the mentions of one person in one room, so that "how many after this seq" is the
newest number less that of the row before the seq, whatever lies between. A message that speaks to everybody is one row
in the list `ALL`, and one in the list of what its author said to everybody, which is no news to them. Messages without
an `@` cost nothing here. Rows stay when a message is deleted, since those behind them are numbered: it is noted beside
them, and counted off. An edit speaks to nobody anew.
"""

from typing import Final

from chatserver.index.base import Base
from shared.mentions import EVERYBODY, named
from shared.rules import name_key

ALL: Final = 0
"""The list of what was said to everybody. The number of a person stands for what was said to them, and the negative
number for what they themselves said to everybody."""
OPEN_LISTS: Final = 65_536
"""Lists whose newest number may stay in memory."""


class Mentions:
    """The rows of `mention`, and which person is meant by which key. A name that nobody bore yet means nobody."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._keys: dict[str, int] = {}
        for number, key in base.rows("SELECT id, key FROM person ORDER BY id DESC"):
            self._keys[key] = number
        self._counts: dict[tuple[int, int], int] = {}
        self._thinned: set[tuple[int, int]] = set(base.rows("SELECT DISTINCT whom, room FROM unmention"))

    def meet(self, name: str, number: int) -> str:
        """Somebody new wrote or came in; returns the key of their name."""
        key = name_key(name)
        self._keys.setdefault(key, number)
        return key

    def add(self, text: str, author: int, room: int, seq: int) -> None:
        """Take in a message with an `@`, by this person in this room (both by number)."""
        keys = named(text)
        if EVERYBODY in keys:
            lists = [ALL, -author]
        else:
            lists = [number for key in keys if (number := self._keys.get(key, author)) != author]
        for each in lists:
            count = self._counts[each, room] = self._count(each, room) + 1
            self._base.write("INSERT INTO mention VALUES (?, ?, ?, ?)", (each, room, seq, count))

    def delete(self, seq: int) -> None:
        """The message is gone."""
        self._base.ready()
        for which, room in self._base.rows("SELECT whom, room FROM mention WHERE seq = ?", (seq,)):
            self._base.write("INSERT INTO unmention VALUES (?, ?, ?)", (which, room, seq))
            self._thinned.add((which, room))

    def after(self, user: str, number: int, room: int, seq: int) -> int:
        """How many messages of others after this seq speak to this person: to them alone, or to everybody."""
        lists = {ALL, self._keys.get(name_key(user), ALL)}
        return sum(self._after(each, room, seq) for each in lists) - (self._after(-number, room, seq) if number else 0)

    def _after(self, which: int, room: int, seq: int) -> int:
        count = self._count(which, room)
        if not count:
            return 0
        row = self._base.row(
            "SELECT count FROM mention WHERE whom = ? AND room = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
            (which, room, seq),
        )
        return count - (int(row[0]) if row else 0) - self._deleted(which, room, seq)

    def _deleted(self, which: int, room: int, seq: int) -> int:
        """How many rows of a list after a seq are of messages that were deleted."""
        if (which, room) not in self._thinned:
            return 0
        row = self._base.row(
            "SELECT count(*) FROM unmention WHERE whom = ? AND room = ? AND seq > ?", (which, room, seq)
        )
        return int(row[0])

    def _count(self, which: int, room: int) -> int:
        """The newest number of a list, 0 for an empty one."""
        count = self._counts.get((which, room))
        if count is None:
            self._base.ready()
            row = self._base.row(
                "SELECT count FROM mention WHERE whom = ? AND room = ? ORDER BY seq DESC LIMIT 1", (which, room)
            )
            count = self._counts[which, room] = int(row[0]) if row else 0
        return count

    def flushed(self) -> None:
        """Everything is on the disk: what is too much to remember may be forgotten."""
        if len(self._counts) > OPEN_LISTS:
            self._counts.clear()
