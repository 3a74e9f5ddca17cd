"""One room's events as packed entries of 32 bytes, oldest first: what the index keeps instead of a row per event.

A row per event costs SQLite about two microseconds and, worse, two hand-overs of the interpreter lock each. A posting
holds up to 256 entries in one blob, is appended to in memory and written once in a while. Pure: no SQLite, no files.
"""

import sys
from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

FULL: Final = 256
"""Entries of a posting before the next one is begun: 8 KiB."""

_LAYOUT: Final = Struct("=QQQII")
_SEQ: Final = Struct("=Q")
SIZE: Final = _LAYOUT.size
FULL_BYTES: Final = FULL * SIZE
_LOW_BYTE: Final = SIZE - 4 if sys.byteorder == "little" else SIZE - 1
"""Where in an entry the low byte of its mark stands, with the kind in its low half."""
_OTHER_KINDS: Final = [bytes(byte for byte in range(256) if byte & 15 != kind) for kind in range(16)]
pack = _LAYOUT.pack
"""`pack(seq, offset, prev, size, author << 4 | kind)`: one entry."""


class Entry(NamedTuple):
    """Where one event's line stands. `offset` and `size` are bytes of chat_history.txt, the newline included.

    `mark` is the author's number in the index times 16, plus the kind of event.
    """

    seq: int
    offset: int
    prev: int
    size: int
    mark: int


class Posting:
    """Up to `FULL` consecutive entries of one room. `first` is the seq of the first, 0 where there is none yet."""

    __slots__ = ("dirty", "entries", "first", "room")

    def __init__(self, room: int, first: int = 0, entries: bytes = b"") -> None:
        self.room = room
        self.first = first
        self.entries = bytearray(entries)
        self.dirty = False


def newer(entries: bytes | bytearray, after: int) -> Iterator[Entry]:
    """The entries with a seq above `after`, oldest first."""
    return map(Entry._make, _LAYOUT.iter_unpack(bytes(entries[_position(entries, after + 1) * SIZE :])))


def others(entries: bytes | bytearray, after: int, kind: int, author: int) -> int:
    """How many entries of this kind with a seq above `after` are not by this author."""
    rest = bytes(entries[_position(entries, after + 1) * SIZE :])
    count = len(rest[_LOW_BYTE::SIZE].translate(None, _OTHER_KINDS[kind]))
    marks: list[int] = memoryview(rest).cast("I")[SIZE // 4 - 1 :: SIZE // 4].tolist()
    return count - marks.count(author << 4 | kind)


def older(entries: bytes | bytearray, below: int) -> Iterator[Entry]:
    """The entries with a seq under `below`, newest first."""
    for place in range(_position(entries, below) - 1, -1, -1):
        yield Entry._make(_LAYOUT.unpack_from(entries, place * SIZE))


def last_seq(entries: bytes | bytearray) -> int:
    """The seq of the last entry, 0 where there is none."""
    return int(_SEQ.unpack_from(entries, len(entries) - SIZE)[0]) if entries else 0


def _position(entries: bytes | bytearray, seq: int) -> int:
    """How many entries have a seq under this one."""
    low, high = 0, len(entries) // SIZE
    while low < high:
        middle = (low + high) // 2
        if _SEQ.unpack_from(entries, middle * SIZE)[0] < seq:
            low = middle + 1
        else:
            high = middle
    return low
