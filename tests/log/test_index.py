"""The index under odd loads: many rooms, restarts at odd places, a disk without room, a failure."""

import random
import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatserver.index import rooms, service
from chatserver.index import store as store_module
from chatserver.index.store import Store
from chatserver.log.contract import LogError
from chatserver.log.memory import MemoryLog
from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent, Created, Joined, Left, TopicSet
from tests.log.histories import HISTORY, INDEX, forget_index, say, some, store, written

MENTIONS = ["@alice?", "@Bob and @carol", "@room", "@bob, @room!", "mail@bob", "@dave @dave", "@nobody"]


def mixed(count: int, seed: int) -> list[AnyEvent]:
    """Events of every type over forty rooms, a few of them busy."""
    chance = random.Random(seed)
    drafts: list[AnyEvent] = []
    for n in range(count):
        room = f"room{min(chance.randrange(40), chance.randrange(40))}"
        user = chance.choice(["alice", "bob", "carol", "dave"])
        ident = f"{seed}-{n}"
        drafts.append(
            chance.choice(
                [
                    say("x" * chance.randrange(300), ident, room=room, user=user),
                    say(f"text {n}", ident, room=room, user=user),
                    say(chance.choice(MENTIONS), ident, room=room, user=user),
                    Created(room=room, user=user, id=ident),
                    Joined(room=room, user=user, by=chance.choice([None, "erin"]), id=ident),
                    Left(room=room, user=user, id=ident),
                    TopicSet(room=room, user=user, id=ident, topic="Topic"),
                ]
            )
        )
    return drafts


@pytest.mark.slow
async def test_the_index_answers_as_a_log_in_memory_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "FLUSH_AFTER", 700)
    monkeypatch.setattr(rooms, "OPEN_ROOMS", 8)
    monkeypatch.setattr(service, "HAND_OVER", 150)
    model = MemoryLog()
    chance = random.Random(5)
    for round_ in range(4):
        log = TextLog.open(tmp_path)
        if round_ == 2:
            await log.close()
            forget_index(tmp_path)
            log = TextLog.open(tmp_path)
        drafts = mixed(1500, round_)
        for begin in range(0, 1500, 100):
            model.history += (await store(log, *drafts[begin : begin + 100])).stored
        for _ in range(60):
            names = [f"room{chance.randrange(42)}" for _ in range(chance.randrange(1, 9))]
            at, limit = chance.randrange(model.tip + 10), chance.randrange(1, 400)
            way = chance.choice(["before", "after", "around"])
            asked = {way: at, "limit": limit}
            assert await log.index.page(names[0], **asked) == await model.page(names[0], **asked), (names[0], asked)
            also = [(names[0], at, at + 300), (f"room{chance.randrange(42)}", at - 300, at)]
            assert await log.index.events(at, limit, names, also) == await model.events(at, limit, names, also)
            marks = {room: chance.randrange(model.tip) for room in names}
            assert await log.index.unread("bob", marks) == await model.unread("bob", marks)
            assert await log.read(at, limit) == await model.read(at, limit)
        await log.close()


@pytest.fixture
def small_files() -> Iterator[Callable[[int], None]]:
    """`small_files(size)`: no file of this process grows over `size` until the test ends."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size if size else before[0], before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_without_room_for_the_index_costs_no_answer(
    tmp_path: Path, small_files: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(3000))
    await log.index.put_state(1, b"before")
    small_files(1 << 20)
    stored = (await store(log, *some(3000, "b"))).stored
    await log.index.put_state(2, b"large " * 400_000)
    assert "cannot be written now" in caplog.text
    newest = [event for event in stored if event.room == "room1"][-200:]
    assert (await log.index.page("room1", limit=200)).events == newest
    assert len((await store(log, *some(3, "c"))).stored) == 3
    small_files(0)
    await log.index.put_state(3, b"after")
    assert (await log.index.page("room1", before=6001, limit=200)).events == newest
    await log.close()
    there = Store.open(tmp_path / INDEX)
    assert there is not None
    assert (there.place.seq, there.state()) == (6003, (3, b"after"))
    there.close()


async def test_a_full_disk_is_the_real_one(tmp_path: Path, small_files: Callable[[int], None]) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(100))
    size = (tmp_path / HISTORY).stat().st_size
    small_files(size + 100)
    whole = await store(log, *some(100, "b"))
    assert {each.error.code for each in whole.rejected} == {"storage_full"}
    assert len(whole.rejected) == 100
    assert (tmp_path / HISTORY).stat().st_size == size
    small_files(0)
    assert len((await store(log, *some(100, "b"))).stored) == 100
    await log.close()


async def test_a_failing_index_fails_the_questions_and_not_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(10))

    def broken(self: Store, feed: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", broken)
        assert len((await store(log, *some(10, "b"))).stored) == 10
        with pytest.raises(LogError, match="index failed"):
            await log.index.page("room1", limit=5)
    assert len((await store(log, *some(10, "c"))).stored) == 10
    history = (tmp_path / HISTORY).read_bytes()
    await log.close()
    assert "The index failed" in caplog.text
    assert not (tmp_path / INDEX).exists()
    assert (tmp_path / HISTORY).read_bytes() == history
    assert len(await written(tmp_path)) == 30


async def test_a_crash_of_the_index_costs_only_the_reading_of_the_rest(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(500))
    await log.index.put_state(500, b"")
    events = (await store(log, *some(500, "b"))).stored
    saved = tmp_path / "saved"
    saved.mkdir()
    for name in (HISTORY, INDEX, f"{INDEX}-wal"):
        (saved / name).write_bytes((tmp_path / name).read_bytes())  # what a kill would leave
    there = Store.open(saved / INDEX)
    assert there is not None
    assert there.place.seq < 1000
    there.close()
    again = TextLog.open(saved)
    page = await again.index.page("room0", limit=100)
    assert page.events == [event for event in events if event.room == "room0"][-100:]
    await again.close()
    await log.close()
