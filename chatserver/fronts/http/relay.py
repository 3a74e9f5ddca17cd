"""What stands between a connection and aiohttp: an eye on the time, and an ear for what the transport says.

A request is due within ten seconds after the connection was handed over, and later ones before it has rested for long.
A connection that became a WebSocket brings its mailbox: `pause_writing` and `resume_writing` are the signals that it
is left behind by and caught up after, so the mailbox hears them too.
"""

import asyncio
import socket
from typing import Final

from chatserver.mailbox import Mailbox

REST: Final = 60.0
"""Seconds that a connection may rest between two requests."""


class Relay(asyncio.Protocol):
    """The protocol of one connection: aiohttp's, with an eye on the time.

    plain   the socket, where bytes may be sent past the transport, or None
    """

    def __init__(self, inner: asyncio.Protocol, patience: float, plain: socket.socket | None) -> None:
        self.plain = plain
        self._inner = inner
        self._patience = patience
        self._mailbox: Mailbox | None = None
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.data_received = inner.data_received  # type: ignore[method-assign]  # one call less for every packet
        self.eof_received = inner.eof_received  # type: ignore[method-assign]  # as above

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The door hands the connection over."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._inner.connection_made(transport)
        self._expect(self._patience)

    def pause_writing(self) -> None:
        """The transport holds bytes back."""
        self._inner.pause_writing()
        if self._mailbox is not None:
            self._mailbox.paused()

    def resume_writing(self) -> None:
        """The transport has written what it held."""
        self._inner.resume_writing()
        if self._mailbox is not None:
            self._mailbox.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell aiohttp, forget the time, and let go of who waits for the mailbox."""
        self.busy()
        self._transport = None
        self._inner.connection_lost(exc)
        if self._mailbox is not None:
            self._mailbox.close()

    def deliver_by(self, mailbox: Mailbox) -> None:
        """From now on this mailbox writes, and hears of the transport: every byte that is held back is a backlog."""
        assert self._transport is not None
        self._mailbox = mailbox
        self._transport.set_write_buffer_limits(0 if self.plain is not None else 1, 0)  # as in fronts/lines.py

    def busy(self) -> None:
        """A request is being answered: it takes the time that it takes."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def idle(self) -> None:
        """It was answered; the next one is due some time."""
        self._expect(REST)

    def _expect(self, seconds: float) -> None:
        self.busy()
        if self._transport is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._late)

    def _late(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            self._transport.close()
