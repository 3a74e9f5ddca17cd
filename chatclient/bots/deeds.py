"""What a bot can do: each deed waits until it stands in the history, over any number of connections, and happens once.

While an event is handled the ids of deeds are made of it (see `marks`), so that a bot that was killed in the middle
does not do again what it did already. A deed of its own accord can be given a key, `once`: the same key, the same deed.
All raise `Refused` with the server's sentence, and `Offline` when the bot ends while they wait.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from chatclient.bots.marks import Handling, handling, mark
from chatclient.bots.message import Enclosed, Event, Message, told
from chatclient.client import ChatClient
from chatclient.days import wire_time
from chatclient.drafts import full_name
from chatclient.errands import Errands, Ids
from chatclient.events import Delivered
from shared import protocol as wire
from shared.errors import Refused
from shared.protocol import File
from shared.rules import PAGE, command_id

_UNKNOWN: Final = "1970-01-01T00:00:00.000000Z"


class Deeds:
    """The half of a Chat that does things."""

    _errands: Errands
    _ids: Ids

    @property
    def client(self) -> ChatClient:
        """The client beneath, for what is not here."""
        return self._errands.client

    @property
    def user(self) -> str:
        """This bot's name."""
        return self.client.user

    # --- messages -------------------------------------------------------------------------------------------

    async def send(
        self, room: str, text: str = "", *, reply_to: int = 0, files: Sequence[Enclosed] = (), once: str = ""
    ) -> Message:
        """Post in a room that one is in, or to a person (`@bob`)."""
        enclosed = [self.attach(file) if isinstance(file, Path) else file for file in files]
        named = [file.file if isinstance(file, File) else file for file in enclosed]
        room = full_name(room, self.user)
        done = await self._do(room, lambda: self.client.send(room, text, reply_to, named), once)
        when = datetime.fromisoformat(done.time)
        return Message(done.seq, when, done.room, self.user, text, reply_to=reply_to, id=done.id, chat=self)

    async def reply(self, message: Message, text: str, *, files: Sequence[Enclosed] = (), once: str = "") -> Message:
        """Answer a message, in its room."""
        return await self.send(message.room, text, reply_to=message.seq, files=files, once=once)

    async def edit(self, message: Message | tuple[str, int], text: str, *, once: str = "") -> None:
        """Another text for a message of one's own. A message may be given as its room and seq, here and below."""
        room, seq = _place(message)
        await self._do(room, lambda: self.client.edit(room, seq, text), once)

    async def delete(self, message: Message | tuple[str, int], *, once: str = "") -> None:
        """Take a message away, for everyone; others' only where one may."""
        room, seq = _place(message)
        await self._do(room, lambda: self.client.delete(room, seq), once)

    async def react(
        self, message: Message | tuple[str, int], emoji: str, *, remove: bool = False, once: str = ""
    ) -> None:
        """Put an emoji under a message, or take one's own away."""
        room, seq = _place(message)
        await self._do(room, lambda: self.client.react(room, seq, emoji, remove), once)

    def typing(self, room: str) -> None:
        """Let others see that an answer is being made; holds for five seconds."""
        self.client.typing(room)

    # --- files ----------------------------------------------------------------------------------------------

    def attach(self, path: Path | None = None, data: bytes | None = None, name: str = "") -> str:
        """Begin to bring a file, or these bytes, to the server; gives what `files` of `send` takes."""
        self._ids.give("")
        return self.client.attach(path, data, name)

    async def fetch(self, file: File | str) -> Path:
        """The bytes of a file that stands in a message: where they lie on this device. To be read soon."""
        name = file.file if isinstance(file, File) else file
        return await self._errands.ask(lambda: self.client.fetch(name))

    # --- rooms ----------------------------------------------------------------------------------------------

    async def create(self, room: str, topic: str = "", *, private: bool = False, once: str = "") -> None:
        """Make a room; one is in it."""
        await self._do(room, lambda: self.client.create(room, topic, private), once)

    async def join(self, room: str, *, create: bool = False, once: str = "") -> None:
        """Be in a public room; with `create` make it where there is none."""
        idents = [self._mark(once), *(self._mark("") for _ in range(2 if create else 0))]
        try:
            await self._do_as(idents[0], room, lambda: self.client.join(room))
        except Refused as refused:
            if refused.code != "no_such_room" or not create:
                raise
            try:
                await self._do_as(idents[1], room, lambda: self.client.create(room))
            except Refused as taken:
                if taken.code != "room_exists":
                    raise
                await self._do_as(idents[2], room, lambda: self.client.join(room))  # somebody made it just now

    async def leave(self, room: str, *, once: str = "") -> None:
        """Be in it no longer."""
        await self._do(room, lambda: self.client.leave(room), once)

    async def invite(self, room: str, user: str, *, once: str = "") -> None:
        """Bring a person into a room that one is in."""
        await self._do(room, lambda: self.client.invite(room, user), once)

    async def rooms(self) -> list[wire.RoomInfo]:
        """The rooms that one may see."""
        return await self._errands.ask(self.client.rooms)

    async def members(self, room: str) -> list[wire.Member]:
        """Who is in a room."""
        return (await self._errands.ask(lambda: self.client.members(room))).members

    # --- looking back ---------------------------------------------------------------------------------------

    async def history(
        self, room: str, *, before: int | None = None, after: int | None = None, limit: int = 50
    ) -> list[Event]:
        """Entries of a room as they stand now, oldest first: the newest, or those next to a seq. At most 200."""
        page = await self._errands.ask(lambda: self.client.history(room, before=before, after=after, limit=limit))
        return [told(event, self) for event in page.messages]

    async def message(self, room: str, seq: int) -> Message | None:
        """The message with this number as it stands now; None where there is none in this room."""
        page = await self._errands.ask(lambda: self.client.around(room, seq, limit=1))
        found = next((event for event in page.messages if event.seq == seq), None)
        event = told(found, self) if found is not None else None
        return event if isinstance(event, Message) else None

    async def search(
        self,
        text: str,
        *,
        room: str | None = None,
        user: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> list[Message]:
        """Messages that hold a text anywhere, newest first."""
        start, end = (wire_time(moment) if moment is not None else None for moment in (since, until))
        found: list[Message] = []
        before: int | None = None

        async def ask() -> wire.Found:
            wanted = min(limit - len(found), PAGE)
            return await self.client.search(
                text, room=room, user=user, since=start, until=end, before=before, limit=wanted
            )

        while len(found) < limit:
            answer = await self._errands.ask(ask)
            events = (told(event, self) for event in answer.messages)
            found += [event for event in events if isinstance(event, Message)]
            before = answer.before
            if not answer.more:
                break
        return found

    # --- once -----------------------------------------------------------------------------------------------

    async def _do(self, room: str, change: Callable[[], str], once: str) -> Delivered:
        return await self._do_as(self._mark(once), room, change)

    async def _do_as(self, ident: str, room: str, change: Callable[[], str]) -> Delivered:
        now = handling()
        self._ids.give(command_id(ident))
        try:
            return await self._errands.done(change())
        except Refused as refused:
            if refused.code != "id_reused" or now is None or not now.gave(ident):
                raise
            return await self._did(room, ident, now)

    def _mark(self, once: str) -> str:
        """The id of the next change."""
        return mark(once)

    async def _did(self, room: str, ident: str, now: Handling) -> Delivered:
        """An earlier run did this step of handling this event, in other words: what it did counts."""
        after = now.seq

        async def ask() -> wire.Page:
            return await self.client.history(room, after=after, limit=PAGE)

        while True:
            page = await self._errands.ask(ask)
            for event in page.messages:
                if event.id == ident and event.author == self.user:
                    return Delivered(ident, event.room, event.seq, event.time)
            if not page.more_after or not page.messages:
                return Delivered(ident, room, 0, _UNKNOWN)
            after = page.messages[-1].seq


def _place(message: Message | tuple[str, int]) -> tuple[str, int]:
    return (message.room, message.seq) if isinstance(message, Message) else message
