"""One suite for every `Reader`: messages that were edited, deleted, reacted and replied to, and files."""

from itertools import pairwise, permutations

import pytest

from chatserver.log.contract import Log
from shared.protocol import AnyEvent, Created, Deleted, Edited, Message, Reacted, TopicSet
from tests.contracts.drafts import Clock, delete, edit, picture, react, say, seqs, store


async def the_message(log: Log, seq: int, room: str = "general") -> Message:
    """A message as it is now; `page`, `around` it, must say the same."""
    found = await log.index.message(room, seq)
    assert found is not None
    assert (await log.index.page(room, around=seq, limit=1)).events == [found]
    return found


# --- folding ------------------------------------------------------------------------------------------------------


async def test_a_message_that_nothing_became_of_is_as_it_was_stored(log: Log) -> None:
    [stored] = await store(log, say("hello", files=[picture("a")]))
    assert await the_message(log, 1) == stored
    assert (await the_message(log, 1)).reactions is None


async def test_edits_and_reactions_fold_in_the_order_in_which_they_came(log: Log) -> None:
    kinds = ("edit b", "edit c", "👍 bob", "👍 carol", "🎉 bob")
    orders = list(permutations(kinds))
    await store(log, *(say("a", user=f"author{n}") for n in range(len(orders))))
    drafts: list[AnyEvent] = []
    for step in range(len(kinds)):
        for n, order in enumerate(orders):
            what, _, rest = order[step].partition(" ")
            drafts.append(edit(n + 1, rest, user=f"author{n}") if what == "edit" else react(n + 1, what, rest))
    stored = await store(log, *drafts)
    page = await log.index.page("general", limit=200)
    assert len(page.events) == len(orders)
    for order, message in zip(orders, page.events, strict=True):
        assert isinstance(message, Message)
        edits = [each for each in stored if isinstance(each, Edited) and each.of == message.seq]
        assert (message.text, message.edited) == (edits[-1].text, edits[-1].time)
        names: dict[str, list[str]] = {}
        for kind in order:
            what, _, rest = kind.partition(" ")
            if what != "edit":
                names.setdefault(what, []).append(rest)
        assert message.reactions is not None
        assert list(message.reactions.items()) == list(names.items())


async def test_an_edit_after_an_edit_long_after(log: Log, clock: Clock) -> None:
    await store(log, say("first"), *(say("between") for _ in range(600)))
    for n in range(3):
        [event] = await store(log, edit(1, f"version {n}"))
        found = await the_message(log, 1)
        assert (found.text, found.edited, found.time < found.edited) == (f"version {n}", event.time, True)
        await store(log, *(say("between") for _ in range(300)))
    assert (await the_message(log, 1)).text == "version 2"


async def test_reactions_are_taken_away_and_come_back_at_the_end(log: Log) -> None:
    await store(log, say("hello"), react(1, "👍"), react(1, "👍", "carol"), react(1, "🎉", "carol"))
    assert (await the_message(log, 1)).reactions == {"👍": ["bob", "carol"], "🎉": ["carol"]}
    await store(log, react(1, "👍", "bob", removed=True))
    assert (await the_message(log, 1)).reactions == {"👍": ["carol"], "🎉": ["carol"]}
    await store(log, react(1, "👍"), react(1, "👍", "carol"))  # the second says nothing new
    assert (await the_message(log, 1)).reactions == {"👍": ["carol", "bob"], "🎉": ["carol"]}
    await store(log, react(1, "👍", "carol", removed=True), react(1, "👍", removed=True), react(1, "❤️", removed=True))
    assert (await the_message(log, 1)).reactions == {"🎉": ["carol"]}
    await store(log, react(1, "👍", "dave"))
    reactions = (await the_message(log, 1)).reactions
    assert reactions is not None
    assert list(reactions) == ["🎉", "👍"]
    await store(log, react(1, "👍", "dave", removed=True), react(1, "🎉", "carol", removed=True))
    assert (await the_message(log, 1)).reactions is None


