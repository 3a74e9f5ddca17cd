"""Invitations: making them, listing them, taking them back.

Any member may ask people into the rooms they are in; where the server is closed its owners alone may. A person sees
and takes back their own, an owner all.
"""

import secrets
import time

from chatserver.accounts import Invitation, invitations
from chatserver.commands.changes import no_such_room, resolve, visible
from chatserver.session import Session
from shared import protocol
from shared.errors import Refused
from shared.protocol import InvitationInfo, InvitationList, InvitationMade, Ok
from shared.record import timestamp


async def make(session: Session, command: protocol.MakeInvitation) -> None:
    """A new one, for a room or for the server alone."""
    accounts, user = session.hub.accounts, session.user
    session.context.take_change(user)
    uses, days = invitations.uses(command.uses), invitations.days(command.days)
    if session.context.settings.admission == "closed" and not accounts.is_owner(user):
        raise Refused("not_allowed", "This server is closed: only its owners make invitations.")
    room = "" if command.room is None else _room(session, command.room)
    now = timestamp(time.time_ns())
    mine = [found for found in accounts.invitations() if found.maker == user and not invitations.is_over(found, now)]
    if len(mine) >= invitations.MOST:
        raise Refused(
            "too_large", f"You have {len(mine)} invitations, the limit is {invitations.MOST}. Take some back first."
        )
    code = invitations.new_code(secrets.choice)
    while accounts.invitation(code):
        code = invitations.new_code(secrets.choice)
    made = Invitation(code, room=room, maker=user, uses=uses, expires=invitations.expiry(now, days))
    await accounts.invite(made)
    session.answer(InvitationMade(ref=command.ref, invitation=told(made, session.context.public)))


def _room(session: Session, named: str) -> str:
    """The full name of a room that the asker is in."""
    hub, user = session.hub, session.user
    if named.startswith("@"):
        raise Refused("not_allowed", "A direct conversation belongs to its two people and stays as it is.")
    room = visible(hub, user, resolve(hub, user, named))
    if room is None:
        raise no_such_room(named)
    if user not in room.members:
        raise Refused("not_member", f"You are not in {room.name}. Join it first.")
    return room.name


def list_mine(session: Session, command: protocol.Invitations) -> None:
    """Those that somebody can still use, the newest first: mine, or for an owner all."""
    accounts, user, now = session.hub.accounts, session.user, timestamp(time.time_ns())
    found = [
        told(invitation, session.context.public)
        for invitation in reversed(accounts.invitations())
        if not invitations.is_over(invitation, now) and _is_for(session, invitation, user)
    ]
    session.answer(InvitationList(ref=command.ref, invitations=found))


def _is_for(session: Session, invitation: Invitation, user: str) -> bool:
    """Whether this person may see it and take it back. What makes an owner is the operator's alone."""
    return not invitation.owner and (invitation.maker == user or session.hub.accounts.is_owner(user))


async def revoke(session: Session, command: protocol.Revoke) -> None:
    """Take one back: nobody new comes in by it."""
    accounts, user = session.hub.accounts, session.user
    session.context.take_change(user)
    if len(command.code) > invitations.LONGEST:
        length, most = len(command.code), invitations.LONGEST
        raise Refused("too_large", f"The code has {length:,} characters, the limit is {most}.")
    found = accounts.invitation(command.code)
    if found is None or not _is_for(session, found, user):
        raise Refused("not_allowed", "You have no invitation with this code.")
    await accounts.revoke(found.code)
    session.answer(Ok(ref=command.ref))


def told(invitation: Invitation, public: str) -> InvitationInfo:
    """As the wire tells it; `public` is HOST:PORT."""
    return InvitationInfo(
        code=invitation.code,
        link=invitations.link(public, invitation.room, invitation.code),
        room=invitation.room,
        uses=invitation.uses,
        used_by=invitation.used_by,
        expires=invitation.expires,
    )
