"""The sign-in: what is checked at once, what the server says, and that nothing of it blocks the window."""

import asyncio
import socket
import tkinter as tk
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.address import parse
from chatclient.desktop.app import App, Options
from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.look import Look
from chatclient.desktop.signin import RecentServer, SignIn, Wanted
from chatclient.desktop.theme import LIGHT
from chatclient.keep import Keep
from tests.desktop.hands import Hands
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")


class Form:
    """The form alone, and what it asked for."""

    def __init__(self, root: tk.Tk) -> None:
        self.wanted: list[Wanted] = []
        self.cancelled = 0
        root.geometry("1100x720+0+0")
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
    form.hands.keys("Tab")
    form.hands.type("erin")
    form.hands.keys("Return")
    place = form.wanted[0].address
    assert (place.server, place.room, place.invite) == ("localhost:7000", "garden", "7Q2M-K4XD")


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


# --- the program, up to the sign-in ---------------------------------------------------------------------------


@pytest.fixture
def start(root: ctk.CTk, tmp_path: Path) -> Iterator[Callable[..., App]]:
    """`start(server, user, home="home")`: the program in the test's window; ended with it."""
    started: list[App] = []

    def make(server: str, user: str = "", home: str = "home") -> App:
        app = App(root, Keep(tmp_path / home), Options(server=parse(server), user=user))
        root.update()
        started.append(app)
        return app

    yield make
    for app in started:
        app._bridge.close()


def test_nothing_answers(start: Callable[..., App], free_port: int) -> None:
    app = start(f"127.0.0.1:{free_port}", "alice")
    assert app.signin is not None
    hands = Hands(app.root)
    hands.until(lambda: app.signin and app.signin.server.error, "the error")
    assert app.signin.server.error == (
        f"Nothing answers at 127.0.0.1, port {free_port}. Check the address, or ask whether it is running."
    )
    assert app.signin.user.error == "" and app.signin.button.enabled


def test_a_host_that_is_none(start: Callable[..., App], monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_where: object, **_how: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio, "open_connection", unknown)
    app = start("nowhere.example", "alice")
    hands = Hands(app.root)
    hands.until(lambda: app.signin and app.signin.server.error, "the error")
    assert app.signin is not None and "nowhere.example" in app.signin.server.error


def test_what_answers_may_be_something_else(start: Callable[..., App]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        app = start(f"127.0.0.1:{other.getsockname()[1]}", "alice")
        hands = Hands(app.root)
        other.settimeout(5)
        hands.settle()
        connection, _ = other.accept()
        with connection:
            connection.sendall(b"220 mail.example ESMTP\r\n")
            hands.until(lambda: app.signin and app.signin.server.error, "the error")
    assert app.signin is not None
    assert "does not speak Parley's protocol" in app.signin.server.error


def test_a_silent_server_does_not_block_the_window(start: Callable[..., App]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = start(f"127.0.0.1:{silent.getsockname()[1]}", "alice")
        assert app.signin is not None
        hands = Hands(app.root)
        assert app.signin.button.text == "Connecting…"
        app.signin.user.focus_in()
        hands.type("bob")
        assert app.signin.user.text == "bob", "the window takes keys while it connects"
        hands.keys("Escape")
        assert app.signin.button.enabled


def test_a_name_that_is_taken(start: Callable[..., App], server: ServerProcess) -> None:
    first = start(f"127.0.0.1:{server.port}", "alice", "one")
    hands = Hands(first.root)
    hands.until(lambda: first.chat, "the first sign-in")
    first._bridge.close()
    assert first.chat is not None
    first.chat.destroy()
    second = start(f"127.0.0.1:{server.port}", "alice", "two")
    hands.until(lambda: second.signin and second.signin.user.error, "the error")
    assert second.signin is not None
    assert second.signin.user.error == (
        f"alice belongs to somebody on 127.0.0.1:{server.port}. "
        "If that is you, sign in on your first device and set a password."
    )


def test_an_invitation_is_needed_and_used(
    start: Callable[..., App], start_server: Callable[..., ServerProcess]
) -> None:
    server = start_server("--access", "invite")
    app = start(f"127.0.0.1:{server.port}", "alice")
    hands = Hands(app.root)
    hands.until(lambda: app.signin and app.signin.server.error, "the error")
    assert app.signin is not None
    assert app.signin.server.error.endswith("needs an invitation. Paste the link that you were given.")
    code = (server.data / "owner-invitation.txt").read_text().split()[-1]
    app.signin.server.set(f"chat://127.0.0.1:{server.port}/?invite={code}")
    app.signin.submit()
    hands.until(lambda: app.chat, "the sign-in with the code")


def test_the_server_and_the_name_are_remembered(
    start: Callable[..., App], server: ServerProcess, tmp_path: Path
) -> None:
    app = start(f"127.0.0.1:{server.port}", "alice", "home")
    Hands(app.root).until(lambda: app.chat, "the sign-in")
    kept = Keep(tmp_path / "home").recent[0]
    assert (kept.server, kept.user, kept.label) == (f"127.0.0.1:{server.port}", "alice", "Parley")


def test_tokens_that_cannot_be_read_are_told(start: Callable[..., App], server: ServerProcess, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "tokens.json").write_text("not json")
    app = start(f"127.0.0.1:{server.port}", "alice", "home")
    Hands(app.root).until(lambda: app.signin and app.signin.server.error, "the error")
    assert app.signin is not None and "tokens.json is damaged" in app.signin.server.error
    assert app.signin.button.enabled