async def test_of_a_deleted_message_nothing_is_left_but_that_it_was_there(log: Log) -> None:
    await store(log, say("nothing"), say("secret", "m", reply_to=1, files=[picture("a")]))
    await store(log, edit(2, "other secret"), react(2, "👍"), delete(2, user="mia"), say("after"))
    gone = await the_message(log, 2)
    left = Message(
        seq=2, prev=1, time=gone.time, room="general", user="alice", id="m", text="", deleted=True, deleted_by="mia"
    )
    assert gone == left
    assert (await log.index.page("general", limit=10)).events[1] == left
    deletion = await log.index.deletion("general", 2)
    assert deletion is not None
    assert (deletion.seq, deletion.user, deletion.prev) == (5, "mia", 4)
    # what comes after it, which no server stores, changes nothing
    await store(log, edit(2, "back"), react(2, "🎉"), delete(2, user="carol"))
    assert await the_message(log, 2) == left
    assert await log.index.deletion("general", 2) == deletion


async def test_changes_of_what_is_no_message_of_the_room_count_for_nothing(log: Log) -> None:
    await store(log, say("hello"), TopicSet(room="general", user="alice", id="t", topic="All of us"))
    await store(log, edit(1, "from elsewhere", room="tea"), delete(1, room="tea"), react(1, "👍", room="tea"))
    await store(log, edit(2, "no message"), delete(2), react(2, "👍"), delete(3), delete(9_999), react(11, "👍"))
    await store(log, edit(14, "before it is there"), say("fourteen"))
    page = await log.index.page("general", limit=10)
    assert [(type(event), event.seq) for event in page.events] == [(Message, 1), (TopicSet, 2), (Message, 13)]
    assert [await the_message(log, seq) for seq in (1, 13)] == [page.events[0], page.events[2]]
    assert page.events == [event for event in await log.read(0, 20) if event.seq in (1, 2, 13)]
    for room, seq in (("general", 2), ("tea", 1), ("general", 3), ("general", 9_999), ("nowhere", 1), ("general", 0)):
        assert await log.index.message(room, seq) is None
        assert await log.index.deletion(room, seq) is None


# --- pages --------------------------------------------------------------------------------------------------------


async def test_changes_are_no_entries_of_a_page(log: Log) -> None:
    await store(log, react(1, "👍"), say("two"), *(react(2, "👍", f"user{n}") for n in range(700)), say("last"))
    await store(log, edit(703, "last indeed"), delete(2))
    page = await log.index.page("general", limit=1)
    assert (seqs(page.events), page.more_before, page.more_after, page.through) == ([703], True, False, 705)
    page = await log.index.page("general", before=703, limit=1)
    assert (seqs(page.events), page.more_before, page.more_after) == ([2], False, True)
    page = await log.index.page("general", after=2, limit=5)
    assert (seqs(page.events), page.more_before, page.more_after) == ([703], True, False)
    page = await log.index.page("general", after=703, limit=5)
    assert (seqs(page.events), page.more_before, page.more_after) == ([], True, False)
    page = await log.index.page("general", around=400, limit=4)
    assert (seqs(page.events), page.more_before, page.more_after) == ([2, 703], False, False)
    page = await log.index.page("general", before=2, limit=4)
    assert (seqs(page.events), page.more_before, page.more_after) == ([], False, True)
    assert page.events == []


async def test_a_page_brings_the_messages_that_are_replied_to(log: Log) -> None:
    await store(log, Created(room="general", user="alice", id="c"), say("old"), say("older and gone"), say("elsewhere"))
    await store(log, say("in tea", room="tea"), edit(2, "old, mended"), react(2, "👍"), delete(3))
    await store(log, *(say("re", reply_to=of) for of in (2, 3, 2, 1, 5, 0, 99)), say("gone", reply_to=4), delete(16))
    await store(log, say("re", reply_to=9))
    page = await log.index.page("general", limit=9)
    assert seqs(page.events) == [*range(9, 17), 18]
    assert [(event.seq, event.text, event.deleted) for event in page.quoted] == [
        (2, "old, mended", False),
        (3, "", True),
    ]
    assert page.quoted[0].reactions == {"👍": ["bob"]}
    page = await log.index.page("general", limit=1)
    assert seqs(page.quoted) == [9]
    assert page.quoted[0].reply_to == 2
    assert (await log.index.page("general", limit=50)).quoted == []


# --- what is told again -------------------------------------------------------------------------------------------


