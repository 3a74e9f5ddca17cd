"""Builds the server and owns the order of its start and its stop; the only place that names a concrete log.

Start: history (checked, or the index rebuilt), accounts, files, hub, port, HTTP. Stop: the port, who waits at the door,
the sessions with `goodbye`, the uploads, HTTP, the log with all that was submitted, the files, the accounts.
"""

import asyncio
import contextlib
import gc
import logging
import secrets
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from chatserver import tls
from chatserver.accounts import Accounts
from chatserver.accounts.passwords import Passwords
from chatserver.accounts.store import FILE
from chatserver.commands import COMMANDS
from chatserver.commands.devices import end_signed_out
from chatserver.door import HTTP, JSON_LINES, Door, Tongue
from chatserver.files import Files
from chatserver.fronts.connections import Connections
from chatserver.fronts.lines import Lines
from chatserver.hub import Hub
from chatserver.log.contract import LogError
from chatserver.log.textfile import TextLog
from chatserver.mailbox import Rounds
from chatserver.rooms import Rooms
from chatserver.session import Context
from chatserver.settings import Settings
from shared.errors import ParleyError
from shared.protocol import AnyEvent, Goodbye

if TYPE_CHECKING:
    from chatserver.fronts.web import Web

logger = logging.getLogger(__name__)

FLUSH = 2.0
"""Seconds between two writes of the read markers, and two looks at what the operator's commands wrote."""

SNAPSHOT = 20_000
"""Events after which the rooms' snapshot is kept anew: a start replays no more than these."""

TELL = 3.0
"""Seconds between two lines about a long start."""

FAREWELL = Goodbye(code="shutting_down", message="The server is shutting down.")

OWNER_FILE = "owner-invitation.txt"


class WebError(ParleyError):
    """HTTP cannot be served; the sentence says why."""


