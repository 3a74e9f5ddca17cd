"""Signed-in peers of a server of one's own, or of one that many tests share."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from tests import processes
from tests.processes import NewServer, ServerProcess
from tests.server.peer import Line, Peer, close_all

Join = Callable[..., Awaitable[Peer]]
Pair = tuple[Peer, Peer, str]
_rooms = itertools.count(1)


@pytest.fixture(scope="session")
def standing(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the tests that leave nothing behind that another could trip over."""
    with processes.standing(new_server(tmp_path_factory.mktemp("standing"), ("--limits", "off"))) as server:
        yield server


@pytest.fixture
async def enter(standing: ServerProcess) -> AsyncIterator[Join]:
    """As `join`, on the standing server."""
    peers: list[Peer] = []

    async def sign_in(user: str, **fields: str) -> Peer:
        peers.append(await Peer.sign_in(standing.port, user, **fields))
        return peers[-1]

    yield sign_in
    await close_all(*peers)


@pytest.fixture
async def join(server: ServerProcess) -> AsyncIterator[Join]:
    """`await join("alice")`: a signed-in peer; all are closed with the test."""
    peers: list[Peer] = []

    async def sign_in(user: str, **fields: str) -> Peer:
        peers.append(await Peer.sign_in(server.port, user, **fields))
        return peers[-1]

    yield sign_in
    await close_all(*peers)


@pytest.fixture
async def pair(standing: ServerProcess) -> AsyncIterator[Pair]:
    """bob, carol, and a room with the two of them that bob made, on the standing server."""
    bob, carol = await Peer.sign_in(standing.port, "bob"), await Peer.sign_in(standing.port, "carol")
    room = f"room-{next(_rooms)}"
    assert (await bob.change("create", room))["type"] == "ok"
    assert (await carol.change("join", room))["type"] == "ok"
    yield bob, carol, room
    await close_all(bob, carol)


async def said(peer: Peer, room: str, text: str = "hello", **fields: Any) -> int:
    """The seq of a message that must be taken."""
    answer = await peer.change("post", room, text=text, **fields)
    assert answer["type"] == "ok", answer
    return int(answer["seq"])


async def page(peer: Peer, room: str) -> dict[int, Line]:
    """The newest entries of a room by seq."""
    return {line["seq"]: line for line in (await peer.ask(type="history", room=room))["messages"]}
