"""How one is shown, where one is writing, how far one has read: told to others and never stored in the history."""

import time

from chatserver.commands.changes import no_such_room, resolve, visible
from chatserver.hub import Hub
from chatserver.rooms import Room
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Ok
from shared.record import timestamp


async def status(session: Session, command: protocol.SetStatus) -> None:
    """Be shown like this over all one's connections; what was chosen last counts, over restarts too."""
    hub, user = session.hub, session.user
    session.context.take_signal(user)
    note, before = rules.note(command.note), hub.presence.state(user)
    await hub.accounts.prefer(user, state=command.state, note=note)
    if hub.presence.state(user) != before:
        hub.presence.begins(user, timestamp(time.time_ns()))
    hub.signals.changed(user)
    session.answer(Ok(ref=command.ref))


def typing(session: Session, command: protocol.Typing) -> None:
    """Writing in a room. Nothing is told of who may not speak there, or in a conversation that has not begun."""
    hub, user = session.hub, session.user
    session.context.take_signal(user)
    room = _mine(session, command.room)
    if room is not None and not room.muted_until(user, timestamp(time.time_ns())):
        hub.writing.typed(room.name, user)


def read(session: Session, command: protocol.Read) -> None:
    """Move a read marker on, up to the newest event at most; those who may know hear of it."""
    hub, user = session.hub, session.user
    room = _mine(session, command.room)
    if room is not None and hub.accounts.mark_read(user, room.name, min(command.seq, room.last)):
        hub.signals.read(user, room.name, but=session)


def _mine(session: Session, name: str) -> Room | None:
    """A room that this person is in; None for a direct conversation in which nothing was said yet."""
    hub, user = session.hub, session.user
    full = resolve(hub, user, name)
    room = visible(hub, user, full)
    if room is None:
        if full.startswith("@"):
            return None
        raise no_such_room(name)
    if user not in room.members:
        raise Refused("not_member", f"You are not in {room.name}. Join it first.")
    return room


def marks(hub: Hub, user: str) -> dict[str, int]:
    """From where on each room of a person is unread to them: behind their read marker, or behind their coming in, where
    that was later. A direct conversation begins with its first message."""
    found: dict[str, int] = {}
    for name in hub.rooms.of(user):
        room = hub.rooms.by_name[name]
        begin = room.members[user].seq - room.direct
        found[name] = max(hub.accounts.read(user, name), begin)
    return found
