"""Emoji in a text: where they are and what one is called. Pure.

Tk draws raw emoji wrongly or dies of them, so each one is shown as a picture. What counts as one comes from the
tables of the `emoji` package. A key is the sequence without its variation selectors, so that every way of writing an
emoji finds its picture.
"""

import re
from collections.abc import Iterator
from typing import Final

import emoji as tables

_SELECTOR: Final = "\ufe0f"
_AS_TEXT: Final = "\ufe0e"
_TYPOGRAPHIC: Final = frozenset("©®™‼⁉ℹ↔↕↖↗↘↙↩↪▪▫▶◀")
"""Signs of ordinary typography: pictures only where the writer asked for one by U+FE0F."""

_SUSPECT = re.compile(
    "[\u00a9\u00ae\u200d\u203c\u2049\u20e3\u2122\u2139\u2194-\u21aa\u231a-\u27bf\u2934-\u2b55"
    "\u3030\u303d\u3297\u3299\ufe0e\ufe0f\U0001f000-\U0001ffff\U000e0020-\U000e007f]"
)
_PICTOGRAPH = re.compile("[\U0001f000-\U0001ffff]")


def key(sequence: str) -> str:
    """What one picture is found by, however the sequence was written."""
    return sequence.replace(_SELECTOR, "")


def split(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is an emoji. Joined they are the text again.

    A pictograph that no table knows (a newer one, half a flag) counts as an emoji too: it is nothing Tk may draw.
    """
    if not _SUSPECT.search(text):
        if text:
            yield text, False
        return
    start = 0
    for token in tables.analyze(text, non_emoji=False, join_emoji=True):
        match = token.value
        if not isinstance(match, tables.EmojiMatch):
            continue
        begin, end = match.start, match.end
        if _is_text(text, begin, end):
            continue
        yield from _pictographs(text[start:begin])
        yield text[begin:end], True
        start = end
    yield from _pictographs(text[start:])


def _is_text(text: str, begin: int, end: int) -> bool:
    sequence = text[begin:end]
    if text[end : end + 1] == _AS_TEXT and end - begin == 1 and sequence <= "\uffff":
        return True
    return sequence in _TYPOGRAPHIC


def _pictographs(text: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for match in _PICTOGRAPH.finditer(text):
        if match.start() > start:
            yield text[start : match.start()], False
        yield match[0], True
        start = match.end()
    if start < len(text):
        yield text[start:], False
