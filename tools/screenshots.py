"""`make screenshots`: alice and bob talk in two real windows, light and dark, on a private display.

Everything is the product itself: the past of the conversation is imported, the server and both windows are processes,
what alice and bob say is typed, and carol speaks the wire from here. Pictures go to `screenshots/`.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageChops, ImageGrab

from tools.display import private_display

ROOT: Final = Path(__file__).resolve().parent.parent
SIZE: Final = (1100, 720)
PATIENCE: Final = 20.0

TOPIC: Final = "Saturday, from three o'clock"
YESTERDAY: Final = (
    ("alice", "04:12 PM", "The tent for Saturday is booked"),
    ("carol", "04:13 PM", "Wonderful, thank you!"),
    ("carol", "04:13 PM", "How many are we now?"),
    ("bob", "04:20 PM", "Fourteen, with the two from Lisbon"),
    ("alice", "04:21 PM", "Then we need three more chairs. I can ask my neighbour, she has a whole shed full of them."),
    ("bob", "04:22 PM", "Please do"),
)
TODAY: Final = (
    ("bob", "Good morning! Did the neighbour say yes?"),
    ("alice", "She did, five chairs and a long table"),
    ("alice", "We can fetch them on Friday after six"),
    ("bob", "Great. I have the van until eight, so let us meet at your place at half past six."),
    ("alice", "Perfect, see you then"),
)


def main() -> int:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        display = stack.enter_context(private_display(SIZE[0] * 2, SIZE[1]))
        import_past(data)
        port = stack.enter_context(server(data))
        token = secrets.token_hex(32)
        for theme in ("light", "dark"):
            with window("alice", theme, 0, port, display, data), window("bob", theme, SIZE[0], port, display, data):
                carol = Person("carol", token, port)
                carol.wait_for_online("alice", "bob")
                screen = Screen(display)
                for name in ("alice", "bob"):
                    screen.open_room(name, "garden")
                if theme == "light":
                    talk(screen, carol)
                screen.save("alice", ROOT / "screenshots" / f"conversation-{theme}.png")
                screen.save("bob", ROOT / "screenshots" / f"conversation-{theme}-bob.png")
                carol.close()
    return 0


def import_past(data: Path) -> None:
    """Yesterday's part of the conversation."""
    day = datetime.now() - timedelta(days=1)
    lines = [f"{name}|{day:%Y-%m-%d}|{clock}|{text}\n" for name, clock, text in YESTERDAY]
    (data / "older.txt").write_text("".join(lines), "utf-8")
    command = [sys.executable, "-m", "chatserver", "import", str(data / "older.txt"), "--room", "garden"]
    subprocess.run([*command, "--data", str(data / "history")], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def talk(screen: "Screen", carol: "Person") -> None:
    """Today's part: each line is typed into its window and waited for; carol leaves something unread elsewhere."""
    screen.type("alice", f"/topic {TOPIC}")
    carol.wait_for("topic", topic=TOPIC)
    for name, text in TODAY:
        screen.type(name, text)
        carol.wait_for("message", text=text)
    carol.change("create", room="kitchen", topic="Who cooks what")
    for name in ("alice", "bob"):
        carol.change("invite", room="kitchen", user=name)
    carol.change("post", room="kitchen", text="I bring two salads and the bread")
    carol.change("post", room="kitchen", text="@alice would you make the soup again?")
    carol.change("post", room="@alice", text="Shall I come along on Friday?")
    carol.change("post", room="garden", text="See you all on Saturday 🎉")


@contextmanager
def server(data: Path) -> Iterator[int]:
    """A server with the imported history; gives its port."""
    command = [sys.executable, "-m", "chatserver", "--port", "0", "--data", str(data / "history"), "--limits", "off"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield int(line.removeprefix("Parley is listening on ").split(",")[0].rpartition(":")[2])
        finally:
            process.terminate()


@contextmanager
def window(user: str, theme: str, left: int, port: int, display: str, data: Path) -> Iterator[None]:
    """The window of one person, with a home of its own that outlives it."""
    command = [sys.executable, "-m", "chatclient", f"127.0.0.1:{port}", "--user", user, "--theme", theme]
    command += ["--geometry", f"{SIZE[0]}x{SIZE[1]}+{left}+0"]
    home = {"PARLEY_HOME": str(data / user), "PARLEY_KEYRING": "off", "DISPLAY": display}
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | home) as process:
        try:
            yield
        finally:
            process.terminate()


class Person:
    """Somebody who speaks the wire from here."""

    def __init__(self, name: str, token: str, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._lines = self._socket.makefile("rb")
        self._count, self._prefix = 0, secrets.token_hex(4)
        self._send(type="hello", protocol=1, user=name, token=token)
        self.wait_for("welcome")

    def change(self, kind: str, **fields: str) -> None:
        """Send a change and wait until it stands."""
        self._count += 1
        ident = f"{self._prefix}-{self._count}"
        self._send(type=kind, id=ident, **fields)
        self.wait_for("ok", id=ident)

    def wait_for(self, kind: str, **fields: str) -> dict[str, Any]:
        """The next line of this type with these fields."""
        for line in self._lines:
            found: dict[str, Any] = json.loads(line)
            if found["type"] == "error":
                raise RuntimeError(found["message"])
            if found["type"] == kind and all(found.get(key) == value for key, value in fields.items()):
                return found
        raise RuntimeError("The server closed the connection.")

    def wait_for_online(self, *names: str) -> None:
        """Until all of these people are here."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._send(type="members", room="garden")
            members = self.wait_for("member_list")["members"]
            if {member["user"] for member in members if member.get("state") == "online"} >= set(names):
                return
            time.sleep(0.1)
        raise RuntimeError(f"Not everybody of {', '.join(names)} came.")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def _send(self, **fields: Any) -> None:
        self._socket.sendall(json.dumps(fields).encode() + b"\n")


class Screen:
    """The private display: keys in, pictures out."""

    def __init__(self, display: str) -> None:
        self._display = display
        self._left = {"alice": 0, "bob": SIZE[0]}

    def open_room(self, name: str, room: str) -> None:
        """As a person would: Ctrl+K, its name, Enter."""
        self._settle(name)
        self._focus(name)
        self._do("key", "ctrl+k")
        self._settle(name)
        self._do("type", "--delay", "20", room)
        self._settle(name)
        self._do("key", "Return")
        self._settle(name)

    def type(self, name: str, text: str) -> None:
        """Into the composer, and send."""
        self._focus(name)
        self._do("type", "--delay", "4", text)
        self._do("key", "Return")

    def save(self, name: str, path: Path) -> None:
        """The picture of this window, once nothing moves on it any more."""
        path.parent.mkdir(exist_ok=True)
        self._do("mousemove", str(self._left[name] + SIZE[0] // 2), "40")
        self._settle(name).save(path, optimize=True)
        print(path.relative_to(ROOT))

    def _settle(self, name: str) -> Image.Image:
        """Wait until the window looks the same for half a second; gives its picture."""
        deadline = time.monotonic() + PATIENCE
        before, since = self._grab(name), time.monotonic()
        while time.monotonic() - since < 0.5:
            if time.monotonic() > deadline:
                raise RuntimeError(f"The window of {name} does not come to rest.")
            time.sleep(0.1)
            now = self._grab(name)
            if ImageChops.difference(now, before).getbbox():
                before, since = now, time.monotonic()
        return before

    def _grab(self, name: str) -> Image.Image:
        left = self._left[name]
        return ImageGrab.grab((left, 0, left + SIZE[0], SIZE[1]), xdisplay=self._display).convert("RGB")

    def _focus(self, name: str) -> None:
        """A click into the composer, as there is no window manager to ask."""
        self._do("mousemove", str(self._left[name] + 700), str(SIZE[1] - 44), "click", "1")

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=os.environ | {"DISPLAY": self._display}, check=True)


if __name__ == "__main__":
    sys.exit(main())
