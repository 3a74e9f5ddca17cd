"""Timeline: older places that are jumped to, and the way back to the newest without a gap or a repetition."""

from collections.abc import Sequence
from typing import Any

from chatclient.rows import Appended, Prepended, Refreshed, Reset
from chatclient.timeline import Timeline
from shared.protocol import AnyEvent, Deleted, Edited, Message, Page
from tests.client.rooms import joined, keys, made, rows, said

STAMP = "2026-11-20T09:01:00.000000Z"


def page(
    seqs: Sequence[int], *, before: bool = True, after: bool = True, through: int = 99, quoted: Sequence[Message] = ()
) -> Page:
    events: list[AnyEvent] = [said(seq) for seq in seqs]
    return Page(
        room="lobby", messages=events, more_before=before, more_after=after, through=through, quoted=list(quoted)
    )


def numbers(timeline: Timeline) -> list[int]:
    return [row.seq for row in rows(timeline)]


def away() -> Timeline:
    """The newest held are 90 to 92, what is shown is 40 to 44."""
    timeline = made(said(90), said(91), said(92))
    timeline.told(92)
    assert timeline.jump(page(range(40, 45), through=92)) == [Reset()]
    return timeline


def test_a_jump_shows_another_place() -> None:
    timeline = away()
    assert not timeline.attached and numbers(timeline) == [40, 41, 42, 43, 44]
    assert (timeline.first_seq, timeline.newest_seq, timeline.newest_held) == (40, 44, 92)
    assert timeline.attach() == [Reset()] and timeline.attach() == []
    assert timeline.attached and numbers(timeline) == [90, 91, 92]


def test_what_comes_meanwhile_is_there_at_the_way_back() -> None:
    timeline = away()
    assert timeline.arrived(said(93)) == [] and numbers(timeline) == [40, 41, 42, 43, 44]
    timeline.attach()
    assert numbers(timeline) == [90, 91, 92, 93]


def test_scrolling_down_meets_the_newest() -> None:
    timeline = away()
    assert timeline.newer(page(range(45, 60)), after=44) == [Refreshed()]
    timeline.arrived(said(93))
    assert timeline.newer(page(range(60, 91)), after=59) == [Refreshed()]
    assert timeline.attached and numbers(timeline) == list(range(40, 94))
    assert timeline.arrived(said(94)) == [Appended(1)]
    assert timeline.page([said(39)], True, 99, before=40) == [Prepended(1)]


def test_the_last_page_meets_the_newest_without_an_overlap() -> None:
    timeline = away()
    timeline.newer(page(range(45, 90)), after=44)
    assert not timeline.attached
    assert timeline.newer(page([], after=False), after=89) == [Refreshed()]
    assert timeline.attached and numbers(timeline) == list(range(40, 93))


def test_a_last_page_that_is_too_old_does_not_hide_a_gap() -> None:
    """It was made when 85 was the newest: 86 to 89 came since, and what is held begins at 90."""
    timeline = away()
    timeline.newer(page(range(45, 86), after=False, through=85), after=44)
    assert not timeline.attached
    timeline.newer(page(range(86, 93), after=False), after=85)
    assert timeline.attached and numbers(timeline) == list(range(40, 93))


def test_with_nothing_newest_held_a_place_can_become_it() -> None:
    timeline = made()
    timeline.drop(50)
    timeline.jump(page(range(40, 45), through=50))
    assert not timeline.attached
    timeline.arrived(said(51))
    timeline.newer(page(range(45, 52), after=False, through=51), after=44)
    assert timeline.attached and numbers(timeline) == list(range(40, 52))
    whole = made()
    whole.drop(50)
    whole.jump(page(range(40, 51), before=False, after=False, through=50))
    assert whole.attached and whole.complete
    assert whole.arrived(said(51)) == [Appended(1)]


