"""What a timeline holds: as little of a message as its row needs, runs of notices, and messages on their way.

A plain message is a `Said` and nothing more. What only some have (files, a quote, reactions, the mark of an edit) is
their `Extra`, kept beside them by seq. Pure.
"""

import sys
from dataclasses import dataclass
from typing import Final

import msgspec

from chatclient import days
from chatclient.notices import Run, notice
from shared.protocol import AnyEvent, File, Message


class Said(msgspec.Struct, gc=False):
    """A stored message. `at`: seconds since 1970."""

    seq: int
    at: int
    user: str
    text: str


class Gone(msgspec.Struct, gc=False):
    """A message that was deleted. `by`: who did it, "" where that is not known (yet)."""

    seq: int
    at: int
    user: str
    by: str


_NOBODY: Final[dict[str, tuple[str, ...]]] = {}


class Extra(msgspec.Struct, frozen=True, gc=False):
    """What only some messages have. `reactions`: who chose each emoji; never changed in place."""

    reply_to: int = 0
    files: tuple[File, ...] = ()
    reactions: dict[str, tuple[str, ...]] = msgspec.field(default_factory=lambda: _NOBODY)
    edited: bool = False


PLAIN: Final = Extra()


@dataclass(slots=True)
class Unstored:
    """A message of ours on its way. `seq` is set by the server's ok; the echo then puts it where it belongs."""

    id: str
    text: str
    at: int
    reply_to: int = 0
    files: tuple[File, ...] = ()
    seq: int = 0
    reason: str | None = None


Spoken = Said | Gone
Entry = Said | Gone | Run


def entry_of(event: AnyEvent) -> Entry:
    """A stored event as an entry; a notice as a run of one."""
    at = days.seconds(event.time)
    if not isinstance(event, Message):
        return Run([notice(event, at)])
    user = sys.intern(event.user)
    if event.deleted:
        return Gone(event.seq, at, user, sys.intern(event.deleted_by))
    return Said(event.seq, at, user, event.text)


def extra_of(event: Message) -> Extra:
    """What this message has that not all have; `PLAIN` for nothing."""
    if event.deleted or not (event.reply_to or event.files or event.reactions or event.edited):
        return PLAIN
    reactions = {emoji: tuple(map(sys.intern, names)) for emoji, names in (event.reactions or _NOBODY).items()}
    return Extra(event.reply_to, event.files, reactions or _NOBODY, bool(event.edited))


def seq_of(entry: Entry) -> int:
    """By what entries are sorted."""
    return entry.seq
