"""The programs in examples/, run as they stand against real servers."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatclient import Chat, Joined, Message, Reacted
from tests.bots.running import heard, person, program
from tests.processes import ServerProcess


async def said(chat: Chat, room: str) -> list[str]:
    return [event.text for event in await chat.history(room, limit=200) if isinstance(event, Message)]


def at(server: ServerProcess) -> str:
    return f"chat://127.0.0.1:{server.port}"


async def entered(chat: Chat, bot: str) -> None:
    """Wait until the example is in the room."""
    async with asyncio.timeout(30):
        async for event in chat.events():
            if isinstance(event, Joined) and (event.user, event.room) == (bot, "garden"):
                return


async def test_echo(server: ServerProcess, tmp_path: Path) -> None:
    async with person(server.port, "alice", tmp_path) as alice:
        await alice.create("garden")
        async with program(tmp_path, "examples/echo.py", at(server), "garden") as echo:
            await entered(alice, "echo")
            await alice.send("garden", "!echo so it is")
            await heard(alice, "so it is")
            await alice.send("@echo", "psst")
            async for event in alice.events():
                if isinstance(event, Message) and event.room == "@alice,echo" and event.user == "echo":
                    assert event.text == "psst"
                    break
            assert await echo.interrupted() == 130
            assert not any("Traceback" in line for line in echo.said)


async def test_reminder_survives_its_end_and_reminds_once(server: ServerProcess, tmp_path: Path) -> None:
    words = ("examples/reminder.py", at(server), "garden")
    async with person(server.port, "alice", tmp_path) as alice:
        await alice.create("garden")
        async with program(tmp_path, *words) as reminder:
            await entered(alice, "reminder")
            soup = await alice.send("garden", "!remind 3s the soup")
            asked = time.monotonic()
            await heard(alice, f"In 3s, then. (To stop me: !forget {soup.seq})")
            tea = await alice.send("garden", "!remind 3s tea")
            await heard(alice, f"In 3s, then. (To stop me: !forget {tea.seq})")
            await alice.send("garden", f"!forget {tea.seq}")
            async for event in alice.events():
                if isinstance(event, Reacted):
                    break
            await alice.send("garden", "!reminders")
            await heard(alice, f"{soup.seq}: the soup")
            await alice.send("garden", "!remind soon something")
            await heard(alice, "soon is no time. Say 90s, 10m, 2h or 1d.")
            await reminder.kill()
        async with program(tmp_path, *words) as reminder:
            await heard(alice, "@alice the soup")
            assert time.monotonic() - asked >= 2.9
            await alice.send("garden", "!reminders")
            await heard(alice, "You have none.")
        assert [text for text in await said(alice, "garden") if "the soup" in text].count("@alice the soup") == 1
        assert "@alice tea" not in await said(alice, "garden")


async def test_bridge(start_server: Callable[..., ServerProcess], tmp_path: Path) -> None:
    left, right = start_server("--limits", "off"), start_server("--limits", "off")
    words = ("examples/bridge.py", at(left), at(right), "garden")
    async with (
        person(left.port, "alice", tmp_path / "left") as alice,
        person(right.port, "bob", tmp_path / "right") as bob,
    ):
        await alice.create("garden")
        await bob.create("garden")
        async with program(tmp_path, *words) as bridge:
            await entered(alice, "bridge")
            await entered(bob, "bridge")
            hello = await alice.send("garden", "hello over there")
            await heard(bob, "**alice**: hello over there")
            there = (await bob.search("hello over there"))[0]
            await bob.reply(there, "hello to you", files=[bob.attach(data=b"bytes", name="a.txt")])
            await heard(alice, "**bob**: hello to you")
            answer = (await alice.search("hello to you"))[0]
            assert answer.reply_to == hello.seq and [file.name for file in answer.files] == ["a.txt"]
            assert (await alice.fetch(answer.files[0])).read_bytes() == b"bytes"
            await alice.edit(hello, "good day over there")
            await heard(bob, "**alice**: good day over there")
            wrong = await alice.send("garden", "a mistake")
            await heard(bob, "**alice**: a mistake")
            await alice.delete(wrong)
            await alice.send("garden", "afterwards")
            await heard(bob, "**alice**: afterwards")
            assert "**alice**: a mistake" not in await said(bob, "garden")
            await bridge.kill()
        burst = [secrets.token_hex(4) for _ in range(20)]
        for text in burst[:10]:
            await alice.send("garden", text)
        async with program(tmp_path, *words) as bridge:
            await heard(bob, f"**alice**: {burst[3]}")
            await bridge.kill()
        right.kill()
        right.start()
        for text in burst[10:]:
            await alice.send("garden", text)
        async with program(tmp_path, *words):
            await heard(bob, f"**alice**: {burst[-1]}")
            await bob.send("garden", "all of them?")
            await heard(alice, "**bob**: all of them?")
        carried = [text.removeprefix("**alice**: ") for text in await said(bob, "garden")]
        assert [text for text in carried if text in burst] == burst
        assert [text for text in await said(alice, "garden") if text in burst] == burst  # and nothing came back
        assert not any(text.startswith("**bridge**") for text in await said(bob, "garden"))


@pytest.mark.parametrize("name", ["echo", "reminder", "bridge"])
def test_they_are_small(name: str) -> None:
    text = Path(f"examples/{name}.py").read_text("utf-8")
    assert len(text.splitlines()) < 90
