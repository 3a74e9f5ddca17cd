"""The model about changes of messages: previews, unread counts, what the reader changed, older places."""

from typing import get_args

import pytest

from chatclient.events import (
    Changing,
    ClientEvent,
    Delivered,
    Disconnected,
    Failed,
    Pending,
    ReadUpTo,
    Uploaded,
    UploadFailed,
    Uploading,
)
from chatclient.model import Model
from chatclient.rows import Appended, Refreshed, Reset
from shared.protocol import (
    Deleted,
    Edit,
    Edited,
    File,
    Message,
    Muted,
    Page,
    React,
    RoomState,
)
from tests.client.folded import DIRECT, about, apply, arrive, online, page, signed_in
from tests.client.scripted import TIME, message

CAT = File(file="c" * 64, name="cat.png", mime="image/png", size=3)


def edited(seq: int, of: int, text: str, user: str = "bob", room: str = "garden", ident: str = "") -> Edited:
    return Edited(**{**about(seq, user, room), "id": ident or f"x{seq}"}, of=of, text=text)


def deleted(seq: int, of: int, user: str = "bob", room: str = "garden") -> Deleted:
    return Deleted(**about(seq, user, room), of=of)


def texts(model: Model, room: str = "garden") -> list[str]:
    timeline = model.conversations[room].timeline
    return [timeline.row(i).text for i in range(timeline.count)]


def test_every_event_of_a_client_is_folded() -> None:
    assert set(online()._folds) == set(get_args(ClientEvent))


# --- previews -------------------------------------------------------------------------------------------------------


def test_a_preview_follows_its_message() -> None:
    model = online()
    talk = model.conversations[DIRECT]
    arrive(model, message(11, "bob", DIRECT, "one"), message(12, "bob", DIRECT, "**two**"))
    assert talk.preview == "two"
    assert arrive(model, edited(13, 12, "three", room=DIRECT)).sidebar and talk.preview == "three"
    arrive(model, edited(14, 11, "not the newest", room=DIRECT))
    assert talk.preview == "three"
    assert arrive(model, deleted(15, 12, room=DIRECT)).sidebar and talk.preview == "not the newest"
    arrive(model, deleted(16, 11, room=DIRECT))
    assert (talk.preview, talk.preview_time) == ("", None)
    model.page(DIRECT, page(DIRECT, message(9, "alice", DIRECT, "mine")))
    assert talk.preview == "You: mine"


@pytest.mark.parametrize(
    ("user", "text", "files", "preview"),
    [
        ("bob", "", (CAT,), "cat.png"),
        ("alice", "", (CAT,), "You: cat.png"),
        ("bob", "", (CAT, CAT, CAT), "3 files"),
        ("bob", "look", (CAT,), "look"),
        ("bob", "/me waves", (), "Bob Mason waves"),
        ("alice", "/me waves", (), "alice waves"),
        ("bob", "x" * 300, (), "x" * 199 + "…"),
    ],
)
def test_words_of_a_preview(user: str, text: str, files: tuple[File, ...], preview: str) -> None:
    model = online()
    arrive(model, Message(**about(11, user, DIRECT), text=text, files=files))
    assert model.conversations[DIRECT].preview == preview


def test_a_preview_follows_what_the_reader_changed() -> None:
    model = online()
    talk = model.conversations[DIRECT]
    arrive(model, message(11, "alice", DIRECT, "one"))
    apply(model, Changing("c", DIRECT, Edit(id="c", room=DIRECT, of=11, text="two")))
    assert talk.preview == "You: two"
    apply(model, Failed("c", DIRECT, "edit", "not_allowed", "You are muted here."))
    assert talk.preview == "You: one"


# --- unread ---------------------------------------------------------------------------------------------------------


def test_what_is_deleted_is_unread_no_longer() -> None:
    model = online()
    lobby, talk = model.conversations["lobby"], model.conversations[DIRECT]
    arrive(model, message(11, "bob", "lobby", "@alice!"), message(12, "bob", "lobby"), message(13, "bob", DIRECT))
    assert (lobby.unread, lobby.mentions, talk.unread) == (2, 1, 2)
    changes = arrive(model, deleted(14, 11, room="lobby"), deleted(15, 13, room=DIRECT))
    assert (lobby.unread, lobby.mentions, talk.unread, talk.mentions) == (1, 0, 1, 1) and changes.sidebar
    arrive(model, Message(**about(16, "bob", "lobby"), text="", deleted=True), deleted(17, 16, room="lobby"))
    assert lobby.unread == 1
    arrive(model, edited(18, 12, "@alice", room="lobby"))
    assert (lobby.unread, lobby.mentions) == (1, 0)  # an edit speaks to nobody anew


