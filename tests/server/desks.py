"""People at a hub without sockets: real sessions and commands on a log in memory whose looks can be held.

On a real server the moment between a look into the history and what is judged by it is too short to hit; here the log
waits for the test.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chatserver.accounts import Accounts
from chatserver.commands import COMMANDS
from chatserver.hub import Hub
from chatserver.log.memory import MemoryLog
from chatserver.mailbox import Mailbox, Rounds
from chatserver.rooms import Rooms
from chatserver.session import Context, Session
from chatserver.settings import Settings
from shared.protocol import Deleted, File, Goodbye, Message

PATIENCE = 5.0
Line = dict[str, Any]
_count = itertools.count(1)


class SentFiles:
    """Stands for the store of files: who sent what, and which deletions it was told of."""

    def __init__(self) -> None:
        self.sent: dict[tuple[str, str], File] = {}
        self.told: list[tuple[int, int]] = []

    def send(self, user: str, letter: str, **fields: Any) -> str:
        """A file of this person; its hash is the letter, over and over."""
        about = {"name": f"{letter}.txt", "mime": "text/plain", "size": 5} | fields
        file = File(file=letter * 64, **about)
        self.sent[user, file.file] = file
        return file.file

    async def owned(self, user: str, file: str) -> File | None:
        return self.sent.get((user, file))

    def deleted(self, event: Deleted, message: Message) -> None:
        assert event.of == message.seq and message.files and not message.deleted
        self.told.append((event.seq, message.seq))


class HeldLog(MemoryLog):
    """Looks for a message wait while `gate` is closed, and see what is there when they were asked, as in the index."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked = asyncio.Event()

    def hold(self) -> None:
        self.gate.clear()
        self.asked.clear()

    async def message(self, room: str, seq: int) -> Message | None:
        found = await super().message(room, seq)
        self.asked.set()
        await self.gate.wait()
        return found


class _Wire(asyncio.WriteTransport):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.lines += [json.loads(line) for line in bytes(data).splitlines()]


class Desk:
    """One signed-in person. `lines` is all that reached them."""

    def __init__(self, context: Context, user: str) -> None:
        self._wire = _Wire()
        self._mailbox = Mailbox(self._wire, None, Rounds(asyncio.get_running_loop()))
        self.session = Session(context, self._mailbox, "127.0.0.1", self._hang_up)
        self.session.user = user
        context.hub.attach(self.session)

    @property
    def lines(self) -> list[Line]:
        self._mailbox.flush()
        return self._wire.lines

    def _hang_up(self, farewell: Goodbye) -> None:
        raise AssertionError(f"nobody hangs up here: {farewell}")

    async def ask(self, type: str, **fields: Any) -> Line:
        """A command, handled to its end, and its direct answer."""
        ref = f"r{next(_count)}"
        if type not in ("history", "sync", "record", "calendar", "members", "ping"):
            fields = {"id": ref} | fields
        await self.session.take(json.dumps({"type": type, "ref": ref, **fields}).encode() + b"\n")
        async with asyncio.timeout(PATIENCE):
            while True:
                for line in self.lines:
                    if line.get("ref") == ref:
                        return line
                await asyncio.sleep(0)

    def begin(self, type: str, **fields: Any) -> "asyncio.Task[Line]":
        """As `ask`, on its way; let it take its first steps with `moment`."""
        return asyncio.get_running_loop().create_task(self.ask(type, **fields))

    async def ok(self, type: str, **fields: Any) -> int:
        """The seq of a change that must succeed."""
        answer = await self.ask(type, **fields)
        assert answer["type"] == "ok", answer
        return int(answer["seq"])

    def events(self, *types: str) -> list[Line]:
        return [line for line in self.lines if "seq" in line and line["type"] in types]


async def moment() -> None:
    """Let everything go as far as it can."""
    for _ in range(50):
        await asyncio.sleep(0)


class House:
    """`desks` by name; mia made the room garden, and everybody named is in it."""

    def __init__(self, hub: Hub, log: HeldLog, files: SentFiles) -> None:
        self.hub = hub
        self.log = log
        self.files = files
        self.desks: dict[str, Desk] = {}

    def __getitem__(self, name: str) -> Desk:
        return self.desks[name]

    def stored(self, *types: str) -> list[tuple[str, str, int]]:
        """`(type, user, of)` of what stands in the log, of these types."""
        tags = [(event.__struct_config__.tag, event) for event in self.log.history]
        return [(str(tag), event.user, getattr(event, "of", 0)) for tag, event in tags if tag in types]


@asynccontextmanager
async def house(folder: Path, *names: str) -> AsyncIterator[House]:
    """A hub at work with mia and these people."""
    log, accounts, files = HeldLog(), Accounts(folder / "accounts.sqlite3"), SentFiles()
    hub = Hub(log, Rooms(), accounts, files)
    running = asyncio.get_running_loop().create_task(hub.run())
    passwords: Any = None  # nobody signs in here
    context = Context(hub, Settings(limits=False), COMMANDS, passwords, "")
    found = House(hub, log, files)
    for name in ("mia", *names):
        await accounts.claim(name, f"token of {name}", now="2026-11-20T05:44:27.123451Z")
        found.desks[name] = Desk(context, name)
        await found[name].ok("join", room="lobby")
    await found["mia"].ok("create", room="garden")
    for name in names:
        await found[name].ok("join", room="garden")
    yield found
    for desk in found.desks.values():
        await desk.session.close()
    await log.close()
    await running
    await accounts.close()
