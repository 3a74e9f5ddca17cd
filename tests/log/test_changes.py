"""What became of messages, over restarts, crashes and an index built anew: never another answer than a log in memory
gives."""

import asyncio
import shutil
import sqlite3
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatserver.index import chunks, service
from chatserver.index import store as store_module
from chatserver.index.postings import SIZE
from chatserver.index.store import Store
from chatserver.log.contract import LogError, Reader
from chatserver.log.memory import MemoryLog
from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent, Created, Deleted, Edited, File, Message, Reacted
from tests.log.histories import HISTORY, INDEX, forget_index, say, some, store

ROOMS = ("general", "tea", "@alice,bob")
PEOPLE = ("alice", "bob", "carol")
FILES = tuple(File(file=digit * 64, name=f"{digit}.png", mime="image/png", size=10) for digit in "abc")


class Change(NamedTuple):
    """One event to come. `back`: how many messages of its room ago it speaks of; `astray`: of some event instead."""

    kind: str
    room: int
    user: int
    back: int
    what: int
    astray: bool = False

    def draft(self, earlier: Sequence[AnyEvent]) -> AnyEvent:
        """The event that comes after these."""
        room, user, ident = ROOMS[self.room], PEOPLE[self.user], f"{len(earlier) + 1}"
        messages = [n for n, event in enumerate(earlier, 1) if event.room == room and isinstance(event, Message)]
        of = max(1, len(earlier) + 1 - self.back)
        if messages and not self.astray:
            of = messages[-1 - self.back % len(messages)]
        match self.kind:
            case "edit":
                return Edited(room=room, user=user, id=ident, of=of, text=f"version {self.what}")
            case "delete":
                return Deleted(room=room, user=user, id=ident, of=of)
            case "react":
                return Reacted(
                    room=room, user=user, id=ident, of=of, emoji="👍🎉"[self.what % 2], removed=self.what > 4
                )
            case "create":
                return Created(room=room, user=user, id=ident)
        text = ("hello", "@bob?", "@room!", "@carol and @alice")[self.what % 4]
        reply_to = of if self.back % 3 == 0 else 0
        files = FILES[: self.what % 3] if self.back % 4 == 0 else ()
        return Message(room=room, user=user, id=ident, text=text, reply_to=reply_to, files=files)


KINDS = st.sampled_from(["say", "say", "say", "edit", "delete", "react", "react", "create"])
CHANGES = st.builds(
    Change,
    KINDS,
    st.sampled_from([0, 0, 0, 1, 2]),
    st.integers(0, 2),
    st.integers(0, 12),
    st.integers(0, 7),
    st.integers(0, 9).map(lambda n: n == 9),
)
HOW = st.sampled_from(["go on", "flush", "restart", "crash", "anew"])
STEPS = st.lists(st.tuples(st.lists(CHANGES, min_size=1, max_size=12), HOW), min_size=1, max_size=7)


