"""Timeline: quotes that follow their originals, and what the reader changed until it is stored or refused."""

from chatclient.rows import Quote, Reaction, Refreshed
from shared.protocol import Delete, Edit, File, Message, React
from tests.client.rooms import (
    CAT,
    SOON,
    about,
    deleted,
    edited,
    made,
    message,
    only,
    paged,
    reacted,
    rows,
    texts,
)

# --- quotes ---------------------------------------------------------------------------------------------------------


def test_a_quote_follows_its_original() -> None:
    timeline = made(message(1, "carol", "**one**\ntwo"), message(2, reply_to=1))
    assert timeline.row(1).reply == Quote(1, "carol", "carol", "one two", False)
    timeline.arrived(edited(3, 1, "/me sings", "carol"))
    assert timeline.row(1).reply == Quote(1, "carol", "carol", "sings", False)
    timeline.arrived(deleted(4, 1, "carol"))
    assert timeline.row(1).reply == Quote(1, "carol", "carol", "", True)


def test_a_quote_of_files_names_them() -> None:
    dog = File(file="d" * 64, name="dog.png", mime="image/png", size=3)
    timeline = made(Message(**about(1), text="", files=(CAT,)), Message(**about(2), text="", files=(CAT, dog)))
    timeline.arrived(message(3, reply_to=1))
    timeline.arrived(message(4, reply_to=2))
    assert [row.reply.text for row in rows(timeline) if row.reply] == ["cat.png", "2 files"]


def test_an_original_that_is_not_held_is_wanted() -> None:
    timeline = made(message(10, reply_to=3))
    assert timeline.wants == {3} and timeline.row(0).reply == Quote(3, "", "", "", False)
    assert timeline.quoted(3, message(3, "carol")) == [Refreshed()]
    assert timeline.wants == set() and timeline.row(0).reply == Quote(3, "carol", "carol", "text 3", False)
    assert timeline.arrived(edited(11, 3, "other", "carol")) == [Refreshed()]
    assert timeline.row(0).reply == Quote(3, "carol", "carol", "other", False)
    timeline.arrived(deleted(12, 3, "carol"))
    assert timeline.row(0).reply == Quote(3, "carol", "carol", "", True)
    nowhere = made(message(10, reply_to=3))
    nowhere.quoted(3, None)
    assert nowhere.row(0).reply == Quote(3, "", "", "", True) and not nowhere.wants


def test_pages_bring_what_they_quote() -> None:
    timeline = paged(message(10, reply_to=3), quoted=(message(3, "carol"),), through=20)
    assert not timeline.wants and timeline.row(0).reply == Quote(3, "carol", "carol", "text 3", False)
    assert timeline.arrived(edited(15, 3, "older than the page", "carol")) == []
    assert timeline.arrived(edited(21, 3, "newer", "carol")) == [Refreshed()]
    later = made(message(10, reply_to=3))
    assert later.page([message(3, "carol")], more_before=True, through=10) == [Refreshed()]  # the quote is elsewhere
    assert later.row(1).reply == Quote(3, "carol", "carol", "text 3", False) and not later.wants


# --- what the reader changed ----------------------------------------------------------------------------------------


def edit(ident: str, of: int, text: str) -> Edit:
    return Edit(id=ident, room="lobby", of=of, text=text)


def test_changes_show_at_once_and_settle() -> None:
    timeline = made(message(1, "alice"))
    assert timeline.wished(edit("a", 1, "better")) == [Refreshed()]
    row = only(timeline)
    assert (row.text, row.edited, row.change, row.state) == ("better", True, "waiting", "sent")
    assert timeline.delivered("a", 2) == [Refreshed()]
    assert (only(timeline).text, only(timeline).change) == ("better", "")
    timeline.arrived(edited(2, 1, "better", "alice", "a"))
    timeline.arrived(edited(3, 1, "from the other device", "alice"))
    assert only(timeline).text == "from the other device"
    assert timeline.delivered("a", 2) == []


def test_several_changes_of_one_message_stand_in_order() -> None:
    timeline = made(message(1, "alice"))
    timeline.wished(edit("a", 1, "second"))
    timeline.wished(edit("b", 1, "third"))
    timeline.wished(React(id="c", room="lobby", of=1, emoji="👍"))
    assert (only(timeline).text, only(timeline).reactions) == ("third", (Reaction("👍", 1, True, ("alice",)),))
    assert timeline.failed("b", "No.") == [Refreshed()]
    assert (only(timeline).text, only(timeline).change) == ("second", "waiting")
    timeline.arrived(edited(2, 1, "second", "alice", "a"))  # the echo before the ok
    assert (only(timeline).text, only(timeline).change) == ("second", "waiting")
    timeline.wished(React(id="d", room="lobby", of=1, emoji="👍", remove=True))
    assert only(timeline).reactions == ()
    timeline.wished(Delete(id="e", room="lobby", of=1))
    assert (only(timeline).kind, only(timeline).text, only(timeline).change) == (
        "tombstone", "alice deleted a message", "waiting",
    )  # fmt: skip
    timeline.failed("e", "No.")
    assert (only(timeline).kind, only(timeline).text) == ("message", "second")


def test_what_changed_nothing_is_over_with_the_ok() -> None:
    timeline = made(message(1), reacted(2, 1, "👍", "alice"))
    timeline.wished(React(id="a", room="lobby", of=1, emoji="👍"))
    timeline.delivered("a", 1)
    assert only(timeline).reactions == (Reaction("👍", 1, True, ("alice",)),)
    timeline.arrived(reacted(3, 1, "👍", "alice", removed=True))
    assert only(timeline).reactions == ()


def test_the_quote_of_a_message_that_is_being_deleted() -> None:
    timeline = made(message(1, "alice"), message(2, reply_to=1))
    timeline.wished(Delete(id="a", room="lobby", of=1))
    assert timeline.row(1).reply == Quote(1, "alice", "alice", "", True)


def test_what_waits_outlives_a_drop_and_what_was_delivered_does_not() -> None:
    timeline = made(message(1, "alice"), message(2, "alice"))
    timeline.wished(edit("a", 1, "waits"))
    timeline.wished(edit("b", 2, "done"))
    timeline.delivered("b", 9)
    timeline.drop(20)
    timeline.page([message(1, "alice"), message(2, "alice", "after that", edited=SOON)], True, 20)
    assert texts(timeline) == ["waits", "after that"]
