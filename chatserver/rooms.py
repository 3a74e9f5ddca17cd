"""Rooms, members, roles, bans, topics, display names and pictures: what the stored events say of them.

Pure: the only way to change a room is `apply(event)`, in the order of seq, and the same events give the same rooms
on every start. `dump` and `load` keep a snapshot, so that a start need not replay the whole history.

Guarantees, whatever the events, numbered for the tests:

 R1. Who is banned from a room is not in it, and nobody enters it while banned.
 R2. Only who is in a room has a role there; who leaves loses it. A mute outlasts leaving and coming back.
 R3. `of` and `members` say the same.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from shared import rules
from shared.protocol import (
    AnyEvent,
    Banned,
    Created,
    Deleted,
    Edited,
    Event,
    GivenRole,
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

TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_NEVER: Final = "9999-12-31T23:59:59.999999Z"
_AMENDING: Final = frozenset((Edited, Deleted, Reacted))
"""What changes a message and nothing of its room."""


class Mark(NamedTuple):
    """A stored event, by seq and time."""

    seq: int
    time: str


class Membership(msgspec.Struct, array_like=True):
    """Since which event (seq, time) a person is in a room, and as what. `given`: the event that gave the role, where
    it is not the one that they came in with."""

    role: GivenRole
    seq: int
    time: str
    given: Mark | None = None


class Room(msgspec.Struct, kw_only=True):
    """One room or direct conversation.

    last    seq of its newest event, 0 before the first
    banned  who may not come in, and the event that says so
    muted   until when somebody may not speak; may be over: ask `muted_until`
    """

    name: str
    topic: str = ""
    private: bool = False
    direct: bool = False
    last: int = 0
    members: dict[str, Membership] = {}
    banned: dict[str, Mark] = {}
    muted: dict[str, str] = {}

    def muted_until(self, user: str, now: str) -> str:
        """Until when this person may not speak here; empty where they may. Times are as in events."""
        until = self.muted.get(user, "")
        return until if until > now else ""


class Moved(NamedTuple):
    """A person entered a room (`inside`) or left it, in which they had been since the event `since`."""

    user: str
    room: str
    inside: bool
    since: int


class _Snapshot(msgspec.Struct):
    """`form` changes with what `apply` takes in: the snapshot of an older Parley lacks what that one did not know."""

    form: Literal[3]
    rooms: list[Room]
    display: dict[str, str]
    pictures: dict[str, str]


class Rooms:
    """All rooms by name, and by person. Reading is free to all; only the hub applies.

    display     how people want to be called who do not go by their plain name
    pictures    the pictures of those who have one: files by hash
    """

    def __init__(self) -> None:
        self.by_name: dict[str, Room] = {}
        self.display: dict[str, str] = {}
        self.pictures: dict[str, str] = {}
        self._by_key: dict[str, str] = {}
        self._of: dict[str, dict[str, None]] = {}
        self._add(Room(name=rules.LOBBY))

    def find(self, name: str) -> Room | None:
        """The room of this name; case and look-alike letters do not matter."""
        room = self.by_name.get(name)
        if room is None and (full := self._by_key.get(rules.name_key(name))):
            room = self.by_name[full]
        return room

    def of(self, user: str) -> list[str]:
        """The names of the rooms and direct conversations that this person is in."""
        return list(self._of.get(user, ()))

    def apply_words(self, events: Sequence[AnyEvent], start: int) -> int:
        """Take in the run of messages, and of changes of them, from `start` on that alter no room; returns the place of
        the event after it."""
        by_name = self.by_name
        for place in range(start, len(events)):
            event = events[place]
            room = by_name.get(event.room)
            if room is None or (type(event) is not Message and type(event) not in _AMENDING):
                return place
            room.last = event.seq
        return len(events)

    def apply(self, event: AnyEvent) -> tuple[Moved, ...]:
        """Take one stored event in. What it says is done: whether it was allowed was asked before it was stored."""
        room = self.by_name.get(event.room) or self._add(Room(name=event.room))
        room.last = event.seq
        match event:
            case Message():  # the first word of a direct conversation makes it
                room.direct = room.name.startswith("@")
                people = rules.direct_people(event.room)
                return tuple(move for person in people if (move := self._enter(room, person, "member", event)))
            case Created():
                room.topic, room.private = event.topic, event.private
                return self._moves(self._enter(room, event.user, "moderator", event))
            case Joined():
                return self._moves(self._enter(room, event.user, "member", event))
            case Left():
                return self._moves(self._exit(room, event.user))
            case TopicSet():
                room.topic = event.topic
            case Banned():
                room.banned[event.user] = Mark(event.seq, event.time)
                return self._moves(self._exit(room, event.user))
            case Unbanned():
                room.banned.pop(event.user, None)
            case Muted():
                _mute(room, event)
            case RoleSet():
                if membership := room.members.get(event.user):
                    membership.role, membership.given = event.role, Mark(event.seq, event.time)
            case ProfileSet():
                _put(self.display, event.user, event.display)
                _put(self.pictures, event.user, event.picture)
        return ()

    def _add(self, room: Room) -> Room:
        self.by_name[room.name] = room
        if not room.name.startswith("@"):
            self._by_key[rules.name_key(room.name)] = room.name
        return room

    def _enter(self, room: Room, user: str, role: GivenRole, event: Event) -> Moved | None:
        if user in room.members or user in room.banned:
            return None
        room.members[user] = Membership(role, event.seq, event.time)
        self._of.setdefault(user, {})[room.name] = None
        return Moved(user, room.name, True, event.seq)

    def _exit(self, room: Room, user: str) -> Moved | None:
        membership = room.members.pop(user, None)
        if membership is None:
            return None
        del self._of[user][room.name]
        return Moved(user, room.name, False, membership.seq)

    @staticmethod
    def _moves(move: Moved | None) -> tuple[Moved, ...]:
        return (move,) if move else ()

    def dump(self) -> bytes:
        """A snapshot for `load`; who keeps it remembers the seq that it stands for."""
        return msgspec.msgpack.encode(_Snapshot(3, list(self.by_name.values()), self.display, self.pictures))

    @classmethod
    def load(cls, snapshot: bytes) -> "Rooms":
        """The rooms of a snapshot; `msgspec.DecodeError` where it is none, or that of an older Parley."""
        rooms, found = cls(), msgspec.msgpack.decode(snapshot, type=_Snapshot)
        rooms.display, rooms.pictures = found.display, found.pictures
        for room in found.rooms:
            rooms._add(room)
            for user in room.members:
                rooms._of.setdefault(user, {})[room.name] = None
        return rooms


def _put(looks: dict[str, str], user: str, chosen: str) -> None:
    looks.pop(user, None)
    if chosen:
        looks[user] = chosen


def _mute(room: Room, event: Muted) -> None:
    """Until `minutes` after the event. What is over by then is forgotten, so that the list stays as short as it can."""
    room.muted = {user: until for user, until in room.muted.items() if until > event.time and user != event.user}
    if event.minutes:
        room.muted[event.user] = _later(event.time, event.minutes)


def _later(time: str, minutes: int) -> str:
    try:
        until = datetime.strptime(time, TIME).replace(tzinfo=UTC) + timedelta(minutes=minutes)
    except OverflowError:
        return _NEVER
    return until.strftime(TIME)
