"""Where Ctrl+K can take one: what a few letters find among rooms and people, best first. PURE.

A name that begins with the letters stands before one that only has them inside. With an empty field what is unread
comes first, then what was visited last. `#` narrows to rooms, `@` to people.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from shared.errors import Refused
from shared.rules import name_key, room_name, user_name

Kind = Literal["room", "join", "person", "create"]
ROOMS: Final = 6
PEOPLE: Final = 5


class Place(NamedTuple):
    """A room (mine, or one to join), a person, or a room to create. `unread` are messages, `mentions` among them."""

    kind: Kind
    name: str
    note: str = ""
    private: bool = False
    unread: int = 0
    mentions: int = 0
    here: bool = False


class Found(NamedTuple):
    """A place and where in its name the letters stand: `name[begin:end]`."""

    place: Place
    begin: int
    end: int


class Section(NamedTuple):
    label: str
    found: tuple[Found, ...]


def find(query: str, places: Iterable[Place], visited: Sequence[str] = ()) -> list[Section]:
    """What the letters find, in sections. `visited`: names of rooms and people, the last visited first."""
    query = query.strip()
    only = query[:1] if query[:1] in ("#", "@") else ""
    letters = query.removeprefix(only).casefold()
    rank = {name: index for index, name in enumerate(visited)}
    rooms: list[Found] = []
    people: list[Found] = []
    known = set()
    for place in places:
        known.add((place.kind == "person", name_key(place.name)))
        begin = place.name.casefold().find(letters)
        if begin >= 0:
            part = people if place.kind == "person" else rooms
            part.append(Found(place, begin, begin + len(letters)))
    sections = []
    if only != "@":
        sections.append(Section("Rooms", _best(rooms, rank, bool(letters), ROOMS)))
    if only != "#":
        sections.append(Section("People", _best(people, rank, bool(letters), PEOPLE)))
    sections.append(Section("More", tuple(_more(query.removeprefix(only).strip(), only, known))))
    return [section for section in sections if section.found]


def first_choice(sections: Sequence[Section]) -> int:
    """Which of all the found places to begin at: the first that is not where one is already."""
    places = [found.place for section in sections for found in section.found]
    return next((index for index, place in enumerate(places) if not place.here), 0)


def _best(found: list[Found], rank: Mapping[str, int], typed: bool, most: int) -> tuple[Found, ...]:
    def order(item: Found) -> tuple[bool, bool, bool, int, str]:
        place = item.place
        unread = not typed and bool(place.unread)
        return (
            typed and item.begin > 0,
            not unread,
            place.kind == "join",
            rank.get(place.name, len(rank)) if not typed else 0,
            place.name.casefold(),
        )

    return tuple(sorted(found, key=order)[:most])


def _more(name: str, only: str, known: set[tuple[bool, str]]) -> Iterable[Found]:
    if not name:
        return
    if only != "@" and _fits(room_name, name) and (False, name_key(name)) not in known:
        yield Found(Place("create", name), 0, 0)
    if only == "@" and _fits(user_name, name) and (True, name_key(name)) not in known:
        yield Found(Place("person", name, "Write to this person"), 0, len(name))


def _fits(rule: Callable[[str], str], name: str) -> bool:
    try:
        rule(name)
    except Refused:
        return False
    return True
