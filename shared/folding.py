"""The form in which texts are compared by a search, and by who marks what it found. Pure.

Case and canonical forms of Unicode do not matter (`ß` is `ss`), white space is single spaces, and the selectors that
turn a sign into its emoji are left out.
"""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SELECTORS = re.compile("[\ufe0e\ufe0f]")


def folded(text: str) -> str:
    """The form in which texts are compared; empty where nothing is left to be found."""
    text = text.casefold()
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SELECTORS.sub("", text))
    return " ".join(text.split())
