"""Arabic letters in the forms that they have beside one another, for a Tk that does not join them. Pure.

Unicode has these forms as signs of their own, and says of each what letter it is a form of; so the table is made out of
Python's own. Letters with no such form stay as they are.
"""

import functools
import unicodedata
from typing import Final, NamedTuple

_BLOCKS: Final = (range(0xFB50, 0xFBB2), range(0xFBD3, 0xFC00), range(0xFE70, 0xFEFD))
_KINDS: Final = {"<isolated>": 0, "<final>": 1, "<initial>": 2, "<medial>": 3}
_TATWEEL: Final = "\u0640"
_ZWJ, _ZWNJ = "\u200d", "\u200c"


class _Forms(NamedTuple):
    letters: dict[str, dict[int, str]]  # of a letter: kind -> form
    pairs: dict[str, dict[int, str]]  # of lam with an alef


@functools.cache
def _table() -> _Forms:
    letters: dict[str, dict[int, str]] = {}
    pairs: dict[str, dict[int, str]] = {}
    for block in _BLOCKS:
        for code in block:
            kind, _, base = unicodedata.decomposition(chr(code)).partition(" ")
            source = "".join(chr(int(part, 16)) for part in base.split())
            if kind in _KINDS and len(source) == 1:
                letters.setdefault(source, {}).setdefault(_KINDS[kind], chr(code))
            elif (
                kind in _KINDS
                and len(source) == 2
                and source[0] == "\u0644"
                and source[1] in "\u0622\u0623\u0625\u0627"
            ):
                pairs.setdefault(source, {})[_KINDS[kind]] = chr(code)
    return _Forms(letters, pairs)


def joined(text: str) -> str:
    """The text with its letters in their forms, in the same order; lam and alef become one sign."""
    if not any("\u0620" <= char <= "\u06ff" for char in text):
        return text
    table = _table()
    signs: list[tuple[str, str]] = []  # a letter (or lam and alef) and its marks
    for char in text:
        if signs and unicodedata.combining(char):
            letter, marks = signs[-1]
            signs[-1] = letter, marks + char
        elif signs and signs[-1][0] + char in table.pairs and not signs[-1][1]:
            signs[-1] = signs[-1][0] + char, ""
        else:
            signs.append((char, ""))
    out = []
    for i, (letter, marks) in enumerate(signs):
        before = i > 0 and _reaches_on(signs[i - 1][0], table)
        after = i + 1 < len(signs) and _is_reached(signs[i + 1][0], table) and _reaches_on(letter, table)
        before = before and _is_reached(letter, table)
        forms = table.pairs.get(letter) or table.letters.get(letter)
        kind = (3 if after else 1) if before else 2 if after else 0
        out.append((forms.get(kind, letter) if forms else letter) + marks)
    return "".join(out).replace(_ZWJ, "").replace(_ZWNJ, "")


def _reaches_on(letter: str, table: _Forms) -> bool:
    """Whether it joins the letter after it."""
    return letter in (_TATWEEL, _ZWJ) or 2 in table.letters.get(letter, ())


def _is_reached(letter: str, table: _Forms) -> bool:
    """Whether the letter before it may join it."""
    return letter in (_TATWEEL, _ZWJ) or letter in table.pairs or 1 in table.letters.get(letter, ())
