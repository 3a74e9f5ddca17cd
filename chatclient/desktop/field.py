"""A labelled field for one line of text or a secret, with a hint under it or what is wrong with it.

The label and the box are drawn, the text is a `Entry` on top of them. The field asks the layout for the height
that its hint or its error needs at the width it got. An error stays until the text changes.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from chatclient.desktop.controls import RING, Link, Press
from chatclient.desktop.entry import Entry
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT: Final = 40
_LABEL: Final = 22  # the label's line of 16 and the gap of 6
_NOTE: Final = 6  # between the box and what stands under it
_LINE: Final = 16
_DOT: Final = "•"


class Field(Painted):
    """`text` is what stands in it. `on_change` is called after every edit, `on_enter` for the Enter key.

    A `secret` shows dots, and a word at its right that shows the text instead.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        label: str,
        *,
        ground: str = "conv",
        aside: str = "",
        hint: str = "",
        placeholder: str = "",
        icon: str = "",
        limit: int = 0,
        secret: bool = False,
        on_change: Callable[[], object] | None = None,
        on_enter: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(master, look, ground=ground, height=_LABEL + HEIGHT + (_NOTE + _LINE if hint else 0))
        self._label = label
        self._aside = aside
        self._hint = hint
        self._icon = icon
        self._limit = limit
        self._error = ""
        self._confirmed = ""
        self._link: Link | None = None
        self._reveal: Reveal | None = None
        self._on_change = on_change
        self._variable = tk.StringVar(self)
        self.entry = Entry(self, look, self._variable, placeholder=placeholder)
        if secret:
            self.entry.configure(show=_DOT)
            self._reveal = Reveal(self, look, self._turn_over)
        self._variable.trace_add("write", self._changed)
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.entry.bind(sequence, lambda _event: self.repaint(), add="+")
        self.bind("<Button-1>", lambda _event: self.entry.focus_set())
        if on_enter is not None:
            for key in ("<Return>", "<KP_Enter>"):
                self.entry.bind(key, lambda _event: on_enter())

    @property
    def text(self) -> str:
        return self._variable.get()

    def set(self, text: str) -> None:
        """Put this text into the field; the caret goes behind it."""
        self._variable.set(text)
        self.entry.icursor("end")

    def focus_in(self) -> None:
        """Give this field the keyboard, its text selected."""
        self.entry.focus_set()
        self.entry.select_all()

    @property
    def error(self) -> str:
        """What is said to be wrong, or nothing."""
        return self._error

    def hint(self, hint: str) -> None:
        """Another hint under it, or none."""
        if hint != self._hint:
            self._hint = hint
            self.repaint()

    def confirm(self, label: str) -> None:
        """Say at the right, with a check, what the text was found to be, until it changes; empty for nothing."""
        if label != self._confirmed:
            self._confirmed = label
            self.repaint()

    def fail(self, sentence: str, link: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say under the field what is wrong; an empty sentence takes it back. `link` ends the sentence."""
        self._drop_link()
        self._error = sentence
        if link is not None:
            self._link = Link(self, self.look, link[0], link[1], ground=self.ground, font="small", tail=".")
        self.repaint()

    def _turn_over(self) -> None:
        assert self._reveal is not None
        self.entry.configure(show="" if self._reveal.shown else _DOT)

    def _drop_link(self) -> None:
        if self._link is not None:
            self._link.destroy()
            self._link = None

    # --- events ---------------------------------------------------------------------------------------------

    def _changed(self, *_trace: str) -> None:
        self._drop_link()
        self._error = self._confirmed = ""
        self.repaint()
        if self._on_change is not None:
            self._on_change()

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        pen = self.pen
        end = pen.line(0, _LINE // 2, self._label, "small_bold", "text", self.ground)
        if self._aside:
            pen.line(end + 4, _LINE // 2, self._aside, "small", "muted", self.ground)
        focused = holder(self) is self.entry
        line = "danger_line" if self._error else "accent" if focused else "field"
        pen.box(0, _LABEL, self.wide, HEIGHT, 10, "conv", self.ground, line, 2 if self._error or focused else 1)
        self._place_entry()
        self._fit_height(self._paint_note())

    def _place_entry(self) -> None:
        left, right = 13, self.wide - 13
        middle = _LABEL + HEIGHT // 2
        if self._icon:
            self.pen.icon(self._icon, left + 8, middle, 16, "muted", "conv")
            left += 24
        if self._limit:
            count = f"{len(self.text)} of {self._limit}"
            token = "danger" if len(self.text) > self._limit else "muted"
            right = self.pen.line_end(right, middle, count, "small", token, "conv") - 8
        if self._confirmed:
            right = self.pen.line_end(right, middle, self._confirmed, "small", "muted", "conv") - 8
            self.pen.icon("check", right - 8, middle, 16, "muted", "conv")
            right -= 24
        if self._reveal is not None:
            width = self._reveal.winfo_reqwidth()
            self._reveal.place(x=right - width + RING, y=middle - int(self._reveal.cget("height")) // 2)
            right -= width - 2 * RING + 8
        self.entry.put(left, middle, right - left, "conv")

    def _paint_note(self) -> int:
        """The hint or the error; gives the height that the whole field needs."""
        top = _LABEL + HEIGHT + _NOTE
        if self._error:
            self.pen.icon("alert", 8, top + _LINE // 2, 16, "danger", self.ground)
            return self._paint_error(22, top)
        if self._hint:
            return self.pen.block(0, top, self._hint, "small", "muted", self.wide, _LINE, self.ground)
        return _LABEL + HEIGHT

    def _paint_error(self, x: int, top: int) -> int:
        rows = self.pen.wrap(self._error, "small", self.wide - x)
        y, end = top, x
        for row in rows:
            end = self.pen.line(x, y + _LINE // 2, row, "small", "danger", self.ground)
            y += _LINE
        if self._link is None:
            return y
        if end + 4 + self._link.winfo_reqwidth() - 2 * RING > self.wide:
            end, y = x - 4, y + _LINE
        self._link.place(x=end + 4 - RING, y=y - _LINE - RING)
        return y

    def _fit_height(self, height: int) -> None:
        if int(self.cget("height")) != height:
            self.configure(height=height)


class Reveal(Press):
    """The word at the right of a secret that shows it, or hides it again. Tab passes it by."""

    radius = 4

    def __init__(self, master: tk.Misc, look: Look, turned: Callable[[], object]) -> None:
        self.shown = False
        self._turned = turned
        width = max(int(look.fonts.font("small_semibold").measure(word)) for word in ("Show", "Hide"))
        super().__init__(master, look, ground="conv", width=width, height=20, command=self._turn_over)
        self.configure(takefocus=0)

    def _turn_over(self) -> None:
        self.shown = not self.shown
        self._turned()
        self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        word = "Hide" if self.shown else "Show"
        self.pen.line_end(x + width, y + height // 2, word, "small_semibold", "link", "conv")
