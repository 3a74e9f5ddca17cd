"""The older program's lines: what is one, what is not and why, and its twelve-hour clock over changes of the hour."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatserver.legacy_format import Line, WallClock, parse
from shared.errors import RecordError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"alice|2020-01-02|09:12 AM|hello\n", Line("alice", datetime(2020, 1, 2, 9, 12), "hello")),
        (b"alice|2020-01-02|09:12 PM|hello", Line("alice", datetime(2020, 1, 2, 21, 12), "hello")),
        (b"alice|2020-01-02|12:00 AM|midnight\r\n", Line("alice", datetime(2020, 1, 2, 0, 0), "midnight")),
        (b"alice|2020-01-02|12:59 pm|noon\n", Line("alice", datetime(2020, 1, 2, 12, 59), "noon")),
        (b"alice|2020-02-29|9:12 AM|a|b||c\n", Line("alice", datetime(2020, 2, 29, 9, 12), "a|b||c")),
        ("\ufeffzoë b|2020-01-02|09:12 AM| 😀 \n".encode(), Line("zoë b", datetime(2020, 1, 2, 9, 12), " 😀 ")),
    ],
)
def test_good_lines(raw: bytes, line: Line) -> None:
    assert parse(raw) == line


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\n", "0 bars"),
        (b"alice|2020-01-02|hello\n", "2 bars"),
        (b" |2020-01-02|09:12 AM|hello\n", "no sender"),
        (b"alice|02.01.2020|09:12 AM|hello\n", "no date"),
        (b"alice|2019-02-29|09:12 AM|hello\n", "calendar"),
        (b"alice|2020-01-02|13:12 PM|hello\n", "no time"),
        (b"alice|2020-01-02|00:12 AM|hello\n", "no time"),
        (b"alice|2020-01-02|09:12|hello\n", "no time"),
        (b"alice|2020-01-02|09:12 AM|\xff\n", "UTF-8"),
    ],
)
def test_bad_lines_say_why(raw: bytes, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        parse(raw)


def test_server_marks_notices() -> None:
    assert parse(b"Server|2020-01-02|09:12 AM|bob joined\n").notice
    assert not parse(b"server|2020-01-02|09:12 AM|bob joined\n").notice


@pytest.mark.parametrize("zone", [BERLIN, None])
def test_the_hour_that_comes_twice_is_told_apart_by_the_order_of_lines(zone: ZoneInfo | None, in_zone: None) -> None:
    clock = WallClock(zone)
    shown = [(1, 59), (2, 30), (2, 59), (2, 1), (2, 40), (3, 0)]
    instants = [clock.instant(datetime(2026, 10, 25, hour, minute)) for hour, minute in shown]
    assert [f"{instant:%H:%M}" for instant in instants] == ["23:59", "00:30", "00:59", "01:01", "01:40", "02:00"]
    assert all(instant.tzinfo is UTC for instant in instants)


def test_a_line_of_an_earlier_day_stays_where_it_is() -> None:
    clock = WallClock(BERLIN)
    clock.instant(datetime(2026, 10, 25, 12, 0))
    assert clock.instant(datetime(2026, 10, 24, 12, 0)) == datetime(2026, 10, 24, 10, 0, tzinfo=UTC)
