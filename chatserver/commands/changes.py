"""The one way of every change: resolve the room, draft the event, run the guards, hand it to the log.

A guard that refuses is not the last word: when the same change was stored before (its `ok` was lost, and since then
the room was left, say), the answer is the `ok` of then. What alters a room waits its turn in that room and is
awaited, so that its guards still hold when it is stored. What needs a look into the history (a change of a message)
waits its turn with what it is about; the room's guards are asked before the look and again after it, so that who was
put out meanwhile is out.

A room that the asker may not know of is answered for by the name that they wrote, never by its own: `SECRET` must
not come back as `secret`.
"""

import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from chatserver import rights
from chatserver.hub import Hub
from chatserver.rooms import TIME, Room
from chatserver.session import Session
from shared import rules
from shared.errors import Refused
from shared.protocol import AnyEvent, Change, Deleted, Event, Message, Ok, SetProfile
from shared.record import timestamp
from shared.rights import Deed


class Already(Exception):
    """A guard found that nothing is left to do. `ok` bears the seq and the time of the event that did it."""

    def __init__(self, seq: int, time: str) -> None:
        super().__init__()
        self.seq = seq
        self.time = time


class Asked(NamedTuple):
    """What the guards look at. `room` is None where there is none of that name (or none that the asker may know), and
    `named` is what the asker called it. The last two are what a look found: the message that the draft is about, as it
    is now, None where there is none; and the event that deleted it."""

    hub: Hub
    user: str
    draft: AnyEvent
    room: Room | None
    named: str
    message: Message | None = None
    deletion: Deleted | None = None


Draft = Callable[[str, Any, str, Hub], AnyEvent]
Guard = Callable[[Asked], None]


class Look(NamedTuple):
    """What has to be looked up for a change, and what is judged by it.

    turn    `(user, command, full name of the room)` -> what it is about: changes of the same wait for one another
    see     `(asked, command)` -> `asked` with what was found; may complete the draft
    guards  asked after those of the rule
    stored  called with what was asked once the event is stored and published
    """

    turn: Callable[[str, Any, str], Hashable]
    see: Callable[[Asked, Any], Awaitable[Asked]]
    guards: tuple[Guard, ...] = ()
    stored: Guard | None = None


class Rule(NamedTuple):
    """How one command becomes an event.

    draft   `(user, command, full name of the room, hub)` -> the event with seq 0; `Refused` where a field breaks a rule
    guards  called in this order; `Refused` or `Already`
    alters  True where the event changes who is in a room, what they may do there, or what the room is; with a look:
            where it changes what was looked at
    look    None where the rooms in memory tell all that the guards ask
    """

    draft: Draft
    guards: tuple[Guard, ...]
    alters: bool = True
    look: Look | None = None


AnyChange = Change | SetProfile


def run(rule: Rule, session: Session, command: AnyChange) -> Coroutine[Any, Any, None] | None:
    """Handle one change; returns what has to be awaited where it cannot be handed to the log at once."""
    hub, user = session.hub, session.user
    rules.command_id(command.id)
    session.context.take_change(user)
    name = resolve(hub, user, _room_of(command))
    if rule.look is not None:
        return _run_with_look(rule, rule.look, session, command, name)
    if rule.alters or hub.is_changing(name):
        return _run_in_turn(rule, session, command, name)
    asked = _asked(rule, hub, user, command, name)
    try:
        _ask(rule.guards, asked)
    except Refused as error:
        return _recall(session, command, asked.draft, error)
    hub.submit(asked.draft, partial(session.settle, command))
    return None


async def _run_in_turn(rule: Rule, session: Session, command: AnyChange, name: str) -> None:
    hub, user = session.hub, session.user
    await hub.settled(name)
    try:
        asked = _asked(rule, hub, user, command, name)
    except Refused as error:
        session.settle(command, error)
        return
    try:
        _ask(rule.guards, asked)
        session.settle(command, await hub.store_change(asked.draft))
    except Already as done:
        await _recall(session, command, asked.draft, Ok(id=command.id, seq=done.seq, time=done.time))
    except Refused as error:
        await _recall(session, command, asked.draft, error)


