"""One conversation as the sidebar, the header and the view show it, the state of the link, and what a fold changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final, NamedTuple

from chatclient import days
from chatclient.entries import Said, Spoken
from chatclient.gist import action, gist
from chatclient.rows import TimelineChange, combined
from chatclient.timeline import Timeline
from shared.mentions import mentioned
from shared.protocol import Member, Message, Role, RoomState
from shared.rules import RECEIPTS_ROOM

PREVIEW: Final = 200
"""Characters of a text that a preview may show."""


@dataclass(slots=True, eq=False)
class Conversation:
    """A room of mine, or a direct conversation; owned and changed by the Model alone, save `loading`.

    title          what to call it: the room's name, or the other person's (`Model.name_of` has what to call them)
    role           mine in this room; of who owns the server it is "owner" (`Model.rights` says what may be done)
    members        how many; 0 where that is not known yet (`Model.rooms_listed` or `members_listed` tell it)
    roster         who, by name; empty before `Model.members_listed`, kept right by events after it
    unread         messages of others that were not looked at; `mentions` those among them that speak to me
    preview        the newest message on one line, "You: …" where it is mine; "" where none is loaded
    banned         who may not come in, for those who may lift it, after `Model.members_listed`
    loading        the window sets it when it asks for history; the answer's `Model.page` clears it
    last, read     seqs: its newest event; the newest that was looked at
    read_by        how far others have read, by name; empty where the server does not tell
    seen_row       key of my newest message that others have read, and in `seen_by` who they are, sorted
    muted_until    until when I may not speak here, in the reader's time zone
    described      its newest event when the numbers of unread were told
    named          seqs after that of what is unread and speaks to me
    kept           marked unread by me: looking at it goes on until a new message comes or it is opened again
    """

    name: str
    title: str
    direct: bool
    timeline: Timeline
    topic: str = ""
    private: bool = False
    role: Role = "member"
    members: int = 0
    roster: dict[str, Member] = field(default_factory=dict)
    unread: int = 0
    mentions: int = 0
    preview: str = ""
    preview_time: datetime | None = None
    loading: bool = False
    last: int = 0
    read: int = 0
    read_by: dict[str, int] = field(default_factory=dict)
    seen_row: str | None = None
    seen_by: tuple[str, ...] = ()
    muted_until: datetime | None = None
    banned: list[str] = field(default_factory=list)
    described: int = 0
    named: set[int] = field(default_factory=set)
    kept: bool = False

    @property
    def complete_before(self) -> bool:
        """Is its first event loaded?"""
        return self.timeline.complete

    @property
    def first_unread(self) -> str | None:
        """Key of the row under the unread line."""
        return self.timeline.unread_key

    @property
    def unread_above(self) -> bool:
        """Is the first unread older than all that is loaded? Load older pages, and look again."""
        return self.timeline.unread_above

    def describe(self, state: RoomState, tz: tzinfo) -> None:
        """Take over what a fresh `welcome` says of it."""
        self.topic, self.private, self.members = state.topic, state.private, state.members
        self.roster, self.banned, self.kept = {}, [], False
        self.described, self.named = state.last, set()
        self.unread, self.mentions, self.last = state.unread, state.mentions, state.last
        if self.direct:
            self.mentions = self.unread
        self.read = state.read if state.unread else state.last
        self.describe_me(state, tz)

    def describe_me(self, state: RoomState, tz: tzinfo) -> bool:
        """Take over what any `welcome` says of me in it. True where that is something else than before."""
        muted = days.moment(state.muted_until, tz)
        changed = (self.role, self.muted_until) != (state.role, muted)
        self.role, self.muted_until = state.role, muted
        return changed

    def show(self, name_of: Callable[[str], str], tz: tzinfo, noted: "Noted") -> None:
        """Make the newest message the preview, once something is loaded."""
        if not self.timeline.newest_held:
            return
        found = self.timeline.newest_said()
        line, moment = "", None
        if found is not None:
            said, extra = found
            does = action(said.text)
            line = f"{name_of(said.user)} {gist(does)}" if does else gist(said.text, extra.files, PREVIEW)
            line = f"You: {line}" if said.user == self.timeline.me and not does else line
            moment = days.local(said.at, tz)
        if (line, moment) != (self.preview, self.preview_time):
            self.preview, self.preview_time = line, moment
            noted.sidebar |= self.direct

    # --- what I have read -----------------------------------------------------------------------------------

    def count(self, message: Message, me: str) -> None:
        """One more that was not looked at."""
        self.unread += 1
        if self.direct or mentioned(message.text, me):
            self.mentions += 1
            self.named.add(message.seq)

    def uncount(self, of: int, before: Spoken | None, me: str, noted: "Noted") -> None:
        """A message after the read marker was deleted. `before`: how it was held, None where it was not.

        Whether it spoke to me is what its first text said: an edit speaks to nobody anew.
        """
        left = self.timeline.others_after(self.read)
        if left is not None:
            self.unread = len(left)
        elif before is None or (isinstance(before, Said) and before.user != me):
            self.unread = max(self.unread - 1, 0)
        named = of in self.named
        if isinstance(before, Said) and before.user != me and of <= self.described:
            named = mentioned(before.text, me)
        self.named.discard(of)
        self.mentions = self.unread if self.direct else min(max(self.mentions - named, 0), self.unread)
        noted.sidebar = True

    def unread_from(self, seq: int, me: str, noted: "Noted") -> None:
        """Count what others said from this message on as not looked at, here and on this device alone."""
        left = self.timeline.others_from(seq)
        self.unread, self.mentions = len(left), self._mentions(left, me)
        self.read, self.kept = seq - 1, True
        noted.sidebar = True
        noted.rows(self.name, self.timeline.mark_from(seq))

    def _mentions(self, texts: list[str], me: str) -> int:
        return sum(self.direct or mentioned(text, me) for text in texts)

    def looked_at(self, noted: "Noted") -> None:
        """Everything up to its newest event was seen."""
        if self.kept:
            return
        if self.unread or self.mentions:
            self.unread = self.mentions = 0
            self.named.clear()
            noted.sidebar = True
        if self.last > self.read:
            self.read = noted.read[self.name] = self.last

    def read_elsewhere(self, seq: int, me: str, noted: "Noted") -> None:
        """Everything up to `seq` was seen on another device. What is loaded tells how much is left."""
        self.read = max(self.read, seq)
        left = [] if seq >= self.last else self.timeline.others_after(seq)
        if left is not None and len(left) <= self.unread:
            self.unread, self.mentions = len(left), self._mentions(left, me)
            noted.sidebar = True

    # --- what others have read ------------------------------------------------------------------------------

    def see(self, noted: "Noted") -> None:
        """Find out which message of mine was seen, after rows or markers moved."""
        row: str | None = None
        names: tuple[str, ...] = ()
        if self.read_by and self.members <= RECEIPTS_ROOM:
            seq = self.timeline.own_at_most(max(self.read_by.values()))
            if seq:
                row = str(seq)
                names = tuple(sorted(name for name, read in self.read_by.items() if read >= seq))
        if (row, names) != (self.seen_row, self.seen_by):
            self.seen_row, self.seen_by = row, names
            noted.seen.add(self.name)


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

    read     to be told to the server: `client.read(room, seq)` for each. `Model.open` and `focus` give it too
    people   who is shown differently; with `link` everybody is, because presence is known or unknown then
    typing   rooms where others are writing now; `seen`: where `seen_row` or `seen_by` moved
    news     sentences for the person, of what befell them
    """

    sidebar: bool
    link: bool
    header: set[str]
    timelines: dict[str, list[TimelineChange]]
    read: Mapping[str, int] = MappingProxyType({})
    people: frozenset[str] = frozenset()
    typing: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    news: tuple[str, ...] = ()

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
            people=self.people | later.people,
            typing=self.typing | later.typing,
            seen=self.seen | later.seen,
            news=self.news + later.news,
        )


@dataclass(slots=True)
class Noted:
    """Collects changes while events are folded."""

    sidebar: bool = False
    link: bool = False
    header: set[str] = field(default_factory=set)
    timelines: dict[str, list[TimelineChange]] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    typing: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    """Rooms whose newest message may be another one."""
    seen: set[str] = field(default_factory=set)
    news: list[str] = field(default_factory=list)

    def rows(self, room: str, changes: list[TimelineChange]) -> None:
        if changes:
            self.timelines[room] = combined(self.timelines.get(room, ()), changes)

    def changes(self) -> Changes:
        return Changes(
            sidebar=self.sidebar,
            link=self.link,
            header=self.header,
            timelines=self.timelines,
            read=self.read,
            people=frozenset(self.people),
            typing=frozenset(self.typing),
            seen=frozenset(self.seen),
            news=tuple(self.news),
        )
