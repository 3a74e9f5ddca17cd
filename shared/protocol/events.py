"""What stands in the history. A draft has `seq` 0 and no time: the log gives it both, and `prev`."""

from typing import Final

from shared.protocol.base import GivenRole, Line


class Event(Line, tag_field="type", kw_only=True):
    """One stored event. `user` is whom it is about; `by` (where it has one) is who did it to them.

    seq     1, 2, 3 … over the whole server; 0 in a draft
    prev    seq of the room's event before this one, 0 for its first
    time    UTC, microseconds: 2026-11-20T05:44:27.123451Z
    id      the id its author's client gave it, unique for that person
    """

    seq: int = 0
    prev: int = 0
    time: str = ""
    room: str
    user: str
    id: str

    @property
    def author(self) -> str:
        """Who caused it: the person whose `id` this is."""
        return getattr(self, "by", None) or self.user


class Message(Event, tag="message", kw_only=True):
    text: str


class Created(Event, tag="created", kw_only=True):
    topic: str = ""
    private: bool = False


class Joined(Event, tag="joined", kw_only=True):
    by: str | None = None


class Left(Event, tag="left", kw_only=True):
    by: str | None = None


class TopicSet(Event, tag="topic", kw_only=True):
    topic: str


class Banned(Event, tag="banned", kw_only=True):
    """Out of the room, and not let in again."""

    by: str


class Unbanned(Event, tag="unbanned", kw_only=True):
    by: str


class Muted(Event, tag="muted", kw_only=True):
    """May read and not speak for so many minutes from `time` on; 0 lifts it."""

    by: str
    minutes: int


class RoleSet(Event, tag="role", kw_only=True):
    by: str
    role: GivenRole


class ProfileSet(Event, tag="profile", kw_only=True):
    """How a person wants to be called; empty for the plain name. Stands in the lobby."""

    display: str


AnyEvent = Message | Created | Joined | Left | TopicSet | Banned | Unbanned | Muted | RoleSet | ProfileSet
EVENT_TYPES: Final[dict[str, type[AnyEvent]]] = {
    "message": Message,
    "created": Created,
    "joined": Joined,
    "left": Left,
    "topic": TopicSet,
    "banned": Banned,
    "unbanned": Unbanned,
    "muted": Muted,
    "role": RoleSet,
    "profile": ProfileSet,
}
