"""The window with a real server: talking, moving about, going away and coming back."""

from collections.abc import Iterator
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.address import parse
from chatclient.desktop import weblinks
from chatclient.desktop.app import App, Options
from chatclient.desktop.card import Card
from chatclient.desktop.dialogs import CreateRoom
from chatclient.desktop.keys import Keys
from chatclient.desktop.lists import JoinRoom, MessagePerson
from chatclient.desktop.popover import Menu
from chatclient.desktop.switcher import Switcher
from chatclient.keep import Keep
from tests.desktop.house import Friend, House
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


@pytest.fixture
def house(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    root.geometry("1100x720+0+0")
    friend = Friend(server.port, "bob")
    keep = Keep(tmp_path / "home")
    app = App(root, keep, Options(server=parse(f"127.0.0.1:{server.port}"), user="alice"))
    yield House(app, server, friend, keep)
    app._bridge.close()
    friend.close()


def test_what_is_typed_is_said_and_heard(house: House) -> None:
    house.hands.type("Morning!")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["sent"], "the echo")
    house.bob.do("post", "lobby", text="Coffee is on")
    house.hands.until(lambda: house.texts == ["Morning!", "Coffee is on"], "the answer")
    assert house.chat.composer.content == ""
    assert not house.chat.empty.winfo_ismapped()


def test_an_empty_room_says_so_until_something_is_said(house: House) -> None:
    house.hands.until(house.chat.empty.winfo_ismapped, "the empty room")
    house.bob.do("post", "lobby", text="first")
    house.hands.until(lambda: not house.chat.empty.winfo_ismapped(), "the conversation")


def test_a_room_is_made_and_opened(house: House) -> None:
    house.hands.keys("ctrl+k")
    assert isinstance(house.app.overlay.current, Switcher)
    house.hands.type("kitchen")
    house.hands.keys("Return")
    dialog = house.app.overlay.current
    assert isinstance(dialog, CreateRoom) and dialog.name.text == "kitchen"
    house.hands.keys("Return")
    house.here("kitchen")
    assert house.app.overlay.current is None
    assert house.chat.header.heading.title == "kitchen"
    assert house.app.root.title() == "kitchen · Parley"


def test_a_private_room_is_made_with_somebody_in_it(house: House) -> None:
    house.chat.offers.new_room("shed")
    house.hands.settle()
    dialog = house.app.overlay.current
    assert isinstance(dialog, CreateRoom)
    house.hands.click(dialog.topic)
    house.hands.type("Paint and nails")
    house.hands.keys("Tab", "space", "Tab")
    house.hands.type("bob")
    house.hands.keys("Return", "Return")
    house.here("shed")
    house.hands.until(lambda: house.chat.model.conversations["shed"].members == 2, "bob in the room")
    talk = house.chat.model.conversations["shed"]
    assert (talk.topic, talk.private, talk.role) == ("Paint and nails", True, "moderator")
    assert house.chat.header.heading.icon == "lock"


def test_a_name_that_only_the_server_knows_is_told_in_the_dialog(house: House) -> None:
    house.bob.do("create", "secret", private=True)
    house.chat.offers.new_room("secret")
    house.hands.settle()
    house.hands.keys("Return")
    dialog = house.app.overlay.current
    assert isinstance(dialog, CreateRoom)
    house.hands.until(lambda: dialog.name.error, "the error")
    assert dialog.name.error.startswith("There is a room called secret already.")


def test_a_public_room_is_joined_from_the_list(house: House) -> None:
    house.bob.do("create", "library", topic="Books")
    house.chat.offers.join_room()
    dialog = house.app.overlay.current
    assert isinstance(dialog, JoinRoom)
    house.hands.until(lambda: dialog.button.enabled, "the list")
    house.hands.keys("Return")
    house.here("library")
    house.hands.until(lambda: house.chat.header.heading.members == 2, "the count")
    assert house.chat.header.heading.topic == "Books"


def test_unread_counts_and_the_title_and_the_next_unread(house: House) -> None:
    house.make("garden")
    house.make("kitchen")
    house.bob.do("post", "kitchen", text="plums")
    house.bob.do("post", "kitchen", text="@alice jam?")
    house.hands.until(lambda: house.chat.model.conversations["kitchen"].unread == 2, "the badge")
    assert house.app.root.title() == "(1) lobby · Parley"
    house.hands.keys("alt+shift+Down")
    house.here("kitchen")
    assert house.chat.model.conversations["kitchen"].unread == 0
    assert house.app.root.title() == "kitchen · Parley"
    house.hands.keys("alt+Up")
    house.here("garden" if [talk.name for talk in house.chat.model.rooms()][1] == "kitchen" else "lobby")


def test_a_person_is_written_to_by_name(house: House) -> None:
    house.chat.offers.message_person()
    dialog = house.app.overlay.current
    assert isinstance(dialog, MessagePerson)
    house.hands.until(lambda: dialog.button.enabled, "the people")
    house.hands.type("bob")
    house.hands.keys("Return")
    house.here("@alice,bob")
    house.hands.type("hello bob")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["sent"], "the echo")
    assert house.chat.header.heading.title == "bob"
    assert [talk.preview for talk in house.chat.model.directs()] == ["You: hello bob"]