async def test_who_catches_up_is_told_everything_but_what_was_deleted(log: Log) -> None:
    stored = await store(
        log, say("one"), say("two", files=[picture("a")], reply_to=1), edit(1, "one!"), edit(2, "two!")
    )
    stored += await store(log, react(1, "👍"), react(2, "👍"), react(2, "👍", removed=True))
    span = await log.index.events(0, 100, {"general"})
    assert span == (stored, False, 7)
    stored += await store(log, delete(2), say("in tea", room="tea"), delete(9, room="tea"))
    stored = await log.read(0, 100)  # as they stand there
    span = await log.index.events(0, 100, {"general"})
    told = span.events
    assert (seqs(told), span.through) == ([1, 2, 3, 4, 5, 6, 7, 8], 10)
    assert [event.prev for event in told] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert [told[n] for n in (0, 2, 4, 7)] == [stored[n] for n in (0, 2, 4, 7)]
    two = stored[1]
    assert told[1] == Message(
        seq=2, prev=1, time=two.time, room="general", user="alice", id=two.id, text="", deleted=True, deleted_by="alice"
    )
    assert isinstance(told[3], Edited)
    assert (told[3].of, told[3].text, told[3].time) == (2, "", stored[3].time)
    assert [(each.emoji, each.removed) for each in told[5:7] if isinstance(each, Reacted)] == [("", True), ("", True)]
    after = await log.index.events(3, 100, {"general"}, [("tea", 9, 9)])  # who had seen the message itself already
    assert after.events[:-1] == told[3:]
    assert isinstance(after.events[-1], Message)
    assert (after.events[-1].room, after.events[-1].deleted) == ("tea", True)


async def test_the_stored_events_themselves_stay_as_they_are(log: Log) -> None:
    stored = await store(log, say("one", "m", files=[picture("a")]), edit(1, "two"), react(1, "👍"), delete(1))
    await log.index.page("general", limit=5)
    await log.index.events(0, 5, {"general"})
    assert await log.read(0, 5) == stored
    found = await log.index.find("alice", "m")
    assert isinstance(found, Message)
    assert (found.text, found.deleted, len(found.files)) == ("one", False, 1)


async def test_a_line_as_it_stands_in_the_history(log: Log) -> None:
    await store(
        log, say("tabs\tand\nlines", "m"), edit(1, "mended"), react(1, "👍"), say("gone"), edit(4, "still gone")
    )
    await store(log, react(4, "👍"), delete(4))
    line = await log.index.line("general", 1)
    assert line is not None
    columns = line.split("\t")
    assert columns[2:-1] == ["general", "alice", "message", "m", r"text=tabs\tand\nlines"]
    assert columns[-1][0] == "~" and len(columns[-1]) == 17
    there = [seq for seq in range(10) if await log.index.line("general", seq) is not None]
    assert there == [1, 2, 3, 7]
    assert await log.index.line("tea", 1) is None


# --- files --------------------------------------------------------------------------------------------------------


async def test_a_file_as_the_newest_message_has_it(log: Log) -> None:
    a, b = picture("a"), picture("b", "dog.png")
    renamed = picture("a", "kitten.png")
    await store(log, say("", files=[a, b]), say("in tea", room="tea", files=[renamed]), say("no file"))
    both = {"general", "tea"}
    assert await log.index.file_in(a.file, both) == renamed
    assert await log.index.file_in(a.file, {"general", "nowhere"}) == a
    assert await log.index.file_in(a.file, {"nowhere"}) is None
    assert await log.index.file_in(a.file, set()) is None
    assert await log.index.file_in(b.file, both) == b
    assert await log.index.file_in("c" * 64, both) is None
    await store(log, edit(2, "renamed, still in tea", room="tea"), delete(2, room="tea"))
    assert await log.index.file_in(a.file, both) == a
    assert await log.index.file_in(a.file, {"tea"}) is None
    assert [await log.index.file_used(file) for file in (a.file, b.file, "c" * 64)] == [True, True, False]
    await store(log, delete(1))
    assert [await log.index.file_in(file, both) for file in (a.file, b.file)] == [None, None]
    assert [await log.index.file_used(file) for file in (a.file, b.file)] == [False, False]
    await store(log, say("again", files=[a]))
    assert await log.index.file_in(a.file, both) == a


# --- counting -----------------------------------------------------------------------------------------------------


