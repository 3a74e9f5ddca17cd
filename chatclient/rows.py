"""What a timeline shows and how it says that this changed. Pure values, made for a view to draw and to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.protocol import File


class Quote(NamedTuple):
    """The start of the message that a row answers.

    seq         of the original, to jump to
    user, name  who wrote it, and what to call them; "" while it is being fetched
    text        its start on one line (what it bears, for one of files alone); "" while it is being fetched, or gone
    gone        it was deleted, or is not to be had any more
    """

    seq: int
    user: str
    name: str
    text: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji under a row: how many chose it, whether the reader did, and who (what to call them), first one first.

    No tuple like the others, because `count` means something else there.
    """

    emoji: str
    count: int
    mine: bool
    names: tuple[str, ...]


class Row(NamedTuple):
    """One row. Immutable; equal rows draw equally, so a layout may be kept by (row, width).

    key         "7" (its seq), or "~id" for a message that is not stored yet
    kind        "message", "notice", "tombstone" (a deleted message; the text says who deleted it) or "action" (what
                somebody does; the text without its "/me ")
    seq         0 for a message that is not stored yet
    clock       "09:12" in the reader's time zone
    own         written by the reader
    state       "sent", "sending", "waiting" (no connection) or "failed"; "" for notices
    reason      why it failed, one sentence, without "Not sent:" before it
    day         "", or the separator above it: "Today", "Yesterday", "Friday, 20 November 2026"
    unread      the "New messages" line stands above it
    first, last of its group: same user, under 10 minutes apart, same day, nothing between
    name        what to call the user: the display name, or the name
    reply       what it answers, or None
    files       what it bears; one whose `file` begins with "~" is not up yet
    reactions   in the order in which each emoji was first used
    edited      its text was changed
    change      "waiting" while an edit, a deletion or a reaction of the reader's is not stored yet, else ""
    deeds       what the reader may do with it: "reply", "react", "edit", "delete", "copy", "link", "record", "unread";
                what is not in it is not to be offered
    """

    key: str
    kind: str
    seq: int
    user: str
    text: str
    clock: str
    own: bool
    state: str
    reason: str
    day: str
    unread: bool
    first: bool
    last: bool
    name: str = ""
    reply: Quote | None = None
    files: tuple[File, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    edited: bool = False
    change: str = ""
    deeds: frozenset[str] = frozenset()


class Reset(NamedTuple):
    """Everything is other than it was: start again at the newest row, or at the unread line."""


class Prepended(NamedTuple):
    """`n` rows more at the top. The row after them (the first until now) may look different: ask for it again."""

    n: int


class Appended(NamedTuple):
    """`n` rows more at the end. The row before them (the last until now) may look different: ask for it again."""

    n: int


class Refreshed(NamedTuple):
    """Something anywhere changed, the count too; a key of before still finds its row. Keep the reader's place."""


TimelineChange = Reset | Prepended | Appended | Refreshed


def combined(first: Sequence[TimelineChange], then: Sequence[TimelineChange]) -> list[TimelineChange]:
    """Both, as few changes: what adds up is added, and what tells less than another goes."""
    changes = list(first)
    for change in then:
        last = changes[-1] if changes else None
        match last, change:
            case (Reset(), _) | (Refreshed(), Refreshed() | Appended() | Prepended()):
                pass
            case _, Reset():
                changes = [change]
            case _, Refreshed():
                changes = [change]
            case Appended(n), Appended(m):
                changes[-1] = Appended(n + m)
            case Prepended(n), Prepended(m):
                changes[-1] = Prepended(n + m)
            case _:
                changes.append(change)
    return changes
