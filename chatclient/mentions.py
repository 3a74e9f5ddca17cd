"""Does a text speak to somebody by name? `@alice`, in whatever case or look-alike letters, or `@room`.

A mention begins where no letter or digit stands before the `@` (an address such as mail@alice is none) and runs as far
as a name may; punctuation that ends the sentence is tried both as part of the name and not.
"""

import unicodedata

from shared.rules import USER_NAME, name_key

EVERYBODY = name_key("room")


def mentioned(text: str, me: str) -> bool:
    """True where `text` names `me` or everybody in the room."""
    if "@" not in text:
        return False
    wanted = {name_key(me), EVERYBODY}
    return any(name_key(name) in wanted for token in _tokens(text) for name in _readings(token))


def _tokens(text: str) -> list[str]:
    """What follows each `@` that begins a word, as far as a name may run."""
    found = []
    at = text.find("@")
    while at >= 0:
        if at == 0 or not text[at - 1].isalnum():
            end = at + 1
            while end < len(text) and end - at <= USER_NAME and _in_name(text[end]):
                end += 1
            found.append(text[at + 1 : end])
        at = text.find("@", at + 1)
    return found


def _in_name(char: str) -> bool:
    return char.isalnum() or char in "-_." or unicodedata.category(char) in ("Mn", "Mc")


def _readings(token: str) -> list[str]:
    """The token, and without each further sign at its end: `alice..`, `alice.`, `alice`."""
    readings = [token]
    while token and token[-1] in "-_.":
        token = token[:-1]
        readings.append(token)
    return [reading for reading in readings if reading]
