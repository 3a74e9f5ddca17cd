"""One conversation as the sidebar, the header and the view show it, the state of the link, and what a fold changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from chatclient.mentions import mentioned
from chatclient.rows import TimelineChange, combined
from chatclient.timeline import Timeline
from shared.protocol import Message, Role, RoomState


@dataclass(slots=True, eq=False)
class Conversation:
    """A room of mine, or a direct conversation; owned and changed by the Model alone, save `loading`.

    title          what to call it: the room's name, or the other person's
    members        how many; 0 where that is not known yet (`Model.rooms_listed` or `members_listed` tell it)
    unread         messages of others that were not looked at; `mentions` those among them that speak to me
    preview        the newest message on one line, "You: …" where it is mine; "" where none is loaded
    loading        the window sets it when it asks for history; the answer's `Model.page` clears it
    last, read     seqs: its newest event; the newest that was looked at
    """

    name: str
    title: str
    direct: bool
    timeline: Timeline
    topic: str = ""
    private: bool = False
    role: Role = "member"
    members: int = 0
    unread: int = 0
    mentions: int = 0
    preview: str = ""
    preview_time: datetime | None = None
    loading: bool = False
    last: int = 0
    read: int = 0

    @property
    def complete_before(self) -> bool:
        """Is its first event loaded?"""
        return self.timeline.complete

    def describe(self, state: RoomState) -> None:
        """Take over what `welcome` says of it."""
        self.topic, self.private, self.role, self.members = state.topic, state.private, state.role, state.members
        self.unread, self.mentions, self.last = state.unread, state.mentions, state.last
        if self.direct:
            self.mentions = self.unread
        self.read = state.read if state.unread else state.last

    def show(self, message: Message, me: str, moment: datetime) -> None:
        """Make this message the preview."""
        text = " ".join(message.text.split())
        self.preview = f"You: {text}" if message.user == me else text
        self.preview_time = moment

    def count(self, message: Message, me: str) -> None:
        """One more that was not looked at."""
        self.unread += 1
        self.mentions += self.direct or mentioned(message.text, me)

    def looked_at(self, noted: "Noted") -> None:
        """Everything up to its newest event was seen."""
        if self.unread or self.mentions:
            self.unread = self.mentions = 0
            noted.sidebar = True
        if self.last > self.read:
            self.read = noted.read[self.name] = self.last

    def read_elsewhere(self, seq: int, me: str, noted: "Noted") -> None:
        """Everything up to `seq` was seen on another device. What is loaded tells how much is left."""
        self.read = max(self.read, seq)
        left = [] if seq >= self.last else self.timeline.others_after(seq)
        if left is not None and len(left) <= self.unread:
            self.unread = len(left)
            self.mentions = sum(self.direct or mentioned(text, me) for text in left)
            noted.sidebar = True


class Link(NamedTuple):
    """The connection: "connecting" until the first sign-in, then "online" or "offline".

    While offline `reason` is one sentence, and `retry_at` when the next try comes (None while a try is on its way, or
    when none comes by itself), on the clock of `now`.
    """

    state: str = "connecting"
    reason: str = ""
    retry_at: float | None = None


class Changes(NamedTuple):
    """What to draw again: the sidebar, the state of the connection, the heads of rooms, rows of rooms.

    `read` is to be told to the server: `client.read(room, seq)` for each. `Model.open` and `focus` give it too.
    """

    sidebar: bool
    link: bool
    header: set[str]
    timelines: dict[str, list[TimelineChange]]
    read: Mapping[str, int] = MappingProxyType({})

    def merge(self, later: "Changes") -> "Changes":
        """This and what happened after it, as one."""
        timelines = dict(self.timelines)
        for room, changes in later.timelines.items():
            timelines[room] = combined(timelines.get(room, ()), changes)
        return Changes(
            sidebar=self.sidebar or later.sidebar,
            link=self.link or later.link,
            header=self.header | later.header,
            timelines=timelines,
            read={**self.read, **later.read},
        )


@dataclass(slots=True)
class Noted:
    """Collects changes while events are folded."""

    sidebar: bool = False
    link: bool = False
    header: set[str] = field(default_factory=set)
    timelines: dict[str, list[TimelineChange]] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def rows(self, room: str, changes: list[TimelineChange]) -> None:
        if changes:
            self.timelines[room] = combined(self.timelines.get(room, ()), changes)

    def changes(self) -> Changes:
        return Changes(self.sidebar, self.link, self.header, self.timelines, self.read)
