"""Times as people type them: what they name, in the reader's zone, and across changes of the clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared import when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=BERLIN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-20", "2026-11-19T23:00", "2026-11-20T23:00"),
        ("today", "2026-11-19T23:00", "2026-11-20T23:00"),
        ("yesterday", "2026-11-18T23:00", "2026-11-19T23:00"),
        ("09:00", "2026-11-20T08:00", "2026-11-20T08:01"),
        ("2026-11-20T09:00", "2026-11-20T08:00", "2026-11-20T08:01"),
        ("2026-11-20 09:00:30", "2026-11-20T08:00:30", "2026-11-20T08:00:31"),
        ("2026-11-20T09:00Z", "2026-11-20T09:00", "2026-11-20T09:01"),
        ("2026-11-20T09:00-05:00", "2026-11-20T14:00", "2026-11-20T14:01"),
        ("now", "2026-11-20T08:30", "2026-11-20T08:30"),
        ("30m", "2026-11-20T08:00", "2026-11-20T08:00"),
        ("2h", "2026-11-20T06:30", "2026-11-20T06:30"),
        ("1w", "2026-11-13T08:30", "2026-11-13T08:30"),
        ("2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"),  # a day of 23 hours
        ("2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"),  # and one of 25
        ("2026-03-29T02:30", "2026-03-29T01:30", "2026-03-29T01:31"),  # no clock showed this: an hour later
    ],
)
def test_a_text_names_a_span(text: str, start: str, end: str) -> None:
    assert when.parse(text, NOW, BERLIN) == when.Span(utc(start), utc(end))


@pytest.mark.parametrize(
    "text", ["", "soon", "20.11.2026", "2026-13-01", "25:00", "9", "999999w", "2026-11-20T", "-2h"]
)
def test_what_names_nothing_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.+\.$"):
        when.parse(text, NOW, BERLIN)


def test_the_system_s_zone_follows_the_same_rules(monkeypatch: pytest.MonkeyPatch, in_zone: None) -> None:
    for moment in (datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 2, 30, fold=1)):
        assert when.from_wall(moment, None) == when.from_wall(moment, BERLIN)
