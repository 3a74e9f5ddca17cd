"""Sample rows, and a stand-in for a timeline that can be as long as one likes."""

import hashlib
import random
from typing import Any

from chatclient.rows import Row
from shared.protocol import File

PEOPLE = ("alice", "bob", "carol", "dave", "erin")
WORDS = (*"the quick brown fox jumps over a lazy dog at lunch".split(), "🎉", "https://example.org/a/b", "你好", "שלום")  # noqa: SIM905 - easier to read


def row(text: str = "Hello", **fields: Any) -> Row:
    """A message of bob's that stands alone."""
    base: dict[str, Any] = {
        "key": "1",
        "kind": "message",
        "seq": 1,
        "user": "bob",
        "text": text,
        "clock": "09:12",
        "own": False,
        "state": "sent",
        "reason": "",
        "day": "",
        "unread": False,
        "first": True,
        "last": True,
    }
    return Row(**base | fields)


def file(name: str = "notes.pdf", mime: str = "application/pdf", size: int = 1_468_006) -> File:
    """A file that is no picture."""
    return File(file=hashlib.sha256(name.encode(errors="replace")).hexdigest(), name=name, mime=mime, size=size)


def picture_file(name: str, width: int, height: int) -> File:
    sha = hashlib.sha256(f"{name}{width}x{height}".encode(errors="replace")).hexdigest()
    return File(file=sha, name=name, mime="image/png", size=640_000, width=width, height=height)


class Counting:
    """A measurer for which every letter is 7 px wide."""

    def width(self, font: str, text: str) -> int:
        return 7 * len(text)

    def height(self, font: str) -> int:
        return 17

    def ascent(self, font: str) -> int:
        return 13

    def visual(self, text: str) -> str:
        return text

    def line(self, text: str) -> str:
        return text


class LongRoom:
    """`count` rows made when they are asked for, from their number: row `i` is message `base + i`.

    Groups of three, a day every 50; `words(n)` gives the text of message `n`. `extra` stand behind all of them.
    """

    def __init__(self, count: int, base: int = 1_000_000) -> None:
        self.stored, self.base = count, base
        self.extra: list[Row] = []
        self.unread_index: int | None = None
        self.edited: dict[int, str] = {}

    attached = True

    @property
    def count(self) -> int:
        return self.stored + len(self.extra)

    def row(self, i: int) -> Row:
        if i >= self.stored:
            return self.extra[i - self.stored]
        n = self.base + i
        user = PEOPLE[(n // 3) % len(PEOPLE)]
        return row(
            self.words(n),
            key=str(n),
            seq=n,
            user=user,
            clock=f"09:{n % 60:02}",
            own=user == "alice",
            day=f"Day {n // 50}" if i == 0 or n % 50 == 0 else "",
            unread=i == self.unread_index,
            first=i == 0 or n % 3 == 0 or n % 50 == 0,
            last=n % 3 == 2,
        )

    def words(self, n: int) -> str:
        if n in self.edited:
            return self.edited[n]
        pick = random.Random(n)
        return " ".join(pick.choices(WORDS, k=pick.randint(1, 30)))

    def index(self, key: str) -> int | None:
        if key.startswith("~"):
            found = (i for i, extra in enumerate(self.extra) if extra.key == key)
            place = next(found, None)
            return None if place is None else self.stored + place
        i = int(key) - self.base
        return i if 0 <= i < self.stored else None
