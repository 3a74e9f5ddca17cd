"""The page for everybody: nothing that axe-core finds, in any state, light and dark; all of it by keyboard alone."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.processes import ServerProcess
from tests.web.browser import BOX, clean, expect, script, violations
from tests.web.conftest import Visit
from tests.web.scene import Scene, furnish, token

pytestmark = pytest.mark.asyncio(loop_scope="session")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(harbour: ServerProcess) -> AsyncIterator[Scene]:
    found = await furnish(harbour.port)
    yield found
    await found.close()


async def test_axe_finds_what_is_wrong(visit: Visit) -> None:
    """The control: a button without a name, and text that is too pale."""
    visitor = await visit()
    wrong = """() => {
        const button = document.createElement('button');
        button.style.cssText = 'width: 20px; height: 20px';
        const pale = document.createElement('p');
        pale.textContent = 'too pale';
        pale.style.color = '#ccc';
        document.querySelector('main').append(button, pale);
    }"""
    await visitor.run(wrong)
    found = "\n".join(await violations(visitor.page))
    assert "button-name" in found and "color-contrast" in found


async def test_no_state_violates_a_rule(visit: Visit, scene: Scene) -> None:
    visitor = await visit("alice", token=token("alice"), room="design-review")
    page = visitor.page
    await visitor.sees("Contrast audit")
    await scene.people["carol"].send(type="typing", room="design-review")
    await expect(page.get_by_text("carol is typing")).to_be_visible()
    await clean(visitor, "conversation")
    await visitor.message("Contrast audit").hover()
    await expect(page.locator(".bar")).to_be_visible()
    await clean(visitor, "bar over a message", ".middle")
    await page.get_by_role("button", name="More").last.click()
    await expect(page.get_by_role("menu")).to_be_visible()
    await clean(visitor, "menu of a message", ".pop.menu")
    await page.get_by_role("menuitem", name="Show the record line").click()
    await expect(page.locator(".recordline")).to_be_visible()
    await clean(visitor, "record line", "dialog")
    await page.keyboard.press("Escape")
    await page.locator(BOX).fill("@")
    await page.locator(BOX).press_sequentially("da")
    await expect(page.get_by_role("option").first).to_be_visible()
    await clean(visitor, "completion of names", ".composer")
    await page.keyboard.press("Escape")
    await page.locator(BOX).fill("/nosuch")
    await page.keyboard.press("Enter")
    await clean(visitor, "a refusal", ".composer")
    await page.locator(BOX).fill("")
    await visitor.message("Contrast audit").hover()
    await page.get_by_role("button", name="Reply").click()
    await clean(visitor, "replying", ".composer")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Emoji").click()
    await expect(page.get_by_label("Search emoji")).to_be_focused()
    await clean(visitor, "emoji", ".pop.emoji-picker")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Members").click()
    await expect(page.locator(".member").first).to_be_visible()
    await clean(visitor, "members")
    await page.locator(".member", has_text="bob").click()
    await expect(page.get_by_role("dialog", name="bob")).to_be_visible()
    await clean(visitor, "card", ".pop.card")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+f")
    await page.keyboard.type("crop")
    await expect(page.locator(".hit")).to_have_count(1)
    await clean(visitor, "search", ".panel")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option").first).to_be_visible()
    await clean(visitor, "switcher", "dialog")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+/")
    await clean(visitor, "keys", "dialog")
    await page.keyboard.press("Escape")
    await page.locator(".self").click()
    await clean(visitor, "menu of oneself", ".pop.menu")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="New room or message").click()
    await page.get_by_role("menuitem", name="New room").click()
    await page.get_by_label("Name").fill("garden")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="open garden")).to_be_visible()
    await clean(visitor, "new room", "dialog")
    await page.keyboard.press("Escape")
    await page.locator(".picture").click()
    await expect(page.locator(".viewer img[src^=blob]")).to_be_visible()
    await clean(visitor, "viewer", "dialog")
    await page.keyboard.press("Escape")
    await visitor.open("releases")
    await clean(visitor, "a room with nothing said")


async def test_signing_in_and_the_phone_violate_no_rule(visit: Visit, scene: Scene) -> None:
    stranger = await visit()
    await clean(stranger, "sign in")
    await stranger.page.get_by_label("Your name").fill("two words")
    await stranger.page.keyboard.press("Enter")
    await expect(stranger.page.get_by_role("alert").first).to_contain_text("This one has a space.")
    await clean(stranger, "sign in, refused")
    phone = await visit("alice", token=token("alice"), **PHONE)
    await clean(phone, "rooms on a phone")
    await phone.page.locator("[data-key=design-review] button").tap()
    await phone.sees("Contrast audit")
    await clean(phone, "conversation on a phone")


async def test_landmarks_headings_and_labels(visit: Visit, scene: Scene) -> None:
    visitor = await visit("alice", token=token("alice"), room="design-review")
    page = visitor.page
    await visitor.sees("Contrast audit")
    await expect(page.get_by_role("navigation", name="Rooms and people")).to_be_visible()
    await expect(page.get_by_role("main", name="Conversation")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Harbour")
    await expect(page.get_by_role("heading", name="design-review", level=2)).to_be_visible()
    await expect(page.get_by_role("heading", name="Today", level=3)).to_have_count(1)
    await expect(page.get_by_role("textbox", name="Message design-review")).to_be_visible()
    await expect(page.get_by_role("button", name="engineering, 3 unread, 3 for you")).to_be_visible()
    await expect(page.get_by_role("article", name=re.compile(r"dave, \d\d:\d\d"))).to_be_visible()
    await scene.say("dave", "design-review", "Read this **out**, please")
    await expect(page.get_by_role("log")).to_contain_text("dave: Read this out, please")
    await expect(page.locator("[data-key='@alice,dave'] button")).to_have_accessible_name(
        re.compile("dave, 1 unread, Away: Back on Friday")
    )


async def test_all_of_it_by_keyboard_alone(visit: Visit, scene: Scene) -> None:
    visitor = await visit("alice", token=token("alice"), room="design-review")
    page, keys = visitor.page, visitor.page.keyboard
    await visitor.sees("Contrast audit")
    await keys.type("by hand alone")
    await keys.press("Enter")
    await visitor.stored("by hand alone")

    await keys.press("ArrowUp")
    await expect(page.get_by_text("Editing your message")).to_be_visible()
    await keys.press("Escape")
    await expect(page.get_by_text("Editing your message")).to_be_hidden()

    await page.locator(BOX).press("Shift+Tab")
    await keys.press("Shift+Tab")
    await expect(page.get_by_role("region", name="Messages in design-review")).to_be_focused()
    await keys.press("ArrowUp")
    await expect(visitor.message("by hand alone")).to_be_focused()
    above = visitor.message("Contrast audit")
    for _ in range(3):
        if not await above.evaluate("(article) => article === document.activeElement"):
            await keys.press("ArrowUp")
    await expect(above).to_be_focused()
    await keys.press("Enter")
    await expect(page.get_by_role("menuitem", name="Reply")).to_be_focused()
    await keys.press("Escape")
    await expect(visitor.message("Contrast audit")).to_be_focused()
    await keys.press("r")
    await expect(page.locator(".above")).to_contain_text("Contrast audit")
    await expect(page.locator(BOX)).to_be_focused()
    await keys.press("Escape")

    await keys.press("Alt+ArrowDown")
    await expect(page.locator("header h2")).to_have_text("engineering")
    await keys.press("Alt+ArrowUp")
    await expect(page.locator("header h2")).to_have_text("design-review")
    await keys.press("Alt+Shift+ArrowDown")
    await expect(page.locator("header h2")).to_have_text("general")
    await keys.press("Control+k")
    await keys.type("rele")
    await keys.press("Enter")
    await expect(page.locator("header h2")).to_have_text("releases")
    await expect(page.locator(BOX)).to_be_focused()
    await keys.type(":tad")
    await expect(page.get_by_role("option", name=":tada:")).to_be_visible()
    await keys.press("Tab")
    await expect(page.locator(BOX)).to_have_value("🎉 ")
    await keys.type("@car")
    await keys.press("Enter")
    await expect(page.locator(BOX)).to_have_value("🎉 @carol ")
    await keys.press("Shift+Enter")
    await keys.type("a second line")
    await keys.press("Enter")
    await visitor.stored("a second line")

    await keys.press("Control+f")
    await keys.type("audit")
    await expect(page.locator(".hit")).to_have_count(1)
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator("header h2")).to_have_text("design-review")
    await expect(visitor.message("Contrast audit")).to_be_focused()
    await expect(page.locator(".panel")).to_have_count(0)


async def test_the_focus_can_be_seen_and_is_never_lost(visit: Visit, scene: Scene) -> None:
    """Tab goes through the page in the order in which it is read, and every stop shows where it is."""
    visitor = await visit("alice", token=token("alice"), room="design-review")
    await visitor.sees("Contrast audit")
    await visitor.run(
        "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
    )
    stops: list[str] = []
    for _ in range(60):
        await visitor.page.keyboard.press("Tab")
        told = await visitor.run(script("focus"))
        if told is None:
            break
        assert told[1], f"no focus ring: {told[2]}"
        if not stops or stops[-1] != told[0]:
            stops.append(told[0])
    assert stops == ["nav", "header", "messages", "composer"]


async def test_who_wants_less_motion_gets_none(visit: Visit, scene: Scene) -> None:
    moving = """getComputedStyle(document.querySelector('.dots i')).animationName"""
    for motion, name in (("reduce", "none"), ("no-preference", "dot")):
        visitor = await visit("alice", token=token("alice"), room="design-review", reduced_motion=motion)
        await scene.people["carol"].send(type="typing", room="design-review")
        await expect(visitor.page.get_by_text("carol is typing")).to_be_visible()
        assert await visitor.run(moving) == name
