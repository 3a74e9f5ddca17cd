"""The model about people: who is here, what they are called, who writes, who has seen what."""

import pytest

from chatclient.events import (
    Arrived,
    ClientEvent,
    Disconnected,
    PresenceChanged,
    ReadBy,
    TypingChanged,
)
from chatclient.rows import Refreshed
from shared.protocol import (
    Joined,
    Left,
    Member,
    MemberList,
    Person,
    ProfileSet,
)
from tests.client.folded import DIRECT, NOW, PEOPLE, about, apply, arrive, online, page, signed_in
from tests.client.scripted import message

# --- presence and names -----------------------------------------------------------------------------------------


def test_the_welcome_says_who_is_here() -> None:
    model = online(owner=True, session="s1", has_password=True, receipts=False)
    assert (model.owner, model.session, model.has_password, model.receipts) == (True, "s1", True, False)
    assert model.presence_known and model.people == PEOPLE
    assert model.person("bob") == PEOPLE["bob"] and model.person("zoe") == Person()
    assert [model.name_of(user) for user in ("bob", "carol", "zoe")] == ["Bob Mason", "carol", "zoe"]


def test_presence_changes_for_those_who_are_named() -> None:
    model = online()
    changes = apply(model, PresenceChanged({"carol": Person(state="online"), "alice": Person(state="online")}))
    assert changes.people == {"carol"} and not changes.sidebar and not changes.timelines
    assert model.person("carol").state == "online" and model.person("bob").state == "busy"
    assert apply(model, PresenceChanged({"bob": Person(display="Bob Mason")})).sidebar  # a direct partner's row


def test_without_a_connection_nobody_is_known_to_be_here() -> None:
    model = online()
    apply(model, Disconnected("Gone.", 1.0))
    assert not model.presence_known and {person.state for person in model.people.values()} == {"offline"}
    assert model.person("bob") == Person(note="Release day", display="Bob Mason")
    changes = signed_in(model, {"alice": Person(state="online"), "bob": PEOPLE["bob"]}, fresh=False)
    assert model.presence_known and changes.people == {"alice", "bob", "carol"}
    assert model.person("bob").state == "busy" and "carol" not in model.people
    assert PEOPLE["carol"].state == "away"  # what an event bears is never altered


def test_a_new_display_name_is_drawn_everywhere() -> None:
    model = online()
    arrive(model, message(11, "bob", "garden"), message(12, "carol", "garden"))
    garden = model.conversations["garden"].timeline
    assert [garden.row(i).name for i in range(2)] == ["Bob Mason", "carol"]
    changes = arrive(model, ProfileSet(**about(13, "carol", "lobby"), display="Carol Diaz"))
    assert changes.people == {"carol"} and changes.timelines["garden"] == [Refreshed()]
    assert [garden.row(i).name for i in range(2)] == ["Bob Mason", "Carol Diaz"]
    assert model.people["carol"] == Person(state="away", display="Carol Diaz")
    assert model.conversations["lobby"].timeline.row(0).text == "carol is called Carol Diaz now"
    arrive(model, ProfileSet(**about(14, "carol", "lobby"), display=""))
    assert model.name_of("carol") == "carol"


def test_names_of_those_whose_presence_is_not_told_come_with_the_members() -> None:
    model = online()
    changes = model.members_listed(
        "lobby",
        MemberList(room="lobby", members=[Member(user="alice"), Member(user="zoe", display="Zoë", state="online")]),
    )
    assert changes.people == {"zoe"} and model.name_of("zoe") == "Zoë"
    assert "zoe" not in model.people and model.person("zoe") == Person(display="Zoë")


# --- typing -----------------------------------------------------------------------------------------------------


def test_typing_holds_for_five_seconds() -> None:
    model = online()
    assert model.due is None
    changes = apply(model, TypingChanged("garden", ("bob", "alice", "carol")))
    assert changes.typing == {"garden"} and model.typing("garden") == ("bob", "carol") and model.typing("lobby") == ()
    assert apply(model, TypingChanged("garden", ("bob", "carol")), now=NOW + 3).typing == set()
    assert model.due == NOW + 8
    assert not model.tick(NOW + 7.9).typing and model.typing("garden")
    assert model.tick(NOW + 8).typing == {"garden"} and model.typing("garden") == () and model.due is None


@pytest.mark.parametrize("end", ["told", "said", "offline", "left"])
def test_typing_ends_before_that(end: str) -> None:
    model = online()
    apply(model, TypingChanged("garden", ("bob",)))
    ends: dict[str, ClientEvent] = {
        "told": TypingChanged("garden", ()),
        "said": Arrived(message(11, "bob", "garden")),
        "offline": Disconnected("Gone.", 1.0),
        "left": Arrived(Left(**about(11, "alice"))),
    }
    assert apply(model, ends[end]).typing == {"garden"} and model.typing("garden") == ()


def test_only_who_has_spoken_stops_typing() -> None:
    model = online()
    apply(model, TypingChanged("garden", ("bob", "carol")))
    arrive(model, message(11, "bob", "garden"))
    assert model.typing("garden") == ("carol",) and model.due == NOW + 5


# --- seen -------------------------------------------------------------------------------------------------------


def test_seen_stands_under_the_newest_message_that_the_partner_has_read() -> None:
    model = online(read_by={DIRECT: {"bob": 5, "alice": 9}})
    talk = model.conversations[DIRECT]
    assert talk.read_by == {"bob": 5} and not talk.seen_row
    changes = model.page(DIRECT, page(DIRECT, *(message(seq, "alice", DIRECT) for seq in (2, 4, 6)), message(9)))
    assert changes.seen == {DIRECT} and (talk.seen_row, talk.seen_by) == ("4", ("bob",))
    assert apply(model, ReadBy(DIRECT, "bob", 9)).seen == {DIRECT} and talk.seen_row == "6"
    assert apply(model, ReadBy(DIRECT, "bob", 3)).seen == set() and talk.seen_row == "6"  # never back
    arrive(model, message(12, "alice", DIRECT))
    assert talk.seen_row == "6"
    apply(model, ReadBy(DIRECT, "bob", 12))
    assert talk.seen_row == "12"


def test_small_rooms_say_who_has_seen_it() -> None:
    model = online()
    garden = model.conversations["garden"]
    model.page("garden", page("garden", message(7, "alice", "garden"), message(8, "alice", "garden")))
    apply(model, ReadBy("garden", "carol", 8), ReadBy("garden", "bob", 8), ReadBy("garden", "dave", 7))
    assert (garden.seen_row, garden.seen_by) == ("8", ("bob", "carol"))
    assert arrive(model, Left(**about(11, "bob"))).seen == {"garden"}
    assert garden.seen_by == ("carol",)
    arrive(model, *(Joined(**about(20 + i, f"guest{i}")) for i in range(19)))
    assert garden.members == 21
    assert garden.seen_row is None


def test_who_hides_receipts_sees_none() -> None:
    model = online(read_by={DIRECT: {"bob": 9}})
    talk = model.conversations[DIRECT]
    model.page(DIRECT, page(DIRECT, message(9, "alice", DIRECT)))
    assert talk.seen_row == "9"
    assert model.prefer(False).seen == {DIRECT} and talk.seen_row is None
    apply(model, ReadBy(DIRECT, "bob", 10))
    assert talk.seen_row is None
    model.prefer(True)
    apply(model, ReadBy(DIRECT, "bob", 10))
    assert talk.seen_row == "9"
