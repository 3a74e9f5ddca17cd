"""Histories for the tests of the log: drafts, a log filled and closed, and a disk that fails where it is told to."""

import os
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

from chatserver.log.contract import Batch
from chatserver.log.disk import Disk
from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent, Message

HISTORY = "chat_history.txt"
INDEX = "index.sqlite3"


def say(text: str, ident: str, *, room: str = "general", user: str = "alice") -> Message:
    return Message(room=room, user=user, id=ident, text=text)


def some(count: int, prefix: str = "a") -> list[AnyEvent]:
    """So many messages over three rooms and two people."""
    return [
        say(f"text {n}", f"{prefix}{n}", room=f"room{n % 3}", user=("alice", "bob")[n % 2]) for n in range(1, count + 1)
    ]


async def outcomes(log: TextLog, count: int) -> Batch:
    """The next `count` outcomes, in one batch."""
    whole = Batch([], [], [])
    async with aclosing(log.follow(log.tip)) as batches:
        async for batch in batches:
            whole = Batch(*([*old, *new] for old, new in zip(whole, batch, strict=True)))
            if sum(map(len, whole)) >= count:
                break
    return whole


async def store(log: TextLog, *drafts: AnyEvent) -> Batch:
    """Submit and wait for the outcome of each."""
    for draft in drafts:
        log.submit(draft)
    return await outcomes(log, len(drafts))


async def written(folder: Path, *drafts: AnyEvent) -> list[AnyEvent]:
    """Open, store, close; what the whole history holds then."""
    log = TextLog.open(folder)
    if drafts:
        await store(log, *drafts)
    events = await log.read(0, 1_000_000)
    await log.close()
    return events


async def reopen(folder: Path, **wishes: object) -> list[AnyEvent]:
    """What a start replays, the log closed again."""
    events: list[AnyEvent] = []
    log = TextLog.open(folder, replay=events.extend, **wishes)  # type: ignore[arg-type]  # handed through as they are
    await log.close()
    return events


def forget_index(folder: Path) -> None:
    for path in folder.glob(f"{INDEX}*"):
        path.unlink()


class BrokenDisk(Disk):
    """A disk with faults. `room`: bytes it still takes. `broken`: what `sync` or `write` raises, by its name."""

    def __init__(self, path: Path, descriptor: int, key: int) -> None:
        super().__init__(path, descriptor, key)
        self.room: int | None = None
        self.full = 0
        self.broken: dict[str, int] = {}
        self.piece: int | None = None
        self.calls: list[str] = []
        self.before_sync: Callable[[], None] = lambda: None

    def write(self, data: memoryview) -> int:
        self.calls.append("write")
        self._fail("write")
        if self.piece is not None:
            data = data[: self.piece]
        if self.room is not None:
            if not self.room:
                raise OSError(self.full, os.strerror(self.full))
            data = data[: self.room]
            self.room -= len(data)
        return super().write(data)

    def sync(self) -> None:
        self.calls.append("sync")
        self.before_sync()
        self._fail("sync")
        super().sync()

    def truncate(self, size: int) -> None:
        self.calls.append("truncate")
        self._fail("truncate")
        super().truncate(size)

    def _fail(self, call: str) -> None:
        if number := self.broken.get(call):
            raise OSError(number, os.strerror(number))


def open_broken(folder: Path) -> tuple[TextLog, BrokenDisk]:
    """A log on a disk that works until it is told otherwise."""
    disks: list[BrokenDisk] = []

    def make(path: Path, descriptor: int, key: int) -> Disk:
        disks.append(BrokenDisk(path, descriptor, key))
        return disks[0]

    return TextLog.open(folder, disk=make), disks[0]
