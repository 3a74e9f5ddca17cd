"""kill -9 in the middle of a handler: the next run handles the event, and what was answered is not answered twice."""

import random
import signal
from pathlib import Path

import pytest

from chatclient import Chat, Message
from tests.bots.running import heard, person, program
from tests.processes import ServerProcess


async def run_twice(server: ServerProcess, home: Path, how: str, *more: str) -> list[str]:
    """What the bot says when it is killed in the middle of handling a message, and started again."""
    words = ("-m", "tests.bots.stumbling", str(server.port), how)
    async with person(server.port, "alice", home) as alice:
        async with program(home, *words, "HALF", *more) as first:
            await first.until("ready")
            asked = await alice.send("lobby", "!work")
            await first.until(f"half {asked.seq}")
            await first.kill()
        async with program(home, *words, "WHOLE", *more) as second:
            await second.until(f"whole {asked.seq}")
            again = await alice.send("lobby", "!work")
            await second.until(f"whole {again.seq}")
            await second.kill()
        async with program(home, *words, "WHOLE", *more) as third:  # both are handled now, and not once more
            await third.until("ready")
            last = await alice.send("lobby", "!work")
            await third.until(f"whole {last.seq}")
            assert [line.split() for line in third.said if "whole" in line] == [["whole", str(last.seq)]]
        return [event.text.split(":")[0] for event in await alice.history("lobby") if isinstance(event, Message)]


@pytest.mark.parametrize("more", [(), ("loop",)], ids=["command", "loop"])
async def test_each_answer_stands_once(server: ServerProcess, tmp_path: Path, more: tuple[str, ...]) -> None:
    said = await run_twice(server, tmp_path, "MARKED", *more)
    assert said == ["!work", "one", "a number", "two"] * 3


async def test_without_the_marks_they_would_stand_twice(server: ServerProcess, tmp_path: Path) -> None:
    """The control: the event does come again."""
    said = await run_twice(server, tmp_path, "PLAIN")
    assert said[:6] == ["!work", "one", "a number", "one", "a number", "two"]


async def test_a_server_killed_in_the_middle_costs_nothing(server: ServerProcess, tmp_path: Path) -> None:
    words = ("-m", "tests.bots.stumbling", str(server.port), "MARKED", "WHOLE")
    async with person(server.port, "alice", tmp_path) as alice, program(tmp_path, *words) as bot:
        await bot.until("ready")
        for _ in range(5):
            await alice.send("lobby", "!work")
        server.kill()
        server.start()
        await alice.send("lobby", "!work")
        await heard_times(alice, "two", 6)
        said = [event.text for event in await alice.history("lobby", limit=200) if isinstance(event, Message)]
        assert (said.count("one"), said.count("two")) == (6, 6)


@pytest.mark.parametrize("more", [(), ("loop",)], ids=["command", "loop"])
async def test_killed_at_each_moment_each_question_has_its_answers_once(
    server: ServerProcess, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """Before and after each deed, and before and after the place is written down, until a run outlives its question."""
    words = ("-m", "tests.bots.stumbling", str(server.port), "MARKED", "WHOLE", *more)
    deaths = 0
    async with person(server.port, "alice", tmp_path) as alice:
        async with program(tmp_path, *words) as bot:
            await bot.until("ready")
        asked = []
        while True:
            asked.append(await alice.send("lobby", "!work"))
            async with program(tmp_path, *words, DIE_AT=str(deaths + 1)) as bot:
                code = await bot.outlives(f"whole {asked[-1].seq}")
            if code is None:
                break
            assert code == -signal.SIGKILL and deaths < 40
            deaths += 1
        assert deaths >= 2 * (3 + 1), "three deeds and what is written down"
        told = [event for event in await alice.history("lobby", limit=200) if isinstance(event, Message)]
    for question in asked:
        answers = [event.text.split(":")[0] for event in told if event.reply_to == question.seq]
        assert answers == ["one", "a number", "two"]


async def test_killed_again_and_again_each_question_has_its_answers_once(server: ServerProcess, tmp_path: Path) -> None:
    """Several questions are in hand at each moment at which the bot, and once the server, is killed."""
    words = ("-m", "tests.bots.stumbling", str(server.port), "MARKED", "WHOLE")
    dice = random.Random(7)
    asked: list[Message] = []
    async with person(server.port, "alice", tmp_path) as alice:
        async with program(tmp_path, *words) as bot:
            await bot.until("ready")
        for run in range(3):
            asked += [await alice.send("lobby", "!work") for _ in range(8)]
            async with program(tmp_path, *words) as bot:
                await bot.until(f"half {asked[dice.randrange(-8, 0)].seq}")
                if run == 1:
                    server.kill()
                    server.start()
                await bot.kill()
        async with program(tmp_path, *words) as bot:
            last = await alice.send("lobby", "!work")
            await bot.until(f"whole {last.seq}")
            told = [event for event in await alice.history("lobby", limit=200) if isinstance(event, Message)]
            while sum(event.text == "two" for event in told) < len(asked) + 1:
                await heard(alice, "two")
                told = [event for event in await alice.history("lobby", limit=200) if isinstance(event, Message)]
    for question in (*asked, last):
        answers = [event.text.split(":")[0] for event in told if event.reply_to == question.seq]
        assert answers == ["one", "a number", "two"]


async def heard_times(alice: Chat, text: str, times: int) -> None:
    for _ in range(times):
        await heard(alice, text)
