"""Shells at one server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import ServerProcess
from tests.scripts.shell import Shell


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
