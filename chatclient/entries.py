"""What a timeline holds: as little of a message as its row needs, runs of notices, and messages on their way."""

import sys
from dataclasses import dataclass

import msgspec

from chatclient import days
from chatclient.notices import Run, notice
from shared.protocol import AnyEvent, Message


class Said(msgspec.Struct, gc=False):
    """A stored message. `at`: seconds since 1970."""

    seq: int
    at: int
    user: str
    text: str


@dataclass(slots=True)
class Unstored:
    """A message of ours on its way. `seq` is set by the server's ok; the echo then puts it where it belongs."""

    id: str
    text: str
    at: int
    seq: int = 0
    reason: str | None = None


Entry = Said | Run


def entry_of(event: AnyEvent) -> Entry:
    """A stored event as an entry; a notice as a run of one."""
    at = days.seconds(event.time)
    if isinstance(event, Message):
        return Said(event.seq, at, sys.intern(event.user), event.text)
    return Run([notice(event, at)])


def seq_of(entry: Entry) -> int:
    """By what entries are sorted."""
    return entry.seq
