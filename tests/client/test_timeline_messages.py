"""Timeline: edited, deleted, answered and reacted-to messages, actions, files, and what may be done with each."""

from datetime import UTC, datetime

import pytest

from chatclient.permits import Permit
from chatclient.rows import Appended, Prepended, Reaction, Refreshed
from chatclient.timeline import Timeline
from shared.protocol import (
    AnyEvent,
    File,
    Message,
    ProfileSet,
    Reacted,
)
from tests.client.rooms import (
    CAT,
    SOON,
    TODAY,
    about,
    deleted,
    edited,
    joined,
    keys,
    made,
    message,
    only,
    paged,
    reacted,
    rows,
    said,
    texts,
)

# --- changes of messages ------------------------------------------------------------------------------------------


def test_an_edit_shows_and_says_so() -> None:
    timeline = made(message(1))
    assert timeline.arrived(edited(2, 1, "better")) == [Refreshed()]
    assert (only(timeline).text, only(timeline).edited) == ("better", True)
    assert timeline.arrived(edited(3, 9, "of what is not held")) == []
    assert only(paged(message(1, text="better", edited=SOON))) == only(timeline)


def test_what_is_deleted_is_gone() -> None:
    full = message(1, "erin", "secret", reply_to=7, files=(CAT,), reactions={"👍": ["bob"]}, edited=SOON)
    timeline = made(full)
    assert timeline.arrived(deleted(2, 1, "erin")) == [Refreshed()]
    row = only(timeline)
    assert (row.kind, row.text, row.user, row.state) == ("tombstone", "erin deleted a message", "erin", "")
    assert (row.reply, row.files, row.reactions, row.edited, row.deeds) == (None, (), (), False, frozenset())
    assert timeline.arrived(edited(3, 1, "never")) == [] and timeline.arrived(reacted(4, 1, "👍", "bob")) == []
    assert only(paged(message(1, "erin", deleted=True, deleted_by="erin"))) == row


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("erin", "erin deleted a message"),
        ("carol", "carol deleted a message of erin"),
        ("", "A message of erin was deleted"),
    ],
)
def test_who_deleted_it(by: str, text: str) -> None:
    timeline = paged(message(1, "erin", deleted=True, deleted_by=by))
    assert only(timeline).text == text
    timeline.arrived(deleted(2, 1, "carol"))  # the event says it in any case, once
    assert only(timeline).text == (text if by else "carol deleted a message of erin")


def test_what_was_missed_comes_blanked() -> None:
    timeline = made(message(1))
    for event in (
        edited(2, 1, ""),
        Message(**about(3), text="", deleted=True),
        edited(4, 3, ""),
        Reacted(**about(5), of=3, emoji="", removed=True),
    ):
        timeline.arrived(event)
    assert texts(timeline) == ["text 1", "A message of bob was deleted"] and not timeline.row(0).edited
    timeline.arrived(deleted(6, 1))
    timeline.arrived(deleted(7, 3, "carol"))
    assert texts(timeline) == ["bob deleted a message", "carol deleted a message of bob"]


def test_reactions_stand_in_order_of_first_use() -> None:
    timeline = made(message(1))
    for event in (
        reacted(2, 1, "🎉", "carol"),
        reacted(3, 1, "👍", "alice"),
        reacted(4, 1, "👍", "bob"),
        reacted(5, 1, "👍", "bob"),
    ):
        timeline.arrived(event)
    assert only(timeline).reactions == (
        Reaction("🎉", 1, False, ("carol",)),
        Reaction("👍", 2, True, ("alice", "bob")),
    )
    timeline.arrived(reacted(6, 1, "🎉", "carol", removed=True))
    timeline.arrived(reacted(7, 1, "👍", "alice", removed=True))
    timeline.arrived(reacted(8, 1, "🎉", "dave"))
    assert [(each.emoji, each.names, each.mine) for each in only(timeline).reactions] == [
        ("👍", ("bob",), False),
        ("🎉", ("dave",), False),
    ]


def test_a_change_that_a_page_has_in_it_is_not_done_again() -> None:
    """The page has seen up to 8; the events up to there come after it, as in a sync."""
    fold = {"👍": ["bob", "alice"]}
    timeline = paged(message(1, text="third", edited=SOON, reactions=fold), through=8)
    before = only(timeline)
    for event in (
        edited(2, 1, "second"),
        reacted(3, 1, "👍", "alice"),
        reacted(4, 1, "👍", "alice", removed=True),
        reacted(5, 1, "👍", "bob"),
        edited(6, 1, "third"),
        reacted(8, 1, "👍", "alice"),
    ):
        assert timeline.arrived(event) == []
        assert only(timeline) == before
    timeline.arrived(edited(9, 1, "fourth"))
    assert only(timeline).text == "fourth"


def test_a_page_that_was_made_before_a_change_came_has_it_done() -> None:
    timeline = made(message(10))
    timeline.arrived(edited(11, 5, "late"))
    timeline.page([message(5)], more_before=True, through=10)
    assert texts(timeline) == ["late", "text 10"]
    control = made(message(10))
    control.page([message(5)], more_before=True, through=10)
    assert texts(control) == ["text 5", "text 10"]


def test_a_newer_page_renews_what_it_overlaps_and_an_older_one_does_not() -> None:
    timeline = made(message(1), message(2))
    timeline.arrived(edited(3, 2, "newest"))
    timeline.page([message(2, text="stale")], more_before=True, through=2)
    assert texts(timeline) == ["text 1", "newest"]
    assert timeline.page([message(2, text="newer", edited=SOON)], more_before=True, through=9) == [Refreshed()]
    assert texts(timeline) == ["text 1", "newer"]


