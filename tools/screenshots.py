"""`make screenshots`: alice's window in the middle of a conversation, light and dark, on a private display.

Everything is the product itself: a server and a window are processes, the window is driven by real keys and a real
pointer, and what others say comes over the wire (`tools/scenes.py`). Pictures go to `screenshots/`. Those of the web
page and of the terminal are made by `tools/page_scenes.py` and `tools/terminal_scenes.py`, on servers of their own.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageGrab

from chatclient.keep import Keep
from tools import page_scenes, scenes, terminal_scenes
from tools.display import private_display
from tools.scenes import Person

ROOT: Final = Path(__file__).resolve().parent.parent
SIZE: Final = (1100, 720)
PATIENCE: Final = 20.0
ROOM: Final = "design-review"


def main() -> int:
    """Make all pictures, or those whose names are given."""
    wanted = sys.argv[1:]
    if not wanted or SCENES.keys() & wanted:
        windows(wanted)
    if not wanted or set(page_scenes.NAMES) & set(wanted):
        pages(wanted)
    if not wanted or set(terminal_scenes.NAMES) & set(wanted):
        terminals(wanted)
    return 0


def pages(wanted: list[str]) -> None:
    """The pictures of the web page."""
    with tempfile.TemporaryDirectory() as folder:
        page_scenes.remember(Path(folder) / "history")
        with server(Path(folder)) as port:
            page_scenes.take(port, wanted)


def terminals(wanted: list[str]) -> None:
    """The pictures of the terminal client."""
    with tempfile.TemporaryDirectory() as folder:
        terminal_scenes.remember(Path(folder) / "history")
        with server(Path(folder)) as port:
            terminal_scenes.take(port, wanted, Path(folder) / "alice")


def windows(wanted: list[str]) -> None:
    """The pictures of the desktop's window."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        display = stack.enter_context(private_display(*SIZE))
        os.environ |= {"PARLEY_HOME": str(data / "alice"), "PARLEY_KEYRING": "off", "DISPLAY": display}
        port = stack.enter_context(server(data))
        token = Keep(data / "alice").token(f"127.0.0.1:{port}", "alice")
        people = [Person(name, port, token if name == "alice" else "") for name in ("alice", "bob", "carol", "dave")]
        scenes.settle_in(*people)
        scenes.talk(*people)
        people[0].close()
        for theme in ("light", "dark"):
            with window(theme, port):
                screen = Screen(display)
                people[1].wait_for_online(ROOM, "alice")
                screen.open_room(ROOM)
                for name, show in SCENES.items():
                    if not wanted or name in wanted:
                        for _ in show(screen):
                            screen.save(ROOT / "screenshots" / f"{name}-{theme}.png")
        for person in people[1:]:
            person.close()


