"""A bot in a process of its own, for tests that kill it, and people beside it."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from chatclient import Chat, connect
from tests.processes import ROOT


class Program:
    """A Python program with Parley's folder at `home`; `said` holds its lines, errors too."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said: list[str] = []

    async def until(self, text: str) -> None:
        """Wait until a line of it holds the text."""
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            while not any(text in line for line in self.said):
                line = (await self._process.stdout.readline()).decode()
                assert line, "the program ended:\n" + "".join(self.said)
                self.said.append(line)

    async def outlives(self, text: str) -> int | None:
        """Wait until a line of it holds the text (None), or for its end (the exit code)."""
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            while line := (await self._process.stdout.readline()).decode():
                self.said.append(line)
                if text in line:
                    return None
            return await self._process.wait()

    async def kill(self) -> None:
        """As a power cut would, for the process."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.communicate()

    async def interrupted(self) -> int:
        """Ctrl+C; gives the exit code."""
        self._process.send_signal(signal.SIGINT)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for its end; gives the exit code."""
        async with asyncio.timeout(30):
            out, _ = await self._process.communicate()
        self.said += out.decode().splitlines(keepends=True)
        assert self._process.returncode is not None
        return self._process.returncode


@asynccontextmanager
async def program(home: Path, *arguments: str, **environment: str) -> AsyncIterator[Program]:
    """Run `python ARGUMENTS`; killed at the end where it still runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        *arguments,
        stdin=subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
        env={**clean, "PARLEY_HOME": str(home), "PARLEY_KEYRING": "off", "PYTHONPATH": str(ROOT), **environment},
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


class Person(Chat):
    """Somebody beside the bots, who sees what they do and whose doings have no mark of a bot."""

    def _mark(self, once: str) -> str:
        return once or secrets.token_hex(10)


@asynccontextmanager
async def person(port: int, name: str, home: Path) -> AsyncIterator[Chat]:
    """Signed in at 127.0.0.1."""
    chat = connect(f"chat://127.0.0.1:{port}", user=name, home=home / name, bots=True, patience=20.0)
    chat.__class__ = Person
    async with chat:
        yield chat


async def heard(chat: Chat, text: str) -> None:
    """Wait until somebody says this."""
    async with asyncio.timeout(30):
        async for event in chat.events():
            if getattr(event, "text", None) == text:
                return
