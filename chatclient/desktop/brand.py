"""The drawn words of the sign-in: the mark with its headings, and what stands at the foot."""

import tkinter as tk
from typing import Final

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

TOP: Final = 88
_HIGH: Final = 132

_SERVER: Final = (
    ("No server yet? Run ", "small"),
    ("python -m chatserver", "code_small"),
    (", then connect to ", "small"),
    ("localhost", "code_small"),
    (".", "small"),
)
_NAME: Final = (("The name becomes yours on this server. You can set a password later, in Settings.", "small"),)


class Brand(Painted):
    """The mark, and what this screen is for."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=TOP + _HIGH)
        self._top = TOP
        self.words = ("", "")

    def top(self, top: int) -> None:
        """So much free above the mark."""
        if top != self._top:
            self._top = top
            self.configure(height=top + _HIGH)
            self.repaint()

    def show(self, heading: str, below: str) -> None:
        if (heading, below) != self.words:
            self.words = (heading, below)
            self.repaint()

    def paint(self) -> None:
        self.pen.mark(-3, self._top, 56, "own", "own_text", "conv")
        self.pen.line(0, self._top + 92, self.words[0], "welcome", "text", width=self.wide)
        self.pen.line(0, self._top + 122, self.words[1], "body", "muted", width=self.wide)


class Footnote(Painted):
    """Where a server comes from, for those who have none; or what becomes of the name of who is invited."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=32)
        self._invited = False

    def say(self, *, invited: bool) -> None:
        if invited != self._invited:
            self._invited = invited
            self.repaint()

    def paint(self) -> None:
        bottom = self.pen.prose(0, 0, _NAME if self._invited else _SERVER, "muted", self.wide, 16)
        if int(self.cget("height")) != bottom:
            self.configure(height=bottom)
