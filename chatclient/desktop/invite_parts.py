"""What the dialog with an invitation is made of: the code and what it is for, and the line with the link."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from PIL import ImageTk

from chatclient.desktop import qr
from chatclient.desktop.controls import RING, Button
from chatclient.desktop.entry import Entry
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

_BOX: Final = 140
_COPY: Final = 88
_COPIED: Final = 2_000  # milliseconds


class Said(Painted):
    """The code, and beside it what it is for and who came by it."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look, ground="popover", height=_BOX)
        self._texts = ("", "", "")
        self._code: ImageTk.PhotoImage | None = None

    def show(self, link: str, sentence: str, used_by: str) -> None:
        """Without a link the box stays white."""
        if link != self._texts[0]:
            size = _BOX - 2 * qr.QUIET
            self._code = ImageTk.PhotoImage(qr.picture(link, size), master=self) if link else None
        self._texts = (link, sentence, used_by)
        self.repaint()

    def paint(self) -> None:
        pen, (_, sentence, used_by) = self.pen, self._texts
        pen.box(0, 0, _BOX, _BOX, 12, "own_text", "popover", "field")
        if self._code is not None:
            self.create_image(_BOX // 2, _BOX // 2, image=self._code)
        left = _BOX + 20
        width = self.wide - left
        rows = pen.wrap(sentence, "body", width)
        y = (_BOX - 24 - 20 * len(rows) - (28 if used_by else 0)) // 2
        pen.line(left, y + 10, "Send the link, or show the code", "body_bold", "text", "popover", width=width)
        y += 24
        for row in rows:
            pen.line(left, y + 10, row, "body", "muted", "popover")
            y += 20
        pen.line(left, y + 20, used_by, "small", "muted", "popover", width=width)


class LinkLine(Painted):
    """The link, to be selected and not to be changed, and the button that copies it."""

    def __init__(self, master: tk.Misc, look: Look, copy: Callable[[], object]) -> None:
        super().__init__(master, look, ground="popover", height=62)
        self._variable = tk.StringVar(self)
        self._copy = copy
        self._timer = ""
        self.entry = Entry(self, look, self._variable)
        self.entry.configure(state="readonly", cursor="xterm")
        for sequence in ("<FocusIn>", "<FocusOut>"):
            self.entry.bind(sequence, lambda _event: self._focus_moved(), add="+")
        self.button = Button(
            self, look, "Copy", self._pressed, ground="popover", kind="primary", icon="copy", width=_COPY, height=40
        )

    def show(self, link: str) -> None:
        self._variable.set(link)
        self.button.enable(bool(link))
        self._rest()
        self._focus_moved()

    def _focus_moved(self) -> None:
        if holder(self) is self.entry:
            self.entry.select_all()
        self.repaint()

    def _pressed(self) -> None:
        self._copy()
        self._rest()
        self.button.say("Copied", icon="check")
        self._timer = self.after(_COPIED, self._rest)

    def _rest(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
            self._timer = ""
        self.button.say("Copy", icon="copy")

    def destroy(self) -> None:
        if self._timer:
            self.after_cancel(self._timer)
        super().destroy()

    def paint(self) -> None:
        self.pen.line(0, 8, "Link", "small_bold", "text", "popover")
        width = self.wide - _COPY - 8
        focused = holder(self) is self.entry
        line, thick = ("accent", 2) if focused else ("field", 1)
        self.pen.box(0, 22, width, 40, 10, "conv", "popover", line, thick)
        self.entry.put(13, 42, width - 26, "conv")
        self.entry.configure(readonlybackground=self.pen.colour("conv"))
        self.button.place(x=width + 8 - RING, y=22 - RING)
