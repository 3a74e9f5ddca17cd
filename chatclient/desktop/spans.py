"""A message's text as spans: words, spaces, links and emoji, paragraph by paragraph. Pure.

A span knows its place in the message, so that a selection can be copied exactly as it was written. The shown text
of a span has as many characters as its source, which makes their positions the same; characters that show nothing
(bidirectional controls, selectors, joiners without a use) stand in no span. What Tk cannot draw never gets through:
control characters become their pictures (U+2400 …), halves of surrogate pairs U+FFFD, emoji spans of their own.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from chatclient.desktop import emoji

Kind = Literal["word", "space", "link", "emoji"]


class Span(NamedTuple):
    """`source[start:end]`, shown as `text`; a link's whole `address`. A line may break before any span but a space."""

    kind: Kind
    text: str
    start: int
    end: int
    address: str = ""


class Paragraph(NamedTuple):
    """What stands between two line breaks; `rtl` by its first strong letter."""

    spans: tuple[Span, ...]
    rtl: bool
    start: int


_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_LINK = re.compile(r"https?://[^\s<>\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]+", re.IGNORECASE)
_LINK_TAIL: Final = ".,;:!?'\"*_~…。，、！？"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}

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
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_SHORT: Final = 1_000
_SHOWN: Final = {
    **{code: chr(0x2400 + code) for code in range(32)},
    **dict.fromkeys((*range(128, 160), *range(55296, 57344), 65534, 65535), "�"),
    0x7F: "\u2421",
    0x09: "\u2003",
}


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The text's paragraphs, one at least. Short texts are remembered: a change of width asks for them again."""
    return _remembered(text) if len(text) <= _SHORT else _split(text)


def _split(text: str) -> tuple[Paragraph, ...]:
    found, start = [], 0
    for match in _NEWLINE.finditer(text):
        found.append(_paragraph(text[start : match.start()], start))
        start = match.end()
    found.append(_paragraph(text[start:], start))
    return tuple(found)


_remembered = lru_cache(500)(_split)


def plain(text: str) -> str:
    """The text on one line without emoji and without what Tk cannot draw, for places that show words alone."""
    spans = (span for paragraph in paragraphs(text) for span in (*paragraph.spans, Span("space", " ", 0, 0)))
    return " ".join("".join("" if span.kind == "emoji" else span.text for span in spans).split())


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    if not _RTL.search(text):
        return False
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def _paragraph(text: str, offset: int) -> Paragraph:
    return Paragraph(tuple(_spans(text, offset)), is_rtl(text), offset)


def _spans(text: str, offset: int) -> Iterator[Span]:
    start = 0
    if "://" in text:
        for match in _LINK.finditer(text):
            address = _trimmed(match[0])
            if address.endswith("://"):
                continue
            yield from _unlinked(text[start : match.start()], offset + start)
            start = match.start() + len(address)
            for span in _drawable("link", address, offset + match.start()):
                yield span._replace(address=address)
    yield from _unlinked(text[start:], offset + start)


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence it stands in; a bracket stays when its partner is inside."""
    while address:
        last = address[-1]
        if last in _LINK_TAIL or (last in _BRACKETS and address.count(last) > address.count(_BRACKETS[last])):
            address = address[:-1]
        else:
            break
    return address


def _unlinked(text: str, offset: int) -> Iterator[Span]:
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
