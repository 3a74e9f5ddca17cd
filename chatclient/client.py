"""ChatClient: a connection to a server that mends itself, for windows, terminals and bots. Knows no user interface.

Strategy: `run` is one loop over connections; each begins with hello and welcome, then catches up and sends what the
outbox holds, while lines are read. Everything that happens comes out of `events`, in order. What a client changes
stands in `Changing`, what it asks in `Enquiring`.

Promises: a change goes out once, in order, whatever happens to the connection, because it keeps its id until it is
answered. A stored event is told once, in order of seq. Nothing but `run`, `events` and the questions ever waits; when
`run` was cancelled or `close` returns, no task and no socket is left. All methods belong to the loop's thread.
"""

import asyncio
import logging
import platform
import random
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatclient import events as told
from chatclient import trust
from chatclient.cache import Cache
from chatclient.catchup import CatchUp
from chatclient.changing import Changing
from chatclient.connection import Connection, Lost, Patience
from chatclient.downloads import Downloads
from chatclient.drafts import short_name, sound
from chatclient.enquiring import Enquiring
from chatclient.questions import Offline
from chatclient.signals import REFS
from chatclient.signin import sign_in
from chatclient.spool import Spool
from shared import protocol as wire
from shared import rules
from shared.errors import Refused

if TYPE_CHECKING:  # aiohttp takes its time to be imported: only where a file is sent or asked for
    from chatclient.web import Web

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


def _program() -> str:
    """What this device is called in the list of devices: `Parley on Linux`."""
    system = {"Darwin": "macOS"}.get(platform.system(), platform.system())
    return f"Parley on {system}" if system else "Parley"


def _new_id() -> str:
    return secrets.token_hex(10)


class ChatClient(Changing, Enquiring):
    """One person on one device at one server. Run `run` as a task, and consume `events`.

    token      64 hexadecimal characters (`secrets.token_hex(32)`), one per device and server: keep it
    invite     the code of an invitation, where the server asks for one or where it opens a room
    password   opens a name that this device is new to, or is set by the first sign-in of a new name
    tls        speak TLS, and trust whom this device trusts
    spool      folder for what waits to be sent, so that it outlives the program; None: it ends with the client
    cache      folder for files that were looked at or sent; None: it goes with the client
    clock      the time with its zone, for `Pending`; `ids` gives the ids of changes; `backoff` as the function above
    catchup    where to take up, for a program that keeps its place; else each run begins with what is new

    Invitation and password go with the sign-in until one succeeds, and are forgotten then. A direct conversation is
    `@bob` or, as events name it, `@alice,bob`. `SpoolError` where the spool cannot be used.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        token: str,
        *,
        invite: str | None = None,
        password: str | None = None,
        tls: bool = False,
        spool: Path | None = None,
        cache: Path | None = None,
        clock: Callable[[], datetime] = _now,
        ids: Callable[[], str] = _new_id,
        backoff: Callable[[int], float] = backoff,
        patience: Patience | None = None,
        catchup: CatchUp | None = None,
    ) -> None:
        files = Cache(cache)
        Changing.__init__(self, user, clock, ids, backoff, Spool(spool), files)
        Enquiring.__init__(self, user, Downloads(files, self._uploads, self._reached, backoff))
        self.host = host
        self.port = port
        self._tls = trust.context() if tls else None
        self._token = token
        self._web: Web | None = None
        self._hello = wire.Hello(
            protocol=rules.PROTOCOL,
            user=user,
            token=token,
            password=sound(password) if password is not None else None,
            invite=invite,
            client=_program(),
        )
        self._backoff = backoff
        self._patience = patience or Patience()
        self._catchup = catchup or CatchUp()
        self._attempt = 0
        self._hurry = asyncio.Event()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._work: asyncio.Task[None] | None = None
        self._ending = asyncio.Lock()
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
            await self._put_down()

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
        await self._put_down()

    async def _put_down(self) -> None:
        """Leave the spool to the next client, and no task or socket."""
        async with self._ending:
            await self._uploads.close()
            await self._downloads.close()
            web, self._web = self._web, None
            if web is not None:
                await web.close()
            await self._spool.close()

    def _reached(self) -> "Web":
        """The road for files."""
        if self._web is None:
            from chatclient.web import Web

            self._web = Web(self.host, self.port, self._token, self._tls)
        return self._web

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
                self._feed.tell(told.Disconnected(str(lost), delay, lost.code))
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._hurry.wait()

    async def _connect(self) -> None:
        """One connection from its beginning to its end, which is `Lost`, or `Refused` for the sign-in."""
        connection = await Connection.opened(self.host, self.port, self._patience, self._tls)
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
        self._hello.password = self._hello.invite = None
        self._connection = connection
        self._feed.tell(told.Connected(welcome, fresh=self._catchup.welcome(welcome)))
        self._ask_on()
        self._tell_left()
        self._uploads.online(self._reached, welcome.limits.get("file_bytes"))
        status = self._signals.to_tell(welcome.people.get(self.user))
        if status is not None:
            connection.send(status)
        self._pump()
        self._send_markers()

    def _parted(self) -> None:
        self._connection = None
        self._outbox.disconnected()
        self._uploads.offline()
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
            case wire.Ok(id=str() as ident) if ident:
                self._delivered(line)
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
            case wire.ReadMark(room=room, user=user, seq=seq):
                mine = user == self.user
                self._feed.tell(told.ReadUpTo(room, seq) if mine else told.ReadBy(room, user, seq))
            case wire.TypingNow(room=room, users=users):
                self._feed.tell(told.TypingChanged(room, tuple(users)))
            case wire.Presence(users=people):
                self._signals.shown(people.get(self.user))
                self._feed.tell(told.PresenceChanged(people))
            case wire.Error(ref=str() as ref, message=message) if ref in REFS:
                _log.debug("What was told in passing was refused, as of a room that was left: %s", message)
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
                raise Lost(error.message, code=error.code)
            case "rate_limited":
                now = asyncio.get_running_loop().time()
                self._outbox.turned_away(ident, now + (error.retry_after or 1.0))
            case code:
                change = self._outbox.answered(ident)
                if change is not None:
                    self._fail(change, code, error.message)
        self._pump()

    def _pump(self) -> None:
        """Put on its way what may go."""
        if self._connection is None:
            return
        now = asyncio.get_running_loop().time()
        self._connection.send(*map(self._as_sent, self._outbox.take(now, self._ready)))
        held = self._outbox.wait(now)
        if held is not None:
            self._after(held, self._pump)

    # --- in passing -----------------------------------------------------------------------------------------

    def read(self, room: str, seq: int) -> None:
        """This person has read the room up to here. Told to the server soon, or after the next sign-in."""
        self._signals.read(room, seq)
        if self._connection is not None:
            self._after(MARKERS, self._send_markers)

    def _send_markers(self) -> None:
        if self._connection is not None:
            self._connection.send(*self._signals.take_markers(self.user))

    def typing(self, room: str) -> None:
        """A key was pressed in this room's composer. Told at most each 3 s, and only while there is a connection."""
        if self._connection is not None:
            now = asyncio.get_running_loop().time()
            typing = self._signals.typing(short_name(sound(room), self.user), now)
            if typing is not None:
                self._connection.send(typing)

    def send(self, room: str, text: str, reply_to: int = 0, files: Sequence[str] = ()) -> str:
        self._signals.said(short_name(sound(room), self.user))
        return super().send(room, text, reply_to, files)

    send.__doc__ = Changing.send.__doc__