def test_slash_commands(house: House) -> None:
    house.bob.do("create", "library")
    house.hands.type("/join library")
    house.hands.keys("Return")
    house.here("library")
    house.hands.type("/msg bob see you there")
    house.hands.keys("Return")
    house.here("@alice,bob")
    house.hands.until(lambda: house.texts == ["see you there"], "the message")
    house.hands.type("/leave")
    house.hands.keys("Return")
    assert house.chat.composer.complaint == "That is something for rooms. This is a direct conversation."
    house.chat.open("library")
    house.hands.settle()
    assert house.chat.composer.content == "", "the draft is the other room's"
    house.hands.type("/leave")
    house.hands.keys("Return")
    house.here("lobby")
    assert "library" not in house.chat.model.conversations
    house.hands.type("/join nowhere")
    house.hands.keys("Return")
    house.hands.until(lambda: house.chat.composer.complaint, "the refusal")
    house.hands.type("/help")
    house.hands.keys("Return")
    assert isinstance(house.app.overlay.current, Keys)


def test_the_members_are_listed(house: House) -> None:
    pill = house.chat.header._members
    house.hands.until(pill.winfo_ismapped, "the count")
    house.hands.click(pill)
    house.hands.until(lambda: house.chat.beside.panel.users == ["alice", "bob"], "the members")
    house.hands.type("bo")
    house.hands.keys("Return")
    assert isinstance(house.app.overlay.current, Card)
    house.hands.keys("Tab", "Return")
    house.here("@alice,bob")


def test_older_messages_come_by_scrolling_up(house: House) -> None:
    house.make("minutes")
    for number in range(150):
        house.bob.do("post", "minutes", text=f"line {number}")
    house.app._bridge.close()
    house.chat.destroy()
    again = App(house.app.root, house.keep, Options(parse(f"127.0.0.1:{house.server.port}"), "alice"))
    try:
        reopened = House(again, house.server, house.bob, house.keep)
        reopened.chat.open("minutes")
        reopened.hands.until(lambda: reopened.texts[-1:] == ["line 149"], "the newest page")
        assert 30 <= len(reopened.texts) < 150
        for _ in range(40):
            reopened.chat.view.page(-1)
            reopened.hands.settle()
            if reopened.chat.current and reopened.chat.current.complete_before:
                break
        assert reopened.texts == [f"line {number}" for number in range(150)]
    finally:
        again._bridge.close()


def test_without_a_server_messages_wait_and_go_out_once_in_order(house: House) -> None:
    house.hands.until(house.chat.empty.winfo_ismapped, "the history")
    house.server.kill()
    house.hands.until(house.chat.banner.winfo_ismapped, "the banner")
    house.hands.type("one")
    house.hands.keys("Return")
    house.hands.type("two")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["waiting", "waiting"], "what waits")
    house.server.start()
    house.hands.click(house.chat.banner._retry)
    house.hands.until(lambda: house.states == ["sent", "sent"], "the delivery", 20)
    assert house.texts == ["one", "two"]
    house.hands.until(lambda: not house.chat.banner.winfo_ismapped(), "the end of the banner")
    assert house.app.root.focus_get() is house.chat.composer.text, "a click takes no keyboard away"
    history = (house.server.data / "chat_history.txt").read_text("utf-8")
    assert history.count("text=one") == history.count("text=two") == 1


def test_a_refused_message_can_be_discarded(house: House) -> None:
    house.bob.do("create", "attic")
    house.chat.message("nobody-of-that-name")
    house.hands.type("hello?")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["failed"], "the refusal")
    house.hands.keys("shift+Tab", "shift+Tab", "Return")
    house.hands.keys("Down", "Return")
    house.hands.until(lambda: house.texts == [], "its end")


def test_the_theme_is_changed_and_remembered(house: House) -> None:
    house.app.appearance.choose("dark")
    house.hands.settle()
    assert house.chat.composer.cget("background") == house.app.look.theme.conv == "#1B1B21"
    assert str(house.chat.view.cget("background")) == "#1B1B21"
    assert Keep(house.keep.folder).theme == "dark"
    house.app.appearance.choose("light")
    assert house.chat.composer.cget("background") == "#FFFFFF"


def test_the_theme_is_chosen_from_the_menu_at_the_foot(house: House) -> None:
    house.hands.keys("shift+Tab")
    house.app.appearance.menu(house.chat.sidebar.rows)
    assert isinstance(house.app.overlay.current, Menu)
    house.hands.settle()
    house.hands.keys("Down", "Return")
    assert house.app.look.theme.name == "dark"
    house.app.appearance.menu(house.chat.sidebar.rows)
    house.hands.settle()
    house.hands.keys("Up", "Return")
    assert Keep(house.keep.folder).theme == "system"


def test_narrow_it_shows_rooms_or_conversation(house: House) -> None:
    house.app.root.geometry("400x720+0+0")
    house.hands.until(lambda: not house.chat.sidebar.winfo_ismapped(), "the conversation alone")
    assert house.chat.composer.winfo_ismapped()
    house.hands.keys("Escape")
    assert house.chat.sidebar.winfo_ismapped() and not house.chat.composer.winfo_ismapped()
    house.hands.keys("Return")
    assert house.chat.composer.winfo_ismapped() and not house.chat.sidebar.winfo_ismapped()


def test_only_links_of_the_web_are_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    here = parse(f"127.0.0.1:{house.server.port}")
    web = ["https://example.org", "http://example.org", "mailto:bob@example.org"]
    for address in (*web, "file:///etc/passwd", "javascript:alert(1)", "http://[", "ftp://example.org"):
        assert weblinks.follow(address, here, house.chat.model) == ("", 0)
    assert opened == web


def test_another_server_leads_back_to_the_sign_in(house: House) -> None:
    house.chat.another_server()
    house.hands.settle()
    assert house.app.chat is None and house.app.signin is not None
    house.app.signin.fill(f"127.0.0.1:{house.server.port}", "alice")
    house.app.signin.submit()
    house.hands.until(lambda: house.app.chat, "the sign-in again")
