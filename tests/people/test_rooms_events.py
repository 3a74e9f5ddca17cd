"""`Rooms` under any sequence of events at all: its guarantees R1 to R3, its snapshot, and what each event does."""

from collections.abc import Sequence
from copy import deepcopy

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.rooms import Moved, Room, Rooms
from shared.protocol import (
    AnyEvent,
    Banned,
    Created,
    Deleted,
    Edited,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    Reacted,
    RoleSet,
    TopicSet,
    Unbanned,
)
from shared.record import timestamp

START = 1_760_000_000_000_000_000
MINUTE = 60 * 10**9

people = st.sampled_from(["alice", "bob", "carol"])
rooms = st.sampled_from(["lobby", "garden", "secret"])
common = {"room": rooms, "user": people, "id": st.just("x")}
events = st.one_of(
    st.builds(Message, **common, text=st.just("hi")),
    st.builds(
        Message, room=st.just("@alice,bob"), user=st.sampled_from(["alice", "bob"]), id=st.just("x"), text=st.just("hi")
    ),
    st.builds(Created, **common, topic=st.just("t"), private=st.booleans()),
    st.builds(Joined, **common, by=st.none() | people),
    st.builds(Left, **common, by=st.none() | people),
    st.builds(TopicSet, **common, topic=st.sampled_from(["", "weeds"])),
    st.builds(Banned, **common, by=people),
    st.builds(Unbanned, **common, by=people),
    st.builds(Muted, **common, by=people, minutes=st.sampled_from([0, 1, 5, 43_200, 10**17])),
    st.builds(RoleSet, **common, by=people, role=st.sampled_from(["member", "moderator"])),
    st.builds(
        ProfileSet,
        room=st.just("lobby"),
        user=people,
        id=st.just("x"),
        display=st.sampled_from(["", "A", "B"]),
        picture=st.sampled_from(["", "ab" * 32]),
    ),
    st.builds(Edited, **common, of=st.just(1), text=st.just("ho")),
    st.builds(Deleted, **common, of=st.just(1)),
    st.builds(Reacted, **common, of=st.just(1), emoji=st.just("👍"), removed=st.booleans()),
)
stories = st.lists(st.tuples(events, st.integers(0, 3 * MINUTE)), max_size=40)


def numbered(story: Sequence[tuple[AnyEvent, int]]) -> list[AnyEvent]:
    """Copies with seq and time, as a log gives them."""
    told, now = [], START
    for seq, (event, pause) in enumerate(story, 1):
        now += pause
        told.append(msgspec.structs.replace(event, seq=seq, time=timestamp(now)))
    return told


def told(events: Sequence[AnyEvent]) -> Rooms:
    """As the server takes them in: runs of words at once."""
    rooms, place = Rooms(), 0
    while (place := rooms.apply_words(events, place)) < len(events):
        rooms.apply(events[place])
        place += 1
    return rooms


def picture(rooms: Rooms) -> tuple[object, ...]:
    everybody = ("alice", "bob", "carol")
    return (
        deepcopy(rooms.by_name),
        dict(rooms.display),
        dict(rooms.pictures),
        {name: sorted(rooms.of(name)) for name in everybody},
    )


@given(stories)
def test_the_guarantees_hold_after_every_event(story: list[tuple[AnyEvent, int]]) -> None:
    rooms = Rooms()
    inside: set[tuple[str, str]] = set()
    for event in numbered(story):
        for move in rooms.apply(event):
            assert ((move.user, move.room) in inside) != move.inside, "who moves was not there already"
            assert move.since <= event.seq and move.inside == (move.since == event.seq)
            inside ^= {(move.user, move.room)}
        for room in rooms.by_name.values():
            assert not room.members.keys() & room.banned.keys(), "R1"
            assert all(membership.role in ("member", "moderator") for membership in room.members.values()), "R2"
            assert all(membership.seq <= event.seq for membership in room.members.values())
            assert rooms.find(room.name.upper()) is room or room.direct
            assert all(until > START_TIME for until in room.muted.values())
        assert inside == {(user, room.name) for room in rooms.by_name.values() for user in room.members}, (
            "moves tell all"
        )
        assert inside == {(user, room) for user in ("alice", "bob", "carol") for room in rooms.of(user)}, "R3"
        assert all(rooms.display.values()) and all(rooms.pictures.values())
    assert max((room.last for room in rooms.by_name.values()), default=0) == len(story)


START_TIME = timestamp(START)


@given(stories, stories)
def test_a_snapshot_stands_for_the_events_before_it(
    before: list[tuple[AnyEvent, int]], after: list[tuple[AnyEvent, int]]
) -> None:
    events = numbered(before + after)
    half = told(events[: len(before)])
    loaded = Rooms.load(half.dump())
    assert picture(loaded) == picture(half)
    for event in events[len(before) :]:
        loaded.apply(event)
    assert picture(loaded) == picture(told(events)), "the same events give the same rooms, on whatever way"


