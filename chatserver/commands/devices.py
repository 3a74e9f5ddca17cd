"""One person's devices, and the password that adds one: `sessions`, `sign_out`, `password`."""

import time

from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Goodbye, Ok, SessionInfo, SessionList
from shared.record import timestamp


def list_sessions(session: Session, command: protocol.Sessions) -> None:
    """My devices, the one last used first. One that is connected is in use now."""
    hub, user, now = session.hub, session.user, timestamp(time.time_ns())
    here = {connection.device for connection in hub.connections(user)}
    sessions = [
        SessionInfo(
            session=device.session,
            client=device.client,
            created=device.created,
            seen=now if device.session in here else device.seen,
            address=device.address,
            current=device.session == session.device,
            here=device.session in here,
        )
        for device in hub.accounts.devices(user)
    ]
    session.answer(SessionList(ref=command.ref, sessions=sorted(sessions, key=lambda info: info.seen, reverse=True)))


async def sign_out(session: Session, command: protocol.SignOut) -> None:
    """End one of my devices: its token opens nothing any more, and its connections are told so and closed."""
    hub, user = session.hub, session.user
    session.context.take_change(user)
    if not hub.accounts.has_device(user, command.session):
        raise Refused("bad_request", "You have no such device here. Look at the list again.")
    await hub.accounts.drop_device(user, command.session)
    session.answer(Ok(ref=command.ref))
    end_signed_out(hub, user)


async def set_password(session: Session, command: protocol.SetPassword) -> None:
    """Set or change it. Where one is set the old one is needed, and guessing it is limited as at the door."""
    context, accounts, user = session.context, session.hub.accounts, session.user
    context.take_change(user)
    rules.password(command.new)
    kept = accounts.password(user)
    if kept is not None:
        if command.old is None:
            raise Refused("bad_credentials", "You have a password here. Enter the old one too.")
        if len(command.old) > rules.PASSWORD[1]:
            rules.password(command.old)
        if not await context.is_password(user, session.address, kept, command.old):
            raise Refused("bad_credentials", "That is not your old password.")
    fresh = await context.passwords.hash(command.new)
    if not await accounts.set_password(user, fresh, kept):
        raise Refused("bad_credentials", "Your password was changed at this moment from elsewhere. Enter that one.")
    session.answer(Ok(ref=command.ref))


def end_signed_out(hub: Hub, user: str | None = None) -> None:
    """Close the connections of devices that are no more; of one person, or of all."""
    for connection in hub.connections(user):
        if not hub.accounts.has_device(connection.user, connection.device):
            error = signed_out(connection.user)
            connection.end(Goodbye(code=error.code, message=error.message))


def signed_out(user: str) -> Refused:
    """What a device hears that was signed out."""
    return Refused("bad_credentials", f"This device was signed out. Sign in as {user} again.")
