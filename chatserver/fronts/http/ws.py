"""JSON lines over WebSocket: the front of the page. Session, mailbox and hub are those of every other connection.

aiohttp shakes hands and reads; what is delivered goes past it, in frames made by hand, straight to the
transport: awaiting a writer for each of a thousand readers would let the one that does not read stop all others.
One text message carries one or more lines, in both directions. Who says nothing for long is pinged, and cut off where
even that is not answered; who merely does not read is left behind like everybody else.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from aiohttp import WSCloseCode, WSMsgType, web

from chatserver.fronts.http import frames, origin
from chatserver.fronts.http.relay import Relay
from chatserver.fronts.http.served import Served
from chatserver.mailbox import FramedMailbox
from chatserver.session import Session
from chatserver.settings import LOOPBACK
from shared import rules
from shared.protocol import Error, Goodbye

logger = logging.getLogger(__name__)

MESSAGE: Final = 1 << 20
"""Bytes that one message of a client may have. A line in it may have what a line may have anywhere."""
LINGER: Final = 2.0
"""Seconds that a peer has to take its farewell, and again to close its end."""
BEAT: Final = 2.0
"""Times the patience for a first line (so 20 s): after so much silence a peer is asked whether it is there, and has as
long to answer. What lies between us and a browser often lets go of what rests for a minute."""


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/ws`."""
    framing = frames.Framing()

    async def open_socket(request: web.Request) -> web.StreamResponse:
        return await _open(served, framing, request)

    return [web.get("/ws", open_socket, allow_head=False)]


async def _open(served: Served, framing: frames.Framing, request: web.Request) -> web.StreamResponse:
    """Shake hands and serve one connection until it is gone."""
    settings = served.context.settings
    said, host = request.headers.get("Origin"), request.headers.get("Host")
    origin.check(said, host, loopback=settings.host in LOOPBACK, public=settings.public)
    transport = request.transport
    relay = transport.get_protocol() if transport is not None else None
    if transport is None or not isinstance(relay, Relay):
        raise ConnectionResetError("the peer is gone")
    ws = web.WebSocketResponse(
        autoclose=False, timeout=LINGER, autoping=False, compress=False, max_msg_size=MESSAGE + 1, decode_text=False
    )
    await ws.prepare(request)
    mailbox = FramedMailbox(transport, relay.plain, served.rounds, framing)
    relay.deliver_by(mailbox)
    await _Socket(served, ws, transport, mailbox).serve()
    return ws


class _Socket:
    """One connection after the handshake."""

    def __init__(
        self, served: Served, ws: web.WebSocketResponse, transport: asyncio.Transport, mailbox: FramedMailbox
    ) -> None:
        self._context = served.context
        self._connections = served.connections
        self._ws = ws
        self._transport = transport
        self._mailbox = mailbox
        peer = transport.get_extra_info("peername")
        self._session = Session(self._context, mailbox, str(peer[0]) if peer else "", self.goodbye)
        self._loop = asyncio.get_running_loop()
        self._ending: asyncio.Task[None] | None = None
        self._beat: asyncio.TimerHandle | None = None
        self._late: asyncio.TimerHandle | None = None
        self._every = BEAT * self._context.settings.patience
        self._listening = False
        self._heard = True
        self._asked = False

    async def serve(self) -> None:
        """Until it is gone."""
        gone = self._loop.create_future()
        self._connections.add("web", gone, self)
        patience = self._loop.call_later(self._context.settings.patience, self._too_slow)
        self._beat = self._loop.call_later(self._every, self._pulse)
        session = self._session
        try:
            await self._read(session, patience)
            await self._mailbox.drained()
        except ConnectionError as error:
            logger.debug("%s is gone: %s", session.user or session.address, error)
        except Exception:  # our fault: this connection ends, the others live on
            logger.exception("the connection of %s failed", session.user or session.address)
            self._end(WSCloseCode.INTERNAL_ERROR)
        finally:
            patience.cancel()
            self._beat.cancel()
            await session.close()
            if self._ending is not None:
                await self._ending
            if self._late is not None:
                self._late.cancel()
            if not gone.done():
                gone.set_result(None)

    # --- in ---------------------------------------------------------------------------------------------------

    async def _read(self, session: Session, patience: asyncio.TimerHandle) -> None:
        while True:
            self._listening = True
            message = await self._ws.receive()
            self._listening, self._heard = False, True
            match message.type:
                case WSMsgType.TEXT | WSMsgType.BINARY if self._ending is not None:
                    continue  # after the farewell nothing is handled any more
                case WSMsgType.TEXT:
                    patience.cancel()
                    await self._take(session, bytes(message.data))
                case WSMsgType.PING:
                    self._mailbox.signal(frames.pong(message.data))
                case WSMsgType.PONG:
                    pass
                case WSMsgType.BINARY:
                    session.answer(Error(code="bad_request", message="Send text messages: JSON lines."))
                case WSMsgType.CLOSE if self._ending is None:  # the peer's farewell, answered once
                    await self._ws.close(drain=False)
                    return
                case _:
                    self._transport.close()  # aiohttp's own end of the request would send a second Close
                    return
            await self._context.hub.drained()
            await self._mailbox.drained()

    @staticmethod
    async def _take(session: Session, lines: bytes) -> None:
        if len(lines) <= rules.LINE_BYTES:
            await session.take(lines)
            return
        for line in lines.split(b"\n"):
            if len(line) > rules.LINE_BYTES:
                session.too_long()
            else:
                await session.take(line)

    # --- time -------------------------------------------------------------------------------------------------

    def _too_slow(self) -> None:
        limit = self._context.settings.patience
        self._mailbox.write(Error(code="bad_request", message=f"No whole line came within {limit:g} s."))
        self._mailbox.flush()
        self._end(WSCloseCode.POLICY_VIOLATION)

    def _pulse(self) -> None:
        """Every beat: ask who was silent since the last one, cut off who was asked then. While we do not listen, or
        the peer has not taken what it was sent, its silence means nothing."""
        if self._heard or not self._listening or self._mailbox.full:
            self._heard = self._asked = False
        elif not self._asked:
            self._asked = True
            self._mailbox.signal(frames.PING)
        else:
            self._transport.abort()
            return
        self._beat = self._loop.call_later(self._every, self._pulse)

    # --- the end ----------------------------------------------------------------------------------------------

    def goodbye(self, farewell: Goodbye) -> None:
        """Say this as the last thing, and end soon even where the peer does not read it."""
        self._mailbox.write(farewell)
        self._mailbox.flush()
        going = farewell.code == "shutting_down"
        self._end(WSCloseCode.GOING_AWAY if going else WSCloseCode.POLICY_VIOLATION)

    def _end(self, code: WSCloseCode) -> None:
        if self._ending is None:
            self._ending = self._loop.create_task(self._close(code))

    async def _close(self, code: WSCloseCode) -> None:
        """What waits goes first; then the peer has a moment to close its end, which `_read` waits for."""
        try:
            async with asyncio.timeout(LINGER):
                await self._mailbox.drained()
        except TimeoutError:
            self._transport.abort()
            return
        if not self._transport.is_closing():
            self._late = self._loop.call_later(LINGER, self._transport.abort)
            self._transport.write(frames.close(code))  # the mailbox of who was signed out is closed
