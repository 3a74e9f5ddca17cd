"""Looking back: a page of one room, and everything since a seq."""

from chatserver.commands.changes import no_such_room, resolve, visible
from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused


async def page(session: Session, command: protocol.History) -> None:
    """Up to `limit` entries of one room: the newest, or those before, after or around a seq."""
    try:
        hub, user = session.hub, session.user
        if sum(edge is not None for edge in (command.before, command.after, command.around)) > 1:
            raise Refused("bad_request", "Give one of before, after and around, not several.")
        limit = _limit(command.limit, rules.PAGE)
        name = _own(hub, user, command.room)
        found = await hub.history.page(
            name,
            before=_seq(command.before),
            after=_seq(command.after),
            around=_seq(command.around),
            limit=limit,
        )
        _own(hub, user, command.room)  # who was taken out during the look sees nothing any more
    except Refused as error:
        session.refuse(command, error)
        return
    session.answer(
        protocol.Page(
            ref=command.ref,
            room=name,
            messages=found.events,
            more_before=found.more_before,
            more_after=found.more_after,
            through=found.through,
        )
    )


def _own(hub: Hub, user: str, asked: str) -> str:
    """The full name of a room that this person is in, or `Refused`."""
    room = visible(hub, user, resolve(hub, user, asked))
    if room is None:
        raise no_such_room(asked)
    if user not in room.members:
        raise Refused("not_member", f"You are not in {room.name}. Join it first.")
    return room.name


async def sync(session: Session, command: protocol.Sync) -> None:
    """Every event after a seq in the rooms that this person is in, oldest first."""
    try:
        limit = _limit(command.limit, rules.SYNC)
    except Refused as error:
        session.refuse(command, error)
        return
    hub = session.hub
    events, more, through = await hub.events_of(session.user, max(command.after, 0), limit)
    mine = frozenset(hub.rooms.of(session.user))  # less those that this person was taken out of during the look
    events = [event for event in events if event.room in mine]
    session.answer(protocol.Synced(ref=command.ref, events=events, more=more, through=through))


def _seq(asked: int | None) -> int | None:
    """Nothing is before 0, and what is far below it fits into no index."""
    return None if asked is None else max(asked, 0)


def _limit(asked: int, most: int) -> int:
    if asked > most:
        raise Refused("too_large", f"The limit asked for is {asked:,}, it can be {most:,} at most.")
    if asked < 1:
        raise Refused("bad_request", f"The limit asked for is {asked}, it must be 1 at least.")
    return asked
