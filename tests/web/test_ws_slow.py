"""A page that does not read is left behind with bounded memory, then caught up; a thousand others do not notice."""

import asyncio
import json
import re
import socket
from pathlib import Path

import aiohttp
import pytest

from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all
from tests.server.test_slow_reader import post_many, resident
from tests.web.webpeer import Frames, WebPeer

CROWD = 1_000
WARM = 800
POSTS = 1_200  # 18 MB: far more than the kernel's buffers and a mailbox hold
PEOPLE = 20
SAID = 100
TEXT, PING = 0x81, 0x89
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Page(Frames):
    """A browser's connection that reads when it is told to. `seen` is all that it was sent."""

    seen: list[Line]

    @classmethod
    async def sign_in(cls, port: int, user: str, buffer: int = 0) -> "Page":
        sock = socket.socket()
        if buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        page = await cls.on(sock)
        page.seen = []
        hello = {"type": "hello", "protocol": 1, "user": user, "token": f"token of {user} 0123456789"}
        page.send(TEXT, json.dumps(hello).encode())
        await page.until_line("welcome")
        return page

    async def until_line(self, type: str, **fields: object) -> Line:
        """Read on until a message with such a line; returns the line."""
        while True:
            lines = [json.loads(line) for line in (await self.until(TEXT)).splitlines()]
            self.seen += lines
            for line in lines:
                if line["type"] == type and all(line.get(key) == value for key, value in fields.items()):
                    return dict(line)

    def said(self, room: str) -> list[str]:
        return [line["text"] for line in self.seen if line["type"] == "message" and line["room"] == room]


async def behind(port: int) -> int:
    """How many mailboxes are left behind, as the server counts them."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/metrics") as answer:
        found = re.search(r"^parley_mailboxes_behind (\d+)", await answer.text(), re.MULTILINE)
        assert found
        return int(found[1])


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
async def test_who_does_not_read_is_caught_up_later(server: ServerProcess) -> None:
    alice, carol = await Peer.sign_in(server.port, "alice"), await WebPeer.sign_in(server.port, "carol")
    warm = asyncio.create_task(carol.until("message", id=f"p{WARM - 1}"))
    await post_many(alice, WARM)  # the server has its working memory now
    await warm
    while await behind(server.port):
        pass
    bob = await Page.sign_in(server.port, "bob", 16 * 1024)
    before = resident(server.pid)
    live = asyncio.create_task(carol.until("message", id=f"p{POSTS + WARM - 1}"))
    assert await behind(server.port) == 0
    for start in range(WARM, WARM + POSTS, 20):
        for n in range(start, start + 20):
            await alice.send(type="post", id=f"p{n}", room="lobby", text=f"{n} {'x' * 15_000}")
        for _ in range(20):
            await alice.until("ok")
    await live
    assert await behind(server.port) == 1
    grown = resident(server.pid) - before
    assert grown < 8 << 20, f"{grown:,} bytes for one that does not read"
    await bob.until_line("message", id=f"p{POSTS + WARM - 1}")
    await alice.change("post", "lobby", text="live again")
    await bob.until_line("message", text="live again")
    assert await behind(server.port) == 0
    seqs = [line["seq"] for line in bob.seen if line["type"] == "message"]
    assert seqs == sorted(set(seqs)) and len(seqs) == POSTS + 1
    assert seqs == [line["seq"] for line in carol.events() if line["seq"] >= seqs[0]] + seqs[-1:]
    await bob.close()
    await close_all(alice, carol)


async def test_who_asks_and_does_not_read_is_not_read_from(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Page.sign_in(server.port, "bob", 16 * 1024)
    await post_many(alice, 100)
    question = b'{"type":"history","room":"lobby","limit":100}\n' * 20

    async def ask_on() -> None:
        for _ in range(100_000):
            bob.send(TEXT, question)
            bob.send(PING, b"?" * 125)
            await bob.writer.drain()

    asking = asyncio.create_task(ask_on())
    await alice.settle()
    for n in range(50):
        assert (await alice.change("post", "lobby", text=f"meanwhile {n}"))["type"] == "ok"
    assert not asking.done(), "TCP should have stopped who asks on without reading"
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    bob.writer.transport.abort()
    await bob.close()
    await alice.close()


class Silent:
    """A browser's connection outside the loop: the kernel takes what comes, until somebody looks."""

    def __init__(self, port: int, user: str) -> None:
        self._sock = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._came = b""
        hello = json.dumps({"type": "hello", "protocol": 1, "user": user, "token": f"token of {user} 0123456789"})
        self._sock.sendall(HANDSHAKE + bytes((TEXT, 0x80 | 126)) + len(hello).to_bytes(2) + bytes(4) + hello.encode())
        self.until(b'"type":"welcome"')

    def until(self, wanted: bytes) -> None:
        """Take what came until this is in it."""
        while wanted not in self._came:
            data = self._sock.recv(1 << 16)
            if not data:
                raise EOFError
            self._came += data

    def texts(self, room: str) -> list[str]:
        """Of the messages of a room among what came."""
        said = rb'"type":"message",[^{}\n]*"room":"%s",[^{}\n]*"text":"([^"]*)"' % room.encode()
        return [text.decode() for text in re.findall(said, self._came)]

    def close(self) -> None:
        self._sock.close()


@pytest.mark.slow
async def test_a_thousand_pages_and_one_that_does_not_read(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    for room in ("garden", "attic"):
        await alice.change("create", room)
    names = [f"person-{n}" for n in range(PEOPLE)]
    for name, rooms in [*((name, ("garden",)) for name in names), ("deaf", ("garden", "attic"))]:
        first = await Peer.sign_in(server.port, name)
        for room in rooms:
            await first.change("join", room)
        await first.close()
    pages = await asyncio.to_thread(lambda: [Silent(server.port, names[n % PEOPLE]) for n in range(CROWD - 1)])
    deaf = await Page.sign_in(server.port, "deaf", 16 * 1024)
    noise = 0
    while not await behind(server.port):
        for _ in range(20):
            await alice.change("post", "attic", text=f"{noise} {'x' * 15_000}")
            noise += 1
    loop, begun, slowest = asyncio.get_running_loop(), 0.0, 0.0
    for n in range(SAID):
        begun = loop.time()
        assert (await alice.change("post", "garden", text=str(n)))["type"] == "ok"
        slowest = max(slowest, loop.time() - begun)
    last = f'"text":"{SAID - 1}"'.encode()
    await asyncio.to_thread(lambda: [page.until(last) for page in pages])
    for page in pages:
        assert page.texts("garden") == [str(n) for n in range(SAID)]
        assert page.texts("attic") == []
    assert slowest < 1, f"an answer took {slowest:.2f} s"
    assert await behind(server.port) == 1
    await deaf.until_line("message", text=str(SAID - 1))
    assert deaf.said("garden") == [str(n) for n in range(SAID)]
    assert [text.split()[0] for text in deaf.said("attic")] == [str(n) for n in range(noise)]
    while await behind(server.port):
        pass
    for page in pages:
        page.close()
    await deaf.close()
    await alice.close()
