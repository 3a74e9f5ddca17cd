"""Who may do what to whom in a room. PURE: one table, which the server enforces and clients offer by.

A role is that of a person in the room at hand; an owner of the server is "owner" in every room. `to` is the role of
the person to whom it is done, "member" also for who is not in the room. "delete" is done to the author of a message;
one's own one deletes without any right.
"""

from typing import Final, Literal, NamedTuple, get_args

from shared.protocol import Role
from shared.rules import LOBBY

Deed = Literal["invite", "topic", "kick", "ban", "unban", "mute", "role", "delete"]
DEEDS: Final[tuple[Deed, ...]] = get_args(Deed)
_RANK: Final[dict[Role, int]] = {"member": 0, "moderator": 1, "owner": 2}


class Right(NamedTuple):
    """least     the role that it takes
    over      done to a person, who must be of a lower role; never to oneself
    lobby     possible in the lobby, where everybody is and stays
    """

    least: Role
    over: bool = True
    lobby: bool = True


RIGHTS: Final[dict[Deed, Right]] = {
    "invite": Right("member", over=False),
    "topic": Right("member", over=False),
    "kick": Right("moderator", lobby=False),
    "ban": Right("moderator", lobby=False),
    "unban": Right("moderator", lobby=False),
    "mute": Right("moderator"),
    "role": Right("moderator"),
    "delete": Right("moderator"),
}


def may(deed: Deed, room: str, role: Role, to: Role = "member", oneself: bool = False) -> bool:
    """May somebody with this role do it in `room`, to a person with the role `to` (or to oneself)?"""
    right = RIGHTS[deed]
    if room.startswith("@") or (room == LOBBY and not right.lobby) or _RANK[role] < _RANK[right.least]:
        return False
    return not right.over or (not oneself and _RANK[to] < _RANK[role])


def rights(room: str, role: Role, to: Role = "member", oneself: bool = False) -> frozenset[Deed]:
    """All that `may` allows."""
    return frozenset(deed for deed in DEEDS if may(deed, room, role, to, oneself))
