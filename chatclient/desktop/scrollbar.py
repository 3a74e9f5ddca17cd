"""The conversation's scrollbar: a thumb of 6 px on a canvas of its own at the right edge.

It maps to messages, not to pixels, since nobody knows how high a million messages are: a position is the index of
the first row in sight plus the fraction of it that is out of sight.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.desktop.art import Art, Corner
from chatclient.desktop.theme import Metrics, Theme

SHORTEST: Final = 32


class Extent(NamedTuple):
    """What is in sight: rows `first` to `last` (with fractions) of `rows`."""

    first: float
    last: float
    rows: int


class Thumb(NamedTuple):
    top: int
    length: int


def thumb_for(extent: Extent, track: int) -> Thumb | None:
    """Where the thumb stands on a track of so many pixels; None where everything is in sight."""
    seen = extent.last - extent.first
    hidden = extent.rows - seen
    if extent.rows == 0 or hidden <= 1e-6 or track <= SHORTEST:
        return None
    length = max(SHORTEST, min(track - 1, round(track * seen / extent.rows)))
    share = min(1.0, max(0.0, extent.first / hidden))
    return Thumb(round((track - length) * share), length)


def position_for(top: int, thumb: Thumb, extent: Extent, track: int) -> float:
    """The first row in sight (with its fraction) for a thumb dragged there; at its lower end, behind all rows."""
    room = track - thumb.length
    share = min(1.0, max(0.0, top / room)) if room > 0 else 0.0
    if share == 1:
        return extent.rows
    return share * (extent.rows - (extent.last - extent.first))


class Scrollbar(tk.Canvas):
    """`on_move(position)`: the first row that the reader wants in sight; `on_page(direction)` for a click beside."""

    def __init__(
        self,
        master: tk.Misc,
        theme: Theme,
        art: Art,
        metrics: Metrics,
        on_move: Callable[[float], None],
        on_page: Callable[[int], None],
    ) -> None:
        self._thick, self._inset = metrics.scrollbar, metrics.scrollbar_inset
        width = min(self._thick + 2 * self._inset, metrics.margin_narrow)  # it covers nothing of a bubble
        super().__init__(master, width=width, highlightthickness=0, borderwidth=0, background=theme.conv)
        self._left = width - self._inset - self._thick
        self._theme, self._art = theme, art
        self._on_move, self._on_page = on_move, on_page
        self._extent = Extent(0, 0, 0)
        self._shown: Thumb | None = None
        self._held_at: int | None = None
        self._over = False
        self._images: list[object] = []
        self._drawn: object = None
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<Button-1>", self._press)
        self.bind("<B1-Motion>", self._drag)
        self.bind("<ButtonRelease-1>", self._release)
        self.bind("<Enter>", lambda _event: self._hover(True))
        self.bind("<Leave>", lambda _event: self._hover(False))

    @property
    def thumb(self) -> Thumb | None:
        """Where the thumb stands, in this widget's pixels; None where there is nothing to scroll."""
        return self._shown

    def show(self, extent: Extent) -> None:
        self._extent = extent
        if self._held_at is None:
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.configure(background=theme.conv)
        self._draw()

    def _track(self) -> int:
        return self.winfo_height() - 2 * self._inset

    def _draw(self, dragged: Thumb | None = None) -> None:
        thumb = dragged or thumb_for(self._extent, self._track())
        self._shown = thumb and Thumb(thumb.top + self._inset, thumb.length)
        active = self._over or self._held_at is not None
        colour = self._theme.thumb_held if active else self._theme.thumb
        state = (self._shown, colour, self._theme.conv)
        if state == self._drawn:
            return
        self._drawn = state
        self.delete("all")
        self._images = []
        if self._shown is None:
            return
        radius, left = self._thick // 2, self._left
        right, top, bottom = left + self._thick, self._shown.top, self._shown.top + self._shown.length
        self.create_rectangle(left, top, right, bottom, fill=colour, width=0)
        places: dict[Corner, tuple[int, int]] = {
            "nw": (left, top), "ne": (right, top), "se": (right, bottom), "sw": (left, bottom),
        }  # fmt: skip
        for which, (x, y) in places.items():
            image = self._art.corner(which, radius, colour, self._theme.conv)
            self._images.append(image)
            self.create_image(x, y, image=image, anchor=which)

    def _hover(self, over: bool) -> None:
        self._over = over
        if self._held_at is None:
            self._draw()

    def _press(self, event: "tk.Event[tk.Misc]") -> None:
        if self._shown is None:
            return
        if self._shown.top <= event.y < self._shown.top + self._shown.length:
            self._held_at = event.y - self._shown.top
            self._draw()
        else:
            self._on_page(-1 if event.y < self._shown.top else 1)

    def _drag(self, event: "tk.Event[tk.Misc]") -> None:
        if self._held_at is None or self._shown is None:
            return
        track = self._track()
        top = max(0, min(track - self._shown.length, event.y - self._held_at - self._inset))
        thumb = Thumb(top, self._shown.length)
        self._on_move(position_for(top, thumb, self._extent, track))
        self._draw(thumb)

    def _release(self, _event: "tk.Event[tk.Misc]") -> None:
        self._held_at = None
        self._draw()
