"""A hub on a log in memory: who is put out in the very moment of a slow reading or of a look into the history.

On a real server these moments are too short to hit; here the log and the transport wait for the test.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chatserver.accounts import Accounts
from chatserver.commands import history
from chatserver.fanout import SLICE
from chatserver.hub import Hub
from chatserver.log.contract import CalendarPage, RoomPage, Span
from chatserver.log.memory import MemoryLog
from chatserver.mailbox import BOUND, Mailbox, Rounds
from chatserver.rooms import Rooms
from shared.errors import Refused
from shared.protocol import (
    AnyEvent,
    Calendar,
    Command,
    Created,
    Goodbye,
    History,
    Joined,
    Left,
    Message,
    Page,
    Record,
    Sync,
    Synced,
)
from tests.server.desks import SentFiles


class Wire(asyncio.WriteTransport):
    """Keeps what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""

    def write(self, data: Any) -> None:
        self.data += data

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.data.split(b"\n") if line.strip()]


class Ear:
    """A connection of one person."""

    def __init__(self, user: str, hub: Hub) -> None:
        self.user = user
        self.device = ""
        self.hub = hub
        self.wire = Wire()
        self.mailbox = Mailbox(self.wire, None, Rounds(asyncio.get_running_loop()))
        self.farewells: list[tuple[str, int, int]] = []
        self.answers: list[Any] = []
        self.tasks: list[asyncio.Task[None]] = []

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))

    def end(self, farewell: Goodbye) -> None:
        raise AssertionError(f"nobody hangs up here: {farewell}")

    def answer(self, answer: Any) -> None:
        self.answers.append(answer)

    def refuse(self, command: Command, error: Refused) -> None:
        self.answers.append(error.code)


