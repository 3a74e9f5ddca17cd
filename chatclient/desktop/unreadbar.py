"""The strip over the conversation that leads up to the first unread message, while that is out of sight."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import RING, Link
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 32
_MOST: Final = 999


class UnreadBar(Painted):
    """`show` says how many there are; the window packs and forgets it."""

    def __init__(self, master: tk.Misc, look: Look, jump: Callable[[], object]) -> None:
        super().__init__(master, look, ground="active", height=HEIGHT)
        self._count = 0
        self.jump = Link(self, look, "Jump to the first", jump, ground="active")

    @property
    def said(self) -> str:
        """The words on it."""
        many = f"{self._count}" if self._count <= _MOST else f"{_MOST}+"
        return f"{many} new message{'' if self._count == 1 else 's'}"

    def show(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.repaint()

    def paint(self) -> None:
        middle = HEIGHT // 2
        width = self.jump.winfo_reqwidth()
        self.pen.line(20, middle, self.said, "small_bold", "text", "active", width=self.wide - width - 48)
        self.jump.place(x=self.wide - 20 + RING - width, y=middle - 8 - RING)
