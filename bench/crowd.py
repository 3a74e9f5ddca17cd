"""The people of a benchmark: many connections in one room, read by one process that must never be the bottleneck.

A load of ten million lines a second is gigabytes: Python cannot look at each line, and need not. One speaker and one
listener are read in full and kept, and checked line by line after the load. From the others the kernel discards what
came without copying it (MSG_TRUNC) and says how many bytes that were; a stream is right when it has as many bytes as
the kept one entails. As soon as the load is over, all are read in full again, so that the end of every stream can be
compared byte for byte: a stream that had gained or lost anything on the way would not fit.

The process polls without ever sleeping, so that its own wake-up is part of no latency and costs no server anything.
"""

import mmap
import select
import socket
import time

from bench.dialects import Dialect, name
from bench.process import BenchError

PATIENCE = 30.0
"""Seconds after which something that should have come counts as lost."""

TOGETHER = 50
"""People who come in at a time."""
BUFFER = 4 << 20
FULL = 256 * 1024


class Crowd:
    """`people` connections in one room, the first `speakers` of which post. What stands in lists goes by place.

    posted      messages that were sent by now, marks included
    received    bytes since the start mark
    kept        what was read in full since then, None for streams of which only the bytes are counted
    stamps      where set: when each read ended (perf_counter) and how many bytes there were by then
    """

    def __init__(
        self, dialect: Dialect, port: int, people: int, speakers: int, quiet_seconds: float, arrival_seconds: float
    ) -> None:
        self.dialect = dialect
        self.people = people
        self.speakers = speakers
        self.posted = 0
        self.sockets: list[socket.socket] = []
        self.received: list[int] = [0] * people
        self.kept: list[list[bytes] | None] = [[] for _ in range(people)]
        self.stamps: list[list[tuple[float, int]]] | None = None
        self.poll = select.epoll()
        self._port = port
        self._quiet_seconds = quiet_seconds
        self._arrival_seconds = arrival_seconds
        self._sink = mmap.mmap(-1, BUFFER)
        self.place_of: dict[int, int] = {}
        self.unsent: dict[int, bytes] = {}

    @property
    def witness(self) -> int:
        """The listener whose stream is kept whole."""
        return self.people - 1

    def enter(self, until: int | None = None) -> None:
        """Let connections in until there are so many (all of them by default): the first alone, for it makes the room,
        then some at a time, because a server may answer who signs in but once a second."""
        until = self.people if until is None else until
        while (came := len(self.sockets)) < until:
            places = range(came, min(came + TOGETHER, until) if came else 1)
            for _ in places:
                sock = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.sockets.append(sock)
            for steps in zip(*map(self.dialect.enter, places), strict=True):
                for place, step in zip(places, steps, strict=True):
                    self.sockets[place].sendall(step.send)
                for place, step in zip(places, steps, strict=True):
                    _read_until(self.sockets[place], step.until)
            for place in places:
                sock = self.sockets[place]
                sock.setblocking(False)
                self.place_of[sock.fileno()] = place
                self.poll.register(sock.fileno(), select.EPOLLIN)
            self.take()

    def align(self, key: str = "start") -> None:
        """Post a mark and wait until everybody has it and nothing more comes: from here on the streams are equal."""
        self.quieten(self._arrival_seconds)
        for pieces in self.kept:
            assert pieces is not None
            pieces.clear()
        self.send(0, self.dialect.post(key))
        self.posted += 1
        deadline = time.monotonic() + PATIENCE
        while not all(self._has_mark(place, key) for place in range(self.people)):
            if time.monotonic() > deadline:
                raise BenchError(f"Not everybody got the mark {key!r} within {PATIENCE:g} s.")
            self.take()
        self.quieten()
        self.received = [0] * self.people
        self.kept = [[] for _ in range(self.people)]

    def _has_mark(self, place: int, key: str) -> bool:
        seen = b"".join(self.kept[place] or ())
        mine = place != 0 or self.dialect.is_answered(seen, key)
        return mine and key.encode() in seen and seen.endswith(b"\n")

    def keep_only(self, places: set[int]) -> None:
        """From now on only these streams are kept; of the others the bytes are counted."""
        self.kept = [pieces if place in places else None for place, pieces in enumerate(self.kept)]

    def keep_all(self) -> dict[int, int]:
        """From now on all streams are kept again; at which byte each of the others begins."""
        begins = {place: self.received[place] for place, pieces in enumerate(self.kept) if pieces is None}
        for place in begins:
            self.kept[place] = []
        return begins

    def take(self) -> int:
        """One look at all sockets; returns the number of those that had something."""
        ready = self.poll.poll(0)
        for fd, _ in ready:
            place = self.place_of[fd]
            pieces = self.kept[place]
            try:
                if pieces is None:
                    count = self.sockets[place].recv_into(self._sink, BUFFER, socket.MSG_TRUNC)
                else:
                    data = self.sockets[place].recv(FULL)
                    pieces.append(data)
                    count = len(data)
            except BlockingIOError:
                continue
            if not count:
                raise BenchError(f"The server hung up on {name(place)}.")
            self.received[place] += count
            if self.stamps is not None:
                self.stamps[place].append((time.perf_counter(), self.received[place]))
        return len(ready)

    def quieten(self, seconds: float | None = None) -> None:
        """Read until nothing has come for so long (`quiet_seconds`): then nothing more is expected."""
        seconds = self._quiet_seconds if seconds is None else seconds
        began = last = time.monotonic()
        while (now := time.monotonic()) - last < seconds:
            if self.take():
                last = now
            if now - began > PATIENCE:
                raise BenchError(f"The server was still sending after {PATIENCE:g} s.")

    def send(self, place: int, data: bytes) -> bool:
        """Write for one speaker; what finds no room is written by the next calls. False where something still waits."""
        data = self.unsent.pop(place, b"") + data
        try:
            sent = self.sockets[place].send(data)
        except BlockingIOError:
            sent = 0
        if sent == len(data):
            return True
        self.unsent[place] = data[sent:]
        return False

    def close(self) -> None:
        """Hang up."""
        for sock in self.sockets:
            sock.close()
        self.poll.close()
        self._sink.close()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read_until(sock: socket.socket, wanted: bytes) -> None:
    """Read whole lines until one has `wanted` in it. Nothing but this person's arrival is lost with them."""
    seen = b""
    while not (wanted in seen and seen.endswith(b"\n")):
        try:
            data = sock.recv(FULL)
        except TimeoutError:
            data = b""
        if not data:
            raise BenchError(f"Waiting for {wanted.decode()}, the server said: {seen[-300:].decode(errors='replace')}")
        seen += data
