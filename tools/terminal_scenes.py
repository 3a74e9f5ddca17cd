"""The terminal client of `make screenshots`: alice in tmux, and the screen that she sees drawn as a picture.

What was said on the day before is brought in as a file of an older program would be, with its times; what is said today
comes over the wire. `tools/terminal_picture.py` draws what tmux has on its screen.
"""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from chatclient.keep import Keep
from tools.scenes import Person
from tools.terminal_picture import drawn

ROOT: Final = Path(__file__).resolve().parent.parent
ROOM: Final = "releases"
NAMES: Final = ("terminal", "terminal-80x24")
SIZES: Final = {"terminal": (104, 30), "terminal-80x24": (80, 24)}
PATIENCE: Final = 20.0

BEFORE: Final = (
    ("carol", "04:12 PM", "Release notes for 2.4 are in review, please read them before you go"),
    ("dave", "04:31 PM", "Read and fine. The part about backups is the best we have had."),
    ("alice", "04:33 PM", "Then 2.4 it is, first thing in the morning"),
    ("bob", "04:34 PM", "I will be here at eight"),
)
UNREAD: Final = (
    ("bob", "general", "Lunch is at 12:30"),
    ("dave", "general", "The lift works again"),
    ("carol", "garden", "@alice there are plums for you by the shed"),
    ("bob", "@alice", "Shall I book the small room?"),
    ("bob", "@alice", "It has the big screen"),
)
CODE: Final = """\
Two lines and it is out:
```
git tag -s v2.4 && git push origin v2.4
make deploy TARGET=staging
```"""


# --- the scene --------------------------------------------------------------------------------------------------


def remember(data: Path) -> None:
    """Bring what was said yesterday into a history that is empty yet."""
    yesterday = date.today() - timedelta(days=1)
    data.mkdir(parents=True)
    source = data / "before.txt"
    source.write_text("".join(f"{who}|{yesterday}|{clock}|{text}\n" for who, clock, text in BEFORE), "utf-8")
    command = [sys.executable, "-m", "chatserver", "import", "--room", ROOM, "--data", str(data), str(source)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def take(port: int, wanted: list[str], home: Path) -> None:
    """Make these pictures, or all; the server holds what was `remember`ed and nothing else, `home` is alice's."""
    token = Keep(home).token(f"127.0.0.1:{port}", "alice")
    people = {name: Person(name, port, token if name == "alice" else "") for name in ("alice", "bob", "carol", "dave")}
    furnish(people)
    talk(people)
    people.pop("alice").close()
    os.environ.setdefault("LANG", "C.UTF-8")
    for name in NAMES:
        if not wanted or name in wanted:
            with terminal(port, home, *SIZES[name]) as screen:
                scene(screen, people, wide=name == "terminal")
                path = ROOT / "screenshots" / f"{name}.png"
                drawn(screen.colours(), *SIZES[name], screen.cursor()).save(path, optimize=True)
                print(path.relative_to(ROOT))
    for person in people.values():
        person.close()


def furnish(people: dict[str, Person]) -> None:
    """Rooms, states, and what waits for alice elsewhere."""
    bob, carol, dave = people["bob"], people["carol"], people["dave"]
    bob.change("topic", ROOM, topic="What goes out, and when")
    for maker, room, topic in ((bob, "general", "All of us"), (carol, "garden", ""), (dave, "design-review", "")):
        maker.change("create", room, topic=topic)
        for person in people.values():
            if person is not maker:
                person.change("join", room)
    people["alice"].change("post", "@carol", text="Plum cake it is 🍰")
    dave.tell(type="status", state="away", note="Back on Friday")
    for author, room, text in UNREAD:
        people[author].change("post", room, text=text)


def talk(people: dict[str, Person]) -> None:
    """Today in the room of the pictures; alice has read all but the last."""
    alice, bob, carol, dave = people.values()
    bob.change("post", ROOM, text="Morning! All tests are green, *2.4 can go* 🎉")
    steps = bob.change("post", ROOM, text=CODE)
    for person, emoji in ((alice, "👍"), (carol, "👍"), (dave, "👍"), (carol, "🚀")):
        person.change("react", ROOM, of=steps, emoji=emoji)
    mine = alice.change("post", ROOM, text="Tagged and pushed. Staging answers in 40 ms.", reply_to=steps)
    carol.change("react", ROOM, of=mine, emoji="❤️")
    notes = dave.upload("notes-2.4.pdf", b"%PDF-1.4\n" + bytes(182_000))
    read = dave.change("post", ROOM, text="The notes as they go out:", files=[notes])
    alice.tell(type="read", room=ROOM, seq=read)
    carol.change("post", ROOM, text="/me brings plum cake at three 🍰")
    carol.change("post", ROOM, text="@alice can you take the announcement? I am in the critique until noon.")


def scene(screen: "Screen", people: dict[str, Person], wide: bool) -> None:
    """alice answers in the room while bob writes; with the members where there is place, else with names to choose."""
    screen.until("F1 help")
    screen.keys("C-k")
    screen.until("Jump to")
    screen.write(ROOM)
    screen.until("> " + ROOM)
    screen.keys("Enter")
    screen.until("until noon.", "❤")
    screen.write("Of course. It is written already, @")
    if wide:
        screen.write("carol")
        screen.keys("F2")
        screen.until("◐ dave", "already, @carol")
    else:
        screen.keys("Tab")
        screen.until("@room", "Tells all")
    people["bob"].tell(type="typing", room=ROOM)
    screen.until("bob is typing")


# --- tmux -------------------------------------------------------------------------------------------------------


class Screen:
    """A terminal in a tmux of its own. `tmux` runs one of its commands."""

    def __init__(self, tmux: Callable[..., str]) -> None:
        self._tmux = tmux

    def write(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def keys(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def colours(self) -> str:
        """What is seen, with the terminal's codes for colours."""
        return self._tmux("capture-pane", "-p", "-e", "-N")

    def cursor(self) -> tuple[int, int]:
        """In which cell it stands."""
        x, y = self._tmux("display-message", "-p", "#{cursor_x} #{cursor_y}").split()
        return int(x), int(y)

    def until(self, *texts: str) -> None:
        """Wait until all of these are to be seen."""
        deadline = time.monotonic() + PATIENCE
        while not all(text in (seen := self._tmux("capture-pane", "-p")) for text in texts):
            if time.monotonic() > deadline:
                raise RuntimeError(f"There is no {texts} on this screen:\n{seen}")
            time.sleep(0.1)


@contextmanager
def terminal(port: int, home: Path, width: int, height: int) -> Iterator[Screen]:
    """alice's, with the client in it."""
    socket = home.parent / f"tmux-{width}x{height}"

    def tmux(*words: str) -> str:
        command = [shutil.which("tmux") or "tmux", "-u", "-S", str(socket), "-f", os.devnull, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout

    client = shlex.join([sys.executable, "-m", "chatclient", "--terminal", f"127.0.0.1:{port}", "--user", "alice"])
    settings = f"PARLEY_HOME={shlex.quote(str(home))} PARLEY_KEYRING=off TERM=screen-256color LANG=C.UTF-8"
    tmux("new-session", "-d", "-x", str(width), "-y", str(height), f"cd {ROOT}; exec env {settings} {client}")
    try:
        tmux("set", "-g", "status", "off")
        tmux("resize-window", "-x", str(width), "-y", str(height))
        yield Screen(tmux)
    finally:
        tmux("kill-server")
