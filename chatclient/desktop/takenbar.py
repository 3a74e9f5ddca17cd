"""The line over the box that offers an edit which the server refused."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import RING, Link
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.gist import gist

HEIGHT: Final = 28
_WORDS: Final = 60


class TakenBar(Painted):
    """`show` packs it at the foot of its master and forgets it; `serve` says what its words do."""

    def __init__(self, master: tk.Misc, look: Look, under: tk.Misc) -> None:
        super().__init__(master, look, ground="conv", height=HEIGHT)
        self._under = under
        self._text = ""
        self._margin = 20
        self.again = Link(self, look, "Edit again", _nothing, ground="conv")
        self.discard = Link(self, look, "Discard", _nothing, ground="conv")

    def serve(self, *, again: Callable[[], object], discard: Callable[[], object]) -> None:
        self.again.command, self.discard.command = again, discard

    @property
    def said(self) -> str:
        """The words on it, nothing while it is not shown."""
        return f"Your edit was not stored: “{self._text}”" if self._text else ""

    def show(self, text: str) -> None:
        """Offer the edit to this text; an empty one: offer nothing."""
        self._text = gist(text, longest=_WORDS)
        if text:
            self.pack(side="bottom", fill="x", after=self._under)
            self.repaint()
        else:
            self.pack_forget()

    def margin(self, margin: int) -> None:
        """The room left and right of it."""
        self._margin = margin
        self.repaint()

    def paint(self) -> None:
        middle, right = HEIGHT // 2, self.wide - self._margin
        for link in (self.discard, self.again):
            right -= link.winfo_reqwidth() - RING
            link.place(x=right, y=middle - 8 - RING)
            right -= RING
        self.pen.icon("alert", self._margin + 9, middle, 16, "danger", "conv")
        left = self._margin + 23
        self.pen.line(left, middle, self.said, "small", "danger", "conv", width=max(1, right - left - 8))


def _nothing() -> None:
    pass
