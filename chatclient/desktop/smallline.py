"""One line of small text on a ground: a label, a remark; at the left or in the middle."""

import tkinter as tk

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

HEIGHT = 16


class SmallLine(Painted):
    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        text: str = "",
        *,
        ground: str,
        font: str = "small",
        token: str = "muted",
        centred: bool = False,
    ) -> None:
        super().__init__(master, look, ground=ground, height=HEIGHT)
        self.text = text
        self._font = font
        self._token = token
        self._centred = centred

    def say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.repaint()

    def paint(self) -> None:
        width = min(self.pen.width(self.text, self._font), self.wide)
        left = (self.wide - width) // 2 if self._centred else 0
        self.pen.line(left, HEIGHT // 2, self.text, self._font, self._token, self.ground, width=self.wide)
