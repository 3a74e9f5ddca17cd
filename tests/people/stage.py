"""The telling of presence, typing and read marks on a clock that is moved by hand: real mailboxes, no sockets."""

import asyncio
import heapq
import itertools
import json
from collections.abc import Callable
from typing import Any

from chatserver.accounts.picture import Preferences
from chatserver.circles import Circles
from chatserver.mailbox import Mailbox, Rounds
from chatserver.presence import Presence
from chatserver.rooms import Rooms
from chatserver.signals import Signals
from chatserver.slices import Slices
from chatserver.writing import Writing
from shared.protocol import Created, Joined, Left, Message

Line = dict[str, Any]


class HandClock:
    """The part of an event loop that the server's telling uses; `pass_` lets time go by, `turn` runs what is ready."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._ready: list[tuple[Callable[..., object], tuple[Any, ...]]] = []
        self._later: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._count = itertools.count()

    def time(self) -> float:
        return self.now

    def call_soon(self, callback: Callable[..., object], *args: Any) -> None:
        self._ready.append((callback, args))

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> None:
        heapq.heappush(self._later, (when, next(self._count), callback, args))

    def turn(self) -> None:
        """One turn of the loop."""
        while self._later and self._later[0][0] <= self.now:
            _, _, callback, args = heapq.heappop(self._later)
            self._ready.append((callback, args))
        ready, self._ready = self._ready, []
        for callback, args in ready:
            callback(*args)

    def rest(self) -> None:
        """Turn until nothing is left to do now."""
        while self._ready or (self._later and self._later[0][0] <= self.now):
            self.turn()

    def pass_(self, seconds: float) -> None:
        """Let time go by, and do in it what is due."""
        end = self.now + seconds
        self.rest()
        while self._later and self._later[0][0] <= end:
            self.now = max(self.now, self._later[0][0])
            self.rest()
        self.now = end


class _Wire(asyncio.WriteTransport):
    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)


class Connection:
    """One signed-in connection and what was written to it."""

    def __init__(self, user: str, rounds: Rounds) -> None:
        self.user = user
        self._wire = _Wire()
        self.mailbox = Mailbox(self._wire, None, rounds)

    def lines(self, type: str) -> list[Line]:
        """What came since the last look, of one type; what came of the others is forgotten."""
        found = [json.loads(line) for line in self._wire.written.splitlines()]
        self._wire.written = b""
        return [line for line in found if line["type"] == type]


class Stage:
    """Rooms, people and their connections; the hub's part is done by the methods."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.rooms = Rooms()
        self.here: dict[str, dict[Connection, None]] = {}
        self.chosen: dict[str, Preferences] = {}
        self.marks: dict[tuple[str, str], int] = {}
        self.seen: dict[str, str] = {}
        circles, slices = Circles(self.rooms), Slices(self.clock)
        self.presence = Presence(self.here, self.preferences, self.rooms, lambda name: self.seen.get(name, ""))
        self.signals = Signals(self.clock, slices, circles, self.presence, self, self.here)
        self.writing = Writing(self.clock, slices, circles, self.presence, self.here)
        self._rounds = Rounds(self.clock)  # type: ignore[arg-type]  # it needs no more of a loop than call_soon
        self._seq = 0

    def preferences(self, name: str) -> Preferences:
        return self.chosen.get(name, Preferences())

    def read(self, name: str, room: str) -> int:
        return self.marks.get((name, room), 0)

    def room(self, name: str, *people: str, private: bool = False) -> None:
        """A room with these people in it, as a history would have made it."""
        self._seq += 1
        self.rooms.apply(Created(seq=self._seq, room=name, user=people[0], id=f"{self._seq}", private=private))
        for person in people[1:]:
            self.enter(person, name)

    def enter(self, user: str, room: str) -> None:
        self._seq += 1
        for move in self.rooms.apply(Joined(seq=self._seq, room=room, user=user, id=f"{self._seq}")):
            self.signals.entered(move.user, move.room)

    def leave(self, user: str, room: str) -> None:
        self._seq += 1
        for move in self.rooms.apply(Left(seq=self._seq, room=room, user=user, id=f"{self._seq}")):
            self.signals.left(move.room)
            self.writing.left(move.user, move.room)

    def post(self, user: str, room: str) -> None:
        self._seq += 1
        message = Message(seq=self._seq, room=room, user=user, id=f"{self._seq}", text="said")
        for move in self.rooms.apply(message):
            self.signals.entered(move.user, move.room)
        self.writing.posted([message])

    def come(self, user: str) -> Connection:
        """One more connection of this person."""
        connection = Connection(user, self._rounds)
        first = user not in self.here
        self.here.setdefault(user, {})[connection] = None
        if first:
            self.signals.changed(user, but=connection)
        return connection

    def go(self, connection: Connection) -> None:
        del self.here[connection.user][connection]
        if not self.here[connection.user]:
            del self.here[connection.user]
            self.writing.gone(connection.user)
            self.signals.changed(connection.user)
        self.signals.gone(connection)

    def settled(self, *connections: Connection) -> None:
        """Let everything be told that is due, and forget what was told to these."""
        self.clock.pass_(20)
        for connection in connections:
            connection.lines("presence")
