"""The web page of `make screenshots`: alice in Debian's Chromium, wide and on a phone, light and dark.

What was said on the days before is brought in as a file of an older program would be, with its times; what is said
today comes over the wire. Both pages show one and the same server.
"""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools import scenes
from tools.scenes import Person

ROOT: Final = Path(__file__).resolve().parent.parent
ROOM: Final = "design-review"
NAMES: Final = ("page-light", "page-dark", "page-search-dark", "page-phone-light", "page-phone-dark")
WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 860}}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
BEFORE: Final = (
    (2, "erin", "04:40 PM", "The crop of the old header hides the moon. Can we try 7:2?"),
    (2, "carol", "04:52 PM", "I will draw it anew"),
    (1, "dave", "09:58 AM", "Tab order of the composer is right now, thanks for the patience"),
    (1, "alice", "10:03 AM", "Found it, it was the file tiles. They come before the box now."),
    (1, "bob", "10:05 AM", "Nice one! Shall we look at the conversation view tomorrow?"),
    (1, "carol", "10:06 AM", "Yes please"),
)
"""Days ago, who, when, what."""
READ: Final = (
    ("erin", "garden", "A good crop of plums this year 🍑 come and pick"),
    ("carol", "releases", "Images crop from the centre now"),
    ("erin", "@alice,erin", "See you on Thursday then"),
    ("dave", "@alice,dave", "Back on Friday"),
    ("bob", "@alice,bob", "Shall I book the room for the crop review?"),
    ("alice", "@alice,bob", "sounds good to me 👍"),
)
UNREAD: Final = (
    ("bob", "general", "Lunch is at 12:30"),
    ("dave", "general", "The lift works again"),
    ("erin", "general", "Who has the big screen?"),
    ("dave", "engineering", "@alice can you look at the build?"),
    ("dave", "engineering", "@alice it is the tab key again"),
    ("dave", "engineering", "@room merging now"),
    ("carol", "@alice,carol", "New header art for the release"),
    ("carol", "@alice,carol", "Have a look before lunch 🎨"),
)
"""Who, where, what; alice has read the first ones."""


