"""Who is writing in which room just now. Pure: `now` is the wall clock in seconds since 1970.

What is told holds for five seconds, and ends before that when it is told otherwise or when the person has spoken.
"""

from typing import Final, NamedTuple

HOLDS: Final = 5.0


class _Told(NamedTuple):
    users: tuple[str, ...]
    until: float


class Writing:
    """Each method that changes it returns the rooms where others are shown now."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Told] = {}

    def there(self, room: str) -> tuple[str, ...]:
        """Who is writing in this room, in the order in which the server named them."""
        told = self._rooms.get(room)
        return told.users if told else ()

    def told(self, room: str, users: tuple[str, ...], now: float) -> set[str]:
        """The server says who is writing there."""
        before = self.there(room)
        if users:
            self._rooms[room] = _Told(users, now + HOLDS)
        else:
            self._rooms.pop(room, None)
        return {room} if users != before else set()

    def spoke(self, room: str, user: str) -> set[str]:
        """What somebody was writing is there."""
        told = self._rooms.get(room)
        if told is None or user not in told.users:
            return set()
        return self.told(room, tuple(name for name in told.users if name != user), told.until - HOLDS)

    def expire(self, now: float) -> set[str]:
        """Forget what does not hold any more."""
        over = {room for room, told in self._rooms.items() if told.until <= now}
        for room in over:
            del self._rooms[room]
        return over

    def clear(self) -> set[str]:
        """Nothing is known, as without a connection."""
        rooms = set(self._rooms)
        self._rooms.clear()
        return rooms

    @property
    def due(self) -> float | None:
        """When `expire` has something to forget."""
        return min((told.until for told in self._rooms.values()), default=None)
