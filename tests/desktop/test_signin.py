"""The form of the sign-in: what is checked at once, and what it asks for. With a server: test_signing_in.py."""

import tkinter as tk
from collections.abc import Iterator
from functools import partial

import pytest

from chatclient.address import parse
from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.look import Look
from chatclient.desktop.signin import RecentServer, SignIn, Wanted
from chatclient.desktop.theme import LIGHT
from tests.desktop.hands import Hands

pytestmark = pytest.mark.desktop


class Form:
    """The form alone, and what it asked for."""

    def __init__(self, root: tk.Tk) -> None:
        self.wanted: list[Wanted] = []
        self.cancelled = 0
        root.geometry("1100x720+0+0")
        root.unbind_all("<Button-1>")  # as the program does: CustomTkinter gives the keyboard to whatever is clicked
        self.signin = SignIn(root, Look(LIGHT, Fonts(root), Art(root)), connect=self.wanted.append, cancel=self._cancel)
        self.signin.pack(fill="both", expand=True)
        root.update()
        self.hands = Hands(root)
        self.signin.server.entry.focus_set()
        self.hands.settle()

    def _cancel(self) -> None:
        self.cancelled += 1


@pytest.fixture
def form(root: tk.Tk) -> Iterator[Form]:
    made = Form(root)
    yield made
    made.signin.destroy()


def test_both_fields_and_enter_connect(form: Form) -> None:
    form.hands.type("harbour.example:7000")
    form.hands.keys("Tab")
    form.hands.type("alice")
    form.hands.keys("Return")
    assert form.wanted == [Wanted(parse("harbour.example:7000"), "alice")]
    assert (form.signin.button.text, form.signin.button.enabled) == ("Connecting…", False)
    form.hands.keys("Return")
    assert len(form.wanted) == 1, "one try at a time"


def test_tab_reaches_the_button_and_space_presses_it(form: Form) -> None:
    form.signin.fill("localhost", "alice")
    form.signin.server.entry.focus_set()
    form.hands.keys("Tab", "Tab", "space")
    assert len(form.wanted) == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("alice b", "A name has 1 to 32 letters, digits, - _ or . This one has a space."),
        ("x" * 33, "A name has 1 to 32 letters, digits, - _ or . This one has 33 characters."),
        ("...", "A name has 1 to 32 letters, digits, - _ or . This one has neither a letter nor a digit."),
    ],
)
def test_a_bad_name_is_told_while_it_is_typed(form: Form, name: str, sentence: str) -> None:
    form.signin.user.entry.focus_set()
    form.hands.type(name)
    assert form.signin.user.error == sentence
    assert form.signin.server.error == ""
    form.hands.keys("ctrl+a")
    form.hands.type("alice")
    assert form.signin.user.error == ""


def test_empty_fields_are_told_beside_themselves(form: Form) -> None:
    form.hands.keys("Return")
    assert form.signin.server.error.startswith("Type the address of a server")
    assert form.signin.user.error.endswith("This one is empty.")
    assert form.wanted == []


def test_a_link_carries_its_invitation(form: Form) -> None:
    form.hands.type("chat://localhost:7000/garden?invite=7Q2M-K4XD")
    form.hands.keys("Return")
    assert form.wanted == [] and form.signin.user.error == "", "only the name is missing"
    form.hands.type("erin")
    form.hands.keys("Return")
    place = form.wanted[0].address
    assert (place.server, place.room, place.invite) == ("localhost:7000", "garden", "7Q2M-K4XD")


def test_an_invitation_takes_the_place_of_the_server(form: Form) -> None:
    signin = form.signin
    form.hands.root.clipboard_clear()
    form.hands.root.clipboard_append("chat://localhost:7000/garden?invite=7Q2M-K4XD")
    form.hands.keys("ctrl+v")
    assert signin.invited.winfo_ismapped() and not signin.server.winfo_ismapped()
    assert signin._brand.words == ("You are invited", "Choose a name, and you are in.")
    assert signin.button.text == "Join localhost:7000"
    form.hands.type("erin")
    assert signin.user.text == "erin", "the keyboard went on to the name"
    form.hands.click(signin.other)
    assert signin.invitation is None and signin.server.text == ""
    assert signin.server.winfo_ismapped() and signin.button.text == "Connect"
    form.hands.type("localhost")
    form.hands.keys("Return")
    assert form.wanted == [Wanted(parse("localhost"), "erin")]


