"""The order in which signs of both directions stand on a line: the implicit part of UAX #9. Pure.

There are no embeddings here: the controls that make them are not shown, so that no text can turn another one round.
Strategy: a line becomes a string of one letter for the class of each sign, and a rule is a substitution in it, so that
a line costs a few passes of the regular expressions and no loop over its signs.

    L left to right   R right to left   A Arabic letter   E European digit   N Arabic digit   S + -   T $ %   C , : .
    M a mark on the sign before it   O all that has no direction
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

RTL: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Signs of which a line is to be looked at at all."""
_LETTERS: Final = {"L": "L", "R": "R", "AL": "A", "EN": "E", "AN": "N", "ES": "S", "ET": "T", "CS": "C", "NSM": "M"}
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_MIRRORED: Final = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
_LEVELS: Final = (str.maketrans("LREN", "0122"), str.maketrans("LREN", "2122"))
_RUN: Final = re.compile(r"(.)\1*", re.DOTALL)


class _Classes(dict[int, str]):
    """For `str.translate`: learns the class of a sign when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _LETTERS.get(unicodedata.bidirectional(chr(code)), "O")
        return found


_CLASSES: Final = _Classes()


def levels(text: str, rtl: bool) -> str:
    """The level of each sign on a line whose paragraph runs from right to left, or not: "0", "1" or "2"."""
    edge = "R" if rtl else "L"
    kinds = _neutral(text, _weak(text.translate(_CLASSES), edge), edge).translate(_LEVELS[rtl])
    kept = len(text.rstrip())  # L1: white space at the end stands at the end
    return kinds[:kept] + ("1" if rtl else "0") * (len(text) - kept)


def _weak(kinds: str, edge: str) -> str:
    """W1 to W7."""
    if "M" in kinds:
        kinds = re.sub("^M+", lambda match: edge * len(match[0]), kinds)
        kinds = re.sub("([^M])M+", lambda match: match[1] * len(match[0]), kinds)
    if "A" in kinds:
        kinds = re.sub("A[^LR]+", lambda match: match[0].replace("E", "N"), kinds).replace("A", "R")
    if "E" in kinds or "N" in kinds:
        kinds = re.sub("(?<=E)[SC](?=E)", "E", kinds)
        kinds = re.sub("(?<=N)C(?=N)", "N", kinds)
        kinds = re.sub("(?<=E)T+|T+(?=E)", lambda match: "E" * len(match[0]), kinds)
    kinds = kinds.replace("S", "O").replace("T", "O").replace("C", "O")
    if "E" in kinds:
        kinds = re.sub("L[^R]+" if edge == "R" else "(?:^|L)[^R]+", lambda match: match[0].replace("E", "L"), kinds)
    return kinds


def _neutral(text: str, kinds: str, edge: str) -> str:
    """N0 to N2: what has no direction takes that of both its sides, or that of the line."""
    if any(sign in text for sign in _BRACKETS):
        kinds = _bracketed(text, kinds, edge)
    kinds = re.sub("(?<=L)O(?=L)", "L", kinds)  # mostly: the spaces between words

    def between(match: re.Match[str]) -> str:
        before, after = match.start() - 1, match.end()
        one = _side(kinds[before]) if before >= 0 else edge
        other = _side(kinds[after]) if after < len(kinds) else edge
        return (one if one == other else edge) * len(match[0])

    return re.sub("O+", between, kinds)


def _bracketed(text: str, kinds: str, edge: str) -> str:
    """N0: both brackets of a pair go the way of what they hold."""
    pairs, waiting = list[tuple[int, int]](), list[int]()
    for i, char in enumerate(text):
        if char in _BRACKETS:
            waiting.append(i)
        elif char in ")]}":
            place = next((n for n in range(len(waiting) - 1, -1, -1) if _BRACKETS[text[waiting[n]]] == char), None)
            if place is not None:
                pairs.append((waiting[place], i))
                del waiting[place:]
    found = list(kinds)
    for low, high in sorted(pairs):
        inside = {_side(kind) for kind in found[low + 1 : high]} & {"L", "R"}
        if not inside:
            continue
        before = next((_side(kind) for kind in reversed(found[:low]) if kind != "O"), edge)
        found[low] = found[high] = edge if edge in inside or before == edge else before
    return "".join(found)


def _side(kind: str) -> str:
    return "R" if kind in "EN" else kind


def ordered(items: Sequence[T], of: Sequence[str]) -> list[T]:
    """The items from left to right; `of`: the level of each (L2)."""
    found = list(items)
    kept = list(of)
    for level in ("2", "1") if "2" in kept else ("1",):
        start = 0
        while start < len(found):
            end = start
            while end < len(found) and kept[end] >= level:
                end += 1
            if end > start:
                found[start:end] = found[start:end][::-1]
                kept[start:end] = kept[start:end][::-1]
            start = end + 1
    return found


def first_strong(text: str) -> str:
    """ "R" or "L": where the first letter with a direction goes, "" where there is none."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL"):
            return "R"
        if direction == "L":
            return "L"
    return ""


def runs(of: str) -> list[tuple[int, int]]:
    """Where each run of one level begins and ends."""
    return [match.span() for match in _RUN.finditer(of)]


def visual(text: str, joined: Callable[[str], str]) -> str:
    """A whole line in the order in which its signs stand; `joined` gives the letters of a run their forms."""
    found = levels(text, first_strong(text) == "R")
    parts = runs(found)
    shown = [mirrored(joined(text[a:b])) if found[a] == "1" else text[a:b] for a, b in parts]
    return "".join(ordered(shown, [found[a] for a, _ in parts]))


def mirrored(text: str) -> str:
    """The signs of a run from right to left in the order in which they stand, brackets turned round.

    A mark stays behind its letter, where what draws it expects it.
    """
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.combining(char):
            clusters[-1] += char
        else:
            clusters.append(_MIRRORED.get(char, char))
    return "".join(reversed(clusters))
