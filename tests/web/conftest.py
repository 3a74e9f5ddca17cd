"""One Chromium for all tests of the page, a server for each module, and pages that may not complain."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.processes import NewServer, ServerProcess, missing, standing
from tests.web.browser import Visitor

CHROMIUM = shutil.which("chromium")
HARBOUR = ("--limits", "off", "--name", "Harbour")
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
def harbour(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the tests of a module."""
    with standing(new_server(tmp_path_factory.mktemp("harbour"), HARBOUR)) as server:
        yield server


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
