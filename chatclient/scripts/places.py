"""Which room a script means: as people write it, among those that this person is in; entered where that is wanted."""

from chatclient.drafts import full_name
from chatclient.scripts.running import Session
from shared.errors import Refused
from shared.protocol import RoomState
from shared.rules import name_key, user_name


def plain_name(text: str) -> str:
    """`#ops` is how people write the room `ops`."""
    return text.removeprefix("#")


def mine(session: Session, room: str) -> RoomState | None:
    """The room as the welcome has it; None where this person is not in it."""
    key = name_key(full_name(room, session.client.user))
    return next((state for state in session.welcome.rooms if name_key(state.room) == key), None)


async def entered(session: Session, room: str, create: bool) -> str:
    """The room's name as it is to be used in commands; joined, and with `create` made, where it must be. `Refused`."""
    if room.startswith("@"):
        user_name(room[1:])
        return room
    known = mine(session, room)
    if known is not None:
        return known.room
    client, done = session.client, session.errands.done
    try:
        await done(client.join(room))
    except Refused as refused:
        if refused.code != "no_such_room" or not create:
            raise
        await done(client.create(room))
    return room
