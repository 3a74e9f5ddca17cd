"""ChatClient and Model against a real server: a talk, a kill in the middle, rate limits, people and their devices."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC
from typing import Any

from chatclient.address import parse
from chatclient.client import ChatClient
from chatclient.conversation import Link
from chatclient.model import Model
from shared.protocol import Message


class Person:
    """A client and the model that its events are folded into."""

    def __init__(self, port: int, name: str, **more: Any) -> None:
        more = {"backoff": lambda attempt: 0.05, **more}
        token = more.pop("token", secrets.token_hex(32))
        self.client = ChatClient("127.0.0.1", port, name, token, **more)
        self.model = Model(name, "Harbour", UTC, time.time())
        self.changed = asyncio.Event()
        self.news: list[str] = []

    async def follow(self) -> None:
        async for event in self.client.events():
            changes = self.model.apply(event, time.time())
            for room, seq in changes.read.items():
                self.client.read(room, seq)
            self.news += changes.news
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
    async with all_present(*(Person(port, name) for name in names)) as people:
        yield people


@asynccontextmanager
async def all_present(*people: Person) -> AsyncIterator[list[Person]]:
    async with AsyncExitStack() as stack:
        for person in people:
            tasks = [asyncio.create_task(person.client.run()), asyncio.create_task(person.follow())]
            stack.push_async_callback(asyncio.wait, tasks)
            stack.push_async_callback(person.client.close)
            await person.until(lambda person=person: person.model.link.state == "online")  # type: ignore[misc]  # binds
        yield list(people)


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
        assert {member.user for member in (await bob.client.members("@alice,bob")).members} == {"alice", "bob"}
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


# --- people -------------------------------------------------------------------------------------------------------


async def test_who_is_here_who_writes_and_what_was_seen(server: Any) -> None:
    async with present(server.port, "alice", "bob") as (alice, bob):
        direct = alice.model.direct_with("bob").name
        alice.client.send(direct, "between us")
        await bob.until(lambda: bob.rows(direct))
        await alice.until(lambda: alice.model.person("bob").state == "online")
        await bob.client.status("busy", "in a call")
        bob.client.set_profile("Bob Mason")
        await alice.until(
            lambda: (alice.model.person("bob").state, alice.model.name_of("bob")) == ("busy", "Bob Mason")
        )
        assert alice.model.person("bob").note == "in a call"

        bob.client.typing(direct)
        await alice.until(lambda: alice.model.typing(direct) == ("bob",))
        bob.client.send(direct, "hello")
        await alice.until(lambda: not alice.model.typing(direct))

        assert alice.model.conversations[direct].seen_row is None
        talk = bob.model.conversations[direct]
        for room, seq in bob.model.open(direct).read.items():
            bob.client.read(room, seq)
        await alice.until(lambda: alice.model.conversations[direct].seen_row)
        assert alice.model.conversations[direct].seen_by == ("bob",) and talk.unread == 0

        await bob.client.close()
        await alice.until(lambda: alice.model.person("bob").state == "offline")


async def test_a_status_outlives_the_server(server: Any) -> None:
    async with present(server.port, "alice", "bob") as (alice, bob):
        alice.client.send("@bob", "hello")
        await bob.client.status("away")
        await alice.until(lambda: alice.model.person("bob").state == "away")
        server.kill()
        await alice.until(lambda: not alice.model.presence_known)
        assert alice.model.person("bob").state == "offline"
        server.start()
        await alice.until(lambda: alice.model.person("bob").state == "away")


async def test_moderation_from_both_ends(server: Any) -> None:
    async with present(server.port, "alice", "bob") as (alice, bob):
        alice.client.create("garden")
        await alice.until(lambda: "garden" in alice.model.conversations)
        alice.client.invite("garden", "bob")
        await bob.until(lambda: "garden" in bob.model.conversations)
        assert bob.model.rights("garden") == {"invite", "topic"} and "ban" in alice.model.rights("garden", "bob")

        alice.client.mute("garden", "bob", 10)
        await bob.until(lambda: bob.model.conversations["garden"].muted_until)
        bob.client.send("garden", "but")
        await bob.until(lambda: [state for *_, state in bob.rows("garden")] == ["failed"])
        alice.client.mute("garden", "bob", 0)
        await bob.until(lambda: not bob.model.conversations["garden"].muted_until)
        bob.client.send("garden", "thanks")
        await alice.until(lambda: [text for _, text, _ in alice.rows("garden")] == ["thanks"])

        alice.client.set_role("garden", "bob", "moderator")
        await bob.until(lambda: bob.model.conversations["garden"].role == "moderator")
        assert alice.model.rights("garden") >= {"kick"}
        alice.model.members_listed("garden", await alice.client.members("garden"))
        assert "kick" not in alice.model.rights("garden", "bob")  # a moderator as well by now
        alice.client.set_role("garden", "bob", "member")  # may not either
        bob.client.kick("garden", "alice")  # nor the other way round
        alice.client.set_topic("garden", "Plants")
        await bob.until(lambda: bob.model.conversations["garden"].topic == "Plants")
        assert "garden" in alice.model.conversations and not alice.news

        bob.client.create("shed")
        await bob.until(lambda: "shed" in bob.model.conversations)
        bob.client.invite("shed", "alice")
        await alice.until(lambda: "shed" in alice.model.conversations)
        bob.client.ban("shed", "alice")
        await alice.until(lambda: "shed" not in alice.model.conversations)
        assert alice.news == ["bob banned you from shed."]


async def test_put_out_while_the_connection_was_gone(server: Any) -> None:
    slow = Person(server.port, "bob", backoff=lambda attempt: 60.0)
    async with present(server.port, "alice") as (alice,), all_present(slow) as (bob,):
        alice.client.create("garden")
        await alice.until(lambda: "garden" in alice.model.conversations)
        alice.client.invite("garden", "bob")
        await bob.until(lambda: "garden" in bob.model.conversations)
        server.kill()
        await bob.until(lambda: bob.model.link.state == "offline")
        server.start()
        alice.client.kick("garden", "bob")
        await alice.until(lambda: alice.model.conversations["garden"].members == 1)
        bob.client.retry_now()
        await bob.until(lambda: bob.model.link.state == "online")
        assert "garden" not in bob.model.conversations and bob.news == ["You are not in garden any more."]


async def test_a_second_device_by_password_and_its_end(server: Any) -> None:
    async with present(server.port, "alice") as (alice,):
        await alice.client.set_password("correct horse")
        async with all_present(Person(server.port, "alice", password="correct horse")) as (second,):
            assert second.model.has_password
            assert [device.current for device in await second.client.sessions()].count(True) == 1
            alice.client.send("lobby", "from the first")
            await second.until(lambda: second.rows("lobby"))
            await alice.client.sign_out(second.model.session)
            await second.until(lambda: second.model.link.state == "offline" and second.model.link.retry_at is None)
            assert second.model.link.reason
        wrong = Person(server.port, "alice", password="wrong wrong wrong")
        running = asyncio.create_task(wrong.client.run())
        await wrong.follow()
        await running
        assert wrong.model.link == Link("offline", "That password does not open alice.")


async def test_an_invitation_leads_into_its_room(server: Any) -> None:
    async with present(server.port, "alice") as (alice,):
        alice.client.create("den", private=True)
        await alice.until(lambda: "den" in alice.model.conversations)
        invitation = await alice.client.make_invitation("den", uses=2)
        place = parse(invitation.link)
        assert (place.room, place.port) == ("den", server.port)
        bob = Person(server.port, "bob", invite=place.invite)
        async with all_present(bob):
            await bob.until(lambda: "den" in bob.model.conversations)
            assert [known.used_by for known in await alice.client.invitations()] == [["bob"]]
            await alice.client.revoke(invitation.code)
            assert await alice.client.invitations() == []
