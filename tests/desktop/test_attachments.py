"""Files that go with a message: chosen, sent, taken out, tried again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatclient.desktop.deeds import Deeds
from chatclient.events import Uploaded, UploadFailed, Uploading
from shared.protocol import File
from tests.desktop.attaching import tiles, up
from tests.desktop.house import House
from tests.desktop.messages import Messages

pytestmark = pytest.mark.desktop


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[str], object]]:
    """Uploads that the client does not take over: what it would tell is told by the test."""
    taken: list[Callable[[str], object]] = []
    monkeypatch.setattr(Deeds, "attach", lambda _self, _path, _data, _name, done, _failed: taken.append(done))
    return taken


def click_tile(house: House, index: int, x: int, y: int) -> None:
    """At this place of a tile; a negative x counts from its right edge."""
    shown = house.chat.composer._tiles
    left, top, width, _ = shown.box(shown.files[index])
    house.hands.click(shown, left + (x if x >= 0 else width + x), top + y)


# --- choosing and sending -------------------------------------------------------------------------------------


def test_files_are_chosen_and_sent(house: House, picture: Path, notes: Path) -> None:
    house.chat.talk.attachments.ask = lambda _parent: [str(picture), str(notes)]
    house.hands.click(house.chat.composer._clip)
    up(house, 2)
    assert [name for name, _, _ in tiles(house)] == ["sea.png", "release notes.pdf"]
    house.hands.until(lambda: house.chat.composer.draft.files[0].picture is not None, "the thumbnail")
    house.hands.type("From this morning")
    house.hands.keys("Return")
    heard = house.bob.hear("message")
    assert heard["text"] == "From this morning"
    assert [(file["name"], file.get("width", 0)) for file in heard["files"]] == [
        ("sea.png", 320),
        ("release notes.pdf", 0),
    ]
    assert tiles(house) == [] and house.chat.composer.content == ""


def test_a_file_needs_no_text(house: House, notes: Path) -> None:
    house.chat.talk.attachments.add([notes])
    up(house)
    house.hands.keys("Return")
    assert house.bob.hear("message")["files"][0]["name"] == "release notes.pdf"


def test_send_is_off_until_all_are_up(house: House, notes: Path, held: list[Callable[[str], object]]) -> None:
    house.chat.talk.attachments.add([notes])
    house.hands.type("Here")
    composer = house.chat.composer
    assert not composer._button.enabled
    house.hands.keys("Return")
    assert composer.complaint == "One file is still on its way."  # and no more when it has come
    assert composer.content == "Here"
    house.hands.until(lambda: held, "the client's turn")
    held[0]("u1")
    house.chat.deliver([Uploading("u1", 15_624_000, 25_165_824)])
    assert tiles(house) == [("release notes.pdf", "going", "14.9 of 24 MB, 62 %")]
    house.chat.deliver([Uploaded("u1", File(file="0" * 64, name="x", mime="y", size=25_165_824))])
    assert tiles(house) == [("release notes.pdf", "there", "24 MB")]
    assert composer._button.enabled and composer.complaint == ""


def test_every_conversation_keeps_its_files(house: House, notes: Path) -> None:
    house.make("garden")
    house.chat.talk.attachments.add([notes])
    house.chat.open("garden")
    assert tiles(house) == []
    house.chat.open("lobby")
    assert [name for name, _, _ in tiles(house)] == ["release notes.pdf"]


# --- taking out and trying again --------------------------------------------------------------------------------


def test_the_x_takes_a_file_out(house: House, picture: Path, notes: Path) -> None:
    house.chat.talk.attachments.add([notes, picture])
    up(house, 2)
    house.hands.settle()
    click_tile(house, 0, -12, 12)
    assert [name for name, _, _ in tiles(house)] == ["sea.png"]
    house.hands.keys("Return")
    assert [file["name"] for file in house.bob.hear("message")["files"]] == ["sea.png"]


def test_the_keyboard_takes_files_out_and_tries_again(
    house: House, picture: Path, notes: Path, held: list[Callable[[str], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[str] = []
    monkeypatch.setattr(Deeds, "retry_upload", lambda _self, upload: again.append(upload))
    house.chat.talk.attachments.add([notes, picture])
    house.hands.until(lambda: len(held) == 2, "the client's turn")
    held[0]("u1")
    held[1]("u2")
    house.chat.deliver([UploadFailed("u2", "storage_full", "The server's disk is full.")])
    assert house.chat.composer.complaint == "sea.png did not arrive. The server's disk is full."
    house.hands.keys("Return")
    assert house.chat.composer.complaint == "sea.png did not arrive. Try it again, or take it out."
    house.hands.keys("shift+Tab", "shift+Tab", "Right", "Return")
    assert again == ["u2"] and tiles(house)[1][1] == "going"
    house.hands.keys("Left", "Delete")
    assert [name for name, _, _ in tiles(house)] == ["sea.png"]


def test_retry_can_be_clicked(
    house: House, notes: Path, held: list[Callable[[str], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[str] = []
    monkeypatch.setattr(Deeds, "retry_upload", lambda _self, upload: again.append(upload))
    house.chat.talk.attachments.add([notes])
    house.hands.until(lambda: held, "the client's turn")
    held[0]("u1")
    house.chat.deliver([UploadFailed("u1", "storage_full", "The server's disk is full.")])
    house.hands.settle()
    shown = house.chat.composer._tiles
    house.hands.click(shown, shown._places[0].retry[0] + 10, 50)
    assert again == ["u1"]


def test_a_file_that_was_taken_out_before_the_client_had_it(
    house: House, notes: Path, held: list[Callable[[str], object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[str] = []
    monkeypatch.setattr(Deeds, "drop_upload", lambda _self, upload: dropped.append(upload))
    house.chat.talk.attachments.add([notes])
    house.chat.talk.attachments.drop(house.chat.composer.draft.files[0])
    held[0]("u1")
    assert dropped == ["u1"] and tiles(house) == []


# --- what cannot be added ----------------------------------------------------------------------------------------


def test_what_cannot_be_added_says_why(house: House, tmp_path: Path, notes: Path) -> None:
    add, composer = house.chat.talk.attachments.add, house.chat.composer
    add([tmp_path])
    assert composer.complaint == f"{tmp_path.name} is a folder. Choose the files in it."
    add([tmp_path / "gone.txt"])
    assert composer.complaint == "gone.txt cannot be read: No such file or directory."
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        add([tmp_path / "pipe"])
        assert composer.complaint == "pipe is no file that can be sent."
    house.chat.talk.attachments._most = 100 * 1024
    add([notes])
    assert composer.complaint == "176 KB is too large, the limit here is 100 KB."
    house.chat.talk.attachments._most = 0
    add([notes] * 11)
    assert composer.complaint == "A message takes 10 files at most." and len(tiles(house)) == 10


def test_files_go_with_no_edit(house: House, notes: Path) -> None:
    Messages(house).sent("mine")
    house.hands.keys("Up")
    house.chat.talk.attachments.add([notes])
    assert tiles(house) == []
    assert house.chat.composer.complaint == "Files go with a new message, not with an edit."


# --- without a connection -----------------------------------------------------------------------------------------


def test_without_a_connection_the_message_waits_for_its_files(house: House, notes: Path) -> None:
    house.server.stop()
    house.hands.until(lambda: house.chat.model.link.state == "offline", "the end of the connection", 20)
    house.chat.talk.attachments.add([notes])
    house.hands.until(lambda: house.chat.composer.draft.files[0].upload, "the client's turn")
    assert tiles(house)[0][1:] == ("waiting", "176 KB, waiting")
    house.hands.type("Later then")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["waiting"], "what waits")
    house.server.start()
    house.chat._deeds.retry_now()
    house.hands.until(lambda: house.states == ["sent"], "the delivery", 20)
    assert house.server.history.read_text("utf-8").count("name=release notes.pdf") == 1
