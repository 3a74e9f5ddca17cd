"""The list over the composer: emoji, people, rooms, completed with real keys in alice's window."""

import pytest

from chatclient.desktop.completion import Completion
from tests.desktop.house import House

pytestmark = pytest.mark.desktop


def completion(house: House) -> Completion:
    return house.chat.talk.suggesting.list


def content(house: House) -> str:
    return house.chat.composer.content


def labels(house: House) -> list[str]:
    return [line.offer.label for line in completion(house).rows.lines if hasattr(line, "offer")]


def test_an_emoji_by_its_first_letters(house: House) -> None:
    house.hands.type("well done :ta")
    assert labels(house)[0] == ":tada:"
    house.hands.keys("Tab")
    assert content(house) == "well done 🎉 "
    assert not completion(house).shown
    assert house.keep.used[-1] == "🎉"
    house.hands.keys("Return")
    house.hands.until(lambda: house.texts[-1:] == ["well done 🎉 "], "the message")


def test_one_letter_opens_nothing(house: House) -> None:
    house.hands.type("at 10:3")
    assert not completion(house).shown
    house.hands.type(" :t")
    assert not completion(house).shown
    house.hands.type("h")
    assert completion(house).shown
    house.hands.type("zzz")
    assert not completion(house).shown, "nothing is called so"


def test_a_whole_shortcode_becomes_its_emoji_but_not_in_code(house: House) -> None:
    house.hands.type("hi :wave: and :no_such_thing: and `:tada:`")
    assert content(house) == "hi 👋 and :no_such_thing: and `:tada:`"


def test_people_of_the_room_and_everybody(house: House) -> None:
    house.hands.type("@")
    house.hands.until(lambda: labels(house) == ["bob", "room"], "bob and the room")
    assert completion(house).rows.lines[-1].offer.note == "Tells all 2 members"
    house.hands.keys("Down", "Down")
    house.hands.keys("Up")
    house.hands.keys("Return")
    assert content(house) == "@room ", "Enter takes what the arrows chose, and sends nothing"
    house.hands.type("@b")
    house.hands.keys("Tab")
    assert content(house) == "@room @bob "


def test_rooms(house: House) -> None:
    house.make("garden")
    house.hands.type("see #gar")
    assert labels(house) == ["garden"]
    house.hands.keys("Tab")
    assert content(house) == "see #garden "


def test_escape_closes_it_for_this_word(house: House) -> None:
    house.hands.type("@")
    house.hands.until(lambda: completion(house).shown, "the list")
    house.hands.keys("Escape")
    assert not completion(house).shown
    house.hands.keys("Return")
    house.hands.until(lambda: house.texts[-1:] == ["@"], "Enter to send what was typed")
    house.hands.type("@b")
    assert completion(house).shown, "another word opens it again"


def test_enter_sends_where_nothing_was_chosen(house: House) -> None:
    house.hands.type("thanks @bob")
    house.hands.until(lambda: completion(house).shown, "the list")
    house.hands.keys("Return")
    house.hands.until(lambda: house.texts[-1:] == ["thanks @bob"], "the message")
    assert not completion(house).shown


def test_it_stays_inside_the_window(house: House) -> None:
    house.hands.type("x" * 60 + " :smi")
    box = completion(house)
    root = house.app.root
    assert box.winfo_x() >= 0 and box.winfo_x() + box.winfo_width() <= root.winfo_width()
    assert box.winfo_rooty() + box.winfo_height() <= house.chat.composer.winfo_rooty()
