"""One room's events as packed entries of 32 bytes, oldest first: what the index keeps instead of a row per event.

A row per event costs SQLite about two microseconds and, worse, two hand-overs of the interpreter lock each. A posting
holds up to 256 entries in one blob, is appended to in memory and written once in a while. What became of a message
later is told by two bits of its entry, so that unchanged ones cost nothing to look at and deleted ones are not counted.
Pure: no SQLite, no files.
"""

import sys
from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from chatserver.index.kinds import CHANGES, MESSAGE

FULL: Final = 256
"""Entries of a posting before the next one is begun: 8 KiB."""
KIND_BITS: Final = 63
"""The part of a mark that is the kind of event."""
CHANGED: Final = 64
"""In a message's mark: it was edited or reacted to."""
GONE: Final = 128
"""In a message's mark: it was deleted."""

_LAYOUT: Final = Struct("=QQQII")
_SEQ: Final = Struct("=Q")
SIZE: Final = _LAYOUT.size
FULL_BYTES: Final = FULL * SIZE
_LOW_BYTE: Final = SIZE - 4 if sys.byteorder == "little" else SIZE - 1
"""Where in an entry the low byte of its mark stands: the kind and the two bits."""
_NO_MESSAGES: Final = bytes(byte for byte in range(256) if byte not in (MESSAGE, MESSAGE | CHANGED))
pack = _LAYOUT.pack
"""`pack(seq, offset, prev, size, author << 8 | kind)`: one entry."""


class Entry(NamedTuple):
    """Where one event's line stands. `offset` and `size` are bytes of chat_history.txt, the newline included.

    `mark` is the author's number in the index times 256, plus the kind of event, plus `CHANGED` and `GONE`.
    """

    seq: int
    offset: int
    prev: int
    size: int
    mark: int


class Posting:
    """Up to `FULL` consecutive entries of one room. `first` is the seq of the first, 0 where there is none yet."""

    __slots__ = ("dirty", "entries", "first", "room")

    def __init__(self, room: int, first: int = 0, entries: bytes | bytearray = b"") -> None:
        self.room = room
        self.first = first
        self.entries = bytearray(entries)
        self.dirty = False


def newer(entries: bytes | bytearray, after: int) -> Iterator[Entry]:
    """The entries with a seq above `after`, oldest first."""
    return map(Entry._make, _LAYOUT.iter_unpack(bytes(entries[_position(entries, after + 1) * SIZE :])))


def newer_shown(entries: bytes | bytearray, after: int) -> Iterator[Entry]:
    """As `newer`, without the changes of messages: what a page of the room shows."""
    kinds = bytes(entries[_LOW_BYTE::SIZE])
    for place in range(_position(entries, after + 1), len(kinds)):
        if kinds[place] not in CHANGES:
            yield Entry._make(_LAYOUT.unpack_from(entries, place * SIZE))


def older_shown(entries: bytes | bytearray, below: int) -> Iterator[Entry]:
    """The entries with a seq under `below`, without the changes of messages, newest first."""
    kinds = bytes(entries[_LOW_BYTE::SIZE])
    for place in range(_position(entries, below) - 1, -1, -1):
        if kinds[place] not in CHANGES:
            yield Entry._make(_LAYOUT.unpack_from(entries, place * SIZE))


def others(entries: bytes | bytearray, after: int, author: int) -> int:
    """How many messages with a seq above `after` are not by this author and were not deleted."""
    rest = bytes(entries[_position(entries, after + 1) * SIZE :])
    marks: list[int] = memoryview(rest).cast("I")[SIZE // 4 - 1 :: SIZE // 4].tolist()
    mine = author << 8 | MESSAGE
    return messages(rest) - marks.count(mine) - marks.count(mine | CHANGED)


def messages(entries: bytes | bytearray, below: int | None = None) -> int:
    """How many messages, under a seq where one is given, were not deleted."""
    end = len(entries) if below is None else _position(entries, below) * SIZE
    return len(bytes(entries[_LOW_BYTE:end:SIZE]).translate(None, _NO_MESSAGES))


def entry_of(entries: bytes | bytearray, seq: int) -> Entry | None:
    """The entry of exactly this seq."""
    place = _position(entries, seq) * SIZE
    found = Entry._make(_LAYOUT.unpack_from(entries, place)) if place < len(entries) else None
    return found if found is not None and found.seq == seq else None


def last_entry(entries: bytes | bytearray, below: int) -> Entry | None:
    """The newest entry of any kind with a seq under `below`."""
    place = _position(entries, below) - 1
    return Entry._make(_LAYOUT.unpack_from(entries, place * SIZE)) if place >= 0 else None


def set_bit(entries: bytearray, seq: int, bit: int) -> None:
    """Set `CHANGED` or `GONE` in the mark of an entry that is there."""
    entries[_position(entries, seq) * SIZE + _LOW_BYTE] |= bit


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
