"""Who is here, who writes, who has read what, and the way to what is unread: in the window, with a real server."""

from collections.abc import Iterator
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.desktop import captions, sidebar, typingline
from chatclient.desktop.oneline import OneLine
from chatclient.desktop.popover import Menu
from tests.desktop.house import Friend, House, living
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


@pytest.fixture
def house(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    with living(root, server, tmp_path / "home") as made:
        yield made


def marks(house: House) -> dict[str, str]:
    """The marks in the list of direct conversations."""
    return {line.name: line.presence for line in house.chat.sidebar.rows.lines if isinstance(line, sidebar.Direct)}


def foot(house: House) -> tuple[str, str]:
    """My own mark and the words beside it."""
    state = captions.state(house.chat.model, "")
    return state.presence, state.note


def test_direct_conversations_bear_the_marks_of_who_is_here(house: House) -> None:
    carol = Friend(house.server.port, "carol")
    house.bob.do("post", "@alice", text="hello")
    carol.do("post", "@alice", text="hello")
    house.hands.until(lambda: marks(house) == {"bob": "online", "carol": "online"}, "the marks")
    house.bob.ask({"type": "status", "state": "busy", "note": "in a meeting"}, "ok")
    house.hands.until(lambda: marks(house)["bob"] == "busy", "busy")
    carol.close()
    house.hands.until(lambda: marks(house)["carol"] == "offline", "her leaving")
    house.chat.open("@alice,bob")
    assert house.chat.header.heading.topic == "Busy: in a meeting"
    assert house.chat.header.heading.presence == "busy"


def test_without_a_connection_every_mark_is_the_ring(house: House) -> None:
    house.bob.do("post", "@alice", text="hello")
    house.hands.until(lambda: marks(house) == {"bob": "online"}, "the mark")
    assert foot(house) == ("online", "Online")
    house.server.kill()
    house.hands.until(house.chat.banner.winfo_ismapped, "the banner")
    assert marks(house) == {"bob": "offline"}
    assert foot(house) == ("offline", "Offline")
    house.server.start()
    house.hands.click(house.chat.banner._retry)
    house.hands.until(lambda: foot(house)[0] == "online", "the connection", 20)


def test_the_server_says_how_many_are_here(house: House) -> None:
    house.hands.until(lambda: captions.state(house.chat.model, "place").below == "2 online", "the count")
    with_carol = Friend(house.server.port, "carol")
    house.hands.until(lambda: captions.state(house.chat.model, "place").below == "3 online", "carol")
    with_carol.close()
    house.hands.until(lambda: captions.state(house.chat.model, "place").below == "2 online", "her leaving")


def test_a_state_and_a_note_are_chosen_at_the_foot(house: House) -> None:
    house.hands.click(house.chat.sidebar.oneself)
    assert isinstance(house.app.overlay.current, Menu)
    house.hands.keys("Down", "Down", "Return")
    house.hands.until(lambda: foot(house) == ("busy", "Busy"), "the answer")
    house.hands.click(house.chat.sidebar.oneself)
    house.hands.keys("Up", "Up", "Return")
    assert isinstance(house.app.overlay.current, OneLine)
    house.hands.type("back at noon")
    house.hands.keys("Return")
    house.hands.until(lambda: foot(house) == ("busy", "Busy: back at noon"), "the note")
    members = house.bob.ask({"type": "members", "room": "lobby"}, "member_list")["members"]
    assert [(member["state"], member["note"]) for member in members if member["user"] == "alice"] == [
        ("busy", "back at noon")
    ]
    house.hands.click(house.chat.sidebar.oneself)
    house.hands.keys("Up", "Up", "Return")
    house.hands.until(lambda: foot(house) == ("busy", "Busy"), "the note's end")


def test_away_by_itself_and_back_with_the_next_key(house: House) -> None:
    oneself = house.signed_in.oneself
    house.hands.until(lambda: foot(house)[0] == "online", "the sign-in")
    oneself.prefer(0, True)
    house.hands.until(lambda: foot(house)[0] == "away", "away")
    oneself.prefer(10, True)
    house.hands.type("x")
    house.hands.until(lambda: foot(house)[0] == "online", "back")


def test_who_chose_busy_does_not_go_away(house: House) -> None:
    oneself = house.signed_in.oneself
    oneself.choose("busy")
    oneself.prefer(0, True)
    house.hands.until(lambda: foot(house)[0] == "busy", "busy")
    house.hands.settle()
    assert oneself.idle.due is None and foot(house)[0] == "busy"


# --- typing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), ""),
        (("carol",), "carol is typing"),
        (("carol", "bob"), "carol and bob are typing"),
        (("bob", "carol", "dave"), "Several people are typing"),
    ],
)
def test_who_is_typing_in_words(names: tuple[str, ...], said: str) -> None:
    assert typingline.words(names) == said


