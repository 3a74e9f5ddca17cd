"""Drawings onto a canvas: the one place that turns tokens into items.

A bubble is one rectangle with a cached picture in each corner, a line of text is one item. Calls go straight to Tk,
which halves their price. Who draws gets the items and the images, and must keep the images while the items live.
"""

import tkinter as tk
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from chatclient.desktop.art import Art, Corner
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.operations import Avatar, Box, Bubble, Drawing, Emoji, Icon, Operation, Picture, Rect, Text
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.selection import Span, marked
from chatclient.desktop.theme import Theme

RING: Final = 2  # width of the ring round a message that was jumped to, and of the gap inside it
_CORNERS: Final[tuple[Corner, ...]] = ("nw", "ne", "se", "sw")
_TALLEST_LINE: Final = 64
_SELECTED: Final = {"other": "selected", "own": "own_selected", "danger_tint": "danger_selected", "conv": "selected"}
"""Ground of selected text by the ground that it stands on."""

Band = tuple[int, int]
"""From where to where, in pixels from the row's top, a row is drawn."""


class Painted(NamedTuple):
    items: tuple[str, ...]
    images: tuple[Any, ...]


class Painter:
    def __init__(self, canvas: tk.Canvas, theme: Theme, art: Art, fonts: Fonts, pictures: Pictures) -> None:
        self.theme = theme
        self._art, self._fonts, self._pictures = art, fonts, pictures
        self._call, self._path = canvas.tk.call, str(canvas)

    def draw(self, drawing: Drawing, y: int, band: Band, selected: Span | None, ring: bool) -> Painted:
        """Draw what of the row lies in the band; `y` is the row's top on the canvas."""
        brush = _Brush(self, y, band)
        body = drawing.body
        ground = _SELECTED[body.colour if body else "conv"]
        operations: Iterable[Operation] = drawing.operations
        if selected:
            grounds = [operation for operation in operations if isinstance(operation, (Bubble, Box))]
            for shape in grounds:
                brush.put(shape)
            brush.rects(marked(drawing.runs, selected, self._measure), ground)
            operations = [operation for operation in operations if not isinstance(operation, (Bubble, Box))]
        for operation in operations:
            if isinstance(operation, Emoji) and selected and selected.low <= operation.start < selected.high:
                operation = operation._replace(ground=ground)
            brush.put(operation)
        if ring and body:
            brush.ring(body)
        return Painted(tuple(brush.items), tuple(brush.images))

    def erase(self, items: Iterable[str]) -> None:
        self._call(self._path, "delete", *items)

    def move(self, items: Iterable[str], dy: int) -> None:
        for item in items:
            self._call(self._path, "move", item, 0, dy)

    def _measure(self, font: str, text: str) -> int:
        return int(self._call("font", "measure", self._fonts[font], text))


class _Brush:
    """One row on its way onto the canvas."""

    def __init__(self, painter: Painter, y: int, band: Band) -> None:
        self._p, self._y, self._band = painter, y, band
        self.items: list[str] = []
        self.images: list[Any] = []

    def put(self, operation: Operation) -> None:
        """Draw it, where it lies in the band."""
        low, high = self._band
        if isinstance(operation, Bubble):
            self.bubble(operation)
            return
        tall = _TALLEST_LINE if not isinstance(operation, (Picture, Rect)) else operation.height
        if not low - tall <= operation.y <= high:
            return
        theme, art = self._p.theme, self._p._art
        x, y = operation.x, operation.y + self._y
        match operation:
            case Text():
                self._item(
                    "text", x, y, "-text", operation.text, "-font", self._p._fonts[operation.font],
                    "-fill", theme.colour(operation.colour), "-anchor", "nw",
                )  # fmt: skip
            case Rect():
                self._rect(x, y, x + operation.width, y + operation.height, theme.colour(operation.colour))
            case Emoji():
                self._image(x, y, art.emoji(operation.sequence, operation.size, theme.colour(operation.ground)))
            case Icon():
                ground = theme.colour(operation.ground)
                self._image(x, y, art.icon(operation.name, operation.size, theme.colour(operation.colour), ground))
            case Avatar():
                self._image(x, y, art.avatar(operation.name, operation.size, theme.conv))
            case Box(_, _, width, height, radius, colour, ground, line):
                edge = theme.colour(line) if line else ""
                shape = art.rounded(width, height, radius, theme.colour(colour), theme.colour(ground), edge)
                self._image(x, y, shape)
            case Picture():
                self._image(x, y, self._p._pictures.photo(operation, theme))

    def bubble(self, bubble: Bubble) -> None:
        low, high = self._band
        top, bottom = max(bubble.y, low), min(bubble.y + bubble.height, high)
        if top >= bottom:
            return
        theme, art = self._p.theme, self._p._art
        fill, ground = theme.colour(bubble.colour), theme.colour(bubble.ground)
        line = theme.colour(bubble.line) if bubble.line else ""
        left, right = bubble.x, bubble.x + bubble.width
        if bubble.dashed:
            self._image(left, bubble.y + self._y, art.dashed(bubble.width, bubble.height, bubble.radii, line, ground))
            return
        self._rect(left, top + self._y, right, bottom + self._y, fill, line)
        for which, radius in zip(_CORNERS, bubble.radii, strict=True):
            x = left if "w" in which else right
            y = bubble.y if "n" in which else bubble.y + bubble.height
            if low <= y <= high:
                self._image(x, y + self._y, art.corner(which, radius, fill, ground, line), which)

    def rects(self, rects: Iterable[tuple[int, int, int, int]], colour: str) -> None:
        low, high = self._band
        for left, top, right, bottom in rects:
            if bottom >= low and top <= high:
                self._rect(left, top + self._y, right, bottom + self._y, self._p.theme.colour(colour))

    def ring(self, bubble: Bubble) -> None:
        """A line round the bubble, with a gap as wide as it is, over the bubble's own corners."""
        out, colour = 2 * RING, self._p.theme.accent
        left, right = bubble.x - out, bubble.x + bubble.width + out
        top, bottom = bubble.y - out + self._y, bubble.y + bubble.height + out + self._y
        nw, ne, se, sw = (radius + out for radius in bubble.radii)
        low, high = self._band[0] + self._y, self._band[1] + self._y
        if top >= low:
            self._rect(left + nw, top, right - ne, top + RING, colour)
        if bottom <= high:
            self._rect(left + sw, bottom - RING, right - se, bottom, colour)
        self._rect(left, max(low, top + nw), left + RING, min(high, bottom - sw), colour)
        self._rect(right - RING, max(low, top + ne), right, min(high, bottom - se), colour)
        for which, radius in zip(_CORNERS, (nw, ne, se, sw), strict=True):
            x, y = left if "w" in which else right, top if "n" in which else bottom
            if low <= y <= high:
                self._image(x, y, self._p._art.ring(which, radius, RING, colour), which)

    def _rect(self, left: int, top: int, right: int, bottom: int, fill: str, line: str = "") -> None:
        if line:
            self._item("rectangle", left, top, right - 1, bottom - 1, "-fill", fill, "-outline", line, "-width", 1)
        else:
            self._item("rectangle", left, top, right, bottom, "-fill", fill, "-width", 0)

    def _image(self, x: int, y: int, image: Any, anchor: str = "nw") -> None:
        self.images.append(image)
        self._item("image", x, y, "-image", str(image), "-anchor", anchor)

    def _item(self, *args: Any) -> None:
        self.items.append(self._p._call(self._p._path, "create", *args))
