"""The model: what the window shows after each of the client's events."""

from datetime import UTC, datetime

import pytest

from chatclient.events import (
    Arrived,
    ClientEvent,
    Connected,
    Connecting,
    Delivered,
    Discarded,
    Disconnected,
    Failed,
    Pending,
    ReadUpTo,
    Rejected,
)
from chatclient.model import Changes, Link, Model
from chatclient.rows import Appended, Prepended, Refreshed, Reset
from shared.protocol import (
    AnyEvent,
    Created,
    Joined,
    Left,
    Member,
    MemberList,
    Message,
    Page,
    RoomInfo,
    RoomState,
    TopicSet,
)
from tests.client.scripted import TIME, message, welcome

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC).timestamp()
ROOMS = (
    RoomState(room="lobby", topic="All of us", members=3, last=10, read=10),
    RoomState(room="Garden", members=2, last=8, read=3, unread=4, mentions=1),
    RoomState(room="@alice,bob", members=2, last=9, read=8, unread=1, with_="bob", private=True),
)


def online(*rooms: RoomState, tip: int = 10) -> Model:
    model = Model("alice", "harbour.example", UTC, NOW)
    model.apply(Connected(welcome(tip=tip, rooms=rooms or ROOMS), fresh=True), NOW)
    return model


def apply(model: Model, *events: ClientEvent | AnyEvent) -> Changes:
    told: list[ClientEvent] = [
        Arrived(event) if hasattr(event, "seq") and hasattr(event, "prev") else event for event in events
    ]  # type: ignore[arg-type,misc]  # stored events are wrapped for brevity
    return model.apply_all(told, NOW)


def joined(seq: int, user: str, room: str, by: str | None = None) -> Joined:
    return Joined(seq=seq, time=TIME, room=room, user=user, id=f"j{seq}", by=by)


def left(seq: int, user: str, room: str, by: str | None = None) -> Left:
    return Left(seq=seq, time=TIME, room=room, user=user, id=f"l{seq}", by=by)


def page(room: str, *events: AnyEvent, more: bool = True, through: int = 99) -> Page:
    return Page(room=room, messages=list(events), more_before=more, more_after=False, through=through)


def test_a_fresh_welcome_is_the_base() -> None:
    model = Model("Alice", "harbour.example", UTC, NOW)
    assert model.link == Link("connecting") and model.server == "harbour.example"
    changes = model.apply(Connected(welcome(tip=10, rooms=ROOMS), fresh=True), NOW)
    assert changes.sidebar and changes.link and changes.header == {"lobby", "Garden", "@alice,bob"}
    assert (model.me, model.server, model.link) == ("alice", "Harbour", Link("online"))
    assert [talk.name for talk in model.rooms()] == ["Garden", "lobby"]
    assert [(talk.title, talk.direct) for talk in model.directs()] == [("bob", True)]
    garden, direct = model.conversations["Garden"], model.conversations["@alice,bob"]
    assert (garden.unread, garden.mentions, garden.members) == (4, 1, 2)
    assert (direct.unread, direct.mentions) == (1, 1)
    assert not garden.complete_before and garden.timeline.count == 0


@pytest.mark.parametrize(
    ("event", "unread", "mentions"),
    [
        (message(11, "bob", "lobby", "hello"), 1, 0),
        (message(11, "bob", "lobby", "hello @ALICE"), 1, 1),
        (message(11, "bob", "lobby", "@room lunch"), 1, 1),
        (message(11, "bob", "@alice,bob", "hello"), 2, 2),
        (message(11, "alice", "lobby", "hello @alice"), 0, 0),
        (joined(11, "dave", "lobby"), 0, 0),
    ],
)
def test_unread_counts_what_others_say(event: Message | Joined, unread: int, mentions: int) -> None:
    model = online()
    changes = apply(model, event)
    talk = model.conversations[event.room]
    assert (talk.unread, talk.mentions) == (unread, mentions)
    assert changes.sidebar is (unread > 0) and event.room in changes.timelines
    assert not changes.read


