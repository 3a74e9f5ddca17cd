"""Who is here, how they are shown, and who is writing: never stored in the history, and known to the server alone.

Pure: the clock is an argument, in seconds of any clock that does not go back. Who is connected is asked of whoever
keeps the connections, and what a person chose to be shown as of their preferences; what is kept here is who is typing,
which holds for `TYPING` seconds after the last sign of it.
"""

from collections.abc import Callable, Container
from typing import Final, Protocol

from shared.protocol import OwnState, Person, State

TYPING: Final = 5.0
"""Seconds that a sign of writing holds."""


class Chosen(Protocol):
    """How a person wants to be shown while they are here."""

    @property
    def state(self) -> OwnState: ...

    @property
    def note(self) -> str: ...


class Presence:
    """`here` holds who has a connection; `chosen` and `display` tell what a person chose, `display` "" for the name."""

    def __init__(
        self, here: Container[str], chosen: Callable[[str], Chosen], display: Callable[[str], str] = lambda name: ""
    ) -> None:
        self._here = here
        self._chosen = chosen
        self._display = display
        self._typing: dict[str, dict[str, None]] = {}
        self._ends: dict[tuple[str, str], float] = {}  # (room, person) -> when it ends; the next to end first

    def is_here(self, user: str) -> bool:
        """True while the person has a connection."""
        return user in self._here

    def state(self, user: str) -> State:
        """As the person chose over whatever device last, while they have one connected; else offline."""
        return self._chosen(user).state if user in self._here else "offline"

    def note(self, user: str) -> str:
        """What the person says of themselves; stays while they are away."""
        return self._chosen(user).note

    def person(self, user: str) -> Person:
        """How the person is shown now."""
        chosen = self._chosen(user)
        return Person(
            state=chosen.state if user in self._here else "offline", note=chosen.note, display=self._display(user)
        )

    def arriving(self, user: str) -> Person:
        """How the person will be shown as soon as the connection that is being made counts."""
        chosen = self._chosen(user)
        return Person(state=chosen.state, note=chosen.note, display=self._display(user))

    # --- writing ----------------------------------------------------------------------------------------------

    @property
    def anybody_types(self) -> bool:
        """False: nobody does, anywhere."""
        return bool(self._ends)

    @property
    def next_end(self) -> float | None:
        """When `expire` has something to do; None while nobody types."""
        return next(iter(self._ends.values()), None)

    def types(self, room: str, user: str, now: float) -> None:
        """A sign of writing: from now on for `TYPING` seconds."""
        self._ends.pop((room, user), None)
        self._ends[room, user] = now + TYPING
        self._typing.setdefault(room, {})[user] = None

    def stops(self, room: str, user: str) -> bool:
        """The person does not write there any more; False where they did not anyway."""
        if self._ends.pop((room, user), None) is None:
            return False
        people = self._typing[room]
        del people[user]
        if not people:
            del self._typing[room]
        return True

    def stops_everywhere(self, user: str) -> list[str]:
        """The same in every room; returns those where they had been writing."""
        rooms = [room for room, people in self._typing.items() if user in people]
        for room in rooms:
            self.stops(room, user)
        return rooms

    def typing(self, room: str) -> tuple[str, ...]:
        """Who writes in this room, who began first comes first."""
        return tuple(self._typing.get(room, ()))

    def expire(self, now: float) -> list[str]:
        """Forget who has given no sign for `TYPING` seconds; returns their rooms."""
        rooms: dict[str, None] = {}
        for (room, user), end in list(self._ends.items()):
            if end > now:
                break
            self.stops(room, user)
            rooms[room] = None
        return list(rooms)
