"""A morning at Harbour, for pictures of the page and tests that look at all of it: people, rooms, messages, files."""

import io
import json
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw

from tests.server.peer import Peer

NAMES = ("bob", "carol", "dave", "erin", "frank", "grace")


@dataclass
class Scene:
    """Who is there, still connected, and the seqs of messages that tests name."""

    port: int
    people: dict[str, Peer] = field(default_factory=dict)
    seqs: dict[str, int] = field(default_factory=dict)

    async def say(self, user: str, room: str, text: str, **fields: Any) -> int:
        answer = await self.people[user].change("post", room, text=text, **fields)
        assert answer["type"] == "ok", answer
        return int(answer["seq"])

    async def close(self) -> None:
        for peer in self.people.values():
            await peer.close()


async def say_all(peer: Peer, room: str, texts: list[str]) -> list[int]:
    """Say all of this, without waiting in between; gives the seqs."""
    prefix = f"{room}-{len(peer.seen)}"
    for number, text in enumerate(texts):
        await peer.send(type="post", id=f"{prefix}-{number}", room=room, text=text)
    return [int((await peer.until("ok", id=f"{prefix}-{number}"))["seq"]) for number in range(len(texts))]


def token(user: str) -> str:
    """What `Peer.sign_in` makes of a name."""
    return f"token of {user} 0123456789"


def upload(port: int, user: str, name: str, data: bytes) -> dict[str, Any]:
    """Send a file as this person; blocking."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/files?name={name}",
        data,
        {"Authorization": f"Bearer {token(user)}", "Content-Type": "application/octet-stream"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def dusk(width: int = 640, height: int = 320) -> bytes:
    """A picture of hills at dusk, as PNG."""
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        part = y / height
        draw.line([(0, y), (width, y)], fill=(int(91 + 126 * part), int(74 + 72 * part), int(140 - 2 * part)))
    draw.ellipse([width * 0.58, height * 0.2, width * 0.79, height * 0.62], fill=(255, 224, 163))
    draw.polygon(
        [(0, height), (0, height * 0.7), (width * 0.35, height * 0.45), (width, height * 0.75), (width, height)],
        (131, 85, 154),
    )
    draw.polygon([(0, height), (0, height * 0.85), (width * 0.7, height * 0.7), (width, height)], (89, 64, 127))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def furnish(port: int, me: str = "alice") -> Scene:
    """Rooms, people and a conversation in design-review; `me` is in the rooms and has unread messages."""
    scene = Scene(port)
    reader = await Peer.sign_in(port, me)
    for name in NAMES:
        scene.people[name] = await Peer.sign_in(port, name)
    bob = scene.people["bob"]
    topic = "Weekly critique, Thursdays at 15:00. Bring work in progress."
    for room, about in (
        ("design-review", topic),
        ("general", ""),
        ("engineering", ""),
        ("releases", ""),
        ("garden", "Plums"),
    ):
        await bob.change("create", room, topic=about)
        await reader.change("join", room)
        for name in NAMES[1:4]:
            await scene.people[name].change("join", room)
    await scene.people["dave"].ask(type="status", state="away")
    await scene.people["grace"].ask(type="status", state="busy", note="in a meeting until 11:00")
    await scene.say("bob", "design-review", "Morning! The new conversation view is on staging 🎉")
    asked = await scene.say("bob", "design-review", "Scroll back to the very first message and tell me how it feels")
    scene.seqs["asked"] = asked
    for user, emoji in (("carol", "👍🏽"), ("dave", "👍🏽"), ("carol", "🚀"), ("dave", "❤️")):
        await scene.people[user].change("react", "design-review", of=asked, emoji=emoji)
    await reader.change("react", "design-review", of=asked, emoji="👍🏽")
    await reader.change("post", "design-review", text="A million messages and it never stutters 👏", reply_to=asked)
    picture = upload(port, "carol", "dusk.png", dusk())
    scene.seqs["picture"] = await scene.say(
        "carol", "design-review", "New header art for the post, 2:1 crop", files=[picture["file"]]
    )
    await reader.send(type="read", room="design-review", seq=scene.seqs["picture"])
    scene.seqs["unread"] = await scene.say(
        "dave", "design-review", "Contrast audit passes AA ✅ Notes: https://example.org/audit/42"
    )
    for number in range(12):
        await scene.say("carol", "general", f"Note {number + 1} of the morning")
    for text in ("@alice can you look at the build?", "@alice it is the tab key again", "@room merging now"):
        await scene.say("carol", "engineering", text)
    for user, text in (
        ("erin", "See you on Thursday then"),
        ("dave", "Back on Friday"),
        ("carol", "New header art for the release"),
    ):
        await scene.say(user, f"@{me}", text)
    await reader.change("post", "@bob", text="sounds good to me 👍")
    await scene.people.pop("erin").close()
    await reader.ask(type="ping")
    await reader.close()
    return scene
