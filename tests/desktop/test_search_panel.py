"""Searching and going to a date in alice's window, on a real server."""

import pytest

from chatclient.desktop.datepicker import DatePicker
from tests.desktop.house import House

pytestmark = pytest.mark.desktop


def found(house: House) -> list[str]:
    return [hit.text for hit in house.chat.search.panel.hits]


def search(house: House, text: str) -> None:
    house.hands.keys("ctrl+f")
    house.hands.type(text)


def test_typing_finds_and_enter_goes_there(house: House) -> None:
    house.make("garden")
    wanted = house.bob.do("post", "garden", text="First crop of beans, come and pick")
    for number in range(120):
        house.bob.do("post", "garden", text=f"number {number}")
    house.bob.do("post", "lobby", text="7:2 crop")
    search(house, "crop")
    house.hands.until(lambda: len(found(house)) == 2, "both hits")
    panel = house.chat.search.panel
    assert panel.count.text == "2 messages in 2 rooms, newest first"
    assert found(house) == ["7:2 crop", "First crop of beans, come and pick"]
    assert panel.hits[1].marks == ((6, 10),)
    house.hands.keys("Down", "Down")
    house.here("garden")
    house.hands.until(lambda: "First crop of beans, come and pick" in " ".join(house.drawn), "the message, far back")
    assert house.app.root.focus_displayof() is panel.field.entry, "the keyboard stays with the search"
    house.hands.keys("Return")
    house.hands.until(lambda: not house.chat.search.open, "the panel to close")
    assert house.chat.current is not None and house.chat.current.timeline.index(str(wanted)) is not None


def test_filters_narrow_and_their_x_widens(house: House) -> None:
    house.bob.do("post", "lobby", text="soup from bob")
    house.hands.type("soup from me")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states[-1:] == ["sent"], "my message")
    search(house, "soup")
    house.hands.until(lambda: len(found(house)) == 2, "both")
    chips = house.chat.search.panel.chips
    house.hands.click(chips["user"])
    house.hands.until(lambda: house.app.overlay.current, "the menu")
    menu = house.app.overlay.current
    labels = [line.text for line in menu.rows.lines]
    menu.rows.lines[labels.index("bob")].command()
    house.hands.until(lambda: found(house) == ["soup from bob"], "bob's alone")
    assert chips["user"].text == "From bob" and chips["user"].on_
    house.hands.click(chips["user"])
    house.hands.until(lambda: len(found(house)) == 2, "both again")
    assert chips["user"].text == "Anybody"
    house.hands.click(chips["files"])
    house.hands.until(lambda: house.chat.search.panel.count.text == "" and not found(house), "none with files")


def test_what_is_deleted_goes_and_what_is_edited_follows(house: House) -> None:
    one = house.bob.do("post", "lobby", text="soup one")
    two = house.bob.do("post", "lobby", text="soup two")
    search(house, "soup")
    house.hands.until(lambda: found(house) == ["soup two", "soup one"], "both")
    house.bob.do("delete", "lobby", of=one)
    house.hands.until(lambda: found(house) == ["soup two"], "the deleted one to go")
    house.bob.do("edit", "lobby", of=two, text="stew")
    house.hands.until(lambda: found(house) == [], "the edited one to go")


def test_older_hits_are_asked_for_again_after_a_failure(house: House) -> None:
    for number in range(70):
        house.bob.do("post", "lobby", text=f"soup {number}")
    search(house, "soup")
    house.hands.until(lambda: found(house), "the first hits")
    first = len(found(house))
    assert first < 70, "control: there are older ones"
    house.server.kill()
    house.hands.until(lambda: house.chat.model.link.state == "offline", "the end of the connection")
    house.hands.keys(*["Down"] * (first - 1))
    house.hands.settle()
    assert len(found(house)) == first and house.chat.search.panel.chosen is not None
    house.server.start()
    house.chat._deeds.retry_now()
    house.hands.until(lambda: house.chat.model.link.state == "online", "the connection")
    house.hands.keys("Up", "Down")
    house.hands.until(lambda: len(found(house)) == 70, "the older ones")


def test_nothing_found_too_short_and_escape(house: House) -> None:
    search(house, "q")
    said = lambda: [line.text for line in house.chat.search.panel.rows.lines]  # noqa: E731 # shorter so
    assert said() == ["Type at least 2 letters. Parts of words are found too."]
    house.hands.type("qqq")
    house.hands.until(lambda: said() == ["Nothing found for “qqqq”. Try fewer letters."], "the sentence")
    house.hands.keys("Escape")
    assert not house.chat.search.open
    assert house.app.root.focus_displayof() is house.chat.composer.text


def test_members_and_search_take_turns(house: House) -> None:
    house.make("garden")
    house.chat.open("garden")
    house.chat.show_members()
    house.hands.settle()
    house.chat.search_messages()
    house.hands.settle()
    assert house.chat.search.panel.winfo_ismapped() and not house.chat.beside.panel.winfo_ismapped()
    house.hands.keys("Escape")
    house.hands.settle()
    assert house.chat.beside.panel.winfo_ismapped(), "the members come back"
    house.chat.search_messages()
    house.chat.show_members()
    house.hands.settle()
    assert not house.chat.search.open


def test_going_to_a_date(house: House) -> None:
    house.make("garden")
    house.chat.open("garden")
    for number in range(60):
        house.bob.do("post", "garden", text=f"number {number}")
    house.hands.keys("ctrl+g")
    picker = house.app.overlay.current
    assert isinstance(picker, DatePicker)
    house.hands.until(lambda: picker.said_on(picker.today).messages == 60, "today's count")
    house.hands.keys("Return")
    assert house.app.overlay.current is None
    house.hands.until(lambda: any("made this room" in text for text in house.drawn), "the first entry of today")
    house.hands.keys("ctrl+g")
    again = house.app.overlay.current
    assert isinstance(again, DatePicker)
    house.hands.keys("Prior")
    assert again.month == again.month.of(again.today), "nothing was said before the first month"
