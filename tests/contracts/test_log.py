"""One suite for every `Log`: the numbered guarantees of `chatserver.log.contract`, and what a `Reader` answers."""

import asyncio
from contextlib import aclosing

import pytest

from chatserver.log.contract import Log
from shared.protocol import AnyEvent, Created, Joined, Left, TopicSet
from tests.contracts.drafts import Clock, outcomes, say, seqs, store


async def test_1_stored_events_come_out_once_by_seq_without_a_hole(log: Log) -> None:
    drafts = [say(f"text {n}", f"a{n}") for n in range(5000)]
    stored = await store(log, *drafts)
    assert [event.seq for event in stored] == list(range(1, 5001))
    assert [event.id for event in stored] == [f"a{n}" for n in range(5000)]
    assert log.tip == 5000


async def test_1_the_stored_events_are_the_drafts_with_seq_prev_and_time(log: Log) -> None:
    drafts = [say("one", "1"), say("two", "2", room="tea"), say("three", "3")]
    stored = await store(log, *drafts)
    assert all(event is draft for event, draft in zip(stored, drafts, strict=True))
    assert [event.prev for event in stored] == [0, 0, 1]
    assert all(event.time.startswith("2027-01-15T08:00:00.") and len(event.time) == 27 for event in stored)


async def test_1_follow_begins_with_the_history_and_goes_on_live(log: Log) -> None:
    await store(log, *(say("old", f"o{n}") for n in range(2500)))
    seqs: list[int] = []
    async with aclosing(log.follow(100)) as batches:  # type: ignore[type-var]  # an async generator behind its interface
        async for batch in batches:
            if not seqs:
                log.submit(say("new", "n1"))
            seqs += [event.seq for event in batch.stored]
            if seqs[-1] == 2501:
                break
    assert seqs == list(range(101, 2502))


async def test_2_a_repeated_draft_has_the_event_of_the_first(log: Log) -> None:
    first, again = say("hello", "x"), say("hello", "x")
    log.submit(first)
    log.submit(again)
    whole = await outcomes(log, 2)
    assert list(whole.stored) == [first]
    assert [(each.draft, each.event) for each in whole.repeated] == [(again, first)]
    assert whole.repeated[0].draft is again
    assert whole.repeated[0].event is first
    later = say("hello", "x")
    log.submit(later)
    whole = await outcomes(log, 1, log.tip)
    assert whole.repeated[0].draft is later
    assert whole.repeated[0].event.seq == 1
    assert log.tip == 1


@pytest.mark.parametrize(
    "other",
    [
        say("other", "x"),
        say("hello", "x", room="tea"),
        TopicSet(room="general", user="alice", id="x", topic="hello"),
        Joined(room="general", user="bob", by="alice", id="x"),
    ],
)
async def test_3_an_id_used_for_something_else_is_refused(log: Log, other: AnyEvent) -> None:
    other = type(other)(**{name: getattr(other, name) for name in other.__struct_fields__})
    await store(log, say("hello", "x"))
    log.submit(other)
    whole = await outcomes(log, 1, log.tip)
    assert [each.error.code for each in whole.rejected] == ["id_reused"]
    assert whole.rejected[0].draft is other
    assert log.tip == 1


async def test_3_an_id_belongs_to_its_author(log: Log) -> None:
    stored = await store(
        log,
        say("hello", "x"),
        say("hello", "x", user="bob"),
        Joined(room="general", user="bob", by="carol", id="x"),
    )
    assert [event.seq for event in stored] == [1, 2, 3]


async def test_4_the_order_of_submit_is_the_order_of_seq(log: Log) -> None:
    async def speak(user: str) -> None:
        for n in range(200):
            log.submit(say(f"{n}", f"{n}", user=user))
            await log.drained()
            if n % 7 == 0:
                await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        for user in ("alice", "bob", "carol"):
            tasks.create_task(speak(user))
        whole = await outcomes(log, 600)
    for user in ("alice", "bob", "carol"):
        assert [int(event.id) for event in whole.stored if event.user == user] == list(range(200))


async def test_close_publishes_what_was_submitted_and_ends_follow(log: Log) -> None:
    for n in range(300):
        log.submit(say("last words", f"{n}"))
    following = asyncio.create_task(outcomes(log, 10_000))
    await log.close()
    assert len((await following).stored) == 300


