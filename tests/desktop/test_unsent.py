"""What was written and not sent outlives the window, under real keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.address import parse
from chatclient.desktop import unsent
from chatclient.desktop.app import App, Options
from chatclient.keep import Keep
from chatclient.unsent import Unsent
from tests.desktop.house import Friend, House
from tests.desktop.messages import Messages
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


@pytest.fixture
def bob(server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Friend]:
    """His keys rest for longer than a test takes: what is put away is so for another reason."""
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    monkeypatch.setattr(unsent, "PAUSE", 60_000)
    friend = Friend(server.port, "bob")
    friend.do("create", "garden")
    yield friend
    friend.close()


@contextmanager
def window(server: ServerProcess, bob: Friend, home: Path) -> Iterator[House]:
    """alice's window, closed as by its button in the end."""
    root = ctk.CTk()
    root.geometry("1100x720+0+0")
    keep = Keep(home)
    house = House(App(root, keep, Options(server=parse(f"127.0.0.1:{server.port}"), user="alice")), server, bob, keep)
    yield house
    for timer in root.tk.splitlist(root.tk.call("after", "info")):
        root.tk.call("after", "cancel", timer)
    house.app.end()


def in_the_garden(house: House, bob: Friend) -> Messages:
    bob.do("invite", "garden", user="alice")
    house.hands.until(lambda: "garden" in house.chat.model.conversations, "the room")
    house.chat.open("garden")
    house.hands.settle()
    return Messages(house)


def test_drafts_come_back(display: str, server: ServerProcess, bob: Friend, tmp_path: Path) -> None:
    with window(server, bob, tmp_path) as house:
        in_the_garden(house, bob)
        house.hands.type("half a thought")
        assert not (tmp_path / "unsent").exists(), "nothing is written down at a key"
        house.chat.open("lobby")
        assert "half a thought" in next((tmp_path / "unsent").iterdir()).read_text("utf-8")
        house.hands.type("other")
    with window(server, bob, tmp_path) as house:
        composer = house.chat.composer
        assert composer.content == "other"
        house.hands.type(" words")
        house.hands.keys("Return")
        house.hands.until(lambda: house.texts == ["other words"], "the message")
        house.chat.open("garden")
        assert composer.content == "half a thought"
    with window(server, bob, tmp_path) as house:
        assert house.chat.composer.content == "", "what was sent is no draft any more"


def test_an_edit_and_what_it_put_aside_come_back(
    display: str, server: ServerProcess, bob: Friend, tmp_path: Path
) -> None:
    with window(server, bob, tmp_path) as house:
        messages = in_the_garden(house, bob)
        seq = messages.sent("mine").seq
        house.hands.type("aside")
        messages.right_click("mine")
        house.hands.keys("e")
        house.hands.type("?")
    with window(server, bob, tmp_path) as house:
        house.chat.open("garden")
        composer, messages = house.chat.composer, Messages(house)
        assert composer.draft.editing and composer.content == "mine?"
        composer.focus_in()
        house.hands.keys("Return")
        heard = messages.heard("edited")
        assert (heard["of"], heard["text"]) == (seq, "mine?")
        assert composer.content == "aside" and not composer.draft.editing


def test_an_answer_comes_back(display: str, server: ServerProcess, bob: Friend, tmp_path: Path) -> None:
    with window(server, bob, tmp_path) as house:
        messages = in_the_garden(house, bob)
        seq = bob.do("post", "garden", text="well?")
        messages.row("well?")
        house.hands.settle()
        messages.right_click("well?")
        house.hands.keys("r")
        house.hands.type("yes")
    with window(server, bob, tmp_path) as house:
        house.chat.open("garden")
        composer = house.chat.composer
        about = composer.draft.about
        assert about is not None and (about.row.user, about.words) == ("bob", "well?")
        composer.focus_in()
        house.hands.keys("Return")
        heard = Messages(house).heard("message")
        assert (heard["text"], heard["reply_to"]) == ("yes", seq)


def test_a_refused_edit_is_offered_again(display: str, server: ServerProcess, bob: Friend, tmp_path: Path) -> None:
    whose = (f"127.0.0.1:{server.port}", "alice")
    with window(server, bob, tmp_path) as house:
        seq = in_the_garden(house, bob).sent("mine").seq
    refused = Unsent(refused=(Unsent("mine?", "edit", seq),))
    Keep(tmp_path).keep_unsent(*whose, {"garden": refused})
    with window(server, bob, tmp_path) as house:
        assert not house.chat.talk.pane.taken.winfo_ismapped(), "it was another room's"
    assert Keep(tmp_path).unsent(*whose)["garden"].refused[0].text == "mine?"
    with window(server, bob, tmp_path) as house:
        house.chat.open("garden")
        messages, bar = Messages(house), house.chat.talk.pane.taken
        messages.row("mine")
        house.hands.until(bar.winfo_ismapped, "the offer")
        house.hands.settle()
        house.hands.click(bar.again)
        house.hands.keys("Return")
        heard = messages.heard("edited")
        assert (heard["of"], heard["text"]) == (seq, "mine?")
    assert Keep(tmp_path).unsent(*whose) == {}


def test_a_pause_is_enough(
    display: str, server: ServerProcess, bob: Friend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that is killed has put away what was written before the last pause."""
    with window(server, bob, tmp_path) as house:
        house.hands.type("before")
        house.hands.settle()
        assert Keep(tmp_path).unsent(f"127.0.0.1:{server.port}", "alice") == {}
        monkeypatch.setattr(unsent, "PAUSE", 10)
        house.hands.type(" and after")
        house.hands.until(
            lambda: (
                [kept.text for kept in Keep(tmp_path).unsent(f"127.0.0.1:{server.port}", "alice").values()]
                == ["before and after"]
            ),
            "the draft on the disk",
        )


def test_what_cannot_be_put_away_breaks_nothing(
    display: str, server: ServerProcess, bob: Friend, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with window(server, bob, tmp_path) as house:
        in_the_garden(house, bob)
        (tmp_path / "unsent").write_text("in the way of the folder")
        house.hands.type("half a thought")
        house.chat.open("lobby")
        assert "cannot be written" in caplog.text
        house.chat.open("garden")
        assert house.chat.composer.content == "half a thought"
