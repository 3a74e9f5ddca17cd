"""Ways through the page: signing in and out, jumping to old messages, a phone, light and dark, notifications."""

import re
from collections.abc import Callable

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.browser import BOX, Visitor, expect, script
from tests.web.conftest import Visit
from tests.web.scene import say_all, token

pytestmark = pytest.mark.asyncio(loop_scope="session")
Start = Callable[..., ServerProcess]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def test_a_password_a_wrong_one_and_signing_out(visit: Visit) -> None:
    alice = await visit("alice")
    page = alice.page
    await page.locator(".self").click()
    await page.get_by_role("menuitem", name="Set a password").click()
    await page.get_by_label("New", exact=True).fill("short")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("at least 10 characters")
    await page.get_by_label("New", exact=True).fill("a long pass phrase")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    other = await visit()
    await other.sign_in("alice")
    await expect(other.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    await expect(other.page.get_by_label("Password")).to_be_focused()
    await other.page.keyboard.type("a wrong pass phrase")
    await other.page.keyboard.press("Enter")
    await expect(other.page.get_by_role("alert").filter(has_text="That password does not open alice")).to_be_visible()
    await other.page.get_by_label("Password").fill("a long pass phrase")
    await other.page.keyboard.press("Enter")
    await expect(other.page.locator("header h2")).to_have_text("lobby")
    assert await other.run("Object.values(localStorage).some((value) => value.includes('pass phrase'))") is False

    await other.page.locator(".self").click()
    await other.page.get_by_role("menuitem", name="Sign out").click()
    async with other.page.expect_navigation():
        await other.page.get_by_role("button", name="Sign out").click()
    await expect(other.page.get_by_label("Your name")).to_be_visible()
    assert await other.run("localStorage.getItem('parley:who')") is None
    await alice.say("still here")
    await alice.stored("still here")


async def test_a_taken_name_and_an_invitation(start_server: Start, visit: Visit) -> None:
    server = start_server("--limits", "off", "--access", "invite", "--name", "Harbour")
    code = (server.data / "owner-invitation.txt").read_text().strip()
    owner = await visit(port=server.port)
    await owner.sign_in("olivia")
    await expect(owner.page.get_by_role("alert").filter(has_text="needs an invitation")).to_be_visible()
    await owner.page.get_by_label("Invitation").fill(f"chat://127.0.0.1:{server.port}/?invite={code}")
    await owner.page.keyboard.press("Enter")
    await expect(owner.page.locator("header h2")).to_have_text("lobby")
    await owner.make("harbour-walk")
    await owner.page.get_by_role("button", name="Members").click()
    await owner.page.locator(".panel").get_by_role("button", name="Invite people").click()
    await owner.page.get_by_role("button", name="Make a link").click()
    shown = owner.page.get_by_label("Link", exact=True)
    await expect(shown).to_have_value(re.compile("^" + re.escape(owner.url) + "#invite="))
    link = await shown.input_value()
    guest = await visit(port=server.port)
    await guest.page.goto(link)
    await guest.page.reload()
    await expect(guest.page.get_by_role("heading", name="You are invited")).to_be_visible()
    await guest.page.get_by_label("Your name").fill("olivia")
    await guest.page.keyboard.press("Enter")
    await expect(guest.page.get_by_role("alert").filter(has_text="olivia belongs to somebody")).to_be_visible()
    await guest.page.get_by_label("Your name").fill("peggy")
    await guest.page.keyboard.press("Enter")
    await expect(guest.page.get_by_role("button", name="harbour-walk")).to_be_visible()


async def test_a_device_that_was_signed_out_elsewhere_says_so(visit: Visit, harbour: ServerProcess) -> None:
    carol = await visit("carol")
    await carol.say("/nick Carol of the hills")
    known = await carol.run("JSON.parse(localStorage.getItem('parley:who')).token")
    peer = await Peer.sign_in(harbour.port, "carol", known)
    await peer.send(type="sign_out", session=peer.welcome["session"])
    await expect(carol.page.get_by_role("alert").first).to_contain_text("signed out")
    await expect(carol.page.get_by_label("Your name")).to_have_value("")
    assert await carol.run("localStorage.getItem('parley:who')") is None
    await peer.close()


async def long_room(port: int, name: str, count: int) -> tuple[Peer, list[int]]:
    peer = await Peer.sign_in(port, "dave")
    await peer.change("create", name)
    return peer, await say_all(peer, name, [f"entry {number} of the log" for number in range(count)])


async def test_from_a_quote_and_from_a_search_to_the_original_and_back(visit: Visit, harbour: ServerProcess) -> None:
    dave, seqs = await long_room(harbour.port, "log", 400)
    await dave.change("post", "log", text="as I said", reply_to=seqs[3])
    erin = await visit("erin")
    await erin.say("/join log")
    await erin.sees("as I said")
    await expect(erin.message("as I said").locator(".quote")).to_contain_text("entry 3 of the log")
    await erin.message("as I said").get_by_role("button", name="In answer to dave").click()
    original = erin.message("entry 3 of the log").first
    await expect(original).to_be_focused()
    await expect(original).to_have_class(re.compile("ring"))
    await expect(original).not_to_have_class(re.compile("ring"))
    await dave.change("post", "log", text="meanwhile")
    await expect(erin.page.locator(".floating")).to_be_visible()
    await erin.page.locator(".floating").click()
    await erin.sees("meanwhile")

    await erin.page.keyboard.press("Control+f")
    await erin.page.keyboard.type("entry 200 of")
    await erin.page.locator(".hit").click()
    await expect(erin.message("entry 200 of the log")).to_be_focused()
    # From there on to the end by reading down, without a hole and without a jump.
    for _ in range(60):
        await erin.page.keyboard.press("ArrowDown")
    await expect(erin.message("entry 260 of the log")).to_be_focused()
    await erin.page.locator(".scroller").focus()
    seen = await erin.run(script("read_down"))
    assert seen == 140
    await erin.sees("meanwhile")
    await dave.close()


async def test_a_link_to_a_message_leads_there(visit: Visit, harbour: ServerProcess) -> None:
    frank = await visit("frank")
    peer, seqs = await long_room(harbour.port, "path", 80)
    await peer.change(
        "post",
        "lobby",
        text=f"see chat://127.0.0.1:{harbour.port}/path?message={seqs[2]} and chat://elsewhere.example/x",
    )
    await frank.say("/join path")
    await expect(frank.page.locator("header h2")).to_have_text("path")
    await frank.open("lobby")
    await frank.page.locator("article a").first.click()
    await expect(frank.message("entry 2 of the log").first).to_be_focused()
    await peer.close()


async def test_rooms_or_conversation_on_a_phone(visit: Visit, harbour: ServerProcess) -> None:
    peer = await Peer.sign_in(harbour.port, "grace")
    await peer.change("create", "yard")
    known = await Peer.sign_in(harbour.port, "heidi", token("heidi"))
    await known.change("join", "yard")
    await peer.change("post", "yard", text="first of all")
    await peer.change("post", "@heidi", text="psst")
    phone = await visit("heidi", token=token("heidi"), **PHONE)
    page = phone.page
    await expect(page.locator(".composer")).to_be_hidden()
    for target in ("[data-key=yard] button", ".side-top .ib", ".foot .ib", ".jump", "[data-key='@grace,heidi'] button"):
        box = await page.locator(target).bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44, target
    await page.locator("[data-key=yard] button").tap()
    await phone.sees("first of all")
    await expect(page.locator("nav.side")).to_be_hidden()
    await expect(page.get_by_role("button", name="1 Back to the rooms")).to_be_visible()
    for target in (".head .back", ".head .find", ".sd", ".attach"):
        box = await page.locator(target).bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44, target
    assert await phone.run("parseFloat(getComputedStyle(document.querySelector('textarea.tx')).fontSize)") >= 16
    assert await phone.run("document.documentElement.scrollWidth") <= 390
    await page.locator("article .bubble", has_text="first of all").tap()
    await page.get_by_role("menuitem", name="Reply").tap()
    await page.locator(BOX).fill("answered from a phone")
    await page.locator(".sd").tap()
    await phone.stored("answered from a phone")
    await page.get_by_role("button", name="Back to the rooms").tap()
    await expect(page.locator("nav.side")).to_be_visible()
    await page.locator("[data-key=yard] button").tap()
    await page.get_by_role("button", name="Search").tap()
    await page.get_by_label("Search messages").fill("first")
    await page.locator(".hit").tap()
    await expect(phone.message("first of all").first).to_be_visible()
    await peer.close()
    await known.close()


async def ground(visitor: Visitor) -> str:
    found: str = await visitor.run("getComputedStyle(document.body).backgroundColor")
    return found


async def test_light_and_dark_by_the_system_and_by_the_switch(visit: Visit) -> None:
    light, dark = "rgb(255, 255, 255)", "rgb(27, 27, 33)"
    ivan = await visit("ivan", color_scheme="dark")
    assert await ground(ivan) == dark
    await ivan.page.emulate_media(color_scheme="light")
    assert await ground(ivan) == light
    await ivan.page.get_by_role("button", name="Dark appearance").click()
    assert await ground(ivan) == dark
    await ivan.page.reload()
    await expect(ivan.page.get_by_role("button", name="Light appearance")).to_be_visible()
    assert await ground(ivan) == dark
    await ivan.page.locator(".self").click()
    await ivan.page.get_by_role("menuitemradio", name="As the system").click()
    assert await ground(ivan) == light


async def test_notifications_are_asked_for_by_a_click_and_shown_when_one_looks_elsewhere(
    visit: Visit, harbour: ServerProcess
) -> None:
    judy = await visit("judy")
    page = judy.page
    await judy.run(script("notifications"))
    peer = await Peer.sign_in(harbour.port, "kim")
    await peer.change("post", "lobby", text="@judy are you there?")
    await judy.sees("are you there?")
    assert await judy.run("[window.shown.length, window.requested]") == [0, None]
    await page.locator(".self").click()
    await page.get_by_role("menuitem", name="Notify me of mentions").click()
    await expect(page.locator("[role=status]", has_text="You will be notified")).to_have_count(1)
    await peer.change("post", "lobby", text="@judy I mean **you**")
    await peer.change("post", "lobby", text="nobody in particular")
    await peer.change("post", "@judy", text="psst")
    await judy.until("window.shown.length >= 2")
    assert await judy.run("window.shown") == [["kim in lobby", "kim: @judy I mean you"], ["kim", "kim: psst"]]
    await peer.close()
