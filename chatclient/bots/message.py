"""What a bot is told of: messages, which can be answered, and the other events of the wire as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from shared import protocol as wire
from shared.mentions import mentioned
from shared.protocol import File

Enclosed = Path | File | str
"""A file to be sent: where it lies, one that stands in a message, or what `attach` gave."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as it was when it was told.

    seq        its number; the later, the larger, over the whole server
    time       when it was said, UTC
    room       its name; a direct conversation is `@alice,bob`
    user       who wrote it
    reply_to   the number of the message that it answers, 0 for none
    id         the id that its author's program gave it
    reactions  who chose each emoji; of messages that are looked up
    deleted    nothing is left of it; of messages that are looked up
    """

    seq: int
    time: datetime
    room: str
    user: str
    text: str
    files: tuple[File, ...] = ()
    reply_to: int = 0
    id: str = ""
    edited: bool = False
    deleted: bool = False
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chat: "Answering" = field(repr=False, compare=False, kw_only=True)

    @property
    def direct(self) -> bool:
        """Whether it was said between two people."""
        return self.room.startswith("@")

    def mentions(self, name: str) -> bool:
        """Whether it speaks to this person by name (`@name`), or to everybody."""
        return mentioned(self.text, name)

    async def reply(self, text: str, *, files: Sequence[Enclosed] = (), once: str = "") -> "Message":
        """Answer it."""
        return await self.chat.reply(self, text, files=files, once=once)

    async def react(self, emoji: str, *, remove: bool = False) -> None:
        """Put an emoji under it, or take it away."""
        await self.chat.react(self, emoji, remove=remove)

    async def edit(self, text: str) -> None:
        """Another text for it, where it is one's own."""
        await self.chat.edit(self, text)

    async def delete(self) -> None:
        """Take it away, for everyone."""
        await self.chat.delete(self)


class Answering(Protocol):
    """What a message asks its chat for."""

    async def reply(
        self, message: Message, text: str, *, files: Sequence[Enclosed] = (), once: str = ""
    ) -> Message: ...

    async def edit(self, message: Message, text: str) -> None: ...

    async def delete(self, message: Message) -> None: ...

    async def react(self, message: Message, emoji: str, *, remove: bool = False) -> None: ...


Event = (
    Message
    | wire.Edited
    | wire.Deleted
    | wire.Reacted
    | wire.Created
    | wire.Joined
    | wire.Left
    | wire.TopicSet
    | wire.Banned
    | wire.Unbanned
    | wire.Muted
    | wire.RoleSet
    | wire.ProfileSet
)
"""What `Chat.events` gives."""


def told(event: wire.AnyEvent, chat: Answering) -> Event:
    """An event of the wire as bots get it."""
    if not isinstance(event, wire.Message):
        return event
    return Message(
        seq=event.seq,
        time=datetime.fromisoformat(event.time),
        room=event.room,
        user=event.user,
        text=event.text,
        files=event.files,
        reply_to=event.reply_to,
        id=event.id,
        edited=bool(event.edited),
        deleted=event.deleted,
        reactions={emoji: tuple(names) for emoji, names in (event.reactions or {}).items()},
        chat=chat,
    )
