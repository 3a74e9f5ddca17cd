"""Drawing on a canvas in the look's terms: boxes with round corners, one-line texts, icons, avatars.

A box is rectangles and four small cached corner pictures, so that any size costs the same; a line with emoji is
text items and pictures. Everything is given its ground, since the pictures are composed onto it beforehand. A
`Painted` canvas draws itself whole in `paint`, and again after a change of its size, its state or the theme.
"""

import re
import tkinter as tk
from collections.abc import Sequence
from typing import Any, Final

from PIL import ImageTk

from chatclient.desktop import emoji
from chatclient.desktop.art import Corner
from chatclient.desktop.look import Look

ELLIPSIS: Final = "…"

Grounds = tuple[str, str, str, str]
"""What lies behind the four corners of a box: north-west, north-east, south-east, south-west."""


class Pen:
    """Draws on one canvas. Colours are tokens of the theme, or `#RRGGBB` where one was taken from the screen."""

    def __init__(self, canvas: tk.Canvas, look: Look) -> None:
        self._canvas = canvas
        self.look = look
        self._held: list[ImageTk.PhotoImage] = []  # a picture that nobody holds goes blank

    def clear(self) -> None:
        self._canvas.delete("all")
        self._held.clear()

    def colour(self, token: str) -> str:
        return token if token.startswith("#") else self.look.theme.colour(token)

    # --- shapes ---------------------------------------------------------------------------------------------

    def rectangle(self, x: int, y: int, width: int, height: int, token: str) -> None:
        self._canvas.create_rectangle(x, y, x + width, y + height, fill=self.colour(token), width=0)

    def box(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        radius: int,
        fill: str,
        ground: str | Grounds,
        line: str | None = None,
        line_width: int = 1,
    ) -> None:
        """A rectangle with round corners on a ground; its line, where it has one, lies inside its edge."""
        grounds = (ground, ground, ground, ground) if isinstance(ground, str) else ground
        edge = line if line is not None and line != fill else fill
        right, bottom = x + width, y + height
        self.rectangle(x, y, width, height, edge)
        if edge != fill:
            self.rectangle(x + line_width, y + line_width, width - 2 * line_width, height - 2 * line_width, fill)
        corners: tuple[tuple[Corner, int, int, str], ...] = (
            ("nw", x, y, grounds[0]),
            ("ne", right, y, grounds[1]),
            ("se", right, bottom, grounds[2]),
            ("sw", x, bottom, grounds[3]),
        )
        ink, stroke = self.colour(fill), self.colour(edge) if edge != fill else ""
        for which, cx, cy, behind in corners:
            picture = self.look.art.corner(which, radius, ink, self.colour(behind), stroke, line_width)
            self._picture(cx, cy, picture, which)

    def outline(self, x: int, y: int, width: int, height: int, radius: int, token: str, line: int) -> None:
        """A line with round corners and nothing inside, over what is drawn already."""
        right, bottom, colour = x + width, y + height, self.colour(token)
        self.rectangle(x + radius, y, width - 2 * radius, line, token)
        self.rectangle(x + radius, bottom - line, width - 2 * radius, line, token)
        self.rectangle(x, y + radius, line, height - 2 * radius, token)
        self.rectangle(right - line, y + radius, line, height - 2 * radius, token)
        corners: tuple[tuple[Corner, int, int], ...]
        corners = (("nw", x, y), ("ne", right, y), ("se", right, bottom), ("sw", x, bottom))
        for which, cx, cy in corners:
            self._picture(cx, cy, self.look.art.ring(which, radius, line, colour), which)

    # --- pictures -------------------------------------------------------------------------------------------

    def icon(self, name: str, x: int, y: int, size: int, token: str, ground: str) -> None:
        """An icon, its middle at x, y."""
        picture = self.look.art.icon(name, size, self.colour(token), self.colour(ground))
        self._picture(x - size // 2, y - size // 2, picture)

    def avatar(
        self, name: str, x: int, y: int, size: int, ground: str, *, square: bool = False, presence: str = ""
    ) -> None:
        """An avatar, its top left at x, y; with the mark of its presence at its lower right where one is given."""
        art, behind = self.look.art, self.colour(ground)
        theme = self.look.theme if presence else None
        self._picture(x, y, art.avatar(name, size, behind, presence=presence, theme=theme, square=square))

    def presence(self, state: str, x: int, y: int, ground: str) -> None:
        """The mark of a presence by itself, 10 in a square of 16, its middle at x, y."""
        self._picture(x - 8, y - 8, self.look.art.presence(state, self.look.theme, self.colour(ground)))

    def emoji(self, sequence: str, x: int, y: int, size: int, ground: str) -> None:
        """An emoji, its middle at x, y."""
        self._picture(x - size // 2, y - size // 2, self.look.art.emoji(sequence, size, self.colour(ground)))

    def mark(self, x: int, y: int, size: int, token: str, ink: str, ground: str) -> None:
        self._picture(x, y, self.look.art.mark(size, self.colour(token), self.colour(ink), self.colour(ground)))

    def picture(self, x: int, y: int, picture: ImageTk.PhotoImage) -> None:
        """One that was made elsewhere, its top left at x, y."""
        self._picture(x, y, picture)

    def _picture(self, x: int, y: int, picture: ImageTk.PhotoImage, anchor: Any = "nw") -> None:
        self._held.append(picture)
        self._canvas.create_image(x, y, image=picture, anchor=anchor)

    # --- text -----------------------------------------------------------------------------------------------

    def width(self, text: str, font: str) -> int:
        """Pixels of a line in this font, emoji as pictures."""
        measure = self.look.fonts.font(font).measure
        size = self._emoji_size(font)
        return sum(size + 2 if picture else measure(part) for part, picture in emoji.split(text))

    def fit(self, text: str, font: str, width: int) -> str:
        """The text, or as much of it as fits with … at its end."""
        if self.width(text, font) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + ELLIPSIS, font) <= width:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + ELLIPSIS

    def line(
        self, x: int, y: int, text: str, font: str, token: str, ground: str = "conv", *, width: int | None = None
    ) -> int:
        """One line, its middle at y, cut to `width` with …; gives the x behind it."""
        if width is not None:
            text = self.fit(text, font, width)
        size = self._emoji_size(font)
        for part, drawn in emoji.split(text):
            if drawn:
                picture = self.look.art.emoji(part, size, self.colour(ground))
                self._picture(x + 1, y - size // 2, picture)
                x += size + 2
            else:
                top = y + self.look.rise(font)
                self._canvas.create_text(
                    x, top, text=part, font=self.look.fonts[font], fill=self.colour(token), anchor="nw"
                )
                x += self.look.fonts.font(font).measure(part)
        return x

    def line_end(self, x: int, y: int, text: str, font: str, token: str, ground: str = "conv") -> int:
        """One line that ends at x; gives the x where it begins."""
        start = x - self.width(text, font)
        self.line(start, y, text, font, token, ground)
        return start

    def block(
        self, x: int, y: int, text: str, font: str, token: str, width: int, line: int, ground: str = "conv"
    ) -> int:
        """Wrapped text from y down, its lines `line` apart; gives the y under it."""
        return self.prose(x, y, [(text, font)], token, width, line, ground)

    def prose(
        self,
        x: int,
        y: int,
        parts: Sequence[tuple[str, str]],
        token: str,
        width: int,
        line: int,
        ground: str = "conv",
    ) -> int:
        """As `block`, for text in several fonts: `(text, font)` after one another."""
        at, first = 0, True
        for text, font in parts:
            space = self.width(" ", font)
            for word in re.findall(r"\S+|\s+", text):
                if word.isspace():
                    at += 0 if first else space
                    continue
                if not first and at + self.width(word, font) > width:
                    at, y = 0, y + line
                at = self.line(x + at, y + line // 2, word, font, token, ground) - x
                first = False
        return y + line

    def wrap(self, text: str, font: str, width: int) -> list[str]:
        """The text in lines of at most `width` pixels, broken between words."""
        rows: list[str] = []
        row = ""
        for word in text.split():
            longer = f"{row} {word}" if row else word
            if row and self.width(longer, font) > width:
                rows.append(row)
                row = word
            else:
                row = longer
        return [*rows, row] if row else rows

    def _emoji_size(self, font: str) -> int:
        return int(self.look.fonts.font(font).metrics("linespace"))

    # --- parts ----------------------------------------------------------------------------------------------

    def badge(self, right: int, y: int, count: int, ground: str, *, accent: bool) -> int:
        """A pill with a count, its middle at y; gives the x where it begins. Over 999 it says so."""
        text = f"{count}" if count <= 999 else "999+"
        width = max(20, self.width(text, "small_bold") + 12)
        self.box(right - width, y - 10, width, 20, 10, "own" if accent else "badge", ground)
        start = right - width + (width - self.width(text, "small_bold") + 1) // 2
        fill, ink = ("own", "own_text") if accent else ("badge", "badge_text")
        self.line(start, y, text, "small_bold", ink, fill)
        return right - width


class Painted(tk.Canvas):
    """A canvas that draws itself: subclasses give `paint`, and call `repaint` when their state changed."""

    def __init__(self, master: tk.Misc, look: Look, *, ground: str, width: int = 1, height: int = 1) -> None:
        super().__init__(
            master,
            width=width,
            height=height,
            highlightthickness=0,
            borderwidth=0,
            background=look.theme.colour(ground),
        )
        self.look = look
        self.pen = Pen(self, look)
        self.ground = ground
        self._size = (0, 0)
        self.bind("<Configure>", self._resized)

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        self.sized(event.width, event.height)

    def sized(self, width: int, height: int) -> None:
        """It has this size, or is about to get it."""
        if (width, height) != self._size:
            self._size = (width, height)
            self.repaint()

    @property
    def wide(self) -> int:
        """The width given by the layout, 0 before there is one."""
        return self._size[0]

    @property
    def high(self) -> int:
        return self._size[1]

    def repaint(self) -> None:
        """Draw everything anew. Nothing before the layout gave a size."""
        self.configure(background=self.look.theme.colour(self.ground))
        if self._size != (0, 0):
            self.pen.clear()
            self.paint()

    def paint(self) -> None:
        raise NotImplementedError
