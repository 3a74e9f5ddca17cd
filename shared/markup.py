"""The Markdown that a message may hold, as blocks of lines of spans. Pure.

    **bold**  *italic* _italic_  ~~strike~~  `code`  [words](https://…)  https://…  @name
    > a quoted line, and lines of code between ``` and ```

What is shown is always `text[start:end]` of a span; marks stand in no span. So positions are those of the text as it
was written, and what is selected can be copied as it was written. A mark that has no partner, stands inside a word
(snake_case, 2*3*4) or after a backslash is no mark and stays as it was typed. Emphasis reaches over the lines of one
paragraph, code and links stay on one line.

Promise: linear in the length of the text (but for sorting its marks), whatever stands in it.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from shared.addresses import BARE, addresses, trimmed
from shared.lines import lines_of
from shared.mentions import EVERYBODY, MOST
from shared.rules import USER_NAME, name_key

BOLD: Final = 1
ITALIC: Final = 2
STRIKE: Final = 4
CODE: Final = 8
MENTION: Final = 16
YOU: Final = 32
"""Bits of a style. `YOU` comes beside `MENTION` where it names the reader or everybody."""
_HIDDEN: Final = 64
_LINKED: Final = 128


Kind = Literal["text", "quote", "code"]
_Range = tuple[int, int]


class Span(NamedTuple):
    """`text[start:end]` is shown, in the style that is a sum of the bits above; `address`: where it leads."""

    start: int
    end: int
    style: int = 0
    address: str = ""


class Line(NamedTuple):
    """One line: `text[start:end]` without what marks its block."""

    start: int
    end: int
    spans: tuple[Span, ...]


class Block(NamedTuple):
    """Lines that belong together. The lines of "code" are one span each, in no style."""

    kind: Kind
    lines: tuple[Line, ...]


_ANY = re.compile(r"[*_~`@\[>]")
_FENCE = re.compile(r" {0,3}```[ \t]*[\w.+#-]*[ \t]*")
_CLOSES = re.compile(r"```[ \t]*$")
_QUOTE = re.compile(r">(?: |$)")
_TARGET: Final = r"[^\s()<>\[\]]"
_TOKEN = re.compile(
    r"(?P<code>`+)|(?P<mark>\*+|_+|~+)"
    r"|\[(?P<words>[^\[\]]++)\]\((?P<target>(?:https?://|chats?://|mailto:)"
    rf"(?:{_TARGET}|\({_TARGET}*+\))++)\)"
    rf"|(?P<link>{BARE})"
    r"|(?P<at>(?<![^\W_])@)",
    re.IGNORECASE,
)
_TICKS = re.compile("`+")
_LENGTHS: Final = {"*": (1, 2, 3), "_": (1,), "~": (2,)}
_BITS: Final = {("*", 1): ITALIC, ("_", 1): ITALIC, ("*", 2): BOLD, ("~", 2): STRIKE, ("*", 3): BOLD | ITALIC}


def blocks(text: str, me: str = "") -> tuple[Block, ...]:
    """The blocks of a text, one at least. `me`: whose mentions are `YOU`."""
    lines = lines_of(text)
    if not _ANY.search(text):
        return (Block("text", tuple(Line(a, b, tuple(links(text, a, b))) for a, b in lines)),)
    found = []
    for kind, part in _parts(text, lines):
        if kind == "code":
            made = [Line(a, b, (Span(a, b),) if a < b else ()) for a, b in part]
        else:
            made = _inline(text, part, me)
        found.append(Block(kind, tuple(made)))
    return tuple(found)


def plain(text: str) -> str:
    """The text without its marks, line by line; for places that show no styles."""
    lines = (line for block in blocks(text) for line in block.lines)
    return "\n".join("".join(text[span.start : span.end] for span in line.spans) for line in lines)


def links(text: str, start: int, end: int) -> list[Span]:
    """`text[start:end]` cut at its bare addresses and nowhere else: for texts in which marks mean nothing."""
    spans = []
    for low, high, address in addresses(text, start, end):
        if start < low:
            spans.append(Span(start, low))
        spans.append(Span(low, high, 0, address))
        start = high
    if start < end:
        spans.append(Span(start, end))
    return spans


# --- blocks -----------------------------------------------------------------------------------------------------


def _parts(text: str, lines: Sequence[_Range]) -> Iterator[tuple[Kind, list[_Range]]]:
    """Runs of lines of one kind, without the fences and the signs of quotes."""
    closing = [i for i, (a, b) in enumerate(lines) if _CLOSES.search(text, a, b)] if "```" in text else []
    kind: Kind = "text"
    run: list[_Range] = []
    i = 0
    while i < len(lines):
        start, end = lines[i]
        place = bisect_right(closing, i)
        if place < len(closing) and _FENCE.fullmatch(text, start, end):
            last = closing[place]
            code = _fenced(text, lines[i + 1 : last + 1])
            if code:
                if run:
                    yield kind, run
                yield "code", code
                kind, run, i = "text", [], last + 1
                continue
        quoted = _QUOTE.match(text, start, end)
        here: Kind = "quote" if quoted else "text"
        if here != kind and run:
            yield kind, run
            run = []
        kind = here
        run.append((quoted.end() if quoted else start, end))
        i += 1
    if run:
        yield kind, run


def _fenced(text: str, lines: Sequence[_Range]) -> list[_Range]:
    """The lines up to the closing fence, which stands alone or at the end of the last one."""
    start, end = lines[-1]
    end = text.rindex("```", start, end)
    return [*lines[:-1], *([(start, end)] if text[start:end].strip() else [])]


@dataclass(slots=True)
class _Mark:
    """A run of one sign that may open: `end` is where what it holds begins, `length` what is left of it."""

    sign: str
    end: int
    length: int


class _Ranges:
    """What lies over a text, as it is found: (start, end, bits, address)."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int, int, str]] = []
        self._open: list[_Mark] = []
        self._count: dict[tuple[str, int], int] = {}

    def put(self, start: int, end: int, bits: int, address: str = "") -> None:
        self.found.append((start, end, bits, address))

    def shut(self) -> None:
        """What is open now stays as it was typed."""
        self._open.clear()
        self._count.clear()

    def mark(self, sign: str, start: int, end: int, opens: bool, closes: bool) -> None:
        """A run of signs. It closes what it can, innermost first, and what is left of it may open."""
        length = end - start
        while closes and length and (partner := self._partner(sign, length)):
            used = min(length, partner.length)
            self.put(partner.end, start, _BITS[sign, used])
            self.put(partner.end - used, partner.end, _HIDDEN)
            self.put(start, start + used, _HIDDEN)
            partner.end, partner.length = partner.end - used, partner.length - used
            start, length = start + used, length - used
            if partner.length:
                self._push(partner)
        if opens and length in _LENGTHS[sign]:
            self._push(_Mark(sign, end, length))

    def _partner(self, sign: str, length: int) -> _Mark | None:
        """The innermost mark that this one closes, taken out; those inside it have no partner any more."""
        fits = [each for each in _LENGTHS[sign] if each == length or 3 in (each, length)]
        if not any(self._count.get((sign, each)) for each in fits):
            return None
        while True:
            mark = self._open.pop()
            self._count[mark.sign, mark.length] -= 1
            if mark.sign == sign and mark.length in fits:
                return mark

    def _push(self, mark: _Mark) -> None:
        self._open.append(mark)
        self._count[mark.sign, mark.length] = self._count.get((mark.sign, mark.length), 0) + 1


