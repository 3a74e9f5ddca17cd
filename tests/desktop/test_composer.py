"""The composer under real keys: what is sent, what stays, how it grows."""

import itertools
import tkinter as tk
from collections.abc import Iterator

import pytest

from chatclient.desktop.art import Art
from chatclient.desktop.composer import Composer
from chatclient.desktop.draft import Draft
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.look import Look
from chatclient.desktop.theme import LIGHT
from shared.errors import Refused
from tests.desktop.desk import Desk, doings, row

pytestmark = pytest.mark.desktop


@pytest.fixture
def desk(root: tk.Tk) -> Iterator[Desk]:
    made = Desk(root)
    yield made
    made.composer.destroy()


def test_enter_sends_and_empties_the_box(desk: Desk) -> None:
    desk.hands.type("Hello there")
    desk.hands.keys("Return")
    assert desk.sent == ["Hello there"]
    assert desk.composer.content == ""


def test_shift_enter_breaks_the_line(desk: Desk) -> None:
    desk.hands.type("one")
    desk.hands.keys("shift+Return")
    desk.hands.type("two")
    assert desk.sent == []
    desk.hands.keys("Return")
    assert desk.sent == ["one\ntwo"]


def test_an_empty_box_sends_nothing(desk: Desk) -> None:
    desk.hands.keys("Return", "space", "Return")
    assert desk.sent == []


def test_enter_belongs_to_an_input_method_that_composes(desk: Desk) -> None:
    desk.hands.type("ni")
    desk.composer.text.event_generate("<<TkStartIMEMarkedText>>")
    desk.hands.keys("Return")
    assert desk.sent == []
    desk.composer.text.event_generate("<<TkEndIMEMarkedText>>")
    desk.hands.keys("Return")
    assert len(desk.sent) == 1


def test_it_grows_to_six_lines_and_shrinks_again(desk: Desk) -> None:
    heights = [desk.composer.winfo_height()]
    for _ in range(7):
        desk.hands.keys("shift+Return")
        heights.append(desk.composer.winfo_height())
    steps = [after - before for before, after in itertools.pairwise(heights)]
    assert steps == [20, 20, 20, 20, 20, 0, 0]
    desk.hands.type("x")
    desk.hands.keys("Return")
    assert desk.composer.winfo_height() == heights[0]


def test_a_long_line_wraps_and_counts_as_lines(desk: Desk) -> None:
    before = desk.composer.winfo_height()
    desk.composer.text.insert("1.0", "word " * 60)
    desk.hands.until(lambda: desk.composer.winfo_height() > before, "the second line")


def test_what_is_too_long_says_so_and_stays(desk: Desk) -> None:
    desk.composer.text.insert("1.0", "x" * 16_412)
    desk.hands.until(lambda: desk.composer.complaint, "the complaint")
    assert desk.composer.complaint == "16,412 characters, the limit is 16,000."
    desk.hands.keys("Return")
    assert desk.sent == []
    assert "16,412" in desk.composer.complaint
    assert len(desk.composer.content) == 16_412


def test_an_unknown_command_is_told_and_not_sent(desk: Desk) -> None:
    desk.hands.type("/frobnicate now")
    desk.hands.keys("Return")
    assert desk.sent == []
    assert desk.composer.complaint.startswith("There is no command /frobnicate.")
    assert desk.composer.content == "/frobnicate now"
    desk.hands.type("!")
    assert desk.composer.complaint == ""


def test_two_slashes_say_one(desk: Desk) -> None:
    desk.hands.type("//etc is a folder")
    desk.hands.keys("Return")
    assert desk.sent == ["/etc is a folder"]


def test_every_room_keeps_its_draft(desk: Desk) -> None:
    desk.hands.type("half a thought")
    desk.composer.open("lobby", "Message lobby")
    assert desk.composer.content == ""
    desk.hands.type("other")
    desk.composer.open("garden", "Message garden")
    assert desk.composer.content == "half a thought"
    desk.composer.open("lobby", "Message lobby")
    assert desk.composer.content == "other"


def test_what_a_command_left_behind_is_no_draft(root: tk.Tk) -> None:
    """A command may open another room while it is being sent."""

    def send(_draft: Draft) -> Draft:
        composer.open("bob", "")
        return Draft()

    composer = Composer(root, Look(LIGHT, Fonts(root), Art(root)), doings(send=send))
    composer.pack(fill="x")
    composer.open("garden", "")
    composer.text.insert("1.0", "/msg bob hello")
    composer.submit()
    assert composer.content == ""
    composer.open("garden", "")
    assert composer.content == ""


def test_ctrl_a_takes_all(desk: Desk) -> None:
    desk.hands.type("all of it")
    desk.hands.keys("ctrl+a", "BackSpace")
    assert desk.composer.content == ""


def test_characters_beyond_the_basic_plane_come_through(desk: Desk) -> None:
    desk.composer.text.insert("1.0", "well done 🎉👏🏽")
    desk.hands.keys("Return")
    assert desk.sent == ["well done 🎉👏🏽"]


def test_refusals_of_the_sender_keep_the_text(root: tk.Tk) -> None:
    def send(_draft: Draft) -> Draft:
        raise Refused("not_member", "Choose a room first.")

    composer = Composer(root, Look(LIGHT, Fonts(root), Art(root)), doings(send=send))
    composer.pack(fill="x")
    composer.open("garden", "")
    composer.text.insert("1.0", "hello")
    composer.submit()
    assert (composer.content, composer.complaint) == ("hello", "Choose a room first.")


def test_the_buttons_beside_the_text_can_be_reached_with_tab(desk: Desk) -> None:
    desk.hands.keys("shift+Tab", "space")
    assert desk.asked == ["attach"]
    desk.hands.keys("Tab", "Tab", "space")
    assert desk.asked == ["attach", "emoji"]


def test_files_on_the_clipboard_are_asked_for_before_text(desk: Desk) -> None:
    desk.composer.clipboard_clear()
    desk.composer.clipboard_append("plums")
    desk.on_clipboard = True
    desk.hands.keys("ctrl+v")
    assert (desk.asked, desk.composer.content) == (["paste"], "")
    desk.on_clipboard = False
    desk.hands.keys("ctrl+v")
    assert desk.composer.content == "plums"


def test_the_strip_over_the_text(desk: Desk) -> None:
    height = desk.composer.winfo_height()
    desk.composer.reply(row("Contrast audit passes", user="dave"))
    desk.hands.until(lambda: desk.composer.winfo_height() == height + 56, "the strip of an answer")
    desk.composer.edit(row("Merging after lunch"), "Merging after lunch")
    desk.hands.until(lambda: desk.composer.winfo_height() == height + 40, "the strip of an edit")
    assert desk.composer.leave()
    desk.hands.until(lambda: desk.composer.winfo_height() == height + 56, "the answer again")
    assert desk.composer.leave() and not desk.composer.leave()
    assert [about and about.doing for about in desk.abouts[-4:]] == ["reply", "edit", "reply", None]


def test_a_closed_box_takes_nothing_and_keeps_its_draft(desk: Desk) -> None:
    desk.hands.type("half")
    desk.composer.close(True)
    desk.composer.hint("You can write again at 14:32.")
    desk.hands.type(" more")
    desk.hands.keys("Return", "ctrl+v")
    assert (desk.sent, desk.composer.content) == ([], "half")
    desk.composer.close(False)
    desk.composer.focus_in()
    desk.hands.type(" more")
    desk.hands.keys("Return")
    assert desk.sent == ["half more"]