def test_of_what_is_not_held_at_most_one_goes() -> None:
    model = online()  # garden: read up to 3, four unread, one of them a mention
    garden = model.conversations["garden"]
    arrive(model, deleted(11, 5), deleted(12, 2))
    assert (garden.unread, garden.mentions) == (3, 1)
    model.page("garden", page("garden", message(7, "bob", "garden", "@alice"), message(8, "alice", "garden")))
    arrive(model, deleted(13, 7), deleted(14, 8, "alice"))
    assert (garden.unread, garden.mentions) == (2, 0)


def test_unread_from_here() -> None:
    model = online()
    model.open("garden")
    garden = model.conversations["garden"]
    model.page("garden", page("garden", *(message(seq, "bob", "garden", "@alice") for seq in (5, 6, 7, 8)), more=False))
    assert garden.unread == 0
    changes = model.unread_from("garden", 7)
    assert (garden.unread, garden.mentions, garden.first_unread) == (2, 2, "7") and changes.sidebar
    assert not changes.read  # the server's marker never goes back
    model.focus(False)
    assert not model.focus(True).read and garden.unread == 2
    assert arrive(model, edited(11, 5, "x")).read == {} and garden.unread == 2
    changes = arrive(model, message(12, "bob", "garden"))
    assert garden.unread == 0 and dict(changes.read) == {"garden": 12}
    model.unread_from("garden", 6)
    assert garden.unread == 4 and dict(model.open("garden").read) == {"garden": 12} and garden.unread == 0
    model.unread_from("garden", 12)
    model.open("lobby")
    assert garden.unread == 1
    assert model.open("garden").sidebar and garden.unread == 0 and garden.first_unread == "12"
    model.unread_from("garden", 12)
    apply(model, ReadUpTo("garden", 12))
    assert garden.unread == 0


# --- older places ---------------------------------------------------------------------------------------------------


def around(*seqs: int, after: bool = True, through: int = 10) -> Page:
    found = page("garden", *(message(seq, "bob", "garden") for seq in seqs))
    found.more_after, found.through = after, through
    return found


def test_what_comes_while_an_older_place_is_shown_is_unread() -> None:
    model = online()
    model.open("garden")
    garden = model.conversations["garden"]
    model.page("garden", around(7, 8, after=False), 0)
    assert model.reach("garden", 4) is None
    assert model.jump("garden", around(3, 4)).timelines == {"garden": [Reset()]} and not garden.timeline.attached
    changes = arrive(model, message(11, "bob", "garden"))
    assert garden.unread == 1 and not changes.read and changes.sidebar
    assert texts(model) == ["text 3", "text 4"]
    changes = model.attach("garden")
    assert garden.unread == 0 and dict(changes.read) == {"garden": 11} and garden.first_unread == "11"
    assert texts(model) == ["text 7", "text 8", "text 11"]


def test_scrolling_down_to_the_newest_reads_it() -> None:
    model = online()
    model.open("garden")
    garden = model.conversations["garden"]
    model.page("garden", around(7, 8, after=False), 0)
    model.jump("garden", around(3, 4))
    garden.loading = True
    arrive(model, message(11, "bob", "garden"))
    changes = model.page_after("garden", around(5, 6, 7), 4)
    assert changes.timelines == {"garden": [Refreshed()]} and dict(changes.read) == {"garden": 11}
    assert not garden.loading and texts(model) == [f"text {seq}" for seq in (3, 4, 5, 6, 7, 8, 11)]


def test_leaving_a_room_or_writing_leads_back_to_the_newest() -> None:
    model = online()
    model.open("garden")
    garden = model.conversations["garden"]
    model.page("garden", around(7, 8, after=False), 0)
    model.jump("garden", around(3, 4))
    model.open("lobby")
    assert garden.timeline.attached
    model.open("garden")
    model.jump("garden", around(3, 4))
    arrive(model, message(11, "bob", "garden"))
    changes = apply(model, Pending("p", "garden", "here", TIME))
    assert changes.timelines == {"garden": [Reset()]} and garden.unread == 0
    assert texts(model) == ["text 7", "text 8", "text 11", "here"]


