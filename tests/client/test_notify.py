"""Which messages are worth a notification, and what it says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chatclient.events import Arrived, Connected, Connecting, ReadUpTo
from chatclient.model import Model
from chatclient.notify import Level, Notification, Preferences, notification, notifications
from shared.protocol import AnyEvent, Deleted, Edited, File, Joined, Message, Person, Reacted, RoomState
from tests.client.scripted import TIME, message, welcome

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC).timestamp()
DIRECT = "@alice,bob"


def away() -> Model:
    """The reader's window is not in front."""
    model = Model("alice", "Harbour", UTC, NOW)
    rooms = (RoomState(room="lobby", members=3), RoomState(room=DIRECT, members=2, with_="bob", private=True))
    answer = welcome(rooms=rooms)
    answer.people = {"bob": Person(display="Bob Mason")}
    model.apply(Connected(answer, fresh=True), NOW)
    model.focus(False)
    return model


def told(room: str, text: str, preferences: Preferences, user: str = "bob", model: Model | None = None) -> Any:
    model = model or away()
    event = message(11, user, room, text)
    model.apply(Arrived(event), NOW)
    return notification(event, model, preferences)


@pytest.mark.parametrize(
    ("room", "level", "text", "is_told"),
    [
        ("lobby", None, "hello", False),
        ("lobby", None, "hello @alice", True),
        ("lobby", None, "@room lunch", True),
        ("lobby", None, "mail@alice.example", False),
        ("lobby", "all", "hello", True),
        ("lobby", "nothing", "hello @alice", False),
        (DIRECT, None, "hello", True),
        (DIRECT, "mentions", "hello", False),
        (DIRECT, "nothing", "hello @alice", False),
    ],
)
def test_levels(room: str, level: Level | None, text: str, is_told: bool) -> None:
    rooms: dict[str, Level] = {room: level} if level else {}
    assert (told(room, text, Preferences(rooms)) is not None) is is_told


def test_the_level_of_all_rooms_and_direct_conversations() -> None:
    assert told("lobby", "hello", Preferences(level="all"))
    assert not told("lobby", "hello @alice", Preferences(level="nothing"))
    assert told("lobby", "hello", Preferences({"lobby": "all"}, level="nothing"))
    assert told(DIRECT, "hello", Preferences(level="mentions"))
    assert not told(DIRECT, "hello", Preferences(level="nothing"))
    assert told(DIRECT, "hello", Preferences({DIRECT: "all"}, level="nothing"))


@pytest.mark.parametrize(
    ("room", "text", "hide", "expected"),
    [
        (DIRECT, "two\n  lines", False, Notification("Bob Mason", "two lines", DIRECT)),
        ("lobby", "hello @alice", False, Notification("Bob Mason in lobby", "hello @alice", "lobby")),
        (DIRECT, "my secret", True, Notification("Bob Mason", "New message", DIRECT)),
        ("lobby", "@alice secret", True, Notification("Bob Mason in lobby", "Mentioned you", "lobby")),
        ("lobby", "secret", True, Notification("Bob Mason in lobby", "New message", "lobby")),
        (DIRECT, "x" * 201, False, Notification("Bob Mason", "x" * 199 + "…", DIRECT)),
    ],
)
def test_words(room: str, text: str, hide: bool, expected: Notification) -> None:
    assert told(room, text, Preferences(level="all", hide_text=hide)) == expected


def test_nothing_is_told_in_front_of_ones_own_eyes() -> None:
    everything = Preferences(level="all")
    model = away()
    assert not told("lobby", "mine", everything, user="alice")
    assert not told("elsewhere", "not my room", everything)
    joined = Joined(seq=12, time=TIME, room="lobby", user="dave", id="j")
    assert notification(joined, model, everything) is None
    model.apply(ReadUpTo("lobby", 11), NOW)
    assert not told("lobby", "read on the other device", everything, model=model)
    model = away()
    model.focus(True)
    assert not told("lobby", "hello @alice", everything, model=model)


def test_what_comes_together_is_one_notification_for_a_room() -> None:
    model = away()
    said = [
        message(11, "bob", "lobby", "@alice one"),
        message(12, "bob", "lobby", "nothing for you"),
        message(13, "bob", DIRECT, "psst"),
        message(14, "carol", "lobby", "@alice two"),
    ]
    events = [Connecting(1), *map(Arrived, said)]
    model.apply_all(events, NOW)
    assert notifications(events, model, Preferences()) == [
        Notification("carol in lobby (2 new)", "@alice two", "lobby"),
        Notification("Bob Mason", "psst", DIRECT),
    ]


def sent(*events: AnyEvent, preferences: Preferences | None = None, hide: bool = False) -> list[Notification]:
    """What is told of these, which come together."""
    model = away()
    told_of = [Arrived(event) for event in events]
    model.apply_all(told_of, NOW)
    return notifications(told_of, model, (preferences or Preferences())._replace(hide_text=hide))


def about(seq: int, user: str, room: str = "lobby") -> dict[str, Any]:
    return {"seq": seq, "time": TIME, "room": room, "user": user, "id": f"x{seq}"}


CAT = File(file="c" * 64, name="cat.png", mime="image/png", size=3)


@pytest.mark.parametrize(
    ("text", "files", "body"),
    [
        ("", (CAT,), "sent cat.png"),
        ("", (CAT, CAT), "sent 2 files"),
        ("look", (CAT,), "look"),
        ("**bold** and `code`", (), "bold and code"),
        ("/me waves", (), "Bob Mason waves"),
    ],
)
def test_what_a_message_bears_and_does(text: str, files: tuple[File, ...], body: str) -> None:
    assert sent(Message(**about(11, "bob", DIRECT), text=text, files=files)) == [
        Notification("Bob Mason", body, DIRECT)
    ]


def test_replies_to_me_concern_me() -> None:
    mine, bobs = message(11, "alice", "lobby"), message(12, "bob", "lobby")
    to_me = Message(**about(13, "bob"), text="yes", reply_to=11)
    to_bob = Message(**about(14, "carol"), text="no", reply_to=12)
    to_nobody_knows = Message(**about(15, "carol"), text="what", reply_to=3)
    assert sent(mine, bobs, to_me, to_bob, to_nobody_knows) == [Notification("Bob Mason in lobby", "yes", "lobby")]
    assert sent(mine, to_me, hide=True) == [Notification("Bob Mason in lobby", "Replied to you", "lobby")]
    assert sent(mine, to_me, preferences=Preferences({"lobby": "nothing"})) == []


def test_what_was_deleted_meanwhile_is_not_told_and_changes_never_are() -> None:
    one, two = message(11, "bob", DIRECT, "one"), message(12, "bob", DIRECT, "two")
    assert len(sent(one, two)) == 1 and sent(one, two)[0].title == "Bob Mason (2 new)"
    assert sent(one, two, Deleted(**about(13, "bob", DIRECT), of=12)) == [Notification("Bob Mason", "one", DIRECT)]
    assert sent(one, Deleted(**about(13, "bob", DIRECT), of=11)) == []
    assert sent(Message(**about(11, "bob", DIRECT), text="", deleted=True)) == []
    mine = message(11, "alice", DIRECT)
    changes = (
        Edited(**about(12, "bob", DIRECT), of=11, text="@alice"),
        Reacted(**about(13, "bob", DIRECT), of=11, emoji="👍"),
    )
    assert sent(mine, *changes) == []
