"""ChatClient: a connection to a server that mends itself, for windows, terminals and bots. Knows no user interface.

Strategy: `run` is one loop over connections; each begins with hello and welcome, then catches up and sends what the
outbox holds, while lines are read. Everything that happens comes out of `events`, in order.

Promises: a change goes out once, in order, whatever happens to the connection, because it keeps its id until it is
answered. A stored event is told once, in order of seq. Nothing but `run`, `events` and the questions ever waits; when
`run` was cancelled or `close` returns, no task and no socket is left. All methods belong to the loop's thread.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from typing import Final

from chatclient import events as told
from chatclient.catchup import CatchUp
from chatclient.connection import Connection, Lost, Patience
from chatclient.days import wire_time
from chatclient.drafts import check, full_name, kind, short_name, sound
from chatclient.feed import Feed
from chatclient.outbox import Outbox
from chatclient.questions import Offline, Questions
from chatclient.signin import sign_in
from shared import protocol as wire
from shared import rules
from shared.errors import Refused

__all__ = ["ChatClient", "Offline", "Patience", "backoff"]

MARKERS: Final = 0.5
"""Seconds for which read markers are collected: a busy room would send one with every message."""
_log = logging.getLogger(__name__)


def backoff(attempt: int) -> float:
    """Seconds before the next try, after `attempt` in a row failed: 0.5 doubling to 30, less up to a fifth."""
    longest: float = min(0.5 * 2 ** min(attempt - 1, 10), 30.0)
    return longest * random.uniform(0.8, 1.0)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return secrets.token_hex(10)


class ChatClient:
    """One person on one device at one server. Run `run` as a task, and consume `events`.

    token      64 hexadecimal characters (`secrets.token_hex(32)`), one per device and server: keep it
    invite     the code of an invitation, where the server asks for one
    clock      the time with its zone, for `Pending`; `ids` gives the ids of changes; `backoff` as the function above

    A direct conversation is `@bob` or, as events name it, `@alice,bob`.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        token: str,
        *,
        invite: str | None = None,
        clock: Callable[[], datetime] = _now,
        ids: Callable[[], str] = _new_id,
        backoff: Callable[[int], float] = backoff,
        patience: Patience | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.user = user
        self._hello = wire.Hello(protocol=rules.PROTOCOL, user=user, token=token, invite=invite, client="parley")
        self._clock = clock
        self._ids = ids
        self._backoff = backoff
        self._patience = patience or Patience()
        self._feed = Feed()
        self._outbox = Outbox()
        self._catchup = CatchUp()
        self._questions = Questions()
        self._refused: dict[str, wire.Post] = {}
        self._reads: dict[str, int] = {}
        self._connection: Connection | None = None
        self._attempt = 0
        self._hurry = asyncio.Event()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._work: asyncio.Task[None] | None = None
        self._closed = False

    # --- running --------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Stay connected until `close`, or until the server refuses the sign-in. To be called once."""
        try:
            if not self._closed:
                self._work = asyncio.create_task(self._stay_connected(), name=f"parley {self.host}:{self.port}")
                await self._work
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._closed or (task is not None and task.cancelling()):
                raise
        finally:
            self._feed.end()

    def events(self) -> AsyncIterator[told.ClientEvent]:
        """Everything that happens, in order, until `run` ends. For one consumer, which must keep consuming."""
        return self._feed.events()

    async def close(self) -> None:
        """Send what was put on its way, hang up, and end `run` and `events`."""
        self._closed = True
        self._send_markers()
        self._feed.end()
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])

    def retry_now(self) -> None:
        """Do not wait for the next try to connect."""
        self._hurry.set()

    async def _stay_connected(self) -> None:
        while True:
            self._attempt += 1
            self._feed.tell(told.Connecting(self._attempt))
            self._hurry.clear()
            try:
                await self._connect()
            except Refused as refused:
                self._feed.tell(told.Rejected(refused.code, refused.message))
                return
            except Lost as lost:
                delay = max(self._backoff(max(self._attempt, 1)), lost.after)
                self._feed.tell(told.Disconnected(str(lost), delay))
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._hurry.wait()

    async def _connect(self) -> None:
        """One connection from its beginning to its end, which is `Lost`, or `Refused` for the sign-in."""
        connection = await Connection.opened(self.host, self.port, self._patience)
        try:
            async with aclosing(connection.lines()) as lines:
                welcome = await sign_in(connection, lines, self._hello, self._patience.connect)
                self._welcomed(connection, welcome)
                async for line in lines:
                    self._heard(line)
                    await self._feed.taken()
        finally:
            self._parted()
            await connection.close()

    def _welcomed(self, connection: Connection, welcome: wire.Welcome) -> None:
        self._attempt = 0
        self.user = welcome.user
        self._connection = connection
        self._feed.tell(told.Connected(welcome, fresh=self._catchup.welcome(welcome)))
        self._ask_on()
        self._pump()
        self._send_markers()

    def _parted(self) -> None:
        self._connection = None
        self._outbox.disconnected()
        self._questions.abandon()
        while self._timers:
            self._timers.popitem()[1].cancel()

    def _after(self, delay: float, what: Callable[[], None]) -> None:
        """Do this later, once, however often it is asked for until then, and only while this connection lasts."""
        if what.__name__ not in self._timers:
            self._timers[what.__name__] = asyncio.get_running_loop().call_later(delay, self._due, what)

    def _due(self, what: Callable[[], None]) -> None:
        del self._timers[what.__name__]
        what()

    # --- what the server says -------------------------------------------------------------------------------

    def _heard(self, line: wire.ServerLine) -> None:
        match line:
            case wire.Event():
                self._hand_on(self._catchup.live(line))
            case wire.Ok(id=ident, seq=seq, time=time):
                change = self._outbox.answered(ident)
                if change is not None:
                    self._feed.tell(told.Delivered(ident, full_name(change.room, self.user), seq, time))
                self._pump()
            case wire.Error(id=str() as ident) if ident in self._outbox:
                self._turned_down(ident, line)
            case wire.Synced(ref="sync"):
                self._hand_on(self._catchup.synced(line))
                self._ask_on()
            case wire.Error(ref="sync", code="rate_limited", retry_after=after):
                self._after(after or 1.0, self._ask_on)
            case wire.Error(ref="sync", message=message):
                self._catchup.forget()
                raise Lost(message)
            case wire.ReadMark(room=room, seq=seq):
                self._feed.tell(told.ReadUpTo(room, seq))
            case wire.Error(ref="read", message=message):
                _log.debug("A read marker was refused, as one of a room that was left is: %s", message)
            case wire.Answer() if self._questions.answered(line):
                pass
            case wire.Error(code=code, message=message):
                _log.warning("The server complains of nothing that stands open: %s (%s)", message, code)
            case _:
                pass  # a pong, or the answer to a question that was cancelled meanwhile

    def _hand_on(self, events: list[wire.AnyEvent]) -> None:
        for event in events:
            self._feed.tell(told.Arrived(event))

    def _ask_on(self) -> None:
        """Ask for the next page of what was missed, where anything is."""
        if self._connection is not None and self._catchup.asking:
            self._connection.send(wire.Sync(ref="sync", after=self._catchup.seen, limit=rules.SYNC))

    def _turned_down(self, ident: str, error: wire.Error) -> None:
        match error.code:
            case "shutting_down":
                raise Lost(error.message)
            case "rate_limited":
                now = asyncio.get_running_loop().time()
                self._outbox.turned_away(ident, now + (error.retry_after or 1.0))
            case code:
                change = self._outbox.answered(ident)
                if change is not None:
                    self._fail(change, code, error.message)
        self._pump()

    # --- changes --------------------------------------------------------------------------------------------
    # Each is queued, its id is returned at once, and `Delivered` or `Failed` with that id follows. None of them
    # raises: what breaks a rule fails through the same stream, so that its text is not lost.

    def send(self, room: str, text: str) -> str:
        """Post a message. `Pending` tells of it first."""
        post = wire.Post(id=self._ids(), room=short_name(sound(room), self.user), text=sound(text))
        self._feed.tell(told.Pending(post.id, full_name(post.room, self.user), post.text, wire_time(self._clock())))
        return self._change(post)

    def create(self, room: str, topic: str = "", private: bool = False) -> str:
        """Make a room; its maker is in it."""
        return self._change(wire.Create(id=self._ids(), room=sound(room), topic=sound(topic), private=private))

    def join(self, room: str) -> str:
        """Become a member of a public room."""
        return self._change(wire.Join(id=self._ids(), room=sound(room)))

    def leave(self, room: str) -> str:
        """Be a member no longer."""
        return self._change(wire.Leave(id=self._ids(), room=sound(room)))

    def invite(self, room: str, user: str) -> str:
        """Make somebody a member."""
        return self._change(wire.Invite(id=self._ids(), room=sound(room), user=sound(user)))

    def set_topic(self, room: str, topic: str) -> str:
        """Change the line under the room's name."""
        return self._change(wire.SetTopic(id=self._ids(), room=sound(room), topic=sound(topic)))

    def discard(self, ident: str) -> None:
        """Give up a message that failed."""
        post = self._refused.pop(ident, None)
        if post is not None:
            self._feed.tell(told.Discarded(ident, full_name(post.room, self.user)))

    def retry(self, ident: str) -> str:
        """Send a message that failed once more: the same text under a new id, which is returned ("" for none)."""
        post = self._refused.get(ident)
        if post is None:
            return ""
        self.discard(ident)
        return self.send(post.room, post.text)

    def _change(self, change: wire.Change) -> str:
        change.room = short_name(change.room, self.user)
        try:
            check(change)
        except Refused as refused:
            self._fail(change, refused.code, refused.message)
        else:
            self._outbox.add(change)
            self._pump()
        return change.id

    def _fail(self, change: wire.Change, code: str, message: str) -> None:
        if isinstance(change, wire.Post):
            self._refused[change.id] = change
        self._feed.tell(told.Failed(change.id, full_name(change.room, self.user), kind(change), code, message))

    def _pump(self) -> None:
        """Put on its way what may go."""
        if self._connection is None:
            return
        now = asyncio.get_running_loop().time()
        self._connection.send(*self._outbox.take(now))
        held = self._outbox.wait(now)
        if held is not None:
            self._after(held, self._pump)

    # --- read markers ---------------------------------------------------------------------------------------

    def read(self, room: str, seq: int) -> None:
        """This person has read the room up to here. Told to the server soon, or after the next sign-in."""
        self._reads[room] = max(seq, self._reads.get(room, 0))
        if self._connection is not None:
            self._after(MARKERS, self._send_markers)

    def _send_markers(self) -> None:
        if self._connection is not None:
            markers, self._reads = self._reads, {}
            self._connection.send(
                *(wire.Read(ref="read", room=short_name(room, self.user), seq=markers[room]) for room in markers)
            )

    # --- questions ------------------------------------------------------------------------------------------
    # Each is answered, or raises `Refused` (the server's sentence) or `Offline`.

    async def history(
        self,
        room: str,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int = 50,
    ) -> wire.Page:
        """Entries of a room, oldest first: the newest, or those next to a seq. At most 200."""
        question = wire.History(
            room=short_name(room, self.user), before=before, after=after, around=around, limit=limit
        )
        return await self._questions.ask(self._connection, question, wire.Page)

    async def rooms(self) -> list[wire.RoomInfo]:
        """The rooms that this person may see."""
        return (await self._questions.ask(self._connection, wire.Rooms(), wire.RoomList)).rooms

    async def members(self, room: str) -> list[wire.Member]:
        """Who is in a room."""
        question = wire.Members(room=short_name(room, self.user))
        return (await self._questions.ask(self._connection, question, wire.MemberList)).members
