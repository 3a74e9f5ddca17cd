"""Which bytes of a file a request asks for. PURE.

RFC 9110, section 14, for single ranges; who asks for several gets the whole, as the RFC allows.
"""

import re
from typing import Final, NamedTuple

_RANGE: Final = re.compile(r"bytes *= *(\d{0,18}) *- *(\d{0,18})", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """None of the bytes asked for is there."""


class Span(NamedTuple):
    """From the byte `first` on, `length` of them."""

    first: int
    length: int


def span(header: str | None, size: int) -> Span | None:
    """The bytes of a file of this size; None for all of it, also where the header makes no sense. `Unsatisfiable`
    where there are none of them."""
    asked = _RANGE.fullmatch(header.strip()) if header else None
    if asked is None or not (asked[1] or asked[2]):
        return None
    if not asked[1]:
        length = min(int(asked[2]), size)
        if length == 0:
            raise Unsatisfiable
        return Span(size - length, length)
    first = int(asked[1])
    last = min(int(asked[2]), size - 1) if asked[2] else size - 1
    if asked[2] and int(asked[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Span(first, last - first + 1)


def matches(header: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names this tag, weakly compared."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return etag in tags or "*" in tags
