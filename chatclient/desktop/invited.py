"""What the sign-in shows of an invitation in the place of the field for the server: which server, and the code."""

import tkinter as tk
from typing import Final

from chatclient.address import Address
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

_HIGH: Final = 66
_NOTE: Final = 6
_LINE: Final = 16


class Invited(Painted):
    """`show` gives it the link's contents; `fail` says under it what is wrong with them."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=_HIGH)
        self._label = ""
        self._below = ""
        self.error = ""

    def show(self, place: Address, label: str) -> None:
        """`label` is what the server is called."""
        self.error = ""
        self._label = label
        where = place.short if label != place.short else place.room
        self._below = f"{where} · code {place.invite}" if where else f"Code {place.invite}"
        self.repaint()

    def fail(self, sentence: str) -> None:
        self.error = sentence
        self.repaint()

    def paint(self) -> None:
        pen = self.pen
        line, thick = ("danger_line", 2) if self.error else ("border", 1)
        pen.box(0, 0, self.wide, _HIGH, 12, "side", "conv", line, thick)
        pen.avatar(self._label, 17, 13, 40, "side", square=True)
        right = self.wide - 17
        pen.icon("alert" if self.error else "check", right - 10, 33, 20, "danger" if self.error else "link", "side")
        room = right - 32 - 69
        pen.line(69, 25, self._label, "body_bold", "text", "side", width=room)
        pen.line(69, 43, self._below, "small", "muted", "side", width=room)
        bottom = _HIGH
        if self.error:
            pen.icon("alert", 8, bottom + _NOTE + _LINE // 2, 16, "danger", "conv")
            bottom = pen.block(22, bottom + _NOTE, self.error, "small", "danger", self.wide - 22, _LINE)
        if int(self.cget("height")) != bottom:
            self.configure(height=bottom)
