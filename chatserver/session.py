"""One connection's conversation with the server: who it is, the command table, the guards, the answers.

A session knows no socket: its front feeds it whole lines and gives it a mailbox. The table in `commands` says for
each command what must hold and what to do; the guards are run here, once, in the same order for all. Commands of one
connection are handled one after another, so that what a client sends in order happens in order.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from chatserver.accounts.guesses import Guesses
from chatserver.accounts.passwords import Passwords
from chatserver.hub import Hub
from chatserver.mailbox import Mailbox
from chatserver.rates import Bucket
from chatserver.settings import Settings
from shared import rules
from shared.errors import Refused
from shared.protocol import (
    AnyCommand,
    Change,
    Command,
    Error,
    Goodbye,
    Hello,
    Ok,
    Post,
    ServerLine,
    SetProfile,
    decode_command,
    decode_commands,
    envelope,
)
from shared.record import timestamp

logger = logging.getLogger(__name__)


class Context:
    """What all sessions of a server share: the hub, the settings, and the buckets by person and by address.

    public      where people reach this server, HOST:PORT, as links say it
    """

    def __init__(
        self, hub: Hub, settings: Settings, commands: "CommandTable", passwords: Passwords, public: str
    ) -> None:
        self.hub = hub
        self.settings = settings
        self.commands = commands
        self.passwords = passwords
        self.public = public
        self._guesses = Guesses()
        self._changes: dict[str, Bucket] = {}
        self._signals: dict[str, Bucket] = {}
        self._fetches: dict[str, Bucket] = {}
        self._searches: dict[str, Bucket] = {}
        self._claims: dict[str, Bucket] = {}

    def take_change(self, user: str) -> None:
        """One change by this person, or `rate_limited`."""
        if self.settings.limits:
            self._bucket(self._changes, user, per_second=20, burst=100).take(time.monotonic())

    def take_signal(self, user: str) -> None:
        """One sign of this person that is told and not stored (a status, typing), or `rate_limited`."""
        if self.settings.limits:
            self._bucket(self._signals, user, per_second=5, burst=25).take(time.monotonic())

    def take_fetch(self, user: str) -> None:
        """One file that this person looks at, or `rate_limited`. A page of pictures fits in."""
        if self.settings.limits:
            self._bucket(self._fetches, user, per_second=50, burst=500).take(time.monotonic())

    def take_search(self, user: str) -> None:
        """One search by this person, or `rate_limited`. Somebody who types gets an answer to each letter."""
        if self.settings.limits:
            self._bucket(self._searches, user, per_second=5, burst=20).take(time.monotonic())

    def take_claim(self, address: str) -> None:
        """One new name from this address, or `rate_limited`. A class behind one router fits in."""
        if self.settings.limits:
            self._bucket(self._claims, address, per_second=0.5, burst=60).take(time.monotonic())

    async def is_password(self, user: str, address: str, kept: str, password: str) -> bool:
        """Whether this is the password with this hash; `rate_limited` after too many wrong ones for either."""
        keys, now = (f"name {user}", f"address {address}"), time.monotonic()
        if self.settings.limits:
            self._guesses.take(*keys, now=now)
        right = await self.passwords.matches(kept, password)
        if right:
            self._guesses.forgive(*keys, at=now)
        return right

    @staticmethod
    def _bucket(buckets: dict[str, Bucket], key: str, per_second: float, burst: float) -> Bucket:
        if len(buckets) > 10_000:  # those are full again that nobody used for long; forgetting them loses nothing
            buckets.clear()
        return buckets.get(key) or buckets.setdefault(key, Bucket(per_second, burst))


class Session:
    """One connection. `user` and `device` (the id of the device's session) are empty until `hello` was answered with
    `welcome`. `hang_up` says goodbye and ends the connection."""

    def __init__(self, context: Context, mailbox: Mailbox, address: str, hang_up: Callable[[Goodbye], None]) -> None:
        self.context = context
        self.hub = context.hub
        self.mailbox = mailbox
        self.address = address
        self.user = ""
        self.device = ""
        self.ended = False
        self.farewells: list[tuple[str, int, int]] = []
        self._hang_up = hang_up
        self._commands = context.commands
        self._tasks: set[asyncio.Task[None]] = set()

    # --- in ---------------------------------------------------------------------------------------------------

    async def take(self, lines: bytes) -> None:
        """Handle whole lines, each with its newline, in order. Every one of them gets its answer."""
        commands = decode_commands(lines)
        if commands is None:
            for line in lines.split(b"\n"):
                if line and not line.isspace():
                    await self._take_line(line)
            return
        for command in commands:
            if self.ended:
                return
            waiting = self._handle(command)
            if waiting is not None:
                await self._finish(command, waiting)
            if type(command) is not Post:  # what answers at once and at length must not pile up in memory
                await self.mailbox.drained()

    async def _take_line(self, line: bytes) -> None:
        if self.ended:
            return
        try:
            command = decode_command(line)
        except Refused as error:
            ref, ident = envelope(line)
            self.answer(_error(error, ref, ident))
            return
        waiting = self._handle(command)
        if waiting is not None:
            await self._finish(command, waiting)
        await self.mailbox.drained()

    async def _finish(self, command: AnyCommand, waiting: Coroutine[Any, Any, None]) -> None:
        try:
            await waiting
        except Refused as error:
            self.refuse(command, error)

    def too_long(self) -> None:
        """A line went over the limit; the front has thrown it away."""
        limit = f"A line may have {rules.LINE_BYTES:,} bytes. This one was longer and was not read."
        self.answer(Error(code="too_large", message=limit))

    def _handle(self, command: AnyCommand) -> Coroutine[Any, Any, None] | None:
        """Do it now, or return what has to be awaited for it: a post need not wait, so it costs no coroutine."""
        try:
            if command.ref is not None and len(command.ref) > rules.REF:
                length = len(command.ref)
                command.ref = None
                raise Refused("too_large", f"The ref has {length:,} characters, the limit is {rules.REF}.")
            if not self.user and type(command) is not Hello:
                raise Refused("not_signed_in", "Say hello first.")
            return self._commands[type(command)](self, command)
        except Refused as error:
            self.refuse(command, error)
            return None

    # --- out --------------------------------------------------------------------------------------------------

    def answer(self, answer: ServerLine) -> None:
        """One line to this connection."""
        self.mailbox.write(answer)

    def refuse(self, command: Command, error: Refused) -> None:
        """The error that answers a command, with its ref and, for a change, its id."""
        ident = command.id if isinstance(command, Change | SetProfile) and len(command.id) <= rules.ID else None
        self.answer(_error(error, command.ref, ident))

    def settle(self, command: Change | SetProfile, outcome: Ok | Refused) -> None:
        """The outcome of a change, once it is durable or refused."""
        if isinstance(outcome, Refused):
            self.refuse(command, outcome)
        else:
            outcome.ref = command.ref
            self.mailbox.write(outcome)

    # --- life -------------------------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """A task that ends with the connection."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a task of %s failed", self.user or self.address, exc_info=error)

    def end(self, farewell: Goodbye) -> None:
        """Nothing that this connection sends is handled any more, and nothing reaches it after this farewell."""
        if not self.ended:
            self.ended = True
            self.hub.detach(self)
            self._hang_up(farewell)
            self.mailbox.close()

    async def close(self) -> None:
        """The connection is gone."""
        if self.user:
            self.hub.accounts.mark_used(self.user, self.device, now=timestamp(time.time_ns()))
        if self.user and not self.ended:
            self.hub.detach(self)
        self.mailbox.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Handler = Callable[[Session, Any], Coroutine[Any, Any, None] | None]
CommandTable = Mapping[type, Handler]


def _error(error: Refused, ref: str | None, ident: str | None) -> Error:
    return Error(ref=ref, id=ident, code=error.code, message=error.message, retry_after=error.retry_after)
