"""The lines of what was found: a room's name over its hits, and a hit with its picture, its time and its marks."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from chatclient.desktop import emoji
from chatclient.desktop.paint import Pen
from chatclient.desktop.theme import colour_index
from chatclient.searching import Hit

_TEXT = 60
_RIGHT = 16
_LINE = 20


class RoomLabel(NamedTuple):
    """The room of the hits under it, and how many they are. A person's name where it is a direct conversation."""

    title: str
    direct: bool
    hits: int
    first: bool
    command: None = None

    @property
    def height(self) -> int:
        return 30 if self.first else 28

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        middle = y + self.height - 12
        pen.icon("users" if self.direct else "hash", 23, middle, 14, "muted", ground)
        end = pen.line(36, middle, self.title, "small_bold", "muted", ground, width=width - 36 - 60)
        pen.line(end + 6, middle, f"{self.hits:,}", "small", "muted", ground)


class HitLine(NamedTuple):
    """One message. `lines`: how many its text takes, one or two."""

    hit: Hit
    lines: int
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 36 + _LINE * self.lines

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        hit, fill = self.hit, "active" if lit else ground
        if lit:
            pen.box(8, y, width - 16, self.height, 8, fill, ground)
        pen.avatar(hit.user, 16, y + 8, 32, fill)
        right = width - _RIGHT
        start = pen.line_end(right, y + 17, hit.when, "tiny", "muted", fill)
        pen.line(_TEXT, y + 17, hit.name, "name", f"name{colour_index(hit.user)}", fill, width=start - _TEXT - 8)
        for row, pieces in enumerate(rows(pen, hit, right - _TEXT)):
            x, middle = _TEXT, y + 38 + row * _LINE
            for text, marked in pieces:
                if marked:
                    pen.box(x, middle - 9, pen.width(text, "body_semibold") + 2, 18, 3, "selected", fill)
                    x = pen.line(x + 1, middle, text, "body_semibold", "text", "selected") + 1
                else:
                    x = pen.line(x, middle, text, "body", "text", fill)


Piece = tuple[str, bool]


def rows(pen: Pen, hit: Hit, width: int) -> list[list[Piece]]:
    """Its text in two lines at most, as pieces that are marked or not; … where there would be a third."""
    found: list[list[Piece]] = [[]]
    at = 0
    for word in _words(hit):
        wide = sum(_wide(pen, piece) for piece in word)
        if found[-1] and at + wide > width:
            if len(found) == 2:
                found[-1].append(("…", False))
                return found
            found.append([])
            at = 0
            if all(text.isspace() for text, _ in word):
                continue
        found[-1] += _fitted(pen, word, width) if wide > width else word
        at += wide
    return found


def count_lines(pen: Pen, hit: Hit, width: int) -> int:
    return len(rows(pen, hit, width - _TEXT - _RIGHT))


def _words(hit: Hit) -> Iterator[list[Piece]]:
    """Words and the spaces between them, each in pieces where a mark begins or ends inside."""
    edges = {edge for mark in hit.marks for edge in mark}
    marked = [any(begin <= place < end for begin, end in hit.marks) for place in range(len(hit.text))]
    start = 0
    text = hit.text
    while start < len(text):
        space = text[start].isspace()
        end = start
        while end < len(text) and text[end].isspace() == space:
            end += 1
        cuts = [start, *sorted(edge for edge in edges if start < edge < end), end]
        yield [(text[a:b], marked[a]) for a, b in pairwise(cuts)]
        start = end


def _wide(pen: Pen, piece: Piece) -> int:
    text, marked = piece
    return pen.width(text, "body_semibold") + 2 if marked else pen.width(text, "body")


def _fitted(pen: Pen, word: list[Piece], width: int) -> list[Piece]:
    """A word wider than a line, cut; emoji stay whole."""
    kept: list[Piece] = []
    for text, marked in word:
        for part, whole in emoji.split(text):
            for char in [part] if whole else part:
                wide = _wide(pen, (char, marked))
                if wide + 16 > width:
                    return [*kept, ("…", False)]
                width -= wide
                if kept and kept[-1][1] == marked:
                    kept[-1] = (kept[-1][0] + char, marked)
                else:
                    kept.append((char, marked))
    return kept
