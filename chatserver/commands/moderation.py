"""Keeping order in a room: kick, ban, unban, mute and role.

Who may do which to whom stands in `chatserver.rights`. The guards here ask, after the right, whether there is anything
to do. What was asked for and is so already is `ok`, with the event that made it so.
"""

from collections.abc import Callable
from typing import Any, Final

from chatserver.commands.changes import Already, Asked, Draft, Guard, Rule, exists, is_room, may, somebody
from chatserver.hub import Hub
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import AnyEvent, Event


def _against(kind: type[Event], **fields: Callable[[Any], Any]) -> Draft:
    """A draft of `kind` about the person whom the command names, by the asker."""

    def draft(user: str, command: Any, room: str, hub: Hub) -> AnyEvent:
        values = {name: rule(getattr(command, name)) for name, rule in fields.items()} | {"by": user}
        person = somebody(hub, command.user)
        return kind(room=room, user=person, id=command.id, **values)  # type: ignore[return-value]  # kind is one of AnyEvent

    return draft


def _minutes(minutes: int) -> int:
    if minutes > rules.MUTE_MINUTES:
        most = f"{rules.MUTE_MINUTES:,} (30 days)"
        raise Refused("too_large", f"A mute lasts {most} minutes at most, this one would last {minutes:,}.")
    if minutes < 0:
        raise Refused("bad_request", f"A mute has 0 minutes, which lift it, or more. This one has {minutes:,}.")
    return minutes


def _role(role: protocol.GivenRole) -> protocol.GivenRole:
    return role


def _is_inside(asked: Asked) -> None:
    """The person meant is in the room."""
    assert asked.room is not None
    person = asked.draft.user
    if person not in asked.room.members:
        raise Refused("not_member", f"{person} is not in {asked.room.name}.")


def _not_yet_banned(asked: Asked) -> None:
    assert asked.room is not None
    if ban := asked.room.banned.get(asked.draft.user):
        raise Already(ban.seq, ban.time)


def _is_banned(asked: Asked) -> None:
    assert asked.room is not None
    person = asked.draft.user
    if person not in asked.room.banned:
        raise Refused("not_allowed", f"{person} is not banned from {asked.room.name}.")


def _another_role(asked: Asked) -> None:
    assert asked.room is not None
    assert isinstance(asked.draft, protocol.RoleSet)
    membership = asked.room.members[asked.draft.user]
    if membership.role == asked.draft.role:
        raise Already(*(membership.given or (membership.seq, membership.time)))


_SEEN: Final[tuple[Guard, ...]] = (is_room, exists)

CHANGES: Final[dict[type, Rule]] = {
    protocol.Kick: Rule(_against(protocol.Left), (*_SEEN, may("kick"), _is_inside)),
    protocol.Ban: Rule(_against(protocol.Banned), (*_SEEN, may("ban"), _not_yet_banned)),
    protocol.Unban: Rule(_against(protocol.Unbanned), (*_SEEN, may("unban"), _is_banned)),
    protocol.Mute: Rule(_against(protocol.Muted, minutes=_minutes), (*_SEEN, may("mute"), _is_inside)),
    protocol.SetRole: Rule(_against(protocol.RoleSet, role=_role), (*_SEEN, may("role"), _is_inside, _another_role)),
}
