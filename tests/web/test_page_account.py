"""One's own account at the page, by keyboard: name and picture, a password, devices, who sees how far one has read."""

import re

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.browser import Visitor, clean, expect
from tests.web.conftest import Visit
from tests.web.scene import dusk

pytestmark = pytest.mark.asyncio(loop_scope="session")
SECRET = "a long pass phrase"


async def choose(visitor: Visitor, item: str) -> None:
    """An item of one's own menu, by its first letters."""
    keys = visitor.page.keyboard
    await visitor.page.locator(".self").focus()
    await keys.press("Enter")
    wanted = visitor.page.get_by_role("menuitem", name=item)
    for _ in range(20):
        if await wanted.evaluate("(element) => element === document.activeElement"):
            break
        await keys.press("ArrowDown")
    await keys.press("Enter")


async def test_devices_are_listed_and_signed_out(visit: Visit, harbour: ServerProcess) -> None:
    alice = await visit("alice")
    page, keys = alice.page, alice.page.keyboard
    await choose(alice, "Set a password")
    await keys.type(SECRET)
    await keys.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    desk = await Peer.sign_in(harbour.port, "alice", "f00d" * 10, password=SECRET, client="desk under the stairs")

    await choose(alice, "Devices and privacy")
    devices = page.get_by_role("list", name="Devices").get_by_role("listitem")
    await expect(devices).to_have_count(2)
    await expect(devices.first).to_contain_text("This one")
    await expect(devices.first).to_contain_text("Here now")
    await expect(devices.last).to_have_text(re.compile("^Desk under the stairs *Here now, from 127.0.0.1 *Sign out"))
    await clean(alice, "devices", "dialog")
    await keys.press("Tab")
    await expect(page.get_by_role("button", name="Sign out of Desk under the stairs")).to_be_focused()
    await keys.press("Enter")
    await expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    await keys.press("Enter")
    await expect(devices).to_have_count(2)
    await page.get_by_role("button", name="Sign out of Desk").focus()
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.press("Enter")
    await desk.until("goodbye")
    await expect(devices).to_have_count(1)
    await keys.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await desk.close()
    again = await Peer.connect(harbour.port)
    await again.send(type="hello", protocol=1, user="alice", token="f00d" * 10)
    await again.until("error", code="bad_credentials")
    await again.close()


async def test_who_hides_how_far_they_read_sees_nobody_elses(visit: Visit, harbour: ServerProcess) -> None:
    carol = await visit("carol")
    dave = await Peer.sign_in(harbour.port, "dave")
    await carol.say("/msg dave is the rake with you?")
    await carol.stored("is the rake with you?")
    await dave.until("message", text="is the rake with you?")
    await dave.send(type="read", room="@carol", seq=1_000_000)
    await expect(carol.page.locator(".seen")).to_have_text("Seen")

    await choose(carol, "Devices and privacy")
    switch = carol.page.get_by_role("switch", name="How far I have read")
    await expect(switch).to_be_focused()
    await expect(switch).to_be_checked()
    await carol.page.keyboard.press("Space")
    await expect(carol.page.locator(".seen")).to_have_count(0)
    await carol.page.keyboard.press("Escape")
    hidden = await dave.change("post", "@carol", text="behind the door")
    await carol.sees("behind the door")
    await dave.ask(type="ping")
    assert not [line for line in dave.seen if line["type"] == "read" and line["seq"] >= hidden["seq"]]
    await carol.page.reload()
    await carol.sees("behind the door")
    await expect(carol.page.locator(".seen")).to_have_count(0)
    await choose(carol, "Devices and privacy")
    await expect(switch).not_to_be_checked()
    await carol.page.keyboard.press("Space")
    await expect(carol.page.get_by_role("list", name="Devices")).to_contain_text("This one")
    await carol.page.keyboard.press("Escape")
    await dave.send(type="read", room="@carol", seq=1_000_001)
    await expect(carol.page.locator(".seen")).to_have_text("Seen")
    await dave.close()


async def test_others_see_the_name_and_the_picture(visit: Visit) -> None:
    erin, frank = await visit("erin"), await visit("frank")
    await erin.say("good morning")
    await frank.sees("good morning")
    await choose(erin, "What others call you")
    await erin.page.keyboard.type("Erin of the hill")
    await erin.page.keyboard.press("Enter")
    await expect(frank.message("good morning").locator(".name")).to_have_text("Erin of the hill")
    await expect(erin.page.locator(".self")).to_contain_text("Erin of the hill")
    async with erin.page.expect_file_chooser() as chooser:
        await choose(erin, "Set a picture")
    await (await chooser.value).set_files([{"name": "me.png", "mimeType": "image/png", "buffer": dusk(64, 64)}])
    await expect(frank.message("good morning").locator(".avatar img[src^=blob]")).to_have_count(1)
    await expect(erin.page.locator(".self .avatar img[src^=blob]")).to_have_count(1)
