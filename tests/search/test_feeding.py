"""The full text beside a running log: made late, in pieces, and made again whatever happens to it."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from chatserver.index import search_base, search_feeder
from chatserver.index.search_base import SearchBase, newest_base
from chatserver.index.search_lines import HistoryFile
from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent, Deleted, Edited
from tests.log.histories import HISTORY, say, store
from tests.processes import ROOT
from tests.search.histories import all_of, fed, small, until, until_fed

__all__ = ["small"]
pytestmark = pytest.mark.usefixtures("small")
ROOMS = ["room0", "room1", "room2"]


def drafts(count: int, prefix: str = "a") -> list[AnyEvent]:
    return [say(f"message number {n} of {prefix}", f"{prefix}{n}", room=ROOMS[n % 3]) for n in range(count)]


async def texts(log: TextLog, needle: str) -> list[str]:
    return [message.text for message in await all_of(log.index, needle, rooms=ROOMS)]


async def test_what_was_fed_is_there_after_a_restart_and_the_rest_too(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(50))
    await until_fed(tmp_path, 43)
    await log.close()
    kept = fed(tmp_path)
    log = TextLog.open(tmp_path)
    await store(log, *drafts(5, "b"))
    assert len(await texts(log, "number")) == 55
    assert await texts(log, "number 49 of") == ["message number 49 of a"]
    assert fed(tmp_path) >= kept
    await log.close()


async def test_edits_and_deletions_of_what_was_fed_hold_before_and_after_they_are_fed(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(50))
    await until_fed(tmp_path, 43)
    changes: list[AnyEvent] = [
        Edited(room="room1", user="alice", id="e", of=2, text="quite another thing"),
        Deleted(room="room2", user="alice", id="d", of=3),
    ]
    await store(log, *changes)

    async def hold() -> None:
        assert await texts(log, "another") == ["quite another thing"]
        assert await texts(log, "number 1 of a") == [], "its old text"
        assert await texts(log, "number 2 of a") == [], "deleted"
        assert await texts(log, "number 0 of a") == ["message number 0 of a"], "the control"

    await hold()
    tip = (await store(log, *drafts(30, "b"))).stored[-1].seq
    await until_fed(tmp_path, tip - 8)
    await hold()
    await log.close()
    log = TextLog.open(tmp_path)
    await hold()
    await log.close()


def names(folder: Path) -> list[str]:
    """The files of the search's bases."""
    return sorted(path.name for path in folder.glob("search*"))


def broken_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 // 4096 * 4096 + 100])


def no_base(path: Path) -> None:
    path.write_bytes(b"this is no base " * 1000)


def scribbled(path: Path) -> None:
    """The head is whole, what is behind it is not."""
    data = path.read_bytes()
    path.write_bytes(data[:8192] + random.Random(1).randbytes(len(data) - 8192))


def of_another_history(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE place SET epoch = 'another'")
    connection.commit()
    connection.close()


def of_other_lines(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE place SET chain = x'0102030405060708'")
    connection.execute("UPDATE message SET text = 'wrong'")
    connection.commit()
    connection.close()


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("fault", [broken_off, no_base, scribbled, of_another_history, of_other_lines, gone])
async def test_a_spoilt_base_is_built_anew_and_answers_are_right_meanwhile(
    tmp_path: Path, fault: Callable[[Path], None]
) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(100))
    await until_fed(tmp_path, 93)
    await log.close()
    without_wal(tmp_path)
    before = fed(tmp_path)
    fault(newest_base(tmp_path))
    log = TextLog.open(tmp_path)
    assert await texts(log, "number 99 of") == ["message number 99 of a"]
    assert len(await texts(log, "number")) == 100
    await store(log, *drafts(20, "b"))
    await until_fed(tmp_path, 113)
    assert await texts(log, "number 7 of a") == ["message number 7 of a"]
    await log.close()
    assert before and fed(tmp_path) >= 113
    assert names(tmp_path) == [newest_base(tmp_path).name], "the old one is gone"
    history = HistoryFile(tmp_path / HISTORY)
    base = SearchBase.open(tmp_path, log.epoch, history, write=False)
    assert base is not None
    base.close()
    history.close()


async def test_a_base_that_is_spoilt_under_a_running_server_is_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(50))
    await until_fed(tmp_path, 43)
    look, create, times, made = SearchBase.look, SearchBase.create, [], 0

    def counted(*arguments: object) -> SearchBase:
        nonlocal made
        made += 1
        return create(*arguments)  # type: ignore[arg-type]  # handed through

    def malformed(*arguments: object) -> object:
        times.append(arguments)
        if len(times) == 1:
            raise sqlite3.DatabaseError("database disk image is malformed")
        return look(*arguments)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(SearchBase, "look", malformed)
    monkeypatch.setattr(SearchBase, "create", counted)
    assert len(await texts(log, "number")) == 50
    assert "malformed" in caplog.text
    await until(lambda: made == 1)
    await until_fed(tmp_path, 43)
    assert len(await texts(log, "number")) == 50
    assert len(times) > 1
    await log.close()


async def test_who_looks_at_the_old_base_takes_nothing_of_the_new_one_away(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(50))
    await until_fed(tmp_path, 43)
    with closing(sqlite3.connect(newest_base(tmp_path))) as foreign:
        assert foreign.execute("SELECT count(*) FROM message").fetchone()[0] > 40
        log.index._search._feeder.spoilt()
        await until(lambda: newest_base(tmp_path).name == "search-2.sqlite3")
        await until_fed(tmp_path, 43)
    assert {"search-2.sqlite3-wal", "search-2.sqlite3-shm"} <= set(names(tmp_path))
    await store(log, *drafts(30, "b"))
    await until_fed(tmp_path, 73)
    assert len(await texts(log, "number")) == 80
    await log.close()


