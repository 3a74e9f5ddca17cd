"""Who is shown how: presence, notes, display names, pictures. Pure.

The server tells the presence of partners and of people in rooms of up to 200; of all others at most the display name
and the picture are known. Without a connection nobody's presence is known, and everybody is shown offline.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from msgspec.structs import replace

from shared.protocol import Member, Person, State

WORDS: Final[dict[State, str]] = {"online": "Online", "away": "Away", "busy": "Busy", "offline": "Offline"}


class Altered(NamedTuple):
    """Who looks different now, and who of them is called otherwise."""

    people: set[str]
    renamed: set[str]


class _Look(NamedTuple):
    """What is known of somebody, here or not."""

    display: str = ""
    picture: str = ""


_PLAIN = _Look()


class People:
    """`shown`: those whose presence is told, by name."""

    def __init__(self) -> None:
        self.shown: dict[str, Person] = {}
        self.known = False
        """Is presence known, that is, is there a connection?"""
        self._looks: dict[str, _Look] = {}

    def person(self, user: str) -> Person:
        """How to show this person; offline where nothing is known."""
        look = self._looks.get(user, _PLAIN)
        return self.shown.get(user) or Person(display=look.display, picture=look.picture)

    @property
    def pictures(self) -> dict[str, str]:
        """Whoever has a picture: files by SHA-256."""
        return {user: look.picture for user, look in self._looks.items() if look.picture}

    def name_of(self, user: str) -> str:
        """What to call this person: the display name, or else the name."""
        return self._looks.get(user, _PLAIN).display or user

    def welcomed(self, people: Mapping[str, Person]) -> Altered:
        """A sign-in: these are shown, and nobody else."""
        gone = self.shown.keys() - people.keys()
        self.known = True
        for user in gone:
            del self.shown[user]
        altered = self.told(people)
        return Altered(altered.people | gone, altered.renamed)

    def told(self, people: Mapping[str, Person]) -> Altered:
        """These are shown like this from now on."""
        changed = {user for user, person in people.items() if self.shown.get(user) != person}
        self.shown.update(people)
        looks = {user: _Look(people[user].display, people[user].picture) for user in changed}
        return Altered(changed, self._looking(looks).renamed)

    def lost(self) -> None:
        """The connection is gone; notes, names and pictures stay."""
        self.known = False
        self.shown = {user: replace(person, state="offline", state_since="") for user, person in self.shown.items()}

    def profiled(self, user: str, display: str, picture: str) -> Altered:
        """Somebody wants to be called otherwise, or has another picture."""
        return self._shown_as({user: _Look(display, picture)})

    def listed(self, members: Iterable[Member]) -> Altered:
        """Members as the server lists them: names and pictures count also where their presence is not told."""
        return self._shown_as({member.user: _Look(member.display, member.picture) for member in members})

    def _shown_as(self, looks: Mapping[str, _Look]) -> Altered:
        altered = self._looking(looks)
        for user in altered.people & self.shown.keys():
            look = looks[user]
            self.shown[user] = replace(self.shown[user], display=look.display, picture=look.picture)
        return altered

    def _looking(self, looks: Mapping[str, _Look]) -> Altered:
        altered = Altered(set(), set())
        for user, look in looks.items():
            before = self._looks.get(user, _PLAIN)
            if look == before:
                continue
            altered.people.add(user)
            if look.display != before.display:
                altered.renamed.add(user)
            if look == _PLAIN:
                del self._looks[user]
            else:
                self._looks[user] = look
        return altered