class App:
    """One running server. `port` is the one it listens on, `events` how many the history holds."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = Path(settings.data)
        self.port = 0
        self.events = 0
        self.owner_code: str | None = None
        self._connections = Connections()
        self._web: Web | None = None
        self._kept = 0

    def _open(self) -> tuple[Accounts, TextLog, Rooms, Files]:
        """Everything on the disk; blocking. A `ParleyError` where it cannot be used."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogError(f"The folder {self.folder} cannot be made: {error.strerror}.") from None
        log, rooms, self._kept = _open_history(self.folder)
        try:
            accounts = Accounts(self.folder / FILE)
            accounts.leave_address(self.settings.reached_at(self.port))
            files = Files(self.folder / "files", log.index, rooms, limit=self.settings.max_file << 20)
        except BaseException:
            asyncio.run(log.close())
            raise
        return accounts, log, rooms, files

    async def run(self, ready: Callable[["App"], None]) -> None:
        """Serve until SIGTERM or Ctrl+C; `ready` is called once people can connect. Raises what ended it otherwise."""
        loop = asyncio.get_running_loop()
        secure = tls.context(self.settings.tls_cert, self.settings.tls_key) if self.settings.tls_cert else None
        door = Door((Tongue(JSON_LINES, self._lines), Tongue(HTTP, self._http)), self.settings.patience, secure)
        self.port = door.listen(self.settings.host, self.settings.port)
        try:
            accounts, log, rooms, files = await loop.run_in_executor(None, self._open)
        except BaseException:
            await door.close()
            raise
        self.owner_code = self._owner_invitation(accounts)
        self.events = log.tip
        hub = Hub(log, rooms, accounts, files, self._kept)
        passwords = Passwords()
        self._context = Context(hub, self.settings, COMMANDS, passwords, self.settings.reached_at(self.port))
        self._rounds = Rounds(loop)
        following = loop.create_task(hub.run())
        keeping = loop.create_task(_keep(hub))
        tidying = loop.create_task(files.keep())
        stop = loop.create_task(_told_to_stop().wait())
        gc.collect()
        gc.freeze()  # what lives now lives as long as the server: the collector need not look at it again
        gc.set_threshold(50_000, 20, 100)  # events and commands are no containers to it, and come in great numbers
        door.open()
        ready(self)
        try:
            self._web = await loop.run_in_executor(None, self._make_web, log, files)
            await self._web.open()
            gc.freeze()  # what came with it lives as long
            door.look_again()
            await asyncio.wait([following, stop], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await door.close()
            await self._connections.end(FAREWELL)
            files.stop()
            if self._web is not None:
                await self._web.close()
            for task in (stop, keeping, tidying):
                task.cancel()
            await asyncio.gather(stop, keeping, tidying, return_exceptions=True)
            if not following.done():
                await hub.keep_rooms()
            await log.close()
            try:
                await following
            finally:
                passwords.close()
                await files.close()
                await accounts.close()

    def _lines(self, plain: socket.socket | None) -> Lines:
        return Lines(self._context, self._rounds, plain, self._connections)

    def _http(self, plain: socket.socket | None) -> asyncio.Protocol | None:
        return self._web.front(plain) if self._web is not None else None

    def _make_web(self, log: TextLog, files: Files) -> "Web":
        """The HTTP side; blocking. To import it takes as long as all the rest of a start, and a client of lines needs
        none of it: so it comes behind the open door, where who speaks HTTP waits for it."""
        try:
            from chatserver.fronts.http.served import Served
            from chatserver.fronts.web import Web
            from chatserver.metrics import Metrics

            metrics = Metrics(self._context.hub, self._connections, files, log.commits, lambda: log.index.through)
            return Web(Served(self._context, files, self._rounds, self._connections, metrics))
        except (ImportError, OSError) as error:
            raise WebError(f"HTTP cannot be served: {error}.") from error

    def _owner_invitation(self, accounts: Accounts) -> str | None:
        """The owner's code, kept beside the history for its operator until it is used."""
        code = accounts.invitation_for_owner(lambda: secrets.token_urlsafe(9))
        path = self.folder / OWNER_FILE
        if code is None:
            path.unlink(missing_ok=True)
        else:
            path.touch(mode=0o600)
            path.write_text(code + "\n", "utf-8")
        return code


def _open_history(folder: Path) -> tuple[TextLog, Rooms, int]:
    """The log, and the rooms as its events made them: from the snapshot on where there is one, and how far it went."""
    rooms = Rooms()
    replayed = 0

    def restore(snapshot: bytes) -> bool:
        nonlocal rooms
        try:
            rooms = Rooms.load(snapshot)
        except msgspec.DecodeError:
            return False
        return True

    def replay(events: list[AnyEvent]) -> None:
        nonlocal replayed
        replayed += len(events)
        place = 0
        while (place := rooms.apply_words(events, place)) < len(events):
            rooms.apply(events[place])
            place += 1

    log = TextLog.open(folder, restore=restore, replay=replay, progress=_progress())
    return log, rooms, log.tip - replayed


def _progress() -> Callable[[int, int], None]:
    """Says how far a long reading of the history is, every few seconds."""
    told = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > TELL:
            told = time.monotonic()
            logger.info("reading the history: %d of %d MB", done >> 20, total >> 20)

    return progress


async def _keep(hub: Hub) -> None:
    """What need not be on the disk at once, and should not be lost whole; and what the operator's commands wrote."""
    while True:
        await asyncio.sleep(FLUSH)
        await hub.accounts.flush()
        if await hub.accounts.refresh():
            end_signed_out(hub)
        await hub.keep_rooms(unless_newer=SNAPSHOT)


def _told_to_stop() -> asyncio.Event:
    """Set by the first SIGTERM or Ctrl+C from now on. The next ones are ignored, to the end of the process: a handler
    of the loop's would go with the loop, and a signal after that would cut the ending short."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)

    def tell(*_: object) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        with contextlib.suppress(RuntimeError):  # the loop is closed: it ended by itself
            loop.call_soon_threadsafe(told.set)

    for number in numbers:
        signal.signal(number, tell)
    return told
