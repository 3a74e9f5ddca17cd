"""A window, the page in Chromium, a terminal and a bot in one room, over a crash of the server: all agree at the end.

Each posts, edits and reacts, before and while the server is away. The conversation is compared with the file, read
without the product's folding. All see the same people come and go. Where nobody looked, unread messages and mentions
are the same at all four, and for a script under the same name.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.journeys.filed import folded
from tests.journeys.screen import Screen
from tests.journeys.ways import AsBot, AtPage, AtTerminal, AtWindow, Shown, Way, counts_at, until
from tests.processes import ServerProcess
from tests.scripts.shell import Shell
from tests.server.peer import Peer
from tests.terminal.tmux import Tmux
from tests.web.browser import Visitor

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]


@pytest.fixture
def harbour(start_server: Callable[..., ServerProcess]) -> ServerProcess:
    return start_server("--name", "Harbour", "--limits", "off")


@pytest.fixture
def at_window(screen: Screen, harbour: ServerProcess, tmp_path: Path) -> AtWindow:
    return AtWindow(screen.open(harbour.port, "alice", tmp_path / "alice"))


@pytest_asyncio.fixture(loop_scope="session")
async def at_page(browser: Browser, harbour: ServerProcess) -> AsyncIterator[AtPage]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    visitor = Visitor(await context.new_page(), harbour.port)
    visitor.expected("WebSocket connection|ERR_CONNECTION")
    await visitor.begin("bob", "", "")
    yield AtPage(visitor)
    await context.close()
    assert visitor.complaints == []


@pytest.fixture
def at_terminal(tmp_path: Path, harbour: ServerProcess) -> Iterator[AtTerminal]:
    tmux = Tmux(tmp_path)
    home = tmp_path / "carol"
    yield AtTerminal(tmux.open(f"127.0.0.1:{harbour.port}", "--user", "carol", home=home, width=100, height=50))
    tmux.close()


@pytest.fixture
def as_bot(tmp_path: Path, harbour: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[AsBot]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    bot = AsBot(harbour.port, "dave", tmp_path)
    yield bot
    bot.end()


def filed(server: ServerProcess) -> list[Shown]:
    """The conversation, as the file tells it."""
    said = folded(server.history).values()
    return [Shown(message.text, message.edited, message.counts) for message in said if message.room == "lobby"]


async def all_agree(ways: list[Way], server: ServerProcess, count: int) -> None:
    """Wait until each shows what stands in the file, which are so many messages."""
    await until(lambda: len(filed(server)) == count, f"{count} messages in the file")
    for way in ways:
        await until(lambda way=way: way.agrees(filed(server)), f"the file's conversation in {type(way).__name__}")


async def test_four_ways_in_over_a_crash(
    harbour: ServerProcess,
    at_window: AtWindow,
    at_page: AtPage,
    at_terminal: AtTerminal,
    as_bot: AsBot,
    tmp_path: Path,
) -> None:
    ways: list[Way] = [at_window, at_page, at_terminal, as_bot]
    await until(lambda: "Harbour" in at_window.window.title(), "the window's conversation")
    await until(lambda: at_terminal.terminal.shows("# lobby  4 members"), "the terminal's conversation")
    for room in ("garden", "shed"):
        as_bot.do(as_bot.chat.create(room))
        for name in ("alice", "bob", "carol"):
            as_bot.do(as_bot.chat.invite(room, name))

    at_terminal.terminal.press("F2")
    frank = await Peer.sign_in(harbour.port, "frank")
    here = {"alice", "bob", "carol", "dave"}
    for names in (here | {"frank"}, here):
        for way in ways:
            await until(lambda way=way, names=names: way.online(names), f"who is here in {type(way).__name__}")
        if "frank" in names:
            await frank.close()
    at_terminal.terminal.press("F2")

    for number, way in enumerate(ways, 1):
        await way.say(f"draft {number}")
        await all_agree(ways, harbour, number)
        await way.edit_last(f"point {number}")
        await until(lambda number=number: filed(harbour)[-1].text == f"point {number}", "the edit in the file")
    for number, way in enumerate(ways, 1):
        await way.react_to_newest()
        await until(lambda number=number: filed(harbour)[-1].counts == {"👍": number}, "the reaction in the file")
    await all_agree(ways, harbour, 4)
    assert filed(harbour) == [*(Shown(f"point {n}", True, {}) for n in (1, 2, 3)), Shown("point 4", True, {"👍": 4})]

    harbour.kill()
    before = filed(harbour)
    for way in ways:
        await way.alone()
    await at_window.edit_last("the first point, better")
    await at_page.say("said at the page while nobody listened")
    await at_terminal.react_to_newest()
    await at_terminal.say("said at the terminal while nobody listened")
    later = as_bot.begin(as_bot.chat.send("lobby", "said by the bot while nobody listened"))
    assert filed(harbour) == before, "the control: nothing can have come into the file"

    harbour.start()
    await at_page.page.locator(".banner button").click()
    later.result(60)
    await all_agree(ways, harbour, 7)
    after = filed(harbour)
    assert after[0] == Shown("the first point, better", True, {})
    assert after[3].counts == {"👍": 3}, "the same reaction once more takes it back"
    assert {message.text for message in after[4:]} == {
        f"said {where} while nobody listened" for where in ("at the page", "at the terminal", "by the bot")
    }

    erin = Shell(tmp_path, harbour.port, "erin")
    for text in ("The roses are in.", "So is the hedge.", "And the pond!"):
        erin.do("send", "garden", text)
    erin.do("send", "shed", "@room the rake is back")
    erin.do("send", "shed", "and the hose")
    for way in ways:
        where = type(way).__name__
        await until(lambda way=way: way.counts("garden", 3, 0), f"the garden's count in {where}")
        await until(lambda way=way: way.counts("shed", 2, 1), f"the shed's count in {where}")
    for name in ("alice", "carol"):
        assert counts_at(Shell(tmp_path, harbour.port, name), "garden") == (3, 0), "the same for a script of theirs"

    at_window.window.press("ctrl+k")
    at_window.window.type_only("garden")
    at_window.window.press("Return")
    await until(lambda: at_window.counts("garden", 0, 0), "the window to have read")
    alice = Shell(tmp_path, harbour.port, "alice")
    await until(lambda: counts_at(alice, "garden") == (0, 0), "what the window read to count as read everywhere")
    assert await at_page.counts("garden", 3, 0) and await at_terminal.counts("garden", 3, 0), "not for others"
    assert at_window.window.end() == 0
    assert at_terminal.terminal.complaints == ""
