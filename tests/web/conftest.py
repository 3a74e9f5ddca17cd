"""One Chromium for all tests of the page, a server for each module, and pages that may not complain."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.nursery import ForkedServer, Nursery
from tests.processes import ServerProcess, missing
from tests.web.browser import Visitor

CHROMIUM = shutil.which("chromium")
Visit = Callable[..., Awaitable[Visitor]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.web)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a window."""
    if CHROMIUM is None:
        missing("tests of the page need Chromium: apt-get install chromium")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield found
        await found.close()


@pytest.fixture(scope="module")
def harbour(nursery: Nursery | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the tests of a module. It must never raise."""
    yield from harbour_at(tmp_path_factory.mktemp("harbour"), nursery)


def harbour_at(data: Path, nursery: Nursery | None) -> Iterator[ServerProcess]:
    """A server over this folder, until it is no longer wanted."""
    flags = ("--limits", "off", "--name", "Harbour")
    server = ServerProcess(data, flags) if nursery is None else ForkedServer(nursery, data, flags)
    server.start()
    yield server
    if server.running:
        server.stop()
    assert "Traceback" not in "".join(server.output), "".join(server.output)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, harbour: ServerProcess) -> AsyncIterator[Visit]:
    """`visit(name)`: somebody in a browser of their own, signed in; `visit()`: at the sign-in page.

    What a page wrote to its console as an error, and what it raised, fails the test, save what it `expected`."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    async def enter(
        name: str = "", *, token: str = "", port: int = 0, room: str = "", watched: bool = False, **about: object
    ) -> Visitor:
        context = await browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "no-preference"} | about
        )  # type: ignore[arg-type]  # what a context takes is for Playwright to check
        context.set_default_timeout(10_000)
        contexts.append(context)
        page: Page = await context.new_page()
        visitor = Visitor(page, port or harbour.port, watched)
        visitors.append(visitor)
        await visitor.begin(name, token, room)
        return visitor

    yield enter
    for context in contexts:
        await context.close()
    told = [line for visitor in visitors for line in visitor.complaints]
    assert not told, "\n".join(told)
