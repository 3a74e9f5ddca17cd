"""Questions on their way to the server, each with a `ref` that its answer bears back."""

import asyncio
from typing import TypeVar, cast

from chatclient.connection import Connection
from shared.errors import Code, ParleyError, ProtocolError, Refused
from shared.protocol import Answer, Command, Error

A = TypeVar("A", bound=Answer)


class Offline(ParleyError):
    """A question cannot be answered now. Changes need not care: they wait in the outbox."""


class Questions:
    """Each is answered, refused, or `Offline` when its connection ends; one that is cancelled is forgotten."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Future[Answer]] = {}
        self._asked = 0

    async def ask(self, connection: Connection | None, question: Command, kind: type[A]) -> A:
        """The answer, which is of `kind`; or `Refused`, `Offline`, or `ProtocolError` for one of another kind."""
        if connection is None:
            raise Offline("There is no connection to the server now.")
        self._asked += 1
        question.ref = f"q{self._asked}"
        future = self._open[question.ref] = asyncio.get_running_loop().create_future()
        connection.send(question)
        try:
            answer = await future
        finally:
            self._open.pop(question.ref, None)
        if isinstance(answer, Error):
            raise Refused(cast(Code, answer.code), answer.message, answer.retry_after)
        if not isinstance(answer, kind):
            raise ProtocolError(f"The server answered with {type(answer).__name__} instead of {kind.__name__}.")
        return answer

    def answered(self, answer: Answer) -> bool:
        """True where this was the answer to a question."""
        future = self._open.get(answer.ref or "")
        if future is None:
            return False
        if not future.done():
            future.set_result(answer)
        return True

    def abandon(self) -> None:
        """The connection ended: no answer will come any more."""
        for future in self._open.values():
            if not future.done():
                future.set_exception(Offline("The connection broke before the answer came."))
