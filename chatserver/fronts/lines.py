"""JSON lines over asyncio streams: the front of the desktop client, the terminal and bots.

Reads what came, hands the whole lines to the session, and throws away the rest of a line that is too long. Between
two reads it waits until the log and this connection's mailbox have room, so that who sends faster than the disk
writes, or asks more than it reads, is slowed down by TCP.
"""

import asyncio
import contextlib
import logging
import socket

from chatserver.fronts.connections import Connections
from chatserver.mailbox import Mailbox, Rounds
from chatserver.session import Context, Session
from shared import rules
from shared.protocol import Error, Goodbye

logger = logging.getLogger(__name__)

READ = 64 * 1024

LINGER = 3.0
"""Seconds that a peer has to read the farewell of a session that was ended."""


class Lines(asyncio.StreamReaderProtocol):
    """The protocol of one connection, which stands among `connections` until it is gone."""

    def __init__(self, context: Context, rounds: Rounds, plain: socket.socket | None, connections: Connections) -> None:
        self._stream = asyncio.StreamReader(limit=READ)
        super().__init__(self._stream)
        self._context = context
        self._rounds = rounds
        self._plain = plain
        self._connections = connections
        self._mailbox: Mailbox | None = None
        self._session: Session | None = None
        self._transport_: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The door hands the connection over."""
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        # Every byte that the transport holds back counts as backlog: the mailbox decides what waits, not the transport,
        # and on a plain socket nothing may overtake it. (With TLS and 0 asyncio says "full" though nothing is held.)
        transport.set_write_buffer_limits(0 if self._plain is not None else 1, 0)
        self._transport_ = transport
        self._mailbox = Mailbox(transport, self._plain, self._rounds)
        peer = transport.get_extra_info("peername")
        self._session = Session(self._context, self._mailbox, str(peer[0]) if peer else "", self._hang_up)
        task = asyncio.get_running_loop().create_task(self._serve(self._session, self._mailbox, transport))
        self._connections.add("lines", task, self)

    def pause_writing(self) -> None:
        """The transport holds bytes back."""
        super().pause_writing()
        if self._mailbox:
            self._mailbox.paused()

    def resume_writing(self) -> None:
        """The transport has written everything."""
        super().resume_writing()
        if self._mailbox:
            self._mailbox.resumed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Who waits for the mailbox need not wait any more."""
        super().connection_lost(exc)
        if self._mailbox:
            self._mailbox.close()

    async def _serve(self, session: Session, mailbox: Mailbox, transport: asyncio.Transport) -> None:
        patience = asyncio.get_running_loop().call_later(self._context.settings.patience, self._too_slow)
        try:
            await self._read(session, mailbox, patience)
            await mailbox.drained()
        except (ConnectionError, TimeoutError) as error:
            logger.debug("%s is gone: %s", session.user or session.address, error)
        except Exception:  # our fault: this connection ends, the others live on
            logger.exception("the connection of %s failed", session.user or session.address)
        finally:
            patience.cancel()
            await session.close()
            transport.close()

    async def _read(self, session: Session, mailbox: Mailbox, patience: asyncio.TimerHandle) -> None:
        rest, skipping = bytearray(), False
        while data := await self._stream.read(READ):
            whole, newline, tail = data.rpartition(b"\n")
            if not newline:
                if not skipping:
                    rest += data
            else:
                patience.cancel()
                lines = b"".join((rest, whole, b"\n"))
                if skipping or lines.index(b"\n") > rules.LINE_BYTES:
                    _, _, lines = lines.partition(b"\n")
                    session.too_long()
                    skipping = False
                rest = bytearray(tail)
                if lines:
                    await session.take(lines)
            if len(rest) > rules.LINE_BYTES:
                rest, skipping = bytearray(), True
            await self._context.hub.drained()
            await mailbox.drained()

    def _too_slow(self) -> None:
        limit = self._context.settings.patience
        self._refuse(Error(code="bad_request", message=f"No whole line came within {limit:g} s."))

    def goodbye(self, farewell: Goodbye) -> None:
        """The server ends this connection in order; its task ends by itself."""
        if self._mailbox:
            self._mailbox.write(farewell)
            self._mailbox.flush()
        self._end()

    def _hang_up(self, farewell: Goodbye) -> None:
        """As `goodbye`, and soon even where the peer does not read it."""
        self.goodbye(farewell)
        if self._transport_ is not None:
            asyncio.get_running_loop().call_later(LINGER, self._transport_.abort)

    def _refuse(self, error: Error) -> None:
        if self._mailbox:
            self._mailbox.write(error)
            self._mailbox.flush()
        self._end()

    def _end(self) -> None:
        transport = self._transport_
        if transport is None or transport.is_closing():
            return
        if transport.can_write_eof():
            with contextlib.suppress(OSError):
                transport.write_eof()  # close() on unread bytes resets the connection and eats the last line
        self._stream.feed_eof()