# --- actions, groups, files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("/me puts the kettle on", "action", "puts the kettle on"),
        ("/me ", "message", "/me "),
        ("/me", "message", "/me"),
        ("/mend it", "message", "/mend it"),
        ("say /me x", "message", "say /me x"),
    ],
)
def test_actions(text: str, kind: str, shown: str) -> None:
    row = only(made(message(1, text=text)))
    assert (row.kind, row.text, row.user) == (kind, shown, "bob")
    pending = made()
    pending.queued("a", text, SOON)
    assert (only(pending).kind, only(pending).text) == (kind, shown)


def groups(timeline: Timeline) -> list[str]:
    return [" ".join(name for name in ("first", "last") if getattr(row, name)) for row in rows(timeline)]


def test_tombstones_and_actions_break_groups_and_replies_do_not() -> None:
    timeline = made(message(1), message(2, reply_to=1), message(3))
    assert groups(timeline) == ["first", "", "last"]
    timeline.arrived(edited(4, 2, "/me waves"))
    assert groups(timeline) == ["first last"] * 3
    timeline.arrived(edited(5, 2, "no"))
    timeline.arrived(deleted(6, 2))
    assert groups(timeline) == ["first last"] * 3
    timeline = made(message(1), message(2), message(3), message(4))
    timeline.arrived(deleted(5, 2))
    timeline.arrived(deleted(6, 3))
    assert keys(timeline) == ["1", "2", "3", "4"]  # tombstones stay single rows


def test_files_show_and_those_on_their_way_become_real() -> None:
    waiting = File(file="~u1", name="cat.png", mime="image/png", size=3)
    timeline = made(message(1, files=(CAT,)))
    timeline.queued("a", "", SOON, files=(waiting,))
    assert [row.files for row in rows(timeline)] == [(CAT,), (waiting,)]
    assert timeline.row(1).deeds == frozenset()  # there is no text to copy
    assert timeline.uploaded("u1", CAT) == [Refreshed()] and timeline.uploaded("u2", CAT) == []
    assert timeline.row(1).files == (CAT,)


# --- what may be done -----------------------------------------------------------------------------------------------

OTHERS = {"reply", "react", "copy", "link", "record", "unread"}
MINE = {"reply", "react", "edit", "delete", "copy", "link", "record"}


@pytest.mark.parametrize(
    ("event", "permit", "deeds"),
    [
        (message(1), Permit(own=False), OTHERS),
        (message(1), Permit(own=False, deletes=True), OTHERS | {"delete"}),
        (message(1), Permit(own=False, muted=True), OTHERS - {"reply", "react"}),
        (message(1, "alice"), Permit(own=True), MINE),
        (message(1, "alice"), Permit(own=True, muted=True), {"delete", "copy", "link", "record"}),
        (Message(**about(1), text="", files=(CAT,)), Permit(own=False), OTHERS - {"copy"}),
        (message(1, deleted=True), Permit(own=False, deletes=True), set()),
        (joined(1, "carol"), Permit(own=False, deletes=True), set()),
    ],
)
def test_deeds(event: AnyEvent, permit: Permit, deeds: set[str]) -> None:
    timeline = Timeline("alice", UTC, TODAY, permit=lambda user: permit)
    timeline.arrived(event)
    assert only(timeline).deeds == deeds


def test_a_message_on_its_way_can_be_copied_and_no_more() -> None:
    timeline = made()
    timeline.queued("a", "one", SOON)
    assert only(timeline).deeds == {"copy"}


# --- profiles -------------------------------------------------------------------------------------------------------


def profile(seq: int, display: str, picture: str, user: str = "carol") -> ProfileSet:
    return ProfileSet(**about(seq, user), display=display, picture=picture)


def test_a_new_picture_is_no_notice() -> None:
    timeline = made(
        profile(1, "", "p1"), joined(2, "bob"), profile(3, "Carol D.", "p1"), profile(4, "Carol D.", "p2"),
        joined(5, "dave"), profile(6, "", "p2"),
    )  # fmt: skip
    sentences = ["bob joined", "carol is called Carol D. now", "dave joined", "carol goes by that name again"]
    assert texts(timeline) == sentences and timeline.first_seq == 1
    assert timeline.arrived(profile(6, "", "p2")) in ([], [Refreshed()]) and texts(timeline) == sentences


def test_an_older_page_decides_what_a_profile_changed() -> None:
    timeline = made(joined(8, "bob"), profile(9, "Carol D.", "p2"), joined(10, "dave"), said(11))
    assert texts(timeline) == ["bob joined", "carol is called Carol D. now", "dave joined", "text 11"]
    assert timeline.page([profile(5, "Carol D.", "p1")], more_before=True, through=11) == [Refreshed()]
    assert texts(timeline) == ["carol is called Carol D. now", "bob and dave joined", "text 11"]
    assert timeline.page([profile(4, "", "p1", "erin")], more_before=True, through=11) in ([], [Refreshed()])
    assert timeline.first_seq == 4 and timeline.count == 3
    assert timeline.page([said(3)], more_before=True, through=11) == [Prepended(1)]


def test_new_rows_are_still_told_as_new_rows() -> None:
    timeline = made(message(1))
    assert timeline.arrived(message(2, reply_to=1)) == [Appended(1)]
    assert timeline.arrived(message(3, text="/me waves", files=(CAT,))) == [Appended(1)]
    assert timeline.row(2).clock == datetime(2026, 11, 20, 9, tzinfo=UTC).strftime("%H:%M")
