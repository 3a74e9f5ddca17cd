"""The words of the sidebar, the header and the title; where a window may stand; how a refusal is told."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chatclient.days import clock, local
from chatclient.desktop.captions import when
from chatclient.desktop.geometry import Screen, fitting
from chatclient.events import Rejected
from chatclient.refusals import refusal
from chatclient.zone import LocalZone

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        (None, ""),
        (datetime(2026, 11, 20, 9, 5, tzinfo=UTC), "09:05"),
        (datetime(2026, 11, 19, 23, 59, tzinfo=UTC), "Thu"),
        (datetime(2026, 11, 14, 1, 0, tzinfo=UTC), "Sat"),
        (datetime(2026, 11, 13, 23, 0, tzinfo=UTC), "13 Nov"),
        (datetime(2025, 12, 31, 1, 0, tzinfo=UTC), "31 Dec 2025"),
        (datetime(2026, 11, 20, 9, 41, tzinfo=UTC), "09:41"),
    ],
)
def test_when_something_was_said(moment: datetime | None, word: str) -> None:
    assert when(moment, NOW) == word


@pytest.mark.parametrize(
    ("remembered", "used"),
    [
        ("", "1100x720"),
        ("nonsense", "1100x720"),
        ("900x600", "900x600"),
        ("900x600+40+20", "900x600+40+20"),
        ("900x600+-20+0", "900x600+-20+0"),
        ("900x600+3000+20", "900x600"),
        ("900x600+-2000+20", "900x600"),
        ("900x600+20+1500", "900x600"),
        ("5000x5000", "1600x1000"),
        ("1x1+0+0", "360x480+0+0"),
    ],
)
def test_a_window_comes_back_where_it_can_be_seen(remembered: str, used: str) -> None:
    assert fitting(remembered, Screen(1600, 1000)) == used


@pytest.mark.parametrize(
    ("code", "invited", "field", "words"),
    [
        ("name_taken", False, "user", "alice belongs to somebody on Harbour. If that is you, sign in on your first"),
        ("bad_name", False, "user", "The server's words."),
        ("not_allowed", False, "user", "The server's words."),
        ("invite_needed", False, "server", "Harbour needs an invitation. Paste the link that you were given."),
        ("invite_needed", True, "server", "The server's words."),
        ("unsupported_protocol", False, "server", "Harbour speaks another protocol, this Parley speaks 1. Update"),
        ("rate_limited", False, "password", "The server's words."),
        ("something_new", False, "server", "The server's words."),
    ],
)
def test_a_refusal_stands_beside_its_field(code: str, invited: bool, field: str, words: str) -> None:
    at, sentence = refusal(Rejected(code, "The server's words."), "alice", "Harbour", invited=invited, password=False)
    assert at == field
    assert sentence.startswith(words)


def test_the_other_protocol_is_named() -> None:
    told = Rejected("unsupported_protocol", "You speak protocol 1, this server speaks 2.")
    assert refusal(told, "alice", "Harbour", invited=False, password=False) == (
        "server",
        "Harbour speaks protocol 2, this Parley speaks 1. Update Parley.",
    )


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [(False, ""), (True, "That password does not open alice on Harbour. Try again, or choose another name.")],
)
def test_a_password_is_asked_for_before_one_is_wrong(shown: bool, sentence: str) -> None:
    told = Rejected("bad_credentials", "The server's words.")
    assert refusal(told, "alice", "Harbour", invited=False, password=shown) == ("password", sentence)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no other zone to try")
@pytest.mark.parametrize(
    ("utc", "here"),
    [
        (datetime(2026, 1, 15, 12, 0, tzinfo=UTC), "13:00"),
        (datetime(2026, 7, 15, 12, 0, tzinfo=UTC), "14:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02:30"),
    ],
)
def test_the_clock_of_here_in_summer_and_winter(berlin: None, utc: datetime, here: str) -> None:
    moment = local(utc.timestamp(), LocalZone())
    assert clock(moment) == here
    assert moment.timestamp() == utc.timestamp()
