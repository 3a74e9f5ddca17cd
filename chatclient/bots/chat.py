"""A bot while it runs: what it is told, what it handles, and where it goes on. See docs/bots.md.

Guarantees:
B1  An event that was handled to its end is never handled again, over connections and runs; one in whose middle the bot
    died is handled again, and what the bot did for it then is not done twice (`marks`).
B2  Nothing is missed: a bot goes on where it stopped, however long ago that was, as long as the history is the same.
B3  An exception in the handler of a command is logged, and the event counts as handled. One in the body of the loop
    over `events` is the program's own: its event comes again in the next run, and is passed over where it fails there
    too.
B4  What the bot itself does is no event, nor what other bots of this library do: they cannot keep each other busy.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Final, TypeVar

from chatclient.bots.calls import Command, Commands, Handler, Unfit
from chatclient.bots.deeds import Deeds
from chatclient.bots.marks import Handling, begin, by_bot
from chatclient.bots.message import Event, Message, told
from chatclient.bots.progress import Progress
from chatclient.bots.state import Notes, State
from chatclient.catchup import CatchUp
from chatclient.client import Offline
from chatclient.errands import Errands, Ids, Unreachable
from chatclient.events import Arrived, ClientEvent, Connected, Disconnected
from chatclient.identity import Identity
from chatclient.keep import Keep
from shared import protocol as wire
from shared.errors import ParleyError

H = TypeVar("H", bound=Handler)
GRACE: Final = 10.0
"""Seconds that handlers get to end when the bot ends by itself."""
UNTOLD: Final = 500
"""Events that are no business of the bot's, before its place is written down all the same."""
_log = logging.getLogger("chatclient.bots")


