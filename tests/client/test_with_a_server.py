"""ChatClient and Model against a real server: a talk, a kill in the middle, rate limits; all once and in order."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC
from typing import Any

from chatclient.client import ChatClient
from chatclient.model import Model
from shared.protocol import Message


class Person:
    """A client and the model that its events are folded into."""

    def __init__(self, port: int, name: str, token: str = "") -> None:
        self.client = ChatClient("127.0.0.1", port, name, token or secrets.token_hex(32), backoff=lambda attempt: 0.05)
        self.model = Model(name, "Harbour", UTC, time.time())
        self.changed = asyncio.Event()

    async def follow(self) -> None:
        async for event in self.client.events():
            changes = self.model.apply(event, time.time())
            for room, seq in changes.read.items():
                self.client.read(room, seq)
            self.changed.set()

    async def until(self, so: Callable[[], Any]) -> None:
        async with asyncio.timeout(15):
            while not so():
                self.changed.clear()
                await self.changed.wait()

    def rows(self, room: str) -> list[tuple[str, str, str]]:
        talk = self.model.conversations.get(room)
        if talk is None:
            return []
        rows = [talk.timeline.row(i) for i in range(talk.timeline.count)]
        return [(row.user, row.text, row.state) for row in rows if row.kind == "message"]


@asynccontextmanager
async def present(port: int, *names: str) -> AsyncIterator[list[Person]]:
    people = [Person(port, name) for name in names]
    async with AsyncExitStack() as stack:
        for person in people:
            tasks = [asyncio.create_task(person.client.run()), asyncio.create_task(person.follow())]
            stack.push_async_callback(asyncio.wait, tasks)
            stack.push_async_callback(person.client.close)
            await person.until(lambda person=person: person.model.link.state == "online")  # type: ignore[misc]  # binds
        yield people


async def test_a_talk(server: Any) -> None:
    async with present(server.port, "alice", "bob") as (alice, bob):
        alice.client.create("garden", "Plants")
        await alice.until(lambda: "garden" in alice.model.conversations)
        bob.client.join("garden")
        await bob.until(lambda: "garden" in bob.model.conversations)
        garden = bob.model.conversations["garden"]
        bob.model.rooms_listed(await bob.client.rooms())
        assert (garden.topic, garden.members) == ("Plants", 2)
        alice.client.send("garden", "hello @BOB\n\tand 上海 😀")
        alice.client.send(alice.model.direct_with("bob").name, "between us")
        await bob.until(lambda: bob.rows("garden") and bob.rows("@alice,bob"))
        assert (garden.unread, garden.mentions) == (1, 1)
        await alice.until(lambda: alice.rows("garden") == [("alice", "hello @BOB\n\tand 上海 😀", "sent")])
        page = await bob.client.history("garden")
        bob.model.page("garden", page)
        assert garden.complete_before and page.messages[0].user == "alice"
        bob.model.open("garden")
        assert bob.rows("garden") == alice.rows("garden") and garden.unread == 0
        assert {member.user for member in await bob.client.members("@alice,bob")} == {"alice", "bob"}
        bob.client.leave("garden")
        await bob.until(lambda: "garden" not in bob.model.conversations)


async def test_killed_in_the_middle_everything_stands_once_and_in_order(server: Any) -> None:
    async with present(server.port, "alice", "bob") as (alice, bob):
        for i in range(40):
            alice.client.send("lobby", f"a{i}")
            bob.client.send("lobby", f"b{i}")
        server.kill()
        await alice.until(lambda: alice.model.link.state == "offline")
        for i in range(40, 60):
            alice.client.send("lobby", f"a{i}")
        server.start()
        everything = [f"a{i}" for i in range(60)]
        for person in (alice, bob):
            await person.until(lambda person=person: [state for _, _, state in person.rows("lobby")] == ["sent"] * 100)  # type: ignore[misc]  # binds
        assert [text for user, text, _ in bob.rows("lobby") if user == "alice"] == everything
        assert alice.rows("lobby") == bob.rows("lobby")
        page = await bob.client.history("lobby", limit=200)
        stored = [event.text for event in page.messages if isinstance(event, Message)]
        assert stored == [text for _, text, _ in bob.rows("lobby")]


async def test_too_fast_is_slowed_down_and_loses_nothing(start_server: Callable[..., Any]) -> None:
    server = start_server()
    async with present(server.port, "alice") as (alice,):
        begun = time.monotonic()
        for i in range(115):
            alice.client.send("lobby", f"a{i}")
        await alice.until(lambda: [state for _, _, state in alice.rows("lobby")] == ["sent"] * 115)
        assert time.monotonic() - begun > 0.4  # the server did turn some away: it takes 100 at once, and 20 a second
        assert [text for _, text, _ in alice.rows("lobby")] == [f"a{i}" for i in range(115)]


async def test_a_name_that_is_taken_is_rejected(server: Any) -> None:
    async with present(server.port, "alice"):
        other = Person(server.port, "Alice")
        running = asyncio.create_task(other.client.run())
        await other.follow()
        await running
        assert other.model.link.state == "offline" and other.model.link.reason
