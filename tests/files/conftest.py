"""A server for files of up to 8 MiB, and people who speak HTTP to it."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.files.caller import Caller
from tests.processes import NewServer, ServerProcess, standing

Enter = Callable[..., Awaitable[Caller]]
_count = itertools.count(1)


@pytest.fixture(scope="session")
def harbour(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the tests that leave nothing behind that another could trip over."""
    with standing(new_server(tmp_path_factory.mktemp("harbour"), ("--limits", "off", "--max-file", "8"))) as server:
        yield server


@pytest.fixture
async def enter(harbour: ServerProcess) -> AsyncIterator[Enter]:
    """`await enter("alice")`: signed in at the harbour; all are closed with the test."""
    people: list[Caller] = []

    async def sign_in(user: str, device: str = "") -> Caller:
        people.append(await Caller.sign_in(harbour.port, user, device))
        return people[-1]

    yield sign_in
    for person in people:
        await person.close()


@pytest.fixture
async def call_at() -> AsyncIterator[Callable[..., Awaitable[Caller]]]:
    """As `enter`, at any server: `await call_at(server, "alice")`."""
    people: list[Caller] = []

    async def sign_in(server: ServerProcess, user: str, device: str = "") -> Caller:
        people.append(await Caller.sign_in(server.port, user, device))
        return people[-1]

    yield sign_in
    for person in people:
        await person.close()


@pytest.fixture
def fresh() -> str:
    """A name that no other test uses, for a room or an upload."""
    return f"fresh-{next(_count)}"
