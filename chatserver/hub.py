"""The middle of the server: follows the log, applies each event to the rooms, answers who waits, and fans out.

Everything that is delivered comes out of `log.follow` and nothing else, so that nobody, the author included, sees an
event before it stands in the file. State of the rooms changes in one place, `_apply`, in the order of seq.

Guarantees, numbered for the tests:

 H1. Every change that a session hands over gets exactly one answer, `ok` or `error`, after its outcome is durable.
 H2. A change that alters a room waits for the one before it in that room, so that what was allowed still is when it
     is stored.
 H3. Who is left behind is caught up from the history and takes its place again, without a hole or a repetition.
 H4. Changes of one message wait for one another, in the order in which they came; nothing else waits for them.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Hashable, Sequence
from operator import countOf
from typing import Any, Protocol
from weakref import WeakValueDictionary

from chatserver.accounts import Accounts
from chatserver.circles import Circles
from chatserver.fanout import Fanout
from chatserver.log.contract import Batch, Log, Span
from chatserver.log.repeats import same_contents
from chatserver.mailbox import Mailbox
from chatserver.presence import Presence
from chatserver.rooms import Moved, Rooms
from chatserver.signals import Signals
from chatserver.slices import Slices
from chatserver.writing import Writing
from shared import rules
from shared.errors import Refused
from shared.protocol import AnyEvent, Deleted, File, Goodbye, Message, Ok
from shared.record import timestamp

logger = logging.getLogger(__name__)

CATCH_UP = 1_000
"""Events per look into the history for one connection that was left behind."""

Outcome = Callable[[Ok | Refused], None]


class Listener(Protocol):
    """A signed-in connection, as the hub sees it."""

    user: str
    device: str
    mailbox: Mailbox
    farewells: list[tuple[str, int, int]]

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a task that ends with the connection."""
        ...

    def end(self, farewell: Goodbye) -> None:
        """Say goodbye and hang up."""
        ...


class FileStore(Protocol):
    """The files that people sent, as the commands need them."""

    async def owned(self, user: str, file: str) -> File | None:
        """The file with this hash, where this person sent it and may still post it."""
        ...

    def deleted(self, event: Deleted, message: Message) -> None:
        """A message with files was deleted: what nothing refers to any more may go. `message` is as it was before."""
        ...


