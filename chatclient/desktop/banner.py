"""The strip under the header while there is no connection: what is the matter, and when the next try comes."""

import math
import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import RING, Button
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 40


class Banner(Painted):
    """`show` says it and counts down by itself; the window packs and forgets it."""

    def __init__(self, master: tk.Misc, look: Look, *, now: Callable[[], float], retry: Callable[[], object]) -> None:
        super().__init__(master, look, ground="hover", height=HEIGHT)
        self._now = now
        self._server = ""
        self._retry_at: float | None = None
        self._tick: str | None = None
        self._retry = Button(self, look, "Try now", retry, ground="hover", height=28)
        self.bind("<Destroy>", lambda _event: self.rest())

    def show(self, server: str, retry_at: float | None) -> None:
        """`retry_at` on the clock that the banner was given, None while a try is under way."""
        self._server, self._retry_at = server, retry_at
        self.repaint()
        self.rest()
        self._tick = self.after(250, self._count)

    def rest(self) -> None:
        """Stop counting."""
        if self._tick is not None:
            self.after_cancel(self._tick)
            self._tick = None

    def _count(self) -> None:
        self.repaint()
        self._tick = self.after(250, self._count)

    def paint(self) -> None:
        pen, middle = self.pen, (HEIGHT - 1) // 2
        pen.rectangle(0, HEIGHT - 1, self.wide, 1, "border")
        pen.icon("no-connection", 29, middle + 1, 18, "text", "hover")
        self._retry.place(x=self.wide - 20 + RING - self._retry.winfo_reqwidth(), y=middle - 14 - RING + 1)
        right = self.wide - 20 - (self._retry.winfo_reqwidth() - 2 * RING) - 10
        left = 48
        wait = self._wait()
        if self.wide > 560:
            right = pen.line_end(right, middle + 1, wait, "small", "muted", "hover") - 10
        first = f"{self._server} does not answer."
        end = pen.line(left, middle + 1, first, "body_bold", "text", "hover", width=right - left)
        rest = " Your messages wait here and go out by themselves."
        if right - end > 60:
            pen.line(end, middle + 1, rest, "body", "text", "hover", width=right - end)

    def _wait(self) -> str:
        if self._retry_at is None:
            return "Trying now"
        seconds = max(0, math.ceil(self._retry_at - self._now()))
        return f"Next try in {seconds} s" if seconds else "Trying now"
