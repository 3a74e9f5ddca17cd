"""One of a few words, side by side: the chosen one stands on a ground of its own.

Tab reaches the whole, the arrows choose in it, and a click chooses what is under it.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from chatclient.desktop.controls import RING
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 36
_INSET: Final = 3


class Segments(Painted):
    """`chosen` is the index of the word that holds, or None; `on_choose` gets one that was chosen anew."""

    def __init__(
        self, master: tk.Misc, look: Look, words: Sequence[str], on_choose: Callable[[int], object], *, ground: str
    ) -> None:
        super().__init__(master, look, ground=ground, height=HEIGHT + 2 * RING)
        self.words = tuple(words)
        self.chosen: int | None = None
        self._on_choose = on_choose
        self._focused = False
        self.configure(takefocus=1, cursor="hand2")
        self.bind("<ButtonRelease-1>", self._released)
        self.bind("<Left>", lambda _event: self._step(-1))
        self.bind("<Right>", lambda _event: self._step(1))
        self.bind("<FocusIn>", lambda _event: self._turn(True))
        self.bind("<FocusOut>", lambda _event: self._turn(False))

    def show(self, chosen: int | None) -> None:
        """Let this word hold, without a word to anybody."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.repaint()

    def choose(self, index: int) -> None:
        """Do what a click on this word does."""
        if index != self.chosen:
            self.show(index)
            self._on_choose(index)

    def _turn(self, focused: bool) -> None:
        self._focused = focused
        self.repaint()

    def _step(self, step: int) -> str:
        last = len(self.words) - 1
        now = self.chosen if self.chosen is not None else -1 if step > 0 else last + 1
        self.choose(max(0, min(last, now + step)))
        return "break"

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        inside = self.wide - 2 * RING
        if 0 <= event.x - RING < inside and 0 <= event.y < self.high:
            self.choose((event.x - RING) * len(self.words) // inside)

    def paint(self) -> None:
        pen, count = self.pen, len(self.words)
        dark = self.look.theme.name == "dark"
        track, raised = ("border", "field") if dark else ("hover", "conv")
        wide = self.wide - 2 * RING
        pen.box(RING, RING, wide, HEIGHT, 10, track, self.ground)
        room = wide - 2 * _INSET
        for index, word in enumerate(self.words):
            x = RING + _INSET + room * index // count
            width = RING + _INSET + room * (index + 1) // count - x
            lit = index == self.chosen
            if lit:
                pen.box(x, RING + _INSET - 1, width, HEIGHT - 2 * _INSET + 2, 8, raised, track, "popover_line")
            font = "button" if lit else "segment"
            start = x + (width - pen.width(word, font)) // 2
            pen.line(start, RING + HEIGHT // 2, word, font, "text" if lit else "muted", raised if lit else track)
        if self._focused:
            pen.outline(0, 0, self.wide, self.high, 10 + RING, "accent", 2)
