"""Ctrl+K: a few letters and Enter, and one is there. Rooms of others and people are asked for as the list opens."""

from collections.abc import Callable

from chatclient import jump
from chatclient.conversation import Conversation
from chatclient.jump import Place
from chatclient.terminal.desk import Desk
from chatclient.terminal.doing import Entry
from chatclient.terminal.picker import Picker
from shared.rules import LOBBY

_SIGNS = {"room": "#", "join": "#", "person": "@", "create": "+"}


class Jumping:
    """`show` puts the list over the screen."""

    def __init__(self, desk: Desk, show: Callable[[Picker], object]) -> None:
        self._desk = desk
        self._show = show
        self._places: list[Place] = []

    def open(self) -> None:
        model = self._desk.model
        talks = [*model.rooms(), *model.directs()]
        self._places = [_place(talk, talk.name == model.current) for talk in talks]
        picker = Picker("Jump to", self._found, "↑↓ Enter Esc   # rooms   @ people")
        self._show(picker)
        picker.at = jump.first_choice(self._sections(""))
        self._desk.ask(self._more(picker))

    async def _more(self, picker: Picker) -> None:
        """What else there is: rooms to join, and everybody."""
        desk = self._desk
        known = {(place.kind, place.name) for place in self._places}
        rooms = await desk.client.rooms()
        mine = desk.model.conversations
        self._places += [Place("join", info.room, info.topic or "Join") for info in rooms if info.room not in mine]
        listed = await desk.client.members(LOBBY)
        names = (member.user for member in listed.members if member.user != desk.model.me)
        self._places += [Place("person", name) for name in names if ("person", name) not in known]
        picker.refresh(keep=True)

    def _sections(self, typed: str) -> list[jump.Section]:
        return jump.find(typed, self._places, self._desk.visited)

    def _found(self, typed: str) -> list[Entry]:
        return [self._entry(found.place) for section in self._sections(typed) for found in section.found]

    def _entry(self, place: Place) -> Entry:
        words = f"Create a room called “{place.name}”" if place.kind == "create" else place.name
        note = "you are here" if place.here else unread(place) or place.note
        return Entry(f"{_SIGNS[place.kind]} {words}", note, lambda: self._go(place))

    def _go(self, place: Place) -> None:
        desk = self._desk
        match place.kind:
            case "create":
                desk.expect(place.name)
                desk.client.create(place.name)
            case "person":
                desk.message(place.name)
            case _:
                desk.go_to(place.name)


def unread(place: Place) -> str:
    """What waits there, in words; "" where nothing does."""
    if not place.unread:
        return ""
    named = f"{place.mentions:,} mention{'' if place.mentions == 1 else 's'}, " if place.mentions else ""
    return f"{named if place.kind == 'room' else ''}{place.unread:,} unread"


def _place(talk: Conversation, here: bool) -> Place:
    return Place(
        "person" if talk.direct else "room",
        talk.title,
        talk.topic,
        private=talk.private,
        unread=talk.unread,
        mentions=talk.mentions,
        here=here,
    )
