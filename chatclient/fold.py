"""Everything that the client's events say, folded into one state. Pure; belongs to the thread that renders.

Strategy: one table from the type of an event to the method that folds it; each notes what must be drawn again. `Model`
is this with what a window asks and does. `now` is the wall clock in seconds since 1970 (`time.time()`).

Promises: a welcome that is fresh replaces all but messages on their way; one that is not changes nothing that stands
but who is here and what I may; unread counts the messages of others alone, from the numbers of the last fresh welcome
on.
"""

from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Any

from chatclient import days, stored
from chatclient import events as told
from chatclient.conversation import Changes, Conversation, Link, Noted
from chatclient.people import Altered, People
from chatclient.rows import Refreshed
from chatclient.timeline import Timeline
from chatclient.writing import Writing
from shared.protocol import AnyEvent, Created, Joined, Message, ProfileSet, Welcome
from shared.rules import counterpart


class Fold:
    """`me` is the reader, `server_label` what to call the server until it says its name, `tz` the reader's zone."""

    def __init__(self, me: str, server_label: str, tz: tzinfo, now: float = 0.0) -> None:
        self.me = me
        self.server = server_label
        self.link = Link()
        self.conversations: dict[str, Conversation] = {}
        self.current: str | None = None
        self.focused = True
        self.owner = False
        """Do I own the server?"""
        self.session = ""
        self.has_password = False
        self.receipts = True
        self._tz = tz
        self._today = self._day(now)
        self._people = People()
        self._writing = Writing()
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
            told.ReadBy: self._read_by,
            told.PresenceChanged: self._presence,
            told.TypingChanged: self._typing,
        }

    def apply(self, event: told.ClientEvent, now: float) -> Changes:
        """Fold one event."""
        return self.apply_all((event,), now)

    def apply_all(self, events: Sequence[told.ClientEvent], now: float) -> Changes:
        """Fold these, in order; one note of all that they changed."""
        noted = Noted()
        self._turn(now, noted)
        for event in events:
            self._folds[type(event)](event, now, noted)
        self._afterwards(noted)
        return noted.changes()

    def _afterwards(self, noted: Noted) -> None:
        """What follows from the rows that are there now."""
        for room in noted.timelines:
            if room in self.conversations:
                self.conversations[room].see(noted)

    # --- looking --------------------------------------------------------------------------------------------

    def _look_at(self, room: str | None, noted: Noted) -> None:
        talk = self.conversations[room] if room is not None else None
        left = self.conversations.get(self.current or "")
        if left is not None:
            noted.rows(left.name, left.timeline.mark_unread(None))
        self.current = room
        noted.sidebar = True
        if talk is not None:
            noted.header.add(talk.name)
            self._begin_looking(talk, noted)

    def _begin_looking(self, talk: Conversation, noted: Noted) -> None:
        noted.rows(talk.name, talk.timeline.mark_unread(talk.read if talk.unread else None))
        if self.focused:
            talk.looked_at(noted)

    def _looking_at(self, room: str) -> bool:
        return self.focused and room == self.current

    def _turn(self, now: float, noted: Noted) -> None:
        """Take notice of the time."""
        noted.typing |= self._writing.expire(now)
        today = self._day(now)
        for talk in self.conversations.values():
            if talk.muted_until is not None and talk.muted_until.timestamp() <= now:
                talk.muted_until = None
                noted.header.add(talk.name)
            if today != self._today:
                noted.rows(talk.name, talk.timeline.set_today(today))
        self._today = today

    def _day(self, now: float) -> date:
        return days.local(now, self._tz).date()

    # --- the connection -------------------------------------------------------------------------------------

    def _connecting(self, event: told.Connecting, now: float, noted: Noted) -> None:
        # A try from offline shows as offline still, or the banner would flicker with every try.
        self.link = self.link._replace(retry_at=None) if self.link.state == "offline" else Link()
        noted.link = True

    def _connected(self, event: told.Connected, now: float, noted: Noted) -> None:
        welcome = event.welcome
        self.me, self.server = welcome.user, welcome.server or self.server
        self.owner, self.session = welcome.owner, welcome.session
        self.has_password, self.receipts = welcome.has_password, welcome.receipts
        self._show_people(self._people.welcomed(welcome.people), noted)
        self._set_link(Link("online"), noted)
        if event.fresh:
            self._start_afresh(welcome, noted)
        else:
            self._go_on(welcome, noted)
        for talk in self.conversations.values():
            talk.read_by = dict(welcome.read_by.get(talk.name, {}))
            talk.read_by.pop(self.me, None)
            talk.see(noted)

    def _go_on(self, welcome: Welcome, noted: Noted) -> None:
        """What was missed in rooms that are mine still follows; only what no event tells is taken over."""
        mine = {state.room for state in welcome.rooms}
        for held in list(self.conversations.values()):
            if held.name not in mine and not held.direct and not held.timeline.pending:
                self._remove(held, noted)
                noted.header.add(held.name)
                noted.news.append(f"You are not in {held.title} any more.")
        for state in welcome.rooms:
            talk = self.conversations.get(state.room)
            if talk is not None:
                if talk.describe_me(state, self._tz):
                    noted.header.add(talk.name)
                if state.read > talk.read:
                    talk.read_elsewhere(state.read, self.me, noted)

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
            talk.describe(state, self._tz)
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
        if not online:
            self._people.lost()
            noted.typing |= self._writing.clear()
        for talk in self.conversations.values():
            noted.rows(talk.name, talk.timeline.set_online(online))

    # --- messages of mine -----------------------------------------------------------------------------------

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

    # --- people ---------------------------------------------------------------------------------------------

    def _read_up_to(self, event: told.ReadUpTo, now: float, noted: Noted) -> None:
        talk = self.conversations.get(event.room)
        if talk is not None:
            talk.read_elsewhere(event.seq, self.me, noted)

    def _read_by(self, event: told.ReadBy, now: float, noted: Noted) -> None:
        talk = self.conversations.get(event.room)
        if talk is not None and self.receipts and event.seq > talk.read_by.get(event.user, 0):
            talk.read_by[event.user] = event.seq
            talk.see(noted)

    def _presence(self, event: told.PresenceChanged, now: float, noted: Noted) -> None:
        self._show_people(self._people.told(event.users), noted)

    def _typing(self, event: told.TypingChanged, now: float, noted: Noted) -> None:
        users = tuple(user for user in event.users if user != self.me)
        noted.typing |= self._writing.told(event.room, users, now)

    def _show_people(self, altered: Altered, noted: Noted) -> None:
        noted.people |= altered.people
        noted.sidebar |= any(talk.direct and talk.title in altered.people for talk in self.conversations.values())
        if altered.renamed:
            for talk in self.conversations.values():
                if talk.timeline.count:
                    noted.rows(talk.name, [Refreshed()])

    # --- stored events --------------------------------------------------------------------------------------

    def _arrived(self, told_of: told.Arrived, now: float, noted: Noted) -> None:
        event = told_of.event
        if isinstance(event, ProfileSet):
            self._show_people(self._people.renamed(event.user, event.display), noted)
        talk = self.conversations.get(event.room)
        if talk is None:
            if not self._makes_mine(event):
                return
            talk = self._add(event.room)
            noted.sidebar = True
            noted.header.add(event.room)
        if event.author == self.me:
            self._echo(event, noted)
        talk.last = max(talk.last, event.seq)
        if not stored.fold(talk, event, self._reader, noted):
            self._remove(talk, noted)
            return
        if isinstance(event, Message):
            self._message(talk, event, noted)
        if self._looking_at(event.room):
            talk.looked_at(noted)
        noted.rows(event.room, talk.timeline.arrived(event))

    def _makes_mine(self, event: AnyEvent) -> bool:
        """Does this event of a room that is not in the list put it there?"""
        if event.room.startswith("@"):
            return True
        return isinstance(event, Created | Joined) and event.user == self.me

    def _echo(self, event: AnyEvent, noted: Noted) -> None:
        """The echo of a post; one that was queued under another spelling of the room goes from there."""
        room = self._posts.pop(event.id, event.room)
        self._waiting.discard(event.id)
        if room != event.room and room in self.conversations:
            noted.rows(room, self.conversations[room].timeline.discarded(event.id))

    def _message(self, talk: Conversation, event: Message, noted: Noted) -> None:
        talk.show(event, self.me, days.local(days.seconds(event.time), self._tz))
        noted.sidebar |= talk.direct
        noted.typing |= self._writing.spoke(talk.name, event.user)
        if event.user == self.me or event.seq <= talk.read or self._looking_at(talk.name):
            return
        if talk.name == self.current and not talk.unread:
            noted.rows(talk.name, talk.timeline.mark_unread(talk.read))
        talk.count(event, self.me)
        noted.sidebar = True

    @property
    def _reader(self) -> stored.Reader:
        return stored.Reader(self.me, self._tz, self.owner, self._people.name_of)

    def _remove(self, talk: Conversation, noted: Noted) -> None:
        del self.conversations[talk.name]
        noted.sidebar = True
        noted.typing |= self._writing.told(talk.name, (), 0.0)
        if self.current == talk.name:
            self.current = None

    def _add(self, room: str, with_: str | None = None) -> Conversation:
        direct = room.startswith("@")
        title = (with_ or counterpart(room, self.me)) if direct else room
        online = self.link.state == "online"
        timeline = Timeline(self.me, self._tz, self._today, online, self._people.name_of)
        talk = self.conversations[room] = Conversation(room, title, direct, timeline)
        if self.owner and not direct:
            talk.role = "owner"
        return talk