def test_looking_at_a_room_clears_it_when_focused() -> None:
    model = online()
    garden = model.conversations["Garden"]
    changes = model.open("Garden")
    assert (garden.unread, garden.mentions, model.current) == (0, 0, "Garden")
    assert changes.sidebar and changes.header == {"Garden"} and dict(changes.read) == {"Garden": 8}
    assert apply(model, message(11, room="Garden")).read == {"Garden": 11} and garden.unread == 0

    model.focus(False)
    changes = apply(model, message(12, room="Garden"), message(13, room="Garden"))
    assert garden.unread == 2 and not changes.read
    assert [row.key for row in map(garden.timeline.row, range(3)) if row.unread] == ["12"]
    changes = model.focus(True)
    assert garden.unread == 0 and changes.sidebar and dict(changes.read) == {"Garden": 13}
    assert garden.timeline.unread_index == 1  # the line stays until the room is left
    model.open("lobby")
    assert garden.timeline.unread_index is None


def test_opening_unfocused_clears_nothing() -> None:
    model = online()
    model.focus(False)
    changes = model.open("Garden")
    assert model.conversations["Garden"].unread == 4 and not changes.read
    model.focus(True)
    assert model.conversations["Garden"].unread == 0
    with pytest.raises(KeyError):
        model.open("attic")
    assert model.open(None).sidebar and model.current is None


def test_the_unread_line_when_the_page_comes_later() -> None:
    model = online()
    model.open("Garden")
    events = [message(seq, room="Garden") for seq in (2, 3, 5, 6, 7, 8)]
    garden = model.conversations["Garden"]
    garden.loading = True
    changes = model.page("Garden", page("Garden", *events))
    assert changes.timelines == {"Garden": [Reset()]} and not garden.loading
    assert garden.timeline.row(garden.timeline.unread_index or 0).key == "5"
    assert model.page("Garden", page("Garden", message(1, room="Garden"), more=False)).timelines == {
        "Garden": [Prepended(1)]
    }
    assert garden.complete_before
    assert model.page("attic", page("attic")).timelines == {}


def test_previews() -> None:
    model = online()
    talk = model.conversations["@alice,bob"]
    model.page(
        talk.name, page(talk.name, message(8, "bob", talk.name, "two\nlines"), message(9, "alice", talk.name, "mine"))
    )
    assert (talk.preview, talk.preview_time) == ("You: mine", datetime(2026, 11, 20, 9, 12, tzinfo=UTC))
    apply(model, message(11, "bob", talk.name, "newer\n  words"))
    assert talk.preview == "newer words"
    model.page(talk.name, page(talk.name, message(7, "bob", talk.name, "older")))
    assert talk.preview == "newer words"


def test_directs_stand_newest_first() -> None:
    model = online()
    apply(model, message(11, "carol", "@alice,carol"), message(12, "dave", "@alice,dave"))
    assert [talk.title for talk in model.directs()] == ["dave", "carol", "bob"]
    apply(model, message(13, "bob", "@alice,bob"))
    assert [talk.title for talk in model.directs()] == ["bob", "dave", "carol"]
    erin = model.direct_with("erin")
    assert erin is model.direct_with("erin") and erin.name == "@alice,erin" and model.directs()[0] is erin
    assert model.direct_with("alice").title == "alice"


def test_a_message_of_mine_from_pending_to_stored() -> None:
    model = online()
    assert apply(model, Pending("c1", "lobby", "hello", TIME)).timelines == {"lobby": [Appended(1)]}
    assert model.waiting == 1
    timeline = model.conversations["lobby"].timeline
    assert timeline.row(0).state == "sending"
    apply(model, Disconnected("Gone.", 2.0))
    assert timeline.row(0).state == "waiting"
    apply(model, Connected(welcome(tip=10, rooms=ROOMS), fresh=False), Delivered("c1", "lobby", 11, TIME))
    assert timeline.row(0).state == "sent" and model.waiting == 0
    apply(model, message(11, "alice", "lobby", "hello", "c1"))
    assert [timeline.row(i).key for i in range(timeline.count)] == ["11"]
    apply(model, Delivered("c9", "lobby", 12, TIME))  # a join, say
    assert model.waiting == 0


