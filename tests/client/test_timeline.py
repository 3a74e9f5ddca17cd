"""Timeline: rows, groups, separators, runs of notices, and pages."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta, timezone

import pytest

from chatclient.rows import Appended, Prepended, Refreshed, Reset, Row, TimelineChange, combined
from chatclient.timeline import Timeline
from shared.protocol import AnyEvent, Created, TopicSet
from tests.client.rooms import TODAY, joined, keys, left, made, rows, said, texts


def test_a_row_says_all_that_is_drawn() -> None:
    timeline = made(said(7, "09:12:31"), said(8, "09:13:00", "alice"))
    assert timeline.row(0) == Row(
        key="7",
        kind="message",
        seq=7,
        user="bob",
        text="text 7",
        clock="09:12",
        own=False,
        state="sent",
        reason="",
        day="Today",
        unread=False,
        first=True,
        last=True,
        name="bob",
        deeds=frozenset(("reply", "react", "copy", "link", "record", "unread")),
    )
    assert timeline.row(1).own and timeline.row(1).day == ""
    with pytest.raises(IndexError):
        timeline.row(2)


@pytest.mark.parametrize(
    ("events", "groups"),
    [
        ([said(1, "09:00:00"), said(2, "09:09:59")], ["first", "last"]),
        ([said(1, "09:00:00"), said(2, "09:10:00")], ["first last", "first last"]),
        ([said(1), said(2, user="carol")], ["first last", "first last"]),
        ([said(1), joined(2, "carol"), said(3)], ["first last", "first last", "first last"]),
        ([said(1), said(2), said(3)], ["first", "", "last"]),
        ([said(1, "23:59:00", day="2026-11-19"), said(2, "00:01:00")], ["first last", "first last"]),
    ],
)
def test_groups(events: list[AnyEvent], groups: list[str]) -> None:
    marks = [" ".join(name for name in ("first", "last") if getattr(row, name)) for row in rows(made(*events))]
    assert marks == groups


@pytest.mark.parametrize(
    ("day", "named"),
    [
        ("2026-11-20", "Today"),
        ("2026-11-19", "Yesterday"),
        ("2026-11-18", "Wednesday, 18 November 2026"),
        ("2026-01-01", "Thursday, 1 January 2026"),
        ("2026-11-21", "Saturday, 21 November 2026"),  # a clock that is ahead of ours
    ],
)
def test_days(day: str, named: str) -> None:
    assert made(said(1, day=day)).row(0).day == named


def test_days_are_the_readers() -> None:
    tokyo = timezone(timedelta(hours=9))
    timeline = Timeline("alice", tokyo, TODAY)
    timeline.arrived(said(1, "14:59:59", day="2026-11-19"))
    timeline.arrived(said(2, "15:00:00", day="2026-11-19"))
    assert [(row.day, row.clock) for row in rows(timeline)] == [("Yesterday", "23:59"), ("Today", "00:00")]
    assert timeline.set_today(date(2026, 11, 21)) == [Refreshed()]
    assert timeline.row(1).day == "Yesterday"
    assert timeline.set_today(date(2026, 11, 21)) == []


@pytest.mark.parametrize(
    ("events", "sentences"),
    [
        ([joined(1, "carol")], ["carol joined"]),
        ([joined(1, "carol", by="bob")], ["bob invited carol"]),
        ([left(1, "dave")], ["dave left"]),
        ([left(1, "dave", by="bob")], ["bob removed dave"]),
        ([joined(1, "carol"), joined(2, "dave")], ["carol and dave joined"]),
        ([joined(1, "a"), joined(2, "b"), joined(3, "c")], ["a, b and c joined"]),
        (
            [*(joined(i, name) for i, name in enumerate(("frank", "grace", "a", "b", "c"), 1)), left(6, "ivan")],
            ["frank, grace and 3 others joined, ivan left"],
        ),
        ([joined(1, "carol"), said(2), joined(3, "dave")], ["carol joined", "text 2", "dave joined"]),
        ([joined(1, "carol", day="2026-11-19"), joined(2, "dave")], ["carol joined", "dave joined"]),
    ],
)
def test_notices(events: Sequence[AnyEvent], sentences: list[str]) -> None:
    timeline = made(*events)
    assert texts(timeline) == sentences
    paged = Timeline("alice", UTC, TODAY)
    paged.page(list(events), more_before=False, through=99)
    assert rows(paged) == rows(timeline)


def test_topics_and_the_making_of_a_room_stand_alone() -> None:
    stamp = "2026-11-20T09:00:00.000000Z"
    timeline = made(
        Created(seq=1, time=stamp, room="lobby", user="alice", id="1"),
        joined(2, "carol"),
        TopicSet(seq=3, time=stamp, room="lobby", user="alice", id="3", topic="Plants"),
        TopicSet(seq=4, time=stamp, room="lobby", user="alice", id="4", topic=""),
        joined(5, "dave"),
    )
    assert texts(timeline) == [
        "alice made this room",
        "carol joined",
        "alice set the topic: Plants",
        "alice removed the topic",
        "dave joined",
    ]
    assert {row.kind for row in rows(timeline)} == {"notice"} and {row.state for row in rows(timeline)} == {""}
    direct = Timeline("alice", UTC, TODAY)
    direct.arrived(Created(seq=1, time=stamp, room="@alice,bob", user="bob", id="1"))
    assert texts(direct) == ["bob started this conversation"]


def test_what_arrives_is_appended_once() -> None:
    timeline = made()
    assert timeline.arrived(said(5)) == [Appended(1)]
    assert timeline.arrived(said(6)) == [Appended(1)]
    assert timeline.arrived(said(6)) == []
    assert timeline.arrived(joined(7, "carol")) == [Appended(1)]
    assert timeline.arrived(joined(8, "dave")) == [Refreshed()]  # the run grew, the count did not
    assert timeline.arrived(joined(7, "carol")) == []
    assert keys(timeline) == ["5", "6", "7"]
    assert [timeline.index(key) for key in ("5", "7", "8", "9", "~none")] == [0, 2, 2, None, None]


def test_what_arrives_late_goes_where_its_seq_belongs() -> None:
    timeline = made(said(10), joined(20, "carol"), joined(22, "dave"), said(30))
    for event in (said(5), said(25), said(21), joined(23, "erin")):
        assert timeline.arrived(event) == [Refreshed()]
    assert texts(timeline) == [
        "text 5",
        "text 10",
        "carol joined",
        "text 21",
        "dave and erin joined",
        "text 25",
        "text 30",
    ]
    assert timeline.newest_seq == 30 and timeline.first_seq == 5


def test_pages() -> None:
    timeline = made()
    assert timeline.page([said(10), said(11)], more_before=True, through=11) == [Reset()]
    assert timeline.page([said(8), said(9)], more_before=True, through=11) == [Prepended(2)]
    assert timeline.page([said(7), said(8), said(9)], more_before=True, through=11) == [Prepended(1)]
    assert timeline.page([], more_before=False, through=11) == [] and timeline.complete
    assert keys(timeline) == ["7", "8", "9", "10", "11"]
    assert timeline.page([said(11), said(12)], more_before=True, through=12) == [Refreshed()]
    assert keys(timeline)[-1] == "12" and timeline.complete


def test_a_page_meets_a_run() -> None:
    timeline = made(joined(10, "carol"), said(11))
    assert timeline.page([said(8), joined(9, "dave")], more_before=True, through=11) == [Prepended(1)]
    assert texts(timeline) == ["text 8", "dave and carol joined", "text 11"]
    assert timeline.index("10") == timeline.index("9") == 1


@pytest.mark.parametrize(
    ("first", "then", "both"),
    [
        ([Appended(1)], [Appended(2)], [Appended(3)]),
        ([Prepended(1)], [Prepended(2)], [Prepended(3)]),
        ([Appended(1)], [Prepended(2)], [Appended(1), Prepended(2)]),
        ([Appended(1), Prepended(1)], [Refreshed()], [Refreshed()]),
        ([Refreshed()], [Appended(1)], [Refreshed()]),
        ([Refreshed()], [Reset()], [Reset()]),
        ([Reset()], [Appended(1), Refreshed()], [Reset()]),
        ([], [], []),
    ],
)
def test_combined(first: list[TimelineChange], then: list[TimelineChange], both: list[TimelineChange]) -> None:
    assert combined(first, then) == both
