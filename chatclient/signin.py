"""The first exchange on a connection: hello, and the welcome or the reason why there is none."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final, cast

from chatclient.connection import Connection, Lost
from shared.errors import Code, Refused
from shared.protocol import Error, Hello, ServerLine, Welcome

PASSING: Final = frozenset({"rate_limited", "shutting_down", "storage_full"})
"""Reasons that pass by themselves: the next try may succeed."""


async def sign_in(connection: Connection, lines: AsyncIterator[ServerLine], hello: Hello, patience: float) -> Welcome:
    """The welcome; `Refused` where another try would be refused as well, `Lost` where it is worth making."""
    connection.send(hello)
    try:
        async with asyncio.timeout(patience):
            answer = await anext(lines)
    except TimeoutError:
        raise Lost("The server does not answer the sign-in.") from None
    match answer:
        case Welcome():
            return answer
        case Error(code=code, message=message, retry_after=after) if code in PASSING:
            raise Lost(message, after or 0.0, code)
        case Error(code=code, message=message):
            raise Refused(cast(Code, code), message)
        case _:
            raise Lost("The server does not answer the sign-in as Parley does. Check the address.")