async def test_an_edited_message_is_found_once(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(50))
    await until_fed(tmp_path, 43)
    await store(log, Edited(room="room1", user="alice", id="e", of=2, text="message number 1 of a, corrected"))
    assert len(await texts(log, "number")) == 50
    assert await texts(log, "number 1 of a") == ["message number 1 of a, corrected"]
    await log.close()


async def test_it_stands_still_while_the_server_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = threading.Event()
    busy.set()
    monkeypatch.setattr(search_feeder.Manners, "_busy", lambda self: busy.is_set())
    log = TextLog.open(tmp_path)
    await store(log, *drafts(100))
    assert len(await texts(log, "number")) == 100
    await asyncio.sleep(0.1)
    assert fed(tmp_path) == 0
    busy.clear()
    await until_fed(tmp_path, 93)
    await log.close()


def test_it_rests_as_long_as_it_worked_and_on_while_others_work_or_many_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=100.0, all=7.0, own=1.0, tip=0)
    clock.monotonic = lambda: clock.now
    clock.process_time = lambda: clock.all
    clock.thread_time = lambda: clock.own
    monkeypatch.setattr(search_feeder, "time", clock)
    monkeypatch.setattr(search_feeder, "FAST", 1_000)
    monkeypatch.setattr(search_feeder, "STAND_STILL", 0.2)
    rests: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rests.append(timeout or 0.0)
            clock.now += timeout or 0.0
            clock.all += busy.pop(0) * (timeout or 0.0) if busy else 0.0
            clock.tip += int(posts.pop(0) * (timeout or 0.0)) if posts else 0
            return False

    busy: list[float] = []
    posts: list[int] = []
    manners = search_feeder.Manners(Stop(), lambda: clock.tip)
    clock.now, clock.all, clock.own = clock.now + 1.0, clock.all + 1.0, clock.own + 1.0
    manners.rest()
    assert rests == [1.0], "nobody else worked: as long as it worked itself"
    rests.clear()
    clock.now, clock.all, clock.own = clock.now + 1.0, clock.all + 1.5, clock.own + 0.5
    busy += [0.5, 0.9, 0.8, 0.1]
    manners.rest()
    assert rests == [1.0, *[search_feeder.STAND_STILL] * 3], "and on while the others are busy"
    rests.clear()
    clock.now, clock.all, clock.own = clock.now + 1.0, clock.all + 1.0, clock.own + 1.0
    posts += [3_000, 5_000, 100]
    manners.rest()
    assert rests == [1.0, *[search_feeder.STAND_STILL] * 2], "and while many speak"


async def test_a_full_disk_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(search_feeder, "RETRY_AFTER", 0.01)
    commit, times = SearchBase.commit, []

    def full(*arguments: object) -> None:
        times.append(arguments)
        if 2 <= len(times) <= 4:
            raise sqlite3.OperationalError("database or disk is full")
        commit(*arguments)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(SearchBase, "commit", full)
    log = TextLog.open(tmp_path)
    await store(log, *drafts(60))
    await until_fed(tmp_path, 53)
    assert "cannot be written now" in caplog.text
    assert len(await texts(log, "number")) == 60
    await log.close()


async def test_full_volumes_are_merged_to_one_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_base, "MERGED_PAGES", 1)
    log = TextLog.open(tmp_path)
    await store(log, *drafts(70))
    await until_fed(tmp_path, 63)

    def merged() -> list[tuple[int, int]]:
        with sqlite3.connect(f"file:{newest_base(tmp_path)}?mode=ro", uri=True) as base:
            rows = base.execute("SELECT number, merged FROM volume ORDER BY number").fetchall()
        base.close()
        return rows

    await until(lambda: all(done == 2 for number, done in merged() if number < fed(tmp_path) // search_base.VOLUME))
    assert len(merged()) >= 4
    assert len(await texts(log, "number")) == 70
    await log.close()


_FEEDS = """
import asyncio, sys
from pathlib import Path
from tests.search import histories
from chatserver.log.textfile import TextLog
for module, values in histories.SMALL.items():
    for name, value in values.items():
        setattr(module, name, value)
async def run():
    log = TextLog.open(Path(sys.argv[1]))
    await log.index.caught_up()
    print("open", flush=True)
    await asyncio.sleep(60)
asyncio.run(run())
"""


def feeding(folder: Path) -> subprocess.Popen[str]:
    """A process that has this log open."""
    command = [sys.executable, "-c", _FEEDS, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def without_wal(folder: Path) -> None:
    """What a power cut may leave: the base alone."""
    for path in folder.glob("search*.sqlite3-*"):
        path.unlink()


@pytest.mark.slow
async def test_a_process_that_is_killed_while_it_feeds_leaves_a_base_that_goes_on(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *drafts(3000))
    await log.close()
    chance = random.Random(4)
    between = set()
    for _ in range(4):
        process = feeding(tmp_path)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        start = fed(tmp_path)
        await until(lambda start=start: fed(tmp_path) != start or start > 2980)  # type: ignore[misc]  # bound here
        await asyncio.sleep(chance.random() * 0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        between.add(fed(tmp_path))
        log = TextLog.open(tmp_path)
        assert len(await texts(log, "number")) == 3000
        assert await texts(log, "number 17 of") == ["message number 17 of a"]
        await log.close()
    assert any(0 < seq < 2990 for seq in between), f"it was never killed in between: {between}"
