"""Where everything of a row stands. Pure: a row, a width, a measurer in, drawing operations out.

Operations name colours by the theme's tokens and fonts by their key, so a drawing outlives a change of theme. All
places are pixels from the row's upper left corner; operations stand in the order in which they are drawn. Beside
them a drawing tells where the message's own text stands (`runs`, for the selection) and what can be clicked.
"""

from collections.abc import Iterable
from typing import NamedTuple

from chatclient.desktop.measure import Measurer
from chatclient.desktop.spans import Paragraph, paragraphs, plain
from chatclient.desktop.theme import Metrics, colour_index
from chatclient.desktop.wrapping import EMOJI_SIDE, Line, elided, wrapped
from chatclient.timeline import Row

LARGE_EMOJI_AT_MOST = 6
"""A message of no more than so many emoji, and of nothing else, shows them large."""


class Text(NamedTuple):
    x: int
    y: int
    text: str
    font: str
    colour: str


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int
    colour: str


class Bubble(NamedTuple):
    """`radii` from the upper left corner clockwise; `line`: token of a line of 1 px along the edge, or empty."""

    x: int
    y: int
    width: int
    height: int
    colour: str
    radii: tuple[int, int, int, int]
    ground: str
    line: str = ""


class Emoji(NamedTuple):
    x: int
    y: int
    sequence: str
    size: int
    ground: str
    start: int  # its place in the message's text, -1 in others


class Icon(NamedTuple):
    x: int
    y: int
    name: str
    size: int
    colour: str
    ground: str


class Avatar(NamedTuple):
    x: int
    y: int
    name: str
    size: int


Operation = Text | Rect | Bubble | Emoji | Icon | Avatar


class Run(NamedTuple):
    """A piece of the message's text on the row: `row.text[start:end]`. An emoji is one sign, all or nothing."""

    x: int
    y: int
    width: int
    height: int
    text: str
    font: str
    start: int
    end: int
    emoji: bool


