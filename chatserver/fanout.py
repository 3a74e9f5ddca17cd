"""Delivery: each committed batch travels once round every ring of connections that may see it.

Connections that are in the same rooms form one audience, a ring with one rotating pointer. A batch put on a ring
starts at the pointer and has arrived when every member was visited; batches that are committed meanwhile join it,
so that a member visited late gets all of them in one write: the busier the server, the more each write carries.
After `SLICE` writes the loop gets its turn for sockets and the log; nothing ever waits for a fan-out to end.

Guarantees, numbered for the tests:

 F1. A connection gets the events of its rooms in the order of seq, each exactly once, over all its rooms.
 F2. An event is encoded once, and audiences of one room share one piece of bytes.
 F3. Who enters gets every event from then on; who leaves gets every event until then.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from chatserver.mailbox import Mailbox
from shared.protocol import AnyEvent, encode_lines

SLICE = 25
"""Writes per turn of the loop: 25 of 4 µs are 0.1 ms between two looks at the sockets and the log."""


class Audience:
    """The connections that are in exactly these rooms.

    A piece on its way is `(the count of visits at which all have it, seq of its first event, bytes)`. The member at
    the pointer has seen none of the pieces on their way, the one behind it all of them.
    """

    __slots__ = ("_joined", "_visits", "at", "pieces", "ring", "rooms")

    def __init__(self, rooms: frozenset[str]) -> None:
        self.rooms = rooms
        self.ring: list[Mailbox] = []
        self.at = 0
        self.pieces: deque[tuple[int, int, bytes]] = deque()
        self._visits = 0
        self._joined: bytes | None = None

    def insert(self, mailbox: Mailbox) -> None:
        """Just behind the pointer: nothing now on its way reaches it, everything later will."""
        self.ring.insert(self.at, mailbox)
        self.at = (self.at + 1) % len(self.ring)

    def remove(self, mailbox: Mailbox) -> tuple[int, bytes]:
        """Take it out; returns what was on its way to it, as `(first seq, bytes)`, both empty where nothing was."""
        place = self.ring.index(mailbox)
        ahead = (place - self.at) % len(self.ring)
        owed = [piece for piece in self.pieces if piece[0] - self._visits > ahead]
        del self.ring[place]
        if place < self.at:
            self.at -= 1
        if self.at >= len(self.ring):
            self.at = 0
        if owed:
            shorter = ((end - (end - self._visits > ahead), first, data) for end, first, data in self.pieces)
            self.pieces = deque(piece for piece in shorter if piece[0] > self._visits)
            self._joined = None
        return (owed[0][1] if owed else 0), b"".join([data for _, _, data in owed])

    def put(self, first: int, data: bytes) -> bool:
        """A piece sets out; True where the audience was at rest until now."""
        if not self.ring:
            return False
        rested = not self.pieces
        self.pieces.append((self._visits + len(self.ring), first, data))
        self._joined = None
        return rested

    def visit(self, budget: int) -> int:
        """Serve the next members, `budget` of them at most; returns how many."""
        if self._joined is None:
            self._joined = b"".join([data for _, _, data in self.pieces])
        data, first = self._joined, self.pieces[0][1]
        count = min(budget, self.pieces[0][0] - self._visits, len(self.ring) - self.at)
        for mailbox in self.ring[self.at : self.at + count]:
            mailbox.deliver(data, first)
        self._visits += count
        self.at = (self.at + count) % len(self.ring)
        while self.pieces and self.pieces[0][0] <= self._visits:
            self.pieces.popleft()
            self._joined = None
        return count


class Fanout:
    """All audiences. `place` says which rooms a connection is in, `publish` sends a batch on its way.

    tip     the newest seq that was published
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, tip: int) -> None:
        self._loop = loop
        self.tip = tip
        self._audiences: dict[frozenset[str], Audience] = {}
        self._by_room: dict[str, dict[Audience, None]] = {}
        self._of: dict[Mailbox, Audience] = {}
        self._ready: deque[Audience] = deque()
        self._running = False

    def place(self, mailbox: Mailbox, rooms: frozenset[str]) -> None:
        """This connection is in these rooms from the next published event on; what is owed to it goes out first."""
        self.remove(mailbox)
        audience = self._audiences.get(rooms)
        if audience is None:
            audience = self._audiences[rooms] = Audience(rooms)
            for room in rooms:
                self._by_room.setdefault(room, {})[audience] = None
        audience.insert(mailbox)
        self._of[mailbox] = audience

    def remove(self, mailbox: Mailbox) -> None:
        """No more live events for this connection; what was on its way is delivered. Unknown ones are left alone."""
        audience = self._of.pop(mailbox, None)
        if audience is None:
            return
        first, owed = audience.remove(mailbox)
        if not audience.ring:
            self._forget(audience)
        if owed:
            mailbox.deliver(owed, first)

    def _forget(self, audience: Audience) -> None:
        del self._audiences[audience.rooms]
        for room in audience.rooms:
            del self._by_room[room][audience]
            if not self._by_room[room]:
                del self._by_room[room]

    def publish(self, events: Sequence[AnyEvent]) -> None:
        """Stored events, by seq, that change nobody's rooms (or the one event that just did)."""
        self.tip = events[-1].seq
        rooms = {event.room for event in events}
        data = encode_lines(events)
        if len(rooms) == 1:
            for audience in self._by_room.get(rooms.pop(), ()):
                self._put(audience, events[0].seq, data)
        else:
            self._publish_mixed(events, rooms, data.splitlines(keepends=True))
        if self._ready and not self._running:
            self._running = True
            self._turn()

    def _publish_mixed(self, events: Sequence[AnyEvent], rooms: set[str], lines: list[bytes]) -> None:
        pieces: dict[frozenset[str], tuple[int, bytes]] = {}
        touched = {audience: None for room in rooms for audience in self._by_room.get(room, ())}
        for audience in touched:
            heard = audience.rooms & rooms
            piece = pieces.get(heard)
            if piece is None:
                chosen = [i for i, event in enumerate(events) if event.room in heard]
                piece = pieces[heard] = events[chosen[0]].seq, b"".join([lines[i] for i in chosen])
            self._put(audience, *piece)

    def _put(self, audience: Audience, first: int, data: bytes) -> None:
        if audience.put(first, data):
            self._ready.append(audience)

    def _turn(self) -> None:
        """`SLICE` writes, then back to the loop; the audiences take turns."""
        budget, ready = SLICE, self._ready
        while budget > 0 and ready:
            audience = ready.popleft()
            if audience.pieces:
                budget -= audience.visit(budget)
            if audience.pieces:
                ready.append(audience)
        if ready:
            self._loop.call_soon(self._turn)
        else:
            self._running = False
