"""A bot beside the windows: ChatClient and Model on a thread of their own, asked from the test."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC
from typing import TypeVar

from chatclient.client import ChatClient, Patience
from chatclient.events import Connected
from chatclient.model import Model
from chatclient.rows import Row
from tests.journeys.screen import wait_for

T = TypeVar("T")


class Bot:
    """Signed in as `user` until `end`. `room` is the one that it looks at."""

    def __init__(self, port: int, user: str, room: str = "lobby") -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"bot {user}")
        self._thread.start()
        self.room = room
        self.model = Model(user, "Parley", UTC)
        self.client = self.ask(lambda: self._made(port, user))
        self._work = asyncio.run_coroutine_threadsafe(self._live(), self._loop)
        wait_for(lambda: self.ask(lambda: self.model.link.state) == "online", f"{user} to be signed in")

    @staticmethod
    def _made(port: int, user: str) -> ChatClient:
        return ChatClient("127.0.0.1", port, user, secrets.token_hex(32), patience=Patience(connect=2))

    async def _live(self) -> None:
        running = asyncio.create_task(self.client.run())
        async for event in self.client.events():
            self.model.apply(event, time.time())
            if isinstance(event, Connected) and event.fresh:
                page = await self.client.history(self.room, limit=200)
                self.model.page(self.room, page)
        await running

    def ask(self, question: Callable[[], T]) -> T:
        """What this gives on the bot's thread."""

        async def asked() -> T:
            return question()

        return asyncio.run_coroutine_threadsafe(asked(), self._loop).result(20)

    def rows(self) -> list[Row]:
        """The messages of the room, as they are now."""

        def read() -> list[Row]:
            timeline = self.model.conversations[self.room].timeline
            return [row for row in map(timeline.row, range(timeline.count)) if row.kind != "notice"]

        return self.ask(read)

    def seq(self, text: str) -> int:
        """The seq of the message with this text, once it is stored."""
        wait_for(lambda: any(row.text == text and row.seq for row in self.rows()), f"{text!r} at the bot")
        return next(row.seq for row in self.rows() if row.text == text and row.seq)

    def end(self) -> None:
        asyncio.run_coroutine_threadsafe(self.client.close(), self._loop).result(20)
        self._work.result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
