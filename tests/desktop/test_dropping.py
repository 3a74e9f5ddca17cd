"""Files that are dropped from another program, and files of messages: saved, looked at."""

import subprocess
import sys
from pathlib import Path

import customtkinter as ctk
import pytest

from tests.desktop import xdnd_source
from tests.desktop.attaching import tiles, up
from tests.desktop.house import House, living
from tests.desktop.messages import Messages
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


# --- drop ------------------------------------------------------------------------------------------------------------


def test_files_are_dropped_from_another_program(house: House, notes: Path, picture: Path) -> None:
    drop, view = house.chat.talk.drop, house.chat.view
    assert drop.loaded
    place = [str(view.winfo_rootx() + 400), str(view.winfo_rooty() + 200)]
    command = [sys.executable, str(Path(xdnd_source.__file__)), *place, str(notes), str(picture)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as source:
        house.hands.until(lambda: drop.lit, "the line round the conversation")
        assert source.stdin is not None and source.stdout is not None
        source.stdin.write("let go\n")
        source.stdin.close()
        house.hands.until(lambda: len(tiles(house)) == 2, "the files")
        house.hands.until(lambda: source.poll() is not None, "the end of the source")
        assert source.stdout.read() == "over\ntaken\n"
    assert [name for name, _, _ in tiles(house)] == ["release notes.pdf", "sea.png"]
    assert not drop.lit


def test_where_the_extension_cannot_be_loaded_the_window_works_without(
    root: ctk.CTk,
    server: ServerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    with living(root, server, tmp_path / "home") as made:
        assert not made.chat.talk.drop.loaded
        assert "Files cannot be dropped on this window" in caplog.text
        Messages(made).sent("still here")


# --- files of messages ------------------------------------------------------------------------------------------


def test_a_file_of_a_message_is_saved(house: House, notes: Path, tmp_path: Path) -> None:
    house.chat.talk.attachments.add([notes])
    up(house)
    messages = Messages(house)
    house.hands.type("notes")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["sent"], "the echo")
    to = tmp_path / "kept.pdf"
    asked: list[str] = []

    def ask(_parent: object, name: str) -> str:
        asked.append(name)
        return str(to)

    house.chat.talk.files.ask = ask
    house.hands.settle()
    messages.click("notes", "save-file:0")
    house.hands.until(to.exists, "the file")
    assert to.read_bytes() == notes.read_bytes() and asked == ["release notes.pdf"]
    house.hands.until(lambda: house.chat.composer.complaint == "Saved as kept.pdf.", "the word")


def test_a_picture_is_looked_at_and_answered(house: House, picture: Path) -> None:
    house.chat.talk.attachments.add([picture])
    up(house)
    messages = Messages(house)
    house.hands.type("the sea")
    house.hands.keys("Return")
    house.hands.until(lambda: house.states == ["sent"], "the echo")
    house.hands.settle()
    messages.click("the sea", "open-file:0")
    house.hands.until(lambda: house.chat.talk.files.viewer is not None, "the viewer")
    house.hands.keys("Escape")
    house.hands.until(lambda: house.chat.talk.files.viewer is None, "its end")
