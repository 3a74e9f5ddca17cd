"""The listening port: looks at the first bytes of a connection and hands it to the front that speaks its language.

Each language is known by how it begins (`Tongue`): `{` is a JSON-lines client, an HTTP method the web. Bytes that may
still become one of them are kept until it shows; whatever nobody speaks gets one JSON error line. A client that says
nothing for ten seconds is refused too. Connections are accepted by hand, so that sockets can be written to past their
transport; with a certificate everything goes through TLS, and a slow handshake holds up nobody else.
"""

import asyncio
import functools
import logging
import socket
import ssl
import sys
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from shared.errors import ParleyError
from shared.protocol import Error, encode_line

logger = logging.getLogger(__name__)

BACKLOG = 4096
LINGER = 1.0
"""Seconds that a refused peer has to read its error line."""
SHUTDOWN = 3.0
"""Seconds that a peer has to answer the end of TLS."""
BLANK = b"\r\n \t"
CLOSING = ("shutting_down", "The server is shutting down.")


class DoorError(ParleyError):
    """The port cannot be listened on; the sentence says why."""


class Front(Protocol):
    """One language spoken at the door: makes the protocol for a connection, given the socket it may write to."""

    def __call__(self, plain: socket.socket | None) -> asyncio.Protocol:
        """A protocol whose `connection_made` and `data_received` the door calls."""
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
        head = (self._seen + bytes(data)).lstrip(BLANK)
        tongues = self._door.tongues
        if tongue := next((tongue for tongue in tongues if head.startswith(tongue.begins)), None):
            self._hand_over(tongue.front(self._plain), head)
        elif any(tongue.may_be(head) for tongue in tongues):
            self._seen = head
        else:
            self.refuse("bad_request", "This port speaks JSON lines (one object a line, beginning with {) and HTTP.")

    def _hand_over(self, protocol: asyncio.Protocol, data: bytes) -> None:
        self._leave()
        assert self._transport is not None
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if not self._transport.is_closing():
            protocol.data_received(data)

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
        """Take the port; returns its number. `DoorError` where that cannot be done."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except (OSError, UnicodeError) as error:
            raise DoorError(f"{host} is no address of this machine: {error}.") from None
        family, _, _, _, address = found[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.setblocking(False)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError as error:
            listening.close()
            reason = error.strerror or str(error)
            raise DoorError(f"Port {port} on {host} cannot be listened on: {reason}.") from None
        self._sockets.append(listening)
        return int(listening.getsockname()[1])

    def open(self) -> None:
        """Begin to let people in."""
        loop = asyncio.get_running_loop()
        self._accepting = [loop.create_task(self._accept(sock)) for sock in self._sockets]

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        direct = isinstance(loop, asyncio.SelectorEventLoop) and self._tls is None
        while True:
            try:
                sock, _ = await loop.sock_accept(listening)
            except OSError as error:  # out of file descriptors, or the peer is gone already: not our end
                logger.warning("a connection could not be accepted: %s", error)
                await asyncio.sleep(0.1)
                continue
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
        for sock in self._sockets:
            sock.close()
        for visitor in list(self.visitors):
            visitor.refuse(*CLOSING)
