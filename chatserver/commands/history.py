"""Looking back: a page of one room, everything since a seq, how much was said when, and one line of the file."""

from itertools import pairwise

from chatserver.commands.amendments import may_have, no_such_message
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
        limit = limited(command.limit, rules.PAGE)
        name = own(hub, user, command.room)
        found = await hub.history.page(
            name,
            before=_seq(command.before),
            after=_seq(command.after),
            around=_seq(command.around),
            limit=limit,
        )
        own(hub, user, command.room)  # who was taken out during the look sees nothing any more
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
            quoted=found.quoted,
        )
    )


def own(hub: Hub, user: str, asked: str) -> str:
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
        limit = limited(command.limit, rules.SYNC)
    except Refused as error:
        session.refuse(command, error)
        return
    hub = session.hub
    events, more, through = await hub.events_of(session.user, max(command.after, 0), limit)
    mine = frozenset(hub.rooms.of(session.user))  # less those that this person was taken out of during the look
    events = [event for event in events if event.room in mine]
    session.answer(protocol.Synced(ref=command.ref, events=events, more=more, through=through))


async def calendar(session: Session, command: protocol.Calendar) -> None:
    """How many messages a room has between each two of these times."""
    hub, user = session.hub, session.user
    edges = _edges(command.edges)
    name = own(hub, user, command.room)
    counts, seqs, first = await hub.history.calendar(name, edges)
    own(hub, user, command.room)
    session.answer(protocol.CalendarFound(ref=command.ref, room=name, counts=counts, seqs=seqs, first=first))


async def record(session: Session, command: protocol.Record) -> None:
    """The line in which an event of this room stands. Of a deleted message and its edits there is none to be shown."""
    hub, user = session.hub, session.user
    name = own(hub, user, command.room)
    line = await hub.history.line(name, command.seq) if may_have(hub, command.seq) else None
    own(hub, user, command.room)
    if line is None:
        raise no_such_message(command.seq, name)
    session.answer(protocol.RecordLine(ref=command.ref, room=name, seq=command.seq, line=line))


def _edges(asked: tuple[str, ...]) -> tuple[str, ...]:
    least, most = rules.EDGES
    if len(asked) > most:
        raise Refused("too_large", f"The calendar was asked for {len(asked):,} edges, it can be {most} at most.")
    if len(asked) < least:
        raise Refused("bad_request", f"The calendar needs {least} edges at least, this one has {len(asked)}.")
    edges = tuple(map(rules.moment, asked))
    if any(later <= earlier for earlier, later in pairwise(edges)):
        raise Refused("bad_request", "The edges of the calendar must stand in order, each later than the one before.")
    return edges


def _seq(asked: int | None) -> int | None:
    """Nothing is before 0, and what is far below it fits into no index."""
    return None if asked is None else max(asked, 0)


def limited(asked: int, most: int) -> int:
    """The limit asked for, from 1 on, or `Refused`."""
    if asked > most:
        raise Refused("too_large", f"The limit asked for is {asked:,}, it can be {most:,} at most.")
    if asked < 1:
        raise Refused("bad_request", f"The limit asked for is {asked}, it must be 1 at least.")
    return asked
