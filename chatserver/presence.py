"""Who is here, how they are shown, and who is writing: never stored in the history, and known to the server alone.

Pure: the clock is an argument, in seconds of any clock that does not go back. Who is connected is asked of whoever
keeps the connections, and what a person chose to be shown as of their preferences; what is kept here is who is typing,
which holds for `TYPING` seconds after the last sign of it.
"""

from collections.abc import Callable, Container, Mapping
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


class Looks(Protocol):
    """How people are called on screens, and their pictures (files by hash); only of those who chose any."""

    @property
    def display(self) -> Mapping[str, str]: ...

    @property
    def pictures(self) -> Mapping[str, str]: ...


class Presence:
    """`here` holds who has a connection; `chosen` and `looks` tell what a person chose, `seen` when they were last here
    (a time as in events, "" where nobody knows)."""

    def __init__(
        self, here: Container[str], chosen: Callable[[str], Chosen], looks: Looks, seen: Callable[[str], str]
    ) -> None:
        self._here = here
        self._chosen = chosen
        self._looks = looks
        self._seen = seen
        self._since: dict[str, str] = {}  # of who is here: when their state of now began
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

    def since(self, user: str) -> str:
        """Since when the person is away, busy or offline, as far as this server saw it; empty for who is online."""
        if user not in self._here:
            return self._seen(user)
        return "" if self._chosen(user).state == "online" else self._since.get(user, "")

    def begins(self, user: str, now: str) -> None:
        """From now on the person is in the state that they are in: they came, went, or chose it."""
        if user in self._here:
            self._since[user] = now
        else:
            self._since.pop(user, None)

    def person(self, user: str) -> Person:
        """How the person is shown now."""
        return self._shown(user, self.state(user), self.since(user))

    def arriving(self, user: str, now: str) -> Person:
        """How the person will be shown as soon as the connection that is being made counts."""
        if user in self._here:
            return self.person(user)
        state = self._chosen(user).state
        return self._shown(user, state, "" if state == "online" else now)

    def _shown(self, user: str, state: State, since: str) -> Person:
        display, picture = self._looks.display.get(user, ""), self._looks.pictures.get(user, "")
        note = self._chosen(user).note
        return Person(state=state, note=note, display=display, picture=picture, state_since=since)

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
