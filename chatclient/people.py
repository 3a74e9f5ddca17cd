"""Who is shown how: presence, notes, display names. Pure.

The server tells the presence of partners and of people in rooms of up to 200; of all others at most the display name
is known. Without a connection nobody's presence is known, and everybody is shown offline.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shared.protocol import Member, Person


class Altered(NamedTuple):
    """Who looks different now, and who of them is called otherwise."""

    people: set[str]
    renamed: set[str]


class People:
    """`shown`: those whose presence is told, by name."""

    def __init__(self) -> None:
        self.shown: dict[str, Person] = {}
        self.known = False
        """Is presence known, that is, is there a connection?"""
        self._displays: dict[str, str] = {}

    def person(self, user: str) -> Person:
        """How to show this person; offline where nothing is known."""
        return self.shown.get(user) or Person(display=self._displays.get(user, ""))

    def name_of(self, user: str) -> str:
        """What to call this person: the display name, or else the name."""
        return self._displays.get(user) or user

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
        return Altered(changed, {user for user in changed if self._called(user, people[user].display)})

    def lost(self) -> None:
        """The connection is gone; notes and names stay."""
        self.known = False
        self.shown = {user: Person(note=person.note, display=person.display) for user, person in self.shown.items()}

    def renamed(self, user: str, display: str) -> Altered:
        """Somebody wants to be called otherwise."""
        person = self.shown.get(user)
        if person is not None:
            self.shown[user] = Person(state=person.state, note=person.note, display=display)
        renamed = {user} if self._called(user, display) else set()
        return Altered(renamed, renamed)

    def listed(self, members: Iterable[Member]) -> Altered:
        """Members as the server lists them: their names count also where their presence is not told."""
        renamed = {member.user for member in members if self._called(member.user, member.display)}
        for user in renamed & self.shown.keys():
            person = self.shown[user]
            self.shown[user] = Person(state=person.state, note=person.note, display=self._displays.get(user, ""))
        return Altered(renamed, renamed)

    def _called(self, user: str, display: str) -> bool:
        changed = self._displays.get(user, "") != display
        if display:
            self._displays[user] = display
        else:
            self._displays.pop(user, None)
        return changed
