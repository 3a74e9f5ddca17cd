"""A few words over what the pointer rests on: who reacted, where a link leads. Drawn on the conversation itself."""

import tkinter as tk
from typing import Final

from PIL import ImageTk

from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.measure import Measurer
from chatclient.desktop.spans import paragraphs, plain
from chatclient.desktop.theme import Metrics, Theme
from chatclient.desktop.wrapping import wrapped

TAG: Final = "tip"
AFTER: Final = 300
"""Milliseconds for which the pointer rests before it comes."""
_RADIUS: Final = 8
_LINES: Final = 4


class Tip:
    """At most one; its owner hides it when anything moves."""

    def __init__(
        self, canvas: tk.Canvas, theme: Theme, art: Art, fonts: Fonts, measurer: Measurer, metrics: Metrics
    ) -> None:
        self._canvas, self._art, self._fonts, self._measurer, self._m = canvas, art, fonts, measurer, metrics
        self.theme = theme
        self._image: ImageTk.PhotoImage | None = None

    @property
    def shown(self) -> bool:
        return self._image is not None

    def show(self, words: str, middle: int, above: int, below: int, window: tuple[int, int, int]) -> None:
        """With its middle there, over `above`, or where there is no room under `below`; y counts on the canvas.

        `window`: the canvas' y at the upper edge of what is in sight, and its width and height.
        """
        self.hide()
        m, theme, canvas = self._m, self.theme, self._canvas
        top, width, _height = window
        room = min(m.picture, width - 4 * m.pad_y)
        lines = wrapped(paragraphs(plain(words)), room, self._measurer, "small", m.small_line)[:_LINES]
        wide = max(line.width for line in lines) + 2 * (m.pad_y + m.gap)
        high = m.small_line * len(lines) + 2 * (m.pad_y - m.gap)
        x = max(m.pad_y, min(middle - wide // 2, width - m.pad_y - wide))
        y = above - m.mark_gap - high
        if y < top:
            y = below + m.mark_gap
        self._image = self._art.floating(wide, high, _RADIUS, theme.popover, theme.popover_line)
        canvas.create_image(x, y, image=self._image, anchor="nw", tags=TAG)
        rise = (m.small_line - self._measurer.height("small")) // 2
        for number, line in enumerate(lines):
            for piece in line.pieces:
                left, under = x + m.pad_y + m.gap + piece.x, y + m.pad_y - m.gap + number * m.small_line + rise
                canvas.create_text(
                    left, under, text=piece.text, font=self._fonts["small"], fill=theme.text, anchor="nw", tags=TAG
                )

    def hide(self) -> None:
        if self._image is not None:
            self._canvas.delete(TAG)
            self._image = None
