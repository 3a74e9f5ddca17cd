"""The addresses that stand in a text as they are: where each begins and ends. Pure.

An address ends where its sentence goes on: punctuation behind it does not belong to it, and a bracket only where its
partner is inside.
"""

import re
from typing import Final

SCHEMES: Final = ("https://", "http://", "mailto:", "chat://", "chats://")
"""How the address of a link begins; there are no others. `chat://` and `chats://` lead into Parley itself; `mailto:`
needs words of its own: a bare one is no link."""
BARE: Final = r"(?:https?|chats?)://[^\s<>\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]+"
"""What may be an address, with what stands behind it."""

_BARE = re.compile(BARE, re.IGNORECASE)
_TAIL: Final = ".,;:!?'\"*_~…。，、！？"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def addresses(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Start, end and address of each that stands in `text[start:end]`."""
    if text.find("://", start, end) < 0:
        return []
    found = []
    for match in _BARE.finditer(text, start, end):
        address = trimmed(match[0])
        if not address.endswith("://"):
            found.append((match.start(), match.start() + len(address), address))
    return found


def trimmed(address: str) -> str:
    """An address without the punctuation of the sentence it stands in."""
    count = {sign: address.count(sign) for pair in _BRACKETS.items() for sign in pair}
    end = len(address)
    while end:
        last = address[end - 1]
        if last not in _TAIL and not (last in _BRACKETS and count[last] > count[_BRACKETS[last]]):
            break
        if last in count:
            count[last] -= 1
        end -= 1
    return address[:end]