def _inline(text: str, lines: Sequence[_Range], me: str) -> list[Line]:
    ranges, own = _Ranges(), name_key(me) if me and "@" in text else ""
    ats = 0
    for start, end in lines:
        if not text[start:end].strip():
            ranges.shut()
        ats = _scan(text, start, end, ranges, own, ats)
    return _swept(lines, ranges.found)


def _scan(text: str, start: int, end: int, ranges: _Ranges, me: str, ats: int) -> int:
    """Find the marks of one line. Gives how many signs `@` there were until now."""
    at, ticks = start, _Ticks(text, start, end)
    while match := _TOKEN.search(text, at, end):
        begin, at = match.span()
        if match["mark"]:
            sign = text[begin]
            if at - begin in _LENGTHS[sign] and text[begin - 1 : begin] != "\\":
                before, after = text[max(start, begin - 1) : begin], text[at : min(end, at + 1)]
                opens = bool(after) and not after.isspace() and not _in_word(before)
                closes = bool(before) and not before.isspace() and not _in_word(after)
                ranges.mark(sign, begin, at, opens, closes)
        elif match["code"]:
            if (partner := ticks.after(at, at - begin)) is not None:
                low, high = at, partner
                at = partner + at - begin
                if text[low] == text[high - 1] == " " and not text[low:high].isspace():
                    low, high = low + 1, high - 1
                ranges.put(begin, low, _HIDDEN)
                ranges.put(low, high, CODE)
                ranges.put(high, at, _HIDDEN)
        elif match["at"]:
            ats += 1
            if ats <= MOST and (name := _name(text, at, end, me)):
                bits = MENTION | YOU if name_key(name) in (me, EVERYBODY) else MENTION
                at += len(name)
                ranges.put(begin, at, bits)
        elif match["target"]:
            low, high = match.span("words")
            ranges.put(begin, low, _HIDDEN)
            ranges.put(low, high, _LINKED, match["target"])
            ranges.put(high, at, _HIDDEN)
            ats = _scan_words(text, low, high, ranges, ats)
        else:
            address = trimmed(match[0])
            at = begin + max(len(address), 1)
            if not address.endswith("://"):
                ranges.put(begin, at, _LINKED, address)
    return ats


