"""The one way of every change: resolve the room, draft the event, run the guards, hand it to the log.

A guard that refuses is not the last word: when the same change was stored before (its `ok` was lost, and since then
the room was left, say), the answer is the `ok` of then. What alters a room waits its turn in that room and is
awaited, so that its guards still hold when it is stored.
"""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple

from chatserver.accounts import Accounts
from chatserver.hub import Hub
from chatserver.rooms import Room
from chatserver.session import Session
from shared import rules
from shared.errors import Refused
from shared.protocol import AnyEvent, Change, Event, Ok


class Already(Exception):
    """A guard found that nothing is left to do. `ok` bears the seq and the time of the event that did it."""

    def __init__(self, seq: int, time: str) -> None:
        super().__init__()
        self.seq = seq
        self.time = time


class Asked(NamedTuple):
    """What the guards look at. `room` is None where there is none of that name (or none that the asker may know)."""

    hub: Hub
    user: str
    draft: AnyEvent
    room: Room | None


Draft = Callable[[str, Any, str, Hub], AnyEvent]
Guard = Callable[[Asked], None]


class Rule(NamedTuple):
    """How one command becomes an event.

    draft   `(user, command, full name of the room, hub)` -> the event with seq 0; `Refused` where a field breaks a rule
    guards  called in this order; `Refused` or `Already`
    alters  True where the event changes who is in a room, or what the room is
    """

    draft: Draft
    guards: tuple[Guard, ...]
    alters: bool = True


def run(rule: Rule, session: Session, command: Change) -> Coroutine[Any, Any, None] | None:
    """Handle one change; returns what has to be awaited where it cannot be handed to the log at once."""
    hub, user = session.hub, session.user
    rules.command_id(command.id)
    session.context.take_change(user)
    name = resolve(hub, user, command.room)
    if rule.alters or hub.is_changing(name):
        return _run_in_turn(rule, session, command, name)
    asked = Asked(hub, user, rule.draft(user, command, name, hub), visible(hub, user, name))
    try:
        for guard in rule.guards:
            guard(asked)
    except Refused as error:
        return _recall(session, command, asked.draft, error)
    hub.submit(asked.draft, partial(session.settle, command))
    return None


async def _run_in_turn(rule: Rule, session: Session, command: Change, name: str) -> None:
    hub, user = session.hub, session.user
    await hub.settled(name)
    try:
        asked = Asked(hub, user, rule.draft(user, command, name, hub), visible(hub, user, name))
    except Refused as error:
        session.settle(command, error)
        return
    try:
        for guard in rule.guards:
            guard(asked)
        session.settle(command, await hub.store_change(asked.draft))
    except Already as done:
        session.settle(command, Ok(id=command.id, seq=done.seq, time=done.time))
    except Refused as error:
        await _recall(session, command, asked.draft, error)


async def _recall(session: Session, command: Change, draft: AnyEvent, error: Refused) -> None:
    try:
        earlier = await session.hub.recall(draft)
    except Refused as reused:
        session.settle(command, reused)
    else:
        session.settle(command, earlier or error)


def resolve(hub: Hub, user: str, name: str) -> str:
    """The full name of a room as a command names it: `@bob` becomes `@alice,bob`, other cases the room's own."""
    if not name.startswith("@"):
        room = hub.rooms.find(name)
        return room.name if room else name
    people = [_person(hub.accounts, part) for part in name[1:].split(",")]
    if len(people) > 1 and (len(people) > 2 or user not in people):
        raise Refused("no_such_room", "A direct conversation is between you and one other person: @name.")
    return rules.direct_name(user, *people)


def _person(accounts: Accounts, name: str) -> str:
    person = accounts.person(name)
    if person is None:
        raise Refused("no_such_user", f"There is nobody called {name[: rules.USER_NAME]} here.")
    return person


def visible(hub: Hub, user: str, name: str) -> Room | None:
    """The room, unless it is private and the asker is not in it: then it does not exist for them."""
    room = hub.rooms.by_name.get(name)
    if room is not None and user not in room.members and (room.private or room.direct):
        return None
    return room


def no_such_room(name: str) -> Refused:
    """The one answer for a room that is not there and for a private one seen from outside."""
    return Refused("no_such_room", f"There is no room called {name[: rules.ROOM_NAME + 1]}.")


# --- guards ---------------------------------------------------------------------------------------------------


def exists(asked: Asked) -> None:
    """There is such a room, for this person."""
    if asked.room is None:
        raise no_such_room(asked.draft.room)


def is_room(asked: Asked) -> None:
    """It is a room and no direct conversation."""
    if asked.draft.room.startswith("@"):
        raise Refused("not_allowed", "A direct conversation belongs to its two people and stays as it is.")


def is_member(asked: Asked) -> None:
    """The asker is in the room."""
    assert asked.room is not None
    if asked.user not in asked.room.members:
        raise Refused("not_member", f"You are not in {asked.room.name}. Join it first.")


def may_speak(asked: Asked) -> None:
    """The asker is in the room, or it is a direct conversation that begins with this word."""
    if asked.room is None:
        if asked.draft.room.startswith("@"):
            return
        raise no_such_room(asked.draft.room)
    is_member(asked)


def drafted(kind: type[Event], **fields: Callable[[Any], Any]) -> Draft:
    """A draft of `kind` by the asker, with these fields of the command, each through its rule."""

    def draft(user: str, command: Any, room: str, hub: Hub) -> AnyEvent:
        values = {name: rule(getattr(command, name)) for name, rule in fields.items()}
        return kind(room=room, user=user, id=command.id, **values)  # type: ignore[return-value]  # kind is one of AnyEvent

    return draft
