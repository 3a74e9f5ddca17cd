"""The transcript: days, rooms, wrapping, and that no text can steer the reader's terminal."""

from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shared import transcript
from shared.protocol import (
    AnyEvent,
    Banned,
    Deleted,
    Edited,
    File,
    Message,
    Muted,
    ProfileSet,
    Reacted,
    RoleSet,
    Unbanned,
)
from shared.transcript import Entry, Transcript
from tests.replay.samples import EVENTS

BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 11, 20, 9, 12, tzinfo=BERLIN)


def said(text: str, user: str = "alice") -> Entry:
    return Entry(MOMENT, "general", user, text, notice=False)


def plain(*, width: int | None = None, rooms: bool = False) -> Transcript:
    return Transcript(width=width, colour=False, rooms=rooms)


def test_days_rooms_messages_and_notices() -> None:
    writer = plain(rooms=True)
    assert "".join(writer.text(transcript.entry(event, BERLIN)) for event in EVENTS) == (
        "── Thursday, 19 November 2026 ──\n"
        "#general\n"
        "09:00  alice made this room: All of us\n"
        "09:00  bob joined\n"
        "09:00  alice  hello bob\n"
        "#ops\n"
        "09:00  carol made this room\n"
        "09:01  carol  disk is full\n"
        "\n"
        "── Friday, 20 November 2026 ──\n"
        "#general\n"
        "09:12  bob  two\n"
        "            lines\n"
        "09:13  bob invited dave\n"
        "09:14  dave left\n"
        "09:15  alice set the topic: Releases\n"
        "@alice,bob\n"
        "09:16  bob  psst\n"
    )


def test_who_was_put_out_muted_and_made_what() -> None:
    common = {"time": "2026-11-20T08:00:00.000000Z", "room": "general", "user": "dave", "id": "1"}
    events = [
        Banned(**common, by="alice"),
        Unbanned(**common, by="alice"),
        Muted(**common, by="alice", minutes=10),
        Muted(**common, by="alice", minutes=0),
        RoleSet(**common, by="alice", role="moderator"),
        ProfileSet(**common, display="Dave D."),
        ProfileSet(**common, display=""),
        ProfileSet(**common, display="", picture="ab" * 32),
    ]
    assert [transcript.entry(event, BERLIN).text for event in events] == [
        "alice banned dave",
        "alice lifted the ban of dave",
        "alice muted dave for 10 min",
        "alice lifted the mute of dave",
        "alice made dave a moderator",
        "dave is shown as Dave D.",
        "dave is shown by the plain name",
        "dave is shown by the plain name, with a picture",
    ]


def test_what_became_of_messages_and_what_came_with_them() -> None:
    common = {"time": "2026-11-20T08:12:00.000000Z", "room": "general", "user": "bob", "id": "1"}
    cat = File(file="ab" * 32, name="cat\x1b[31m.png", mime="image/png", size=48213, width=640, height=480)
    notes = File(file="cd" * 32, name="notes.txt", mime="text/plain", size=12)
    events = [
        Message(**common, text="look!", reply_to=3, files=(cat, notes)),
        Message(**common, text="", files=(notes,)),
        Edited(**common, of=3, text="two\nlines"),
        Deleted(**common, of=3),
        Reacted(**common, of=3, emoji="👍"),
        Reacted(**common, of=3, emoji="👍", removed=True),
    ]
    writer = plain()
    assert "".join(writer.text(transcript.entry(event, BERLIN)) for event in events).splitlines()[1:] == [
        "09:12  bob  (to message 3)",
        "            look!",
        "            [cat\\u001B[31m.png, 48,213 bytes, 640 × 480]",
        "            [notes.txt, 12 bytes]",
        "09:12  bob  [notes.txt, 12 bytes]",
        "09:12  bob edited message 3: two",
        "       lines",
        "09:12  bob deleted message 3",
        "09:12  bob reacted to message 3 with 👍",
        "09:12  bob took 👍 back from message 3",
    ]


def test_every_event_has_its_words() -> None:
    for kind in get_args(AnyEvent):
        needed = {"by": "alice", "of": 3, "text": "t", "emoji": "👍", "minutes": 1, "role": "member", "topic": "t"}
        needed |= {"time": "2026-11-20T08:12:00.000000Z", "room": "general", "user": "bob", "id": "1", "display": ""}
        event = kind(**{name: value for name, value in needed.items() if name in kind.__struct_fields__})
        assert transcript.entry(event, BERLIN).text


def test_the_day_is_the_reader_s() -> None:
    event = Message(time="2026-11-20T23:30:00.000000Z", room="general", user="bob", id="1", text="late")
    assert plain().text(transcript.entry(event, BERLIN)).startswith("── Saturday, 21 November 2026 ──\n00:30  bob")


def test_wrapped_lines_stand_under_the_text() -> None:
    writer = plain(width=34)
    assert writer.text(said("one two three four five six seven eight")).splitlines()[1:] == [
        "09:12  alice  one two three four",
        "              five six seven eight",
    ]


@pytest.mark.parametrize(
    "text", ["a" * 50, "上海" * 30, "word " * 30, "  kept  spaces " * 4, "😀" * 40, "é" * 50, "a\n\n" + "b" * 60]
)
def test_no_line_is_wider_than_the_terminal(text: str) -> None:
    lines = plain(width=40).text(said(text)).splitlines()[1:]
    assert all(cell_len(line) <= 40 for line in lines)
    assert "".join("".join(lines).removeprefix("09:12  alice  ").split()) == "".join(text.split())


def test_colours_only_where_wanted() -> None:
    assert "\x1b[" in Transcript(width=None, colour=True, rooms=True).text(said("hello"))
    assert "\x1b" not in Transcript(width=None, colour=False, rooms=True).text(said("hello"))


@given(st.text(st.characters(codec=None), max_size=60), st.text(min_size=1, max_size=20), st.booleans())
def test_nothing_steers_the_terminal(text: str, user: str, notice: bool) -> None:
    shown = plain(width=60, rooms=True).text(Entry(MOMENT, user, user, text, notice))
    forbidden = {*map(chr, (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))} - {"\n"}
    assert not forbidden & set(shown)
    shown.encode()  # no lone surrogate either


def test_what_steers_is_shown_as_its_number() -> None:
    assert plain().text(said("a\x1b[31mb\u202ec\td", user="al\x07ice\n")).splitlines()[1] == (
        "09:12  al\\u0007ice\\u000A  a\\u001B[31mb\\u202Ec    d"
    )