def test_failed_and_retried() -> None:
    model = online()
    apply(model, Pending("c1", "lobby", "hello", TIME))
    changes = apply(model, Failed("c1", "lobby", "post", "storage_full", "The disk is full."))
    timeline = model.conversations["lobby"].timeline
    assert timeline.row(0).reason == "The disk is full." and model.waiting == 0
    assert changes.timelines == {"lobby": [Refreshed()]}
    apply(model, Discarded("c1", "lobby"), Pending("c2", "lobby", "hello", TIME))
    assert [timeline.row(i).key for i in range(timeline.count)] == ["~c2"]
    apply(model, Failed("c3", "attic", "join", "no_such_room", "There is no room called attic."))
    assert timeline.count == 1


def test_a_post_under_another_spelling_stands_once() -> None:
    model = online()
    apply(model, Pending("c1", "@Bob,alice", "hello", TIME), message(11, "alice", "@alice,bob", "hello", "c1"))
    assert model.conversations["@Bob,alice"].timeline.count == 0
    assert model.conversations["@alice,bob"].timeline.count == 1 and model.waiting == 0


@pytest.mark.parametrize("by", [None, "bob"])
def test_left_or_removed_the_room_goes_from_the_list(by: str | None) -> None:
    model = online()
    model.open("Garden")
    changes = apply(model, left(11, "alice", "Garden", by))
    assert "Garden" not in model.conversations and model.current is None
    assert changes.sidebar and "Garden" in changes.header and not changes.read
    apply(model, message(12, room="Garden"))
    assert "Garden" not in model.conversations


def test_rooms_joined_from_elsewhere_appear() -> None:
    model = online()
    stamp = {"time": TIME, "user": "alice"}
    apply(model, message(11, room="attic"), Created(seq=12, room="den", id="x", topic="Quiet", private=True, **stamp))
    apply(model, joined(13, "alice", "attic", by="bob"), Created(seq=14, room="other", id="y", time=TIME, user="bob"))
    assert [talk.name for talk in model.rooms()] == ["attic", "den", "Garden", "lobby"]
    den, attic = model.conversations["den"], model.conversations["attic"]
    assert (den.topic, den.private, den.role, den.members) == ("Quiet", True, "moderator", 1)
    assert (attic.members, attic.timeline.count) == (0, 1)  # not known yet
    changes = model.rooms_listed([RoomInfo(room="attic", topic="Dust", members=4), RoomInfo(room="far", members=9)])
    assert (attic.topic, attic.members, changes.header) == ("Dust", 4, {"attic"})
    assert not model.rooms_listed([RoomInfo(room="attic", topic="Dust", members=4)]).sidebar
    model.members_listed(
        "attic", MemberList(room="attic", members=[Member(user="alice", role="owner"), Member(user="bob")])
    )
    assert (attic.members, attic.role) == (2, "owner")


def test_members_and_topics() -> None:
    model = online()
    lobby = model.conversations["lobby"]
    changes = apply(model, joined(11, "dave", "lobby"), left(12, "bob", "lobby"), joined(13, "erin", "lobby"))
    assert lobby.members == 4 and changes.header == {"lobby"} and not changes.sidebar
    apply(model, TopicSet(seq=14, time=TIME, room="lobby", user="bob", id="t", topic="News"))
    assert lobby.topic == "News"


def test_offline_does_not_flicker() -> None:
    model = online()
    model.open("lobby")
    model.page("lobby", page("lobby", message(10)))
    changes = apply(model, Disconnected("Nothing answers.", 4.0))
    assert model.link == Link("offline", "Nothing answers.", NOW + 4) and changes.link and not changes.timelines
    apply(model, Connecting(2))
    assert model.link == Link("offline", "Nothing answers.", None)
    changes = apply(model, Connected(welcome(tip=12, rooms=ROOMS), fresh=False))
    assert changes.link and not changes.timelines and not changes.sidebar and not changes.header
    changes = apply(model, message(11), message(12))
    assert changes.timelines == {"lobby": [Appended(2)]}
    apply(model, Rejected("bad_credentials", "No."))
    assert model.link == Link("offline", "No.", None)