class HeldLog(MemoryLog):
    """Each look into it waits until `gate` is open, and sees what is there then, as the index's thread may."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()

    async def _wait(self) -> None:
        self.asked.set()
        await self.gate.wait()

    async def events(self, *args: Any) -> Span:
        await self._wait()
        return await super().events(*args)

    async def page(self, *args: Any, **fields: Any) -> RoomPage:
        await self._wait()
        return await super().page(*args, **fields)

    async def line(self, *args: Any) -> str | None:
        await self._wait()
        return await super().line(*args)

    async def calendar(self, *args: Any) -> CalendarPage:
        await self._wait()
        return await super().calendar(*args)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[Hub, HeldLog]]:
    """A hub at work: everybody is in the lobby, mia and carol are in her private garden."""
    log, accounts = HeldLog(), Accounts(folder / "accounts.sqlite3")
    hub = Hub(log, Rooms(), accounts, SentFiles())
    running = asyncio.get_running_loop().create_task(hub.run())
    for name in ("mia", "carol"):
        await hub.store(Joined(room="lobby", user=name, id="~hello"))
    await hub.store(Created(room="garden", user="mia", id="make", private=True))
    await hub.store(Joined(room="garden", user="carol", id="ask", by="mia"))
    yield hub, log
    await log.close()
    await running
    await accounts.close()


def said(text: str, room: str = "garden") -> Message:
    return Message(room=room, user="mia", id=text.replace(" ", "-"), text=text)


def kick() -> Left:
    return Left(room="garden", user="carol", id="kick", by="mia")


@pytest.mark.parametrize("left_over", [10_000, 100], ids=["there is room (control)", "it is full"])
async def test_the_farewell_that_fills_the_mailbox(tmp_path: Path, left_over: int) -> None:
    """What carol is owed by the ring of her rooms is delivered when she is taken out of it; it may not fit any more."""
    async with serving(tmp_path) as (hub, _):
        ears = []
        for number in range(2 * SLICE):
            await hub.store(Joined(room="lobby", user=f"p{number}", id="~hello"))
            await hub.store(Joined(room="garden", user=f"p{number}", id=f"p{number}", by="mia"))
            ears.append(Ear(f"p{number}", hub))
        carol = Ear("carol", hub)
        for ear in (*ears, carol):
            hub.attach(ear)  # carol last: a fan-out reaches her after its first slice
        carol.mailbox.paused()
        carol.mailbox.deliver(b" " * (BOUND - left_over), hub.tip)
        await hub.store(kick())
        assert (carol.mailbox.missed is not None) == (left_over == 100)
        await hub.store(said("without carol"))
        await hub.store(said("to everybody", "lobby"))
        carol.mailbox.resumed()
        await asyncio.gather(*carol.tasks)
        carol.mailbox.flush()
        told = [line for line in carol.wire.lines() if "seq" in line]
        assert [(line["type"], line["room"]) for line in told] == [("left", "garden"), ("message", "lobby")]
        for ear in (*ears, carol):
            hub.detach(ear)


async def test_who_comes_back_while_behind_and_is_put_out_again(tmp_path: Path) -> None:
    """What was said between is not theirs: it begins where they came in, as it would have live."""
    async with serving(tmp_path) as (hub, _):
        carol = Ear("carol", hub)
        hub.attach(carol)
        carol.mailbox.paused()
        carol.mailbox.deliver(b" " * (BOUND + 1), hub.tip)
        assert carol.mailbox.missed == hub.tip
        events: list[AnyEvent] = [
            said("one"),
            kick(),
            said("hush"),
            Joined(room="garden", user="carol", id="2", by="mia"),
        ]
        for event in (*events, said("two"), Left(room="garden", user="carol", id="kick2", by="mia"), said("hush hush")):
            await hub.store(event)
        carol.mailbox.resumed()
        await asyncio.gather(*carol.tasks)
        carol.mailbox.flush()
        told = [line for line in carol.wire.lines() if line.get("room") == "garden"]
        assert [line.get("text", line["type"]) for line in told][1:] == ["one", "left", "joined", "two", "left"]
        hub.detach(carol)


@pytest.mark.parametrize("kicked", [False, True], ids=["nobody moves (control)", "put out"])
@pytest.mark.parametrize("question", [Sync(after=0), History(room="garden")], ids=["sync", "history"])
async def test_who_is_put_out_during_a_look(tmp_path: Path, question: Sync | History, kicked: bool) -> None:
    async with serving(tmp_path) as (hub, log):
        carol = Ear("carol", hub)
        await hub.store(said("before"))
        log.gate.clear()
        log.asked.clear()
        handler: Any = history.sync if isinstance(question, Sync) else history.page
        look = asyncio.get_running_loop().create_task(handler(carol, question))
        await log.asked.wait()
        if kicked:
            await hub.store(kick())
        await hub.store(said("after"))
        log.gate.set()
        await look
        [answer] = carol.answers
        if isinstance(answer, str):
            assert (answer, kicked) == ("no_such_room", True)
            return
        assert isinstance(answer, Page | Synced)
        events = answer.messages if isinstance(answer, Page) else answer.events
        texts = [event.text for event in events if isinstance(event, Message)]
        assert texts == ([] if kicked else ["before", "after"])


EVER = ("2000-01-01T00:00:00.000000Z", "2100-01-01T00:00:00.000000Z")


@pytest.mark.parametrize("kicked", [False, True], ids=["nobody moves (control)", "put out"])
@pytest.mark.parametrize("question", ["calendar", "record"])
async def test_who_is_put_out_during_another_look(tmp_path: Path, question: str, kicked: bool) -> None:
    async with serving(tmp_path) as (hub, log):
        session: Any = Ear("carol", hub)
        of = (await hub.store(said("before"))).seq
        log.gate.clear()
        log.asked.clear()
        handler = getattr(history, question)
        command = Calendar(room="garden", edges=EVER) if question == "calendar" else Record(room="garden", seq=of)
        look = asyncio.get_running_loop().create_task(handler(session, command))
        await log.asked.wait()
        if kicked:
            await hub.store(kick())
        log.gate.set()
        if kicked:
            with pytest.raises(Refused, match="There is no room called garden"):
                await look
            assert session.answers == []
        else:
            await look
            [answer] = session.answers
            assert "before" in answer.line if question == "record" else answer.counts == [1]


async def test_who_comes_in_during_a_look_misses_nothing(tmp_path: Path) -> None:
    """The look was for the old rooms: it ends where they were right, so that the next one begins there."""
    async with serving(tmp_path) as (hub, log):
        await hub.store(Joined(room="lobby", user="dave", id="~hello"))
        dave = Ear("dave", hub)
        hub.attach(dave)
        dave.mailbox.paused()
        dave.mailbox.deliver(b" " * (BOUND + 1), hub.tip)
        log.gate.clear()
        dave.mailbox.resumed()
        log.asked.clear()
        await log.asked.wait()
        await hub.store(Joined(room="garden", user="dave", id="in", by="mia"))
        await hub.store(said("welcome"))
        log.gate.set()
        await asyncio.gather(*dave.tasks)
        dave.mailbox.flush()
        told = [line for line in dave.wire.lines() if line.get("room") == "garden"]
        assert [line["type"] for line in told] == ["joined", "message"]
        hub.detach(dave)
