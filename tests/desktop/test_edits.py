"""Editing and deleting at the window: what is asked, what comes back into the box, what bob hears."""

import pytest

from chatclient.desktop.dialogs import Confirm
from tests.desktop.house import House
from tests.desktop.messages import Messages

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("garden")]


def ask(house: House) -> Confirm:
    question = house.app.overlay.current
    assert isinstance(question, Confirm)
    return question


# --- edits ----------------------------------------------------------------------------------------------------


def test_up_in_the_empty_box_edits_my_last_message(house: House, messages: Messages) -> None:
    row = messages.sent("Merging after lunch")
    house.bob.do("post", "garden", text="fine")
    messages.row("fine")
    house.hands.keys("Up")
    composer = house.chat.composer
    assert composer.draft.editing and composer.content == "Merging after lunch"
    house.hands.type(", at 14:00")
    house.hands.keys("Return")
    heard = messages.heard("edited")
    assert (heard["of"], heard["text"]) == (row.seq, "Merging after lunch, at 14:00")
    house.hands.until(lambda: messages.row("Merging").edited, "the mark")
    assert composer.content == "" and not composer.draft.editing


def test_up_moves_the_caret_where_something_is_written(house: House, messages: Messages) -> None:
    messages.sent("mine")
    house.hands.type("half a thought")
    house.hands.keys("Up")
    assert not house.chat.composer.draft.editing
    assert house.chat.composer.content == "half a thought"


def test_the_draft_comes_back_after_an_edit(house: House, messages: Messages) -> None:
    messages.sent("mine")
    house.hands.type("half a thought")
    messages.right_click("mine")
    house.hands.keys("e")
    assert house.chat.composer.content == "mine"
    house.hands.keys("Escape")
    assert house.chat.composer.content == "half a thought"
    messages.right_click("mine")
    messages.choose("Edit")
    house.hands.type("!")
    house.hands.keys("Return")
    assert messages.heard("edited")["text"] == "mine!"
    assert house.chat.composer.content == "half a thought"


def test_an_edit_waits_in_its_room(house: House, messages: Messages) -> None:
    messages.sent("mine")
    house.hands.keys("Up")
    house.hands.type("?")
    house.chat.open("lobby")
    assert not house.chat.composer.draft.editing and house.chat.composer.content == ""
    house.chat.open("garden")
    assert house.chat.composer.draft.editing and house.chat.composer.content == "mine?"


def test_an_edit_to_the_same_text_stores_nothing(house: House, messages: Messages) -> None:
    messages.sent("mine")
    house.hands.keys("Up", "Return")
    assert not house.chat.composer.draft.editing
    messages.sent("after it")
    assert "edited" not in house.server.history.read_text("utf-8")


def test_an_action_is_edited_as_it_was_written(house: House, messages: Messages) -> None:
    house.hands.type("/me waters the beans")
    house.hands.keys("Return")
    house.hands.until(lambda: messages.row("waters").kind == "action", "the action")
    house.hands.until(lambda: messages.row("waters").state == "sent", "its echo")
    house.hands.keys("Up")
    assert house.chat.composer.content == "/me waters the beans"


# --- deleting -------------------------------------------------------------------------------------------------


def test_an_emptied_edit_asks_whether_to_delete(house: House, messages: Messages) -> None:
    row = messages.sent("mine")
    house.hands.keys("Up", "ctrl+a", "BackSpace", "Return")
    assert ask(house) and house.chat.composer.draft.editing
    house.hands.keys("shift+Tab", "Return")  # Keep
    assert house.app.overlay.current is None and house.chat.composer.draft.editing
    house.hands.keys("Return")  # asks again; Delete has the keyboard
    house.hands.keys("Return")
    assert messages.heard("deleted")["of"] == row.seq
    house.hands.until(lambda: messages.rows[-1].kind == "tombstone", "the tombstone")
    assert not house.chat.composer.draft.editing


def test_delete_from_the_menu_asks_too(house: House, messages: Messages) -> None:
    row = messages.sent("mine")
    messages.right_click("mine")
    house.hands.keys("Delete")
    house.hands.click(ask(house).button)
    assert messages.heard("deleted")["of"] == row.seq