def test_fresh_drops_all_but_what_is_on_its_way() -> None:
    model = online()
    model.open("Garden")
    model.page("Garden", page("Garden", message(8, room="Garden")))
    model.direct_with("erin")
    apply(model, Pending("c1", "Garden", "kept", TIME), Pending("c2", "lobby", "kept too", TIME))
    rooms = (
        RoomState(room="Garden", members=5, last=20_000, read=8, unread=300),
        RoomState(room="new", members=1, last=19_000, read=19_000),
    )
    changes = apply(model, Connected(welcome(tip=20_000, epoch="e2", rooms=rooms), fresh=True))
    garden = model.conversations["Garden"]
    assert changes.timelines["Garden"] == [Reset()] and changes.sidebar
    assert [garden.timeline.row(i).key for i in range(garden.timeline.count)] == ["~c1"]
    assert (garden.members, garden.unread, model.current, model.waiting) == (5, 0, "Garden", 2)
    assert dict(changes.read) == {"Garden": 20_000}
    assert set(model.conversations) == {"Garden", "new", "lobby"}  # lobby holds what was typed
    changes = apply(model, Connected(welcome(tip=20_000, epoch="e3", rooms=rooms[1:]), fresh=True))
    assert set(model.conversations) == {"Garden", "new", "lobby"}


def test_fresh_without_the_open_room_looks_at_none() -> None:
    model = online()
    model.open("Garden")
    apply(model, Connected(welcome(tip=20_000, epoch="e2", rooms=ROOMS[:1]), fresh=True))
    assert model.current is None and set(model.conversations) == {"lobby"}


def test_read_on_another_device() -> None:
    model = online()
    garden = model.conversations["Garden"]
    model.page("Garden", page("Garden", *(message(seq, room="Garden") for seq in (3, 5, 6, 7, 8))))
    assert apply(model, ReadUpTo("Garden", 6)).sidebar and garden.unread == 2
    apply(model, ReadUpTo("Garden", 8), ReadUpTo("attic", 8))
    assert (garden.unread, garden.mentions) == (0, 0)
    talk = model.conversations["@alice,bob"]
    apply(model, ReadUpTo(talk.name, 8))
    assert talk.unread == 1  # nothing is loaded that would tell
    apply(model, ReadUpTo(talk.name, 9))
    assert talk.unread == 0


def test_midnight() -> None:
    model = online()
    apply(model, message(11))
    lobby = model.conversations["lobby"].timeline
    assert lobby.row(0).day == "Today"
    assert model.tick(NOW + 3_600).timelines == {}
    assert model.tick(NOW + 86_400).timelines == {"lobby": [Refreshed()]}
    assert lobby.row(0).day == "Yesterday"


def test_merge() -> None:
    one = Changes(True, False, {"a"}, {"a": [Appended(1)]}, {"a": 1})
    two = Changes(False, True, {"b"}, {"a": [Appended(1)], "b": [Reset()]}, {"a": 2})
    assert one.merge(two) == Changes(True, True, {"a", "b"}, {"a": [Appended(2)], "b": [Reset()]}, {"a": 2})
    assert one.timelines == {"a": [Appended(1)]}


def test_ten_thousand_events_are_folded_in_a_moment() -> None:
    model = online()
    began = datetime.now(UTC)
    events: list[ClientEvent] = [Arrived(message(seq, text="hello everyone")) for seq in range(11, 10_011)]
    assert model.apply_all(events, NOW).timelines == {"lobby": [Appended(10_000)]}
    assert (datetime.now(UTC) - began).total_seconds() < 1.0
    assert model.conversations["lobby"].unread == 10_000
