"""What is answered over HTTP: one file per concern, each with `routes(served)`. A new concern is a new row."""

from collections.abc import Callable, Iterable
from typing import Final

from aiohttp import web

from chatserver.fronts.http import api, files, health, hooks, metrics, openapi, page, ws
from chatserver.fronts.http.served import Served

ROUTES: Final[tuple[Callable[[Served], Iterable[web.RouteDef]], ...]] = (
    health.routes,
    metrics.routes,
    page.routes,
    ws.routes,
    files.routes,
    api.routes,
    hooks.routes,
    openapi.routes,
)
