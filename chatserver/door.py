"""The listening port: looks at the first bytes of a connection and hands it to the front that speaks its language.

Each language is known by how it begins (`Tongue`): `{` is a JSON-lines client, an HTTP method the web. Bytes that may
still become one of them are kept until it shows; whatever nobody speaks gets one JSON error line. A client that says
nothing for ten seconds is refused too. A front may come later than the open port: who speaks its language waits here.
Connections are accepted by hand, so that sockets can be written to past their transport; with a certificate everything
goes through TLS, and a slow handshake holds up nobody else.
"""

import asyncio
import errno
import functools
import logging
import socket
import ssl
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from shared.errors import ParleyError
from shared.protocol import Error, encode_line

logger = logging.getLogger(__name__)

BACKLOG = 4096
LINGER = 1.0
"""Seconds that a refused peer has to read its error line."""
SHUTDOWN = 3.0
"""Seconds that a peer has to answer the end of TLS."""
BLANK = b"\r\n \t"
JSON_LINES: Final = (b"{",)
"""How a JSON-lines client begins."""
HTTP: Final = (
    b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE ", b"PATCH ", b"OPTIONS ", b"QUERY ", b"CONNECT ",
    b"TRACE ", b"PRI * HTTP/",
)  # fmt: skip
"""How an HTTP request begins. The last is HTTP/2, which aiohttp refuses in words that its clients understand."""
OPTIONS: Final = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4))
        if hasattr(socket, name)
    ),
)
"""Of every connection. A peer that vanished without a word (its cable pulled, its address lost) is noticed after two
minutes of silence; without this never, as long as nobody writes to it."""
NOT_HERE: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
CLOSING = ("shutting_down", "The server is shutting down.")


class DoorError(ParleyError):
    """The port cannot be listened on; the sentence says why."""


class Front(Protocol):
    """One language spoken at the door: makes the protocol for a connection, given the socket it may write to."""

    def __call__(self, plain: socket.socket | None) -> asyncio.Protocol | None:
        """A protocol whose `connection_made` and `data_received` the door calls. None while nobody speaks this yet:
        the visitor waits, unread, until `Door.look_again`."""
        ...


class Tongue(NamedTuple):
    """A language by the bytes that it begins with."""

    begins: tuple[bytes, ...]
    front: Front

    def may_be(self, head: bytes) -> bool:
        """True where these few bytes could still become it."""
        return any(begin.startswith(head) for begin in self.begins)


class _Visitor(asyncio.Protocol):
    """A connection that has not yet shown what it speaks."""

    def __init__(self, door: "Door", plain: socket.socket | None) -> None:
        self._door = door
        self._plain = plain
        self._refused = False
        self._seen = b""
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._door.visitors[self] = None
        patience = self._door.patience
        self._timer = asyncio.get_running_loop().call_later(
            patience, self.refuse, "bad_request", f"No whole line came within {patience:g} s."
        )
        if self._door.closed:  # its handshake ended while the door was being closed
            self.refuse(*CLOSING)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        self._seen = (self._seen + bytes(data)).lstrip(BLANK)
        self.look()

    def look(self) -> None:
        """Hand the connection over if what came says to whom, and they are there."""
        head, tongues = self._seen, self._door.tongues
        if tongue := next((tongue for tongue in tongues if head.startswith(tongue.begins)), None):
            assert self._transport is not None and self._timer is not None
            if (protocol := tongue.front(self._plain)) is not None:
                self._hand_over(protocol)
            else:
                self._timer.cancel()  # it has shown itself: from here on it waits for us
                self._transport.pause_reading()
        elif not any(tongue.may_be(head) for tongue in tongues):
            self.refuse("bad_request", "This port speaks JSON lines (one object a line, beginning with {) and HTTP.")

    def _hand_over(self, protocol: asyncio.Protocol) -> None:
        self._leave()
        assert self._transport is not None
        self._transport.resume_reading()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if not self._transport.is_closing():
            protocol.data_received(self._seen)

    def refuse(self, code: str, message: str) -> None:
        """One error line, then the end. Unread bytes must not turn the end into a reset that eats the line."""
        self._leave()
        self._refused = True
        assert self._transport is not None
        self._transport.write(encode_line(Error(code=code, message=message)))
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()
        self._timer = asyncio.get_running_loop().call_later(LINGER, self._transport.abort)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._door.visitors.pop(self, None)


