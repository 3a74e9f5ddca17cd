"""The picker of emoji, by keys and by the pointer."""

import shutil
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatclient import emojis
from chatclient.desktop.art import Art
from chatclient.desktop.emojigrid import CELL, LABEL
from chatclient.desktop.emojipicker import EmojiPicker
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.look import Look
from chatclient.desktop.popover import Overlay
from chatclient.desktop.theme import LIGHT
from chatclient.keep import Keep, KeepError
from tests.desktop.hands import Hands

pytestmark = pytest.mark.desktop


class Desk:
    """A window with a button at its lower right, and the picker that it opens."""

    def __init__(self, root: tk.Tk, home: Path) -> None:
        self.look = Look(LIGHT, Fonts(root), Art(root))
        self.overlay = Overlay(root, lambda _x, _y: "conv")
        self.button = tk.Frame(root, width=36, height=36, takefocus=1)
        self.button.place(relx=1, rely=1, x=-60, y=-50)
        self.keep = Keep(home / "home")
        self.chosen: list[str] = []
        self.hands = Hands(root)
        self.button.focus_set()
        self.hands.settle()

    def open(self) -> EmojiPicker:
        picker = EmojiPicker(self.overlay, self.look, self.keep, self.chosen.append)
        picker.open(self.button)
        self.hands.settle()
        return picker


@pytest.fixture
def desk(root: tk.Tk, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(root, tmp_path)
    yield made
    made.overlay.close()


def test_letters_and_enter(desk: Desk) -> None:
    picker = desk.open()
    desk.hands.type("party pop")
    assert picker.grid_.cursor == "🎉"
    desk.hands.keys("Return")
    assert desk.chosen == ["🎉"]
    assert desk.overlay.current is None
    assert Keep(desk.keep.folder).used == ["🎉"], "remembered on this device"


def test_arrows_move_over_rows_and_groups(desk: Desk) -> None:
    picker = desk.open()
    often = emojis.often([])
    assert picker.grid_.cursor == often[0]
    desk.hands.keys("Right", "Right")
    assert picker.grid_.cursor == often[2]
    desk.hands.keys("Down")
    assert picker.grid_.cursor == emojis.groups()[0].emoji[2]
    assert picker.tabs.chosen == 0
    desk.hands.keys("Next", "Next")
    assert picker.tabs.chosen == 1, "the tab of what is in sight"
    desk.hands.keys("Return")
    assert desk.chosen == [emojis.groups()[0].emoji[2 + 9 * 12]]


def test_the_pointer_takes_one(desk: Desk) -> None:
    picker = desk.open()
    desk.hands.click(picker.grid_, 17 + CELL * 3 + 10, LABEL + 10)
    assert desk.chosen == [emojis.often([])[3]]


def test_a_tab_goes_to_its_group(desk: Desk) -> None:
    picker = desk.open()
    desk.hands.click(picker.tabs, picker.tabs.winfo_width() - 10)
    assert picker.tabs.chosen == 8
    assert picker.grid_.cursor == "🏁"
    desk.hands.keys("Return")
    assert desk.chosen == ["🏁"]


def test_the_skin_tone_stays(desk: Desk) -> None:
    picker = desk.open()
    desk.hands.click(picker.tones, picker.tones.winfo_width() - 10)
    desk.hands.type("thumbs up")
    desk.hands.keys("Return")
    assert desk.chosen == ["👍🏿"]
    again = desk.open()
    assert again.tones.chosen == 5
    desk.hands.type("waving hand")
    assert again.grid_.cursor == "👋🏿"


@pytest.fixture
def no_folder(desk: Desk) -> Iterator[None]:
    """What this device remembers cannot be written: a file stands where its folder was, which stops root too."""
    shutil.rmtree(desk.keep.folder, ignore_errors=True)
    desk.keep.folder.write_text("")
    with pytest.raises(KeepError, match="cannot be written"):
        desk.keep.save()
    yield
    desk.keep.folder.unlink()


@pytest.mark.usefixtures("no_folder")
def test_what_cannot_be_remembered_stops_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    picker = desk.open()
    desk.hands.click(picker.tones, picker.tones.winfo_width() - 10)
    desk.hands.type("thumbs up")
    desk.hands.keys("Return")
    assert desk.chosen == ["👍🏿"] and desk.overlay.current is None
    assert caplog.text.count("cannot be written") == 2, "the tone and the emoji are told in the log"


def test_what_was_used_comes_first(desk: Desk) -> None:
    desk.keep.used = ["🌮", "🌮", "🐙"]
    picker = desk.open()
    assert picker.grid_.cursor == "🌮"
    desk.hands.keys("Right", "Return")
    assert desk.chosen == ["🐙"]


def test_nothing_found_and_escape(desk: Desk) -> None:
    picker = desk.open()
    desk.hands.type("qqqq")
    assert picker.grid_.cursor == ""
    desk.hands.keys("Return")
    assert desk.chosen == []
    desk.hands.keys("Escape")
    assert desk.overlay.current is None
    assert desk.button.focus_displayof() is desk.button


def test_it_stays_in_a_small_window(desk: Desk, root: tk.Tk) -> None:
    root.geometry("380x500")
    desk.hands.settle()
    picker = desk.open()
    assert picker.winfo_x() >= 0 and picker.winfo_x() + picker.winfo_width() <= 380
    assert picker.winfo_y() >= 0 and picker.winfo_y() + picker.winfo_height() <= 500
