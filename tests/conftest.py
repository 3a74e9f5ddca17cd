"""What every test stands on: nothing may leak, a free port, a screen of its own, and a real server process.

A test that leaves a task, a thread or a process behind fails, even where everything it asserted holds. Window tests
(`@pytest.mark.desktop`) get an Xvfb of their own, so that they never touch the developer's screen.
"""

import asyncio
import functools
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

import tests.nursery
from tests.nursery import ForkedServer, Nursery
from tests.processes import NewServer, ServerProcess, missing
from tools.display import private_display


def pytest_configure() -> None:
    """A shell starts what it runs in the background with Ctrl+C ignored, which every process below would inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


# --- nothing leaks --------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail the asynchronous test that leaves a task running. Tasks of its fixtures are theirs to end."""
    if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
        item.obj = _without_leaked_tasks(item.obj)
    return (yield)


def _without_leaked_tasks(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def guarded(*args: object, **kwargs: object) -> None:
        before = asyncio.all_tasks()
        await test(*args, **kwargs)
        left = asyncio.all_tasks() - before
        if left:
            _, left = await asyncio.wait(left, timeout=0.5)
        if left:
            pytest.fail("The test left tasks running: " + ", ".join(sorted(repr(task.get_coro()) for task in left)))

    return guarded


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail the test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 2
    for thread in set(threading.enumerate()) - before:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    if left:
        pytest.fail("The test left threads running: " + ", ".join(sorted(left)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts a server of its own, which is left out of `make test-quick`; who shares `standing` is not."""
    for item in items:
        names = set(item.fixturenames) if isinstance(item, pytest.Function) else set()
        if {"server", "start_server"} & names or ("new_server" in names and "standing" not in names):
            item.add_marker(pytest.mark.process)


# --- the screen -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def own_screen(request: pytest.FixtureRequest) -> None:
    """Give every window test the session's Xvfb."""
    if request.node.get_closest_marker("desktop"):
        request.getfixturevalue("display")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a private X display (`:99`), also in `DISPLAY`. Elsewhere than on Linux: the real screen, ''."""
    if sys.platform != "linux":
        yield ""
        return
    if not shutil.which("Xvfb"):
        missing("window tests need Xvfb: apt-get install xvfb")
    with private_display(1280, 900) as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", name)
        yield name


# --- ports and processes --------------------------------------------------------------------------------------


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    """Where most servers are forked."""
    with tests.nursery.nursery() as made:
        yield made


@pytest.fixture(scope="session")
def new_server(nursery: Nursery | None) -> NewServer:
    """Makes a server of a folder and flags. Tests of how one starts and ends have it started from nothing instead."""
    return ServerProcess if nursery is None else functools.partial(ForkedServer, nursery)


@pytest.fixture
def start_server(new_server: NewServer, tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """`start_server(*flags, data=None)`: as many servers as a test wants; all are ended with it."""
    started: list[ServerProcess] = []

    def start(*flags: str, data: Path | None = None) -> ServerProcess:
        server = new_server(data or tmp_path / f"history{len(started) or ''}", flags)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        if server.running:
            server.stop()


@pytest.fixture
def server(start_server: Callable[..., ServerProcess]) -> ServerProcess:
    """One server without rate limits, on a free port and an empty folder."""
    return start_server("--limits", "off")