async def _run_with_look(rule: Rule, look: Look, session: Session, command: AnyChange, name: str) -> None:
    hub, user = session.hub, session.user
    async with hub.turn(look.turn(user, command, name)):
        asked = _asked(rule, hub, user, command, name)
        try:
            _ask(rule.guards, asked)  # who may not ask learns nothing of what there is
            asked = await look.see(asked, command)
            await hub.settled(name)
            asked = asked._replace(room=visible(hub, user, name))
            _ask((*rule.guards, *look.guards), asked)
            if not rule.alters:
                hub.submit(asked.draft, partial(session.settle, command))
                return
            session.settle(command, await hub.store(asked.draft))
            if look.stored:
                look.stored(asked)
        except Already as done:
            await _recall(session, command, asked.draft, Ok(id=command.id, seq=done.seq, time=done.time))
        except Refused as error:
            await _recall(session, command, asked.draft, error)


def _ask(guards: tuple[Guard, ...], asked: Asked) -> None:
    for guard in guards:
        guard(asked)


def _asked(rule: Rule, hub: Hub, user: str, command: AnyChange, name: str) -> Asked:
    return Asked(hub, user, rule.draft(user, command, name, hub), visible(hub, user, name), _room_of(command))


def _room_of(command: AnyChange) -> str:
    """Where the event will stand, as the asker calls it."""
    return command.room if isinstance(command, Change) else rules.LOBBY


async def _recall(session: Session, command: AnyChange, draft: AnyEvent, otherwise: Ok | Refused) -> None:
    try:
        earlier = await session.hub.recall(draft)
    except Refused as reused:
        session.settle(command, reused)
    else:
        session.settle(command, earlier or otherwise)


def resolve(hub: Hub, user: str, name: str) -> str:
    """The full name of a room as a command names it: `@bob` becomes `@alice,bob`, other cases the room's own."""
    if not name.startswith("@"):
        room = hub.rooms.find(name)
        return room.name if room else name
    people = [_correspondent(hub, part) for part in name[1:].split(",")]
    if len(people) > 1 and (len(people) > 2 or user not in people):
        raise Refused("no_such_room", "A direct conversation is between you and one other person: @name.")
    return rules.direct_name(user, *people)


def _correspondent(hub: Hub, name: str) -> str:
    person = hub.accounts.person(name)
    if person is None:
        raise no_such_user(name)
    return person


def somebody(hub: Hub, name: str) -> str:
    """Whom a command means, as they write their name: who has an account here, or is in some room without one, out of
    an imported history."""
    person = hub.accounts.person(name) or (name if hub.rooms.of(name) else None)
    if person is None:
        raise no_such_user(name)
    return person


def no_such_user(name: str) -> Refused:
    """Nobody is called so."""
    return Refused("no_such_user", f"There is nobody called {name[: rules.USER_NAME]} here.")


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
        raise no_such_room(asked.named)


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
        raise no_such_room(asked.named)
    is_member(asked)


def not_muted(asked: Asked) -> None:
    """The asker may write in the room now."""
    if asked.room is None:
        return
    now = timestamp(time.time_ns())
    if until := asked.room.muted_until(asked.user, now):
        raise Refused("not_allowed", f"You are muted in {asked.room.name} until {_minute(until, now)}.")


def _minute(until: str, now: str) -> str:
    """A time for people, and not before it: 14:32 UTC, with the day where that is another one."""
    moment = datetime.strptime(until, TIME) + timedelta(minutes=1, microseconds=-1)
    clock = f"{moment:%H:%M} UTC"
    return clock if until[:10] == now[:10] else f"{moment.day} {moment:%B %Y}, {clock}"


def may(deed: Deed) -> Guard:
    """The asker has the right to do this, to whom the draft is about, in this room."""

    def guard(asked: Asked) -> None:
        assert asked.room is not None
        person = asked.draft.user
        rights.check(
            deed,
            asked.room.name,
            standing(asked.hub, asked.room, asked.user),
            standing(asked.hub, asked.room, person),
            oneself=person == asked.user,
        )

    return guard


def standing(hub: Hub, room: Room, user: str) -> rights.Standing:
    """As what a person stands in a room. An owner is one in every room that they can see, in it or not."""
    if hub.accounts.is_owner(user):
        return "owner"
    membership = room.members.get(user)
    return membership.role if membership else "outsider"


def drafted(kind: type[Event], **fields: Callable[[Any], Any]) -> Draft:
    """A draft of `kind` by the asker, with these fields of the command, each through its rule."""

    def draft(user: str, command: Any, room: str, hub: Hub) -> AnyEvent:
        values = {name: rule(getattr(command, name)) for name, rule in fields.items()}
        return kind(room=room, user=user, id=command.id, **values)  # type: ignore[return-value]  # kind is one of AnyEvent

    return draft
