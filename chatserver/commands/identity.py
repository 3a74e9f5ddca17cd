"""Who a `hello` speaks for: by the token of a device, by a password, or by a name that nobody has yet; and where an
invitation leads.

A token opens its name whatever else the hello says. A password adds this device's token. A new name needs what the
server's access asks for. What must happen once happens in the accounts' own transaction; joining the invitation's
room is repeated until it stands in the history, under an id of the server's, and never a second time after that.
"""

import hashlib
import time

from chatserver.accounts import Device, Invitation, invitations
from chatserver.accounts.store import taken
from chatserver.hub import Hub
from chatserver.rooms import Room
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Joined
from shared.record import timestamp


async def identify(session: Session, command: protocol.Hello) -> Device:
    """The device, which names its person as they first wrote the name; `Refused` for who may not bear it."""
    accounts = session.hub.accounts
    if not 16 <= len(command.token) <= rules.TOKEN:
        raise Refused("bad_request", f"A token has 16 to {rules.TOKEN} characters, this one {len(command.token):,}.")
    most = invitations.LONGEST
    if command.invite and len(command.invite) > most:
        raise Refused("too_large", f"The invitation has {len(command.invite):,} characters, the limit is {most}.")
    name = rules.user_name(command.user)
    known = accounts.person(name)
    if known is None:
        try:
            return await _claim(session, command, name)
        except Refused as error:
            # Over two connections at once, one of them comes second with its own token.
            known = accounts.person(name)
            if error.code != "name_taken" or known is None:
                raise
    if device := accounts.device(known, command.token):
        return device
    return await _by_password(session, command, known)


async def _claim(session: Session, command: protocol.Hello, name: str) -> Device:
    context, accounts = session.context, session.hub.accounts
    if command.password is not None:
        rules.password(command.password)
    context.take_claim(session.address)
    now = timestamp(time.time_ns())
    invitation = accounts.admit(name, context.settings.admission, command.invite, now)
    if invitation is not None and not _holds(session.hub, invitation):
        raise _not_any_more()
    kept = None if command.password is None else await context.passwords.hash(command.password)
    return await accounts.claim(name, command.token, now=now, invite=invitation, password=kept)


async def _by_password(session: Session, command: protocol.Hello, name: str) -> Device:
    context, accounts = session.context, session.hub.accounts
    if accounts.is_removed(name):
        raise Refused("name_taken", f"{name} belonged to somebody who was here. Choose another name.")
    kept = accounts.password(name)
    if kept is None:
        raise taken(name)
    if command.password is None:
        raise Refused("bad_credentials", f"{name} has a password here. Enter it.")
    if len(command.password) > rules.PASSWORD[1]:
        rules.password(command.password)
    if not await context.is_password(name, session.address, kept, command.password):
        raise Refused("bad_credentials", f"That password does not open {name}.")
    if context.passwords.is_outdated(kept):
        fresh = await context.passwords.hash(command.password)
        kept = fresh if await accounts.set_password(name, fresh, kept) else kept
    return await accounts.add_device(name, command.token, kept, now=timestamp(time.time_ns()))


async def follow_invitation(session: Session, user: str, code: str) -> None:
    """Put who showed this code into its room; `Refused` where the code is over for them.

    A code that is not known says nothing to somebody who has an account: clients show it again whenever they come
    back, also long after it was used and taken away.
    """
    hub, accounts = session.hub, session.hub.accounts
    invitation = accounts.invitation(code)
    if invitation is None or not (invitation.room or invitation.owner):
        return
    room = hub.rooms.find(invitation.room) if invitation.room else None
    if invitation.room and (room is None or user in room.members):
        return
    if user not in invitation.used_by:
        if room is not None and user in room.banned:
            raise _banned(room)
        if not _holds(hub, invitation):
            raise _not_any_more()
        session.context.take_claim(session.address)
        now = timestamp(time.time_ns())
        invitations.check(invitation, user, now)
        await accounts.use_invitation(invitation.code, user, now)
    if room is None:
        return
    await hub.settled(room.name)
    if user not in room.members and user not in room.banned and _holds(hub, invitation):
        by = invitation.maker or accounts.owner()
        await hub.store_change(
            Joined(room=room.name, user=user, by=by if by != user else None, id=_ident(invitation, user))
        )


def _holds(hub: Hub, invitation: Invitation) -> bool:
    """Into a private room an invitation leads only while its maker is in there, or owns the server."""
    room, maker = hub.rooms.find(invitation.room), invitation.maker
    return room is None or not room.private or not maker or maker in room.members or hub.accounts.is_owner(maker)


def _not_any_more() -> Refused:
    return Refused("invite_needed", "This invitation does not hold any more. Ask for a new one.")


def _banned(room: Room) -> Refused:
    if room.private:
        return Refused("no_such_room", f"There is no room called {room.name}.")
    return Refused("not_allowed", f"You are banned from {room.name}.")


def _ident(invitation: Invitation, user: str) -> str:
    """The same for the same person and invitation: who left the room, or was taken out, stays out."""
    return f"~{invitation.code}:{hashlib.blake2b(user.encode(), digest_size=8).hexdigest()}"
