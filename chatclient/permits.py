"""What the reader may do with a message: what the menu and the hover bar offer, and no more. Pure."""

from functools import cache
from typing import NamedTuple

from shared.protocol import Role
from shared.rights import may

NOTHING: frozenset[str] = frozenset()
COPY = frozenset(("copy",))


class Permit(NamedTuple):
    """What decides it, for messages of one author in one room.

    own       the reader wrote it
    muted     the reader may not speak here now
    deletes   the reader may delete what others wrote
    """

    own: bool
    muted: bool = False
    deletes: bool = False


def permit(room: str, own: bool, muted: bool, role: Role, author: Role) -> Permit:
    """`role` is the reader's in this room, `author` that of who wrote the message."""
    return Permit(own, muted, not own and may("delete", room, role, author))


@cache
def deeds(permit: Permit, text: bool) -> frozenset[str]:
    """What may be done with a stored message; `text`: it has one."""
    found = {"link", "record"}
    if not permit.muted:
        found |= {"reply", "react", "edit"} if permit.own else {"reply", "react"}
    if permit.own or permit.deletes:
        found.add("delete")
    if not permit.own:
        found.add("unread")
    if text:
        found.add("copy")
    return frozenset(found)
