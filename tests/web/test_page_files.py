"""Files at the page: by the button, pasted, dropped; their way, their pictures, saving them."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Route

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.browser import BOX, Visitor, expect, script
from tests.web.conftest import Visit
from tests.web.scene import dusk

pytestmark = pytest.mark.asyncio(loop_scope="session")

GIVE = script("give")


async def give(visitor: Visitor, kind: str, name: str, mime: str, data: bytes) -> None:
    await visitor.run(GIVE, {"kind": kind, "name": name, "type": mime, "data": base64.b64encode(data).decode()})


async def choose(visitor: Visitor, *files: tuple[str, str, bytes]) -> None:
    async with visitor.page.expect_file_chooser() as chooser:
        await visitor.page.get_by_role("button", name="Attach files").click()
    await (await chooser.value).set_files(
        [{"name": name, "mimeType": mime, "buffer": data} for name, mime, data in files]
    )


async def test_a_picture_goes_from_one_to_the_other_and_into_the_viewer(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await choose(alice, ("dusk.png", "image/png", dusk()))
    await expect(alice.page.locator(".attached.seen img")).to_be_visible()
    await alice.say("From the hill")
    for visitor in (alice, bob):
        shown = visitor.message("From the hill").get_by_role("button", name="Picture dusk.png, ")
        await expect(shown.locator("img")).to_be_visible()
        box = await shown.bounding_box()
        assert box is not None and (box["width"], box["height"]) == (320, 160)
    await bob.message("From the hill").get_by_role("button", name="Picture").click()
    viewer = bob.page.locator(".viewer")
    await expect(viewer).to_contain_text("dusk.png, 640 × 320")
    await expect(viewer.locator(".stage img")).to_have_attribute("src", re.compile("^blob:"))
    await bob.page.keyboard.press("+")
    await expect(viewer.locator(".zoom")).to_have_text("125 %")
    await bob.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(bob.message("From the hill").get_by_role("button", name="Picture")).to_be_focused()


async def test_files_are_pasted_dropped_saved_and_taken_away(visit: Visit, tmp_path: Path) -> None:
    carol = await visit("carol")
    await give(carol, "paste", "notes.txt", "text/plain", b"plums, beans")
    await give(carol, "drop", "more.csv", "text/csv", b"a,b\n1,2\n")
    await expect(carol.page.locator(".attached")).to_have_count(2)
    await expect(carol.page.locator(".attached.done")).to_have_count(2)
    await carol.page.get_by_role("button", name="Take notes.txt away").click()
    await carol.say("")
    await expect(carol.page.locator("article .filename")).to_have_text("more.csv")
    async with carol.page.expect_download() as saved:
        await carol.page.get_by_role("button", name="Save more.csv").click()
    target = tmp_path / "more.csv"
    await (await saved.value).save_as(target)
    assert target.read_bytes() == b"a,b\n1,2\n"
    assert (await saved.value).suggested_filename == "more.csv"


async def test_seven_pictures_stand_in_a_grid(visit: Visit) -> None:
    dave = await visit("dave")
    await dave.make("walk")
    await choose(dave, *((f"{n}.png", "image/png", dusk(200 + n, 100)) for n in range(7)))
    await expect(dave.page.locator(".attached.seen")).to_have_count(7)
    await dave.say("Seven from the walk")
    await expect(dave.message("Seven from the walk").locator(".grid .picture")).to_have_count(4)
    await expect(dave.message("Seven from the walk").locator(".moreover")).to_have_text("+3")
    await dave.message("Seven from the walk").locator(".picture").nth(1).click()
    await expect(dave.page.locator(".thumb")).to_have_count(7)
    await expect(dave.page.locator(".viewer")).to_contain_text("2 of 7")
    await dave.page.keyboard.press("ArrowRight")
    await expect(dave.page.locator(".viewer")).to_contain_text("3 of 7")


async def test_sending_waits_for_what_is_on_its_way_and_an_upload_can_be_cancelled(visit: Visit) -> None:
    erin = await visit("erin")
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await erin.page.route("**/files?*", hold)
    await choose(erin, ("slow.bin", "application/octet-stream", b"x" * 50_000))
    await expect(erin.page.get_by_role("progressbar", name="slow.bin on its way")).to_be_visible()
    await erin.say("with a file")
    await expect(erin.page.locator(".composer [role=alert]")).to_have_text("One file is still on its way.")
    await erin.page.get_by_role("button", name="Take slow.bin away").click()
    await expect(erin.page.locator(".attached")).to_have_count(0)
    await erin.say("without one")
    await erin.stored("without one")
    for route in held:
        await route.abort()


async def test_an_upload_that_broke_off_goes_on_where_it_stopped(visit: Visit, harbour: ServerProcess) -> None:
    frank = await visit("frank")
    frank.expected("ERR_FAILED|Failed to load resource")
    seen: list[str] = []

    async def first_half(route: Route) -> None:
        """The first request brings half of the file to the server, and then the connection breaks."""
        seen.append(route.request.url)
        if len(seen) > 1:
            await route.continue_()
            return
        data = route.request.post_data_buffer or b""
        await route.fetch(
            post_data=data[: len(data) // 2], headers={**route.request.headers, "content-length": str(len(data) // 2)}
        )
        await route.abort()

    await frank.page.route("**/files?*", first_half)
    await choose(frank, ("long.bin", "application/octet-stream", bytes(range(256)) * 400))
    await expect(frank.page.locator(".attached.done")).to_have_count(1)
    assert "offset=0" in seen[0] and "offset=51200" in seen[1]
    await frank.say("all of it")
    await frank.stored("all of it")
    peer = await Peer.sign_in(harbour.port, "grace")
    page = await peer.ask(type="history", room="lobby", limit=5)
    (message,) = [entry for entry in page["messages"] if entry.get("text") == "all of it"]
    assert message["files"][0]["size"] == 102_400
    await peer.close()


async def test_what_is_too_large_is_said_before_it_is_sent(
    start_server: Callable[..., ServerProcess], visit: Visit
) -> None:
    server = start_server("--limits", "off", "--max-file", "1")
    heidi = await visit("heidi", port=server.port, watched=True)
    await give(heidi, "drop", "big.bin", "application/octet-stream", b"x" * (1_200_000))
    await expect(heidi.page.locator(".composer [role=alert]")).to_contain_text(
        "1.1 MB is too large, the limit here is 1 MB."
    )
    await expect(heidi.page.locator(".attached")).to_have_count(0)
    assert heidi.asked and not [url for url in heidi.asked if "/files?" in url]
    await expect(heidi.page.locator(BOX)).to_be_focused()


async def test_a_picture_that_is_gone_says_so(visit: Visit) -> None:
    ivan = await visit("ivan")
    ivan.expected("Failed to load resource")

    async def gone(route: Route) -> None:
        await route.fulfill(status=404)

    await ivan.page.route(re.compile("/files/[0-9a-f]{64}"), gone)
    await choose(ivan, ("dusk.png", "image/png", dusk(700, 400)))
    await expect(ivan.page.locator(".attached.seen")).to_have_count(1)
    await ivan.say("look")
    await expect(ivan.message("look").locator(".picture")).to_contain_text("This picture did not arrive")