def test_a_jump_into_what_is_held_goes_on_from_there() -> None:
    timeline = made(*(said(seq) for seq in range(30, 40)))
    assert timeline.reach(35) == [] and timeline.reach(20) is None
    assert timeline.jump(page(range(27, 33), through=39)) == [Prepended(3)]
    assert timeline.attached and numbers(timeline) == list(range(27, 40))
    timeline.jump(page(range(5, 9), through=39))
    assert timeline.jump(page(range(8, 12), through=39)) == [Refreshed()]
    assert numbers(timeline) == list(range(5, 12))
    assert timeline.reach(33) == [Reset()] and timeline.attached
    timeline.jump(page(range(5, 9), through=39))
    assert timeline.jump(page(range(2, 4), before=False, through=39)) == [Reset()] and timeline.complete
    assert numbers(timeline) == [2, 3]
    assert timeline.jump(page(range(15, 25), through=39)) == [Reset()]
    assert timeline.jump(page(range(26, 35), through=39)) == [Reset()]  # meets the newest; the place before is left
    assert timeline.attached and numbers(timeline) == list(range(26, 40))


def test_answers_for_a_place_that_was_left_are_ignored() -> None:
    for asked in ("older", "newer"):
        timeline = away()
        timeline.attach()
        before = numbers(timeline)
        if asked == "older":
            assert timeline.page([said(38), said(39)], True, 99, before=40) == []
        else:
            assert timeline.newer(page(range(45, 50)), after=44) == []
        assert numbers(timeline) == before
    timeline = away()
    assert timeline.page([said(seq) for seq in (88, 89)], True, 99, before=90) == []
    assert timeline.page([said(seq) for seq in (86, 87, 88, 89, 90)], True, 99, before=0) == []  # goes to the newest
    assert numbers(timeline) == [40, 41, 42, 43, 44]
    timeline.attach()
    assert numbers(timeline) == [86, 87, 88, 89, 90, 91, 92]


def test_changes_reach_whatever_is_held() -> None:
    timeline = away()
    stamp: dict[str, Any] = {"time": STAMP, "room": "lobby", "user": "bob"}
    assert timeline.arrived(Edited(seq=93, id="a", of=42, text="here", **stamp)) == [Refreshed()]
    assert timeline.arrived(Edited(seq=94, id="b", of=91, text="there", **stamp)) == []
    assert timeline.arrived(Deleted(seq=95, id="c", of=92, **stamp)) == []
    assert timeline.row(2).text == "here"
    timeline.attach()
    assert [row.text for row in rows(timeline)] == ["text 90", "there", "bob deleted a message"]


def test_a_quote_of_a_place_that_was_left_stays() -> None:
    timeline = away()
    reply = said(93)
    reply.reply_to = 42
    timeline.arrived(reply)
    assert not timeline.wants
    timeline.attach()
    quote = timeline.row(3).reply
    assert quote and quote.text == "text 42"
    timeline.arrived(Edited(seq=94, time=STAMP, room="lobby", user="bob", id="a", of=42, text="new"))
    quote = timeline.row(3).reply
    assert quote and quote.text == "new"


def test_messages_on_their_way_stand_at_the_newest() -> None:
    timeline = away()
    assert timeline.queued("a", "one", STAMP) == [Reset()]  # who writes goes there
    assert keys(timeline) == ["90", "91", "92", "~a"]
    timeline.jump(page(range(40, 45)))
    assert keys(timeline) == ["40", "41", "42", "43", "44"] and timeline.index("~a") is None
    assert timeline.delivered("a", 93) == [] and timeline.set_online(False) == []
    assert timeline.arrived(said(93, user="alice", ident="a")) == [] and timeline.pending == 0
    timeline.attach()
    assert keys(timeline) == ["90", "91", "92", "93"]


def test_the_unread_line_is_where_it_belongs() -> None:
    timeline = away()
    timeline.mark_unread(90)
    assert timeline.unread_index is None and timeline.unread_key == "91" and not timeline.unread_above
    timeline.attach()
    assert timeline.unread_index == 1
    timeline = made(said(90))
    timeline.jump(page(range(40, 45)))
    timeline.mark_unread(41)
    assert timeline.unread_index == 2


def test_the_two_stretches_become_one_with_their_runs() -> None:
    timeline = made(joined(8, "erin"), joined(9, "frank"), said(10))
    older: list[AnyEvent] = [said(1), joined(5, "carol")]
    timeline.jump(Page(room="lobby", messages=older, more_before=False, more_after=True, through=10))
    last: list[AnyEvent] = [joined(7, "dave"), joined(8, "erin")]
    after = Page(room="lobby", messages=last, more_before=True, more_after=True, through=10)
    assert timeline.newer(after, after=5) == [Refreshed()]
    assert [row.text for row in rows(timeline)] == ["text 1", "carol, dave and 2 others joined", "text 10"]
    assert timeline.complete and timeline.attached
