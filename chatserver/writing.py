"""Telling a room who is writing in it.

Guarantees, numbered for the tests:

 T1. A room gets at most one typing line a second: when somebody begins or ends, and again while somebody goes on.
     Whoever writes does not hear of themselves, and gets no line where nothing else is to be said.
 T2. Who may know is asked at the moment of telling. A line is not kept for who does not read: it is old by then.
 T3. Writing ends after `presence.TYPING` seconds without a sign, with a message of that person in that room, when they
     leave the room, and with their last connection.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from chatserver.circles import Circles
from chatserver.presence import Presence
from chatserver.signals import Hearer
from chatserver.slices import Clock, Slices
from shared.protocol import AnyEvent, Message, TypingNow

PAUSE: Final = 1.0
"""Seconds between two typing lines to one room."""


class _Told:
    """What one room was told last, and when. `fresh`: who gave a sign since; `waiting`: a line is on its way."""

    __slots__ = ("at", "fresh", "people", "waiting")

    def __init__(self) -> None:
        self.at = float("-inf")
        self.people: tuple[str, ...] = ()
        self.fresh: set[str] = set()
        self.waiting = False


class Writing:
    """`here` holds the connections by person."""

    def __init__(
        self,
        clock: Clock,
        slices: Slices,
        circles: Circles,
        presence: Presence,
        here: Mapping[str, Iterable[Hearer]],
    ) -> None:
        self._clock = clock
        self._slices = slices
        self._circles = circles
        self._presence = presence
        self._here = here
        self._told: dict[str, _Told] = {}
        self._watching = False

    def typed(self, room: str, user: str) -> None:
        """A sign of writing. In a room too large to tell of it nothing happens."""
        if user in self._circles.of_room(room):
            self._presence.types(room, user, self._clock.time())
            self._touch(room).fresh.add(user)
            self._watch()

    def posted(self, events: Sequence[AnyEvent]) -> None:
        """Who has said it does not write it any more."""
        for event in events:
            if type(event) is Message and self._presence.stops(event.room, event.user):
                self._touch(event.room)

    def left(self, user: str, room: str) -> None:
        """They are out of the room."""
        if self._presence.stops(room, user):
            self._touch(room)

    def gone(self, user: str) -> None:
        """Their last connection is gone."""
        for room in self._presence.stops_everywhere(user):
            self._touch(room)

    def _watch(self) -> None:
        end = self._presence.next_end
        if end is not None and not self._watching:
            self._watching = True
            self._clock.call_at(end, self._expire)

    def _expire(self) -> None:
        self._watching = False
        for room in self._presence.expire(self._clock.time()):
            self._touch(room)
        self._watch()

    def _touch(self, room: str) -> _Told:
        """There is something to tell: now, or a second after the last line."""
        told = self._told.get(room)
        if told is None:
            told = self._told[room] = _Told()
        if not told.waiting:
            told.waiting = True
            self._clock.call_at(max(self._clock.time(), told.at + PAUSE), self._tell, room)
        return told

    def _tell(self, room: str) -> None:
        told = self._told[room]
        before, told.people = frozenset(told.people), self._presence.typing(room)
        fresh, told.fresh = frozenset(told.fresh & set(told.people)), set()
        told.at, told.waiting = self._clock.time(), False
        self._slices.add(self._tell_all(room, before, told.people, fresh))
        if not told.people:
            self._clock.call_at(told.at + PAUSE, self._forget, room)

    def _forget(self, room: str) -> None:
        told = self._told.get(room)
        if told is not None and not told.people and not told.waiting:
            del self._told[room]

    def _tell_all(
        self, room: str, before: frozenset[str], people: tuple[str, ...], fresh: frozenset[str]
    ) -> Iterator[None]:
        now = frozenset(people)
        for name in list(self._circles.of_room(room)):
            if before - {name} == now - {name} and not fresh - {name}:
                continue
            line = TypingNow(room=room, users=[each for each in people if each != name])
            for listener in list(self._here.get(name, ())):
                if name in self._circles.of_room(room) and not listener.mailbox.full:
                    listener.mailbox.write(line)
                yield
