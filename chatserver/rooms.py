"""Rooms, members, roles and topics: what the stored events say of them.

Pure: the only way to change a room is `apply(event)`, in the order of seq, and the same events give the same rooms
on every start. `dump` and `load` keep a snapshot, so that a start need not replay the whole history.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from shared import rules
from shared.protocol import AnyEvent, Created, Event, Joined, Left, Message, Role, TopicSet


class Membership(msgspec.Struct, array_like=True):
    """Since which event (seq, time) a person is in a room, and as what."""

    role: Role
    seq: int
    time: str


class Room(msgspec.Struct, kw_only=True):
    """One room or direct conversation. `last` is the seq of its newest event, 0 before the first."""

    name: str
    topic: str = ""
    private: bool = False
    direct: bool = False
    last: int = 0
    members: dict[str, Membership] = {}


class Moved(NamedTuple):
    """A person entered a room (`inside`) or left it."""

    user: str
    room: str
    inside: bool


class _Snapshot(msgspec.Struct):
    rooms: list[Room]


class Rooms:
    """All rooms by name, and by person. Reading is free to all; only the hub applies."""

    def __init__(self) -> None:
        self.by_name: dict[str, Room] = {}
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
        """Take in the run of messages from `start` on that alter no room; returns the place of the event after it."""
        by_name = self.by_name
        for place in range(start, len(events)):
            event = events[place]
            room = by_name.get(event.room)
            if room is None or type(event) is not Message:
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
        return ()

    def _add(self, room: Room) -> Room:
        self.by_name[room.name] = room
        if not room.name.startswith("@"):
            self._by_key[rules.name_key(room.name)] = room.name
        return room

    def _enter(self, room: Room, user: str, role: Role, event: Event) -> Moved | None:
        if user in room.members:
            return None
        room.members[user] = Membership(role, event.seq, event.time)
        self._of.setdefault(user, {})[room.name] = None
        return Moved(user, room.name, True)

    def _exit(self, room: Room, user: str) -> Moved | None:
        if room.members.pop(user, None) is None:
            return None
        del self._of[user][room.name]
        return Moved(user, room.name, False)

    @staticmethod
    def _moves(move: Moved | None) -> tuple[Moved, ...]:
        return (move,) if move else ()

    def dump(self) -> bytes:
        """A snapshot for `load`; who keeps it remembers the seq that it stands for."""
        return msgspec.msgpack.encode(_Snapshot(list(self.by_name.values())))

    @classmethod
    def load(cls, snapshot: bytes) -> "Rooms":
        """The rooms of a snapshot; `msgspec.DecodeError` where it is none."""
        rooms = cls()
        for room in msgspec.msgpack.decode(snapshot, type=_Snapshot).rooms:
            rooms._add(room)
            for user in room.members:
                rooms._of.setdefault(user, {})[room.name] = None
        return rooms
