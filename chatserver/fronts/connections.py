"""The connections that live until somebody ends them, by the front that they came through.

Each stands here from its first byte until it is gone; the future that it stands under says when. The server ends them
all in one go: the farewell to everybody, then a moment for them to go.
"""

import asyncio
from typing import Final, Literal, Protocol

from shared.protocol import Goodbye

Name = Literal["lines", "web"]

GRACE: Final = 3.0
"""Seconds that the connections have to end after `goodbye`."""


class Connection(Protocol):
    """One of them, as who ends it sees it."""

    def goodbye(self, farewell: Goodbye) -> None:
        """Say this as the last thing; the connection ends by itself."""
        ...


class Connections:
    """All of one server."""

    def __init__(self) -> None:
        self._by_front: Final[dict[Name, dict[asyncio.Future[None], Connection]]] = {"web": {}, "lines": {}}

    def add(self, front: Name, gone: asyncio.Future[None], connection: Connection) -> None:
        """It is here until `gone` is done."""
        living = self._by_front[front]
        living[gone] = connection
        gone.add_done_callback(living.pop)

    def counts(self) -> dict[Name, int]:
        """How many there are now."""
        return {front: len(living) for front, living in self._by_front.items()}

    async def end(self, farewell: Goodbye) -> None:
        """Say this to all, and wait until they are gone; who takes longer than a moment is cut off."""
        waiting: list[asyncio.Future[None]] = []
        for living in self._by_front.values():
            waiting += living
            for connection in list(living.values()):
                connection.goodbye(farewell)
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=GRACE)
            for gone in late:
                gone.cancel()
            await asyncio.gather(*late, return_exceptions=True)
