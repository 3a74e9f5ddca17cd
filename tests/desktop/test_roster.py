"""Who is in a room, in words: groups, notes, and what a card offers."""

from datetime import UTC, datetime

import pytest

from chatclient.desktop.roster import Group, Reader, groups, muted_until, since, state_line, steps
from shared.protocol import Member, Person, Role
from shared.rights import Deed

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


def reader(online: bool = True, **people: Person) -> Reader:
    return Reader("alice", online, people, NOW)


MEMBERS = (
    Member(user="bob", state="online", role="moderator", note="On staging today"),
    Member(user="alice", state="online", role="owner"),
    Member(user="grace", state="busy", note="in a meeting until 11:00"),
    Member(user="heidi", state="busy"),
    Member(user="dave", state="away", note="Lunch"),
    Member(user="erin", seen="2026-11-19T20:00:00.000000Z"),
    Member(user="Carol", state="online"),
)


def words(found: list[Group]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(group.label, [(entry.user, entry.note) for entry in group.entries]) for group in found]


def test_groups_by_presence_each_by_name() -> None:
    assert words(groups(MEMBERS, reader())) == [
        (
            "Online, 5",
            [
                ("alice", "You"),
                ("bob", "On staging today"),
                ("Carol", ""),
                ("grace", "Busy: in a meeting until 11:00"),
                ("heidi", "Busy"),
            ],
        ),
        ("Away, 1", [("dave", "Lunch")]),
        ("Offline, 1", [("erin", "Here yesterday")]),
    ]


def test_presence_told_since_counts_more_than_the_list() -> None:
    told = reader(dave=Person(state="online", note="back"), bob=Person())
    found = dict(words(groups(MEMBERS, told)))
    assert ("dave", "back") in found["Online, 5"]
    assert ("bob", "") in found["Offline, 2"]


def test_without_a_connection_nobody_is_known() -> None:
    found = groups(MEMBERS, reader(online=False))
    assert [group.label for group in found] == ["Members, 7"]
    assert {entry.state for entry in found[0].entries} == {""}
    assert {entry.note for entry in found[0].entries} == {"", "You"}


@pytest.mark.parametrize(("wanted", "users"), [("AR", ["Carol"]), ("@gra", ["grace"]), (" ", 7), ("zz", [])])
def test_the_list_is_narrowed(wanted: str, users: list[str] | int) -> None:
    found = [entry.user for group in groups(MEMBERS, reader(), wanted) for entry in group.entries]
    assert found == users or len(found) == users


def test_a_display_name_is_found_too() -> None:
    told = reader(dave=Person(state="away", display="David Ross"))
    assert [entry.user for group in groups(MEMBERS, told, "ross") for entry in group.entries] == ["dave"]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("2026-11-20T09:02:11.000000Z", "Here at 09:02"),
        ("2026-11-19T23:59:00.000000Z", "Here yesterday"),
        ("2026-11-16T08:00:00.000000Z", "Here on Monday"),
        ("2026-11-13T08:00:00.000000Z", "Here on 13 November"),
        ("2025-03-03T08:00:00.000000Z", "Here on 3 March 2025"),
        ("", ""),
    ],
)
def test_when_somebody_was_here(seen: str, said: str) -> None:
    found = groups([Member(user="erin", seen=seen)], reader())
    assert found[0].entries[0].note == said


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-11-20T10:40:00.000000Z", "Muted until 10:40"),
        ("2026-11-21T09:40:00.000000Z", "Muted until 21 November, 09:40"),
        ("2026-11-20T09:39:59.000000Z", ""),
        ("", ""),
    ],
)
def test_a_mute_is_told_while_it_lasts(until: str, said: str) -> None:
    assert muted_until(Member(user="bob", muted_until=until), reader()) == said


def test_the_words_of_a_card() -> None:
    member = Member(user="erin", since="2026-03-03T10:00:00.000000Z", seen="2026-11-19T20:00:00.000000Z")
    assert since(member, "Harbour", reader()) == "On Harbour since 3 March 2026"
    assert since(Member(user="erin"), "Harbour", reader()) == ""
    assert state_line(member, reader()) == ("offline", "Offline, here yesterday")
    assert state_line(MEMBERS[2], reader()) == ("busy", "Busy")
    assert state_line(member, reader(online=False)) == ("", "")


@pytest.mark.parametrize(
    ("allowed", "role", "muted", "offered"),
    [
        ({"kick", "ban", "mute", "role", "unban", "topic"}, "member", "", ("mute", "promote", "kick", "ban")),
        ({"mute", "role"}, "member", "2026-11-20T10:40:00.000000Z", ("unmute", "promote")),
        ({"role"}, "moderator", "", ("demote",)),
        ({"invite", "topic"}, "member", "", ()),
    ],
)
def test_a_card_offers_what_the_rights_allow(
    allowed: set[Deed], role: Role, muted: str, offered: tuple[str, ...]
) -> None:
    assert steps(allowed, Member(user="bob", role=role, muted_until=muted), reader()) == offered
