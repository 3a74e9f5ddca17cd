"""Breaking paragraphs into lines of a width. Pure: asks a `Measurer` and knows nothing of bubbles.

Greedy, as people expect of running text. What is wider than a line (an address, a word without end) is broken
where it must be, never inside a letter and its marks. Words beside one another become one run, so that a line is
mostly one item on the canvas. In a right-to-left paragraph the runs stand from right to left.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from chatclient.desktop.measure import Measurer
from chatclient.desktop.spans import Kind, Paragraph, Span

EMOJI_SIDE: Final = 1
"""Free pixels left and right of an emoji in a line."""


class Piece(NamedTuple):
    """One run of a line: `x` from the line's left end, `source[start:end]` shown as `text`."""

    x: int
    width: int
    kind: Kind
    text: str
    start: int
    end: int
    address: str = ""


class Line(NamedTuple):
    pieces: tuple[Piece, ...]
    width: int
    rtl: bool
    start: int  # place in the source, for a line with nothing on it


def wrapped(paragraphs: Iterable[Paragraph], limit: int, measurer: Measurer, font: str, emoji_size: int) -> list[Line]:
    """The lines of all paragraphs, each at most `limit` pixels wide (a single letter may be wider); one at least."""
    lines: list[Line] = []
    for paragraph in paragraphs:
        breaker = _Breaker(paragraph, limit, measurer, font, emoji_size)
        for span in paragraph.spans:
            breaker.put(span)
        lines += breaker.finished()
    return lines


class _Breaker:
    """One paragraph on its way into lines."""

    def __init__(self, paragraph: Paragraph, limit: int, measurer: Measurer, font: str, emoji_size: int) -> None:
        self._rtl, self._start = paragraph.rtl, paragraph.start
        self._limit, self._measurer, self._font = limit, measurer, font
        self._emoji_width = emoji_size + 2 * EMOJI_SIDE
        self._lines: list[Line] = []
        self._pieces: list[Piece] = []
        self._x = 0
        self._spaces: list[Span] = []
        self._spaces_width = 0

    def put(self, span: Span) -> None:
        width = self._width(span.kind, span.text)
        if span.kind == "space":
            self._spaces.append(span)
            self._spaces_width += width
            return
        if self._pieces and self._x + self._spaces_width + width > self._limit:
            self._break(span.start)
        if span.kind != "emoji":
            while self._x + self._spaces_width + width > self._limit:
                room = self._limit - self._x - self._spaces_width
                count = _fitting(span.text, max(room, 1), self._measurer, self._font)
                if count >= len(span.text):
                    break
                head = span._replace(text=span.text[:count], end=span.start + count)
                self._append(head, self._width(head.kind, head.text))
                span = span._replace(text=span.text[count:], start=span.start + count)
                width = self._width(span.kind, span.text)
                self._break(span.start)
        self._append(span, width)

    def finished(self) -> list[Line]:
        self._break(self._start)
        return self._lines

    def _width(self, kind: Kind, text: str) -> int:
        return self._emoji_width if kind == "emoji" else self._measurer.width(self._font, text)

    def _append(self, span: Span, width: int) -> None:
        last = self._pieces[-1] if self._pieces else None
        joined = (
            last is not None
            and last.kind == span.kind == "word"
            and last.end == (self._spaces[0].start if self._spaces else span.start)
            and all(a.end == b.start for a, b in pairwise([*self._spaces, span]))
        )
        if joined and last is not None:
            text = "".join([last.text, *(space.text for space in self._spaces), span.text])
            self._x = last.x + last.width + self._spaces_width + width
            self._pieces[-1] = Piece(last.x, self._x - last.x, "word", text, last.start, span.end)
        else:
            x = self._x + self._spaces_width
            self._pieces.append(Piece(x, width, span.kind, span.text, span.start, span.end, span.address))
            self._x = x + width
        self._spaces, self._spaces_width = [], 0

    def _break(self, start: int) -> None:
        pieces: Sequence[Piece] = self._pieces
        if self._rtl:
            pieces = [piece._replace(x=self._x - piece.x - piece.width) for piece in pieces]
        self._lines.append(Line(tuple(pieces), self._x, self._rtl, self._start))
        self._start = start
        self._pieces, self._x = [], 0
        self._spaces, self._spaces_width = [], 0


def _fitting(text: str, limit: int, measurer: Measurer, font: str) -> int:
    """How many characters fit into the width, one at least; a mark stays with its letter."""
    low, high = 1, len(text)
    reach = min(len(text), max(8, limit))  # a letter has a pixel at least, mostly
    if reach < high and measurer.width(font, text[:reach]) > limit:
        high = reach
    while low < high:
        middle = (low + high + 1) // 2
        if measurer.width(font, text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    count = low
    while 1 < count < len(text) and unicodedata.combining(text[count]):
        count -= 1
    if count == 1:
        while count < len(text) and unicodedata.combining(text[count]):
            count += 1
    return count


def elided(text: str, limit: int, measurer: Measurer, font: str) -> str:
    """The text, or as much of its beginning as fits before an ellipsis."""
    if measurer.width(font, text) <= limit:
        return text
    count = _fitting(text, max(1, limit - measurer.width(font, "…")), measurer, font)
    return text[:count].rstrip() + "…"