@pytest.mark.parametrize(
    "snapshot",
    [
        b"",
        b"nonsense",
        msgspec.msgpack.encode({"rooms": []}),  # before there were bans and display names
        msgspec.msgpack.encode({"rooms": [{"name": "lobby", "members": {"alice": ["member", 1, START_TIME]}}]}),
        msgspec.msgpack.encode({"form": 1, "rooms": [], "display": {}}),
        msgspec.msgpack.encode({"form": 2, "rooms": [], "display": {}}),  # before there were pictures
        msgspec.msgpack.encode({"form": 4, "rooms": [], "display": {}, "pictures": {}}),
        msgspec.msgpack.encode({"form": 3, "rooms": [{"members": {}}], "display": {}, "pictures": {}}),
    ],
)
def test_another_snapshot_is_refused(snapshot: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        Rooms.load(snapshot)


# --- what each event does -------------------------------------------------------------------------------------


def garden(*more: AnyEvent, minutes: int = 1) -> Room:
    """alice's room with bob in it, and what came after, a minute apart."""
    first = [Created(room="garden", user="alice", id="1"), Joined(room="garden", user="bob", id="1")]
    return told(numbered([(event, minutes * MINUTE) for event in (*first, *more)])).by_name["garden"]


def test_roles_belong_to_those_inside() -> None:
    promoted = RoleSet(room="garden", user="bob", id="2", by="alice", role="moderator")
    assert {name: who.role for name, who in garden(promoted).members.items()} == {
        "alice": "moderator",
        "bob": "moderator",
    }
    left, back = Left(room="garden", user="bob", id="3"), Joined(room="garden", user="bob", id="4")
    assert garden(promoted, left, back).members["bob"].role == "member"
    stranger = RoleSet(room="garden", user="carol", id="2", by="alice", role="moderator")
    assert garden(stranger, Joined(room="garden", user="carol", id="1")).members["carol"].role == "member"


def test_a_ban_puts_out_and_keeps_out() -> None:
    ban = Banned(room="garden", user="bob", id="2", by="alice")
    lift = Unbanned(room="garden", user="bob", id="3", by="alice")
    back = Joined(room="garden", user="bob", id="4")
    assert "bob" not in garden(ban, back).members
    assert "bob" in garden(ban, lift, back).members
    assert "bob" in garden(Unbanned(room="garden", user="bob", id="3", by="alice")).members


def test_a_move_tells_since_when() -> None:
    rooms = Rooms()
    made, joined, left = numbered(
        [
            (Created(room="garden", user="alice", id="1"), 0),
            (Joined(room="garden", user="bob", id="1"), 0),
            (Left(room="garden", user="bob", id="2", by="alice"), 0),
        ]
    )
    moves = [*rooms.apply(made), *rooms.apply(joined), *rooms.apply(left)]
    assert moves == [
        Moved("alice", "garden", True, 1),
        Moved("bob", "garden", True, 2),
        Moved("bob", "garden", False, 2),
    ]


@pytest.mark.parametrize(("minutes", "ends"), [(1, 4), (30, 33), (43_200, 43_203)])
def test_a_mute_ends_so_many_minutes_after_its_event(minutes: int, ends: int) -> None:
    room = garden(Muted(room="garden", user="bob", id="2", by="alice", minutes=minutes))  # in minute 3
    last, over = timestamp(START + ends * MINUTE - 1000), timestamp(START + ends * MINUTE)
    assert room.muted_until("bob", last) == over
    assert room.muted_until("bob", over) == ""
    assert room.muted_until("alice", last) == ""


def test_a_mute_is_lifted_changed_and_outlasts_leaving() -> None:
    def muted(minutes: int, user: str = "bob") -> Muted:
        return Muted(room="garden", user=user, id="2", by="alice", minutes=minutes)

    left, back = Left(room="garden", user="bob", id="3"), Joined(room="garden", user="bob", id="4")
    assert garden(muted(30), left, back).muted_until("bob", START_TIME)
    assert garden(muted(30), muted(0)).muted == {}
    assert garden(muted(30), muted(1)).muted["bob"] == timestamp(START + 5 * MINUTE)
    assert garden(muted(1), muted(1, "alice"), muted(5, "alice")).muted.keys() == {"alice"}, "what is over is forgotten"
    assert garden(muted(10**17)).muted["bob"].startswith("9999-"), "beyond the calendar is for ever"


def test_display_names() -> None:
    def named(display: str) -> ProfileSet:
        return ProfileSet(room="lobby", user="bob", id="1", display=display)

    assert told(numbered([(named("Bob B."), 0)])).display == {"bob": "Bob B."}
    assert told(numbered([(named("Bob B."), 0), (named(""), 0)])).display == {}


def test_pictures() -> None:
    def shown(picture: str, display: str = "") -> ProfileSet:
        return ProfileSet(room="lobby", user="bob", id="1", display=display, picture=picture)

    both = told(numbered([(shown("ab" * 32, "Bob B."), 0)]))
    assert (both.pictures, both.display) == ({"bob": "ab" * 32}, {"bob": "Bob B."})
    assert told(numbered([(shown("ab" * 32), 0), (shown("cd" * 32), 0)])).pictures == {"bob": "cd" * 32}
    assert told(numbered([(shown("ab" * 32), 0), (shown(""), 0)])).pictures == {}


@pytest.mark.parametrize(
    "change",
    [
        Edited(room="garden", user="bob", id="2", of=2, text="ho"),
        Deleted(room="garden", user="alice", id="2", of=2),
        Reacted(room="garden", user="bob", id="2", of=2, emoji="👍"),
    ],
    ids=lambda change: type(change).__name__,
)
def test_a_change_of_a_message_changes_nothing_of_its_room_but_the_newest_seq(change: AnyEvent) -> None:
    said = Message(room="garden", user="bob", id="2", text="hi")
    plain, changed = garden(said), garden(said, change)
    assert changed.last == plain.last + 1
    changed.last = plain.last
    assert changed == plain
    made, inside = Created(room="garden", user="alice", id="1"), [said, change, said, change]
    events = numbered([(event, 0) for event in (made, *inside)])
    rooms = Rooms()
    rooms.apply(events[0])
    assert rooms.apply_words(events, 1) == len(events), "they need no stop"
