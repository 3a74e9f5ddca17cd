"""Talking at the page: two people in two browsers, and one who speaks lines, see the same."""

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.browser import BOX, expect
from tests.web.conftest import Visit
from tests.web.scene import say_all

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_people_talk_edit_react_answer_and_delete(visit: Visit) -> None:
    alice, bob = await visit("alice"), await visit("bob")
    await alice.make("plums")
    await bob.page.keyboard.press("Control+k")
    await bob.page.keyboard.type("plums")
    await bob.page.locator("[role=option]", has_text="Join").click()
    await expect(bob.page.locator("header h2")).to_have_text("plums")

    await alice.say("Are the **plums** ripe?")
    await alice.stored("Are the plums ripe?")
    await bob.sees("Are the plums ripe?")
    await expect(bob.message("plums ripe").locator("b")).to_have_text("plums")

    await bob.message("plums ripe").hover()
    await bob.page.get_by_role("button", name="React with 👍").click()
    pill = alice.message("plums ripe").get_by_role("button", name="👍 1, from bob")
    await expect(pill).to_be_visible()
    await pill.click()
    await expect(bob.message("plums ripe").get_by_role("button", name="👍 2, from bob and alice")).to_be_visible()

    await bob.message("plums ripe").hover()
    await bob.page.get_by_role("button", name="Reply").click()
    await bob.say("Nearly")
    await expect(alice.message("Nearly").locator(".quote")).to_contain_text("Are the plums ripe?")

    await alice.page.locator(BOX).press("ArrowUp")
    await expect(alice.page.get_by_text("Editing your message")).to_be_visible()
    await expect(alice.page.locator(BOX)).to_have_value("Are the **plums** ripe?")
    await alice.say("Are the pears ripe?")
    await expect(bob.message("Are the pears ripe?").first.locator(".time", has_text="edited")).to_have_count(1)
    await expect(alice.message("Nearly").locator(".quote")).to_contain_text("Are the pears ripe?")

    await alice.message("Are the pears").first.click(button="right")
    await alice.page.get_by_role("menuitem", name="Delete").click()
    await alice.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(bob.page.get_by_text("alice deleted a message")).to_be_visible()
    await expect(bob.message("Nearly").locator(".quote")).to_have_text("A deleted message")


async def test_unread_mentions_and_seen(visit: Visit, harbour: ServerProcess) -> None:
    carol = await visit("carol")
    dave = await Peer.sign_in(harbour.port, "dave")
    await dave.change("create", "shed")
    await carol.page.get_by_role("button", name="New room or message").click()
    await carol.page.get_by_role("menuitem", name="Join a room").click()
    await carol.page.keyboard.type("shed")
    await carol.page.keyboard.press("Enter")
    await expect(carol.page.locator("header h2")).to_have_text("shed")
    await carol.open("lobby")
    await dave.change("post", "shed", text="first")
    await dave.change("post", "shed", text="@carol where is the rake?")
    button = carol.page.get_by_role("button", name="shed, 2 unread, 1 for you")
    await expect(button).to_be_visible()
    await expect(carol.page).to_have_title("(1) lobby, Harbour")
    await button.click()
    await expect(carol.page.locator(".new")).to_be_visible()
    await expect(carol.page.get_by_role("button", name="shed", exact=True)).to_be_visible()
    await expect(carol.message("where is the rake").locator(".mention.you")).to_have_text("@carol")

    await carol.page.get_by_role("button", name="New room or message").click()
    await carol.page.get_by_role("menuitem", name="Message a person").click()
    await carol.page.get_by_label("Name").fill("dave")
    await carol.page.get_by_role("button", name="Write").click()
    await carol.say("Behind the door")
    await carol.stored("Behind the door")
    await dave.until("message", text="Behind the door")
    await dave.send(type="typing", room="@carol")
    await expect(carol.page.get_by_text("dave is typing")).to_be_visible()
    await dave.send(type="read", room="@carol", seq=1_000_000)
    await expect(carol.page.locator(".seen")).to_have_text("Seen")
    await dave.close()


async def test_presence_is_a_shape_and_a_word(visit: Visit, harbour: ServerProcess) -> None:
    erin = await visit("erin")
    frank = await Peer.sign_in(harbour.port, "frank")
    await erin.page.get_by_role("button", name="Members").click()
    member = erin.page.locator(".member", has_text="frank")
    await expect(member.locator(".presence.online")).to_be_visible()
    await frank.ask(type="status", state="busy", note="in the cellar")
    await expect(member).to_contain_text("in the cellar")
    await expect(member.locator(".presence.busy rect")).to_be_visible()
    await expect(member).to_have_accessible_name("frank , Busy in the cellar")
    await member.focus()
    await frank.close()
    await expect(member.locator(".presence.offline")).to_be_visible()
    await expect(member).to_be_focused()
    await erin.page.keyboard.press("Enter")
    await expect(erin.page.get_by_role("dialog", name="frank")).to_be_visible()
    frank = await Peer.sign_in(harbour.port, "frank")
    await expect(member.locator(".presence.busy")).to_be_visible()
    await erin.page.keyboard.press("Escape")
    await expect(member).to_be_focused()
    await frank.close()


