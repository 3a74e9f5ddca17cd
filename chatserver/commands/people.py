"""Saying hello, and what concerns one person alone."""

import time
from typing import Final

from chatserver.commands import devices, identity, presence
from chatserver.hub import Hub
from chatserver.log.contract import Unread
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Joined, Ok, Pong, RoomState, Welcome
from shared.record import timestamp

CLIENT: Final = 64
"""Characters that are kept of what a client says of itself."""

LOOKS: Final = 5
"""How often a sign-in counts the unread anew where something is said just then."""
NONE: Final = Unread(0, 0)


async def hello(session: Session, command: protocol.Hello) -> None:
    """Sign in: claim the name with this token, or show that it is one's own; then `welcome`."""
    hub, accounts = session.hub, session.hub.accounts
    if session.user:
        raise Refused("already_signed_in", f"This connection speaks for {session.user} already.")
    if command.protocol != rules.PROTOCOL:
        theirs, ours = str(command.protocol)[:20], rules.PROTOCOL
        raise Refused("unsupported_protocol", f"You speak protocol {theirs}, this server speaks {ours}.")
    if await accounts.refresh():
        devices.end_signed_out(hub)
    device = await identity.identify(session, command)
    user = device.name
    if user not in hub.rooms.by_name[rules.LOBBY].members:
        # The server's own id: a hello that is repeated after a crash joins once.
        await hub.store(Joined(room=rules.LOBBY, user=user, id="~hello"))
    if command.invite:
        await identity.follow_invitation(session, user, command.invite)
    for _ in range(LOOKS):
        tip = hub.tip
        unread = await hub.history.unread(user, presence.marks(hub, user))
        if tip == hub.tip:  # nothing was said meanwhile that neither the count nor the live events would hold
            break
    if not accounts.has_device(user, device.session):
        raise devices.signed_out(user)
    # From here to the end in one step of the loop: the snapshot, its tip, and the place among the listeners.
    session.user, session.device = user, device.session
    now, marks = timestamp(time.time_ns()), presence.marks(hub, user)
    accounts.mark_used(user, device.session, now=now, client=_client(command.client), address=session.address)
    session.answer(
        Welcome(
            ref=command.ref,
            protocol=rules.PROTOCOL,
            server=session.context.settings.name,
            epoch=hub.epoch,
            user=user,
            time=now,
            tip=hub.tip,
            limits=rules.LIMITS | {"file_bytes": session.context.settings.max_file << 20},
            rooms=[_state(hub, user, room, seq, unread.get(room, NONE), now) for room, seq in marks.items()],
            owner=accounts.is_owner(user),
            session=device.session,
            has_password=accounts.password(user) is not None,
            receipts=accounts.preferences(user).receipts,
            people=hub.signals.people(user, now),
            read_by=hub.signals.read_by(user),
        )
    )
    hub.attach(session)


def _client(text: str | None) -> str:
    """What a client says of itself, as the list of devices shows it: one line of what can be seen, cut to fit."""
    return "".join(char for char in " ".join((text or "").split()) if char.isprintable())[:CLIENT]


def _state(hub: Hub, user: str, name: str, read: int, unread: Unread, now: str) -> RoomState:
    room = hub.rooms.by_name[name]
    return RoomState(
        room=name,
        topic=room.topic,
        private=room.private,
        role="owner" if hub.accounts.is_owner(user) else room.members[user].role,
        members=len(room.members),
        last=room.last,
        read=read,
        unread=unread.messages,
        mentions=unread.mentions,
        muted_until=room.muted_until(user, now),
        with_=rules.counterpart(name, user) if room.direct else None,
    )


async def prefer(session: Session, command: protocol.Prefer) -> None:
    """Choose whether others see how far one has read."""
    session.context.take_change(session.user)
    await session.hub.accounts.prefer(session.user, receipts=command.receipts)
    session.answer(Ok(ref=command.ref))


def ping(session: Session, command: protocol.Ping) -> None:
    """Still here."""
    session.answer(Pong(ref=command.ref, time=timestamp(time.time_ns())))
