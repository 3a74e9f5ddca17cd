"""The line over the composer that says who is writing, with three dots of which one after another is brighter.

The dots move only while the line is in sight and somebody is writing; told to move less they rest.
"""

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 24
STEP: Final = 300
"""Milliseconds for which one dot is the brighter one."""
_SEVERAL: Final = 3
_MIDDLE: Final = 8  # nearer to the conversation than to the box under it
_DOT: Final = 5
_DOTS: Final = 3


def words(names: Sequence[str]) -> str:
    """What to say of those who are writing."""
    if not names:
        return ""
    if len(names) >= _SEVERAL:
        return "Several people are typing"
    return f"{names[0]} is typing" if len(names) == 1 else f"{names[0]} and {names[1]} are typing"


class TypingLine(Painted):
    """`show` says who writes; the window packs and forgets it. `still`: the dots rest."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="conv", height=HEIGHT)
        self.still = False
        self._people: tuple[tuple[str, str], ...] = ()
        self._margin = 20
        self._bright = 0
        self._timer: str | None = None
        self.bind("<Map>", lambda _event: self._begin())
        self.bind("<Unmap>", lambda _event: self._rest())
        self.bind("<Destroy>", lambda _event: self._rest())

    @property
    def said(self) -> str:
        """The words on it."""
        return words([shown for _, shown in self._people])

    @property
    def moving(self) -> bool:
        """Whether the dots are at work."""
        return self._timer is not None

    def show(self, people: Sequence[tuple[str, str]]) -> None:
        """`people`: the name, and what to call them."""
        if tuple(people) != self._people:
            self._people = tuple(people)
            self.repaint()
            self._begin()

    def margin(self, margin: int) -> None:
        if margin != self._margin:
            self._margin = margin
            self.repaint()

    def rest(self, still: bool) -> None:
        """Let the dots rest, or move."""
        self.still = still
        self._begin()

    def _begin(self) -> None:
        self._rest()
        if self._people and not self.still and self.winfo_ismapped():
            self._timer = self.after(STEP, self._step)

    def _rest(self) -> None:
        if self._timer is not None:
            self.after_cancel(self._timer)
            self._timer = None

    def _step(self) -> None:
        self._bright = (self._bright + 1) % _DOTS
        self.repaint()
        self._timer = self.after(STEP, self._step)

    def paint(self) -> None:
        if not self._people:
            return
        x = self._margin
        if len(self._people) < _SEVERAL:
            for name, _ in self._people:
                self.pen.avatar(name, x, _MIDDLE - 8, 16, "conv")
                x += 20
        else:
            self.pen.icon("users", x + 8, _MIDDLE, 16, "muted", "conv")
            x += 20
        x += 4
        for dot in range(_DOTS):
            token = "muted" if dot == self._bright else "dot"
            self.pen.box(x, _MIDDLE - 2, _DOT, _DOT, 2, token, "conv")
            x += _DOT + 3
        self.pen.line(x + 5, _MIDDLE, self.said, "small", "muted", "conv", width=self.wide - x - 5 - self._margin)
