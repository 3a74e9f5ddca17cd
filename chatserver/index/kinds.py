"""The number that stands for each type of event in the index."""

from typing import Final

from shared.protocol import (
    Banned,
    Created,
    Deleted,
    Edited,
    Event,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    Reacted,
    RoleSet,
    TopicSet,
    Unbanned,
)

KIND: Final[dict[type[Event], int]] = {
    Message: 0,
    Created: 1,
    Joined: 2,
    Left: 3,
    TopicSet: 4,
    Banned: 5,
    Unbanned: 6,
    Muted: 7,
    RoleSet: 8,
    ProfileSet: 9,
    Edited: 10,
    Deleted: 11,
    Reacted: 12,
}
"""The number of each type of event in an entry's mark. Stored: never change one, only add."""
MESSAGE: Final = KIND[Message]
EDITED: Final = KIND[Edited]
DELETED: Final = KIND[Deleted]
REACTED: Final = KIND[Reacted]
CHANGES: Final = frozenset((EDITED, DELETED, REACTED))
"""Kinds of events that change a message: no entries of a page, they are in what they changed."""
