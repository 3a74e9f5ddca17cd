"""Signed-in peers of a server of one's own, or of one that many tests share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer, close_all

Join = Callable[..., Awaitable[Peer]]


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the tests that leave nothing behind that another could trip over."""
    server = ServerProcess(tmp_path_factory.mktemp("standing"), ("--limits", "off"))
    server.start()
    yield server
    server.stop()


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
