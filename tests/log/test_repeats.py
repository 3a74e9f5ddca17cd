"""Ids that were used long ago, and ids that only seem so: what the filter suspects is looked up, in order."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chatserver.index.seen import Seen
from chatserver.log import repeats
from chatserver.log.contract import LogError, LogFailed
from chatserver.log.repeats import same_contents
from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent, Created, Deleted, Edited, File, Joined, Left, Message, Reacted, TopicSet
from tests.log.histories import say, some, store

CAT = File(file="a" * 64, name="cat.png", mime="image/png", size=48_213)


def said(**more: Any) -> Message:
    """One message with an id."""
    return Message(room="r", user="bob", id="1", text="look", **more)


async def test_a_repeat_of_what_is_no_longer_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "GENERATION", 50)
    log = TextLog.open(tmp_path)
    events: list[AnyEvent] = []
    for n in range(10):
        events += (await store(log, *some(60, f"r{n}-"))).stored
    for event in (events[0], events[299], events[599]):
        again = type(event)(room=event.room, user=event.user, id=event.id, text=event.text)  # type: ignore[union-attr,call-arg]  # messages
        whole = await store(log, again, say("behind it", f"after {event.seq}"))
        assert [each.event for each in whole.repeated] == [event]
        assert whole.repeated[0].event.prev == event.prev
        assert len(whole.stored) == 1
    await log.close()


async def test_order_is_kept_where_every_id_has_to_be_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seen, "__contains__", lambda self, code: True)
    log = TextLog.open(tmp_path)
    drafts = some(5000)
    whole = await store(log, *drafts, *(say("again", "a7", user="bob", room="room1") for _ in range(3)))
    assert list(whole.stored) == drafts
    assert [event.seq for event in whole.stored] == list(range(1, 5001))
    assert [each.error.code for each in whole.rejected] == ["id_reused"] * 3
    await log.close()


async def test_fresh_ids_are_not_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = TextLog.open(tmp_path)
    asked: list[object] = []
    look_up = log.index.find_all

    async def count(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], AnyEvent]:
        asked.extend(wanted)
        return await look_up(wanted)

    monkeypatch.setattr(log.index, "find_all", count)
    await store(log, *some(3000))
    assert asked == []
    await log.close()
    log = TextLog.open(tmp_path)
    look_up = log.index.find_all
    monkeypatch.setattr(log.index, "find_all", count)
    await store(log, *some(2))
    assert len(asked) == 2  # the control: ids that were used before are
    await log.close()


async def test_a_draft_that_waits_for_a_look_up_is_stored_before_the_log_closes(tmp_path: Path) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(10))
    await log.close()
    log = TextLog.open(tmp_path)
    for draft in (*some(10), say("new", "n1")):
        log.submit(draft)
    await log.close()
    batches = [batch async for batch in log.follow(10)]
    assert [event.seq for batch in batches for event in batch.stored] == [11]
    assert sum(len(batch.repeated) for batch in batches) == 10


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (say("a", "1"), say("a", "1"), True),
        (say("a", "1"), say("b", "1"), False),
        (say("a", "1"), say("a", "1", room="tea"), False),
        (Joined(room="r", user="bob", id="1"), Joined(room="r", user="bob", id="1", seq=9, prev=3, time="t"), True),
        (Joined(room="r", user="bob", id="1"), Left(room="r", user="bob", id="1"), False),
        (Joined(room="r", user="bob", by="carol", id="1"), Joined(room="r", user="bob", id="1"), False),
        (Created(room="r", user="bob", id="1"), Created(room="r", user="bob", id="1", private=True), False),
        (TopicSet(room="r", user="bob", id="1", topic="x"), TopicSet(room="r", user="bob", id="1", topic="y"), False),
        (said(), said(edited="2027-01-15T08:00:00.000000Z", reactions={"👍": ["bob"]}), True),
        (said(), said(deleted=True), True),
        (said(), said(reply_to=1), False),
        (said(), said(files=(CAT,)), False),
        (said(files=(CAT,)), said(files=(CAT,)), True),
        (said(files=(CAT,)), said(files=(replace(CAT, name="kitten.png"),)), True),
        (said(files=(CAT,)), said(files=(replace(CAT, file="b" * 64),)), False),
        (
            Edited(room="r", user="bob", id="1", of=1, text="x"),
            Edited(room="r", user="bob", id="1", of=2, text="x"),
            False,
        ),
        (Deleted(room="r", user="bob", id="1", of=1), Deleted(room="r", user="bob", id="1", of=1, seq=4), True),
        (
            Reacted(room="r", user="bob", id="1", of=1, emoji="👍"),
            Reacted(room="r", user="bob", id="1", of=1, emoji="👍", removed=True),
            False,
        ),
    ],
)
def test_same_contents(one: AnyEvent, other: AnyEvent, same: bool) -> None:
    assert same_contents(one, other) is same
    assert same_contents(other, one) is same


@pytest.mark.parametrize("error", [LogError("The index failed."), RuntimeError("a bug")])
async def test_a_look_up_that_fails_ends_the_log_and_leaves_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    log = TextLog.open(tmp_path)
    await store(log, *some(10))
    await log.close()
    log = TextLog.open(tmp_path)

    async def fail(wanted: object) -> None:
        raise error

    monkeypatch.setattr(log.index, "find_all", fail)
    log.submit(say("text 2", "a2", room="room2"))
    with pytest.raises(LogFailed, match="repeated one cannot be told"):
        await store(log, say("behind it", "b1"))
    await log.close()