class Target(NamedTuple):
    """What can be clicked: `kind` "link" with its address, or "action" with its name."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    value: str


class Drawing(NamedTuple):
    height: int
    operations: tuple[Operation, ...]
    runs: tuple[Run, ...]
    targets: tuple[Target, ...]
    body: Bubble | None  # the message's bubble, one of the operations


class _Look(NamedTuple):
    """The tokens of one sort of bubble."""

    ground: str
    text: str
    muted: str
    link: str
    line: str = ""


_OTHER = _Look("other", "text", "muted", "link")
_OWN = _Look("own", "own_text", "own_muted", "own_link")
_FAILED = _Look("danger_tint", "text", "muted", "link", "danger_line")


def lay_out(row: Row, width: int, measurer: Measurer, metrics: Metrics, slow: bool = False, seen: str = "") -> Drawing:
    """The drawing of a row in a conversation `width` pixels wide.

    `slow`: the message has been on its way for so long that its reader is told ("Sending").
    `seen`: what stands under it about who has read it ("Seen").
    """
    sheet = _Sheet(width, measurer, metrics)
    if row.day:
        sheet.day(row.day)
    if row.unread:
        sheet.unread()
    if row.kind == "notice":
        sheet.notice(row.text)
    else:
        sheet.message(row, slow)
        if seen:
            sheet.seen(seen)
    return Drawing(sheet.y, tuple(sheet.operations), tuple(sheet.runs), tuple(sheet.targets), sheet.body)


class _Sheet:
    """One row being laid out, from the top down; `y` is where the next part begins."""

    def __init__(self, width: int, measurer: Measurer, metrics: Metrics) -> None:
        self._width, self._measurer, self._m = width, measurer, metrics
        self._margin = metrics.margin_narrow if width < metrics.narrow else metrics.margin
        self.y = 0
        self.operations: list[Operation] = []
        self.runs: list[Run] = []
        self.targets: list[Target] = []
        self.body: Bubble | None = None

    # --- what stands between messages ---------------------------------------------------------------------------

    def day(self, label: str) -> None:
        m, text = self._m, plain(label)
        wide = self._measurer.width("small_bold", text)
        self.y += m.pad_y
        left = (self._width - wide) // 2
        middle, gap = self.y + m.small_line // 2, m.time_gap - 1
        self._line(self._margin, left - gap, middle, "border")
        self._line(left + wide + gap, self._width - self._margin, middle, "border")
        self._text(left, self.y, m.small_line, text, "small_bold", "muted")
        self.y += m.small_line + m.pad_y // 2

    def unread(self) -> None:
        m, text = self._m, "New messages"
        wide = self._measurer.width("small_bold", text)
        self.y += m.pad_y + m.gap
        left = self._width - self._margin - wide
        self._line(self._margin, left - m.pad_y, self.y + m.small_line // 2, "danger_line")
        self._text(left, self.y, m.small_line, text, "small_bold", "danger")
        self.y += m.small_line - m.gap

    def notice(self, text: str) -> None:
        m = self._m
        limit = max(1, min(m.bubble, self._width - 2 * self._margin))
        self.y += m.group_gap
        lines = wrapped(paragraphs(text), limit, self._measurer, "small", m.small_line)
        for line in lines:
            left = (self._width - line.width) // 2
            self._pieces(
                line, left, self.y, m.small_line, "small", m.small_line, _Look("conv", "muted", "muted", "link")
            )
            self.y += m.small_line

    # --- a message ----------------------------------------------------------------------------------------------

    def message(self, row: Row, slow: bool) -> None:
        m = self._m
        failed = row.state == "failed"
        look = _FAILED if failed else _OWN if row.own else _OTHER
        self.y += m.group_gap if row.first else m.gap
        limit = max(m.line, min(m.bubble, self._width - 2 * self._margin - m.avatar - 2 * m.avatar_gap) - 2 * m.pad_x)

        name = "" if row.own or not row.first else elided(plain(row.name or row.user), limit, self._measurer, "name")
        parts = paragraphs(row.text)
        large = _is_large(parts)
        emoji_size, height = (m.emoji_large, m.emoji_line) if large else (m.emoji, m.line)
        lines = wrapped(parts, limit, self._measurer, "body", emoji_size)

        label, mark = _stamp(row, slow)
        stamp = self._stamp_width(label, mark)
        last = lines[-1]
        beside = last.width + m.time_gap + stamp <= limit if stamp else True
        inner = max(line.width for line in lines)
        if stamp:
            inner = max(inner, last.width + m.time_gap + stamp) if beside else max(inner, stamp)
        if name:
            inner = max(inner, self._measurer.width("name", name))
        tall = (m.name_line if name else 0) + height * len(lines) + (0 if beside else m.line)

        wide, top = inner + 2 * m.pad_x, self.y
        left = self._width - self._margin - wide if row.own else self._margin + m.avatar + m.avatar_gap
        self.body = Bubble(left, top, wide, tall + 2 * m.pad_y, look.ground, self._radii(row), "conv", look.line)
        self.operations.append(self.body)

        x, y = left + m.pad_x, top + m.pad_y
        if name:
            self._text(x, y, m.name_line, name, "name", f"name{colour_index(row.user)}")
            y += m.name_line
        for line in lines:
            start = x + inner - line.width if line.rtl else x
            self._pieces(line, start, y, height, "body", emoji_size, look)
            y += height
        if stamp:
            y += 0 if beside else m.line
            place = x if last.rtl else x + inner - stamp
            self._stamp(place, y - m.line + 5 * m.line // 20, label, mark, look)
        self.y = top + self.body.height
        if row.last and not row.own:
            self.operations.append(Avatar(self._margin, self.y - m.avatar, row.user, m.avatar))
        if failed:
            self._failure(row.reason)

    def seen(self, words: str) -> None:
        """Under an own bubble, at its right."""
        m = self._m
        text = elided(plain(words), min(m.bubble, self._width - 2 * self._margin), self._measurer, "tiny")
        self.y += m.gap
        left = self._width - self._margin - self._measurer.width("tiny", text)
        self._text(left, self.y, m.small_line, text, "tiny", "muted")
        self.y += m.small_line

    def _radii(self, row: Row) -> tuple[int, int, int, int]:
        whole, joined = self._m.radius, self._m.radius_joined
        above, below = (whole if row.first else joined), (whole if row.last else joined)
        return (whole, above, below, whole) if row.own else (above, whole, whole, below)

    def _stamp_width(self, label: str, mark: str) -> int:
        if not label:
            return 0
        wide = self._measurer.width("tiny", label)
        return wide + self._m.mark_gap + (self._m.clock if mark == "clock" else self._m.check) if mark else wide

    def _stamp(self, x: int, y: int, label: str, mark: str, look: _Look) -> None:
        line = self._m.small_line
        self._text(x, y, line, label, "tiny", look.muted)
        size = {"check": self._m.check, "clock": self._m.clock}.get(mark)
        if size:
            x += self._measurer.width("tiny", label) + self._m.mark_gap
            self.operations.append(Icon(x, y + (line - size) // 2, mark, size, look.muted, look.ground))

    def _failure(self, reason: str) -> None:
        """Below the bubble, at the right: the reason and what can be done."""
        m, measurer = self._m, self._measurer
        actions = [("Retry", "retry", "link"), ("Discard", "discard", "muted")]
        spans = paragraphs(plain(f"Not sent: {reason}"))
        room = self._width - 2 * self._margin
        buttons = sum(m.time_gap + measurer.width("small_semibold", word) for word, _, _ in actions)
        lines = wrapped(spans, max(1, room - m.alert - m.mark_gap), measurer, "small", m.small_line)
        beside = lines[-1].width + m.alert + m.mark_gap + buttons <= room
        self.y += m.gap * 2
        right = self._width - self._margin
        for number, line in enumerate(lines):
            ends = right - (buttons if beside and number == len(lines) - 1 else 0)
            x = ends - line.width
            if number == 0:
                icon = Icon(x - m.alert - m.mark_gap, self.y + 1, "alert", m.alert, "danger_line", "conv")
                self.operations.append(icon)
            for piece in line.pieces:
                self._text(x + piece.x, self.y, m.small_line, piece.text, "small", "danger")
            self.y += m.small_line
        x, y = right - buttons, self.y - (m.small_line if beside else 0)
        for word, action, colour in actions:
            wide = measurer.width("small_semibold", word)
            x += m.time_gap
            self._text(x, y, m.small_line, word, "small_semibold", colour)
            self.targets.append(Target(x - 4, y - 4, wide + 8, m.small_line + 8, "action", action))
            x += wide
        self.y = y + m.small_line + 2 * m.gap

    # --- pieces -------------------------------------------------------------------------------------------------

    def _pieces(self, line: Line, x: int, y: int, height: int, font: str, emoji_size: int, look: _Look) -> None:
        if not line.pieces:
            self.runs.append(Run(x, y, 0, height, "", font, line.start, line.start, False))
        for piece in line.pieces:
            left = x + piece.x
            if piece.kind == "emoji":
                top = y + (height - emoji_size) // 2
                self.operations.append(Emoji(left + EMOJI_SIDE, top, piece.text, emoji_size, look.ground, piece.start))
            else:
                colour = look.link if piece.kind == "link" else look.text
                top = self._text(left, y, height, piece.text, font, colour)
                if piece.kind == "link":
                    under = top + self._measurer.ascent(font) + 2
                    self.operations.append(Rect(left, under, piece.width, 1, colour))
                    self.targets.append(Target(left, y, piece.width, height, "link", piece.address))
            self.runs.append(
                Run(left, y, piece.width, height, piece.text, font, piece.start, piece.end, piece.kind == "emoji")
            )

    def _text(self, x: int, y: int, line: int, text: str, font: str, colour: str) -> int:
        """A text in the middle of a line's height; where its top is."""
        top = y + (line - self._measurer.height(font)) // 2
        self.operations.append(Text(x, top, text, font, colour))
        return top

    def _line(self, left: int, right: int, y: int, colour: str) -> None:
        if right > left:
            self.operations.append(Rect(left, y, right - left, 1, colour))


def _stamp(row: Row, slow: bool) -> tuple[str, str]:
    """What stands where the time is, and its mark; "blank" keeps the place that the check will take."""
    if row.state == "failed":
        return "", ""
    if row.state == "waiting":
        return "Waiting", "clock"
    if row.state == "sending":
        return ("Sending", "clock") if slow else (row.clock, "blank")
    return row.clock, "check" if row.own else ""


def _is_large(parts: Iterable[Paragraph]) -> bool:
    kinds = [span.kind for part in parts for span in part.spans]
    return 0 < kinds.count("emoji") <= LARGE_EMOJI_AT_MOST and all(kind in ("emoji", "space") for kind in kinds)