async def test_the_clock_going_backwards_does_not_turn_time_back(log: Log, clock: Clock) -> None:
    await store(log, say("one", "1"))
    clock.now -= 3_600_000_000_000
    await store(log, say("two", "2"))
    clock.now += 7_200_000_000_000
    await store(log, say("three", "3"))
    one, two, three = await log.read(0, 10)
    assert one.time == two.time
    assert three.time > two.time


async def test_read_gives_events_after_a_seq_with_prev(log: Log) -> None:
    await store(log, *(say(f"{n}", f"{n}", room=f"room{n % 3}") for n in range(3000)))
    events = await log.read(2500, 400)
    assert [event.seq for event in events] == list(range(2501, 2901))
    assert all(event.prev == event.seq - 3 for event in events)
    assert [event.seq for event in await log.read(2998, 400)] == [2999, 3000]
    assert await log.read(3000, 10) == []


# --- Reader -------------------------------------------------------------------------------------------------------


async def a_day(log: Log) -> None:
    """1,200 events: every third in `tea`, the others in `general`."""
    drafts: list[AnyEvent] = [
        Created(room="general", user="alice", id="c", topic="All of us"),
        Joined(room="general", user="bob", id="j"),
        Created(room="tea", user="carol", id="c", private=True),
    ]
    for n in range(4, 1201):
        room = "general" if n % 3 else "tea"
        drafts.append(say(f"text {n}", f"{n}", room=room, user=("alice", "bob")[n % 2]))
    await store(log, *drafts)


TEA = list(range(3, 1201, 3))

Asked = dict[str, int]


@pytest.mark.parametrize(
    ("asked", "wanted", "more_before", "more_after"),
    [
        ({"limit": 3}, TEA[-3:], True, False),
        ({"limit": 1000}, TEA, False, False),
        ({"limit": 3, "before": 12}, [3, 6, 9], False, True),
        ({"limit": 2, "before": 12}, [6, 9], True, True),
        ({"limit": 2, "before": 11}, [6, 9], True, True),
        ({"limit": 2, "before": 3}, [], False, True),
        ({"limit": 2, "before": 0}, [], False, True),
        ({"limit": 2, "before": 5000}, TEA[-2:], True, False),
        ({"limit": 300, "before": 1200}, TEA[-301:-1], True, True),
        ({"limit": 3, "after": 0}, [3, 6, 9], False, True),
        ({"limit": 3, "after": 3}, [6, 9, 12], True, True),
        ({"limit": 3, "after": 4}, [6, 9, 12], True, True),
        ({"limit": 3, "after": 1194}, [1197, 1200], True, False),
        ({"limit": 3, "after": 1200}, [], True, False),
        ({"limit": 300, "after": 3}, TEA[1:301], True, True),
        ({"limit": 4, "around": 600}, [594, 597, 600, 603], True, True),
        ({"limit": 4, "around": 601}, [597, 600, 603, 606], True, True),
        ({"limit": 4, "around": 3}, [3, 6, 9, 12], False, True),
        ({"limit": 4, "around": 1200}, [1191, 1194, 1197, 1200], True, False),
        ({"limit": 4, "around": 9999}, [1191, 1194, 1197, 1200], True, False),
        ({"limit": 1, "around": 600}, [600], True, True),
    ],
)
async def test_page(log: Log, asked: Asked, wanted: list[int], more_before: bool, more_after: bool) -> None:
    await a_day(log)
    page = await log.index.page("tea", **asked)
    assert seqs(page.events) == wanted
    assert (page.more_before, page.more_after, page.through) == (more_before, more_after, 1200)
    assert all(event.room == "tea" and event.prev == (event.seq - 3 if event.seq > 3 else 0) for event in page.events)


async def test_page_of_a_room_that_nothing_was_said_in(log: Log) -> None:
    await a_day(log)
    assert await log.index.page("nowhere", limit=5) == ([], False, False, 1200, [])


