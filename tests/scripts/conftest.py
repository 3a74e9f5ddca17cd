"""Shells at one server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes import ServerProcess
from tests.scripts.shell import Shell


@pytest.fixture(scope="module")
def standing_alice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """alice's shell at a server of the whole module, where she said hello: for what leaves nothing behind."""
    folder = tmp_path_factory.mktemp("standing")
    server = ServerProcess(folder / "history", ("--limits", "off"))
    server.start()
    shell = Shell(folder / "homes", server.port, "alice")
    shell.do("send", "lobby", "hello")
    yield shell
    server.kill()


@pytest.fixture
def shell(server: ServerProcess, tmp_path: Path) -> Callable[[str], Shell]:
    """`shell("alice")` is hers, with a folder of its own."""
    return lambda user: Shell(tmp_path / "homes", server.port, user)


@pytest.fixture
def alice(shell: Callable[[str], Shell]) -> Shell:
    return shell("alice")


@pytest.fixture
def bob(shell: Callable[[str], Shell]) -> Shell:
    return shell("bob")