def _scan_words(text: str, start: int, end: int, ranges: _Ranges, ats: int) -> int:
    """The words of a link: styles as everywhere, but no links inside it."""
    inner = _Ranges()
    ats = _scan(text, start, end, inner, "", ats)
    for low, high, bits, _address in inner.found:
        if not bits & (_LINKED | MENTION):
            ranges.put(low, high, bits)
    return ats


class _Ticks:
    """The runs of backticks of one line, looked for when the first one is asked about."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._line = text, start, end
        self._places: dict[int, list[int]] | None = None

    def after(self, place: int, length: int) -> int | None:
        """Where the next run of exactly this length begins, from `place` on."""
        if self._places is None:
            self._places = {}
            for match in _TICKS.finditer(*self._line):
                self._places.setdefault(match.end() - match.start(), []).append(match.start())
        found = self._places.get(length, [])
        index = bisect_right(found, place)
        return found[index] if index < len(found) else None


def _in_word(char: str) -> bool:
    """Whether a mark beside this letter stands inside a word. Scripts that put no spaces between words do not count."""
    if not char or not char.isalnum():
        return False
    return char < "\u0e00" or "\u0f00" <= char < "\u1000" or "\u10a0" <= char < "\u1100" or "\u1e00" <= char < "\u2000"


def _name(text: str, start: int, end: int, me: str) -> str:
    """The name after a sign `@`, without the punctuation behind it, unless that is the reader's own."""
    stop = start
    while stop < end and stop - start <= USER_NAME and _in_name(text[stop]):
        stop += 1
    name = text[start:stop]
    while name and name[-1] in "-_." and not (me and name_key(name) == me):
        name = name[:-1]
    return name


def _in_name(char: str) -> bool:
    return char.isalnum() or char in "-_." or unicodedata.category(char) in ("Mn", "Mc")


def _swept(lines: Sequence[_Range], ranges: Sequence[tuple[int, int, int, str]]) -> list[Line]:
    """The spans of the lines, from what lies over them."""
    edges: list[tuple[int, int, int, str]] = []
    for low, high, bits, address in ranges:
        if low < high:
            edges += ((high, 0, bits, address), (low, 1, bits, address))
    edges.sort(key=lambda edge: edge[:2])
    depth = dict.fromkeys((BOLD, ITALIC, STRIKE, CODE, MENTION, YOU, _HIDDEN, _LINKED), 0)
    found, style, address, next_ = [], 0, "", 0
    for start, end in lines:
        spans, at = [], start
        while True:
            stop = min(end, edges[next_][0]) if next_ < len(edges) else end
            if at < stop:
                if not style & _HIDDEN:
                    spans.append(Span(at, stop, style & ~_LINKED, address))
                at = stop
            if next_ >= len(edges) or edges[next_][0] > end:
                break
            _, begins, bits, leads = edges[next_]
            next_ += 1
            for bit in depth:
                if bits & bit:
                    depth[bit] += 1 if begins else -1
                    style = style | bit if depth[bit] else style & ~bit
            if bits & _LINKED:
                address = leads if begins else ""
        found.append(Line(start, end, tuple(spans)))
    return found
