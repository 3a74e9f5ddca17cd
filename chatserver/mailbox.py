"""What waits to be written to one connection: bounded, so that who does not read costs nobody anything.

Answers are gathered for one turn of the loop, so that a hundred of them cost one write; live events go straight to
the socket, behind the answers that were given before them. As soon as the transport holds bytes back, what follows
waits here as references to the shared bytes, up to 1 MiB. Beyond that the mailbox stops taking live events and
remembers where it stopped (`missed`); once all is out, its owner reads what is missing from the history.
"""

import asyncio
import functools
import socket
from collections.abc import Callable

from shared.protocol import ServerLine, encode_lines

BOUND = 1 << 20
"""Bytes that may wait in user space for one connection before it is left behind."""


class Rounds:
    """The mailboxes with answers to be written at the end of this turn of the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: list[Mailbox] = []

    def add(self, mailbox: "Mailbox") -> None:
        """This one has something; called once per turn."""
        if not self._due:
            self._loop.call_soon(self._go)
        self._due.append(mailbox)

    def _go(self) -> None:
        due, self._due = self._due, []
        for mailbox in due:
            mailbox.flush()


class Mailbox:
    """One connection's way out. The front calls `paused` and `resumed` as its transport says so.

    direct      the socket, where bytes may be sent past the transport (a plain socket of a selector loop), or None
    missed      seq of the first live event that found no room, None while none was left out
    on_behind   called (from within a delivery) when `missed` is set
    """

    __slots__ = (
        "_answers",
        "_closed",
        "_direct",
        "_drained",
        "_full",
        "_rounds",
        "_size",
        "_transport",
        "_waiting",
        "missed",
        "on_behind",
    )

    def __init__(self, transport: asyncio.WriteTransport, direct: socket.socket | None, rounds: Rounds) -> None:
        self._transport = transport
        self._direct = direct
        self._rounds = rounds
        self._full = False
        self._closed = False
        self._answers: list[ServerLine] = []
        self._waiting: list[bytes] = []
        self._size = 0
        self._drained: list[Callable[[], object]] = []
        self.missed: int | None = None
        self.on_behind: Callable[[], object] = _nobody

    @property
    def full(self) -> bool:
        """True while the transport holds bytes back: what can wait, or need not be told at all, is not written now."""
        return self._full

    def deliver(self, data: bytes, first: int) -> None:
        """Live events from seq `first` on; left out, and remembered as missed, where the mailbox is full."""
        if self.missed is not None:
            return
        if self._answers:
            self.flush()
        if not self._full:
            self._send(data)
        elif self._size + len(data) <= BOUND:
            self._keep(data)
        else:
            self.missed = first
            self.on_behind()

    def write(self, line: ServerLine) -> None:
        """Something for this connection alone. It always finds room: who asks waits in `drained` between two asks."""
        if not self._answers:
            self._rounds.add(self)
        self._answers.append(line)

    def flush(self) -> None:
        """Write the answers now."""
        if self._answers:
            data = encode_lines(self._answers)
            self._answers.clear()
            if self._full:
                self._keep(data)
            else:
                self._send(data)

    def _send(self, data: bytes) -> None:
        if self._closed:
            return
        if self._direct is not None:
            try:
                sent = self._direct.send(data)
            except (BlockingIOError, InterruptedError):
                sent = 0
            except OSError:
                self._closed = True
                self._transport.abort()  # which tells the front that the connection is lost
                return
            if sent == len(data):
                return
            if sent:
                data = data[sent:]
        self._transport.write(data)

    def _keep(self, data: bytes) -> None:
        if not self._closed:
            self._waiting.append(data)
            self._size += len(data)

    def paused(self) -> None:
        """The transport holds bytes back."""
        self._full = True

    def resumed(self) -> None:
        """The transport has written all that it held: hand it what waited here."""
        self._full = False
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting, self._size = [], 0
            self._send(data)
        if not self._full:
            self._release()

    def when_drained(self, call: Callable[[], object]) -> None:
        """Call once, as soon as nothing waits any more: at once, or when the transport has written all."""
        if self._full and not self._closed:
            self._drained.append(call)
        else:
            call()

    async def drained(self) -> None:
        """Wait until nothing waits any more, or the connection is gone."""
        self.flush()
        if self._full and not self._closed:
            gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._drained.append(functools.partial(_wake, gone))
            await gone

    def close(self) -> None:
        """The connection is gone: drop what waited and let go of who waits."""
        self._closed = True
        self._answers.clear()
        self._waiting, self._size = [], 0
        self._release()

    def _release(self) -> None:
        waiters, self._drained = self._drained, []
        for call in waiters:
            call()


class FramedMailbox(Mailbox):
    """A mailbox whose lines go out as messages, each piece in a frame of its own. `framing` gives the frame of a piece;
    all mailboxes share one, so that it need not frame a piece again that it framed just now. What waits is not framed
    yet: it leaves as one message."""

    __slots__ = ("_framing",)

    def __init__(
        self,
        transport: asyncio.WriteTransport,
        direct: socket.socket | None,
        rounds: Rounds,
        framing: Callable[[bytes], bytes],
    ) -> None:
        super().__init__(transport, direct, rounds)
        self._framing = framing

    def _send(self, data: bytes) -> None:
        super()._send(self._framing(data))

    def signal(self, frame: bytes) -> None:
        """A frame that is no message and waits for none: it goes between two of them."""
        if not self._full:
            super()._send(frame)
        elif not self._closed:
            self._transport.write(frame)


def _nobody() -> None:
    """Nobody is told."""


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