def test_quotes_are_wanted_where_the_reader_is() -> None:
    model = online()
    arrive(model, Message(**about(11, "bob"), text="yes", reply_to=4))
    assert model.wants == set()
    model.open("garden")
    assert model.wants == {("garden", 4)}
    assert model.quoted("garden", 4, message(4, "carol", "garden")).timelines == {"garden": [Refreshed()]}
    quote = model.conversations["garden"].timeline.row(0).reply
    assert quote and (quote.name, quote.text) == ("carol", "text 4") and not model.wants
    assert not model.quoted("attic", 4, None).timelines


# --- what the reader changed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "news"),
    [
        ("edit", "Your edit was taken back: You are muted here."),
        ("delete", "Your deletion was taken back: You are muted here."),
        ("react", "Your reaction was taken back: You are muted here."),
    ],
)
def test_a_refused_change_is_taken_back_and_told(kind: str, news: str) -> None:
    model = online()
    arrive(model, message(11, "alice", "garden", "one"))
    wish = React(id="c", room="garden", of=11, emoji="👍")
    assert apply(model, Changing("c", "garden", wish)).timelines == {"garden": [Refreshed()]}
    row = model.conversations["garden"].timeline.row(0)
    assert (row.change, len(row.reactions), model.waiting) == ("waiting", 1, 1)
    changes = apply(model, Failed("c", "garden", kind, "not_allowed", "You are muted here."))
    assert changes.news == (news,) and changes.timelines == {"garden": [Refreshed()]}
    row = model.conversations["garden"].timeline.row(0)
    assert (row.change, row.reactions, model.waiting) == ("", (), 0)
    assert apply(model, Failed("x", "attic", kind, "not_member", "No.")).news


def test_a_change_waits_through_a_disconnection() -> None:
    model = online()
    arrive(model, message(11, "alice", "garden", "one"))
    apply(model, Disconnected("Gone.", 1.0))
    apply(model, Changing("c", "garden", Edit(id="c", room="garden", of=11, text="two")))
    signed_in(model, fresh=False)
    assert texts(model) == ["two"]
    apply(model, Delivered("c", "garden", 12, TIME))
    arrive(model, edited(12, 11, "two", "alice", ident="c"))
    row = model.conversations["garden"].timeline.row(0)
    assert (row.text, row.edited, row.change, model.waiting) == ("two", True, "", 0)


def test_uploads_concern_the_messages_that_bear_them() -> None:
    model = online()
    waiting = File(file="~u1", name="cat.png", mime="image/png", size=3)
    apply(model, Pending("p", "garden", "", TIME, files=(waiting,)))
    assert not apply(model, Uploading("u1", 1, 3), UploadFailed("u2", "too_large", "No.")).timelines
    assert apply(model, Uploaded("u1", CAT)).timelines == {"garden": [Refreshed()]}
    assert model.conversations["garden"].timeline.row(0).files == (CAT,)


def test_what_was_typed_is_not_lost_with_its_room() -> None:
    model = online(None, RoomState(room="lobby"))
    assert apply(model, Pending("p", "attic", "kept", TIME)).timelines == {"attic": [Appended(1)]}
    apply(model, Failed("p", "attic", "post", "not_member", "You are no longer in this room."))
    assert model.conversations["attic"].timeline.row(0).reason == "You are no longer in this room."


def test_my_last_message_is_the_newest_that_i_may_edit() -> None:
    model = online()
    assert model.my_last("garden") is None and model.my_last("attic") is None
    arrive(model, message(11, "alice", "garden", "one"), message(12, "alice", "garden", "two"), message(13, "bob"))
    apply(model, Pending("p", "garden", "not stored", TIME))
    last = model.my_last("garden")
    assert last and (last.key, last.text) == ("12", "two")
    arrive(model, deleted(14, 12, "alice"))
    last = model.my_last("garden")
    assert last and last.key == "11"
    arrive(model, Muted(**about(15, "alice"), by="bob", minutes=5))
    assert model.my_last("garden") is None
