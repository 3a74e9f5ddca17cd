"""What an operation of the HTTP API is: one row that says how it is asked, what it answers, and what it does.

The routes are made of the rows and `/openapi.json` is too, so that the document says what the server does.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec
from aiohttp import web

from chatserver.accounts import Device
from chatserver.fronts.http import asked, bearer, call
from chatserver.fronts.http.answers import Handler, json
from chatserver.fronts.http.served import Served
from shared.protocol import AnyCommand

T = TypeVar("T", bound=msgspec.Struct)
Method = Literal["GET", "POST", "DELETE"]


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """No query, or no body."""


class Asked(NamedTuple):
    """One request, by who sent it. `query` and `body` are structs of the kinds that the operation names."""

    served: Served
    request: web.Request
    device: Device
    query: Any
    body: Any

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    async def ask(self, command: AnyCommand, kind: type[T]) -> T:
        """The answer to a command of this person's."""
        answer = await call.ask(self.served, self.request, self.device.name, self.device.session, command, kind)
        bearer.still(self.served.context.hub, self.device)
        return answer


class Operation(NamedTuple):
    """One thing that can be done.

    name      of the operation, for programs that are made from the document
    path      with its parts in braces
    query     a struct: what may stand behind the `?`
    body      a struct that is sent as JSON, None for no body
    status    of the answer where it succeeds
    answer    a struct, or None for an answer without a body
    run       does it
    """

    name: str
    method: Method
    path: str
    about: str
    run: Callable[[Asked], Awaitable[msgspec.Struct | None]]
    answer: type[msgspec.Struct] | None
    query: type[msgspec.Struct] = Nothing
    body: type[msgspec.Struct] | None = None
    status: int = 200


NO_CONTENT: Final = 204


def route(served: Served, operation: Operation) -> web.RouteDef:
    """The route by which an operation is asked for, with the token of a device."""
    return web.route(operation.method, operation.path, _handler(served, operation))


def _handler(served: Served, operation: Operation) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        device = bearer.device(served.context.hub, request)
        query = asked.query(request, operation.query)
        body = None
        if operation.body is not None:
            body = await asked.body(request, operation.body)
            bearer.still(served.context.hub, device)  # who was signed out while it came
        answer = await operation.run(Asked(served, request, device, query, body))
        if answer is None:
            return web.Response(status=NO_CONTENT)
        return json(answer, operation.status)

    return handle
