"""HTTP, through aiohttp: the front of browsers, `curl`, and of every client's files.

aiohttp speaks the protocol, the routes come from `fronts/http/`, one file per concern. A `Relay` stands between the
connection and aiohttp and sees to it that a request is sent in time.
"""

import asyncio
import logging
import socket
from traceback import walk_tb
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from chatserver.fronts.http import ROUTES
from chatserver.fronts.http.answers import Handler, dress, tell
from chatserver.fronts.http.asked import BODY
from chatserver.fronts.http.relay import REST, Relay
from chatserver.fronts.http.served import Served

logger = logging.getLogger(__name__)


def _is_ours(record: logging.LogRecord) -> bool:
    """aiohttp logs what is no HTTP, or no UTF-8 in a header, as if it were our fault: a screen of text for every packet
    that anybody sends. Where code of ours took part, it may be."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, UnicodeEncodeError):
        return any(frame.f_globals["__name__"].startswith("chatserver.") for frame, _ in walk_tb(error.__traceback__))
    return not isinstance(error, HttpProcessingError)


logger.addFilter(_is_ours)

GRACE: Final = 2.0
"""Seconds that requests have to end when the server does."""


@web.middleware
async def _watch(request: web.Request, handler: Handler) -> web.StreamResponse:
    relay = request.transport.get_protocol() if request.transport is not None else None
    if not isinstance(relay, Relay):
        return await handler(request)
    relay.busy()
    try:
        return await handler(request)
    finally:
        relay.idle()


class Web:
    """The HTTP side of one server. Made off the loop, it reads the page's files; then `open` it."""

    def __init__(self, served: Served) -> None:
        app = web.Application(middlewares=[_watch, tell], client_max_size=BODY)
        for routes in ROUTES:
            app.add_routes(routes(served))
        app.on_response_prepare.append(dress)
        self._patience = served.context.settings.patience
        self._runner = web.AppRunner(
            app, logger=logger, access_log=None, auto_decompress=False, keepalive_timeout=REST, shutdown_timeout=GRACE
        )

    async def open(self) -> None:
        """From now on `front` makes protocols."""
        await self._runner.setup()

    def front(self, plain: socket.socket | None) -> asyncio.Protocol | None:
        """The protocol of a connection that speaks HTTP; None before `open`."""
        server = self._runner.server
        return Relay(server(), self._patience, plain) if server is not None else None

    async def close(self) -> None:
        """End what is being answered, after a moment, and every connection."""
        await self._runner.cleanup()
