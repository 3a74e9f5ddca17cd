"""Reading a file of either format: what is given, what is skipped and why, and that a half last line is no matter."""

import io
from datetime import UTC, datetime

import pytest

from chatserver.reading import NoRooms, Reading, Selection, Skipped, UnknownFormat
from shared.transcript import Entry
from tests.replay.samples import EVENTS, history_bytes

OLDER = b"alice|2020-01-02|09:12 AM|hello\nServer|2020-01-02|09:13 AM|bob joined\nbob|2020-01-02|01:00 PM|a|b\n"


def read(data: bytes, **selection: object) -> tuple[list[str], list[tuple[int, str]]]:
    """`(the texts, the skipped lines)`."""
    found = list(Reading(io.BytesIO(data), Selection(**selection), UTC))  # type: ignore[arg-type]  # a test's shorthand
    entries = [item.text for item in found if isinstance(item, Entry)]
    return entries, [(item.number, item.why) for item in found if isinstance(item, Skipped)]


def lines_of(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


ALL = read(history_bytes(EVENTS))[0]


def test_every_event_is_given_in_order() -> None:
    assert len(ALL) == len(EVENTS)
    assert ALL[2] == "hello bob"
    assert read(history_bytes(EVENTS))[1] == []


def test_the_older_format_is_recognised_by_its_first_good_line() -> None:
    texts, skipped = read(b"# a comment\n\n" + OLDER)
    assert texts == ["hello", "bob joined", "a|b"]
    assert [number for number, _ in skipped] == [1, 2]


def test_a_half_last_line_is_left_out_quietly_wherever_it_ends() -> None:
    for data, whole in ((history_bytes(EVENTS), len(EVENTS)), (OLDER, 3)):
        end = len(data)
        start = end - len(lines_of(data)[-1])
        for cut in range(start, end):
            texts, skipped = read(data[:cut])
            assert skipped == []
            assert len(texts) in (whole - 1, whole if data is OLDER else whole - 1)
        assert len(read(data)[0]) == whole  # the control: whole, it is there


def test_nothing_but_a_half_line_is_an_empty_history() -> None:
    data = lines_of(history_bytes(EVENTS))[0]
    for cut in range(len(data)):
        assert read(data[:cut]) == ([], [])


@pytest.mark.parametrize("where", [0, 4, len(EVENTS)])
def test_one_changed_line_costs_that_line_only(where: int) -> None:
    lines = lines_of(history_bytes(EVENTS))
    lines[where] = lines[where].replace(b"2026-", b"2027-", 1)
    texts, skipped = read(b"".join(lines))
    assert skipped == [(where + 1, "its hash does not fit it and the line before it")]
    assert texts == (ALL if where == 0 else ALL[: where - 1] + ALL[where:])


@pytest.mark.parametrize("garbage", [b"\n", b"\xff\xfe\x00\n", b"x" * 3_000_000 + b"\n", b"\t~zz\n"])
def test_garbage_between_lines_costs_itself_only(garbage: bytes) -> None:
    lines = lines_of(history_bytes(EVENTS))
    texts, skipped = read(b"".join([*lines[:4], garbage, *lines[4:]]))
    assert [number for number, _ in skipped] == [5]
    assert texts == ALL


def test_a_missing_line_is_noticed() -> None:
    lines = lines_of(history_bytes(EVENTS))
    _, skipped = read(b"".join([*lines[:4], *lines[5:]]))
    assert skipped == [(5, "its hash does not fit it and the line before it")]


def test_one_room() -> None:
    assert read(history_bytes(EVENTS), room="ops")[0] == ["carol made this room", "disk is full"]
    assert read(history_bytes(EVENTS), room="@alice,bob")[0] == ["psst"]
    assert read(history_bytes(EVENTS), room="none")[0] == []


def test_since_and_until_share_no_event_and_lose_none() -> None:
    middle = datetime(2026, 11, 20, 8, 13, tzinfo=UTC)
    before, after = read(history_bytes(EVENTS), end=middle)[0], read(history_bytes(EVENTS), start=middle)[0]
    assert before + after == ALL
    assert after[0] == "bob invited dave"
    assert read(OLDER, start=datetime(2020, 1, 2, 9, 13, tzinfo=UTC), end=datetime(2020, 1, 2, 13, tzinfo=UTC))[0] == [
        "bob joined"
    ]


def test_what_is_no_history_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        read(b"hello\nworld\n")
    with pytest.raises(UnknownFormat):
        read(b"\n" * 5_000 + OLDER)


def test_rooms_of_a_file_without_rooms_are_refused() -> None:
    with pytest.raises(NoRooms):
        read(OLDER, room="general")