async def test_unread_less_what_was_deleted(log: Log) -> None:
    await store(log, say("hello", user="bob"), say("@bob one"), say("@bob two"), say("@room three"), say("four"))
    await store(log, edit(2, "one"), react(5, "👍"), edit(5, "@bob four"))
    assert await log.index.unread("bob", {"general": 0}) == {"general": (4, 3)}
    await store(log, delete(3), delete(4))
    assert await log.index.unread("bob", {"general": 0}) == {"general": (2, 1)}
    assert await log.index.unread("bob", {"general": 2}) == {"general": (1, 0)}
    assert await log.index.unread("bob", {"general": 3}) == {"general": (1, 0)}
    assert await log.index.unread("alice", {"general": 0}) == {"general": (1, 0)}
    assert await log.index.unread("carol", {"general": 0}) == {"general": (3, 0)}
    await store(log, say("@bob five"), say("@bob six"), delete(12), delete(12), delete(1))
    assert await log.index.unread("bob", {"general": 0}) == {"general": (3, 2)}
    assert await log.index.unread("alice", {"general": 0}) == {"general": (0, 0)}
    await store(
        log, say("in private", room="@alice,bob"), say("gone", room="@alice,bob"), delete(17, room="@alice,bob")
    )
    assert await log.index.unread("bob", {"@alice,bob": 0}) == {"@alice,bob": (1, 1)}


DAY = 86_400_000_000_000


def day(number: int, time: str = "00:00:00.000000") -> str:
    return f"2027-01-{number:02}T{time}Z"


async def test_a_calendar(log: Log, clock: Clock) -> None:
    clock.now -= clock.now % DAY - 8 * 3_600_000_000_000  # the 15th at eight
    await store(log, Created(room="general", user="alice", id="c"), say("one"), say("two"), say("tea", room="tea"))
    clock.now += DAY
    await store(log, react(2, "👍"))  # a day without an entry of its own
    clock.now += 2 * DAY
    await store(log, say("three"), say("gone"), edit(6, "three!"), delete(7), say("four"))
    edges = [day(n) for n in range(14, 21)]
    page = await log.index.calendar("general", edges)
    assert page.counts == [0, 2, 0, 0, 2, 0]
    assert page.seqs == [0, 1, 0, 0, 6, 0]
    first = (await log.read(0, 1))[0].time
    assert page.first == first
    assert first.startswith("2027-01-15T08")
    assert await log.index.calendar("tea", [day(1), day(16), day(17)]) == (
        [1, 0],
        [4, 0],
        (await log.read(3, 1))[0].time,
    )
    assert await log.index.calendar("nowhere", edges) == ([0] * 6, [0] * 6, "")
    assert await log.index.calendar("general", [day(20), day(30)]) == ([0], [0], first)
    assert await log.index.calendar("general", [day(1), day(1)]) == ([0], [0], first)


async def test_an_edge_of_a_calendar_at_the_very_moment_of_an_event(log: Log, clock: Clock) -> None:
    for n in range(40):
        await store(log, *(say(f"{n}") for _ in range(1 + n % 3)))  # what is stored together has one time
    events = await log.read(0, 1_000)
    times = sorted({event.time for event in events})
    assert len(times) >= 40
    for low, high in ((times[3], times[4]), (times[0], times[-1]), (times[7], times[30]), (times[5], times[5])):
        inside = [event.seq for event in events if low <= event.time < high]
        page = await log.index.calendar("general", [low, high])
        assert (page.counts, page.seqs) == ([len(inside)], [inside[0] if inside else 0])
    edges = times[:: len(times) // 39]
    whole = await log.index.calendar("general", edges)
    assert sum(whole.counts) == sum(edges[0] <= event.time < edges[-1] for event in events)
    assert all(whole.counts)


@pytest.mark.parametrize("many", [900, 3000])
async def test_a_calendar_over_many_events(log: Log, clock: Clock, many: int) -> None:
    for begin in range(0, many, 100):
        await store(log, *(say(f"{n}", room=("general", "tea")[n % 7 == 0]) for n in range(begin, begin + 100)))
        clock.now += 3_600_000_000_000
    await store(log, *(delete(seq, room="general") for seq in range(1, many, 50) if (seq - 1) % 7))
    events = await log.read(0, 10_000)
    gone = {event.of for event in events if isinstance(event, Deleted)}
    edges = [event.time for event in events[:: many // 31]]
    page = await log.index.calendar("general", edges)
    for n, (low, high) in enumerate(pairwise(edges)):
        inside = [event.seq for event in events if low <= event.time < high and event.room == "general"]
        assert page.counts[n] == sum(isinstance(events[seq - 1], Message) and seq not in gone for seq in inside)
        assert page.seqs[n] == (inside[0] if inside else 0)
