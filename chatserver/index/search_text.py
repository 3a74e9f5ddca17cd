"""What a search compares, and the words that the full text knows it by. Pure.

Two texts are compared as `shared.folding` folds them. The full text holds each three characters
of a folded text that stand side by side as one token; FTS5 keeps the first one and the first two of each token too,
so that a search for one or two characters is a look-up as well. A token says that these characters are somewhere in
a message, not where: what is found by tokens is compared before it is shown.
"""

import string
from collections.abc import Collection
from typing import Final

GRAM: Final = 3
MOST_GRAMS: Final = 12
"""Tokens of one search: more of them sort out little more and cost a look-up each."""
_SPACE: Final = "\xa0"
"""Stands in tokens for a space, which parts them; a folded text has none of it."""
_END: Final = "\u2420" * (GRAM - 1)
"""Stands behind a text, so that its last character begins a token too."""
_ROOM: Final = "\ue000"
_PERSON: Final = "\ue001"
_FILES: Final = "\ue002"

_SIGNS = string.punctuation.replace("'", "''").replace('"', '""')
TOKENIZER: Final = f"\"ascii tokenchars '{_SIGNS}'\""
"""FTS5's: everything but a space belongs to a token."""


def tokens(text: str, room: int, person: int, files: bool) -> str:
    """What the full text is given for a message: its folded text, the numbers of room and author, and whether it bears
    files."""
    text = text.replace(" ", _SPACE)
    padded = text + _END
    grams = [padded[place : place + GRAM] for place in range(len(text))]
    return f"{_ROOM}{room} {_PERSON}{person} {_FILES if files else ''} {' '.join(grams)}"


def expression(needle: str, rooms: Collection[int] = (), person: int = 0, files: bool = False) -> str:
    """FTS5's question for the messages that may hold this folded text, of these rooms (of any where there is none). The
    text may be empty where they must bear files."""
    if len(needle) < GRAM:
        parts = [f"{_quoted(needle)} *"] if needle else []
    else:
        parts = [_quoted(gram) for gram in _grams(needle)]
    if files:
        parts.insert(0, _quoted(_FILES))
    if person:
        parts.insert(0, _quoted(f"{_PERSON}{person}"))
    if rooms:
        parts.insert(0, f"({' OR '.join(_quoted(f'{_ROOM}{room}') for room in rooms)})")
    return " AND ".join(parts)


def _grams(needle: str) -> list[str]:
    """Up to `MOST_GRAMS` tokens of a text, spread over it."""
    grams = list(dict.fromkeys(needle[place : place + GRAM] for place in range(len(needle) - GRAM + 1)))
    if len(grams) > MOST_GRAMS:
        grams = [grams[place * (len(grams) - 1) // (MOST_GRAMS - 1)] for place in range(MOST_GRAMS)]
    return grams


def _quoted(token: str) -> str:
    return '"' + token.replace(" ", _SPACE).replace('"', '""') + '"'
