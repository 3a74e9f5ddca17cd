"""What the search panel asks and shows."""

from datetime import UTC, datetime

import pytest

from chatclient import searching
from chatclient.searching import Query
from shared.protocol import File, Message

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def said(seq: int, room: str, text: str, time: str = "2026-11-20T09:21:00.000000Z", **more: object) -> Message:
    return Message(seq=seq, room=room, user="carol", id=f"m{seq}", time=time, text=text, **more)  # type: ignore[arg-type] # one field


@pytest.mark.parametrize(
    ("line", "wanted", "marked"),
    [
        ("7:2 crop, Cropped", "crop", ["crop", "Crop"]),
        ("die Straße und STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("die Straße", "ss", ["ß"]),
        ("我在上海住", "上海", ["上海"]),
        ("a ❤️ b", "❤", ["❤"]),
        ("two  words", "two words", []),
        ("two words", "  two   words ", ["two words"]),
        ("nothing", "", []),
        ("İstanbul", "stanbul", ["stanbul"]),
        ("un café", "café", ["café"]),
        ("un cafe\u0301!", "café", ["cafe\u0301"]),
    ],
)
def test_marks(line: str, wanted: str, marked: list[str]) -> None:
    assert [line[begin:end] for begin, end in searching.found_in(line, wanted)] == marked


def test_a_long_text_is_cut_before_its_first_mark() -> None:
    line = "word " * 100 + "needle and more"
    text, marks = searching.excerpt(line, "needle")
    assert text.startswith("…word") and [text[begin:end] for begin, end in marks] == ["needle"]
    assert marks[0][0] <= 60
    text, marks = searching.excerpt("x" * 500 + "needle", "needle")
    assert [text[begin:end] for begin, end in marks] == ["needle"] and marks[0][0] <= 60


def test_groups_keep_the_order_of_what_was_found() -> None:
    found = [said(9, "garden", "crop of beans"), said(7, "design", "crop"), said(3, "garden", "first crop")]
    groups = searching.groups(found, "crop", NOW, UTC, lambda name: name.title())
    assert [(group.room, [hit.seq for hit in group.hits]) for group in groups] == [("garden", [9, 3]), ("design", [7])]
    assert groups[0].hits[0].name == "Carol" and groups[0].hits[0].when == "Today 09:21"


def test_files_are_told_by_name() -> None:
    file = File(file="0" * 64, name="plan.pdf", mime="application/pdf", size=3)
    [group] = searching.groups([said(1, "garden", "", files=(file,))], "", NOW, UTC, str)
    assert group.hits[0].text == "plan.pdf"


def test_moments() -> None:
    assert searching.moment(datetime(2026, 11, 12, 8, 0, tzinfo=UTC), NOW) == "12 Nov"
    assert searching.moment(datetime(2025, 7, 30, 8, 0, tzinfo=UTC), NOW) == "30 Jul 2025"


@pytest.mark.parametrize(
    ("query", "ready"),
    [
        (Query(""), False),
        (Query("a"), False),
        (Query(" a "), False),
        (Query("ab"), True),
        (Query("上"), True),
        (Query("👍"), True),
        (Query("", files=True), True),
        (Query("a", files=True), False),
    ],
)
def test_from_when_on_it_is_asked(query: Query, ready: bool) -> None:
    assert query.ready is ready


def test_spans() -> None:
    assert searching.since("", NOW) is None
    assert searching.since("day", NOW) == "2026-11-20T00:00:00.000000Z"
    assert searching.since("week", NOW) == "2026-11-14T00:00:00.000000Z"
    assert searching.since("year", NOW) == "2026-01-01T00:00:00.000000Z"


def test_sentences() -> None:
    assert searching.headline(7, 3, False) == "7 messages in 3 rooms, newest first"
    assert searching.headline(1, 1, False) == "1 message in 1 room"
    assert searching.headline(50, 2, True) == "The newest 50 messages, in 2 rooms"
    assert searching.nothing(Query("crop")) == "Nothing found for “crop”. Try fewer letters."
    assert searching.nothing(Query("crop", room="x")) == "Nothing found for “crop”. Try fewer letters, or All rooms."
