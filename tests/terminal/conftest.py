"""What terminal tests stand on: tmux, and a server that a whole module talks to."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.processes import ServerProcess, missing
from tests.server.peer import Peer, close_all
from tests.terminal.tmux import Terminal, Tmux

Open = Callable[..., Terminal]
PeerAs = Callable[..., Awaitable[Peer]]


@pytest.fixture(scope="module")
def terminals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    """The terminals that several tests look at one after another."""
    yield from _tmux(tmp_path_factory.mktemp("terminals"))


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    yield from _tmux(tmp_path)


def _tmux(folder: Path) -> Iterator[Tmux]:
    if not shutil.which("tmux"):
        missing("tests of the terminal client need tmux: apt-get install tmux")
    made = Tmux(folder)
    yield made
    made.close()


@pytest.fixture
def harbour(start_server: Callable[..., ServerProcess]) -> ServerProcess:
    """A server without rate limits that is called Harbour."""
    return start_server("--limits", "off", "--name", "Harbour")


@pytest.fixture
def open_as(tmux: Tmux, harbour: ServerProcess, tmp_path: Path) -> Open:
    """`open_as("alice", width=…, height=…)`: a terminal in which alice is signed in, in the lobby."""

    def opened(user: str, *words: str, **more: object) -> Terminal:
        home = tmp_path / user
        return tmux.open(f"127.0.0.1:{harbour.port}", "--user", user, *words, home=home, **more)  # type: ignore[arg-type] # measures are numbers

    return opened


@pytest.fixture
async def peer_as(harbour: ServerProcess) -> AsyncIterator[PeerAs]:
    """`await peer_as("bob")`: somebody without a terminal."""
    peers: list[Peer] = []

    async def signed_in(user: str, **fields: object) -> Peer:
        peers.append(await Peer.sign_in(harbour.port, user, **fields))
        return peers[-1]

    yield signed_in
    await close_all(*peers)
