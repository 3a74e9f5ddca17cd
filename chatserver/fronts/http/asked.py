"""What a request says: its query and its body, as structs; `Refused` says which part is wrong."""

import asyncio
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from shared import rules
from shared.errors import Refused
from shared.protocol.wire import reason

T = TypeVar("T")
BODY: Final = rules.LINE_BYTES
"""Bytes that a body may have that is read whole: what a line may have on the wire."""
IN_TIME: Final = 20.0
"""Seconds that it may take to come."""


def query(request: web.Request, kind: type[T]) -> T:
    """`?key=value&…` as a struct. Each key once, and none that means nothing."""
    said: dict[str, str] = {}
    for key, value in request.query.items():
        if key in said:
            raise Refused("bad_request", f"{key[:40]} stands twice in the address.")
        said[key] = value
    try:
        return msgspec.convert(said, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", f"{reason(str(error))}.") from None


async def body(request: web.Request, kind: type[T]) -> T:
    """A JSON body as a struct."""
    return decoded(await read(request), kind)


def decoded(data: bytes, kind: type[T]) -> T:
    """JSON as a struct."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", f"{reason(str(error))}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("bad_request", "The body is not a JSON object.") from None


async def read(request: web.Request) -> bytes:
    """The body, whole."""
    try:
        async with asyncio.timeout(IN_TIME):
            return await request.read()
    except TimeoutError:
        raise Refused("bad_request", f"The body did not come within {IN_TIME:g} s.") from None
    except web.HTTPRequestEntityTooLarge:
        raise Refused("too_large", f"A body may have {BODY:,} bytes. This one has more.") from None
    except web.RequestPayloadError:
        raise Refused("bad_request", "The body is not what its headers say.") from None
