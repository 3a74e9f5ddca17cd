"""What stands in the history. A draft has `seq` 0 and no time: the log gives it both, and `prev`."""

from typing import Final

import msgspec

from shared.protocol.base import GivenRole, Line


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A file that somebody sent. `file`: SHA-256 of its bytes, 64 hexadecimal digits; `size` in bytes; `width` and
    `height` in pixels, as it is to be seen, 0 for what is no picture."""

    file: str
    name: str
    mime: str
    size: int
    width: int = 0
    height: int = 0


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
    """`text` may be empty where there are files. The last four are never stored: they stand where a message comes
    folded (`page`, `found`), `deleted` also where a deleted one is told again (`synced`).

    reply_to    seq of the message that it answers, 0 for none
    edited      time of the last edit
    deleted     nothing is left of it but that it was there
    deleted_by  who took it away, where it is deleted
    reactions   `{emoji: [names]}`, in the order in which they came
    """

    text: str
    reply_to: int = 0
    files: tuple[File, ...] = ()
    edited: str = ""
    deleted: bool = False
    deleted_by: str = ""
    reactions: dict[str, list[str]] | None = None


class Edited(Event, tag="edited", kw_only=True):
    """The author put another text in the place of the message `of` (a seq)."""

    of: int
    text: str


class Deleted(Event, tag="deleted", kw_only=True):
    """`user` took the message `of` away, their own or, as a moderator, somebody's."""

    of: int


class Reacted(Event, tag="reacted", kw_only=True):
    of: int
    emoji: str
    removed: bool = False


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
    """How a person wants to be called (empty for the plain name) and their picture (a file's SHA-256; empty for none),
    both as they are from now on. Stands in the lobby."""

    display: str
    picture: str = ""


AnyEvent = (
    Message
    | Created
    | Joined
    | Left
    | TopicSet
    | Banned
    | Unbanned
    | Muted
    | RoleSet
    | ProfileSet
    | Edited
    | Deleted
    | Reacted
)
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
    "edited": Edited,
    "deleted": Deleted,
    "reacted": Reacted,
}
