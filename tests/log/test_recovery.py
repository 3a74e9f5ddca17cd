"""Opening a history after everything that can have happened to it."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from chatserver.log.contract import LogError
from chatserver.log.textfile import TextLog
from chatserver.verify import verify
from shared.protocol import AnyEvent
from tests.log.histories import HISTORY, INDEX, forget_index, reopen, say, some, store, written


def bytes_of(folder: Path) -> bytes:
    return (folder / HISTORY).read_bytes()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the index."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(INDEX)}


def forget_all_but_the_history(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name != HISTORY:
            path.unlink()


def open_elsewhere(folder: Path) -> str:
    """What another process says that opens the history."""
    code = (
        "import sys; from pathlib import Path; from chatserver.log.textfile import TextLog; "
        "TextLog.open(Path(sys.argv[1]))"
    )
    return subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True).stderr


def refused(folder: Path, *words: str) -> None:
    """The start is refused in one sentence with these words, and the history is not touched."""
    before = contents(folder)
    with pytest.raises(LogError) as caught:
        TextLog.open(folder)
    for word in words:
        assert word in str(caught.value)
    assert contents(folder) == before


async def test_a_new_folder_gets_a_history_with_an_epoch(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path / "deep" / "down")
    epoch = log.epoch
    assert (log.tip, len(epoch)) == (0, 16)
    await log.close()
    log = TextLog.open(tmp_path / "deep" / "down")
    assert (log.tip, log.epoch) == (0, epoch)
    await log.close()
    assert f"epoch={epoch}" in (tmp_path / "deep" / "down" / HISTORY).read_text().splitlines()[0]


async def test_an_empty_file_becomes_a_history(tmp_path: Path) -> None:
    (tmp_path / HISTORY).touch()
    assert [event.seq for event in await written(tmp_path, *some(3))] == [1, 2, 3]


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = await written(tmp_path, *some(40))
    assert await reopen(tmp_path) == first
    both = await written(tmp_path, *some(40, "b"))
    assert both[:40] == first
    assert [event.seq for event in both] == list(range(1, 81))
    assert [event.prev for event in both[:5]] == [0, 0, 0, 1, 2]
    assert all(event.prev == event.seq - (3 if event.seq not in (41, 42, 43) else 0) for event in both[43:])


async def test_deleting_everything_but_the_history_loses_nothing(tmp_path: Path) -> None:
    events = await written(tmp_path, *some(700))
    log = TextLog.open(tmp_path)
    page = await log.index.page("room1", around=300, limit=50)
    unread = await log.index.unread("alice", {"room0": 0, "room1": 333})
    await log.close()
    forget_all_but_the_history(tmp_path)
    assert await reopen(tmp_path) == events
    log = TextLog.open(tmp_path)
    assert await log.index.page("room1", around=300, limit=50) == page
    assert await log.index.unread("alice", {"room0": 0, "room1": 333}) == unread
    assert (await store(log, say("text 5", "a5", room="room2", user="bob"))).repeated[0].event == events[4]
    await log.close()


@pytest.mark.parametrize("with_index", [True, False])
async def test_a_torn_tail_of_every_length_is_put_aside_and_cut(
    tmp_path: Path, with_index: bool, caplog: pytest.LogCaptureFixture
) -> None:
    whole = tmp_path / "whole"
    events = await written(whole, *some(5))
    saved = tmp_path / "saved"
    shutil.copytree(whole, saved)  # its watermark is at event 5
    await written(whole, say("é 😀", "last"))
    data, last = bytes_of(whole), len(bytes_of(saved))
    for cut in range(last, len(data) + 1):
        folder = tmp_path / f"cut{cut}"
        shutil.copytree(saved, folder)
        (folder / HISTORY).write_bytes(data[:cut])
        if not with_index:
            forget_index(folder)
        caplog.clear()
        found = await reopen(folder)
        torn = folder / f"chat_history.torn-{last}"
        if cut in (last, len(data)):
            assert len(found) == (5 if cut == last else 6)
            assert not torn.exists()
            continue
        assert found == events
        assert torn.read_bytes() == data[last:cut]
        assert bytes_of(folder) == data[:last]
        assert [record.levelno for record in caplog.records if "cut short" in record.message] == [logging.WARNING]
        shutil.rmtree(folder)


async def test_after_a_torn_tail_the_history_goes_on(tmp_path: Path) -> None:
    await written(tmp_path, *some(5))
    with (tmp_path / HISTORY).open("ab") as file:
        file.write(b"6\t2026-11-20T05:44")
    await written(tmp_path, say("six", "s6"))
    assert (verify(tmp_path / HISTORY).events, verify(tmp_path / HISTORY).bad) == (6, None)


async def test_whole_lines_after_the_watermark_stay(tmp_path: Path) -> None:
    await written(tmp_path, *some(5))
    shutil.copytree(tmp_path, tmp_path / "old")
    events = await written(tmp_path, *some(5, "b"))
    (tmp_path / "old" / HISTORY).write_bytes(bytes_of(tmp_path))
    assert await reopen(tmp_path / "old") == events


def changed(data: bytes, line: int, old: bytes, new: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return b"".join(lines)


@pytest.mark.parametrize("with_index", [True, False])
@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        (1, b"epoch=", b"epoch=f"),
        (2, b"text 1", b"text !"),
        (13, b"text 12\t", b"text 12 \t"),
        (13, b"\t~", b" ~"),
        (13, b"12\t", b"13\t"),
        (13, b"\n", b""),
        (13, b"text 12", b"text \xff"),
        (13, b"text 12", b"text \0\0"),
        (20, b"text 19", b"text 91"),
    ],
)
async def test_damage_in_the_middle_is_named_and_nothing_is_changed(
    tmp_path: Path, line: int, old: bytes, new: bytes, with_index: bool
) -> None:
    await written(tmp_path, *some(20))
    assert len(await reopen(tmp_path)) == 20  # the control
    (tmp_path / HISTORY).write_bytes(changed(bytes_of(tmp_path), line, old, new))
    if not with_index:
        forget_index(tmp_path)
    refused(tmp_path, f"Line {line} ", "chatserver verify", "backup")


async def test_what_the_index_vouches_for_is_not_read_again_until_it_is_asked_for(tmp_path: Path) -> None:
    events = await written(tmp_path, *some(20))
    before = (tmp_path / HISTORY).stat()
    (tmp_path / HISTORY).write_bytes(changed(bytes_of(tmp_path), 11, b"\t", b"?"))
    os.utime(tmp_path / HISTORY, ns=(before.st_atime_ns, before.st_mtime_ns))  # as rot on the disk would
    log = TextLog.open(tmp_path, replay_after=20)
    assert await log.read(15, 9) == events[15:]
    with pytest.raises(LogError, match=r"Line 11 .* was changed"):
        await log.index.page("room1", limit=20)
    await log.close()


async def test_a_history_edited_while_no_server_ran_is_read_from_its_first_line(tmp_path: Path) -> None:
    await written(tmp_path, *some(20))
    good = bytes_of(tmp_path)
    (tmp_path / HISTORY).write_bytes(changed(good, 11, b"\t", b"?"))
    refused(tmp_path, "Line 11 ", "damaged", "verify")
    (tmp_path / HISTORY).write_bytes(good)  # mended, and written anew: every line is read, and found good
    assert len(await written(tmp_path)) == 20


@pytest.mark.parametrize("cut", [1, 10, 200, 800])
async def test_a_history_shorter_than_the_watermark_is_refused(tmp_path: Path, cut: int) -> None:
    await written(tmp_path, *some(20))
    (tmp_path / HISTORY).write_bytes(bytes_of(tmp_path)[:-cut])
    first_missing = bytes_of(tmp_path).count(b"\n") + 1
    refused(tmp_path, f"from line {first_missing} ", "missing", "backup")


async def test_a_history_that_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    await written(tmp_path, *some(20))
    (tmp_path / HISTORY).unlink()
    refused(tmp_path, "20 events", "backup")
    forget_index(tmp_path)
    assert await written(tmp_path) == []


async def test_something_that_is_no_history_is_refused(tmp_path: Path) -> None:
    (tmp_path / HISTORY).write_text("alice|2024-01-01|10:00 AM|hello\n")
    refused(tmp_path, "Line 1 ")


async def test_a_bad_line_after_the_watermark_that_lines_follow_is_damage(tmp_path: Path) -> None:
    await written(tmp_path, *some(5))
    shutil.copytree(tmp_path, tmp_path / "old")
    await written(tmp_path, *some(5, "b"))
    (tmp_path / "old" / HISTORY).write_bytes(changed(bytes_of(tmp_path), 8, b"text 2", b"text 9"))
    refused(tmp_path / "old", "Line 8 ")


async def test_an_unwritten_block_after_the_watermark_is_a_torn_tail(tmp_path: Path) -> None:
    await written(tmp_path, *some(5))
    shutil.copytree(tmp_path, tmp_path / "old")
    events = await written(tmp_path, *some(5, "b"))
    data = bytes_of(tmp_path)
    at = data.index(b"\tb2\t")
    torn = data[: at - 20] + bytes(60) + data[at + 40 :]
    (tmp_path / "old" / HISTORY).write_bytes(torn)
    assert await reopen(tmp_path / "old") == events[:6]
    assert len(list((tmp_path / "old").glob("*.torn-*"))) == 1


@pytest.mark.parametrize("what", [b"", b"no database at all " * 400, None])
async def test_an_index_that_cannot_be_used_is_built_anew(tmp_path: Path, what: bytes | None) -> None:
    events = await written(tmp_path, *some(30))
    if what is None:
        base = sqlite3.connect(tmp_path / INDEX)
        base.execute("PRAGMA user_version = 99")
        base.close()
    else:
        forget_index(tmp_path)
        (tmp_path / INDEX).write_bytes(what)
    assert await reopen(tmp_path) == events
    log = TextLog.open(tmp_path)
    assert (await log.index.page("room1", limit=3)).events == [events[21], events[24], events[27]]
    await log.close()


async def test_the_index_of_another_history_is_built_anew(tmp_path: Path) -> None:
    await written(tmp_path / "one", *some(50))
    two = await written(tmp_path / "two", *some(3, "z"))
    shutil.copy(tmp_path / "one" / INDEX, tmp_path / "two" / INDEX)
    assert await reopen(tmp_path / "two") == two
    assert await written(tmp_path / "two") == two


async def test_the_replay_begins_where_it_is_asked_to(tmp_path: Path) -> None:
    events = await written(tmp_path, *some(3000))
    for with_index in (True, False):
        for after in (0, 1, 1024, 1025, 2500, 2999, 3000):
            if not with_index:
                forget_index(tmp_path)
            assert await reopen(tmp_path, replay_after=after) == events[after:]


async def test_the_snapshot_is_offered_first(tmp_path: Path) -> None:
    events = await written(tmp_path, *some(30))
    log = TextLog.open(tmp_path)
    await log.index.put_state(20, b"twenty")
    await log.close()
    offered: list[bytes] = []

    def take(snapshot: bytes) -> bool:
        offered.append(snapshot)
        return True

    assert await reopen(tmp_path, restore=take) == events[20:]
    assert await reopen(tmp_path, restore=lambda snapshot: False) == events
    assert await reopen(tmp_path, restore=take, replay_after=25) == events[25:]
    assert offered == [b"twenty"]
    forget_index(tmp_path)
    assert await reopen(tmp_path, restore=take) == events
    assert offered == [b"twenty"]


async def test_progress_ends_at_the_end(tmp_path: Path) -> None:
    await written(tmp_path, *some(3000))
    forget_index(tmp_path)
    said: list[tuple[int, int]] = []
    await reopen(tmp_path, progress=lambda done, total: said.append((done, total)))
    size = (tmp_path / HISTORY).stat().st_size
    assert said[-1] == (size, size)
    assert said == sorted(said)


async def test_a_second_server_on_the_folder_is_refused(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    with pytest.raises(LogError, match="Another server is using"):
        TextLog.open(tmp_path)
    assert "Another server is using" in open_elsewhere(tmp_path)
    await store(log, *some(2))
    await log.close()
    assert len(await reopen(tmp_path)) == 2  # the control: closing gave the lock back


async def test_a_folder_that_is_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LogError, match=r"cannot be opened: .*\."):
        TextLog.open(tmp_path / "file")


async def test_a_history_that_is_a_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / HISTORY).mkdir()
    with pytest.raises(LogError, match=r"cannot be opened: Is a directory\."):
        TextLog.open(tmp_path)


async def test_ids_are_known_after_a_restart(tmp_path: Path) -> None:
    events: list[AnyEvent] = await written(tmp_path, *some(3000))
    for with_index in (True, False):
        if not with_index:
            forget_index(tmp_path)
        log = TextLog.open(tmp_path)
        whole = await store(
            log,
            say("fresh", f"fresh{with_index}"),
            say("text 2", "a2", room="room2"),
            say("other", "a4"),
            say("text 3000", "a3000", room="room0"),
            say("fresh too", f"too{with_index}"),
            say("text 2", "a2", room="room2"),
        )
        assert [event.id for event in whole.stored] == [f"fresh{with_index}", f"too{with_index}"]
        assert [each.event for each in whole.repeated] == [events[1], events[2999], events[1]]
        assert [each.error.code for each in whole.rejected] == ["id_reused"]
        await log.close()
    assert verify(tmp_path / HISTORY).events == 3004
