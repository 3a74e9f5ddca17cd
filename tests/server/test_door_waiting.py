"""HTTP comes behind the open port: who speaks it early waits and loses nothing, who speaks lines does not notice."""

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatserver import tls
from chatserver.door import Door, Tongue
from tests.processes import ServerProcess
from tests.server.certificate import certificate
from tests.server.peer import Peer, close_all

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
PATIENCE = 0.5
SLOW = """
import os, sys
from pathlib import Path
Path(os.environ["GATE"]).read_text()
sys.path.remove(os.environ["PYTHONPATH"])
del sys.modules["aiohttp"]
import {then}
"""
"""Stands before aiohttp: whoever imports it waits until the test has opened the gate."""


class Gate:
    """Where the import of HTTP waits."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def open(self) -> None:
        await asyncio.to_thread(self._path.write_text, "open")


@pytest.fixture
def new_server() -> type[ServerProcess]:
    """Started from nothing: those that are forked have HTTP already."""
    return ServerProcess


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Gate]:
    """`slow("aiohttp")`: the next server imports this behind the gate instead of aiohttp."""

    def stand_before(then: str) -> Gate:
        package, gate = tmp_path / "before" / "aiohttp", tmp_path / "gate"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(SLOW.format(then=then))
        os.mkfifo(gate)
        monkeypatch.setenv("PYTHONPATH", str(package.parent))
        monkeypatch.setenv("GATE", str(gate))
        return Gate(gate)

    return stand_before


async def test_who_speaks_http_early_waits(
    start_server: Callable[..., ServerProcess], slow: Callable[[str], Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_PATIENCE", str(PATIENCE))
    gate = slow("aiohttp")
    server = start_server("--limits", "off")
    alice = await Peer.sign_in(server.port, "alice")
    early, gone, silent = [await Peer.connect(server.port) for _ in range(3)]
    for place in range(8):
        await early.raw(GET[place : place + 1])
        await asyncio.sleep(0.001)
    await early.raw(GET[8:] + GET * 50)
    await gone.raw(GET)
    gone.writer.transport.abort()
    assert b"No whole line" in await silent.closed(), "the patience with who says nothing goes on meanwhile"
    assert (await alice.change("post", "lobby", text="by a line"))["type"] == "ok"
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(early.reader.read(1), 0.05)
    await early.raw(LAST)
    await gate.open()
    assert (await early.closed()).count(b"HTTP/1.1 200 OK") == 52
    await close_all(alice, early, gone, silent)
    assert "Traceback" not in "".join(server.output)


async def test_http_that_cannot_be_imported_ends_the_server(
    start_server: Callable[..., ServerProcess], slow: Callable[[str], Gate]
) -> None:
    gate = slow("no_such_module")
    server = start_server("--limits", "off")
    alice, early = await Peer.sign_in(server.port, "alice"), await Peer.connect(server.port)
    await early.raw(GET)
    assert (await alice.change("post", "lobby", text="kept"))["type"] == "ok"
    await gate.open()
    await alice.until("goodbye")
    assert await asyncio.to_thread(server.wait) == 1
    assert b"shutting_down" in await early.closed()
    assert server.output[-1] == "chatserver: HTTP cannot be served: No module named 'no_such_module'.\n"
    assert "kept" in server.history.read_text("utf-8")
    await close_all(alice, early)


async def test_an_end_before_http_is_there(
    start_server: Callable[..., ServerProcess], slow: Callable[[str], Gate]
) -> None:
    gate = slow("aiohttp")
    server = start_server("--limits", "off")
    alice, early = await Peer.sign_in(server.port, "alice"), await Peer.connect(server.port)
    await early.raw(GET)
    stopping = asyncio.create_task(asyncio.to_thread(server.stop))
    await gate.open()
    assert await stopping == 0
    assert b'"goodbye"' in await alice.closed()
    await early.closed()
    await close_all(alice, early)
    assert "Traceback" not in "".join(server.output)


class _Front(asyncio.Protocol):
    """Says how much the door handed over, and what it was."""

    def __init__(self) -> None:
        self._came = hashlib.sha256()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came.update(data)
        if data.endswith(b"!"):
            self._transport.write(self._came.digest())
            self._transport.close()


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
async def test_nothing_is_lost_and_little_is_held(tmp_path: Path, secure: bool) -> None:
    papers = certificate(tmp_path)
    words = b"say " + bytes(range(1, 32)) * 800_000 + b"!"
    there = False
    asked = asyncio.Event()

    def front(plain: object) -> asyncio.Protocol | None:
        asked.set()
        return _Front() if there else None

    door = Door(
        [Tongue((b"say ",), front)],
        PATIENCE,
        tls.context(str(papers.cert), str(papers.key)) if secure else None,
    )
    port = door.listen("127.0.0.1", 0)
    door.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=papers.client if secure else None)

    async def send() -> None:
        for place in range(0, len(words), 1 << 18):
            writer.write(words[place : place + (1 << 18)])
            await writer.drain()

    sending = asyncio.create_task(send())
    await asked.wait()
    await asyncio.sleep(PATIENCE * 1.2)  # the patience is over: who has spoken waits for us, not we for them
    assert len(door.visitors) == 1
    assert not sending.done(), "TCP holds the rest back"
    there = True
    door.look_again()
    assert not door.visitors
    assert await reader.read() == hashlib.sha256(words).digest()
    await sending
    writer.close()
    await writer.wait_closed()
    await door.close()
