"""Everything that a window shows, folded from the client's events. Pure; belongs to the thread that renders.

Strategy: one table from the type of an event to the method that folds it; each notes what must be drawn again, and
the caller gets that as `Changes`. `now` is the wall clock in seconds since 1970 (`time.time()`).

Promises: a welcome that is fresh replaces all but messages on their way; one that is not changes nothing that stands;
unread counts the messages of others alone, from the numbers of the last fresh welcome on.
"""

from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Any

from chatclient import days
from chatclient import events as told
from chatclient.conversation import Changes, Conversation, Link, Noted
from chatclient.timeline import Timeline
from shared.protocol import AnyEvent, Created, Joined, Left, Member, Message, Page, RoomInfo, TopicSet, Welcome
from shared.rules import counterpart, direct_name

__all__ = ["Changes", "Conversation", "Link", "Model"]


class Model:
    """`me` is the reader, `server_label` what to call the server until it says its name, `tz` the reader's zone."""

    def __init__(self, me: str, server_label: str, tz: tzinfo, now: float = 0.0) -> None:
        self.me = me
        self.server = server_label
        self.link = Link()
        self.conversations: dict[str, Conversation] = {}
        self.current: str | None = None
        self.focused = True
        self._tz = tz
        self._today = self._day(now)
        self._posts: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._folds: dict[type[Any], Callable[[Any, float, Noted], None]] = {
            told.Connecting: self._connecting,
            told.Connected: self._connected,
            told.Disconnected: self._disconnected,
            told.Rejected: self._rejected,
            told.Pending: self._pending,
            told.Delivered: self._delivered,
            told.Failed: self._failed,
            told.Discarded: self._discarded,
            told.Arrived: self._arrived,
            told.ReadUpTo: self._read_up_to,
        }
        self._stored: dict[type[Any], Callable[[Conversation, Any, Noted], None]] = {
            Message: self._message,
            Created: self._created,
            Joined: self._joined,
            Left: self._left,
            TopicSet: self._topic,
        }

    # --- what a window asks ---------------------------------------------------------------------------------

    def rooms(self) -> list[Conversation]:
        """By name."""
        rooms = (talk for talk in self.conversations.values() if not talk.direct)
        return sorted(rooms, key=lambda talk: (talk.name.casefold(), talk.name))

    def directs(self) -> list[Conversation]:
        """Newest first; one that nothing was said in yet stands on top."""
        directs = (talk for talk in self.conversations.values() if talk.direct)
        return sorted(directs, key=lambda talk: (talk.last > 0, -talk.last, talk.title))

    @property
    def waiting(self) -> int:
        """Messages of mine that the server has not answered yet."""
        return len(self._waiting)

    def direct_with(self, user: str) -> Conversation:
        """The direct conversation with this person; made here, empty, where there is none yet."""
        room = direct_name(self.me, user)
        return self.conversations.get(room) or self._add(room)

    # --- what a window does ---------------------------------------------------------------------------------

    def open(self, room: str | None) -> Changes:
        """Look at this conversation (None: at none). `KeyError` where it is not in the list."""
        noted = Noted()
        talk = self.conversations[room] if room is not None else None
        if room == self.current:
            return self.focus(self.focused)
        left = self.conversations.get(self.current or "")
        if left is not None:
            noted.rows(left.name, left.timeline.mark_unread(None))
        self.current = room
        noted.sidebar = True
        if talk is not None:
            noted.header.add(talk.name)
            self._begin_looking(talk, noted)
        return noted.changes()

    def focus(self, focused: bool) -> Changes:
        """The window got or lost the keyboard: what comes while it has not is unread, in the open room too."""
        noted = Noted()
        self.focused = focused
        talk = self.conversations.get(self.current or "")
        if focused and talk is not None:
            talk.looked_at(noted)
        return noted.changes()

    def _begin_looking(self, talk: Conversation, noted: Noted) -> None:
        noted.rows(talk.name, talk.timeline.mark_unread(talk.read if talk.unread else None))
        if self.focused:
            talk.looked_at(noted)

    def tick(self, now: float) -> Changes:
        """Call it after midnight: "Today" becomes "Yesterday"."""
        noted = Noted()
        self._turn(now, noted)
        return noted.changes()

    def _turn(self, now: float, noted: Noted) -> None:
        today = self._day(now)
        if today != self._today:
            self._today = today
            for talk in self.conversations.values():
                noted.rows(talk.name, talk.timeline.set_today(today))

    def _day(self, now: float) -> date:
        return days.local(now, self._tz).date()

    # --- answers to questions -------------------------------------------------------------------------------

    def page(self, room: str, page: Page) -> Changes:
        """The answer to `history(room, before=timeline.first_seq or None)`."""
        noted = Noted()
        talk = self.conversations.get(room)
        if talk is None:
            return noted.changes()
        talk.loading = False
        noted.rows(room, talk.timeline.page(page.messages, page.more_before, page.through))
        newest = next((event for event in reversed(page.messages) if isinstance(event, Message)), None)
        if newest is not None and not talk.preview:
            talk.show(newest, self.me, days.local(days.seconds(newest.time), self._tz))
            noted.sidebar = True
        talk.last = max(talk.last, talk.timeline.newest_seq)
        if self._looking_at(room):
            talk.looked_at(noted)
        return noted.changes()

    def rooms_listed(self, rooms: Sequence[RoomInfo]) -> Changes:
        """The answer to `rooms()`: topics and counts, of rooms that were joined just now above all."""
        noted = Noted()
        for info in rooms:
            talk = self.conversations.get(info.room)
            if talk is None or (talk.topic, talk.members, talk.private) == (info.topic, info.members, info.private):
                continue
            talk.topic, talk.members, talk.private = info.topic, info.members, info.private
            noted.header.add(info.room)
            noted.sidebar = True
        return noted.changes()

    def members_listed(self, room: str, members: Sequence[Member]) -> Changes:
        """The answer to `members(room)`: how many, and my role."""
        noted = Noted()
        talk = self.conversations.get(room)
        if talk is not None:
            talk.members = len(members)
            talk.role = next((member.role for member in members if member.user == self.me), talk.role)
            noted.header.add(room)
        return noted.changes()

    # --- the client's events --------------------------------------------------------------------------------

    def apply(self, event: told.ClientEvent, now: float) -> Changes:
        """Fold one event."""
        return self.apply_all((event,), now)

    def apply_all(self, events: Sequence[told.ClientEvent], now: float) -> Changes:
        """Fold these, in order; one note of all that they changed."""
        noted = Noted()
        self._turn(now, noted)
        for event in events:
            self._folds[type(event)](event, now, noted)
        return noted.changes()

    def _connecting(self, event: told.Connecting, now: float, noted: Noted) -> None:
        # A try from offline shows as offline still, or the banner would flicker with every try.
        self.link = self.link._replace(retry_at=None) if self.link.state == "offline" else Link()
        noted.link = True

    def _connected(self, event: told.Connected, now: float, noted: Noted) -> None:
        welcome = event.welcome
        self.me, self.server = welcome.user, welcome.server or self.server
        self._set_link(Link("online"), noted)
        if event.fresh:
            self._start_afresh(welcome, noted)
        else:
            for state in welcome.rooms:
                if state.room in self.conversations:
                    self.conversations[state.room].role = state.role

    def _start_afresh(self, welcome: Welcome, noted: Noted) -> None:
        held, self.conversations = self.conversations, {}
        for name, talk in held.items():
            talk.timeline.me = self.me
            talk.loading = False
            noted.rows(name, talk.timeline.drop())
        mine = {state.room for state in welcome.rooms}
        for state in welcome.rooms:
            talk = held.get(state.room) or self._add(state.room, state.with_)
            self.conversations[state.room] = talk
            talk.describe(state)
            noted.header.add(state.room)
        for name, talk in held.items():
            # What was typed must not be lost with a room, nor a conversation that only stands open here yet.
            if name not in mine and (talk.timeline.pending or (talk.direct and name == self.current)):
                talk.last = talk.read = talk.unread = talk.mentions = 0
                self.conversations[name] = talk
        noted.sidebar = True
        if self.current in self.conversations:
            self._begin_looking(self.conversations[self.current], noted)
        elif self.current is not None:
            noted.header.add(self.current)
            self.current = None

    def _disconnected(self, event: told.Disconnected, now: float, noted: Noted) -> None:
        self._set_link(Link("offline", event.reason, now + event.retry_in), noted)

    def _rejected(self, event: told.Rejected, now: float, noted: Noted) -> None:
        self._set_link(Link("offline", event.message), noted)

    def _set_link(self, link: Link, noted: Noted) -> None:
        online = link.state == "online"
        self.link = link
        noted.link = True
        for talk in self.conversations.values():
            noted.rows(talk.name, talk.timeline.set_online(online))

    def _pending(self, event: told.Pending, now: float, noted: Noted) -> None:
        self._waiting.add(event.id)
        talk = self.conversations.get(event.room)
        if talk is None and event.room.startswith("@"):
            talk = self._add(event.room)
            noted.sidebar = True
        if talk is not None:
            self._posts[event.id] = event.room
            noted.rows(event.room, talk.timeline.queued(event.id, event.text, event.time))

    def _delivered(self, event: told.Delivered, now: float, noted: Noted) -> None:
        self._waiting.discard(event.id)
        talk = self._where_posted(event.id)
        if talk is not None:
            noted.rows(talk.name, talk.timeline.delivered(event.id, event.seq))

    def _failed(self, event: told.Failed, now: float, noted: Noted) -> None:
        self._waiting.discard(event.id)
        talk = self._where_posted(event.id)
        if talk is not None:
            noted.rows(talk.name, talk.timeline.failed(event.id, event.message))

    def _discarded(self, event: told.Discarded, now: float, noted: Noted) -> None:
        talk = self._where_posted(event.id)
        self._posts.pop(event.id, None)
        if talk is not None:
            noted.rows(talk.name, talk.timeline.discarded(event.id))

    def _where_posted(self, ident: str) -> Conversation | None:
        return self.conversations.get(self._posts.get(ident, ""))

    def _read_up_to(self, event: told.ReadUpTo, now: float, noted: Noted) -> None:
        talk = self.conversations.get(event.room)
        if talk is not None:
            talk.read_elsewhere(event.seq, self.me, noted)

    # --- stored events --------------------------------------------------------------------------------------

    def _arrived(self, event: told.Arrived, now: float, noted: Noted) -> None:
        stored = event.event
        talk = self.conversations.get(stored.room)
        if talk is None:
            if not self._makes_mine(stored):
                return
            talk = self._add(stored.room)
            noted.sidebar = True
            noted.header.add(stored.room)
        if stored.author == self.me:
            self._settle(stored, noted)
        talk.last = max(talk.last, stored.seq)
        self._stored[type(stored)](talk, stored, noted)
        if stored.room not in self.conversations:
            return  # I left
        if self._looking_at(stored.room):
            talk.looked_at(noted)
        noted.rows(stored.room, talk.timeline.arrived(stored))

    def _makes_mine(self, event: AnyEvent) -> bool:
        """Does this event of a room that is not in the list put it there?"""
        if event.room.startswith("@"):
            return True
        return isinstance(event, Created | Joined) and event.user == self.me

    def _settle(self, event: AnyEvent, noted: Noted) -> None:
        """The echo of a post; one that was queued under another spelling of the room goes from there."""
        room = self._posts.pop(event.id, event.room)
        self._waiting.discard(event.id)
        if room != event.room and room in self.conversations:
            noted.rows(room, self.conversations[room].timeline.discarded(event.id))

    def _message(self, talk: Conversation, event: Message, noted: Noted) -> None:
        talk.show(event, self.me, days.local(days.seconds(event.time), self._tz))
        noted.sidebar |= talk.direct
        if event.user == self.me or self._looking_at(talk.name):
            return
        if talk.name == self.current and not talk.unread:
            noted.rows(talk.name, talk.timeline.mark_unread(talk.read))
        talk.count(event, self.me)
        noted.sidebar = True

    def _created(self, talk: Conversation, event: Created, noted: Noted) -> None:
        talk.topic, talk.private = event.topic, event.private
        talk.members = talk.members or 1
        if event.user == self.me and talk.role == "member":
            talk.role = "moderator"
        noted.header.add(talk.name)

    def _joined(self, talk: Conversation, event: Joined, noted: Noted) -> None:
        if talk.members and event.user != self.me:
            talk.members += 1
            noted.header.add(talk.name)

    def _left(self, talk: Conversation, event: Left, noted: Noted) -> None:
        noted.header.add(talk.name)
        if event.user != self.me:
            talk.members = max(talk.members - 1, 0)
            return
        del self.conversations[talk.name]
        noted.sidebar = True
        if self.current == talk.name:
            self.current = None

    def _topic(self, talk: Conversation, event: TopicSet, noted: Noted) -> None:
        talk.topic = event.topic
        noted.header.add(talk.name)

    def _looking_at(self, room: str) -> bool:
        return self.focused and room == self.current

    def _add(self, room: str, with_: str | None = None) -> Conversation:
        direct = room.startswith("@")
        title = (with_ or counterpart(room, self.me)) if direct else room
        timeline = Timeline(self.me, self._tz, self._today, online=self.link.state == "online")
        talk = self.conversations[room] = Conversation(room, title, direct, timeline)
        return talk