def test_a_link_that_is_typed_is_taken_when_one_goes_on(form: Form) -> None:
    form.hands.type("chat://localhost/?invite=abc123xyz987")
    assert form.signin.invitation is None
    form.hands.keys("Tab")
    assert form.signin.invited.winfo_ismapped()
    form.hands.type("erin")
    form.hands.keys("Return")
    assert form.wanted[0].address.invite == "abc123xyz987"


def test_what_is_wrong_with_an_invitation_stands_under_it(form: Form) -> None:
    form.signin.fill("chat://localhost/?invite=7Q2M-K4XD", "erin")
    form.signin.submit()
    form.signin.failed("server", "This invitation has been used up. Ask for a new one.")
    form.hands.settle()
    assert form.signin.invited.error == "This invitation has been used up. Ask for a new one."
    assert form.signin.button.text == "Join localhost" and form.signin.button.enabled
    form.hands.keys("Return")
    assert form.signin.invited.error == "" and len(form.wanted) == 2


def test_a_password_is_asked_for_and_hidden(form: Form) -> None:
    signin = form.signin
    signin.fill("localhost", "alice")
    assert not signin.password.winfo_ismapped()
    signin.submit()
    signin.ask_password()
    form.hands.settle()
    assert signin._brand.words == ("Welcome back", "The name alice has a password on localhost.")
    assert signin.button.text == "Sign in" and signin.password.error == ""
    form.hands.keys("Return")
    assert signin.password.error == "Type the password." and len(form.wanted) == 1
    form.hands.type("correct horse")
    assert signin.password.entry.cget("show") == "•"
    assert signin.password._reveal is not None
    form.hands.click(signin.password._reveal)
    assert signin.password.entry.cget("show") == ""
    form.hands.keys("Return")
    assert form.wanted[1] == Wanted(parse("localhost"), "alice", "correct horse")


def test_another_name_has_another_password(form: Form) -> None:
    signin = form.signin
    signin.fill("localhost", "alice")
    signin.submit()
    signin.ask_password()
    form.hands.type("correct horse")
    signin.user.entry.focus_set()
    form.hands.keys("End")
    form.hands.type("2")
    assert not signin.password.winfo_ismapped() and signin.password.text == ""
    form.hands.keys("Return")
    assert form.wanted[1] == Wanted(parse("localhost"), "alice2")


def test_what_went_wrong_stands_beside_its_field_until_that_changes(form: Form) -> None:
    form.signin.fill("localhost", "alice")
    form.signin.submit()
    form.signin.failed("user", "alice belongs to somebody.")
    form.hands.settle()
    assert form.signin.button.enabled and form.signin.button.text == "Connect"
    assert form.signin.focus_get() is form.signin.user.entry
    form.hands.type("alice2")
    assert form.signin.user.error == "" and form.signin.user.text == "alice2", "the old name was selected"


def test_esc_gives_up_a_try(form: Form) -> None:
    form.signin.fill("localhost", "alice")
    form.signin.submit()
    form.hands.keys("Escape")
    assert form.cancelled == 1 and form.signin.button.enabled
    form.hands.keys("Escape")
    assert form.cancelled == 1


def test_a_recent_server_is_one_click_away(form: Form) -> None:
    chosen: list[str] = []
    form.signin.show_recent(
        [RecentServer(label, "localhost", "alice", "Today", partial(chosen.append, label)) for label in "AB"]
    )
    form.hands.settle()
    form.hands.click(form.signin.recent, 100, 52 + 26)
    assert chosen == ["B"]


@pytest.mark.parametrize(("width", "halves"), [(1100, True), (840, True), (839, False), (400, False)])
def test_the_right_half_goes_when_it_is_narrow(form: Form, width: int, halves: bool) -> None:
    form.hands.root.geometry(f"{width}x720")
    form.hands.until(lambda: form.signin.winfo_width() == width, "the width")
    form.hands.settle()
    story = [child for child in form.signin.winfo_children() if type(child).__name__ == "Story"]
    assert bool(story[0].winfo_ismapped()) is halves
    right = form.signin.button.winfo_rootx() + form.signin.button.winfo_width()
    assert right <= form.hands.root.winfo_rootx() + width - 16
