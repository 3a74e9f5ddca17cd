"""A model that signed in among people, and ways to fold more into it."""

from datetime import UTC, datetime
from typing import Any

from chatclient.events import (
    Arrived,
    ClientEvent,
    Connected,
)
from chatclient.model import Changes, Model
from shared.protocol import (
    AnyEvent,
    Page,
    Person,
    RoomState,
)
from tests.client.scripted import TIME, welcome

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC).timestamp()
DIRECT = "@alice,bob"
ROOMS = (
    RoomState(room="lobby", members=300, last=10, read=10),
    RoomState(room="garden", members=3, last=8, read=3, unread=4, mentions=1, role="moderator"),
    RoomState(room=DIRECT, members=2, last=9, read=8, unread=1, with_="bob", private=True),
)
PEOPLE = {
    "alice": Person(state="online"),
    "bob": Person(state="busy", note="Release day", display="Bob Mason"),
    "carol": Person(state="away"),
}


def online(people: dict[str, Person] | None = None, *rooms: RoomState, **more: Any) -> Model:
    model = Model("alice", "Harbour", UTC, NOW)
    signed_in(model, people, *rooms, **more)
    return model


def signed_in(
    model: Model, people: dict[str, Person] | None = None, *rooms: RoomState, fresh: bool = True, **more: Any
) -> Changes:
    answer = welcome(tip=10, rooms=rooms or ROOMS)
    answer.people = PEOPLE if people is None else people
    for name, value in more.items():
        setattr(answer, name, value)
    return model.apply(Connected(answer, fresh=fresh), NOW)


def apply(model: Model, *events: ClientEvent, now: float = NOW) -> Changes:
    return model.apply_all(events, now)


def arrive(model: Model, *events: AnyEvent, now: float = NOW) -> Changes:
    return model.apply_all([Arrived(event) for event in events], now)


def about(seq: int, user: str, room: str = "garden") -> dict[str, Any]:
    return {"seq": seq, "time": TIME, "room": room, "user": user, "id": f"x{seq}"}


def page(room: str, *events: AnyEvent, more: bool = True) -> Page:
    return Page(room=room, messages=list(events), more_before=more, more_after=False, through=10)
