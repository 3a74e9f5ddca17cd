"""A request as a short session: its command goes through the table, the guards and the limits of every connection, and
its one answer comes back.

Who asks is known before (a device's token, a webhook's secret). The session is nobody's place in the fan-out: nothing
is delivered to it, and nobody is seen to come or go.
"""

import asyncio
from typing import TypeVar, cast

import msgspec
from aiohttp import web

from chatserver.fronts.http.served import Served
from chatserver.mailbox import Mailbox, Rounds
from chatserver.session import Session
from shared.errors import Code, Refused
from shared.protocol import AnyCommand, Error, Goodbye, ServerLine, encode_line

T = TypeVar("T", bound=msgspec.Struct)


class _Tray(Mailbox):
    """Takes the one answer."""

    __slots__ = ("answer",)

    def __init__(self, rounds: Rounds) -> None:
        super().__init__(asyncio.WriteTransport(), None, rounds)
        self.answer: asyncio.Future[ServerLine] = asyncio.get_running_loop().create_future()

    def write(self, line: ServerLine) -> None:
        if not self.answer.done():
            self.answer.set_result(line)


async def ask(served: Served, request: web.Request, user: str, device: str, command: AnyCommand, kind: type[T]) -> T:
    """Have this person's command done; its answer, or the `Refused` that it was answered with."""
    tray = _Tray(served.rounds)
    session = Session(served.context, tray, request.remote or "", _nobody_to_hang_up_on)
    session.user, session.device = user, device
    try:
        await served.context.hub.drained()
        await session.take(_line(command))
        answer = await tray.answer
    finally:
        await session.close()
    if isinstance(answer, Error):
        raise Refused(cast(Code, answer.code), answer.message, answer.retry_after)
    assert isinstance(answer, kind)
    return answer


def _line(command: AnyCommand) -> bytes:
    try:
        return encode_line(command)
    except UnicodeEncodeError:
        raise Refused("bad_request", "The text holds half a character (a surrogate).") from None


def _nobody_to_hang_up_on(farewell: Goodbye) -> None:
    """The request ends by itself."""