async def test_page_brings_every_type_of_entry_as_it_was_stored(log: Log) -> None:
    drafts: list[AnyEvent] = [
        Created(room="den", user="alice", id="1", topic="Quiet", private=True),
        Joined(room="den", user="bob", by="alice", id="2"),
        say("tabs\tand\nlines\\ and 😀 and \u202e", "3", room="den"),
        TopicSet(room="den", user="alice", id="4", topic=""),
        Left(room="den", user="bob", id="2"),
    ]
    await store(log, *drafts)
    assert (await log.index.page("den", limit=10)).events == drafts


async def test_events_of_several_rooms_and_of_what_was_seen_of_others(log: Log) -> None:
    await a_day(log)
    span = await log.index.events(1190, 100, {"tea"}, [("general", 1100, 1192), ("tea", 1, 5000)])
    assert (seqs(span.events), span.more, span.through) == ([1191, 1192, 1194, 1197, 1200], False, 1200)
    span = await log.index.events(0, 4, {"tea", "general", "nowhere"})
    assert (seqs(span.events), span.more, span.through) == ([1, 2, 3, 4], True, 4)
    span = await log.index.events(0, 2000, {"tea", "general"})
    assert (seqs(span.events), span.more, span.through) == (list(range(1, 1201)), False, 1200)
    assert await log.index.events(1200, 10, {"tea"}) == ([], False, 1200)
    assert await log.index.events(0, 10, set()) == ([], False, 1200)


async def test_unread_counts_messages_of_others(log: Log) -> None:
    await a_day(log)
    # bob wrote the odd ones; of the first three events none is a message
    tea = [n for n in TEA if n > 3]
    assert await log.index.unread("bob", {"tea": 0, "general": 1195, "nowhere": 0}) == {
        "tea": (sum(n % 2 == 0 for n in tea), 0),
        "general": (2, 0),
        "nowhere": (0, 0),
    }
    assert await log.index.unread("dave", {"tea": 600}) == {"tea": (200, 0)}
    assert await log.index.unread("dave", {"tea": 1200}) == {"tea": (0, 0)}


async def test_unread_counts_what_speaks_to_the_reader(log: Log) -> None:
    await store(log, say("@carol is not here yet", "0"), say("hello", "1", user="bob"), say("hello", "2", user="carol"))
    texts = ["@bob look", "@BOB and @carol", "@room lunch", "@room and @bob too", "mail@bob", "bob", "@bob, @bob!"]
    await store(log, *[say(text, f"a{n}", user="alice") for n, text in enumerate(texts)])
    await store(log, say("@bob to himself", "b1", user="bob"), say("@room, @carol", "b2", user="bob"))
    await store(log, say("in private", "d", user="alice", room="@alice,bob"))
    rooms = {"general": 0, "@alice,bob": 0, "nowhere": 0}
    assert await log.index.unread("bob", rooms) == {"general": (9, 5), "@alice,bob": (1, 1), "nowhere": (0, 0)}
    assert (await log.index.unread("carol", {"general": 0}))["general"] == (11, 4)
    assert (await log.index.unread("alice", {"general": 0}))["general"] == (4, 1)
    assert (await log.index.unread("dave", {"general": 0}))["general"] == (12, 3)
    assert (await log.index.unread("bob", {"general": 5}))["general"] == (5, 3)


async def test_find_by_author_and_id(log: Log) -> None:
    await a_day(log)
    found = await log.index.find("carol", "c")
    assert found is not None
    assert (found.seq, found.room) == (3, "tea")
    found = await log.index.find("bob", "901")
    assert found is not None
    assert (found.seq, found.prev) == (901, 899)
    assert await log.index.find("alice", "901") is None


async def test_the_index_sees_what_follow_has_yielded(log: Log) -> None:
    async with aclosing(log.follow(0)) as batches:  # type: ignore[type-var]  # an async generator behind its interface
        for n in range(1, 30):
            log.submit(say("now", f"{n}"))
            await anext(batches)
            page = await log.index.page("general", limit=1)
            assert (seqs(page.events), page.through) == ([n], n)


async def test_state_is_kept(log: Log) -> None:
    assert await log.index.state() is None
    await store(log, say("one", "1"), say("two", "2"))
    await log.index.put_state(1, b"first")
    await log.index.put_state(2, b"second")
    assert await log.index.state() == (2, b"second")
