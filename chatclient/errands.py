"""A ChatClient whose changes and questions can be waited for, by programs that go from top to bottom: scripts, bots.

Strategy: one task consumes the client's events and settles what is waited for by its id. A change waits through any
number of connections, because its id makes it happen once; a question that a broken connection left open is asked
again. What is waited for in vain is `Unreachable` after `patience` seconds in which nothing came nearer to its end.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar, cast

from chatclient import events as told
from chatclient.client import ChatClient, Offline
from shared.errors import Code, ParleyError, Refused
from shared.protocol import Welcome

T = TypeVar("T")
_PROGRESS: Final = (told.Uploading, told.Uploaded, told.Delivered)


class Unreachable(ParleyError):
    """The server did not answer in time; the sentence says what is wrong, as far as it is known."""


class Ids:
    """Ids for a client's changes: new ones, or for the next change the one that it was given."""

    def __init__(self) -> None:
        self._next = ""

    def __call__(self) -> str:
        ident, self._next = self._next, ""
        return ident or secrets.token_hex(10)

    def give(self, ident: str) -> None:
        """The next change bears this id; "" for a new one."""
        self._next = ident


class Errands:
    """Made of a client that does not run yet. `begin`, then `done` and `ask`, then `end`.

    patience    seconds, None for as long as it takes
    hear        is told every event, before what waits for it goes on
    """

    def __init__(
        self,
        client: ChatClient,
        patience: float | None = None,
        hear: Callable[[told.ClientEvent], None] = lambda event: None,
    ) -> None:
        self.client = client
        self._welcome: Welcome | None = None
        self._patience = patience
        self._hear = hear
        self._waiting: dict[str, list[asyncio.Future[told.Delivered]]] = {}
        self._online = False
        self._turn = asyncio.Event()
        self._over: ParleyError | None = None
        self._ended = asyncio.Event()
        self._reason = ""
        self._moved = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> Welcome:
        """Connect and sign in. `Refused` where the server refuses it, `Unreachable`."""
        self._tasks = [asyncio.create_task(self.client.run()), asyncio.create_task(self._follow())]
        await self._connected()
        assert self._welcome is not None
        return self._welcome

    async def end(self) -> None:
        """Hang up. What is still waited for is `Offline`."""
        await self.client.close()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.result()  # what went wrong in there must not pass unseen

    @property
    def ended(self) -> bool:
        """Whether the client gave up, or was closed: nothing comes of anything any more."""
        return self._over is not None

    async def over(self) -> None:
        """Wait until the client gives up: `Refused` where the server refused a sign-in, `Offline` after `end`."""
        await self._ended.wait()
        self._check()

    async def done(self, ident: str) -> told.Delivered:
        """Wait until the change with this id stands, which was queued in this very step of the loop. `Refused`."""
        self._check()
        future: asyncio.Future[told.Delivered] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(ident, []).append(future)
        return await self._in_time(future)

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Its answer, asked over as many connections as it takes, and as fast as the server lets. `Refused`."""
        while True:
            await self._connected()
            try:
                return await self._in_time(question())
            except Offline:
                await asyncio.sleep(0)  # the event that tells of the broken connection may be on its way
            except Refused as refused:
                if refused.code != "rate_limited":
                    raise
                await asyncio.sleep(refused.retry_after or 1.0)

    # --- waiting --------------------------------------------------------------------------------------------

    async def _connected(self) -> None:
        while not self._online:
            self._check()
            self._turn.clear()
            await self._in_time(self._turn.wait())
        self._check()

    def _check(self) -> None:
        if self._over is not None:
            raise self._over

    async def _in_time(self, what: Awaitable[T]) -> T:
        """What comes of it, before patience is at its end; what brings anything nearer to its end begins it anew."""
        if self._patience is None:
            return await what
        loop = asyncio.get_running_loop()
        begun, task = loop.time(), asyncio.ensure_future(what)
        try:
            while True:
                left = max(begun, self._moved) + self._patience - loop.time()
                if left <= 0:
                    said = self._reason or "The server does not answer."
                    raise Unreachable(f"{said} (Given up after {self._patience:g} s.)")
                done, _ = await asyncio.wait([task], timeout=left)
                if done:
                    return task.result()
        finally:
            task.cancel()

    # --- what happens ---------------------------------------------------------------------------------------

    async def _follow(self) -> None:
        over: ParleyError = Offline("The client was closed.")
        try:
            async for event in self.client.events():
                match event:
                    case told.Connected(welcome=welcome):
                        self._welcome, self._reason, self._online = welcome, "", True
                        self._turn.set()
                    case told.Disconnected(reason=reason):
                        self._reason, self._online = reason, False
                    case told.Rejected(code=code, message=message):
                        over = Refused(cast(Code, code), message)
                self._hear(event)
                self._settle(event)
        finally:
            self._finish(over)

    def _settle(self, event: told.ClientEvent) -> None:
        if isinstance(event, _PROGRESS):
            self._moved = asyncio.get_running_loop().time()
        if not isinstance(event, told.Delivered | told.Failed):
            return
        for future in self._waiting.pop(event.id, ()):
            if future.done():
                continue  # nobody waits any more
            if isinstance(event, told.Delivered):
                future.set_result(event)
            else:
                future.set_exception(Refused(cast(Code, event.code), event.message))

    def _finish(self, over: ParleyError) -> None:
        self._over = over
        for futures in self._waiting.values():
            for future in futures:
                if not future.done():
                    future.set_exception(over)
        self._waiting.clear()
        self._turn.set()
        self._ended.set()
