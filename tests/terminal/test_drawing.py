"""Rows as lines: groups, own messages, answers, reactions, files, what became of a message; and the view of many."""

from datetime import UTC, datetime

import pytest

from chatclient.rows import Quote, Reaction, Row
from chatclient.terminal.cells import columns
from chatclient.terminal.conversation import ConversationView
from chatclient.terminal.drawing import About, lines
from chatclient.timeline import Timeline
from shared.protocol import File, Message

ALICE = About("alice")
PLAIN = Row("7", "message", 7, "bob", "Hello **there**", "09:12", False, "sent", "", "", False, True, True, "bob")


def drawn(row: Row, cells: int = 40, about: About = ALICE) -> list[str]:
    return ["".join(text for _, text in line).rstrip() for line in lines(row, cells, about)]


def styles(row: Row) -> dict[str, str]:
    return {text: style for line in lines(row, 40, ALICE) for style, text in line}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (PLAIN, ["bob  09:12", "  Hello there"]),
        (PLAIN._replace(first=False), ["  Hello there"]),
        (PLAIN._replace(own=True, user="alice"), ["You  09:12", "▏ Hello there"]),
        (PLAIN._replace(name="Bob B."), ["Bob B.  09:12", "  Hello there"]),
        (PLAIN._replace(edited=True), ["bob  09:12", "  Hello there (edited)"]),
        (PLAIN._replace(first=False, own=True, state="waiting"), ["▏ Hello there (waiting)"]),
        (PLAIN._replace(first=False, change="waiting"), ["  Hello there (saving)"]),
        (
            PLAIN._replace(first=False, own=True, state="failed", reason="No such room."),
            ["▏ Hello there", "▏ Not sent: No such room. /retry or", "▏ /discard"],
        ),
        (PLAIN._replace(first=False, text="one\ntwo"), ["  one", "  two"]),
        (PLAIN._replace(first=False, text="> said\nso\n```\nx = 1\n```"), ["  > said", "  so", "   x = 1"]),
        (PLAIN._replace(first=False, text="[here](https://a.example)"), ["  here (https://a.example)"]),
        (
            PLAIN._replace(first=False, reply=Quote(3, "carol", "carol", "Lunch at twelve?", False)),
            ["  ↳ carol: Lunch at twelve?", "  Hello there"],
        ),
        (
            PLAIN._replace(first=False, reply=Quote(3, "carol", "carol", "", True)),
            ["  ↳ a message that was deleted", "  Hello there"],
        ),
        (
            PLAIN._replace(first=False, text="", files=(File(file="c" * 64, name="cat.png", mime="", size=49_152),)),
            ["  [cat.png 48 KB]"],
        ),
        (
            PLAIN._replace(first=False, reactions=(Reaction("👍", 2, True, ()), Reaction("❤️", 1, False, ()))),
            ["  Hello there", "  👍 2  ❤ 1"],
        ),
        (PLAIN._replace(kind="action", text="waves"), ["  * bob waves 09:12"]),
        (PLAIN._replace(kind="notice", text="carol joined"), ["  · carol joined"]),
        (
            PLAIN._replace(kind="notice", text="carol, dave, erin and 12 others joined, frank left"),
            ["  · carol, dave, erin and 12 others", "    joined, frank left"],
        ),
        (PLAIN._replace(kind="tombstone", text="bob deleted a message"), ["  ✗ bob deleted a message  09:12"]),
        (PLAIN._replace(first=False, name="x" * 60), ["  Hello there"]),
    ],
)
def test_how_a_row_is_drawn(row: Row, expected: list[str]) -> None:
    assert drawn(row) == expected


def test_separators_stand_above() -> None:
    row = PLAIN._replace(day="Today", unread=True, first=False)
    assert [line.strip("─ ") for line in drawn(row)] == ["Today", "New messages", "Hello there"]
    assert all(len(line) == 40 for line in drawn(row)[:2])


def test_what_is_chosen_is_one_bar_from_side_to_side() -> None:
    row = PLAIN._replace(text="**bold** `code` @alice 上海", day="Today")
    day, *chosen = lines(row, 40, About("alice", chosen=True))
    assert [[style for style, _ in line] for line in chosen] == [["class:chosen"]] * 2
    assert {columns(line) for line in chosen} == {40} and "class:chosen" not in day[0][0]


def test_styles_of_marks_and_mentions() -> None:
    found = styles(PLAIN._replace(text="**bold** `code` @alice @carol https://a.example"))
    assert found["bold"] == "class:bold" and found["code"] == "class:code"
    assert "class:you" in found["@alice"] and "class:mention" in found["@carol"]
    assert styles(PLAIN)["bob"].startswith("class:name") and "class:own" in styles(PLAIN._replace(own=True))["You"]


