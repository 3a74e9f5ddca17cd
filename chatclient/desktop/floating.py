"""The button that floats over the newest messages while the reader is further up: "4 new messages", or an arrow.

It is drawn on the conversation's own canvas, because a widget would show its square corners over the bubbles. The
canvas scrolls under it, so the view tells it at every step where the lower right corner of the window now is.
"""

import tkinter as tk
from typing import Final

from PIL import ImageTk

from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.measure import Measurer
from chatclient.desktop.strip import Source
from chatclient.desktop.theme import Metrics, Theme

TAG: Final = "floating"
_MOST: Final = 99
_COUNTED: Final = 200  # rows at most that are looked at for the number


def label(unseen: int) -> str:
    """The words on it; none where nothing is new."""
    if not unseen:
        return ""
    return f"{unseen if unseen <= _MOST else '99+'} new {'message' if unseen == 1 else 'messages'}"


def from_others(rows: Source, count: int) -> int:
    """How many of the newest `count` rows are messages of others."""
    newest = (rows.row(i) for i in range(max(0, rows.count - min(count, _COUNTED)), rows.count))
    return sum(row.kind in ("message", "action") and not row.own for row in newest)


class FloatingButton:
    def __init__(
        self, canvas: tk.Canvas, theme: Theme, art: Art, fonts: Fonts, measurer: Measurer, metrics: Metrics
    ) -> None:
        self._canvas, self._art, self._fonts, self._measurer, self._m = canvas, art, fonts, measurer, metrics
        self.theme = theme
        self._images: list[ImageTk.PhotoImage] = []
        self._drawn: tuple[str, str] | None = None
        self._right = self._bottom = 0
        self._width = 0

    @property
    def shown(self) -> bool:
        return self._drawn is not None

    def contains(self, x: float, y: float) -> bool:
        """Whether a point of the canvas is on the button."""
        return (
            self.shown
            and self._right - self._width <= x < self._right
            and self._bottom - self._m.float_button <= y < self._bottom
        )

    def show(self, unseen: int, right: int, bottom: int) -> None:
        """With its lower right corner there, over everything."""
        state = (label(unseen), self.theme.name)
        if state != self._drawn:
            self.hide()
            self._draw(label(unseen), right, bottom)
            self._drawn = state
        elif (right, bottom) != (self._right, self._bottom):
            self._canvas.move(TAG, right - self._right, bottom - self._bottom)
        self._canvas.tag_raise(TAG)
        self._right, self._bottom = right, bottom

    def hide(self) -> None:
        if self._drawn is not None:
            self._canvas.delete(TAG)
            self._images, self._drawn = [], None

    def _draw(self, words: str, right: int, bottom: int) -> None:
        m, theme, canvas = self._m, self.theme, self._canvas
        high, icon, measure = m.float_button, m.float_icon, self._measurer
        inside = measure.width("button", words) if words else 0
        self._width = m.float_start + icon + m.float_gap + inside + m.float_end if words else high
        left, top, cap = right - self._width, bottom - high, high // 2
        for at_left, x in ((True, left), (False, right - cap)):
            self._picture(x, top, self._art.cap(high, at_left, theme.own))
        canvas.create_rectangle(left + cap, top, right - cap, bottom, fill=theme.own, width=0, tags=TAG)
        inset = m.float_start if words else (high - icon) // 2
        arrow = self._art.icon("arrow-down", icon, theme.own_text, theme.own)
        self._picture(left + inset, top + (high - icon) // 2, arrow)
        if words:
            x, y = left + m.float_start + icon + m.float_gap, top + (high - measure.height("button")) // 2
            font = self._fonts["button"]
            canvas.create_text(x, y, text=words, font=font, fill=theme.own_text, anchor="nw", tags=TAG)

    def _picture(self, x: int, y: int, image: ImageTk.PhotoImage) -> None:
        self._images.append(image)
        self._canvas.create_image(x, y, image=image, anchor="nw", tags=TAG)
