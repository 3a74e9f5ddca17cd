"""Breaking paragraphs into lines of a width. Pure: asks a `Measurer` and knows nothing of bubbles.

Greedy, as people expect of running text. What is wider than a line (an address, a word without end) is broken
where it must be, never inside a letter and its marks. Words of one style beside one another become one run, so that
a line is mostly one item on the canvas. What runs from right to left is cut out of them and put where it stands.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop import bidi
from chatclient.desktop.measure import Measurer
from chatclient.desktop.spans import Kind, Paragraph, Span
from shared.markup import BOLD, CODE, ITALIC, MENTION, YOU

EMOJI_SIDE: Final = 1
"""Free pixels left and right of an emoji in a line."""
RTL_FONT: Final = "body_rtl"
"""Of paragraphs from right to left: their letters are smaller by themselves."""
_TAB: Final = "\u2003"  # as spans show it
_TAB_SPACES: Final = "    "
_OBJECT: Final = "\ufffc"
_FACES: Final = {0: "body", BOLD: "body_bold", ITALIC: "body_italic", BOLD | ITALIC: "body_bold_italic"}


class Pads(NamedTuple):
    """Free pixels at both sides of a piece that has a ground of its own."""

    code: int = 0
    mention: int = 0

    def of(self, style: int) -> int:
        if style & CODE:
            return self.code
        return self.mention if style & YOU else 0


class Piece(NamedTuple):
    """One run of a line: `x` from the line's left end, `source[start:end]` shown as `text`.

    `width` has `pad` pixels at either side of the text in it.
    """

    x: int
    width: int
    kind: Kind
    text: str
    start: int
    end: int
    address: str
    style: int
    font: str
    pad: int
    shown: str = ""  # how the text is drawn where that is another way
    rtl: bool = False


class Line(NamedTuple):
    """`pieces` stand in the order of the source; `font`: of what has no style."""

    pieces: tuple[Piece, ...]
    width: int
    rtl: bool
    start: int  # place in the source, for a line with nothing on it
    font: str = "body"


def face(font: str, style: int) -> str:
    """The font of a style, where the text's own is `font`. Only a message's text has others."""
    if not style or font not in ("body", RTL_FONT):
        return font
    if style & CODE:
        return "code"
    if style & MENTION and not style & (BOLD | ITALIC):
        return "body_semibold"
    return _FACES[style & (BOLD | ITALIC)]


def wrapped(
    paragraphs: Iterable[Paragraph],
    limit: int,
    measurer: Measurer,
    font: str,
    emoji_size: int,
    pads: Pads = Pads(),  # noqa: B008 - a tuple never changes
) -> list[Line]:
    """The lines of all paragraphs, each at most `limit` pixels wide (a single letter may be wider); one at least."""
    lines: list[Line] = []
    for paragraph in paragraphs:
        own = RTL_FONT if paragraph.rtl and font == "body" else font
        breaker = _Breaker(paragraph, limit, measurer, own, emoji_size, pads)
        for span in paragraph.spans:
            breaker.put(span)
        lines += breaker.finished()
    return lines


class _Breaker:
    """One paragraph on its way into lines. A run grows word by word and becomes a piece when it ends."""

    def __init__(
        self, paragraph: Paragraph, limit: int, measurer: Measurer, font: str, emoji_size: int, pads: Pads
    ) -> None:
        self._rtl, self._mixed, self._start = paragraph.rtl, paragraph.mixed, paragraph.start
        self._limit, self._width, self._font, self._pads = limit, measurer.width, font, pads
        self._measurer = measurer
        self._emoji_width = emoji_size + 2 * EMOJI_SIDE
        self._lines: list[Line] = []
        self._pieces: list[Piece] = []
        self._run: Span | None = None  # the first span of the run that grows
        self._texts: list[str] = []
        self._run_x = self._x = 0  # where that begins, and where the line ends now
        self._at = self._end = -1  # the end of the last span, and of the last one but spaces
        self._spaces: list[str] = []
        self._spaces_width = 0
        self._gapless = True  # whether the run could go on after these spaces
        self._turns = False  # whether something on the line runs from right to left

    def put(self, span: Span) -> None:
        kind, text, start, end, address, style = span
        font = face(self._font, style) if style else self._font
        if kind == "space":
            tab = font == "code" and _TAB in text
            run = self._run
            self._gapless &= start == self._at and not tab and run is not None and run.style == style
            self._spaces.append(text)
            self._spaces_width += self._width(font, text.replace(_TAB, _TAB_SPACES) if tab else text)
            self._at = end
            return
        run = self._run
        joined = (
            run is not None
            and run.kind == kind != "emoji"
            and self._gapless
            and start == self._at
            and run.style == style
            and run.address == address
        )
        turns = self._mixed and bidi.RTL.search(text) is not None
        if turns:
            width = self._width(font, self._measurer.visual(text))
        else:
            width = self._emoji_width if kind == "emoji" else self._width(font, text)
        sides = 0 if joined or not style else 2 * self._pads.of(style)
        if self._x + self._spaces_width + width + sides > self._limit:
            self._squeeze(span, width, sides, font)
        elif joined:
            self._grow(text, width, end)
        else:
            self._begin(span, width + sides)
        self._turns |= turns

    def _squeeze(self, span: Span, width: int, sides: int, font: str) -> None:
        """It does not fit: onto the next line; what is wider than a line goes onto several."""
        pads = 2 * self._pads.of(span.style)
        if self._run is not None:
            self._break(span.start)
            sides = pads
        while span.kind != "emoji" and self._x + self._spaces_width + width + sides > self._limit:
            room = self._limit - self._x - self._spaces_width - sides
            count = _fitting(span.text, max(room, 1), self._measurer, font)
            if count >= len(span.text):
                break
            head = span._replace(text=span.text[:count], end=span.start + count)
            self._begin(head, self._width(font, head.text) + sides)
            span = span._replace(text=span.text[count:], start=span.start + count)
            width = self._width(font, span.text)
            self._turns |= self._mixed
            self._break(span.start)
            sides = pads
        self._begin(span, width + sides)

    def finished(self) -> list[Line]:
        self._break(self._start)
        return self._lines

    def _begin(self, span: Span, width: int) -> None:
        """A run begins with this span."""
        self._close()
        self._run, self._texts = span, [span.text]
        self._run_x = self._x + self._spaces_width
        self._x = self._run_x + width
        self._clear(span.end)

    def _grow(self, text: str, width: int, end: int) -> None:
        self._texts += self._spaces
        self._texts.append(text)
        self._x += self._spaces_width + width
        self._clear(end)

    def _clear(self, end: int) -> None:
        self._at = self._end = end
        if self._spaces:
            self._spaces, self._spaces_width = [], 0
        self._gapless = True

    def _close(self) -> None:
        """The run is a piece of the line."""
        run = self._run
        if run is None:
            return
        style = run.style
        font, pad = (face(self._font, style), self._pads.of(style)) if style else (self._font, 0)
        text = "".join(self._texts) if len(self._texts) > 1 else run.text
        wide = self._x - self._run_x
        self._pieces.append(
            Piece(self._run_x, wide, run.kind, text, run.start, self._end, run.address, style, font, pad)
        )
        self._run = None

    def _break(self, start: int) -> None:
        self._close()
        pieces, width = self._pieces, self._x
        if pieces and (self._turns or self._rtl):
            pieces, width = turned(pieces, self._rtl, self._measurer)
        self._turns = False
        self._lines.append(Line(tuple(pieces), width, self._rtl, self._start, self._font))
        self._start = start
        self._pieces, self._x = [], 0
        self._clear(self._at)


def turned(pieces: Sequence[Piece], rtl: bool, measurer: Measurer) -> tuple[list[Piece], int]:
    """The pieces of a line where they stand when both directions have their way, and how wide it is now.

    A piece is cut where its direction changes, but for one that has a ground of its own.
    """
    text, at = "", 0
    items: list[tuple[Piece | None, int, int]] = []  # a piece or a gap, the place of its first sign, its width
    for piece in pieces:
        if piece.x > at:
            items.append((None, len(text), piece.x - at))
            text += " "
        items.append((piece, len(text), piece.width))
        text += _OBJECT if piece.kind == "emoji" else piece.text
        at = piece.x + piece.width
    found = bidi.levels(text, rtl)
    if "1" not in found:
        return list(pieces), at
    cut: list[tuple[Piece | None, str, int]] = []  # a piece or a gap, its level, its width
    for each, first, width in items:
        if each is None or each.kind == "emoji":
            cut.append((each, found[first], width))
        elif each.pad:
            cut.append((each._replace(shown=measurer.line(each.text)), found[first], width))
        else:
            for low, high in bidi.runs(found[first : first + len(each.text)]):
                part = _part(each, low, high, found[first + low] == "1", measurer)
                cut.append((part, found[first + low], part.width))
    x, places = 0, dict[int, int]()
    for index in bidi.ordered(range(len(cut)), [level for _, level, _ in cut]):
        places[index] = x
        x += cut[index][2]
    return [each._replace(x=places[index]) for index, (each, _, _) in enumerate(cut) if each is not None], x


def _part(piece: Piece, low: int, high: int, rtl: bool, measurer: Measurer) -> Piece:
    text = piece.text[low:high]
    if text == piece.text and not rtl:
        return piece
    shown = measurer.visual(text) if rtl else ""
    width = measurer.width(piece.font, shown or text)
    start = piece.start + low if piece.start >= 0 else piece.start
    end = piece.start + high if piece.start >= 0 else piece.end
    return piece._replace(text=text, start=start, end=end, width=width, shown=shown, rtl=rtl)


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


def elided_middle(text: str, limit: int, measurer: Measurer, font: str) -> str:
    """The text, or its beginning and its end round an ellipsis: of a file's name both tell something."""
    if measurer.width(font, text) <= limit:
        return text
    low, high = 0, len(text) // 2
    while low < high:
        middle = (low + high + 1) // 2
        if measurer.width(font, f"{text[:middle]}…{text[-middle:]}") <= limit:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…{text[len(text) - low :].lstrip()}" if low else "…"
