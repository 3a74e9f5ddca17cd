"""An edit that the server refuses, under real keys: what was written in it is not lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.desktop.house import House
from tests.desktop.messages import Messages

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("garden")]


@contextmanager
def deaf(house: House) -> Iterator[None]:
    """alice's window hears nothing of the server meanwhile, and the server nothing of her."""
    gate = threading.Event()
    house.app._bridge.tell(lambda _client: gate.wait(20))
    yield
    gate.set()


@contextmanager
def refusing(house: House) -> Iterator[None]:
    """What alice changes meanwhile is refused: bob mutes her, and her window hears of it only with the refusal."""
    with deaf(house):
        house.bob.do("mute", "garden", user="alice", minutes=60)
        yield
    composer, garden = house.chat.composer, house.chat.model.conversations["garden"]
    house.hands.until(lambda: garden.muted_until, "the mute")
    house.hands.until(lambda: "taken back" in composer.complaint, "the reason")
    house.bob.do("mute", "garden", user="alice", minutes=0)
    house.hands.until(lambda: not garden.muted_until, "the end of the mute")


def texts(house: House) -> list[str]:
    """Of the edits in the history."""
    lines = house.server.history.read_text("utf-8").splitlines()
    return [line.split("text=")[1].split("\t")[0] for line in lines if "\tedited\t" in line]


def test_it_goes_on_where_it_was_written(house: House, messages: Messages) -> None:
    messages.sent("Merging after lunch")
    composer = house.chat.composer
    with refusing(house):
        house.hands.keys("Up")
        house.hands.type(", at 14:00")
        house.hands.keys("Return")
        assert (composer.content, composer.draft.editing) == ("", False)
    assert composer.draft.editing and composer.content == "Merging after lunch, at 14:00"
    assert not house.chat.talk.pane.taken.winfo_ismapped()
    composer.focus_in()
    house.hands.type(" sharp")
    house.hands.keys("Return")
    assert messages.heard("edited")["text"] == "Merging after lunch, at 14:00 sharp"
    assert texts(house) == ["Merging after lunch, at 14:00 sharp"], "the first one was refused"
    assert (composer.content, composer.draft.editing) == ("", False)


def test_it_waits_in_its_room(house: House, messages: Messages) -> None:
    messages.sent("mine")
    composer = house.chat.composer
    with refusing(house):
        house.hands.keys("Up")
        house.hands.type("?")
        house.hands.keys("Return")
        house.chat.open("lobby")
        house.hands.type("hello")
        house.chat.open("garden")
        house.chat.open("lobby")
    assert (composer.content, composer.draft.editing) == ("hello", False)
    house.chat.open("garden")
    assert composer.draft.editing and composer.content == "mine?"


def test_of_a_deleted_message_the_text_stays(house: House, messages: Messages) -> None:
    row = messages.sent("mine")
    composer = house.chat.composer
    with deaf(house):
        house.bob.do("delete", "garden", of=row.seq)
        house.hands.keys("Up")
        house.hands.type(" and yours")
        house.hands.keys("Return")
        assert composer.content == ""
    house.hands.until(lambda: composer.content == "mine and yours", "the text")
    assert not composer.draft.editing
    assert "taken back" in composer.complaint


@pytest.fixture
def offered(house: House, messages: Messages) -> House:
    """Something else was begun in the room."""
    messages.sent("mine")
    with refusing(house):
        house.hands.keys("Up")
        house.hands.type("?")
        house.hands.keys("Return")
        house.hands.type("half a thought")
    bar = house.chat.talk.pane.taken
    house.hands.until(bar.winfo_ismapped, "the offer")
    assert bar.said == "Your edit was not stored: “mine?”"
    assert (house.chat.composer.content, house.chat.composer.draft.editing) == ("half a thought", False)
    house.chat.composer.focus_in()
    return house


def test_where_something_else_was_begun_it_is_offered(offered: House, messages: Messages) -> None:
    bar, composer = offered.chat.talk.pane.taken, offered.chat.composer
    offered.hands.type("s")
    offered.chat.open("lobby")
    assert not bar.winfo_ismapped()
    offered.chat.open("garden")
    offered.hands.until(bar.winfo_ismapped, "the offer again")
    offered.hands.click(bar.again)
    assert composer.draft.editing and composer.content == "mine?"
    assert not bar.winfo_ismapped()
    offered.hands.keys("Return")
    assert messages.heard("edited")["text"] == "mine?"
    assert composer.content == "half a thoughts"


def test_an_offer_is_discarded(offered: House) -> None:
    bar = offered.chat.talk.pane.taken
    offered.hands.click(bar.discard)
    assert not bar.winfo_ismapped() and bar.said == ""
    assert offered.chat.composer.content == "half a thought"
    offered.chat.open("lobby")
    offered.chat.open("garden")
    offered.hands.settle()
    assert not bar.winfo_ismapped()
    assert texts(offered) == []
