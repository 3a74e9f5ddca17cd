"""Who is signed in at a terminal: the client, the model its events are folded into, and what both are asked by itself.

It belongs to the one loop that client and terminal share, and knows no screen: `Face` is what shows it, a full screen
or plain lines. What waits for the server runs as a task of its own; what comes to nothing is one sentence.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, Protocol

from chatclient.address import Address
from chatclient.client import ChatClient, Offline
from chatclient.conversation import Conversation
from chatclient.events import ClientEvent, Connected, Failed, Rejected, UploadFailed
from chatclient.keep import Keep
from chatclient.model import Changes, Model
from chatclient.visits import Visits
from shared.errors import ParleyError, Refused
from shared.protocol import Message, Page

PAGE: Final = 60
FEW: Final = 40
"""With fewer rows than this a conversation that is opened asks for older ones at once."""
NOTHING: Final = Changes(False, False, set(), {})
_SHOWN: Final = frozenset({"post", "edit", "delete", "react"})
"""Changes that fail where they stand: a row or the model says so."""


class Face(Protocol):
    """What shows it. `say` tells what went well, `complain` what did not."""

    def drawn(self, changes: Changes) -> None: ...
    def heard(self, event: ClientEvent) -> None: ...
    def opened(self, talk: Conversation, unread: int) -> None: ...
    def goto(self, seq: int) -> None: ...
    def say(self, sentence: str) -> None: ...
    def complain(self, sentence: str) -> None: ...


class Desk:
    """Made after the first welcome. `run` follows the client until it ends; `close` gives up what is being asked.

    rejected    why the server signed this device out, "" while it did not
    """

    def __init__(self, client: ChatClient, model: Model, keep: Keep, place: Address, tz: tzinfo) -> None:
        self.client = client
        self.model = model
        self.keep = keep
        self.place = place
        self.tz = tz
        self.rejected = ""
        self._face: Face | None = None
        self._visits = Visits(model, self, client.join)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listed: set[str] = set()
        self._described: set[str] = set()
        self._quoting: set[tuple[str, int]] = set()
        self._newer: set[str] = set()
        self._due: asyncio.TimerHandle | None = None

    @property
    def face(self) -> Face:
        assert self._face is not None
        return self._face

    @face.setter
    def face(self, face: Face) -> None:
        self._face = face

    # --- events of the client -------------------------------------------------------------------------------

    async def run(self, events: AsyncIterator[ClientEvent]) -> None:
        """Fold what happens, until the client was closed or signed out."""
        async for event in events:
            self.deliver(event)

    def begin(self, welcome: Connected) -> None:
        """The first welcome: look at the room that the address names, or at the lobby."""
        room, message = self.place.room, self.place.message
        if room:
            self._visits.expect(room, message)
        self.deliver(welcome)
        there = any(state.room == room for state in welcome.welcome.rooms)
        if room and not there and self.place.invite is None:  # an invitation brings us in by itself
            self.go_to(room, message)

    def deliver(self, event: ClientEvent) -> None:
        """Fold one event and show what it changed."""
        changes = self.model.apply(event, time.time())
        match event:
            case Connected():
                self._signed_in(event)
            case Rejected(message=message):
                self.rejected = message
            case Failed() if event.kind not in _SHOWN:
                self._visits.refused(event.room)
                self.face.complain(event.message)
            case UploadFailed(message=message):
                self.face.complain(message)
        self.face.heard(event)
        self.draw(changes)
        self._visits.came()
        if self.model.current is None:
            self._visits.begin()

    def _signed_in(self, event: Connected) -> None:
        self._quoting.clear()
        self._newer.clear()
        self._listed.clear()
        if event.fresh:
            self._described.clear()
        if self.current is not None:
            self._enough(self.current)

    def draw(self, changes: Changes) -> None:
        """Show what changed, tell what was read, and come back when the model has something to do by itself."""
        for room, seq in changes.read.items():
            self.client.read(room, seq)
        for sentence in changes.news:
            self.face.complain(sentence)
        self.face.drawn(changes)
        self._quotes()
        if self._due is not None:
            self._due.cancel()
        delay = max(min(self._midnight(), self.model.due or float("inf")) - time.time(), 0.01)
        self._due = asyncio.get_running_loop().call_later(delay, self._tick)

    def _midnight(self) -> float:
        now = datetime.now(self.tz)
        return datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), self.tz).timestamp() + 1

    def _tick(self) -> None:
        self._due = None
        self.draw(self.model.tick(time.time()))

    async def close(self) -> None:
        """Give up what is being asked, and hang up when all is sent that can be."""
        if self._due is not None:
            self._due.cancel()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.client.close()

    # --- moving about ---------------------------------------------------------------------------------------

    @property
    def current(self) -> Conversation | None:
        """What is looked at."""
        return self._visits.current

    @property
    def visited(self) -> tuple[str, ...]:
        """Titles of conversations, the one that was visited last first."""
        return self._visits.last

    def open(self, room: str) -> None:
        """Look at this conversation, which is in the list."""
        self._visits.open(room)

    def go_to(self, room: str, message: int = 0) -> None:
        """Look at this room, and at this message of it; join it first where that is needed."""
        self._visits.go_to(room, message)

    @property
    def expecting(self) -> bool:
        """Is a room going to be opened as soon as it is there?"""
        return bool(self._visits.expected)

    @property
    def asking(self) -> bool:
        """Is an answer of the server still to come?"""
        return bool(self._tasks)

    def expect(self, room: str) -> None:
        """Open this room as soon as it is there."""
        self._visits.expect(room)

    def message(self, user: str) -> None:
        """Open the direct conversation with this person."""
        self.open(self.model.direct_with(user).name)

    def step(self, step: int, unread: bool = False) -> None:
        """The conversation `step` further in the list, round its ends; of those with unread messages."""
        self._visits.step(step, unread=unread)

    def arrived(self, talk: Conversation, changes: Changes, unread: int) -> None:
        """This conversation is looked at from now on."""
        self.face.opened(talk, unread)
        self.draw(changes)
        self._enough(talk)

    def show(self, room: str, seq: int) -> None:
        """This message of one of my conversations, wherever it stands."""
        if room != self.model.current:
            self.open(room)
        if not self._reached(room, seq):
            self.ask(self._around(room, seq))

    def newest(self) -> None:
        """Back to where the conversation is now."""
        talk = self.current
        if talk is not None and not talk.timeline.attached:
            self.draw(self.model.attach(talk.name))
            self._enough(talk)

    # --- what is asked --------------------------------------------------------------------------------------

    def ask(self, question: Coroutine[Any, Any, None], failed: Callable[[str], None] | None = None) -> None:
        """Have this done beside everything else. `failed` gets the sentence where it comes to nothing."""
        task = asyncio.get_running_loop().create_task(self._asked(question, failed))
        self._tasks.add(task)
        task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.face.drawn(NOTHING)

    async def _asked(self, question: Coroutine[Any, Any, None], failed: Callable[[str], None] | None) -> None:
        try:
            await question
        except Offline as error:
            if failed is not None:
                failed(str(error))  # what is asked by itself is asked again after the next sign-in
        except ParleyError as error:
            (failed or self.face.complain)(str(error))

    @property
    def _online(self) -> bool:
        return self.model.link.state == "online"

    def _enough(self, talk: Conversation) -> None:
        """Have enough of it, and know who is in it."""
        if talk.timeline.count < FEW:
            self.older(talk)
        if not talk.direct and not talk.members and talk.name not in self._described:
            self._described.add(talk.name)
            self.ask(self._describe())
        if not talk.direct and not talk.roster and talk.name not in self._listed and self._online:
            self._listed.add(talk.name)
            self.ask(self._list(talk.name))

    async def _describe(self) -> None:
        self.draw(self.model.rooms_listed(await self.client.rooms()))

    async def _list(self, room: str) -> None:
        self.draw(self.model.members_listed(room, await self.client.members(room)))

    def older(self, talk: Conversation) -> None:
        """The page before what is loaded."""
        begun = talk.last or not talk.direct  # the server does not know of one that nothing was said in
        if begun and not (talk.loading or talk.complete_before) and self._online:
            talk.loading = True
            self.ask(self._older(talk))

    async def _older(self, talk: Conversation) -> None:
        before = talk.timeline.first_seq
        try:
            page = await _patiently(lambda: self.client.history(talk.name, before=before or None, limit=PAGE))
        finally:
            talk.loading = False
        self.draw(self.model.page(talk.name, page, before))

    def newer(self, talk: Conversation) -> None:
        """What comes after a window round some older place."""
        if not talk.timeline.attached and talk.name not in self._newer and self._online:
            self._newer.add(talk.name)
            self.ask(self._page_after(talk))

    async def _page_after(self, talk: Conversation) -> None:
        after = talk.timeline.newest_seq
        try:
            page = await _patiently(lambda: self.client.history(talk.name, after=after, limit=PAGE))
        finally:
            self._newer.discard(talk.name)
        self.draw(self.model.page_after(talk.name, page, after))

    async def _around(self, room: str, seq: int) -> None:
        page = await _patiently(lambda: self.client.around(room, seq, PAGE))
        if self.model.current == room:
            self.draw(self.model.jump(room, page))
            if not self._reached(room, seq):
                self.face.complain("This message is not there any more.")

    def _reached(self, room: str, seq: int) -> bool:
        changes = self.model.reach(room, seq)
        if changes is None:
            return False
        self.draw(changes)
        self.face.goto(seq)
        return True

    def _quotes(self) -> None:
        """The messages that are answered by what is loaded, and are not loaded themselves."""
        if self._online:
            for room, seq in self.model.wants - self._quoting:
                self._quoting.add((room, seq))
                self.ask(self._quote(room, seq))

    async def _quote(self, room: str, seq: int) -> None:
        page = await _patiently(lambda: self.client.around(room, seq, limit=1))
        self._quoting.discard((room, seq))
        found = (event for event in page.messages if isinstance(event, Message) and event.seq == seq)
        self.draw(self.model.quoted(room, seq, next(found, None)))


async def _patiently(question: Callable[[], Awaitable[Page]]) -> Page:
    """Its answer, as soon as the server lets: what is asked by itself must not be asked faster for being refused."""
    while True:
        try:
            return await question()
        except Refused as refused:
            if refused.code != "rate_limited":
                raise
            await asyncio.sleep(refused.retry_after or 1.0)
