"""The connection breaks, the server dies, the page is loaded again: nothing is lost and nothing stands twice."""

import json
import re
from collections.abc import Callable

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.browser import BOX, Visitor, expect, script
from tests.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
Start = Callable[..., ServerProcess]
CUT = script("cut")
TRY = "document.querySelector('.banner .bt')?.click()"
BROKEN = "WebSocket connection|ERR_CONNECTION|Failed to load resource"


def said(server: ServerProcess) -> list[str]:
    """The texts of all messages in the history, in their order."""
    lines = server.history.read_text("utf-8").splitlines()
    return [found[1] for line in lines if "\tmessage\t" in line and (found := re.search(r"\ttext=([^\t]*)", line))]


async def waiting(visitor: Visitor) -> int:
    found: int = await visitor.run("Object.keys(localStorage).filter((key) => key.startsWith('parley:out:')).length")
    return found


async def test_what_was_written_while_the_server_was_dead_goes_out_once(visit: Visit, start_server: Start) -> None:
    server = start_server("--limits", "off", "--name", "Harbour")
    alice = await visit("alice", port=server.port)
    alice.expected(BROKEN)
    await alice.say("before")
    await alice.stored("before")
    server.kill()
    await expect(alice.page.locator(".banner")).to_contain_text("Harbour does not answer.")
    for text in ("one", "two", "three"):
        await alice.say(text)
    await expect(alice.message("three").locator(".time")).to_contain_text("Waiting")
    await expect(alice.page.locator(BOX)).to_have_attribute("placeholder", "Message lobby, sent when Harbour is back")
    assert await waiting(alice) == 3
    server.start()
    await alice.run(TRY)
    for text in ("one", "two", "three"):
        await alice.stored(text)
    await expect(alice.page.locator(".banner")).to_be_hidden()
    assert said(server) == ["before", "one", "two", "three"]
    assert await waiting(alice) == 0
    assert await alice.texts() == ["before", "one", "two", "three"]


async def test_a_reload_in_between_keeps_what_waits(visit: Visit, start_server: Start) -> None:
    server = start_server("--limits", "off", "--name", "Harbour")
    alice = await visit("alice", port=server.port)
    alice.expected(BROKEN)
    await alice.say("before")
    await alice.stored("before")
    await alice.run(CUT)
    server.kill()
    await expect(alice.page.locator(".banner")).to_be_visible()
    await alice.say("written without a server")
    await alice.say("and another")
    server.start()
    assert said(server) == ["before"]
    await alice.page.reload()
    await alice.stored("written without a server")
    await alice.stored("and another")
    assert said(server) == ["before", "written without a server", "and another"]
    assert await waiting(alice) == 0


async def test_who_is_signed_in_and_has_no_connection_is_told_so(visit: Visit, harbour: ServerProcess) -> None:
    niaj = await visit("niaj")
    await niaj.page.route_web_socket("**/ws", lambda socket: socket.close())
    await niaj.page.reload()
    await expect(niaj.page.get_by_role("status")).to_contain_text("Trying again…")
    await niaj.page.unroute_all()
    again = Visitor(await niaj.page.context.new_page(), harbour.port)
    await again.begin("", "", "")
    await expect(again.page.locator("header h2")).to_have_text("lobby")


async def test_an_answer_that_was_lost_brings_no_second_message(visit: Visit, start_server: Start) -> None:
    """The server stores the message and dies before its `ok` arrives; the same id is sent again afterwards."""
    server = start_server("--limits", "off")
    alice = await visit("alice", port=server.port)
    alice.expected(BROKEN)
    await alice.say("before")
    await alice.stored("before")
    await alice.run(script("deaf"))
    await alice.say("only once")
    await alice.until("window.held.length >= 2")
    assert said(server) == ["before", "only once"]
    server.kill()
    await alice.run("window.hear()")
    server.start()
    await alice.stored("only once")
    assert said(server) == ["before", "only once"]
    assert (await alice.texts()).count("only once") == 1


async def test_two_tabs_send_what_waits_once(visit: Visit, start_server: Start) -> None:
    server = start_server("--limits", "off")
    alice = await visit("alice", port=server.port)
    alice.expected(BROKEN)
    await alice.say("before")
    await alice.stored("before")
    other = Visitor(await alice.page.context.new_page(), server.port)
    await other.begin("", "", "lobby")
    await other.sees("before")
    server.kill()
    await expect(alice.page.locator(".banner")).to_be_visible()
    await alice.say("from the first tab")
    await other.page.locator(BOX).wait_for()
    await other.say("from the second")
    server.start()
    for tab in (alice, other):
        await tab.stored("from the first tab")
        await tab.sees("from the second")
    assert sorted(said(server)) == ["before", "from the first tab", "from the second"]


async def test_a_gap_is_filled_and_what_was_missed_is_unread(visit: Visit, start_server: Start) -> None:
    server = start_server("--limits", "off")
    alice = await visit("alice", port=server.port)
    alice.expected(BROKEN)
    bob = await Peer.sign_in(server.port, "bob")
    await bob.change("create", "den")
    await alice.say("/join den")
    await expect(alice.page.locator("header h2")).to_have_text("den")
    await alice.open("lobby")
    await alice.run(CUT)
    server.kill()
    await bob.close()
    await expect(alice.page.locator(".banner")).to_be_visible()
    server.start()
    bob = await Peer.sign_in(server.port, "bob")
    for number in range(5):
        await bob.change("post", "den", text=f"missed {number}")
    await bob.change("post", "lobby", text="missed here")
    await alice.run("window.mend()")
    await alice.page.get_by_role("button", name="Try now").click()
    await alice.sees("missed here")
    await expect(alice.page.get_by_role("button", name="den, 5 unread")).to_be_visible()
    await bob.close()


async def test_a_refused_message_stays_and_can_be_retried(visit: Visit, start_server: Start) -> None:
    server = start_server("--limits", "off")
    alice = await visit("alice", port=server.port)
    bob = await Peer.sign_in(server.port, "bob")
    await bob.change("create", "den")
    await alice.say("/join den")
    await expect(alice.page.locator("header h2")).to_have_text("den")
    await bob.change("mute", "den", user="alice", minutes=10)
    await expect(alice.page.locator(BOX)).to_be_disabled()
    await expect(alice.page.locator(BOX)).to_have_attribute("placeholder", re.compile("You may not speak here until"))
    # What was on its way already when the server muted her:
    sent = {"type": "post", "room": "den", "text": "too late"}
    await alice.run(
        "async (change) => { localStorage.setItem('parley:out:alice:1000000000000000:late1', "
        "JSON.stringify({at: 1e15, change: {...change, id: 'late1'}})) }",
        sent,
    )
    await alice.page.reload()
    await alice.open("den")
    await expect(alice.message("too late")).to_contain_text("Not sent: ")
    await bob.change("mute", "den", user="alice", minutes=0)
    await expect(alice.page.locator(BOX)).to_be_enabled()
    await alice.message("too late").get_by_role("button", name="Retry").click()
    await alice.stored("too late")
    assert said(server) == ["too late"]
    assert (
        json.loads(await alice.run("JSON.stringify(Object.keys(localStorage).filter((k) => k.includes(':out:')))"))
        == []
    )
    await bob.close()
