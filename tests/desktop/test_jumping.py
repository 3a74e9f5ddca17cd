"""To a message that is far back, and back to the newest."""

from collections.abc import Iterator
from pathlib import Path

import customtkinter as ctk
import pytest

from chatclient.address import parse
from chatclient.desktop.app import App, Options
from chatclient.keep import Keep
from tests.desktop.house import Friend, House
from tests.desktop.messages import Messages
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


@pytest.fixture
def house(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """400 messages of bob's in the lobby before alice comes; the newest answers the tenth."""
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    root.geometry("1100x720+0+0")
    friend = Friend(server.port, "bob")
    seqs = [friend.do("post", "lobby", text=f"line {number}") for number in range(400)]
    friend.do("post", "lobby", text="as I said", reply_to=seqs[10])
    keep = Keep(tmp_path / "home")
    link = f"chat://127.0.0.1:{server.port}/lobby?message={seqs[200]}"
    app = App(root, keep, Options(server=parse(link), user="alice"))
    made = House(app, server, friend, keep)
    yield made
    app._bridge.close()
    friend.close()


def in_sight(house: House) -> list[str]:
    return [live.row.text for live in house.chat.view.in_sight()]


def test_there_and_back(house: House) -> None:
    view, messages = house.chat.view, Messages(house)
    house.hands.until(lambda: "line 200" in in_sight(house), "the message of the link")
    talk = house.chat.current
    assert talk is not None and not talk.timeline.attached
    view.to_bottom()
    house.hands.until(lambda: "as I said" in in_sight(house), "the newest")
    assert talk.timeline.attached
    quote = messages.row("as I said").reply
    assert quote is not None and quote.text == "line 10"
    messages.click("as I said", "jump")
    house.hands.until(lambda: "line 10" in in_sight(house), "the original")
    assert not talk.timeline.attached and "line 300" not in house.texts


def test_the_window_round_an_older_place_grows_until_it_meets_the_newest(house: House) -> None:
    talk = house.chat.current
    assert talk is not None
    house.hands.until(lambda: "line 200" in in_sight(house), "the message of the link")
    for _ in range(60):
        if talk.timeline.attached:
            break
        house.chat.view.page(1)
        house.hands.settle()
    house.hands.until(lambda: talk.timeline.attached, "the newest")
    assert house.texts[-201:] == [*(f"line {number}" for number in range(200, 400)), "as I said"]


def test_what_is_said_from_an_older_place_leads_back(house: House) -> None:
    house.hands.until(lambda: "line 200" in in_sight(house), "the message of the link")
    house.chat.composer.focus_in()
    house.hands.type("here I am")
    house.hands.keys("Return")
    house.hands.until(lambda: "here I am" in in_sight(house), "mine, under the newest")
    assert house.texts[-2:] == ["as I said", "here I am"]


def test_a_message_that_is_not_there(house: House) -> None:
    house.hands.until(lambda: "line 200" in in_sight(house), "the message of the link")
    house.chat.show("lobby", 9_999_999)
    house.hands.until(lambda: house.chat.composer.complaint, "the sentence")


def test_what_is_answered_stays_so_while_the_reader_looks_elsewhere(house: House) -> None:
    view, messages = house.chat.view, Messages(house)
    house.hands.until(lambda: "line 200" in in_sight(house), "the message of the link")
    view.to_bottom()
    house.chat.talk.acts.reply(messages.row("line 399"))
    messages.click("as I said", "jump")
    house.hands.until(lambda: "line 10" in in_sight(house), "the original")
    assert "line 399" not in house.texts
    about = house.chat.composer.draft.about
    assert about is not None and about.row.text == "line 399"
