"""How answers over HTTP look: JSON, errors with the codes of the wire and a fitting status, and the headers of all."""

import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from aiohttp import web

from chatserver.log.contract import LogError
from shared.errors import Code, Refused

logger = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STATUS: Final[dict[Code, int]] = {
    "bad_request": 400,
    "bad_name": 400,
    "not_signed_in": 401,
    "bad_credentials": 401,
    "not_allowed": 403,
    "not_member": 403,
    "no_such_room": 404,
    "no_such_user": 404,
    "no_such_message": 404,
    "no_such_file": 404,
    "no_such_hook": 404,
    "id_reused": 409,
    "name_taken": 409,
    "room_exists": 409,
    "already_signed_in": 409,
    "too_large": 413,
    "rate_limited": 429,
    "shutting_down": 503,
    "storage_full": 507,
}
"""Codes of errors as HTTP says them; 400 for the others."""


def json(found: Any, status: int = 200) -> web.Response:
    """An answer for this person alone, never to be kept."""
    return web.Response(body=msgspec.json.encode(found), status=status, content_type="application/json")


class Told(msgspec.Struct, omit_defaults=True):
    """What was wrong, as on the wire. `retry_after` in seconds."""

    code: Code
    message: str
    retry_after: float | None = None


class Failed(msgspec.Struct):
    """The body of every answer from 400 on."""

    error: Told


def refusal(error: Refused, status: int | None = None) -> web.Response:
    """`{"error": {"code", "message", "retry_after"?}}` with a fitting status."""
    message = str(error.message).encode(errors="replace").decode()  # it may quote a header that is no UTF-8
    response = json(Failed(Told(error.code, message, error.retry_after)), status or STATUS.get(error.code, 400))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if response.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@web.middleware
async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What a route raises, as an answer."""
    try:
        return await handler(request)
    except Refused as error:
        return refusal(error)
    except LogError as error:
        logger.error("%s", error)
        return refusal(Refused("storage_full", "The server cannot look into its history right now."), 503)
    except web.HTTPNotFound:
        return refusal(Refused("bad_request", "There is nothing here. See docs/protocol.md for what there is."), 404)
    except web.HTTPMethodNotAllowed as error:
        told = f"{error.method[:20]} does nothing here. Possible: {', '.join(sorted(error.allowed_methods))}."
        response = refusal(Refused("bad_request", told), 405)
        response.headers["Allow"] = error.headers["Allow"]
        return response
    except web.HTTPException as error:
        return refusal(Refused("bad_request", f"{error.reason}."), error.status)
    except ConnectionError:
        return web.Response(status=400)  # to nobody: the peer is gone


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer. What a route set stays."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; sandbox")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Server"] = "Parley"
