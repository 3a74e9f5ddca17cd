"""Looking back: a page of one room, and everything since a seq."""

from chatserver.commands.changes import no_such_room, resolve, visible
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
        room = visible(hub, user, resolve(hub, user, command.room))
        if room is None:
            raise no_such_room(command.room)
        if user not in room.members:
            raise Refused("not_member", f"You are not in {room.name}. Join it first.")
    except Refused as error:
        session.refuse(command, error)
        return
    found = await hub.history.page(
        room.name, before=command.before, after=command.after, around=command.around, limit=limit
    )
    session.answer(
        protocol.Page(
            ref=command.ref,
            room=room.name,
            messages=found.events,
            more_before=found.more_before,
            more_after=found.more_after,
            through=found.through,
        )
    )


async def sync(session: Session, command: protocol.Sync) -> None:
    """Every event after a seq in the rooms that this person is in, oldest first."""
    try:
        limit = _limit(command.limit, rules.SYNC)
    except Refused as error:
        session.refuse(command, error)
        return
    hub = session.hub
    found = await hub.history.events(max(command.after, 0), limit, hub.rooms.of(session.user))
    events, more, through = hub.published(found)
    session.answer(protocol.Synced(ref=command.ref, events=events, more=more, through=through))


def _limit(asked: int, most: int) -> int:
    if asked > most:
        raise Refused("too_large", f"The limit asked for is {asked:,}, it can be {most:,} at most.")
    if asked < 1:
        raise Refused("bad_request", f"The limit asked for is {asked}, it must be 1 at least.")
    return asked
