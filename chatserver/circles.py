"""Who may be told of whom. Pure: read off the rooms at the moment of telling, so that nobody hears of a room that they
have left, and nothing has to be kept up to date.

Presence and typing are told in direct conversations and in rooms of up to `PRESENCE_ROOM` people, how far each has
read in those of up to `RECEIPTS_ROOM`. A larger room tells nobody; `members` answers who asks.
"""

from collections.abc import Collection

from chatserver.rooms import Rooms
from shared.rules import PRESENCE_ROOM, RECEIPTS_ROOM


class Circles:
    """Questions about the rooms; all answers are names of people or rooms."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def of(self, user: str) -> set[str]:
        """Of whom this person is told, themselves included."""
        circle = {user}
        for room in self._rooms.of(user):
            circle.update(self.of_room(room))
        return circle

    def of_room(self, name: str) -> Collection[str]:
        """The members, where they are told of one another; nobody in a room too large for that."""
        room = self._rooms.by_name.get(name)
        return room.members if room is not None and len(room.members) <= PRESENCE_ROOM else ()

    def readers(self, name: str) -> Collection[str]:
        """The members, where they are told how far each has read."""
        room = self._rooms.by_name.get(name)
        return room.members if room is not None and len(room.members) <= RECEIPTS_ROOM else ()

    def rooms_of(self, user: str) -> list[str]:
        """The rooms and direct conversations that this person is in."""
        return self._rooms.of(user)

    def is_in(self, user: str, name: str) -> bool:
        """Whether the person is in the room, however large."""
        room = self._rooms.by_name.get(name)
        return room is not None and user in room.members
