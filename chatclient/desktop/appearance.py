"""Light, dark, or like the system: chosen, shown at once, and remembered."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

import customtkinter as ctk

from chatclient.desktop.look import Look, repaint
from chatclient.desktop.popover import Item, Menu, Overlay
from chatclient.desktop.theme import THEMES
from chatclient.keep import Choice, Keep

CHOICES: Final[tuple[tuple[Choice, str, str], ...]] = (
    ("light", "sun", "Light"),
    ("dark", "moon", "Dark"),
    ("system", "monitor", "Like the system"),
)


def theme_name(choice: Choice) -> str:
    """`light` or `dark`."""
    if choice != "system":
        return choice
    return "dark" if ctk.AppearanceModeTracker.detect_appearance_mode() else "light"


class Appearance:
    """`choice` is what holds now; `save` writes what this device remembers."""

    def __init__(self, overlay: Overlay, look: Look, keep: Keep, choice: Choice, save: Callable[[], object]) -> None:
        self._overlay = overlay
        self._look = look
        self._keep = keep
        self._save = save
        self.choice = choice

    def menu(self, opener: tk.Misc) -> None:
        items = [Item(icon, text, self.chooser(choice), chosen=choice == self.choice) for choice, icon, text in CHOICES]
        self._overlay.show(Menu(self._overlay, self._look, items, opener, above=True))

    def chooser(self, choice: Choice) -> Callable[[], object]:
        return lambda: self.choose(choice)

    def choose(self, choice: Choice) -> None:
        """Change it now, and remember it."""
        self.choice = self._keep.theme = choice
        self._save()
        name = theme_name(choice)
        if name != self._look.theme.name:
            self._look.theme = THEMES[name]
            ctk.set_appearance_mode(name)
            repaint(self._overlay.root)
