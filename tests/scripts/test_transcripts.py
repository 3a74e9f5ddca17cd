"""What the pages show of a shell and of a small bot is what happens: their transcripts are run line by line."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bots.running import Program, program
from tests.processes import PATIENCE, ServerProcess
from tests.scripts.shell import Shell
from tests.test_docs import blocks, page

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these are transcripts of a POSIX shell")

PAGES = ("README.md", "docs/scripts.md", "docs/bots.md")
SMALL_BOT = '@chat.command("duty")'
STARTED_AGAIN = "# The bot is killed (-9) and started again."
CLOCK = re.compile(r"\b\d\d:\d\d\b")
DAY = re.compile(r"\w+day, \d+ \w+ \d{4}")


def transcripts(with_bot: bool) -> list[str]:
    """The transcripts of all pages, each once; those in which the small bot answers, or the others."""
    found = dict.fromkeys(block for name in PAGES for block in blocks(name, "console"))
    return [block for block in found if ("!duty" in block) is with_bot]


def steps(transcript: str) -> list[tuple[str, str]]:
    """Each command, and what is said to come of it."""
    parts = re.split(r"^\$ (.*)\n", transcript, flags=re.MULTILINE)
    assert parts[0] == "", "a transcript begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def timeless(text: str) -> str:
    return DAY.sub("Friday, 20 November 2026", CLOCK.sub("09:12", text))


class Terminal:
    """Where the commands are typed."""

    def __init__(self, shell: Shell, folder: Path) -> None:
        self._folder = folder
        tools = folder / "bin"
        tools.mkdir()
        (tools / "chatclient").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chatclient "$@"\n')
        (tools / "chatclient").chmod(0o755)
        self._environment = {**shell.environment, "PATH": f"{tools}:{os.environ['PATH']}"}

    def shows(self, command: str) -> str:
        """What this command prints, errors too."""
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            env=self._environment,
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return timeless(done.stdout)

    def comes_to_show(self, command: str, wanted: str) -> str:
        """The same, repeated while somebody else has not answered yet."""
        deadline = time.monotonic() + PATIENCE
        while (shown := self.shows(command)) != wanted and time.monotonic() < deadline:
            time.sleep(0.05)
        return shown


@pytest.mark.parametrize("transcript", transcripts(with_bot=False))
def test_a_shell_shows_what_the_page_shows(transcript: str, alice: Shell, tmp_path: Path) -> None:
    terminal = Terminal(alice, tmp_path)
    assert [terminal.shows(command) for command, _ in steps(transcript)] == [shown for _, shown in steps(transcript)]


def small_bots() -> list[str]:
    found = dict.fromkeys(block for name in PAGES for block in blocks(name, "python") if SMALL_BOT in block)
    assert found and all(sum(bool(line) for line in block.splitlines()) <= 12 for block in found)
    return list(found)


@pytest.mark.parametrize("transcript", transcripts(with_bot=True))
@pytest.mark.parametrize("source", small_bots())
async def test_the_small_bot_answers_and_remembers(
    source: str, transcript: str, server: ServerProcess, alice: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "duty.py"
    file.write_text(source.replace("12345", str(server.port)))
    terminal = Terminal(alice, tmp_path)
    before, _, after = transcript.partition(f"$ {STARTED_AGAIN}\n")
    assert after, "it is killed in the middle"
    for part in (before, after):
        async with program(tmp_path / "bot", str(file)) as bot:
            await answered(terminal, part, bot)
            await bot.kill()


async def answered(terminal: Terminal, transcript: str, bot: Program) -> None:
    while "no room" in terminal.shows("chatclient tail ops --join --no-follow -n 0"):
        """The bot makes the room as it begins."""
    for command, shown in steps(transcript):
        assert terminal.comes_to_show(command, shown) == shown if shown else terminal.shows(command) == ""
    assert not any("Traceback" in line for line in bot.said)


def test_pages_show_some() -> None:
    assert transcripts(with_bot=False) and transcripts(with_bot=True)
    assert SMALL_BOT in page("docs/bots.md")
