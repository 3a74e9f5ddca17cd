"""The program up to the sign-in, with a server that answers, refuses, asks, or is none."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.address import parse
from chatclient.desktop.app import App, Options
from chatclient.keep import Keep
from tests.desktop.hands import Hands
from tests.desktop.house import Friend
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")


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


def test_a_second_device_comes_in_by_the_password(
    start: Callable[..., App], server: ServerProcess, root: ctk.CTk
) -> None:
    Friend(server.port, "alice", password="correct horse battery").close()
    hands = Hands(root)
    app = start(f"127.0.0.1:{server.port}", "alice", "two")
    place = f"127.0.0.1:{server.port}"
    hands.until(lambda: app.signin and app.signin.password.winfo_ismapped(), "the field for the password")
    assert app.signin is not None
    assert app.signin.password.error == "" and app.signin.focus_get() is app.signin.password.entry
    assert app.signin._brand.words[1] == f"The name alice has a password on {place}."
    hands.type("wrong horse battery")
    hands.keys("Return")
    hands.until(lambda: app.signin and app.signin.password.error, "the refusal")
    assert app.signin.password.error == (
        f"That password does not open alice on {place}. Try again, or choose another name."
    )
    hands.keys("ctrl+a")
    hands.type("correct horse battery")
    hands.keys("Return")
    hands.until(lambda: app.chat, "the sign-in")
    app._bridge.close()
    assert app.chat is not None
    app.chat.destroy()
    again = start(f"127.0.0.1:{server.port}", "alice", "two")
    hands.until(lambda: again.chat, "the sign-in with the token that the password opened")


def test_too_many_wrong_passwords_are_told_beside_the_password(
    start: Callable[..., App], start_server: Callable[..., ServerProcess]
) -> None:
    server = start_server()
    Friend(server.port, "alice", password="correct horse battery").close()
    app = start(f"127.0.0.1:{server.port}", "alice")
    hands = Hands(app.root)
    hands.until(lambda: app.signin and app.signin.password.winfo_ismapped(), "the field for the password")
    assert app.signin is not None
    for attempt in range(6):
        app.signin.password.set(f"wrong password {attempt}")
        app.signin.submit()
        hands.until(lambda: app.signin and app.signin.password.error and app.signin.button.enabled, "the refusal")
        if "wrong passwords" in app.signin.password.error:
            break
    assert app.signin.password.error.startswith("Too many wrong passwords, wait ")
    assert app.signin.button.enabled and app.signin.password.winfo_ismapped()


def test_who_is_invited_comes_into_the_room(
    start: Callable[..., App], start_server: Callable[..., ServerProcess]
) -> None:
    server = start_server("--access", "invite", "--limits", "off")
    code = (server.data / "owner-invitation.txt").read_text().split()[-1]
    bob = Friend(server.port, "bob", invite=code)
    try:
        bob.do("create", "garden", private=True)
        made = bob.ask({"type": "invitation", "room": "garden", "uses": 1, "days": 7}, "invitation")["invitation"]
        app = start(made["link"].replace(made["link"].split("/")[2], f"127.0.0.1:{server.port}"))
        hands = Hands(app.root)
        assert app.signin is not None
        hands.settle()
        assert app.signin.invitation is not None and app.signin.invitation.room == "garden"
        app.signin.user.focus_in()
        hands.type("erin")
        hands.keys("Return")
        hands.until(lambda: app.chat and app.chat.model.current == "garden", "the room")
        app._bridge.close()
        assert app.chat is not None
        app.chat.destroy()
        late = start(f"chat://127.0.0.1:{server.port}/garden?invite={made['code']}", "dave", "late")
        hands.until(lambda: late.signin and late.signin.invited.error, "the refusal")
        assert late.signin is not None
        assert late.signin.invited.error == "This invitation has been used up. Ask for a new one."
    finally:
        bob.close()


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
