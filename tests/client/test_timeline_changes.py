"""Timeline: pending messages, the unread line, changes that tell the truth, and a million entries."""

import random
import tracemalloc

import pytest

from chatclient.rows import Appended, Prepended, Refreshed, Reset, Row
from chatclient.timeline import Timeline
from shared.protocol import AnyEvent, Message
from tests.client.rooms import joined, keys, made, rows, said


def test_pending_messages_stand_last_and_turn_into_stored_ones() -> None:
    timeline = made(said(1))
    stamp = "2026-11-20T09:01:00.000000Z"
    assert timeline.queued("a", "one", stamp) == [Appended(1)]
    assert timeline.queued("b", "two", stamp) == [Appended(1)]
    assert timeline.arrived(said(2)) == [Refreshed()]
    assert keys(timeline) == ["1", "2", "~a", "~b"]
    assert [row.state for row in rows(timeline)][2:] == ["sending", "sending"]
    assert timeline.row(2).own and timeline.row(2).user == "alice" and timeline.row(2).seq == 0

    assert timeline.delivered("a", 4) == [Refreshed()]
    assert timeline.row(2).state == "sent" and timeline.row(2).key == "~a"
    assert timeline.arrived(said(4, user="alice", ident="a")) == [Refreshed()]
    assert keys(timeline) == ["1", "2", "4", "~b"]
    assert timeline.index("~a") == 2 and timeline.index("~b") == 3
    assert timeline.arrived(said(5, user="alice", ident="b")) == [Refreshed()]  # the echo before the ok
    assert timeline.delivered("b", 5) == []
    assert keys(timeline) == ["1", "2", "4", "5"] and timeline.pending == 0


def test_an_echo_of_somebody_else_settles_nothing() -> None:
    timeline = made()
    timeline.queued("a", "one", "2026-11-20T09:01:00.000000Z")
    timeline.arrived(said(1, user="bob", ident="a"))
    assert keys(timeline) == ["1", "~a"]


def test_waiting_failed_and_discarded() -> None:
    timeline = made(said(1))
    for ident in ("a", "b"):
        timeline.queued(ident, ident, "2026-11-20T09:01:00.000000Z")
    assert timeline.set_online(False) == [Refreshed()] and timeline.set_online(False) == []
    assert [row.state for row in rows(timeline)] == ["sent", "waiting", "waiting"]
    assert timeline.failed("a", "The disk is full.") == [Refreshed()]
    assert (timeline.row(1).state, timeline.row(1).reason) == ("failed", "The disk is full.")
    assert timeline.discarded("a") == [Refreshed()] and timeline.discarded("a") == []
    assert keys(timeline) == ["1", "~b"]


def test_a_delivered_message_whose_echo_never_comes_goes_when_something_newer_is_there() -> None:
    for newer in ("event", "page"):
        timeline = made()
        timeline.queued("a", "one", "2026-11-20T09:01:00.000000Z")
        timeline.drop()
        timeline.delivered("a", 40)
        assert keys(timeline) == ["~a"]
        if newer == "event":
            timeline.arrived(said(50))
        else:
            timeline.page([said(49), said(50)], more_before=True, through=50)
        assert "~a" not in keys(timeline) and keys(timeline)[-1] == "50"
        assert timeline.page([said(40, user="alice", ident="a")], more_before=True, through=50) == [Prepended(1)]


def test_drop_keeps_what_is_on_its_way() -> None:
    timeline = made(said(1), said(2))
    timeline.queued("a", "one", "2026-11-20T09:01:00.000000Z")
    assert timeline.drop() == [Reset()]
    assert keys(timeline) == ["~a"] and timeline.first_seq == 0 and not timeline.complete


def unread(timeline: Timeline) -> list[str]:
    return [row.key for row in rows(timeline) if row.unread]


def test_the_unread_line_stands_above_the_first_unread_of_others() -> None:
    timeline = made(said(1), said(2, user="alice"), joined(3, "carol"), said(4, user="alice"), said(5), said(6))
    assert timeline.mark_unread(1) == [Refreshed()]
    assert unread(timeline) == ["5"] and timeline.unread_index == 4
    assert timeline.row(4).first and timeline.row(3).last
    assert timeline.mark_unread(5) == [Refreshed()] and unread(timeline) == ["6"]
    assert timeline.mark_unread(None) == [Refreshed()] and unread(timeline) == []
    assert timeline.mark_unread(6) == []
    assert timeline.arrived(said(7)) == [Appended(1)] and unread(timeline) == ["7"]
    assert timeline.arrived(said(8)) == [Appended(1)] and unread(timeline) == ["7"]