async def test_a_room_that_is_scrolled_up_stays_where_it_is(visit: Visit, harbour: ServerProcess) -> None:
    grace = await visit("grace")
    await grace.make("well")
    peer = await Peer.sign_in(harbour.port, "heidi")
    await peer.change("join", "well")
    await say_all(peer, "well", [f"Bucket {i}\nof water" for i in range(60)])
    await grace.sees("Bucket 59")
    await grace.page.locator(".scroller").hover()
    await grace.page.mouse.wheel(0, -900)
    await expect(grace.page.get_by_role("button", name="To the newest message")).to_be_visible()
    anchor = "document.elementFromPoint(700, 400).closest('.entry').dataset.key"
    place = await grace.run(anchor)
    await peer.change("post", "well", text="Bucket 60")
    await expect(grace.page.get_by_role("button", name="1 new message")).to_be_visible()
    assert await grace.run(anchor) == place
    await grace.page.get_by_role("button", name="1 new message").click()
    await grace.sees("Bucket 60")
    await peer.close()


async def test_who_sees_the_end_stays_there(visit: Visit, harbour: ServerProcess) -> None:
    """Also who came to the line over what is new, where all of that fits."""
    kim = await visit("kim")
    await kim.make("mill")
    peer = await Peer.sign_in(harbour.port, "leo")
    await peer.change("join", "mill")
    await say_all(peer, "mill", [f"Sack {i}" for i in range(40)])
    await kim.sees("Sack 39")
    await kim.open("lobby")
    await peer.change("post", "mill", text="Sack 40")
    await expect(kim.page.get_by_role("button", name="mill, 1 unread")).to_be_visible()
    await kim.open("mill")
    await expect(kim.page.locator(".new")).to_be_visible()
    await kim.page.locator(BOX).fill("\n" * 6)
    await expect(kim.message("Sack 40")).to_be_in_viewport(ratio=1)
    await say_all(peer, "mill", [f"Sack {i}\nof\nflour" for i in range(41, 53)])
    await expect(kim.message("Sack 52")).to_be_in_viewport(ratio=1)
    await expect(kim.page.locator(".floating")).to_be_hidden()
    await peer.close()


async def test_slash_commands_and_refusals(visit: Visit) -> None:
    ivan = await visit("ivan")
    await ivan.make("hall")
    await ivan.say("/topic Boots go here")
    await expect(ivan.page.locator(".topic")).to_have_text("Boots go here")
    await ivan.say("/nosuch thing")
    await expect(ivan.page.locator(".composer [role=alert]")).to_contain_text("There is no command /nosuch")
    await ivan.say("/invite nobody-here")
    await expect(ivan.page.locator(".composer [role=alert]")).to_contain_text("nobody-here")
    ivan.expected("Failed to load resource|ERR_FAILED")
    await ivan.page.route("**/emoji.json", lambda route: route.abort())
    await ivan.page.get_by_role("button", name="Emoji").click()
    await expect(ivan.page.locator(".composer [role=alert]")).to_contain_text("The emoji did not arrive.")
    await ivan.page.unroute_all()
    await ivan.page.get_by_role("button", name="Emoji").click()
    await expect(ivan.page.get_by_label("Search emoji")).to_be_focused()
    await ivan.page.keyboard.press("Escape")
    await ivan.say("//etc is a folder")
    await ivan.sees("/etc is a folder")
    await ivan.say("/me sweeps")
    await expect(ivan.page.locator(".action")).to_contain_text("ivan sweeps")
    await ivan.say("/leave")
    await expect(ivan.page.locator("header h2")).not_to_have_text("hall")


async def test_a_browser_without_room_says_so_and_loses_nothing(visit: Visit) -> None:
    mona = await visit("mona")
    await mona.run(
        "for (let left = 1 << 23; left >= 1; left >>= 1) "
        "try { localStorage.setItem(`filler ${left}`, 'x'.repeat(left)); } catch { /* it is full */ }"
    )
    text = "too much to keep " * 20
    await mona.say(text)
    await expect(mona.page.locator(".composer [role=alert]")).to_contain_text("The storage of this browser is full.")
    await expect(mona.page.locator(BOX)).to_have_value(text)
    await mona.run(
        "Object.keys(localStorage).filter((key) => key.startsWith('filler')).forEach("
        "(key) => localStorage.removeItem(key))"
    )
    await mona.page.locator(BOX).press("Enter")
    await mona.stored("too much to keep")


async def test_a_draft_outlives_a_reload_and_stays_in_its_room(visit: Visit) -> None:
    judy = await visit("judy")
    await judy.page.locator(BOX).fill("half a thou")
    await judy.make("attic")
    await expect(judy.page.locator(BOX)).to_have_value("")
    await judy.open("lobby")
    await expect(judy.page.locator(BOX)).to_have_value("half a thou")
    await judy.page.reload()
    await expect(judy.page.locator(BOX)).to_have_value("half a thou")