class Door:
    """Listens, and knows who still stands at the door. `tls` is None for plain connections."""

    def __init__(self, tongues: Sequence[Tongue], patience: float, tls: ssl.SSLContext | None = None) -> None:
        self.tongues = tongues
        self.patience = patience
        self.closed = False
        self.visitors: dict[_Visitor, None] = {}
        self._tls = tls
        self._sockets: list[socket.socket] = []
        self._accepting: list[asyncio.Task[None]] = []
        self._shaking: set[asyncio.Task[None]] = set()

    def listen(self, host: str, port: int) -> int:
        """Take the port at each address that the name has here; returns its number, the same for all. `DoorError`
        where that cannot be done."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except (OSError, UnicodeError) as error:
            raise DoorError(f"{host} is no address of this machine: {error}.") from None
        missing: OSError | None = None
        for family, _, _, _, address in dict.fromkeys(found):
            try:
                port = self._listen_on(family, (address[0], port, *address[2:]))
            except OSError as error:
                if error.errno in NOT_HERE:  # `localhost` may name an address of a kind that this machine has not
                    missing = error
                    continue
                self._let_go()
                raise _unusable(host, port, error) from None
        if not self._sockets:
            assert missing is not None
            raise _unusable(host, port, missing)
        return port

    def _listen_on(self, family: int, address: tuple[object, ...]) -> int:
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.setblocking(False)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        self._sockets.append(listening)
        return int(listening.getsockname()[1])

    def _let_go(self) -> None:
        for sock in self._sockets:
            sock.close()
        self._sockets.clear()

    def open(self) -> None:
        """Begin to let people in."""
        loop = asyncio.get_running_loop()
        self._accepting = [loop.create_task(self._accept(sock)) for sock in self._sockets]

    def look_again(self) -> None:
        """A front has come: hand over who waited for it."""
        for visitor in list(self.visitors):
            visitor.look()

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        direct = isinstance(loop, asyncio.SelectorEventLoop) and self._tls is None
        told = False
        while True:
            try:
                sock, _ = await loop.sock_accept(listening)
            except OSError as error:  # out of file descriptors, or the peer is gone already: not our end
                if not told:
                    logger.warning("connections cannot be accepted for now: %s", error)
                told = True
                await asyncio.sleep(0.1)
                continue
            told = False
            sock.setblocking(False)
            for level, option, value in OPTIONS:
                try:
                    sock.setsockopt(level, option, value)
                except OSError as error:  # an old system, or the peer is gone already, which shows at once
                    logger.debug("a connection goes without the option %d: %s", option, error)
            visit = functools.partial(_Visitor, self, sock if direct else None)
            if self._tls is None:
                await self._connect(visit, sock)
            else:
                shaking = loop.create_task(self._connect(visit, sock))
                self._shaking.add(shaking)
                shaking.add_done_callback(self._shaking.discard)

    async def _connect(self, visit: "functools.partial[_Visitor]", sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            if self._tls is None:
                await loop.connect_accepted_socket(visit, sock)
            else:
                await loop.connect_accepted_socket(
                    visit, sock, ssl=self._tls, ssl_handshake_timeout=self.patience, ssl_shutdown_timeout=SHUTDOWN
                )
        except OSError as error:  # the peer is gone, or does not speak TLS
            logger.debug("a connection did not come about: %s", error)
            sock.close()

    async def close(self) -> None:
        """Stop accepting, and refuse who still stands at the door."""
        self.closed = True
        tasks = [*self._accepting, *self._shaking]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._let_go()
        for visitor in list(self.visitors):
            visitor.refuse(*CLOSING)


def _unusable(host: str, port: int, error: OSError) -> DoorError:
    return DoorError(f"Port {port} on {host} cannot be listened on: {error.strerror or error}.")