class Chat(Deeds):
    """Made by `connect`.

    notes    a mapping that outlives the program: names and JSON values
    """

    notes: Notes

    def __init__(
        self,
        who: Identity,
        *,
        home: Path | None,
        state: Path | None,
        own: bool,
        bots: bool,
        at_once: int,
        sign: str,
        patience: float | None,
    ) -> None:
        self._who = who
        self._home = home
        self._path = state
        self._own = own
        self._bots = bots
        self._patience = patience
        self._commands = Commands(sign)
        self._turns = asyncio.Semaphore(at_once)
        self._arrived: asyncio.Queue[Event] = asyncio.Queue()
        self._others: asyncio.Queue[Event | None] = asyncio.Queue()
        self._handlers: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._over = asyncio.Event()
        self._problem: BaseException | None = None
        self._body: tuple[Event, Progress] | None = None
        self._untold = 0
        self._quiet = False
        self._looped = False
        self._started = False

    # --- life -----------------------------------------------------------------------------------------------

    async def __aenter__(self) -> "Chat":
        keep = Keep(self._home)
        server = self._who.address.server
        name = keep.waiting(server, self._who.user).name
        self._state = State(self._path or keep.folder / "bots" / f"{name}.sqlite3")
        self.notes = self._state.notes
        self._progress = self._state.progress()
        try:
            catchup = CatchUp(self._state.through, self._state.epoch, whole=True)
            self._ids = Ids()
            self._errands = Errands(await self._who.client(keep, self._ids, catchup), self._patience, self._hear)
            try:
                await self._errands.begin()
            except BaseException:
                await self._errands.end()
                raise
        except BaseException:
            self._state.close()
            raise
        self._tasks.append(asyncio.create_task(self._watch(), name="bot's connection"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._taken()
        elif issubclass(kind, Exception):
            self._failed()
        await _cancelled(self._tasks)
        if kind is None and self._handlers:
            await asyncio.wait(self._handlers, timeout=GRACE)
        await _cancelled(self._handlers)
        try:
            await self._errands.end()
            self._state.keep(self._progress)
        finally:
            self._state.close()

    def stop(self) -> None:
        """Let `events` and `run` come to their end."""
        self._finish(None)

    async def run(self) -> None:
        """Handle commands until `stop`; other events are passed over. Raises what `events` raises."""
        self._start()
        await self._over.wait()
        if self._problem is not None:
            raise self._problem

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order, less what is given as a command that the bot has: until `stop`.

        An event is handled when the body of the loop is through with it. For one loop; it must not rest in its body for
        ever. Raises `Refused` where the server refuses a further sign-in, `StateError`.
        """
        self._looped = True
        self._taken()
        self._start()
        while True:
            event = await self._others.get()
            if event is None:
                break
            self._body = event, self._progress
            begin(now := Handling(event.seq, ""))
            yield event
            now.over = True
            self._taken()
        if self._problem is not None:
            raise self._problem

    def command(self, name: str) -> Callable[[H], H]:
        """`@chat.command("remind")` before an `async def` whose first parameter is the message: what it is called with
        are the words behind the name, as its parameters say."""

        def add(handler: H) -> H:
            self._commands.add(name, handler)
            return handler

        return add

    # --- what happens ---------------------------------------------------------------------------------------

    def _hear(self, event: ClientEvent) -> None:
        match event:
            case Arrived(event=arrived):
                self._hear_of(arrived)
            case Connected(welcome=welcome, fresh=fresh):
                if fresh:
                    self._begin(welcome)
                _log.info("%s is signed in at %s.", welcome.user, self._who.address.short)
                self._quiet = False
            case Disconnected(reason=reason):
                _log.log(logging.INFO if self._quiet else logging.WARNING, "%s", reason)
                self._quiet = True

    def _begin(self, welcome: wire.Welcome) -> None:
        """Another history than the one known, or the first: what was said in it until now is passed over."""
        if self._state.epoch:
            _log.warning("This is another history than before. What is in it already is passed over.")
        for queue in (self._arrived, self._others):
            while not queue.empty():
                queue.get_nowait()
        self._progress = Progress(welcome.tip)
        self._guarded(lambda: self._state.begin(welcome.epoch, welcome.tip))

    def _hear_of(self, event: wire.AnyEvent) -> None:
        if not self._progress.came(event.seq):
            return
        if self._wanted(event):
            self._arrived.put_nowait(told(event, self))
        else:
            self._pass_over(event.seq)

    def _wanted(self, event: wire.AnyEvent) -> bool:
        if isinstance(event, wire.Message) and event.deleted:
            return False  # it was taken away before the bot heard of it
        if event.author == self.client.user:
            return self._own
        return self._bots or not by_bot(event.id)

    def _pass_over(self, seq: int) -> None:
        self._progress.handled(seq)
        self._untold += 1
        if self._untold >= UNTOLD:
            self._untold = 0
            self._guarded(lambda: self._state.keep(self._progress))

    # --- handling -------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self._tasks.append(asyncio.create_task(self._dispatch(), name="bot's commands"))

    async def _dispatch(self) -> None:
        while True:
            event = await self._arrived.get()
            called = self._commands.called(event)
            if called is not None:
                assert isinstance(event, Message)
                await self._turns.acquire()
                task = asyncio.create_task(self._handle(event, *called), name=f"handler of {called[0].name}")
                self._handlers.add(task)
                task.add_done_callback(self._handlers.discard)
            elif self._looped:
                self._others.put_nowait(event)
            else:
                self._pass_over(event.seq)

    async def _handle(self, message: Message, command: Command, rest: str) -> None:
        progress = self._progress
        begin(now := Handling(message.seq, command.name))
        try:
            await command.handler(message, *command.arguments(rest))
        except Unfit as unfit:
            await self._tell(message, str(unfit))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if isinstance(error, Offline | Unreachable) or self._errands.ended:
                _log.warning(
                    "The command %s of message %d waits for the next run: %s", command.name, message.seq, error
                )
                return
            _log.exception("The command %s failed for message %d of %s", command.name, message.seq, message.room)
        finally:
            now.over = True
            self._turns.release()
        self._handled(message.seq, progress)

    async def _tell(self, message: Message, text: str) -> None:
        try:
            await message.reply(text)
        except ParleyError as error:
            _log.warning("%s could not be answered: %s", message.user, error)

    def _taken(self) -> None:
        """The body of the loop is through with its event."""
        body, self._body = self._body, None
        if body is not None:
            self._handled(body[0].seq, body[1])

    def _failed(self) -> None:
        """The program ends by an exception, most likely in the body of the loop."""
        event = self._body[0] if self._body is not None else None
        if event is not None and event.seq == self._state.failed:
            _log.error("Event %d of %s could not be handled twice, and is passed over.", event.seq, event.room)
            self._taken()
        elif event is not None:
            self._guarded(lambda: self._state.fail(event.seq))

    def _handled(self, seq: int, progress: Progress) -> None:
        if progress is self._progress:  # else it was of a history that is not served any more
            progress.handled(seq)
            self._untold = 0
            self._guarded(lambda: self._state.keep(progress, seq))

    # --- the end --------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        try:
            await self._errands.over()
        except ParleyError as problem:
            self._finish(problem)

    def _guarded(self, write: Callable[[], None]) -> None:
        """A bot that cannot keep its place must not go on."""
        try:
            write()
        except ParleyError as problem:
            self._finish(problem)

    def _finish(self, problem: BaseException | None) -> None:
        if not self._over.is_set():
            self._problem = problem
            self._over.set()
            self._others.put_nowait(None)


async def _cancelled(tasks: "set[asyncio.Task[None]] | list[asyncio.Task[None]]") -> None:
    """End these, and say what went wrong in them."""
    waiting = list(tasks)
    for task in waiting:
        task.cancel()
    for ended in await asyncio.gather(*waiting, return_exceptions=True):
        if isinstance(ended, Exception):
            _log.error("A part of the bot failed", exc_info=ended)
