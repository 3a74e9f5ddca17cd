"""Everything that the client's events say, folded into one state. Pure; belongs to the thread that renders.

Strategy: one table from the type of an event to the method that folds it; each notes what must be drawn again. `Model`
is this with what a window asks and does. `now` is the wall clock in seconds since 1970 (`time.time()`).

Promises: a welcome that is fresh replaces all but messages and changes on their way; one that is not changes nothing
that stands but who is here and what I may; unread counts the messages of others alone that were not deleted, from the
numbers of the last fresh welcome on.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any, Final

from chatclient import events as told
from chatclient import stored
from chatclient.conversation import Changes, Conversation, Link, Noted
from chatclient.talks import Talks
from shared.protocol import AnyEvent, Created, Deleted, Edited, Joined, Message, ProfileSet, Welcome

_TAKEN_BACK: Final = {
    "edit": "Your edit was taken back: ",
    "delete": "Your deletion was taken back: ",
    "react": "Your reaction was taken back: ",
}
"""What is said of a change of a message that was refused, before the reason."""


class Fold(Talks):
    """`me` is the reader, `server_label` what to call the server until it says its name, `tz` the reader's zone."""

    def __init__(self, me: str, server_label: str, tz: tzinfo, now: float = 0.0) -> None:
        super().__init__(me, server_label, tz, now)
        self.session = ""
        self.has_password = False
        self.receipts = True
        self._asked: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._folds: dict[type[Any], Callable[[Any, float, Noted], None]] = {
            told.Connecting: self._connecting,
            told.Connected: self._connected,
            told.Disconnected: self._disconnected,
            told.Rejected: self._rejected,
            told.Pending: self._pending,
            told.Changing: self._changing,
            told.Uploading: self._nothing,
            told.Uploaded: self._uploaded,
            told.UploadFailed: self._nothing,
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

    def _nothing(self, event: told.ClientEvent, now: float, noted: Noted) -> None:
        """What only a composer shows."""

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
                    self._permits_changed(talk, noted)
                if state.read > talk.read:
                    talk.read_elsewhere(state.read, self.me, noted)

    def _start_afresh(self, welcome: Welcome, noted: Noted) -> None:
        held, self.conversations = self.conversations, {}
        self._seen = welcome.tip
        for name, talk in held.items():
            talk.timeline.me = self.me
            talk.loading = False
            noted.rows(name, talk.timeline.drop(welcome.tip))
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
        if talk is None:  # a new direct conversation; or a room that I left: what was typed must not be lost with it
            talk = self._add(event.room)
            noted.sidebar = True
        self._asked[event.id] = event.room
        queued = talk.timeline.queued(event.id, event.text, event.time, event.reply_to, event.files)
        noted.rows(event.room, queued)
        self._looked(talk, noted)

    def _changing(self, event: told.Changing, now: float, noted: Noted) -> None:
        self._waiting.add(event.id)
        talk = self.conversations.get(event.room)
        if talk is not None:
            self._asked[event.id] = event.room
            noted.rows(event.room, talk.timeline.wished(event.change))

    def _uploaded(self, event: told.Uploaded, now: float, noted: Noted) -> None:
        for talk in self.conversations.values():
            noted.rows(talk.name, talk.timeline.uploaded(event.upload, event.file))

    def _delivered(self, event: told.Delivered, now: float, noted: Noted) -> None:
        self._waiting.discard(event.id)
        talk = self._where_asked(event.id)
        if talk is not None:
            talk.timeline.told(self._seen)
            noted.rows(talk.name, talk.timeline.delivered(event.id, event.seq))

    def _failed(self, event: told.Failed, now: float, noted: Noted) -> None:
        self._waiting.discard(event.id)
        talk = self._where_asked(event.id)
        if talk is not None:
            noted.rows(talk.name, talk.timeline.failed(event.id, event.message))
        if event.kind in _TAKEN_BACK:
            self._asked.pop(event.id, None)
            noted.news.append(_TAKEN_BACK[event.kind] + event.message)

    def _discarded(self, event: told.Discarded, now: float, noted: Noted) -> None:
        talk = self._where_asked(event.id)
        self._asked.pop(event.id, None)
        if talk is not None:
            noted.rows(talk.name, talk.timeline.discarded(event.id))

    def _where_asked(self, ident: str) -> Conversation | None:
        return self.conversations.get(self._asked.get(ident, ""))

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

    # --- stored events --------------------------------------------------------------------------------------

    def _arrived(self, told_of: told.Arrived, now: float, noted: Noted) -> None:
        event = told_of.event
        self._seen = max(self._seen, event.seq)
        if isinstance(event, ProfileSet):
            self._show_people(self._people.profiled(event.user, event.display, event.picture), noted)
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
        before = talk.timeline.held(event.of) if isinstance(event, Deleted) else None
        noted.rows(event.room, talk.timeline.arrived(event))
        if isinstance(event, Message | Edited | Deleted):
            noted.spoken.add(talk.name)
        if isinstance(event, Deleted) and talk.unread and event.of > talk.read:
            talk.uncount(event.of, before, self.me, noted)
        self._looked(talk, noted)

    def _makes_mine(self, event: AnyEvent) -> bool:
        """Does this event of a room that is not in the list put it there?"""
        if event.room.startswith("@"):
            return True
        return isinstance(event, Created | Joined) and event.user == self.me

    def _echo(self, event: AnyEvent, noted: Noted) -> None:
        """The echo of a post; one that was queued under another spelling of the room goes from there."""
        room = self._asked.pop(event.id, event.room)
        self._waiting.discard(event.id)
        if room != event.room and room in self.conversations:
            noted.rows(room, self.conversations[room].timeline.discarded(event.id))

    def _message(self, talk: Conversation, event: Message, noted: Noted) -> None:
        noted.sidebar |= talk.direct
        noted.typing |= self._writing.spoke(talk.name, event.user)
        talk.kept = False
        if event.user == self.me or event.seq <= talk.read or event.deleted or talk.timeline.gone(event.seq):
            return
        if self._looking_at(talk):
            return
        if talk.name == self.current and not talk.unread:
            noted.rows(talk.name, talk.timeline.mark_unread(talk.read))
        talk.count(event, self.me)
        noted.sidebar = True

    @property
    def _reader(self) -> stored.Reader:
        return stored.Reader(self.me, self._tz, self.owner, self._people.name_of)
