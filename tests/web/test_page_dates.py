"""Going to a day of a long conversation, by keyboard and by its separators."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.processes import ROOT, NewServer, ServerProcess, standing
from tests.web.browser import BOX, Visitor, clean, expect
from tests.web.conftest import HARBOUR, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG_AGO, LAST = date.today() - timedelta(days=40), date.today() - timedelta(days=3)


@pytest.fixture(scope="module")
def harbour(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose room shed was spoken in on two days: three messages, then 300."""
    data = tmp_path_factory.mktemp("harbour")
    lines = [f"bob|{LONG_AGO}|09:{minute:02} AM|early {minute}" for minute in range(3)]
    lines += [f"bob|{LAST}|{1 + number // 60:02}:{number % 60:02} PM|late {number}" for number in range(300)]
    source = data / "before.txt"
    source.write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "chatserver", "import", "--room", "shed", "--data", str(data), str(source)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with standing(new_server(data, HARBOUR)) as server:
        yield server


async def write(visitor: Visitor, day: date) -> None:
    """Into the field, from its first part on."""
    for _ in range(2):
        await visitor.page.keyboard.press("ArrowLeft")
    await visitor.page.keyboard.type(day.strftime("%m%d%Y"))


async def test_a_day_is_typed_and_shown(visit: Visit) -> None:
    alice = await visit("alice", locale="en-US")
    page, keys = alice.page, alice.page.keyboard
    await alice.say("/join shed")
    await alice.sees("late 299")
    await page.locator(BOX).focus()
    await keys.press("Control+g")
    field = page.get_by_label("Day")
    await expect(field).to_be_focused()
    said = page.get_by_role("dialog").get_by_role("status")
    await expect(field).to_have_value(LAST.isoformat())
    await expect(said).to_contain_text(": 300 messages")
    await clean(alice, "going to a date", "dialog")
    await write(alice, LONG_AGO)
    await expect(said).to_contain_text(": 3 messages")
    await expect(field).to_have_value(LONG_AGO.isoformat())
    await keys.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await alice.sees("early 0")
    await expect(page.locator(".day").first).to_be_in_viewport()

    # What is between the two days is not there; from here the next one is gone to.
    await page.locator(".day button").first.click()
    await expect(page.get_by_label("Day")).to_have_value(LONG_AGO.isoformat())
    between = LONG_AGO + timedelta(days=9)
    await write(alice, between)
    await expect(said).to_have_text("Nothing was said on that day. What came next is shown.")
    await keys.press("Enter")
    await alice.sees("late 0")
    await expect(alice.message("late 0").first).to_be_focused()

    await keys.press("End")
    await alice.sees("late 299")
    await keys.press("Control+g")
    await expect(page.get_by_label("Day")).to_have_value(LAST.isoformat())
    await page.get_by_role("button", name="First message").focus()
    await keys.press("Enter")
    await expect(page.get_by_label("Day")).to_have_value(LONG_AGO.isoformat())
    await keys.press("Enter")
    await alice.sees("early 0")


async def test_a_conversation_in_which_nothing_was_said_has_no_days(visit: Visit) -> None:
    bob = await visit("dave")
    await bob.make("empty-shed")
    await bob.page.get_by_role("button", name="Members").click()
    await bob.page.keyboard.press("Escape")
    await expect(bob.page.get_by_role("heading", name="This is the first line of empty-shed")).to_be_visible()
    await expect(bob.page.locator(".empty")).to_contain_text("You made the room today at ")
    await bob.page.locator(".empty").get_by_role("button", name="Set a topic").focus()
    await bob.page.keyboard.press("Enter")
    await bob.page.keyboard.type("Nothing in it")
    await bob.page.keyboard.press("Enter")
    await expect(bob.page.locator(".topic")).to_have_text("Nothing in it")
    await expect(bob.page.locator(".empty").get_by_role("button", name="Set a topic")).to_have_count(0)
    await clean(bob, "an empty room")
    await bob.say("now there is")
    await bob.stored("now there is")
    await expect(bob.page.locator(".empty")).to_be_hidden()
