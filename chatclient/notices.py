"""What stands between messages as quiet text, and how a run of comings and goings becomes one sentence.

A table gives each type of event its words. Joins and leaves that follow one another are collected in a `Run`;
all else (topics, roles, bans …) stands alone, as a run of one.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from chatclient.days import duration
from shared.protocol import (
    AnyEvent,
    Banned,
    Created,
    Deleted,
    Edited,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    Reacted,
    RoleSet,
    TopicSet,
    Unbanned,
)

_WORDS: Final = {
    "joined": ("{names} joined", "{by} invited {names}"),
    "left": ("{names} left", "{by} removed {names}"),
}
_SHOWN = 3


class Notice(NamedTuple):
    """One such event. `kind` is a key of the words above, or "" for a `text` that stands alone."""

    seq: int
    at: int
    kind: str
    user: str
    by: str
    text: str


def notice(event: AnyEvent, at: int) -> Notice:
    """The notice of an event that is no message."""
    kind, text = "", ""
    match event:
        case Joined():
            kind = "joined"
        case Left():
            kind = "left"
        case Created():
            text = f"{event.user} {'started this conversation' if event.room[:1] == '@' else 'made this room'}"
        case TopicSet(topic=""):
            text = f"{event.user} removed the topic"
        case TopicSet():
            text = f"{event.user} set the topic: {event.topic}"
        case Banned(by=by):
            text = f"{by} banned {event.user}"
        case Unbanned(by=by):
            text = f"{by} lifted the ban of {event.user}"
        case Muted(by=by, minutes=0):
            text = f"{by} let {event.user} speak again"
        case Muted(by=by, minutes=minutes):
            text = f"{by} muted {event.user} for {duration(minutes)}"
        case RoleSet(by=by, role="moderator"):
            text = f"{by} made {event.user} a moderator"
        case RoleSet(by=by):
            text = f"{by} made {event.user} a member again"
        case ProfileSet(display=""):
            text = f"{event.user} goes by that name again"
        case ProfileSet(display=display):
            text = f"{event.user} is called {display} now"
        case Message() | Edited() | Deleted() | Reacted():
            raise ValueError("a message is no notice, nor is a change of one")
    author = event.author
    return Notice(event.seq, at, kind, event.user, "" if author == event.user else author, text)


class Run:
    """Notices that are drawn as one row, by seq. `items` is never empty."""

    __slots__ = ("_text", "items")

    def __init__(self, items: list[Notice]) -> None:
        self.items = items
        self._text = ""

    @property
    def seq(self) -> int:
        return self.items[0].seq

    @property
    def at(self) -> int:
        return self.items[0].at

    @property
    def open(self) -> bool:
        """May others of its kind join it?"""
        return bool(self.items[0].kind)

    @property
    def text(self) -> str:
        if not self._text:
            self._text = sentence(self.items)
        return self._text

    def add(self, items: Sequence[Notice]) -> None:
        """Take these in, at whichever place their seq has."""
        in_order = items[0].seq > self.items[-1].seq
        self.items.extend(items)
        if not in_order:
            self.items.sort()
        self._text = ""

    def split(self, seq: int) -> "Run":
        """Give up what comes after `seq`, as a run of its own. Some must stay, and some must go."""
        at = next(i for i, item in enumerate(self.items) if item.seq > seq)
        rest = Run(self.items[at:])
        del self.items[at:]
        self._text = ""
        return rest


def sentence(items: Sequence[Notice]) -> str:
    """`frank, grace and 3 others joined, ivan left`: what happened, in the order in which each thing began."""
    groups: dict[tuple[str, str], dict[str, None]] = {}
    alone: list[str] = []
    for item in items:
        if item.kind:
            groups.setdefault((item.kind, item.by), {})[item.user] = None
        else:
            alone.append(item.text)
    parts = [_WORDS[kind][bool(by)].format(names=people(list(names)), by=by) for (kind, by), names in groups.items()]
    return ", ".join(alone + parts)


def people(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b and 2 others`."""
    if len(names) == 1:
        return names[0]
    if len(names) <= _SHOWN:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[: _SHOWN - 1])} and {len(names) - _SHOWN + 1} others"