class Hub:
    """Rooms, connections by person, and the way from a draft to everybody's mailbox.

    kept    up to where the index has a snapshot of the rooms
    posts   messages that were stored since the start
    """

    def __init__(self, log: Log, rooms: Rooms, accounts: Accounts, files: FileStore, kept: int = 0) -> None:
        self._loop = asyncio.get_running_loop()
        self._log = log
        self.history = log.index
        self.rooms = rooms
        self.accounts = accounts
        self.files = files
        self.fanout = Fanout(self._loop, log.tip)
        self._people: dict[str, dict[Listener, None]] = {}
        self._waiting: dict[int, Outcome] = {}  # by the identity of the draft, which the log hands back
        self._changing: dict[str, asyncio.Event] = {}
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self.posts = 0
        self._kept = kept
        circles, slices = Circles(rooms), Slices(self._loop)
        self.presence = Presence(self._people, accounts.preferences, rooms, accounts.seen)
        self.signals = Signals(self._loop, slices, circles, self.presence, accounts, self._people)
        self.writing = Writing(self._loop, slices, circles, self.presence, self._people)

    @property
    def epoch(self) -> str:
        """Which history this is."""
        return self._log.epoch

    @property
    def tip(self) -> int:
        """The newest seq that was applied and published."""
        return self.fanout.tip

    async def run(self) -> None:
        """Follow the log until it is closed; raises `LogFailed` where the disk failed."""
        async for batch in self._log.follow(self.tip):
            self._take(batch)

    def _take(self, batch: Batch) -> None:
        self._apply(batch.stored)
        self.posts += countOf(map(type, batch.stored), Message)
        for draft, event in batch.repeated:
            self._settle(draft, Ok(id=event.id, seq=event.seq, time=event.time))
        for draft, error in batch.rejected:
            self._settle(draft, error)

    def _apply(self, events: Sequence[AnyEvent]) -> None:
        """Runs of messages are published as one piece; what alters a room stands alone, after those who enter are in
        and before those who leave are out."""
        place = 0
        while place < len(events):
            end = self.rooms.apply_words(events, place)
            if end > place:
                self._publish(events[place:end] if end - place < len(events) else events)
            if end < len(events):
                moves = self.rooms.apply(events[end])
                self._move(events[end], [move for move in moves if move.inside])
                self._publish(events[end : end + 1])
                self._move(events[end], [move for move in moves if not move.inside])
            place = end + 1

    def _publish(self, events: Sequence[AnyEvent]) -> None:
        take = self._waiting.pop
        for event in events:
            if outcome := take(id(event), None):
                outcome(Ok(id=event.id, seq=event.seq, time=event.time))
        if self.presence.anybody_types:
            self.writing.posted(events)
        self.fanout.publish(events)

    def _move(self, event: AnyEvent, moves: list[Moved]) -> None:
        for move in moves:
            rooms = frozenset(self.rooms.of(move.user))
            for listener in self._people.get(move.user, ()):
                mailbox = listener.mailbox
                if mailbox.missed is None:
                    self.fanout.place(mailbox, rooms)
                if mailbox.missed is not None and not move.inside:  # also who is left behind by what it was owed there
                    listener.farewells.append((move.room, max(mailbox.missed, move.since), event.seq))
            if move.inside:
                self.signals.entered(move.user, move.room)
            else:
                self.signals.left(move.room)
                self.writing.left(move.user, move.room)

    def _settle(self, draft: AnyEvent, answer: Ok | Refused) -> None:
        outcome = self._waiting.pop(id(draft), None)
        if outcome is not None:
            outcome(answer)

    # --- changes ----------------------------------------------------------------------------------------------

    def submit(self, draft: AnyEvent, outcome: Outcome) -> None:
        """Hand a draft to the log; `outcome` is called once, when it is durable or refused."""
        self._waiting[id(draft)] = outcome
        self._log.submit(draft)

    async def store(self, draft: AnyEvent) -> Ok:
        """As `submit`, and wait for it; raises what it was refused with."""
        answer: asyncio.Future[Ok] = self._loop.create_future()

        def settle(outcome: Ok | Refused) -> None:
            if answer.done():
                return
            if isinstance(outcome, Ok):
                answer.set_result(outcome)
            else:
                answer.set_exception(outcome)

        self.submit(draft, settle)
        return await answer

    async def settled(self, room: str) -> None:
        """Wait until no change to this room is on its way."""
        while change := self._changing.get(rules.name_key(room)):
            await change.wait()

    def is_changing(self, room: str) -> bool:
        """True while a change to this room is on its way."""
        return bool(self._changing) and rules.name_key(room) in self._changing

    async def store_change(self, draft: AnyEvent) -> Ok:
        """Store what alters a room: until it is done, others wait in `settled`."""
        key = rules.name_key(draft.room)
        done = self._changing[key] = asyncio.Event()
        try:
            return await self.store(draft)
        finally:
            del self._changing[key]
            done.set()

    def turn(self, about: Hashable) -> asyncio.Lock:
        """`async with` it: alone with a message, or with whatever else is to change by one change after the other."""
        turn = self._turns.get(about)
        if turn is None:
            turn = self._turns[about] = asyncio.Lock()
        return turn

    async def recall(self, draft: AnyEvent) -> Ok | None:
        """The `ok` of an earlier draft with this author and id; `id_reused` where that was something else."""
        event = await self.history.find(draft.author, draft.id)
        if event is None:
            return None
        if not same_contents(draft, event):
            raise Refused("id_reused", f"The id {draft.id} was used for something else. Take a new one.")
        return Ok(id=event.id, seq=event.seq, time=event.time)

    async def events_of(self, user: str, after: int, limit: int, also: Sequence[tuple[str, int, int]] = ()) -> Span:
        """What the history holds of this person's rooms after a seq, and `also`: only what is published, the rest still
        comes live. Where their rooms changed during the look, it ends before that, as the look was for the old ones."""
        rooms, tip = self.rooms.of(user), self.tip
        events, more, through = await self.history.events(after, limit, rooms, also)
        end = self.tip if self.rooms.of(user) == rooms else tip
        if through > end:
            return Span([event for event in events if event.seq <= end], more, end)
        return Span(events, more, through)

    async def keep_rooms(self, unless_newer: int = 0) -> None:
        """Keep a snapshot of the rooms for the next start, where so many events came since the last one."""
        if self.tip - self._kept > unless_newer:
            self._kept = self.tip
            await self.history.put_state(self.tip, self.rooms.dump())

    async def drained(self) -> None:
        """Wait while the log has too much to write."""
        await self._log.drained()

    # --- connections ------------------------------------------------------------------------------------------

    def attach(self, listener: Listener) -> None:
        """From this step of the loop on the connection gets every event after `tip` of its person's rooms."""
        came = listener.user not in self._people
        self._people.setdefault(listener.user, {})[listener] = None
        listener.mailbox.on_behind = lambda: self._left_behind(listener)
        self.fanout.place(listener.mailbox, frozenset(self.rooms.of(listener.user)))
        if came:
            self._came_or_went(listener)

    def detach(self, listener: Listener) -> None:
        """The connection is gone."""
        self.fanout.remove(listener.mailbox)
        connections = self._people.get(listener.user)
        if connections is not None:
            connections.pop(listener, None)
            if not connections:
                del self._people[listener.user]
                self.writing.gone(listener.user)
                self._came_or_went(listener)
        self.signals.gone(listener)

    def _came_or_went(self, listener: Listener) -> None:
        now = timestamp(time.time_ns())
        self.accounts.mark_seen(listener.user, now)
        self.presence.begins(listener.user, now)
        self.signals.changed(listener.user, but=listener)

    def connections(self, user: str | None = None) -> list[Listener]:
        """The signed-in connections of one person, or of all."""
        if user is not None:
            return list(self._people.get(user, ()))
        return [listener for listeners in self._people.values() for listener in listeners]

    def _left_behind(self, listener: Listener) -> None:
        logger.debug("%s does not read and is left behind at %s", listener.user, listener.mailbox.missed)
        # In the middle of a visit the ring must not change: take it out in the next turn of the loop.
        self._loop.call_soon(self.fanout.remove, listener.mailbox)
        listener.mailbox.when_drained(lambda: listener.spawn(self._catch_up(listener)))

    async def _catch_up(self, listener: Listener) -> None:
        mailbox = listener.mailbox
        assert mailbox.missed is not None
        after = mailbox.missed - 1
        while True:
            events, _, after = await self.events_of(listener.user, after, CATCH_UP, listener.farewells)
            for event in events:
                mailbox.write(event)
            if after >= self.tip:
                break
            await mailbox.drained()
        # No await since the last look: nothing can have been published in between.
        mailbox.missed = None
        listener.farewells.clear()
        if listener in self._people.get(listener.user, ()):
            self.fanout.place(mailbox, frozenset(self.rooms.of(listener.user)))
