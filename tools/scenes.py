"""What the screenshots show: who said what, with pictures, files, answers, reactions, an edit and a deletion.

Everything goes over the wire, as any client would send it; the pictures are drawn here.
"""

import io
import json
import math
import secrets
import socket
import time
import urllib.parse
import urllib.request
from typing import Any, Final

from PIL import Image, ImageDraw

PATIENCE: Final = 20.0
TOPIC: Final = "Weekly critique, Thursdays at 15:00. Bring work in progress."


class Person:
    """Somebody who speaks the wire from here."""

    def __init__(self, name: str, port: int, token: str = "") -> None:
        self.token = token or secrets.token_hex(32)
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._lines = self._socket.makefile("rb")
        self._count, self._prefix = 0, secrets.token_hex(4)
        self.tell(type="hello", protocol=1, user=name, token=self.token)
        self.wait_for("welcome")

    def change(self, kind: str, room: str = "", **fields: Any) -> int:
        """Send a change and wait until it stands; gives its seq."""
        self._count += 1
        ident = f"{self._prefix}-{self._count}"
        named = {"room": room} if room else {}
        self.tell(type=kind, id=ident, **named, **fields)
        return int(self.wait_for("ok", id=ident)["seq"])

    def upload(self, name: str, data: bytes) -> str:
        """Bring a file to the server; gives its SHA-256."""
        address = f"http://127.0.0.1:{self._port}/files?name={urllib.parse.quote(name)}"
        request = urllib.request.Request(address, data, {"Authorization": f"Bearer {self.token}"}, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return str(json.load(answer)["file"])

    def wait_for(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next line of this type with these fields."""
        for line in self._lines:
            found: dict[str, Any] = json.loads(line)
            if found["type"] == "error":
                raise RuntimeError(found["message"])
            if found["type"] == kind and all(found.get(key) == value for key, value in fields.items()):
                return found
        raise RuntimeError("The server closed the connection.")

    def wait_for_online(self, room: str, *names: str) -> None:
        """Until all of these people are here."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.tell(type="members", room=room)
            members = self.wait_for("member_list")["members"]
            if {member["user"] for member in members if member.get("state") == "online"} >= set(names):
                return
            time.sleep(0.1)
        raise RuntimeError(f"Not everybody of {', '.join(names)} came.")

    def tell(self, **fields: Any) -> None:
        self._socket.sendall(json.dumps(fields).encode() + b"\n")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


def landscape(width: int = 1280, height: int = 720) -> bytes:
    """A moon over hills, as a PNG."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        share = y / height
        colour = (int(120 + 90 * share), int(80 + 60 * share), int(135 + 5 * share))
        draw.line((0, y, width, y), fill=colour)
    draw.ellipse((width * 0.6, height * 0.12, width * 0.6 + height * 0.4, height * 0.52), fill=(255, 222, 150))
    for n, colour in enumerate(((160, 90, 120), (124, 72, 128), (92, 54, 118))):
        hill = [
            (x, height * (0.62 + 0.12 * n) + height * 0.07 * math.sin(x / width * (5 + 2 * n) + 2 * n))
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, height), *hill, (width, height)], fill=colour)
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()


def face(colour: tuple[int, int, int]) -> bytes:
    """A picture for somebody: a sun over water."""
    image = Image.new("RGB", (256, 256), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((70, 60, 186, 176), fill=(255, 214, 120))
    draw.rectangle((0, 150, 256, 256), fill=tuple(part // 2 for part in colour))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def settle_in(alice: Person, bob: Person, carol: Person, dave: Person) -> None:
    """Rooms and people, and what was said before anybody looks."""
    room = "design-review"
    alice.change("create", room, topic=TOPIC)
    for name in ("bob", "carol", "dave"):
        alice.change("invite", room, user=name)
    for person, kind in ((bob, "garden"), (carol, "releases")):
        person.change("create", kind, topic="")
        for name in ("alice", "bob", "carol"):
            if {"bob": bob, "carol": carol}.get(name) is not person:
                person.change("invite", kind, user=name)
    carol.change("profile", picture=carol.upload("me.png", face((70, 90, 180))))
    bob.change("post", "garden", text="First crop of beans, come and pick 🫘")
    carol.change("post", "garden", text="A good crop of plums this year 🍑")
    carol.change("post", "releases", text="Images crop from the centre now")
    bob.change("post", "@alice", text="sounds good to me 👍")
    dave.tell(type="status", state="away", note="Back on Friday")


def talk(alice: Person, bob: Person, carol: Person, dave: Person) -> None:
    """The conversation of the pictures."""
    room = "design-review"
    bob.change("post", room, text="Morning! The new conversation view is on staging 🎉")
    scroll = bob.change("post", room, text="Scroll back to the very first message and tell me how it feels")
    for person, emoji in ((alice, "👍"), (carol, "👍"), (dave, "👍"), (carol, "🚀"), (dave, "❤️")):
        person.change("react", room, of=scroll, emoji=emoji)
    alice.change("post", room, text="A million messages and it never stutters 👏", reply_to=scroll)
    art = carol.upload("header.png", landscape())
    carol.change("post", room, text="New header art for the post, 7:2 crop", files=[art])
    notes = dave.upload("release-notes.pdf", b"%PDF-1.4\n" + bytes(182_000))
    dave.change("post", room, text="", files=[notes])
    words = "The gap is in `layout.py`, line **40**:\n```\ngap = 2 if same_group else 12\n```\n> bring work in progress"
    edited = dave.change("post", room, text="The gap is somewhere")
    dave.change("edit", room, of=edited, text=words)
    gone = bob.change("post", room, text="never mind")
    bob.change("delete", room, of=gone)
    carol.change("post", room, text="/me brings cake to the critique 🍰")
    alice.change("post", room, text="Merging after lunch then. Thanks @bob and all!")
