"""A field for several people: each name becomes a chip, with Enter, a comma or a space behind it."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.entry import Entry
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from shared.errors import Refused
from shared.rules import name_key, user_name

_LABEL: Final = 22
_ROW: Final = 34
_CHIP: Final = 28
_LINE: Final = 16
_ENTRY: Final = 90  # the least room for what is being typed


class NamesField(Painted):
    """`names` are the chips; `finish` makes one of what is still being typed."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        label: str,
        *,
        ground: str,
        aside: str = "",
        on_change: Callable[[], object] | None = None,
        on_enter: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(master, look, ground=ground, height=_LABEL + 40)
        self.names: list[str] = []
        self._label = label
        self._aside = aside
        self._error = ""
        self._on_change = on_change
        self._on_enter = on_enter
        self._crosses: list[tuple[int, int, int]] = []
        self._variable = tk.StringVar(self)
        self.entry = Entry(self, look, self._variable, placeholder="A name")
        self._variable.trace_add("write", self._changed)
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.entry.bind(sequence, lambda _event: self.repaint(), add="+")
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, self._entered)
        self.entry.bind("<BackSpace>", self._erased)
        self.bind("<Button-1>", self._clicked)

    @property
    def typed(self) -> bool:
        return bool(self.names or self._variable.get())

    @property
    def error(self) -> str:
        return self._error

    def finish(self) -> bool:
        """Make a chip of what is being typed; False where that is no name, which is then said under the field."""
        text = self._variable.get().strip()
        if not text:
            return True
        try:
            name = user_name(text.removeprefix("@"))
        except Refused as refused:
            self._error = refused.message
            self.repaint()
            return False
        if name_key(name) not in {name_key(other) for other in self.names}:
            self.names.append(name)
        self._variable.set("")
        return True

    # --- events ---------------------------------------------------------------------------------------------

    def _changed(self, *_trace: str) -> None:
        self._error = ""
        text = self._variable.get()
        if text.strip() and text[-1] in " ,;\t":
            self._variable.set(text.rstrip(" ,;\t"))
            self.finish()
        self.repaint()
        if self._on_change is not None:
            self._on_change()

    def _entered(self, _event: "tk.Event[tk.Misc]") -> str:
        if self._variable.get().strip():
            self.finish()
        elif self._on_enter is not None:
            self._on_enter()
        return "break"

    def _erased(self, _event: "tk.Event[tk.Misc]") -> None:
        if not self._variable.get() and self.names:
            self._drop(len(self.names) - 1)

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        for index, (x, y, size) in enumerate(self._crosses):
            if x <= event.x < x + size and y <= event.y < y + size:
                self._drop(index)
                break
        self.entry.focus_set()

    def _drop(self, index: int) -> None:
        del self.names[index]
        self._changed()

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        pen = self.pen
        end = pen.line(0, _LINE // 2, self._label, "small_bold", "text", self.ground)
        if self._aside:
            pen.line(end + 4, _LINE // 2, self._aside, "small", "muted", self.ground)
        places, entry_x, entry_row = self._flow()
        high = 40 + _ROW * entry_row
        focused = holder(self) is self.entry
        line = "danger_line" if self._error else "accent" if focused else "field"
        pen.box(0, _LABEL, self.wide, high, 10, "conv", self.ground, line, 2 if self._error or focused else 1)
        self._crosses = []
        for name, (x, row, width) in zip(self.names, places, strict=True):
            self._chip(name, x, _LABEL + 6 + _ROW * row, width)
        left = entry_x + (6 if entry_x == 7 else 4)
        self.entry.put(left, _LABEL + 20 + _ROW * entry_row, self.wide - left - 13, "conv")
        bottom = _LABEL + high
        if self._error:
            pen.icon("alert", 8, bottom + 14, 16, "danger", self.ground)
            bottom = pen.block(22, bottom + 6, self._error, "small", "danger", self.wide - 22, _LINE, self.ground)
        if int(self.cget("height")) != bottom:
            self.configure(height=bottom)

    def _flow(self) -> tuple[list[tuple[int, int, int]], int, int]:
        """Where each chip stands: x, row, width; then the x and the row of what is being typed."""
        places, x, row = [], 7, 0
        for name in self.names:
            width = min(self.pen.width(name, "small") + 50, self.wide - 14)
            if x + width > self.wide - 7 and x > 7:
                x, row = 7, row + 1
            places.append((x, row, width))
            x += width + 6
        if x + _ENTRY > self.wide - 7:
            x, row = 7, row + 1
        return places, x, row

    def _chip(self, name: str, x: int, y: int, width: int) -> None:
        pen = self.pen
        pen.box(x, y, width, _CHIP, 10, "conv", "conv", "field")
        pen.avatar(name, x + 4, y + 4, 20, "conv")
        pen.line(x + 28, y + 14, name, "small", "text", "conv", width=width - 50)
        pen.icon("x", x + width - 14, y + 14, 14, "muted", "conv")
        self._crosses.append((x + width - 24, y + 2, 24))
