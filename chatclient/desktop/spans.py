"""A text as spans: words, spaces, links and emoji, paragraph by paragraph. Pure.

A message's text goes through `marked`, which gives the spans their styles and hides the marks (`shared.markup`);
notices, names and reasons go through `paragraphs`, where marks mean nothing.

A span knows its place in the text, so that a selection can be copied exactly as it was written. The shown text
of a span has as many characters as its source, which makes their positions the same; characters that show nothing
(marks, bidirectional controls, selectors, joiners without a use) stand in no span. What Tk cannot draw never gets
through: control characters become their pictures (U+2400 …), halves of surrogate pairs U+FFFD, emoji spans of their
own.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from chatclient.desktop import bidi, emoji
from shared import markup
from shared.lines import lines_of

Kind = Literal["word", "space", "link", "emoji"]
BlockKind = Literal["text", "quote", "code"]


class Span(NamedTuple):
    """`source[start:end]`, shown as `text` in a style of `shared.markup`; a link's whole `address`.

    A line may break before any span but a space.
    """

    kind: Kind
    text: str
    start: int
    end: int
    address: str = ""
    style: int = 0


class Paragraph(NamedTuple):
    """What stands between two line breaks; `rtl` by its first strong letter; `block`: the number of its block.

    `mixed`: something in it runs from right to left.
    """

    spans: tuple[Span, ...]
    rtl: bool
    start: int
    kind: BlockKind = "text"
    block: int = 0
    mixed: bool = False


_CJK: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_OPENING: Final = "「『（【〈《〔｛［“‘"
_CLOSING: Final = "、。，．！？：；」』）】〉》〕｝］”’ー々…‥・"
_GLUE: Final = "\u00a0\u202f\x1c-\x1f"  # white space that holds words together, or is none
_PIECES = re.compile(
    rf"(?P<space>[^\S{_GLUE}]+)|[{_OPENING}]*[{_CJK}][{_CLOSING}]*|(?:(?![{_CJK}{_OPENING}])[\S{_GLUE}])+|\S"
)

_PLAIN = re.compile("[^ ]+| +")
_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff\ufffe\uffff]")
_HIDDEN = re.compile(f"[{_INVISIBLE}]+")
_JOINERS: Final = "\u200c\u200d"
_MARKS_PILED = re.compile(
    "(?<=[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_SHORT: Final = 1_000
_SHOWN: Final = {
    **{code: chr(0x2400 + code) for code in range(32)},
    **dict.fromkeys((*range(128, 160), *range(55296, 57344), 65534, 65535), "�"),
    0x7F: "\u2421",
    0x09: "\u2003",
}


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The text's paragraphs as they are, one at least."""
    return tuple(
        _paragraph(text, start, end, markup.links(text, start, end), "text", 0) for start, end in lines_of(text)
    )


def marked(text: str, me: str = "") -> tuple[Paragraph, ...]:
    """The paragraphs of a message, its marks read; `me`: who reads it.

    Short texts are remembered: a change of width asks for them again.
    """
    return _remembered(text, me) if len(text) <= _SHORT else _marked(text, me)


def _paragraph(text: str, start: int, end: int, spans: Sequence[markup.Span], kind: BlockKind, block: int) -> Paragraph:
    mixed = bidi.RTL.search(text, start, end) is not None
    rtl = mixed and kind != "code" and is_rtl(text[start:end])
    return Paragraph(_spans(text, spans), rtl, start, kind, block, mixed)


def _marked(text: str, me: str) -> tuple[Paragraph, ...]:
    return tuple(
        _paragraph(text, line.start, line.end, line.spans, block.kind, number)
        for number, block in enumerate(markup.blocks(text, me))
        for line in block.lines
    )


_remembered = lru_cache(500)(_marked)


def plain(text: str) -> str:
    """The text on one line without emoji and without what Tk cannot draw, for places that show words alone."""
    spans = (span for paragraph in paragraphs(text) for span in (*paragraph.spans, Span("space", " ", 0, 0)))
    return " ".join("".join("" if span.kind == "emoji" else span.text for span in spans).split())


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    return bidi.RTL.search(text) is not None and bidi.first_strong(text) == "R"


def _spans(text: str, spans: Sequence[markup.Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for start, end, style, address in spans:
        piece = text[start:end]
        if address and piece == address:
            found += [
                Span("link", span.text, span.start, span.end, address, style)
                for span in _drawable("link", piece, start)
            ]
        elif address or style:
            for span in _words(piece, start):
                kind: Kind = "link" if address and span.kind == "word" else span.kind
                found.append(span._replace(kind=kind, address=address, style=style))
        else:
            found += _words(piece, start)
    return tuple(found)


def _words(text: str, offset: int) -> Iterator[Span]:
    if text.isascii() and text.isprintable():  # mostly
        for match in _PLAIN.finditer(text):
            begin, end = match.span()
            yield Span("space" if text[begin] == " " else "word", match[0], offset + begin, offset + end)
        return
    for piece, is_emoji in emoji.split(text):
        end = offset + len(piece)
        if is_emoji:
            yield Span("emoji", piece, offset, end)
        else:
            for match in _PIECES.finditer(piece):
                kind: Kind = "space" if match.lastgroup else "word"
                yield from _drawable(kind, match[0], offset + match.start())
        offset = end


def _drawable(kind: Kind, text: str, offset: int) -> Iterator[Span]:
    """The text without what shows nothing; each piece between is a span, shown character for character."""
    if text.isascii() and text.isprintable():
        yield Span(kind, text, offset, offset + len(text))
        return
    start = 0
    for begin, end in _omitted(text):
        if begin > start:
            yield Span(kind, _shown(text[start:begin]), offset + start, offset + begin)
        start = end
    if start < len(text):
        yield Span(kind, _shown(text[start:]), offset + start, offset + len(text))


def _omitted(text: str) -> list[tuple[int, int]]:
    places = []
    for match in _HIDDEN.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if match[0] in _JOINERS and "\u0600" <= before < "\u1100":
            continue  # a joiner that shapes a letter of its script
        places.append(match.span())
    places.extend(match.span() for match in _MARKS_PILED.finditer(text))
    return sorted(places)


def _shown(text: str) -> str:
    return text.translate(_SHOWN) if _UNSAFE.search(text) else text
