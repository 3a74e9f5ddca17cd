"""The sheet on which one row is laid out, from the top down, and what every part of a row puts on it. Pure."""

from typing import Final, NamedTuple, Protocol

from chatclient.desktop.measure import Measurer
from chatclient.desktop.operations import Box, Bubble, Emoji, Icon, Operation, Rect, Run, Target, Text
from chatclient.desktop.theme import Metrics
from chatclient.desktop.wrapping import EMOJI_SIDE, Line, Pads, Piece
from shared.markup import CODE, MENTION, STRIKE, YOU


class Look(NamedTuple):
    """The tokens of one sort of bubble. `quote`: ground of code and quotes in it; `bar`: the line beside a quote."""

    ground: str
    text: str
    muted: str
    link: str
    quote: str
    bar: str
    line: str = ""
    name: str = "text"  # of what is shown and is no part of the row's text: who does something


NOWHERE: Final = -1
"""Place in the row's text of what is no part of it."""

OTHER: Final = Look("other", "text", "muted", "link", "quote", "accent")
OWN: Final = Look("own", "own_text", "own_muted", "own_link", "own_quote", "own_text")
FAILED: Final = Look("danger_tint", "text", "muted", "link", "quote", "accent", "danger_line")
BARE: Final = Look("conv", "text", "muted", "link", "quote", "accent")
QUIET: Final = Look("conv", "muted", "muted", "link", "quote", "accent")


class Part(Protocol):
    """What stands in a bubble over its whole width: `width` and `height` are the least it needs."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    def place(self, sheet: "Sheet", x: int, y: int, inner: int, look: Look) -> None:
        """Draw it with its upper left corner there, `inner` pixels wide."""


class Sheet:
    """`y` is where the next part of the row begins; `margin` is kept free at both sides."""

    def __init__(self, width: int, measurer: Measurer, metrics: Metrics) -> None:
        self.width, self.measurer, self.m = width, measurer, metrics
        self.margin = metrics.margin_narrow if width < metrics.narrow else metrics.margin
        self.pads = Pads(metrics.inline_pad, metrics.mention_pad)
        self.y = 0
        self.operations: list[Operation] = []
        self.runs: list[Run] = []
        self.targets: list[Target] = []
        self.body: Bubble | None = None

    @property
    def bubble_limit(self) -> int:
        """Inside a bubble there are at most so many pixels."""
        m = self.m
        return max(m.line, min(m.bubble, self.width - 2 * self.margin - m.avatar - 2 * m.avatar_gap) - 2 * m.pad_x)

    def put(self, operation: Operation) -> None:
        self.operations.append(operation)

    def text(self, x: int, y: int, line: int, text: str, font: str, colour: str) -> int:
        """A text in the middle of a line's height; where its top is."""
        top = y + (line - self.measurer.height(font)) // 2
        shown = text if text.isascii() else self.measurer.line(text)
        self.operations.append(Text(x, top, shown, font, colour))
        return top

    def rule(self, left: int, right: int, y: int, colour: str) -> None:
        if right > left:
            self.operations.append(Rect(left, y, right - left, 1, colour))

    def icon(self, x: int, y: int, line: int, name: str, size: int, colour: str, ground: str) -> None:
        """An icon in the middle of a line's height."""
        self.operations.append(Icon(x, y + (line - size) // 2, name, size, colour, ground))

    def line(self, line: Line, x: int, y: int, height: int, emoji_size: int, look: Look) -> None:
        """One line of the row's own text, which can be selected."""
        font = line.font
        top = y + (height - self.measurer.height(font)) // 2
        if not line.pieces:
            self.runs.append(Run(x, y, 0, height, "", font, line.start, line.start, False))
        for piece in line.pieces:
            left = x + piece.x + piece.pad
            if piece.kind == "emoji":
                self._emoji(piece, left, y, height, emoji_size, look)
            elif not piece.style and not piece.address:
                self.operations.append(Text(left, top, piece.shown or piece.text, piece.font, look.text))
            else:
                self._styled(piece, x + piece.x, y, height, font, look)
            if piece.start != NOWHERE:
                wide = piece.width - 2 * piece.pad
                place = piece.start, piece.end, piece.kind == "emoji", piece.rtl
                self.runs.append(Run(left, y, wide, height, piece.text, piece.font, *place))

    def _emoji(self, piece: Piece, x: int, y: int, height: int, size: int, look: Look) -> None:
        ground = look.quote if piece.style & CODE else look.ground
        self.operations.append(
            Emoji(x + EMOJI_SIDE, y + (height - size) // 2, piece.text, size, ground, piece.start)
        )  # fmt: skip
        if piece.address:
            self.targets.append(Target(x, y, piece.width, height, "link", piece.address, piece.address))

    def _styled(self, piece: Piece, x: int, y: int, height: int, font: str, look: Look) -> None:
        """A piece in a style of its own: on the line that the text's own font stands on."""
        measurer, m, style = self.measurer, self.m, piece.style
        linked = bool(piece.address)
        colour = look.link if linked or style & MENTION else look.text
        ground = look.quote if style & CODE else "selected" if style & YOU and look.ground != "own" else ""
        if ground:
            high = m.inline_high
            box = Box(x, y + (height - high) // 2, piece.width, high, m.inline_radius, ground, look.ground)
            self.operations.append(box)
            colour = look.link if linked else look.text
        if piece.start == NOWHERE:
            colour = look.name
        base = y + (height - measurer.height(font)) // 2 + measurer.ascent(font)
        left, wide = x + piece.pad, piece.width - 2 * piece.pad
        self.operations.append(
            Text(left, base - measurer.ascent(piece.font), piece.shown or piece.text, piece.font, colour)
        )
        if linked:
            self.operations.append(Rect(left, base + 2, wide, 1, colour))
            tip = "" if piece.address.endswith(piece.text) else piece.address
            self.targets.append(Target(left, y, wide, height, "link", piece.address, tip))
        if style & STRIKE:
            self.operations.append(Rect(left, base - measurer.ascent(font) // 3, wide, 1, colour))
