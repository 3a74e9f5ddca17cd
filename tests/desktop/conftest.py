"""What window tests stand on: the bundled fonts, and a CustomTkinter root that leaves nothing behind."""

import gc
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import customtkinter as ctk
import pytest
from PIL import Image

from chatclient.desktop import fonts
from tests.desktop.house import House, living
from tests.desktop.messages import Messages
from tests.desktop.stage import Window
from tests.processes import ServerProcess


@pytest.fixture(scope="session")
def display(display: str) -> str:
    """The session's private screen, with the bundled fonts known before the first window.

    What the session holds by now is collected no more: each window collects what the one before it left, and would
    look through all tests there are.
    """
    fonts.register()
    gc.collect()
    gc.freeze()
    return display


@pytest.fixture
def root(display: str) -> Iterator[tk.Tk]:
    """A mapped CustomTkinter root in light mode, 900 × 700; everything on it is destroyed afterwards."""
    ctk.set_appearance_mode("light")
    window = ctk.CTk()
    window.geometry("900x700+0+0")
    window.update()
    yield window
    for child in window.winfo_children():
        child.destroy()
    for timer in window.tk.splitlist(window.tk.call("after", "info")):
        window.tk.call("after", "cancel", timer)
    window.destroy()


@pytest.fixture
def window(root: tk.Tk) -> Iterator[Window]:
    """An empty conversation, 827 × 600."""
    made = Window(root)
    yield made
    made.view.destroy()


@pytest.fixture
def house(root: ctk.CTk, server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """alice's window on a real server, in the lobby, and bob."""
    monkeypatch.setenv("PARLEY_KEYRING", "off")
    with living(root, server, tmp_path / "home") as made:
        yield made


@pytest.fixture
def garden(house: House) -> House:
    """Both in a room that bob has made."""
    house.make("garden")
    house.chat.open("garden")
    house.hands.settle()
    return house


@pytest.fixture
def messages(house: House) -> Messages:
    """Those in alice's window."""
    return Messages(house)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sea.png"
    Image.new("RGB", (320, 200), "#2F7FA3").save(path)
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "release notes.pdf"
    path.write_bytes(b"%PDF-1.4 " + bytes(180_000))
    return path