def test_the_line_says_who_writes_until_the_message_is_there(house: House) -> None:
    line = house.chat.typing
    assert not line.winfo_ismapped() and not line.moving
    house.bob.tell("typing", room="lobby")
    house.hands.until(lambda: line.winfo_ismapped() and line.said == "bob is typing", "the line")
    assert line.winfo_height() == 24 and line.moving
    house.bob.do("post", "lobby", text="there")
    house.hands.until(lambda: not line.winfo_ismapped(), "its end")
    assert not line.moving


def test_the_dots_rest_while_out_of_sight_and_when_told_to(house: House) -> None:
    line = house.chat.typing
    house.bob.tell("typing", room="lobby")
    house.hands.until(lambda: line.moving, "the dots")
    line.rest(True)
    assert not line.moving
    line.rest(False)
    assert line.moving
    house.chat.pack_forget()
    house.hands.settle()
    assert not line.moving
    house.chat.pack(fill="both", expand=True)
    house.hands.until(lambda: line.moving, "the dots again")


def test_a_room_shows_only_those_who_write_in_it(house: House) -> None:
    house.make("garden")
    house.bob.tell("typing", room="garden")
    house.hands.until(lambda: house.chat.model.typing("garden") == ("bob",), "the news")
    assert not house.chat.typing.winfo_ismapped()
    house.chat.open("garden")
    house.hands.until(house.chat.typing.winfo_ismapped, "the line")


def test_own_keys_are_told_and_commands_are_not(house: House) -> None:
    house.make("garden")
    house.hands.type("/me")
    house.hands.keys("ctrl+a", "BackSpace")
    house.chat.open("garden")
    house.hands.type("ye")
    assert house.bob.hear("typing") == {"type": "typing", "room": "garden", "users": ["alice"]}


# --- seen -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direct", "names", "said"),
    [
        (True, [], ""),
        (True, ["bob"], "Seen"),
        (False, ["bob", "carol"], "Seen by bob and carol"),
        (False, ["a", "b", "c"], "Seen by a, b and c"),
        (False, ["a", "b", "c", "d"], "Seen by a, b and 2 others"),
    ],
)
def test_seen_in_words(direct: bool, names: list[str], said: str) -> None:
    assert captions.seen(direct, names) == said


def say(house: House, text: str) -> int:
    """Type it; gives its seq."""
    house.hands.type(text)
    house.hands.keys("Return")
    house.hands.until(lambda: house.texts[-1:] == [text] and house.states[-1] == "sent", "the echo")
    assert house.chat.current is not None
    return house.chat.current.timeline.newest_seq


def test_seen_stands_under_the_newest_message_that_the_partner_read(house: House) -> None:
    house.chat.message("bob")
    first = say(house, "are you there?")
    assert "Seen" not in house.drawn
    house.bob.tell("read", room="@alice", seq=first)
    house.hands.until(lambda: "Seen" in house.drawn, "the word")
    second = say(house, "one more")
    house.bob.tell("read", room="@alice", seq=second)
    house.hands.until(lambda: house.chat.current and house.chat.current.seen_row == str(second), "the second")
    assert house.drawn.count("Seen") == 1
    house.chat.open("lobby")
    house.hands.settle()
    assert "Seen" not in house.drawn


