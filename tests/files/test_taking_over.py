"""Of several connections that bring one upload, it goes on with the one that came last."""

import asyncio
import contextlib

import pytest

from chatserver.files.upload import Read
from shared.errors import Refused
from shared.protocol import File
from tests.files.test_keeping import Desk, desk, said

__all__ = ["desk"]
DATA = b"x" * 100


def hanging(*pieces: bytes) -> tuple[Read, asyncio.Event]:
    """A connection that says this and then nothing more, and when it has come so far."""
    waiting, silent = list(pieces), asyncio.Event()

    async def read() -> bytes:
        if waiting:
            return waiting.pop(0)
        silent.set()
        return await asyncio.get_running_loop().create_future()

    return read, silent


async def test_the_last_of_three(desk: Desk) -> None:
    read, silent = hanging(DATA[:10])
    first = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 0, None, read))
    await silent.wait()
    # Both come in one step of the loop, so that both wait for the first to end.
    second = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 10, None, hanging()[0]))
    third = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 10, None, said(DATA[10:])))
    async with asyncio.timeout(5):
        assert isinstance(await third, File)
        for other in (first, second):
            with pytest.raises(Refused, match="another connection"):
                await other


async def test_who_begins_it_is_the_first(desk: Desk) -> None:
    """While the disk is asked for room, a second one comes: it is the later of the two."""
    first = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 0, None, hanging()[0]))
    while not desk.files.unfinished:  # noqa: ASYNC110 - there is nothing else to wait for
        await asyncio.sleep(0)
    second = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 0, None, said(DATA)))
    async with asyncio.timeout(5):
        assert isinstance(await second, File)
        with contextlib.suppress(Refused):  # or it is told what the other one made of it
            assert await first == await second


async def test_who_waits_for_what_is_dropped(desk: Desk) -> None:
    read, silent = hanging(DATA[:10])
    first = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 0, None, read))
    await silent.wait()
    second = asyncio.create_task(desk.files.resume("alice", "u", "a.bin", 100, 10, None, hanging()[0]))
    dropping = asyncio.create_task(desk.files.drop("alice", "u"))
    async with asyncio.timeout(5):
        await dropping
        for other in (first, second):
            with pytest.raises(Refused):
                await other
    assert await desk.files.progress("alice", "u") is None