@contextmanager
def server(data: Path) -> Iterator[int]:
    """A server on an empty folder; gives its port."""
    command = [sys.executable, "-m", "chatserver", "--port", "0", "--data", str(data / "history"), "--limits", "off"]
    command += ["--name", "Harbour"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield int(line.removeprefix("Parley is listening on ").split(",")[0].rpartition(":")[2])
        finally:
            process.terminate()


@contextmanager
def window(theme: str, port: int) -> Iterator[None]:
    """alice's window."""
    command = [sys.executable, "-m", "chatclient", f"127.0.0.1:{port}", "--user", "alice", "--theme", theme]
    command += ["--geometry", f"{SIZE[0]}x{SIZE[1]}+0+0"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            yield
        finally:
            process.terminate()


class Screen:
    """The private display: keys and clicks in, pictures out."""

    def __init__(self, display: str) -> None:
        self._display = display

    def open_room(self, room: str) -> None:
        """As a person would: Ctrl+K, its name, Enter."""
        self._settle()
        self.click(700, SIZE[1] - 44)
        self.keys("ctrl+k")
        self.type(room)
        self.keys("Return")

    def keys(self, *keys: str) -> None:
        self._do("key", "--delay", "20", *keys)
        self._settle()

    def type(self, text: str) -> None:
        self._do("type", "--delay", "12", text)
        self._settle()

    def click(self, x: int, y: int, button: int = 1) -> None:
        self._do("mousemove", str(x), str(y), "click", str(button))
        self._settle()

    def wheel(self, clicks: int) -> None:
        """Up where negative."""
        button = "5" if clicks > 0 else "4"
        self._do("click", "--repeat", str(abs(clicks)), "--delay", "30", button)
        self._settle()

    def point(self, x: int, y: int) -> None:
        self._do("mousemove", str(x), str(y))
        self._settle()

    def save(self, path: Path) -> None:
        """The picture of the window, once nothing moves on it any more."""
        path.parent.mkdir(exist_ok=True)
        self._settle().save(path, optimize=True)
        print(path.relative_to(ROOT))

    def _settle(self) -> Image.Image:
        """Wait until the window looks the same for a third of a second; gives its picture."""
        deadline = time.monotonic() + PATIENCE
        before, since = self._grab(), time.monotonic()
        while time.monotonic() - since < 0.35:
            if time.monotonic() > deadline:
                raise RuntimeError("The window does not come to rest.")
            time.sleep(0.1)
            now = self._grab()
            if ImageChops.difference(now, before).getbbox():
                before, since = now, time.monotonic()
        return before

    def _grab(self) -> Image.Image:
        return ImageGrab.grab((0, 0, *SIZE), xdisplay=self._display).convert("RGB")

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True)


# --- the pictures: each sets the scene, is taken where it yields, and clears up ----------------------------------

Scene = Callable[[Screen], Iterator[None]]


def conversation(screen: Screen) -> Iterator[None]:
    screen.click(1062, 622)  # to the newest
    screen.click(700, SIZE[1] - 44)
    screen.point(700, 30)
    yield


def beginning(screen: Screen) -> Iterator[None]:
    screen.point(700, 300)
    screen.wheel(-12)
    yield
    screen.wheel(12)


def members(screen: Screen) -> Iterator[None]:
    screen.click(980, 28)
    screen.point(700, 30)
    yield
    screen.click(720, 28)


def search(screen: Screen) -> Iterator[None]:
    screen.keys("ctrl+f")
    screen.type("crop")
    time.sleep(0.5)
    screen.keys("Down", "Down")
    yield
    screen.keys("Escape")
    screen.open_room(ROOM)


def date(screen: Screen) -> Iterator[None]:
    screen.keys("ctrl+g")
    yield
    screen.keys("Escape")


def emoji(screen: Screen) -> Iterator[None]:
    screen.click(1014, SIZE[1] - 40)
    screen.keys("Down", "Down", "Right", "Right")
    yield
    screen.keys("Escape")


def completion(screen: Screen) -> Iterator[None]:
    screen.type("Shipping it :ta")
    yield
    screen.keys("Escape", "ctrl+a", "BackSpace")


def mention(screen: Screen) -> Iterator[None]:
    screen.type("Looks right to me, @")
    yield
    screen.keys("Escape", "ctrl+a", "BackSpace")


def menu(screen: Screen) -> Iterator[None]:
    screen.click(900, 622, button=3)
    yield
    screen.keys("Escape")


def editing(screen: Screen) -> Iterator[None]:
    screen.keys("Up")
    yield
    screen.keys("Escape")


def replying(screen: Screen) -> Iterator[None]:
    screen.click(900, 622, button=3)
    screen.keys("Return")
    screen.type("Bring some for me")
    yield
    screen.keys("ctrl+a", "BackSpace", "Escape")


def attachment(screen: Screen) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "header-2.png"
        picture.write_bytes(scenes.landscape(900, 500))
        screen.keys("ctrl+o")
        screen.type(str(picture))
        screen.keys("Return")
        time.sleep(0.5)
        screen.click(700, SIZE[1] - 44)
        screen.type("Another try")
        yield
        screen.keys("ctrl+a", "BackSpace")
        screen.click(388, 594)


def viewer(screen: Screen) -> Iterator[None]:
    screen.point(700, 300)
    screen.wheel(-12)
    screen.click(480, 440)
    yield
    screen.keys("Escape")
    screen.wheel(12)


def keys(screen: Screen) -> Iterator[None]:
    screen.keys("ctrl+slash")
    yield
    screen.keys("Escape")


def settings(screen: Screen) -> Iterator[None]:
    screen.keys("ctrl+comma")
    screen.click(100, 144)
    yield
    screen.keys("Escape")


SCENES: Final[dict[str, Scene]] = {
    scene.__name__: scene
    for scene in (
        conversation,
        beginning,
        members,
        search,
        date,
        emoji,
        completion,
        mention,
        menu,
        editing,
        replying,
        attachment,
        viewer,
        keys,
        settings,
    )
}


if __name__ == "__main__":
    sys.exit(main())