async def everything(reader: Reader, tip: int, times: list[str]) -> dict[str, Any]:
    """All that a reader answers about a short history."""
    found: dict[str, Any] = {}
    for room in ROOMS:
        found[f"{room}: newest"] = await reader.page(room, limit=5)
        found[f"{room}: before"] = await reader.page(room, before=tip // 2, limit=4)
        found[f"{room}: after"] = await reader.page(room, after=tip // 3, limit=200)
        found[f"{room}: around"] = await reader.page(room, around=tip // 2, limit=6)
        found[f"{room}: messages"] = [await reader.message(room, seq) for seq in range(tip + 2)]
        found[f"{room}: deletions"] = [await reader.deletion(room, seq) for seq in range(tip + 2)]
        lines = [await reader.line(room, seq) for seq in range(tip + 2)]
        found[f"{room}: lines"] = [line and line.rpartition("\t")[0] for line in lines]  # the hash is the history's own
        found[f"{room}: calendar"] = await reader.calendar(room, times)
        for file in FILES:
            found[f"{room}: {file.name}"] = await reader.file_in(file.file, {room})
    found["used"] = [await reader.file_used(file.file) for file in FILES]
    found["events"] = await reader.events(0, 1000, ROOMS[1:], [(ROOMS[0], 3, tip - 3)])
    for user in (*PEOPLE, "dave"):
        found[f"{user}: unread"] = await reader.unread(user, {room: tip // (4 - n) for n, room in enumerate(ROOMS)})
    return found


def killed(folder: Path) -> Path:
    """What a kill would leave, in a folder of its own."""
    left = folder.with_name(f"{folder.name}-")
    left.mkdir()
    for path in folder.glob("[ic]*"):
        shutil.copy(path, left)
    return left


async def settle(folder: Path, log: TextLog, how: str) -> tuple[Path, TextLog]:
    """The log after a flush, a restart, a crash or without its index."""
    if how == "flush":
        await log.index.put_state(1, b"")
    elif how == "crash":
        await log.index.caught_up()
        left = killed(folder)
        await log.close()
        return left, TextLog.open(left)
    elif how != "go on":
        await log.close()
        if how == "anew":
            forget_index(folder)
        return folder, TextLog.open(folder)
    return folder, log


async def play(folder: Path, steps: list[tuple[list[Change], str]]) -> None:
    """Take these steps with a log on disk and in memory; they must answer alike after each."""
    model, log = MemoryLog(), TextLog.open(folder)
    try:
        for changes, how in steps:
            drafts: list[AnyEvent] = []
            for change in changes:
                drafts.append(change.draft([*model.history, *drafts]))
            model.history += (await store(log, *drafts)).stored
            folder, log = await settle(folder, log, how)
            times = sorted({model.history[0].time, *(event.time for event in model.history[::7]), "9"})
            assert await everything(log.index, log.tip, times) == await everything(model, model.tip, times)
    finally:
        await log.close()


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_no_restart_crash_or_rebuild_changes_an_answer(steps: list[tuple[list[Change], str]]) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(store_module, "FULL_BYTES", 4 * SIZE)  # so that most messages stand in old postings
        patch.setattr(store_module, "FLUSH_AFTER", 10)
        patch.setattr(chunks, "CHUNK_IDS", 8)
        patch.setattr(service, "HAND_OVER", 3)
        asyncio.run(play(Path(folder) / "history", steps))


def test_the_check_finds_an_index_that_forgets_a_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    steps = [([Change("say", 0, 0, 1, 0), Change("edit", 0, 0, 1, 1)], "restart")]
    asyncio.run(play(tmp_path / "sound", steps))
    monkeypatch.setattr("chatserver.index.changes.Changes.flush", lambda self: self._unwritten.clear())
    with pytest.raises(AssertionError):
        asyncio.run(play(tmp_path / "forgetful", steps))


async def test_mentions_that_were_deleted_stay_deleted_over_a_restart(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, say("here", "1", user="bob"), *(say(f"@bob {n}", f"m{n}") for n in range(5)))
    await store(log, *(Deleted(room="general", user="alice", id=f"d{of}", of=of) for of in (2, 4)))
    assert await log.index.unread("bob", {"general": 0}) == {"general": (3, 3)}
    await log.close()
    log = TextLog.open(tmp_path)
    assert await log.index.unread("bob", {"general": 0}) == {"general": (3, 3)}
    assert await log.index.unread("bob", {"general": 3}) == {"general": (2, 2)}
    await log.close()


async def test_a_calendar_with_edges_where_postings_begin_and_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "FULL_BYTES", 4 * SIZE)
    monkeypatch.setattr(chunks, "CHUNK_IDS", 3)
    log = TextLog.open(tmp_path)
    gone = (3, 4, 5)
    drafts: list[AnyEvent] = [say(f"{n}", f"{n}") for n in range(18)]
    drafts[10:10] = [Deleted(room="general", user="alice", id=f"d{of}", of=of) for of in gone]
    for draft in drafts:  # one by one, so that each has its own time; the newest posting begins with the last
        await store(log, draft)
    times = [event.time for event in await log.read(0, 21)]
    assert len(set(times)) == 21
    shown = [seq for seq in range(1, 22) if seq not in (11, 12, 13)]
    for low, high in combinations(range(1, 22), 2):
        inside = [seq for seq in shown if low <= seq < high]
        found = await log.index.calendar("general", [times[low - 1], times[high - 1]])
        assert found == ([len(set(inside).difference(gone))], [inside[0] if inside else 0], times[0])
    await log.close()


async def test_an_index_of_another_schema_is_built_anew(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, say("one", "1"), Edited(room="general", user="alice", id="2", of=1, text="two"))
    await log.close()
    with sqlite3.connect(tmp_path / INDEX) as base:
        base.execute("DELETE FROM changed")
        base.execute("PRAGMA user_version = 3")
    base.close()
    log = TextLog.open(tmp_path)
    found = await log.index.message("general", 1)
    assert found is not None
    assert found.text == "two"
    await log.close()


async def test_many_old_messages_that_change_are_written_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is measured by what it takes in memory, not by the number of events alone."""
    monkeypatch.setattr(store_module, "FLUSH_AFTER", 500)
    monkeypatch.setattr(store_module, "FULL_BYTES", 4 * SIZE)
    log = TextLog.open(tmp_path)
    await store(log, *some(3000))
    await log.index.put_state(1, b"")
    written: list[int] = []
    flush = Store.flush

    def count(self: Store, *, complete: bool = True) -> None:
        written.append(self.rooms.reopened)
        flush(self, complete=complete)

    monkeypatch.setattr(Store, "flush", count)
    await store(log, *some(99, "b"))
    await log.index.caught_up()
    assert written == []  # the control: so many events alone are not written yet
    of = range(1, 3000, 30)
    await store(log, *(Deleted(room=f"room{seq % 3}", user="alice", id=f"d{seq}", of=seq) for seq in of))
    await log.index.caught_up()
    assert written and max(written) > 30
    assert all([await log.index.deletion(f"room{seq % 3}", seq) for seq in of])
    for n in range(2):
        await log.index.put_state(2 + n, b"")
    assert written[-1] == 0
    await log.close()


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"text=one", b"texT=one"))


async def test_a_line_that_was_changed_under_the_server_is_not_handed_out(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, say("one", "1"), say("two", "2"))
    spoil(tmp_path / HISTORY)
    assert await log.index.line("general", 2) is not None
    with pytest.raises(LogError, match=r"Line 2 of .* was changed"):
        await log.index.line("general", 1)
    await log.close()
