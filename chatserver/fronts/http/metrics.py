"""`/metrics`, for this machine alone unless the operator says otherwise."""

import ipaddress
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from chatserver.fronts.http import origin
from chatserver.fronts.http.served import Served
from chatserver.metrics import CONTENT_TYPE
from shared.errors import Refused

_BETWEEN: Final = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"})
"""Headers by which a proxy says for whom it asks; also all that begin with X-Forwarded-."""


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/metrics`."""

    async def tell(request: web.Request) -> web.StreamResponse:
        if not served.context.settings.metrics and not is_here(request):
            raise Refused("not_allowed", "The numbers are told on the server's own machine only, or with --metrics on.")
        return web.Response(body=served.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    return [web.get("/metrics", tell)]


def is_here(request: web.Request) -> bool:
    """Whether the one who asks sits on this machine: not who comes through a proxy on it, nor a page of elsewhere's
    whose name was given an address of this machine."""
    if any(header.lower() in _BETWEEN or header.lower().startswith("x-forwarded-") for header in request.headers):
        return False
    if not origin.names_this_machine(request.headers.get("Host", "localhost")):
        return False
    try:
        address = ipaddress.ip_address(request.remote or "")
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
