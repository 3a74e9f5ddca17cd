"""Nothing is sent twice, and nothing that was queued is lost, whatever dies when: the client's process, the server's.

Between a client in a process of its own and a real server stands a road that can swallow what goes either way, so that
each moment at which somebody can die is met on purpose. The history is what counts: each text once, in order.
"""

import asyncio
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT

TEXTS = [f"n{i}" for i in range(30)]


class Road:
    """A port that leads to the server's. `up` and `down`: whether what goes there, and what comes back, arrives."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.up = self.down = True
        self._ends: list[asyncio.StreamWriter] = []
        self._pipes: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Road":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._server.close()
        self.cut()
        if self._pipes:
            await asyncio.wait(self._pipes)
        await self._server.wait_closed()

    def cut(self) -> None:
        """End every connection, and let those after them through."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()
        self.up = self.down = True

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._join(reader, writer))
        self._pipes.add(task)
        task.add_done_callback(self._pipes.discard)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.append(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        self._ends.append(back)
        await asyncio.gather(self._pipe(reader, back, "up"), self._pipe(there, writer, "down"))

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if getattr(self, way):
                    writer.write(data)
        writer.transport.abort()


class Sender:
    """One run of `tests.client.sender`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[str] = []

    def tell(self, *command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")

    async def until(self, word: str, times: int = 1) -> None:
        """Wait until it told so many events of this kind."""
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            while sum(f"{told} ".startswith(f"{word} ") for told in self.told) < times:
                line = (await self._process.stdout.readline()).decode()
                assert line, f"the client ended: {self.told}"
                self.told.append(line.strip())

    async def kill(self) -> None:
        """As a power cut would, for the process."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


class World:
    """A road to a server, and clients on it, all of one person on one device."""

    def __init__(self, road: Road, spool: Path) -> None:
        self.road = road
        self.spool = spool
        self._token = secrets.token_hex(32)
        self.runs = 0

    @asynccontextmanager
    async def sender(self, spool: bool = True) -> AsyncIterator[Sender]:
        self.runs += 1
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.client.sender", str(self.road.port), self._token),
            *(str(self.spool) if spool else "-", f"run{self.runs}."),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        try:
            yield Sender(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


@asynccontextmanager
async def world(port: int, tmp_path: Path) -> AsyncIterator[World]:
    async with Road(port) as road:
        yield World(road, tmp_path / "spool")


def said(server: Any) -> list[str]:
    """The texts in the history, in its order."""
    lines = server.history.read_text("utf-8").splitlines()
    return [line.split("\ttext=")[1].split("\t")[0] for line in lines if "\tmessage\t" in line]


async def left(world: World, server: Any, texts: Sequence[str]) -> None:
    """Another run sends what is left, and something of its own."""
    async with world.sender() as sender:
        sender.tell("send", "lobby", "last")
        await sender.until("Connected")
        await sender.until(f"Delivered run{world.runs}.1")
        for waited in [told.split()[1] for told in sender.told if told.startswith(("Pending", "Changing"))]:
            await sender.until(f"Delivered {waited}")
    found = said(server)
    found.remove("last")
    assert found == list(texts)


async def test_killed_after_queueing(server: Any, tmp_path: Path) -> None:
    server.kill()
    async with world(server.port, tmp_path) as here:
        async with here.sender() as sender:
            for text in TEXTS:
                sender.tell("send", "lobby", text)
            await sender.until("Pending", len(TEXTS))
            await sender.kill()
        server.start()
        await left(here, server, TEXTS)


async def test_killed_after_queueing_without_a_spool(server: Any, tmp_path: Path) -> None:
    """The control: what a client keeps in memory alone dies with it."""
    server.kill()
    async with world(server.port, tmp_path) as here:
        async with here.sender(spool=False) as sender:
            sender.tell("send", "lobby", "lost")
            await sender.until("Pending")
            await sender.kill()
        server.start()
        await left(here, server, [])


@pytest.mark.parametrize("who", ["client", "server", "both"])
@pytest.mark.parametrize("way", ["up", "down"])
async def test_killed_after_sending(server: Any, tmp_path: Path, way: str, who: str) -> None:
    """`up`: nothing of it reached the server; `down`: it stands there, and no ok came back."""
    async with world(server.port, tmp_path) as here, here.sender() as sender:
        await sender.until("Connected")
        setattr(here.road, way, False)
        for text in TEXTS:
            sender.tell("send", "lobby", text)
        await sender.until("Pending", len(TEXTS))
        if way == "down":
            await stored(server, TEXTS)
        else:
            assert said(server) == []
        if who != "server":
            await sender.kill()
        if who != "client":
            server.kill()
        here.road.cut()
        if who != "client":
            server.start()
        if who == "server":
            await sender.until("Delivered", len(TEXTS))
            assert said(server) == TEXTS
        else:
            await left(here, server, TEXTS)


async def test_other_ids_would_send_it_twice(server: Any, tmp_path: Path) -> None:
    """The control of the ones above: were the ids not kept, the history would show it."""
    async with world(server.port, tmp_path) as here:
        async with here.sender() as sender:
            await sender.until("Connected")
            here.road.down = False
            sender.tell("send", "lobby", "twice")
            await sender.until("Pending")
            await stored(server, ["twice"])
            await sender.kill()
        here.road.cut()
        journal = here.spool / "1" / "journal"
        journal.write_text(journal.read_text("utf-8").replace("run1.", "other."), "utf-8")
        await left(here, server, ["twice", "twice"])


@pytest.mark.slow
async def test_killed_again_and_again(server: Any, tmp_path: Path) -> None:
    """At whatever moment it is: a client that is killed every few milliseconds of its work, the server now and then."""
    texts = [f"m{i}" for i in range(200)]
    async with world(server.port, tmp_path) as here:
        queued = 0
        for run in range(20):
            async with here.sender() as sender:
                await sender.until("Connecting")
                for text in texts[queued : queued + 10]:
                    sender.tell("send", "lobby", text)
                await sender.until(f"Pending run{here.runs}.10")
                queued += 10
                await sender.until("Delivered", run % 7)  # so that each dies at another moment
                if run % 5 == 4:
                    server.kill()
                await sender.kill()
            if run % 5 == 4:
                server.start()
        await left(here, server, texts)


async def test_every_kind_of_change_happens_once(server: Any, tmp_path: Path) -> None:
    async with world(server.port, tmp_path) as here:
        async with here.sender() as sender:
            sender.tell("send", "lobby", "first")
            await sender.until("Delivered")
            seq = int(next(line.split("\t")[0] for line in lines(server) if "\tmessage\t" in line))
            here.road.down = False
            sender.tell("create", "garden")
            sender.tell("edit", "lobby", seq, "second")
            sender.tell("react", "lobby", seq, "👍")
            sender.tell("send", "garden", "third")
            sender.tell("attach", "bytes of a cat", "cat.txt")
            await sender.until("Uploading")  # from here on it is kept
            upload = next(told.split()[1] for told in sender.told if told.startswith("attached"))
            sender.tell("send", "garden", "with a file", 0, [upload])
            sender.tell("send", "garden", "after it")
            sender.tell("react", "lobby", seq, "👍", True)
            sender.tell("edit", "lobby", seq, "fourth")
            await sender.until("Changing", 4)
            await until_line(server, "text=fourth")
            await sender.kill()
        here.road.cut()
        await left(here, server, ["first", "third", "with a file", "after it"])
        kinds = [line.split("\t")[4] for line in lines(server)]
        assert (kinds.count("created"), kinds.count("edited"), kinds.count("reacted")) == (1, 2, 2)
        assert not list(here.spool.rglob("*.bytes"))


def lines(server: Any) -> list[str]:
    text: str = server.history.read_text("utf-8")
    return text.splitlines()


async def stored(server: Any, texts: Sequence[str]) -> None:
    async with asyncio.timeout(10):
        while said(server) != list(texts):  # noqa: ASYNC110  # a file of another process tells no events
            await asyncio.sleep(0.01)


async def until_line(server: Any, part: str) -> None:
    async with asyncio.timeout(10):
        while part not in lines(server)[-1]:  # noqa: ASYNC110  # a file of another process tells no events
            await asyncio.sleep(0.01)
