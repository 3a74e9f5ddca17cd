"""Parley on plain lines: what is said comes as lines, and lines that are read are said. For pipes and dumb terminals.

    [garden] 09:12 bob: Has anybody watered the tomatoes?

Every line of a message bears its room, time and author, so that no text can look like another's message. Messages and
what was asked for go to the standard output, all else to the standard error. The end of what is read ends it, as soon
as all of it stands in the history.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from chatclient import notices
from chatclient.conversation import Conversation
from chatclient.days import clock, local, seconds
from chatclient.events import (
    Arrived,
    ClientEvent,
    Connected,
    Delivered,
    Discarded,
    Disconnected,
    Failed,
    Pending,
)
from chatclient.gist import action, gist
from chatclient.model import Changes, Model
from chatclient.rows import Row
from chatclient.sizes import size
from chatclient.stdin import lines
from chatclient.terminal import commands
from chatclient.terminal.cells import safe
from chatclient.terminal.desk import Desk
from chatclient.terminal.doing import Doing, Entry, Work
from shared.errors import Refused
from shared.lines import lines_of
from shared.protocol import AnyEvent, Deleted, Edited, Message, Reacted

PATIENCE: Final = 15.0
"""Seconds for which what was read may wait for a connection after the end."""
UNDERWAY: Final = 100
"""Messages that are not stored yet, before more is read."""


class Plain:
    """`run` gives the exit code: 0, 1 where something was refused, 3 where something waits for a connection still."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reading: asyncio.Task[None] | None = None
        self._posts: set[str] = set()
        self._changes: set[str] = set()
        self._news = asyncio.Event()
        self._online = True
        self._refused = False
        self._ended = False
        desk.face = self
        desk.model.focus(sys.stdout.isatty())
        self._doing = Doing(desk, self)

    async def run(self) -> int:
        """Until what is read ends, or the client does."""
        if not self._ended:
            self._reading = asyncio.create_task(self._read(), name="parley input")
            await asyncio.wait([self._reading])
            if not self._reading.cancelled():
                self._reading.result()  # what went wrong in there must not pass unseen
        return int(self._refused) if self._ended else await self._finished()

    def end(self) -> None:
        """The client has ended, or the person leaves."""
        self._ended = True
        if self._reading is not None:
            self._reading.cancel()
        self._news.set()

    async def _read(self) -> None:
        try:
            async for line in lines():
                if line.strip():
                    self._enter(line)
                    await self._until(lambda: not self._desk.expecting and len(self._posts) < UNDERWAY)
        except Refused as refused:
            self._refused = True
            self.complain(refused.message)

    def _enter(self, line: str) -> None:
        try:
            change = self._doing.enter(line)
        except Refused as refused:
            self._refused = True
            self.complain(refused.message)
            return
        if change and change not in self._posts:
            self._changes.add(change)

    async def _finished(self) -> int:
        """All was read: wait until it stands in the history."""
        try:
            async with asyncio.timeout(None) as limit:
                while not self._settled:
                    online = self._desk.model.link.state == "online"
                    now = asyncio.get_running_loop().time()
                    limit.reschedule(None if online else limit.when() or now + PATIENCE)
                    await self._until_news()
        except TimeoutError:
            self.complain(
                "There is no connection. What was not sent waits on this device, and goes out with the next start."
            )
            return 3
        return int(self._refused)

    @property
    def _settled(self) -> bool:
        return self._ended or not (self._posts or self._changes or self._desk.asking)

    async def _until(self, so: Callable[[], bool]) -> None:
        while not so() and not self._ended:
            await self._until_news()

    async def _until_news(self) -> None:
        self._news.clear()
        await self._news.wait()

    # --- what happens ---------------------------------------------------------------------------------------

    def heard(self, event: ClientEvent) -> None:
        match event:
            case Pending(id=ident):
                self._posts.add(ident)
                self._changes.discard(ident)
            case Delivered(id=ident):
                self._changes.discard(ident)
            case Failed(id=ident, kind=kind, message=message):
                self._forget(ident)
                self._refused = True
                if kind == "post":
                    self.complain(f"Not sent: {message}")
            case Discarded(id=ident):
                self._forget(ident)
            case Arrived(event=told):
                self._forget(told.id if told.author == self._desk.model.me else "")
                for line in told_lines(told, self._desk):
                    self._print(line)
            case Disconnected(reason=reason):
                if self._online:
                    self.complain(f"No connection: {reason}")
                self._online = False
            case Connected(welcome=welcome):
                self._online = True
                self.say(f"Connected to {welcome.server} as {welcome.user}.")
        self._news.set()

    def _forget(self, ident: str) -> None:
        self._posts.discard(ident)
        self._changes.discard(ident)

    def drawn(self, changes: Changes) -> None:
        self._news.set()

    def opened(self, talk: Conversation, unread: int) -> None:
        about = f": {unread:,} unread" if unread else ""
        self.say(f"You are in {label(talk.name, self._desk.model)}{about}.")

    def goto(self, seq: int) -> None:
        """Plain lines do not scroll."""

    def say(self, sentence: str) -> None:
        print(f"* {safe(sentence)}", file=sys.stderr, flush=True)

    def complain(self, sentence: str) -> None:
        print(f"! {safe(sentence)}", file=sys.stderr, flush=True)

    def _print(self, line: str) -> None:
        if self._ended:
            return
        try:
            print(line, flush=True)
        except BrokenPipeError:
            self.end()  # who read this has gone
        except OSError as error:
            self._refused = True
            self.complain(f"Standard output cannot be written: {error.strerror or error}.")
            self.end()

    # --- what commands need ---------------------------------------------------------------------------------

    def chosen(self) -> Row | None:
        return None

    def begin(self, work: Work, row: Row) -> None:
        raise Refused("bad_request", f"Write the text behind it: {commands.OWN[work].usage}")

    def confirm(self, question: str, do: Callable[[], object]) -> None:
        change = do()
        if isinstance(change, str):
            self._changes.add(change)

    def list(self, title: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._print(safe(f"{entry.text}  ({entry.note})" if entry.note else entry.text))

    def members(self, talk: Conversation) -> None:
        model = self._desk.model
        for name in sorted(talk.roster or {model.me, talk.title}, key=str.casefold):
            self._print(safe(f"{name}  ({model.person(name).state})"))

    def help(self) -> None:
        for usage, what in commands.usages():
            self._print(f"{usage:<32}{what}")

    def mouse(self) -> None:
        raise Refused("bad_request", "There is nothing to click on plain lines.")

    def sent(self) -> None:
        """What was said comes back as a line when it stands in the history."""

    def quit(self) -> None:
        self.end()


def label(room: str, model: Model) -> str:
    """`garden`, or `@bob` for a direct conversation."""
    talk = model.conversations.get(room)
    return f"@{talk.title}" if talk is not None and talk.direct else room


def told_lines(event: AnyEvent, desk: Desk) -> Iterator[str]:
    """The lines for one stored event."""
    at = seconds(event.time)
    before = f"[{label(event.room, desk.model)}] {clock(local(at, desk.tz))} "
    for line in _words(event, at, desk.model):
        yield before + safe(line)


def _words(event: AnyEvent, at: int, model: Model) -> Iterator[str]:
    match event:
        case Message(text=text, user=user) if not event.deleted:
            does = action(text)
            original = _original(event.room, event.reply_to, model)
            if original:
                yield f"{user}: ↳ {original}"
            said = does or text
            for start, end in lines_of(said) if said else ():
                yield f"* {user} {said[start:end]}" if does else f"{user}: {said[start:end]}"
            for file in event.files:
                yield f"{user}: [{file.name} {size(file.size)}]"
        case Message():
            return
        case Edited(text=text, user=user):
            for start, end in lines_of(text):
                yield f"{user} edited: {text[start:end]}"
        case Deleted():
            yield f"{event.author} deleted a message"
        case Reacted(user=user, emoji=emoji, removed=removed):
            original = _original(event.room, event.of, model) or "a message"
            yield f"{user} took {emoji} back from {original}" if removed else f"{user} reacted {emoji} to {original}"
        case _:
            yield notices.sentence([notices.notice(event, at)])


def _original(room: str, seq: int, model: Model) -> str:
    """The start of a message as it is known here, with its author."""
    talk = model.conversations.get(room)
    found = talk.timeline.original(seq) if talk is not None and seq else None
    text = getattr(found[0], "text", "") if found else ""
    return (
        f"{found[0].user}: {gist(action(text) or text, found[1].files, 60)}"
        if found and (text or found[1].files)
        else ""
    )
