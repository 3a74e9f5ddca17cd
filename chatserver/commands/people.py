"""Saying hello, and what concerns one person alone."""

from datetime import UTC, datetime

from chatserver.commands.changes import resolve, visible
from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Joined, Pong, ReadMark, RoomState, Welcome


async def hello(session: Session, command: protocol.Hello) -> None:
    """Sign in: claim the name with this token, or show that it is one's own; then `welcome`."""
    try:
        await _sign_in(session, command)
    except Refused as error:
        session.refuse(command, error)


async def _sign_in(session: Session, command: protocol.Hello) -> None:
    hub = session.hub
    if session.user:
        raise Refused("already_signed_in", f"This connection speaks for {session.user} already.")
    if command.protocol != rules.PROTOCOL:
        theirs, ours = command.protocol, rules.PROTOCOL
        raise Refused("unsupported_protocol", f"You speak protocol {theirs}, this server speaks {ours}.")
    user = await _identify(session, command)
    if user not in hub.rooms.by_name[rules.LOBBY].members:
        # The server's own id: a hello that is repeated after a crash joins once.
        await hub.store(Joined(room=rules.LOBBY, user=user, id="~hello"))
    unread = await hub.history.unread(user, {room: hub.accounts.read(user, room) for room in hub.rooms.of(user)})
    # From here to the end in one step of the loop: the snapshot, its tip, and the place among the listeners.
    session.user = user
    session.answer(
        Welcome(
            ref=command.ref,
            protocol=rules.PROTOCOL,
            server=session.context.settings.name,
            epoch=hub.epoch,
            user=user,
            time=_now(),
            tip=hub.tip,
            limits=rules.LIMITS,
            rooms=[_state(hub, user, room, unread.get(room, 0)) for room in hub.rooms.of(user)],
        )
    )
    hub.attach(session)


async def _identify(session: Session, command: protocol.Hello) -> str:
    """The name as it was first written; `Refused` for who may not bear it."""
    accounts = session.hub.accounts
    if not 16 <= len(command.token) <= rules.TOKEN:
        raise Refused("bad_request", f"A token has 16 to {rules.TOKEN} characters, this one {len(command.token):,}.")
    name = rules.user_name(command.user)
    known = accounts.person(name)
    if known is None:
        owner = accounts.admit(session.context.settings.admission, command.invite)
        session.context.take_claim(session.address)
        await accounts.claim(name, command.token, command.invite, owner)
        return name
    if not accounts.opens(known, command.token):
        raise Refused("name_taken", f"{known} belongs to somebody here. If that is you, use your first device.")
    return known


def _state(hub: Hub, user: str, name: str, unread: int) -> RoomState:
    room = hub.rooms.by_name[name]
    return RoomState(
        room=name,
        topic=room.topic,
        private=room.private,
        role="owner" if hub.accounts.is_owner(user) else room.members[user].role,
        members=len(room.members),
        last=room.last,
        read=hub.accounts.read(user, name),
        unread=unread,
        mentions=unread if room.direct else 0,
        with_=rules.counterpart(name, user) if room.direct else None,
    )


def read(session: Session, command: protocol.Read) -> None:
    """Move a read marker on; the person's other connections hear of it. A room one is not in is none."""
    hub, user = session.hub, session.user
    room = visible(hub, user, resolve(hub, user, command.room))
    if room is None or user not in room.members:
        raise Refused("no_such_room", f"There is no room called {command.room[: rules.ROOM_NAME + 1]}.")
    if hub.accounts.mark_read(user, room.name, min(command.seq, room.last)):
        hub.tell_others(session, ReadMark(room=room.name, user=user, seq=hub.accounts.read(user, room.name)))


def ping(session: Session, command: protocol.Ping) -> None:
    """Still here."""
    session.answer(Pong(ref=command.ref, time=_now()))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