@pytest.mark.parametrize("cells", [10, 23, 40, 57, 200])
def test_no_line_is_wider_than_its_place(cells: int) -> None:
    row = PLAIN._replace(
        text="A long message 上海 with `some code` and https://example.org/a/very/long/address?of=a&page=1 in it\x1b",
        name="Somebody with a rather long name",
        reply=Quote(3, "carol", "carol", "Another text that is quite long, too", False),
        files=(File(file="c" * 64, name="a file with a long name indeed.tar.gz", mime="", size=1),),
        reactions=tuple(Reaction(sign, 12, False, ()) for sign in "👍🎉🚀👀😂"),
        day="Friday, 20 November 2026",
        unread=True,
        edited=True,
    )
    found = [lines(each, cells, ALICE) for each in (row, row._replace(kind="action"), row._replace(kind="notice"))]
    assert all(columns(line) <= cells for each in found for line in each)


# --- the view ---------------------------------------------------------------------------------------------------


def timeline(count: int, first: int = 1) -> Timeline:
    made = Timeline("alice", UTC, datetime(2026, 11, 20, tzinfo=UTC).date())
    made.page(messages(first, count), more_before=False, through=first + count - 1)
    return made


def messages(first: int, count: int) -> list[Message]:
    return [
        Message(
            seq=seq, time="2026-11-20T09:12:00.000000Z", room="lobby", user="bob", id="", prev=0, text=f"number {seq}"
        )
        for seq in range(first, first + count)
    ]


def seen(view: ConversationView, height: int = 10) -> list[str]:
    return ["".join(text for _, text in line).strip() for line in view.draw(40, height)]


def view_of(count: int) -> ConversationView:
    view = ConversationView("alice")
    view.show(timeline(count))
    return view


def test_the_end_is_in_sight_and_what_comes_is_followed() -> None:
    view = view_of(100)
    assert seen(view)[-1] == "number 100" and len(seen(view)) == 10
    assert view.timeline is not None
    view.timeline.arrived(messages(101, 1)[0])
    assert seen(view)[-1] == "number 101" and view.following


def test_who_reads_further_up_stays_there() -> None:
    view = view_of(100)
    seen(view)
    view.page(-3)
    before = seen(view)
    assert before[-1] == "number 76" and not view.following
    assert view.timeline is not None
    view.timeline.arrived(messages(101, 1)[0])
    assert seen(view) == before
    view.page(9)
    assert seen(view)[-1] == "number 101" and view.following


def test_older_pages_move_nothing() -> None:
    view = ConversationView("alice")
    made = Timeline("alice", UTC, datetime(2026, 11, 20, tzinfo=UTC).date())
    made.page(messages(51, 50), more_before=True, through=100)
    view.show(made)
    seen(view)
    view.scroll(-100)
    before = seen(view)
    assert before[-1] == "number 58" and view.wants_older
    made.page(messages(1, 50), more_before=False, through=100, before=51)
    after = seen(view)
    assert after[2:] == before[2:], "the first row has lost its day and its name, and nothing else has moved"
    view.scroll(-1000)
    assert seen(view)[2] == "number 1" and not view.wants_older


def test_a_conversation_that_fits_stands_at_the_foot() -> None:
    view = view_of(3)
    assert seen(view)[-3:] == ["number 1", "number 2", "number 3"]
    view.page(-1)
    assert seen(view)[-1] == "number 3", "there is nothing to scroll"


def test_choosing_goes_through_the_messages_and_out_again() -> None:
    view = view_of(50)
    seen(view)
    for _ in range(12):
        view.choose(-1)
        seen(view)
    row = view.row()
    assert row is not None and row.text == "number 39"
    assert "number 39" in seen(view), "it is in sight"
    for _ in range(20):
        view.choose(1)
        seen(view)
    assert view.row() is None and view.following


def test_a_place_that_was_jumped_to_is_left_again() -> None:
    view = view_of(100)
    seen(view)
    view.goto("20")
    row = view.row()
    assert row is not None and row.seq == 20 and "number 20" in seen(view)
    view.to_end()
    assert seen(view)[-1] == "number 100"


def test_unread_messages_are_shown_from_the_first() -> None:
    view = ConversationView("alice")
    made = timeline(100)
    made.mark_unread(60)
    view.show(made)
    assert "New messages" in seen(view)[0] and seen(view)[1:3] == ["bob  09:12", "number 61"]
    made.mark_unread(97)
    view.show(made)
    assert seen(view)[-1] == "number 100", "what fits is shown whole"


def test_many_messages_cost_what_is_in_sight() -> None:
    view = ConversationView("alice")
    made = Timeline("alice", UTC, datetime(2026, 11, 20, tzinfo=UTC).date())
    made.page(messages(1, 20_000), more_before=False, through=20_000)
    view.show(made)
    rows = 0
    plain = made.row

    def counted(index: int) -> Row:
        nonlocal rows
        rows += 1
        return plain(index)

    made.row = counted  # type: ignore[method-assign] # it counts how often it is asked
    seen(view)
    assert 0 < rows < 60
