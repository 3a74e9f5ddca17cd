"""What floats over the window: it takes the keyboard, keeps it, and gives it back."""

import tkinter as tk
from collections.abc import Iterator
from functools import partial

import pytest

from chatclient.desktop.art import Art
from chatclient.desktop.dialogs import CreateRoom, InvitePeople, NewRoom
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.keys import Keys
from chatclient.desktop.look import Look
from chatclient.desktop.oneline import topic_of
from chatclient.desktop.popover import Item, Menu, Overlay, Popover
from chatclient.desktop.switcher import Switcher
from chatclient.desktop.theme import LIGHT
from chatclient.jump import Place
from tests.desktop.hands import Hands

pytestmark = pytest.mark.desktop


class Floor:
    """A window with one field to come back to, and what floats over it."""

    def __init__(self, root: tk.Tk) -> None:
        self.root = root
        self.look = Look(LIGHT, Fonts(root), Art(root))
        self.overlay = Overlay(root, lambda _x, _y: "conv")
        self.below = tk.Entry(root)
        self.below.pack(side="bottom", fill="x")
        self.hands = Hands(root)
        self.below.focus_set()
        self.hands.settle()
        self.made: list[NewRoom] = []
        self.went: list[str] = []

    def show(self, popover: Popover) -> None:
        self.overlay.show(popover)
        self.hands.settle()

    def create(self, name: str = "") -> CreateRoom:
        dialog = CreateRoom(
            self.overlay,
            self.look,
            create=self.made.append,
            taken=lambda name: "garden" if name.lower() == "garden" else None,
            go_to=self.went.append,
            name=name,
        )
        self.show(dialog)
        return dialog


@pytest.fixture
def floor(root: tk.Tk) -> Iterator[Floor]:
    made = Floor(root)
    yield made
    made.overlay.close()
    made.below.destroy()


def test_esc_closes_and_the_keyboard_goes_back(floor: Floor) -> None:
    floor.create()
    floor.hands.keys("Escape")
    assert floor.overlay.current is None
    assert floor.root.focus_get() is floor.below


def test_a_click_outside_closes_it_if_nothing_was_typed(floor: Floor) -> None:
    floor.create()
    floor.hands.click(floor.below)
    assert floor.overlay.current is None


def test_a_click_outside_does_not_lose_what_was_typed(floor: Floor) -> None:
    floor.create()
    floor.hands.type("x")
    floor.hands.click(floor.below)
    assert floor.overlay.current is not None


def test_a_click_inside_leaves_it_open(floor: Floor) -> None:
    dialog = floor.create()
    floor.hands.click(dialog, 20, 20)
    assert floor.overlay.current is dialog


def test_tab_goes_round_inside(floor: Floor) -> None:
    dialog = floor.create("kitchen")
    seen = []
    for _ in range(7):
        seen.append(str(floor.root.focus_get()))
        floor.hands.keys("Tab")
    assert all(name.startswith(str(dialog)) for name in seen)
    assert len(set(seen)) == 6 and seen[0] == seen[6], "four parts and two buttons, then round"
    floor.hands.keys("shift+Tab")
    assert str(floor.root.focus_get()) == seen[0]


def test_a_room_is_made_with_the_keyboard_alone(floor: Floor) -> None:
    floor.create()
    floor.hands.type("kitchen")
    floor.hands.keys("Tab")
    floor.hands.type("Plums, beans")
    floor.hands.keys("Tab", "space", "Tab")
    floor.hands.type("bob, erin ")
    floor.hands.keys("Return")
    assert floor.made == [NewRoom("kitchen", "Plums, beans", True, ("bob", "erin"))]


def test_a_bad_name_is_told_at_once_and_the_button_is_off(floor: Floor) -> None:
    dialog = floor.create()
    assert not dialog.button.enabled
    floor.hands.type("two words")
    assert dialog.name.error.endswith("This one has a space.")
    assert not dialog.button.enabled
    floor.hands.keys("Return")
    assert floor.made == []


def test_a_taken_name_is_told_with_the_way_there(floor: Floor) -> None:
    dialog = floor.create()
    floor.hands.type("Garden")
    assert dialog.name.error == "There is a room called garden already. Choose another name, or"
    floor.hands.keys("Tab", "Return")
    assert floor.went == ["garden"]
    assert floor.overlay.current is None


def test_the_server_may_know_a_room_that_is_taken(floor: Floor) -> None:
    dialog = floor.create()
    floor.hands.type("secret")
    floor.hands.keys("Return")
    dialog.refused("secret", "room_exists", "There is a room called secret already.")
    assert dialog.name.error.startswith("There is a room called secret already.")
    assert not dialog.button.enabled
    floor.hands.type("2")
    assert dialog.button.enabled


def test_a_topic_that_is_too_long_is_told(floor: Floor) -> None:
    set_to: list[str] = []
    dialog = topic_of(floor.overlay, floor.look, "garden", "Plums", set_to.append)
    floor.show(dialog)
    dialog.line.set("x" * 251)
    floor.hands.settle()
    assert dialog.line.error == "The topic has 251 characters, the limit is 250."
    floor.hands.keys("ctrl+a")
    floor.hands.type("Beans")
    floor.hands.keys("Return")
    assert set_to == ["Beans"] and floor.overlay.current is None


def test_names_become_chips_and_go_again(floor: Floor) -> None:
    brought: list[str] = []
    dialog = InvitePeople(floor.overlay, floor.look, "garden", brought.append)
    floor.show(dialog)
    floor.hands.type("bob,carol,bob,")
    assert dialog.people.names == ["bob", "carol"]
    floor.hands.keys("BackSpace")
    assert dialog.people.names == ["bob"]
    floor.hands.type("d!ve")
    floor.hands.keys("Return")
    assert "the sign !" in dialog.people.error and brought == []
    floor.hands.keys("ctrl+a")
    floor.hands.type("dave")
    floor.hands.keys("Return", "Return")
    assert brought == ["bob", "dave"]


def test_a_menu_is_walked_with_arrows(floor: Floor) -> None:
    done: list[str] = []
    items = [Item("plus", word, partial(done.append, word)) for word in ("one", "two", "three")]
    floor.show(Menu(floor.overlay, floor.look, items, floor.below, above=True))
    floor.hands.keys("Down", "Down", "Up", "Return")
    assert done == ["two"]
    assert floor.overlay.current is None


def test_the_switcher_takes_one_there_by_letters(floor: Floor) -> None:
    went: list[Place] = []
    places = [Place("room", "design-review", here=True), Place("room", "garden"), Place("person", "bob")]
    switcher = Switcher(floor.overlay, floor.look, places, (), went.append)
    floor.show(switcher)
    floor.hands.type("gar")
    floor.hands.keys("Return")
    assert [place.name for place in went] == ["garden"]
    floor.show(Switcher(floor.overlay, floor.look, places, (), went.append))
    floor.hands.keys("Down", "Return")
    assert [place.name for place in went] == ["garden", "bob"]


def test_the_keys_fit_into_a_narrow_window(floor: Floor) -> None:
    keys = Keys(floor.overlay, floor.look)
    floor.show(keys)
    wide = keys.rows.total
    floor.root.geometry("380x600")
    floor.hands.until(lambda: keys.winfo_width() == 364, "the narrow window")
    assert keys.rows.total > wide
    assert keys.winfo_height() <= 584
