"""Whether the server answers: for whoever watches over it."""

from collections.abc import Iterable

from aiohttp import web

from chatserver.fronts.http.served import Served


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/healthz`."""
    return [web.get("/healthz", _healthy)]


async def _healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok")
