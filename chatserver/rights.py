"""PURE. Enforces `shared.rights`, the one table of who may do what to whom, and says why where somebody may not.

A person stands in a room with a role of it, as `owner` of the server, which holds in every room that they can see, or
as `outsider`.
"""

from collections.abc import Mapping
from typing import Final, Literal

from shared import rights, rules
from shared.errors import Refused
from shared.protocol import Role
from shared.rights import Deed

Standing = Role | Literal["outsider"]

_WORDS: Final[Mapping[Deed, str]] = {
    "invite": "ask people in",
    "topic": "set the topic",
    "kick": "take people out",
    "ban": "ban people",
    "unban": "lift a ban",
    "mute": "mute people",
    "role": "make moderators",
    "delete": "delete messages of others",
}


def check(deed: Deed, room: str, asker: Standing, person: Standing, *, oneself: bool) -> None:
    """`Refused` where somebody who stands in the room as `asker` may not do this to who stands there as `person`.

    `oneself`: both are one. For a deed that is done to nobody the asker stands for both.
    """
    if asker == "outsider":
        raise Refused("not_member", f"You are not in {room}. Join it first.")
    if not rights.may(deed, room, asker, "member" if person == "outsider" else person, oneself):
        raise Refused("not_allowed", _why(deed, room, asker, person, oneself))


def _why(deed: Deed, room: str, asker: Role, person: Standing, oneself: bool) -> str:
    if asker == "member":
        return f"Only moderators of {room} and owners of this server may {_WORDS[deed]}."
    if oneself:
        return "You cannot do this to yourself. Ask another moderator, or an owner of this server."
    if room == rules.LOBBY and not rights.RIGHTS[deed].lobby:
        return f"Everybody is in {room} and stays there. Mute who disturbs it."
    if person == "owner":
        return "Nobody may do this to an owner of this server."
    return f"Only owners of this server may do this to a moderator of {room}."
