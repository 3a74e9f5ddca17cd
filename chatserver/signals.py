"""Telling presence and read marks, which are never stored, to who may know them and to nobody else.

What changed is noted for each connection and told later, as it is then: many changes become one line, and who cannot
be told now (their socket is full) costs a set of names and no line.

Guarantees, numbered for the tests:

 S1. Who may know is asked at the moment of telling: nothing of a room reaches who is not in it then.
 S2. A connection gets at most four presence lines a second. While changes go on the pauses double, up to `LONGEST`
     seconds: a crowd that comes at once costs each of them a handful of lines. After some rest the next is quick again.
 S3. A read mark is told as it stands then, so it never goes back: to the person's own connections, and between people
     who both show how far they have read.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from chatserver.circles import Circles
from chatserver.mailbox import Mailbox
from chatserver.presence import Presence
from chatserver.slices import Clock, Slices
from shared import protocol
from shared.protocol import Person, ReadMark
from shared.rules import PRESENCE_ROOM

PAUSE: Final = 0.25
LONGEST: Final = 4.0
"""Seconds between two presence lines to one connection: at rest, and while there is no end of changes."""
NAMES: Final = 20
"""People in a line that take about as long as the write: one step of `Slices`."""


class Hearer(Protocol):
    """One signed-in connection."""

    user: str
    mailbox: Mailbox


class Shows(Protocol):
    """Whether a person lets others see how far they have read."""

    @property
    def receipts(self) -> bool: ...


class Marks(Protocol):
    """Where the read marks are kept."""

    def read(self, name: str, room: str) -> int: ...

    def preferences(self, name: str) -> Shows: ...


class _News:
    """What one connection has not been told yet: people, everybody in these rooms, marks by `(room, person)`.

    `told` is when it got its last presence line, `pause` how long until the next one at least.
    """

    __slots__ = ("marks", "pause", "people", "rooms", "told")

    def __init__(self) -> None:
        self.people: set[str] = set()
        self.rooms: set[str] = set()
        self.marks: dict[tuple[str, str], None] = {}
        self.told = float("-inf")
        self.pause = 0.0

    def was_told(self, now: float) -> None:
        """A presence line went out: the next one later, unless the last one was long ago."""
        soon = now - self.told < 2 * (self.pause + PAUSE)
        self.pause = min(2 * self.pause, LONGEST) if soon else PAUSE
        self.told = now


class Signals:
    """`here` holds the connections by person; who signs in is in it before `came` is called."""

    def __init__(
        self,
        clock: Clock,
        slices: Slices,
        circles: Circles,
        presence: Presence,
        marks: Marks,
        here: Mapping[str, Iterable[Hearer]],
    ) -> None:
        self._clock = clock
        self._slices = slices
        self._circles = circles
        self._presence = presence
        self._marks = marks
        self._here = here
        self._news: dict[Hearer, _News] = {}
        self._due: dict[Hearer, None] = {}
        self._waiting = False

    # --- for the welcome --------------------------------------------------------------------------------------

    def people(self, user: str, now: str) -> dict[str, Person]:
        """Everybody whose presence this person is told from now on, themselves included, who are just signing in."""
        people = {name: self._presence.person(name) for name in sorted(self._circles.of(user))}
        people[user] = self._presence.arriving(user, now)
        return people

    def read_by(self, user: str) -> dict[str, dict[str, int]]:
        """How far the others have read, by room, of those who show it; empty for who does not."""
        if not self._marks.preferences(user).receipts:
            return {}
        found: dict[str, dict[str, int]] = {}
        for room in self._circles.rooms_of(user):
            others = (name for name in self._circles.readers(room) if name != user)
            marks = {name: seq for name in others if (seq := self._mark(name, room))}
            if marks:
                found[room] = marks
        return found

    def _mark(self, name: str, room: str) -> int:
        """The read mark, 0 where there is none or it is not shown."""
        return self._marks.read(name, room) if self._marks.preferences(name).receipts else 0

    # --- what changed -----------------------------------------------------------------------------------------

    def changed(self, user: str, but: Hearer | None = None) -> None:
        """This person is shown differently: came, went, chose another state. `but` knows already."""
        self._note_person(user, self._circles.of(user), but)

    def entered(self, user: str, room: str) -> None:
        """The members of a room and who came in are to be told of one another."""
        members = self._circles.of_room(room)
        self._note_person(user, [name for name in members if name != user])
        if user in members:
            self._note_room(room, (user,))

    def left(self, room: str) -> None:
        """Where this makes the room small enough again, its members are told what they were not told meanwhile."""
        members = self._circles.of_room(room)
        if len(members) == PRESENCE_ROOM:
            self._note_room(room, members)

    def read(self, user: str, room: str, but: Hearer) -> None:
        """The read mark of this person moved, over the connection `but`."""
        hearers = self._circles.readers(room) if self._marks.preferences(user).receipts else ()
        for name in {user, *hearers}:
            for listener in self._here.get(name, ()):
                if listener is not but:
                    self._note(listener).marks[room, user] = None

    def gone(self, listener: Hearer) -> None:
        """This connection need not be told anything any more."""
        self._news.pop(listener, None)
        self._due.pop(listener, None)

    def _note_person(self, user: str, hearers: Iterable[str], but: Hearer | None = None) -> None:
        for name in hearers:
            for listener in self._here.get(name, ()):
                if listener is not but:
                    self._note(listener).people.add(user)

    def _note_room(self, room: str, hearers: Iterable[str]) -> None:
        for name in hearers:
            for listener in self._here.get(name, ()):
                self._note(listener).rooms.add(room)

    def _note(self, listener: Hearer) -> _News:
        news = self._news.get(listener)
        if news is None:
            news = self._news[listener] = _News()
        self._due[listener] = None
        if not self._waiting:
            self._wait()
        return news

    # --- telling ----------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        self._waiting = True
        self._clock.call_at(self._clock.time() + PAUSE, self._begin)

    def _begin(self) -> None:
        self._slices.add(self._tell_all())

    def _tell_all(self) -> Iterator[None]:
        try:
            for listener in list(self._due):
                news = self._news.get(listener)
                if news is None or listener.mailbox.full:
                    continue
                for _ in range(1 + self._tell_marks(listener, news) + self._tell_people(listener, news)):
                    yield
                if not (news.people or news.rooms or news.marks):
                    self._due.pop(listener, None)
        finally:
            self._waiting = False
            if self._due:
                self._wait()

    def _tell_people(self, listener: Hearer, news: _News) -> int:
        """One line with who is shown differently, unless it is too early; returns the further steps it took."""
        now = self._clock.time()
        if not (news.people or news.rooms) or now < news.told + news.pause:
            return 0
        names = news.people & self._circles.of(listener.user)
        for room in news.rooms:
            members = self._circles.of_room(room)
            if listener.user in members:
                names.update(members)
        news.people.clear()
        news.rooms.clear()
        if names:
            listener.mailbox.write(protocol.Presence(users={name: self._presence.person(name) for name in names}))
            news.was_told(now)
        return len(names) // NAMES

    def _tell_marks(self, listener: Hearer, news: _News) -> int:
        """A line for each mark that moved; returns the further steps it took."""
        marks = list(news.marks)
        news.marks.clear()
        for room, name in marks:
            if seq := self._seen_mark(listener.user, name, room):
                listener.mailbox.write(ReadMark(room=room, user=name, seq=seq))
        return len(marks)

    def _seen_mark(self, reader: str, name: str, room: str) -> int:
        """The mark of `name` as `reader` may see it; 0 where they may not."""
        if reader == name:
            return self._marks.read(name, room) if self._circles.is_in(name, room) else 0
        readers = self._circles.readers(room)
        shown = reader in readers and name in readers and self._marks.preferences(reader).receipts
        return self._mark(name, room) if shown else 0
