"""Whom does a text speak to by name? `@alice`, in whatever case or look-alike letters, or `@room` for everybody. Pure.

A mention begins where no letter or digit stands before the `@` (an address such as mail@alice is none) and runs as far
as a name may; punctuation that ends the sentence is tried both as part of the name and not. Clients mark by this rule
and the server counts by it, so that both say the same number. Of one text only so many names count (`MOST`): looking
for them must not take long, whatever stands there, and who means more people than that says `@room`.
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final

from shared.rules import USER_NAME, name_key

EVERYBODY: Final = name_key("room")
MOST: Final = 200
"""Signs `@` of one text that are looked at, and readings of what follows them."""


def mentioned(text: str, me: str) -> bool:
    """True where `text` names `me` or everybody in the room."""
    return "@" in text and not named(text).isdisjoint((name_key(me), EVERYBODY))


def named(text: str) -> frozenset[str]:
    """The keys (`rules.name_key`) of all that a text may mean by its mentions; `EVERYBODY` among them for `@room`."""
    readings = (reading for token in islice(_tokens(text), MOST) for reading in _readings(token))
    return frozenset(map(name_key, islice(readings, MOST)))


def _tokens(text: str) -> Iterator[str]:
    """What follows each `@` that begins a word, as far as a name may run."""
    at = text.find("@")
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum():
            end = at + 1
            while end < len(text) and end - at <= USER_NAME and _in_name(text[end]):
                end += 1
            yield text[at + 1 : end]
        at = text.find("@", at + 1)


def _in_name(char: str) -> bool:
    return char.isalnum() or char in "-_." or unicodedata.category(char) in ("Mn", "Mc")


def _readings(token: str) -> list[str]:
    """The token, and without each further sign at its end: `alice..`, `alice.`, `alice`."""
    readings = [token]
    while token and token[-1] in "-_.":
        token = token[:-1]
        readings.append(token)
    return [reading for reading in readings if reading]
