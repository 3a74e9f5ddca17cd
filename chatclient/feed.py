"""The stream of events between a client and its one consumer; a consumer that lags behind slows the reading."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from chatclient.events import ClientEvent

UNREAD: Final = 5_000
"""While this many events lie unread, `taken` waits."""


class Feed:
    """`tell` never waits; `events` ends after `end`, when all was read."""

    def __init__(self) -> None:
        self._told: deque[ClientEvent] = deque()
        self._news = asyncio.Event()
        self._space = asyncio.Event()
        self._ended = False

    def tell(self, event: ClientEvent) -> None:
        self._told.append(event)
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()

    async def taken(self) -> None:
        """Wait while the consumer has too much before it."""
        while len(self._told) >= UNREAD:
            self._space.clear()
            await self._space.wait()

    async def events(self) -> AsyncIterator[ClientEvent]:
        while True:
            while self._told:
                event = self._told.popleft()
                if len(self._told) < UNREAD:
                    self._space.set()
                yield event
            if self._ended:
                return
            self._news.clear()
            await self._news.wait()
