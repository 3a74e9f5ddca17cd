"""A connection that does not read is left behind with bounded memory, then caught up; nobody else notices."""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer, close_all

TEXT = "x" * 15_000
WARM = 1_500
POSTS = 2_000  # 30 MB: far more than the kernel's buffers and a mailbox hold


def resident(pid: int) -> int:
    """Bytes of memory that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


async def post_many(peer: Peer, posts: int, room: str = "lobby") -> None:
    """Post and read along, 20 at a time on the way."""
    for start in range(0, posts, 20):
        for n in range(start, start + 20):
            await peer.send(type="post", id=f"p{n}", room=room, text=f"{n} {TEXT}")
        for _ in range(20):
            await peer.until("ok")


async def narrow(port: int, user: str) -> Peer:
    """A signed-in peer with a small receive buffer."""
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    sock.setblocking(False)
    peer = Peer(*await asyncio.open_connection(sock=sock, limit=64 * 1024))
    peer.user = user
    await peer.send(type="hello", protocol=1, user=user, token=f"token of {user} 0123456789")
    await peer.until("welcome")
    return peer


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
async def test_who_does_not_read_is_caught_up_later(server: ServerProcess) -> None:
    alice, carol = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "carol")
    await post_many(carol, WARM)  # the server has its working memory now
    bob = await narrow(server.port, "bob")
    before = resident(server.pid)
    live = asyncio.create_task(carol.until("message", id=f"p{POSTS - 1}", user="alice"))
    await post_many(alice, POSTS)
    await live
    grown = resident(server.pid) - before
    assert grown < 8 << 20, f"{grown:,} bytes for one that does not read"
    await bob.until("message", id=f"p{POSTS - 1}")
    await alice.change("post", "lobby", text="live again")
    await bob.until("message", text="live again")
    for reader in (bob, carol):
        seqs = [line["seq"] for line in reader.events()]
        assert seqs == sorted(set(seqs))
        from_alice = [line["id"] for line in reader.events() if line["user"] == "alice"]
        assert from_alice[:POSTS] == [f"p{n}" for n in range(POSTS)]
    await close_all(alice, bob, carol)


async def test_who_leaves_a_room_while_behind_sees_it_until_then(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await narrow(server.port, "bob")
    await alice.change("create", "garden")
    await bob.change("join", "garden")
    await post_many(alice, 600, "garden")
    leaver = await Peer.sign_in(server.port, "bob")
    left = (await leaver.change("leave", "garden"))["seq"]
    await alice.change("post", "garden", text="without bob")
    await alice.change("post", "lobby", text="with bob")
    await bob.until("message", text="with bob")
    seqs = [line["seq"] for line in bob.seen if line.get("room") == "garden" and "seq" in line]
    assert seqs == sorted(set(seqs))
    assert max(seqs) == left
    assert len(bob.events()) == 601
    await close_all(alice, bob, leaver)


async def test_who_asks_and_does_not_read_is_not_read_from(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await narrow(server.port, "bob")
    await post_many(alice, 100)
    before = resident(server.pid)
    question = b'{"type":"history","room":"lobby","limit":100}\n'  # 1.5 MB an answer

    async def ask_on() -> None:
        for _ in range(100_000):
            bob.writer.write(question * 20)
            await bob.writer.drain()

    asking = asyncio.create_task(ask_on())
    await alice.settle()
    for n in range(50):
        assert (await alice.change("post", "lobby", text=f"meanwhile {n}"))["type"] == "ok"
    assert not asking.done(), "TCP should have stopped who asks on without reading"
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert resident(server.pid) - before < 64 << 20
    await close_all(alice, bob)
