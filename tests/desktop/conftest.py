"""What window tests stand on: the bundled fonts, and a CustomTkinter root that leaves nothing behind."""

import tkinter as tk
from collections.abc import Iterator

import customtkinter as ctk
import pytest

from chatclient.desktop import fonts
from tests.desktop.stage import Window


@pytest.fixture(scope="session")
def display(display: str) -> str:
    """The session's private screen, with the bundled fonts known before the first window."""
    fonts.register()
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
