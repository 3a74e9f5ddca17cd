"""Where the lines of a text are. Pure."""

import re

_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def lines_of(text: str) -> list[tuple[int, int]]:
    """Where each line begins and ends, at every kind of line break; one at least."""
    found, start = [], 0
    for match in _NEWLINE.finditer(text):
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(text)))
    return found
