"""Logs whose search is fed early and in small pieces, so that little tests meet every seam of it."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chatserver.index import search_base, search_feeder, search_lines, search_tail
from chatserver.log.contract import FoundPage, Reader

SMALL = {
    search_feeder: {"FEED_AT": 8, "BATCH": 20, "SLICE": 4, "LOOK_EVERY": 0.001, "STAND_STILL": 0.0005, "FAST": 10**9},
    search_base: {"VOLUME": 16, "FIRST_LOOK": 3, "LONGEST_LOOK": 6},
    search_tail: {"KEPT": 4, "KEPT_BYTES": 2000},
    search_lines: {"PIECE": 400, "WIDE": 800},
}


@pytest.fixture(scope="module")
def small() -> Iterator[None]:
    """Everything in small pieces, for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        for module, values in SMALL.items():
            for name, value in values.items():
                patch.setattr(module, name, value)
        yield


def fed(folder: Path) -> int:
    """Up to which seq the full text has come."""
    path = search_base.newest_base(folder)
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as base:
        try:
            row = base.execute("SELECT seq FROM place").fetchone()
        except sqlite3.DatabaseError:  # not made yet, or spoilt and not made anew yet
            return 0
    return int(row[0]) if row else 0


async def until(true: Callable[[], bool]) -> None:
    """Wait for what a thread or a process without events of ours does."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110  # there is no event of it
            await asyncio.sleep(0.005)


async def until_fed(folder: Path, seq: int) -> None:
    """Wait until the full text has come so far."""
    await until(lambda: fed(folder) >= seq)


async def pages(reader: Reader, text: str, *, limit: int = 100, **asked: Any) -> list[FoundPage]:
    """All answers to a question, asked on as each says."""
    found = [await reader.search(text, limit=limit, **asked)]
    while found[-1].more:
        before = found[-1].before
        assert before < asked.get("before", before + 1), "every answer must go on"
        asked["before"] = before
        found.append(await reader.search(text, limit=limit, **asked))
    return found


async def all_of(reader: Reader, text: str, **asked: Any) -> list[Any]:
    """Everything that is found."""
    return [message for page in await pages(reader, text, **asked) for message in page.messages]