def test_a_small_room_says_who_has_seen_it(house: House) -> None:
    seq = say(house, "hello all")
    house.bob.tell("read", room="lobby", seq=seq)
    house.hands.until(lambda: "Seen by bob" in house.drawn, "the words")


def test_who_hides_receipts_sees_none(house: House) -> None:
    house.chat.message("bob")
    seq = say(house, "are you there?")
    house.bob.tell("read", room="@alice", seq=seq)
    house.hands.until(lambda: "Seen" in house.drawn, "the word")
    house.signed_in.open_settings()
    assert house.signed_in.settings is not None
    house.signed_in.settings.show(2)
    house.hands.settle()
    house.hands.click(house.signed_in.settings.page.receipts)
    house.hands.until(lambda: not house.chat.model.receipts, "the answer")
    house.hands.keys("Escape")
    assert "Seen" not in house.drawn


# --- unread -------------------------------------------------------------------------------------------------


def test_the_way_to_the_first_unread_leads_through_all_pages(house: House) -> None:
    house.make("minutes")
    for number in range(150):
        house.bob.do("post", "minutes", text=f"line {number}")
    house.hands.until(lambda: house.chat.model.conversations["minutes"].unread == 150, "the badge")
    house.chat.open("minutes")
    house.hands.until(house.chat.unread.winfo_ismapped, "the bar")
    assert house.chat.unread.said == "150 new messages"
    house.hands.click(house.chat.unread.jump)
    house.hands.until(lambda: "New messages" in house.drawn and "line 0" in house.drawn, "the first")
    assert not house.chat.unread.winfo_ismapped()
    house.chat.view.to_bottom()
    house.hands.settle()
    assert not house.chat.unread.winfo_ismapped(), "it was reached"


def test_a_few_unread_messages_need_no_way(house: House) -> None:
    house.make("minutes")
    house.bob.do("post", "minutes", text="one")
    house.hands.until(lambda: house.chat.model.conversations["minutes"].unread == 1, "the badge")
    house.chat.open("minutes")
    house.hands.until(lambda: "New messages" in house.drawn, "the line")
    assert not house.chat.unread.winfo_ismapped()


def test_what_came_meanwhile_is_offered_to_who_comes_back(house: House) -> None:
    with house.elsewhere():
        for number in range(40):
            house.bob.do("post", "lobby", text=f"line {number}")
        house.hands.until(lambda: house.texts[-1:] == ["line 39"], "the messages")
    house.hands.until(house.chat.unread.winfo_ismapped, "the bar")
    assert house.chat.unread.said == "40 new messages"


def test_who_may_not_speak_is_told_until_when(house: House) -> None:
    house.make("garden")
    house.chat.open("garden")
    house.bob.do("mute", "garden", user="alice", minutes=5)
    house.hands.until(lambda: house.chat.composer._hint.cget("text").startswith("You can write again at"), "the hint")
    assert house.chat.composer.closed
    house.bob.do("mute", "garden", user="alice", minutes=0)
    house.hands.until(lambda: house.chat.composer._hint.cget("text") == "Message garden", "its end")
    assert not house.chat.composer.closed


def test_a_display_name_stands_wherever_the_person_does(house: House) -> None:
    house.bob.do("post", "@alice", text="hello")
    house.hands.until(lambda: marks(house) == {"bob": "online"}, "the row")
    house.chat.open("@alice,bob")
    house.bob.ask({"type": "profile", "id": "display-1", "display": "Bob Mason"}, "ok")
    house.hands.until(lambda: house.chat.header.heading.title == "Bob Mason", "the head")
    [row] = [line for line in house.chat.sidebar.rows.lines if isinstance(line, sidebar.Direct)]
    assert (row.name, row.shown) == ("bob", "Bob Mason")
    assert "Bob Mason" in house.drawn and "bob" not in house.drawn
    assert house.app.root.title() == "Bob Mason · Parley"
