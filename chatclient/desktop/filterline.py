"""A field of 36 for narrowing what stands under it: a magnifying glass, a line of text, no label."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.entry import Entry
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 36


class FilterLine(Painted):
    """`text` is what stands in it; `on_change` is called after every edit."""

    def __init__(
        self, master: tk.Misc, look: Look, placeholder: str, on_change: Callable[[], object], *, ground: str
    ) -> None:
        super().__init__(master, look, ground=ground, height=HEIGHT)
        self._variable = tk.StringVar(self)
        self.entry = Entry(self, look, self._variable, placeholder=placeholder)
        self._on_change = on_change
        self._variable.trace_add("write", self._changed)
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.entry.bind(sequence, lambda _event: self.repaint(), add="+")
        self.bind("<Button-1>", lambda _event: self.entry.focus_set())

    @property
    def text(self) -> str:
        return self._variable.get()

    def clear(self) -> None:
        self._variable.set("")

    def _changed(self, *_trace: str) -> None:
        self.repaint()
        self._on_change()

    def paint(self) -> None:
        focused = holder(self) is self.entry
        line, width = ("accent", 2) if focused else ("border", 1)
        self.pen.box(0, 0, self.wide, HEIGHT, 10, "conv", self.ground, line, width)
        self.pen.icon("search", 20, HEIGHT // 2, 16, "muted", "conv")
        self.entry.put(36, HEIGHT // 2, self.wide - 36 - 12, "conv")
