"""Text as a terminal can show it: nothing in it commands the terminal, and every character is as wide as is thought.

What terminals disagree about is shown in a form that they agree about: an emoji of several characters by its name,
skin tones and variants of presentation as the plain emoji. Control characters and what turns the direction of writing
stand there as `\\x1b` and `\\u202e`. PURE.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import emoji as tables
from wcwidth import iter_graphemes, wcwidth

TAB: Final = 4
_FIRM: Final = "\u00a0"
"""No line ends at this blank."""
_MARKS: Final = 4
"""Combining marks on one sign; more of them would climb over other lines."""
_SELECTORS: Final = frozenset("\ufe0e\ufe0f")
_TONES: Final = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u00ad\u200b")
"""What is not seen and does no harm."""
_ESCAPED: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def safe(text: str) -> str:
    """The text on one line, fit for a terminal: line breaks are escaped like other control characters, tabs are
    spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(sign, iter_graphemes(text)))


@lru_cache(8192)
def sign(cluster: str) -> str:
    """One sign of the text (a grapheme cluster) as it is shown."""
    if cluster == "\t":
        return " " * TAB
    if cluster == _FIRM:
        return " "
    if len(cluster) == 1:
        return _char(cluster)
    if _is_emoji(cluster):
        return _emoji(cluster)
    shown, marks = "", 0
    for char in cluster:
        if char in _SELECTORS:
            continue
        part = _char(char)
        marks = marks + 1 if part and not width(part) else 0
        if marks <= _MARKS:
            shown += part
    return shown


def _is_emoji(cluster: str) -> bool:
    """Of several characters: a sequence from Unicode's list, or one nobody has a picture for."""
    return cluster in tables.EMOJI_DATA or (cluster[0] in tables.EMOJI_DATA and not cluster[0].isascii())


def _emoji(cluster: str) -> str:
    """The plain emoji without tone and variant, the name of a sequence, or the emoji that it is made of."""
    bare = "".join(char for char in cluster if char not in _SELECTORS and char not in _TONES)
    if len(bare) == 1:
        return _char(bare)
    named = _name(cluster) or _name("".join(char for char in cluster if char not in _TONES))
    return named or "".join(map(_char, bare))


def _name(emoji: str) -> str:
    """Its shortest `:shortcode:`, "" where it has none."""
    about = tables.EMOJI_DATA.get(emoji, {})
    return min(map(str, about.get("alias", [about.get("en", "")])), key=len)


def _char(char: str) -> str:
    if char in _JOINERS:
        return ""
    if char not in tables.EMOJI_DATA and (unicodedata.category(char) in _ESCAPED or wcwidth(char) < 0):
        code = ord(char)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return char


def width(text: str) -> int:
    """In how many cells of the terminal a text stands that is `safe`."""
    if text.isascii():
        return len(text)
    return sum(max(0, wcwidth(char)) for char in text)


def fit(text: str, cells: int) -> str:
    """As much of it as fits, with `…` where something is missing. Never wider than `cells`."""
    text = safe(text)
    if width(text) <= cells:
        return text
    if cells < 1:
        return ""
    kept, used = [], 0
    for cluster in iter_graphemes(text):
        wide = width(cluster)
        if used + wide > cells - 1:
            break
        kept.append(cluster)
        used += wide
    return "".join(kept) + "…"


def padded(text: str, cells: int) -> str:
    """As `fit`, and filled up with spaces."""
    text = fit(text, cells)
    return text + " " * (cells - width(text))


Piece = tuple[str, str]
"""A style and a text, as prompt_toolkit takes them."""


def wrap(pieces: Sequence[Piece], cells: int) -> list[list[Piece]]:
    """The pieces, of one line of a message, over lines of at most so many cells: between words where it can be.

    The pieces' texts may hold anything; those that come out are `safe`. One line at least, which may be empty.
    """
    cells = max(cells, 2)
    lines: list[list[Piece]] = [[]]
    used = 0
    for word, wide, blank in _words(pieces):
        if used + wide > cells and not blank:
            if used:
                lines.append([])
                used = 0
            for style, each, size in word:
                if used + size > cells:
                    lines.append([])
                    used = 0
                lines[-1].append((style, each))
                used += size
        elif used + wide > cells:
            lines.append([])  # blanks at the end of a line are not seen, and none begins the next
            used = 0
        else:
            lines[-1].extend((style, each) for style, each, _ in word)
            used += wide
    if len(lines) > 1 and not lines[-1]:
        del lines[-1]
    return [_joined(line) for line in lines]


_Sign = tuple[str, str, int]


def _words(pieces: Sequence[Piece]) -> Iterator[tuple[list[_Sign], int, bool]]:
    """Runs of blanks and runs of others, each with its width."""
    word: list[_Sign] = []
    wide = 0
    blank = False
    for style, text in pieces:
        for cluster in iter_graphemes(text):
            each = sign(cluster)
            if not each:
                continue
            is_blank = each.isspace() and cluster != _FIRM
            size = width(each)
            alone = size == 2 and not is_blank and len(each) == 1 and unicodedata.category(each) == "Lo"
            if word and (is_blank != blank or alone):
                yield word, wide, blank
                word, wide = [], 0
            blank = is_blank
            for part in each if size > 2 else (each,):  # an escape or a name may be broken like any long word
                word.append((style, part, width(part)))
            wide += size
            if alone:
                yield word, wide, blank
                word, wide = [], 0
    if word:
        yield word, wide, blank


def _joined(line: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one style as one piece."""
    found: list[Piece] = []
    for style, text in line:
        if found and found[-1][0] == style:
            found[-1] = (style, found[-1][1] + text)
        else:
            found.append((style, text))
    return found


def columns(pieces: Sequence[Piece]) -> int:
    """How wide a line of safe pieces is."""
    return sum(width(text) for _, text in pieces)