def remember(data: Path) -> None:
    """Bring what was said on the days before into a history that is empty yet."""
    lines = [f"{who}|{date.today() - timedelta(days=ago)}|{clock}|{text}\n" for ago, who, clock, text in BEFORE]
    data.mkdir(parents=True)
    source = data / "before.txt"
    source.write_text("".join(lines), "utf-8")
    command = [sys.executable, "-m", "chatserver", "import", "--room", ROOM, "--data", str(data), str(source)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def take(port: int, wanted: list[str]) -> None:
    """Make these pictures, or all; the server holds what was `remember`ed and nothing else."""
    people = {name: Person(name, port) for name in ("alice", "bob", "carol", "dave", "erin")}
    furnish(people)
    talk(people)
    alice = people.pop("alice")
    alice.close()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with visit(browser, port, alice.token, ROOM, **WIDE) as page:
            wide(page, people, wanted)
        with visit(browser, port, alice.token, "", **PHONE) as page:
            phone(page, people, wanted)
        browser.close()
    for person in people.values():
        person.close()


def furnish(people: dict[str, Person]) -> None:
    """Rooms, faces, states, and what waits for alice elsewhere."""
    alice, bob, carol, dave, erin = people.values()
    bob.change("topic", ROOM, topic=scenes.TOPIC)
    for maker, room, topic in (
        (bob, "general", "All of us"),
        (bob, "engineering", ""),
        (carol, "releases", "What goes out, and when"),
        (erin, "garden", "Plums, beans and the shed"),
    ):
        maker.change("create", room, topic=topic)
        for person in people.values():
            if person is not maker:
                person.change("join", room)
    carol.change("profile", picture=carol.upload("me.png", scenes.face((70, 90, 180))))
    dave.tell(type="status", state="away", note="Back on Friday")
    erin.tell(type="status", state="busy", note="In the critique until 16:00")
    for author, room, text in READ:
        seq = people[author].change("post", room, text=text)
        alice.tell(type="read", room=room, seq=seq)
    for author, room, text in UNREAD:
        people[author].change("post", room, text=text)


def talk(people: dict[str, Person]) -> None:
    """Today in the room of the pictures; alice has read up to the picture."""
    alice, bob, carol, dave, erin = people.values()
    bob.change("post", ROOM, text="Morning! The new conversation view is on staging 🎉")
    scroll = bob.change("post", ROOM, text="Scroll back to the very first message and tell me how it feels")
    for person, emoji in ((alice, "👍🏽"), (carol, "👍🏽"), (erin, "👍🏽"), (carol, "🚀"), (dave, "🚀"), (dave, "❤️")):
        person.change("react", ROOM, of=scroll, emoji=emoji)
    alice.change("post", ROOM, text="A million messages and it never stutters 👏", reply_to=scroll)
    art = carol.upload("header.png", scenes.landscape(1120, 320))
    picture = carol.change("post", ROOM, text="New header art for the post, 7:2 crop", files=[art])
    alice.tell(type="read", room=ROOM, seq=picture)
    notes = dave.upload("contrast-audit.pdf", b"%PDF-1.4\n" + bytes(182_000))
    words = (
        "Contrast audit passes AA ✅ What is left is one line of `talk.css`:\n```\n.time { color: var(--muted); }\n```"
    )
    dave.change("post", ROOM, text=words, files=[notes])


@contextmanager
def visit(browser: Browser, port: int, token: str, room: str, **about: Any) -> Iterator[Page]:
    """alice at the page, signed in."""
    context = browser.new_context(**about)
    who = json.dumps(json.dumps({"user": "alice", "token": token}))
    context.add_init_script(f"localStorage.setItem('parley:who', {who})")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/#{room}")
    expect(page.get_by_text("5 online", exact=True)).to_be_visible()
    yield page
    context.close()


def wide(page: Page, people: dict[str, Person], wanted: list[str]) -> None:
    expect(page.locator(".picture img")).to_be_visible()
    page.locator("textarea").fill("Merging after lunch then. Thanks all!")
    page.keyboard.press("Enter")
    expect(page.locator("article", has_text="Merging after lunch").get_by_text("Sent")).to_have_count(1)
    for theme in ("light", "dark"):
        typing(page, people["carol"])
        save(page, f"page-{theme}", wanted)
    page.keyboard.press("Control+f")
    page.keyboard.type("crop")
    expect(page.locator(".hit")).to_have_count(5)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    save(page, "page-search-dark", wanted)


def phone(page: Page, people: dict[str, Person], wanted: list[str]) -> None:
    expect(page.get_by_text("Have a look before lunch")).to_be_visible()
    save(page, "page-phone-dark", wanted)
    people["erin"].change("post", ROOM, text="On the phone it reads well too. Plum cake at the critique? 🍰")
    page.locator(f"[data-key={ROOM}] button").tap()
    expect(page.get_by_text("Plum cake")).to_be_visible()
    typing(page, people["bob"])
    save(page, "page-phone-light", wanted)


def typing(page: Page, person: Person) -> None:
    person.tell(type="typing", room=ROOM)
    expect(page.get_by_text(" is typing")).to_be_visible()


def save(page: Page, name: str, wanted: list[str]) -> None:
    """The picture of this name, in the colours that it names, once all pictures and letters are there."""
    if wanted and name not in wanted:
        return
    page.emulate_media(color_scheme="dark" if name.endswith("dark") else "light", reduced_motion="reduce")
    page.evaluate("document.fonts.ready.then(() => Promise.all([...document.images].map((image) => image.decode())))")
    path = ROOT / "screenshots" / f"{name}.png"
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(path, optimize=True)
    print(path.relative_to(ROOT))
