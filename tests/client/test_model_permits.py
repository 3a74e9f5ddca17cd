"""The model about people and messages: who may do what with them, who is banned, and what people look like."""

from typing import Any

from chatclient.events import (
    Disconnected,
    PresenceChanged,
)
from chatclient.model import Model
from chatclient.rows import Refreshed
from shared.protocol import (
    Banned,
    Member,
    MemberList,
    Muted,
    Person,
    ProfileSet,
    RoleSet,
    Unbanned,
)
from tests.client.folded import DIRECT, NOW, ROOMS, about, apply, arrive, online
from tests.client.scripted import TIME, message


def texts(model: Model, room: str = "garden") -> list[str]:
    timeline = model.conversations[room].timeline
    return [timeline.row(i).text for i in range(timeline.count)]


def deeds(model: Model, seq: int, room: str = "garden") -> frozenset[str]:
    timeline = model.conversations[room].timeline
    return timeline.row(timeline.index(str(seq)) or 0).deeds


# --- permissions ----------------------------------------------------------------------------------------------------


def listed(*members: Member, banned: tuple[str, ...] = ()) -> MemberList:
    return MemberList(room="garden", members=list(members), banned=list(banned))


def test_who_may_delete_what() -> None:
    model = online()  # I moderate the garden
    arrive(model, message(11, "bob", "garden"), message(12, "alice", "lobby"), message(13, "bob", "lobby"))
    assert "delete" in deeds(model, 11) and "delete" in deeds(model, 12, "lobby")
    assert "delete" not in deeds(model, 13, "lobby")
    changes = model.members_listed(
        "garden", listed(Member(user="alice", role="moderator"), Member(user="bob", display="Bob Mason"))
    )
    assert "delete" in deeds(model, 11) and not changes.timelines
    changes = arrive(model, RoleSet(**about(14, "bob"), by="carol", role="moderator"))
    assert changes.timelines == {"garden": [Refreshed()]} and "delete" not in deeds(model, 11)
    arrive(model, RoleSet(**about(15, "bob"), by="carol", role="member"))
    assert "delete" in deeds(model, 11)
    arrive(model, RoleSet(**about(16, "alice"), by="carol", role="member"))
    assert "delete" not in deeds(model, 11)
    owner = online(owner=True)
    arrive(owner, message(11, "bob", "lobby"), message(12, "bob", DIRECT))
    assert "delete" in deeds(owner, 11, "lobby") and "delete" not in deeds(owner, 12, DIRECT)


def test_who_is_muted_may_not_change_anything_but_delete() -> None:
    model = online()
    arrive(model, message(11, "alice", "garden"), message(12, "bob", "garden"))
    assert arrive(model, Muted(**about(13, "alice"), by="bob", minutes=5)).timelines == {"garden": [Refreshed()]}
    assert deeds(model, 11) == {"delete", "copy", "link", "record"} and not deeds(model, 12) & {"reply", "react"}
    assert model.tick(NOW + 300).timelines == {"garden": [Refreshed()]}
    assert {"edit", "reply", "react"} <= deeds(model, 11)


def test_who_is_banned_is_kept_right() -> None:
    model = online()
    garden = model.conversations["garden"]
    model.members_listed("garden", listed(Member(user="alice", role="moderator"), banned=("dave",)))
    arrive(
        model,
        Banned(**about(11, "erin"), by="alice"),
        Banned(**about(12, "erin"), by="alice"),
        Unbanned(**about(13, "dave"), by="alice"),
    )
    assert garden.banned == ["erin"]
    arrive(model, RoleSet(**about(14, "alice"), by="carol", role="member"), Banned(**about(15, "bob"), by="carol"))
    assert garden.banned == []  # it is not told to members


# --- pictures -------------------------------------------------------------------------------------------------------


def test_pictures_of_people() -> None:
    model = online()
    changes = arrive(model, ProfileSet(**about(11, "bob", "lobby"), display="Bob Mason", picture="p1"))
    assert changes.people == {"bob"} and changes.sidebar and model.person("bob").picture == "p1"
    assert model.person("bob").note == "Release day" and "garden" not in changes.timelines
    assert texts(model, "lobby") == ["bob is called Bob Mason now"]
    arrive(model, ProfileSet(**about(12, "bob", "lobby"), display="Bob Mason", picture="p2"))
    assert model.person("bob").picture == "p2" and len(texts(model, "lobby")) == 1
    arrive(model, ProfileSet(**about(13, "zoe", "lobby"), display="", picture="p3"))
    assert model.person("zoe") == Person(picture="p3") and len(texts(model, "lobby")) == 1
    model.members_listed("garden", listed(Member(user="zoe"), Member(user="yan", picture="p4")))
    assert model.person("zoe") == Person() and model.person("yan").picture == "p4"


def test_since_when_somebody_is_away() -> None:
    model = online()
    away: dict[str, Any] = {"state": "away", "picture": "p", "state_since": TIME}
    apply(model, PresenceChanged({"carol": Person(**away)}))
    assert model.person("carol").state_since == TIME
    apply(model, Disconnected("Gone.", 1.0))
    assert model.person("carol") == Person(picture="p")
    assert len(ROOMS) == 3
