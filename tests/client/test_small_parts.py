"""Addresses, mentions, wire times, drafts, what a message says on one line, the two-ended list."""

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chatclient import days
from chatclient.address import parse
from chatclient.drafts import full_name, short_name, sound
from chatclient.ends import Ends
from chatclient.gist import gist
from shared.errors import Refused
from shared.mentions import mentioned


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("harbour.example", "harbour.example", 12345),
        (" localhost:7000 ", "localhost", 7000),
        ("[::1]:7000", "::1", 7000),
        ("[::1]", "::1", 12345),
        ("::1", "::1", 12345),
        ("chat://harbour.example:7000", "harbour.example", 7000),
        ("chat://harbour.example/", "harbour.example", 12345),
        ("chat://[::1]:7000/garden", "::1", 7000),
    ],
)
def test_addresses(typed: str, host: str, port: int) -> None:
    assert parse(typed)[:2] == (host, port)
    assert parse(parse(typed).server)[:2] == (host, port)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "two words",
        "host:",
        "host:0",
        "host:65536",
        "host:x",
        "[::1",
        "[]",
        "a:b:c",
        "http://host",
        "chat://",
    ],
)
def test_bad_addresses(typed: str) -> None:
    with pytest.raises(Refused):
        parse(typed)


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("@alice look", True),
        ("ask @Alice.", True),
        ("(@ALICE), please", True),
        ("@\u0430lice", True),  # a Cyrillic look-alike of the same name
        ("@room: lunch", True),
        ("hello @bob and @alice!", True),
        ("alice, look", False),
        ("write to mail@alice", False),
        ("@alicette", False),
        ("@alice-b", False),
        ("@", False),
        ("@@alice", True),
        ("@" * 10_000, False),
    ],
)
def test_mentions(text: str, hit: bool) -> None:
    assert mentioned(text, "alice") is hit


def test_names_that_end_in_a_sign_are_mentioned() -> None:
    assert mentioned("@dr.who.", "dr.who.") and mentioned("@dr.who.", "dr.who") and mentioned("@मीरा!", "मीरा")


def test_times() -> None:
    moment = datetime(2026, 11, 20, 10, 12, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert days.wire_time(moment) == "2026-11-20T09:12:00.000005Z"
    assert days.seconds("2026-11-20T09:12:00.999999Z") == int(datetime(2026, 11, 20, 9, 12, tzinfo=UTC).timestamp())


def test_names_of_direct_conversations() -> None:
    for me, short, full in [("alice", "@bob", "@alice,bob"), ("bob", "@alice", "@alice,bob"), ("bob", "@bob", "@bob")]:
        assert full_name(short, me) == full_name(full, me) == full
        assert short_name(short, me) == short_name(full, me) == short
    assert full_name("lobby", "alice") == short_name("lobby", "alice") == "lobby"


@pytest.mark.parametrize(
    ("text", "longest", "line"),
    [
        ("two\n  lines", 0, "two lines"),
        ("**bold** [words](https://a.example)", 0, "bold words"),
        ("> quoted\nanswer", 0, "quoted answer"),
        ("x" * 10, 5, "xxxx…"),
        ("x" * 5, 5, "xxxxx"),
        ("y " * 10_000, 7, "y y y …"),
        ("", 0, ""),
    ],
)
def test_the_gist_of_a_text(text: str, longest: int, line: str) -> None:
    assert gist(text, (), longest) == line


def test_sound() -> None:
    assert sound("héllo 😀") == "héllo 😀" and sound("\ud83d\ude00") == "😀" and sound("a\ud83d") == "a\ufffd"


def test_two_ended_list_is_a_list() -> None:
    chance = random.Random(7)
    ends, plain = Ends[int](), list[int]()
    for step in range(3_000):
        match chance.choice(["append", "prepend", "insert", "set", "get", "get", "delete"]):
            case "append":
                ends.append(step)
                plain.append(step)
            case "prepend":
                ends.prepend([step, -step])
                plain[:0] = [step, -step]
            case "insert":
                at = chance.randint(0, len(plain))
                ends.insert(at, step)
                plain.insert(at, step)
            case "delete" if plain:
                at = chance.randrange(len(plain))
                ends.delete(at)
                del plain[at]
            case "set" if plain:
                at = chance.randrange(len(plain))
                ends[at] = plain[at] = step
            case _ if plain:
                at = chance.randrange(len(plain))
                assert ends[at] == plain[at] and ends[-1] == plain[-1]
    assert list(ends) == plain and len(ends) == len(plain)
    for bad in (len(plain), -2):
        with pytest.raises(IndexError):
            ends[bad]
