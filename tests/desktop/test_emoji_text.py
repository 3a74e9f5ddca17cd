"""Emoji in the box where messages are written: pictures to see, sequences to send."""

import tkinter as tk
from collections.abc import Iterator

import pytest

from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.look import Look
from chatclient.desktop.textbox import Heard, TextBox
from chatclient.desktop.theme import DARK, LIGHT
from tests.desktop.hands import Hands

pytestmark = pytest.mark.desktop

ODD = "👍🏽 a👩‍👩‍👧‍👦b 🇩🇪1️⃣❤️"


@pytest.fixture
def box(root: tk.Tk) -> Iterator[TextBox]:
    look = Look(LIGHT, Fonts(root), Art(root))
    heard = Heard(lambda: None, lambda: None, lambda _letter: None, lambda: None, lambda: False)
    made = TextBox(root, look, heard)
    made.pack(fill="both", expand=True)
    made.dress("input")
    made.focus_set()
    root.update()
    yield made
    made.destroy()


def pictures(box: TextBox) -> tuple[str, ...]:
    return tuple(box.tk.splitlist(box.tk.call(str(box), "image", "names")))


def test_what_is_put_in_comes_out_as_pictures(box: TextBox) -> None:
    box.put(ODD)
    box.update()
    assert box.content == ODD
    assert len(pictures(box)) == 5
    assert not any(ord(char) > 0xFFFF for char in box.get("1.0", "end")), "nothing raw is left for Tk to draw"


def test_typing_around_them(box: TextBox, root: tk.Tk) -> None:
    hands = Hands(root)
    box.focus_set()
    box.write("🎉")
    hands.type("ab")
    assert box.content == "🎉ab"
    hands.keys("Left", "Left", "Left")
    hands.type("x")
    assert box.content == "x🎉ab"
    hands.keys("Delete")
    assert box.content == "xab"
    hands.keys("BackSpace")
    assert box.content == "ab"


def test_copy_and_cut_take_them_along(box: TextBox, root: tk.Tk) -> None:
    hands = Hands(root)
    box.focus_set()
    box.put("see 🎉 you")
    hands.keys("ctrl+a", "ctrl+c")
    assert root.clipboard_get() == "see 🎉 you"
    hands.keys("ctrl+x")
    assert box.content == ""
    assert root.clipboard_get() == "see 🎉 you"
    hands.keys("ctrl+v")
    hands.settle()
    assert box.content == "see 🎉 you"


def test_before_the_caret(box: TextBox) -> None:
    box.put("one 🎉\ntwo 👍 :ta")
    assert box.before_caret() == "two 👍 :ta"
    box.take_back(3)
    assert box.content == "one 🎉\ntwo 👍 "


def test_another_theme_draws_them_anew(box: TextBox) -> None:
    box.put("🎉")
    before = box.image_cget(pictures(box)[0], "image")
    box._look.theme = DARK
    box.dress("input")
    assert box.image_cget(pictures(box)[0], "image") != before
    assert box.content == "🎉"
