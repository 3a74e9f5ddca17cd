"""What a failing disk does to a running log. Each test begins with a batch that goes well: its control."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from chatserver.log.contract import LogFailed
from chatserver.log.textfile import TextLog
from chatserver.verify import verify
from tests.log.histories import HISTORY, BrokenDisk, open_broken, outcomes, reopen, say, store


async def well(log: TextLog) -> None:
    """The control: the disk works."""
    assert [event.seq for event in (await store(log, say("well", "w1"), say("well", "w2"))).stored] == [1, 2]


async def refused_for_good(log: TextLog, folder: Path) -> None:
    """Nothing more is published, `follow` says why, and what was published before is there."""
    with pytest.raises(LogFailed):
        await outcomes(log, 1)
    log.submit(say("too late", "x"))
    with pytest.raises(LogFailed):
        await outcomes(log, 1)
    await log.drained()
    assert log.tip == 2
    await log.close()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("room", [0, 1, 150, 1000])
async def test_a_full_disk_refuses_the_batch_and_leaves_no_line_of_it(tmp_path: Path, number: int, room: int) -> None:
    log, disk = open_broken(tmp_path)
    await well(log)
    before = (tmp_path / HISTORY).read_bytes()
    disk.room, disk.full = room, number
    drafts = [say("no room for this", f"f{n}", room=f"new{n % 2}") for n in range(50)]
    whole = await store(log, *drafts)
    assert [(each.draft, each.error.code) for each in whole.rejected] == [(draft, "storage_full") for draft in drafts]
    assert (whole.stored, whole.repeated) == ([], [])
    assert {(draft.seq, draft.prev, draft.time) for draft in drafts} == {(0, 0, "")}
    assert (tmp_path / HISTORY).read_bytes() == before
    assert [event.seq for event in (await log.index.page("general", limit=9)).events] == [1, 2]
    disk.room = None
    again = await store(log, *drafts)
    assert [event.seq for event in again.stored] == list(range(3, 53))
    assert [event.prev for event in again.stored[:4]] == [0, 0, 3, 4]
    await log.close()
    assert verify(tmp_path / HISTORY).events == 52
    assert len(await reopen(tmp_path)) == 52


async def test_a_repeated_draft_of_a_refused_batch_is_refused_too(tmp_path: Path) -> None:
    log, disk = open_broken(tmp_path)
    await well(log)
    disk.room, disk.full = 0, errno.ENOSPC
    whole = await store(log, say("a", "1"), say("a", "1"), say("well", "w1"))
    assert [each.error.code for each in whole.rejected] == ["storage_full", "storage_full"]
    assert [each.event.seq for each in whole.repeated] == [1]
    await log.close()


async def test_short_writes_are_carried_on(tmp_path: Path) -> None:
    log, disk = open_broken(tmp_path)
    await well(log)
    disk.piece = 7
    await store(log, *(say("in many pieces", f"{n}") for n in range(20)))
    assert disk.calls.count("write") > 200
    await log.close()
    assert verify(tmp_path / HISTORY).events == 22


@pytest.mark.parametrize("call", ["sync", "write"])
async def test_an_input_output_error_ends_the_log(tmp_path: Path, call: str) -> None:
    log, disk = open_broken(tmp_path)
    await well(log)
    disk.broken[call] = errno.EIO
    disk.calls.clear()
    log.submit(say("lost?", "x1"))
    await refused_for_good(log, tmp_path)
    assert disk.calls in (["write", "sync"], ["write"])  # a failed sync is not tried again


async def test_a_full_disk_that_cannot_be_cut_back_ends_the_log(tmp_path: Path) -> None:
    log, disk = open_broken(tmp_path)
    await well(log)
    disk.room, disk.full = 10, errno.ENOSPC
    disk.broken["truncate"] = errno.EIO
    log.submit(say("lost?", "x1"))
    await refused_for_good(log, tmp_path)


async def test_a_file_cut_by_somebody_else_ends_the_log(tmp_path: Path) -> None:
    log, _ = open_broken(tmp_path)
    await well(log)
    os.truncate(tmp_path / HISTORY, (tmp_path / HISTORY).stat().st_size - 10)
    log.submit(say("lost?", "x1"))
    await refused_for_good(log, tmp_path)


@pytest.mark.parametrize("how", ["replaced", "removed"])
async def test_a_file_swapped_by_somebody_else_ends_the_log(tmp_path: Path, how: str) -> None:
    log, _ = open_broken(tmp_path)
    await well(log)
    history = tmp_path / HISTORY
    if how == "replaced":
        copy = tmp_path / "copy"
        copy.write_bytes(history.read_bytes())
        copy.replace(history)
    else:
        history.unlink()
    log.submit(say("lost?", "x1"))
    await refused_for_good(log, tmp_path)


async def test_nothing_is_published_before_it_is_synced(tmp_path: Path) -> None:
    log, disk = open_broken(tmp_path)
    await well(log)
    seen: list[int] = []
    loop = asyncio.get_running_loop()
    synced = asyncio.Event()

    def look() -> None:
        seen.append(log.tip)
        loop.call_soon_threadsafe(synced.set)

    disk.before_sync = look
    await store(log, say("three", "3"))
    await synced.wait()
    assert seen == [2]
    assert log.tip == 3
    await log.close()


async def test_half_a_character_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    log, _ = open_broken(tmp_path)
    await well(log)
    whole = await store(log, say("before", "1"), say("half \ud83d", "2"), say("after", "3"))
    assert [event.seq for event in whole.stored] == [3, 4]
    assert [(each.draft.id, each.error.code, each.draft.seq) for each in whole.rejected] == [("2", "bad_request", 0)]
    await log.close()
    assert verify(tmp_path / HISTORY).bad is None


def test_the_disk_of_these_tests_can_fail(tmp_path: Path) -> None:
    path = tmp_path / "file"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    disk = BrokenDisk(path, descriptor, descriptor)
    disk.broken["sync"] = errno.EIO
    with pytest.raises(OSError, match="Input/output"):
        disk.sync()
    disk.close()