def test_the_unread_line_waits_for_the_page_that_reaches_back() -> None:
    timeline = made()
    timeline.mark_unread(7)
    timeline.page([said(10), said(11)], more_before=True, through=11)
    assert unread(timeline) == []  # 8 and 9 may be unread too
    timeline.page([said(7), said(8), said(9)], more_before=True, through=11)
    assert unread(timeline) == ["8"]
    short = made()
    short.mark_unread(0)
    short.page([said(10), said(11)], more_before=False, through=11)
    assert unread(short) == ["10"]


def test_others_after() -> None:
    timeline = made(said(5), said(6, user="alice"), joined(7, "carol"), said(8))
    assert timeline.others_after(5) == ["text 8"] and timeline.others_after(8) == []
    assert timeline.others_after(4) == ["text 5", "text 8"] and timeline.others_after(3) is None


@pytest.mark.slow
def test_changes_tell_the_truth_whatever_happens() -> None:
    """What a view holds after following Appended and Prepended, and asking again at their edges, is what is there."""
    for seed in range(60):
        chance = random.Random(seed)
        timeline, held = made(), list[Row]()
        oldest = newest = 500
        queued: list[str] = []
        for step in range(60):
            match chance.choice(["message", "joined", "page", "queue", "echo", "unread"]):
                case "message":
                    newest += chance.randint(1, 3)
                    changes = timeline.arrived(said(newest, user=chance.choice(["alice", "bob"])))
                case "joined":
                    newest += 1
                    changes = timeline.arrived(joined(newest, f"u{newest}"))
                case "page":
                    seqs = sorted(chance.sample(range(oldest - 10, oldest), 3))
                    events = [chance.choice([said(seq), joined(seq, f"u{seq}")]) for seq in seqs]
                    changes = timeline.page(events, more_before=True, through=newest)
                    oldest = seqs[0]
                case "queue":
                    queued.append(f"q{step}")
                    changes = timeline.queued(queued[-1], "text", "2026-11-20T09:01:00.000000Z")
                case "echo" if queued:
                    newest += 1
                    changes = timeline.arrived(said(newest, user="alice", ident=queued.pop(0)))
                case _:
                    changes = timeline.mark_unread(chance.choice([None, newest - 3]))
            for change in changes:
                match change:
                    case Appended(n):
                        held = held[: len(held) - 1] if held else held
                        held += [timeline.row(i) for i in range(len(held), timeline.count)]
                        assert n >= 1
                    case Prepended(n):
                        held = [timeline.row(i) for i in range(min(n + 1, timeline.count))] + held[1:]
                    case _:
                        held = rows(timeline)
            assert held == rows(timeline), (seed, step)
            stored = [row.seq for row in held if row.seq]
            assert stored == sorted(set(stored))
            assert [timeline.index(row.key) for row in held] == list(range(len(held)))


@pytest.mark.slow
def test_a_million_entries() -> None:
    timeline = made()
    stamps = [
        f"2026-11-{day:02}T{hour:02}:{minute:02}:00.000000Z"
        for day in (18, 19)
        for hour in range(24)
        for minute in range(60)
    ]
    users = ["alice", "bob", "carol", "dave"]
    size, total = 1_000, 1_000_000
    tracemalloc.start()
    try:
        for last in range(total, 0, -size):
            page: list[AnyEvent] = [
                Message(
                    seq=seq,
                    time=stamps[seq * len(stamps) // (total + 1)],
                    room="lobby",
                    user=users[seq % 4],
                    id="i",
                    text="x",
                )
                for seq in range(last - size + 1, last + 1)
            ]
            timeline.page(page, more_before=last > size, through=total)
            if timeline.count == 50 * size:  # enough to say what one costs; tracing makes all else slow
                del page
                per_entry = tracemalloc.get_traced_memory()[0] / timeline.count
                tracemalloc.stop()
    finally:
        tracemalloc.stop()
    assert timeline.count == total and timeline.complete
    assert per_entry < 150, per_entry

    chance = random.Random(1)
    for _ in range(2_000):
        i = chance.randrange(total)
        row = timeline.row(i)
        assert timeline.index(row.key) == i
    for seq in range(total + 1, total + 1_001):
        timeline.arrived(said(seq, "09:00:00"))
