"""The model about people in rooms: who may what, who was put out, what is unread."""

from datetime import UTC, datetime

import pytest

from chatclient.events import (
    Disconnected,
    Failed,
    Pending,
)
from shared.protocol import (
    AnyEvent,
    Banned,
    Joined,
    Left,
    Member,
    MemberList,
    Muted,
    RoleSet,
    RoomState,
    Unbanned,
)
from tests.client.folded import DIRECT, NOW, ROOMS, about, apply, arrive, online, page, signed_in
from tests.client.scripted import TIME, message

# --- rights -----------------------------------------------------------------------------------------------------


def test_what_i_may_do_to_whom() -> None:
    model = online()
    assert model.rights("lobby") == {"invite", "topic"}
    model.members_listed(
        "garden",
        MemberList(
            room="garden",
            members=[
                Member(user="alice", role="moderator"),
                Member(user="bob", role="moderator"),
                Member(user="carol"),
            ],
        ),
    )
    every = {"invite", "topic", "kick", "ban", "unban", "mute", "role", "delete"}
    assert model.rights("garden") == model.rights("garden", "carol") == every
    assert model.rights("garden", "bob") == model.rights("garden", "alice") == {"invite", "topic"}
    assert model.rights(DIRECT) == frozenset()
    owner = online(owner=True)
    assert owner.rights("lobby", "bob") == every - {"kick", "ban", "unban"}


def test_roles_follow_events() -> None:
    model = online()
    garden = model.conversations["garden"]
    model.members_listed(
        "garden",
        MemberList(
            room="garden", members=[Member(user="alice", role="moderator"), Member(user="bob"), Member(user="carol")]
        ),
    )
    changes = arrive(
        model,
        RoleSet(**about(11, "bob"), by="carol", role="moderator"),
        RoleSet(**about(12, "alice"), by="carol", role="member"),
        Joined(**about(13, "dave")),
        Banned(**about(14, "carol"), by="bob"),
        Banned(**about(15, "erin"), by="bob"),
        Unbanned(**about(16, "erin"), by="bob"),
    )
    assert garden.role == "member" and changes.header == {"garden"} and changes.news == ()
    assert {name: member.role for name, member in garden.roster.items()} == {
        "alice": "member",
        "bob": "moderator",
        "dave": "member",
    }
    assert garden.members == 3  # erin, who was banned from outside, was never one of them
    assert [garden.timeline.row(i).text for i in range(garden.timeline.count)] == [
        "carol made bob a moderator",
        "carol made alice a member again",
        "dave joined",
        "bob banned carol",
        "bob banned erin",
        "bob lifted the ban of erin",
    ]


def test_a_mute_ends_with_its_time() -> None:
    model = online()
    garden = model.conversations["garden"]
    changes = arrive(model, Muted(**about(11, "alice"), by="bob", minutes=90))
    assert garden.muted_until == datetime(2026, 11, 20, 10, 42, tzinfo=UTC) and changes.header == {"garden"}
    assert garden.timeline.row(0).text == "bob muted alice for 1 hour 30 minutes"
    assert model.due == NOW + 5_400
    assert model.tick(NOW + 5_399).header == set()
    assert model.tick(NOW + 5_400).header == {"garden"} and garden.muted_until is None and model.due is None

    arrive(model, Muted(**about(12, "alice"), by="bob", minutes=5))
    arrive(model, Muted(**about(13, "alice"), by="bob", minutes=0))
    assert garden.muted_until is None
    arrive(model, Muted(**about(14, "carol"), by="alice", minutes=5))
    assert garden.muted_until is None  # not mine


def test_the_welcome_and_the_members_tell_a_mute_too() -> None:
    until = "2026-11-20T10:00:00.500000Z"
    model = online(None, RoomState(room="garden", members=3, muted_until=until))
    assert model.conversations["garden"].muted_until == datetime(2026, 11, 20, 10, tzinfo=UTC)
    model = online()
    model.members_listed(
        "garden", MemberList(room="garden", members=[Member(user="alice", muted_until=until), Member(user="bob")])
    )
    assert model.conversations["garden"].muted_until == datetime(2026, 11, 20, 10, tzinfo=UTC)
    signed_in(model, None, RoomState(room="garden", members=3), fresh=False)
    assert model.conversations["garden"].muted_until is None


@pytest.mark.parametrize(
    ("event", "news"),
    [
        (Left(**about(11, "alice"), by="bob"), ("Bob Mason removed you from garden.",)),
        (Banned(**about(11, "alice"), by="carol"), ("carol banned you from garden.",)),
        (Left(**about(11, "alice")), ()),
    ],
)
def test_put_out_the_room_goes_and_the_person_is_told(event: AnyEvent, news: tuple[str, ...]) -> None:
    model = online()
    model.open("garden")
    changes = arrive(model, event)
    assert "garden" not in model.conversations and model.current is None
    assert changes.news == news and changes.sidebar and "garden" in changes.header


# --- unread -----------------------------------------------------------------------------------------------------


def test_the_badge_counts_mentions_and_direct_messages() -> None:
    model = online()
    assert model.badge == 2
    arrive(model, message(11, "bob", DIRECT), message(12, "bob", "lobby"), message(13, "bob", "lobby", "@alice!"))
    assert model.badge == 4
    model.open(DIRECT)
    assert model.badge == 2


def test_what_was_read_elsewhere_meanwhile_does_not_count() -> None:
    model = online()
    apply(model, Disconnected("Gone.", 1.0))
    signed_in(model, None, RoomState(room="garden", members=3, last=13, read=12, unread=1), fresh=False)
    garden = model.conversations["garden"]
    assert garden.unread == 0
    arrive(model, *(message(seq, "bob", "garden") for seq in (11, 12, 13)))
    assert garden.unread == 1 and garden.read == 12


def test_the_first_unread_is_found_once_it_is_loaded() -> None:
    model = online()
    model.open("garden")
    garden = model.conversations["garden"]
    assert garden.first_unread is None and garden.unread_above
    model.page("garden", page("garden", message(7, "bob", "garden"), message(8, "bob", "garden")))
    assert garden.first_unread is None and garden.unread_above
    model.page("garden", page("garden", *(message(seq, "bob", "garden") for seq in (2, 3, 5, 6))))
    assert garden.first_unread == "5" and not garden.unread_above
    assert garden.timeline.row(garden.timeline.index("5") or 0).unread
    model.open("lobby")
    assert garden.first_unread is None and not garden.unread_above


def test_a_mute_refuses_a_post_and_keeps_its_text() -> None:
    model = online()
    apply(model, Pending("c1", "garden", "but", TIME))
    apply(model, Failed("c1", "garden", "post", "not_allowed", "You are muted in garden until 10:42."))
    assert model.conversations["garden"].timeline.row(0).reason == "You are muted in garden until 10:42."


def test_a_room_that_is_not_mine_any_more_goes_at_the_next_sign_in() -> None:
    model = online()
    model.open("garden")
    apply(model, Disconnected("Gone.", 1.0))
    changes = signed_in(model, None, ROOMS[0], ROOMS[2], fresh=False)
    assert "garden" not in model.conversations and model.current is None
    assert changes.news == ("You are not in garden any more.",) and changes.sidebar and "garden" in changes.header
    model.direct_with("erin")
    apply(model, Pending("c1", "lobby", "typed", TIME), Disconnected("Gone.", 1.0))
    assert signed_in(model, None, ROOMS[2], fresh=False).news == ()
    assert set(model.conversations) == {"lobby", DIRECT, "@alice,erin"}  # what was typed is not lost with a room
