"""The files of a message that is being written, one tile beside the other, each with what became of its upload.

A picture shows itself once it is up; everything else has its type, its name and its size, and while it goes up how far
it is. An x takes a file out; one that did not arrive can be tried again. With the keyboard: ← → choose, Delete takes
out, Enter tries again. More tiles than fit scroll sideways.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageOps, ImageTk

from chatclient.desktop.attached import Attached, letters
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

TILE: Final = 72
HIGH: Final = TILE + 8
"""With room for the ring round the tile that the keyboard is on."""
EDGE: Final = 8
"""From the edges of the composer's box to this."""
REDRAW: Final = 100
"""Milliseconds between two drawings of a progress, at least."""
_SIDE: Final = 4
_GAP: Final = 8
_PICTURE, _FILE, _GOING = 96, 232, 264
_RADIUS: Final = 10
_X: Final = 20
_DARK: Final = "#1B1B21"
"""In both themes: white stands on it."""


class _Place(NamedTuple):
    """Where a tile stands, and where in it `Retry` does."""

    x: int
    width: int
    retry: tuple[int, int] = (0, 0)


class Tiles(Painted):
    """`show` gives it the files; its owner places it, `HIGH` high, while there are any."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        drop: Callable[[Attached], object],
        retry: Callable[[Attached], object],
    ) -> None:
        super().__init__(master, look, ground="input", height=HIGH)
        self._drop, self._retry = drop, retry
        self._files: tuple[Attached, ...] = ()
        self._places: list[_Place] = []
        self._pictures: dict[int, ImageTk.PhotoImage] = {}
        self._offset = 0
        self._cursor: int | None = None
        self._timer: str | None = None
        self.bind("<ButtonRelease-1>", self._clicked)
        self.bind("<Motion>", self._moved)
        self.bind("<Button-4>", lambda _event: self._scroll(-_FILE // 2))
        self.bind("<Button-5>", lambda _event: self._scroll(_FILE // 2))
        self.bind("<MouseWheel>", lambda event: self._scroll(-_FILE // 2 if event.delta > 0 else _FILE // 2))
        self.bind("<Left>", lambda _event: self._step(-1))
        self.bind("<Right>", lambda _event: self._step(1))
        for key in ("<Delete>", "<BackSpace>"):
            self.bind(key, lambda _event: self._with_cursor(self._drop))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _event: self._with_cursor(self._try_again))
        self.bind("<FocusIn>", lambda _event: self._step(0))
        self.bind("<FocusOut>", lambda _event: self._put_cursor(None))
        self.bind("<Destroy>", lambda _event: self._rest())

    @property
    def files(self) -> tuple[Attached, ...]:
        return self._files

    def show(self, files: Sequence[Attached]) -> None:
        """These, as they are now."""
        self._files = tuple(files)
        self.configure(takefocus=1 if files else 0)
        if self._cursor is not None:
            self._cursor = min(self._cursor, len(files) - 1) if files else None
        self.repaint()

    def progressed(self) -> None:
        """Something moved: draw it soon, but not more often than anybody sees."""
        if self._timer is None:
            self._timer = self.after(REDRAW, self._due)

    def box(self, file: Attached) -> tuple[int, int, int, int]:
        """Where this file's tile is on it: x, y, width, height."""
        place = self._places[self._files.index(file)]
        return place.x, _SIDE, place.width, TILE

    def _due(self) -> None:
        self._timer = None
        self.repaint()

    def _rest(self) -> None:
        if self._timer is not None:
            self.after_cancel(self._timer)
            self._timer = None

    # --- the mouse ------------------------------------------------------------------------------------------

    def _hit(self, x: int, y: int) -> tuple[Attached, Callable[[Attached], object]] | None:
        """Which file is meant there, and what a click does with it."""
        for file, place in zip(self._files, self._places, strict=False):
            right = place.x + place.width - 4
            if right - _X <= x < right and _SIDE + 4 <= y < _SIDE + 4 + _X:
                return file, self._drop
            if place.retry[0] <= x < place.retry[1] and _SIDE <= y < _SIDE + TILE:
                return file, self._retry
        return None

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        hit = self._hit(event.x, event.y)
        if hit is not None:
            file, act = hit
            act(file)

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        cursor = "hand2" if self._hit(event.x, event.y) else ""
        if self["cursor"] != cursor:
            self.configure(cursor=cursor)

    def _scroll(self, distance: int) -> str:
        self._offset += distance
        self.repaint()
        return "break"

    # --- the keyboard ---------------------------------------------------------------------------------------

    def _step(self, step: int) -> str:
        if self._files:
            self._put_cursor(max(0, min(len(self._files) - 1, (self._cursor or 0) + step)))
        return "break"

    def _put_cursor(self, cursor: int | None) -> None:
        self._cursor = cursor
        if cursor is not None and cursor < len(self._places):
            place = self._places[cursor]
            if place.x < _SIDE:
                self._offset -= _SIDE - place.x
            elif place.x + place.width > self.wide - _SIDE:
                self._offset += place.x + place.width - self.wide + _SIDE
        self.repaint()

    def _with_cursor(self, act: Callable[[Attached], object]) -> str:
        if self._cursor is not None and self._cursor < len(self._files):
            act(self._files[self._cursor])
        return "break"

    def _try_again(self, file: Attached) -> None:
        if file.state == "failed":
            self._retry(file)

    # --- drawing --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        widths = [_width(file) for file in self._files]
        total = sum(widths) + _GAP * max(0, len(widths) - 1) + 2 * _SIDE
        self._offset = max(0, min(self._offset, total - self.wide))
        self._places, x = [], _SIDE - self._offset
        self._pictures = {id(file): self._pictures[id(file)] for file in self._files if id(file) in self._pictures}
        for index, (file, width) in enumerate(zip(self._files, widths, strict=True)):
            self._places.append(self._tile(file, x, width))
            if index == self._cursor:
                self.pen.outline(x - 4, _SIDE - 4, width + 8, TILE + 8, _RADIUS + 4, "accent", 2)
            x += width + _GAP

    def _tile(self, file: Attached, x: int, width: int) -> _Place:
        pen, y = self.pen, _SIDE
        line = "danger_line" if file.state == "failed" else "border"
        pen.box(x, y, width, TILE, _RADIUS, "conv", "input", line)
        retry = (0, 0)
        if width == _PICTURE:
            self.create_image(x, y, image=self._picture(file), anchor="nw")
        else:
            retry = self._words(file, x, width)
        left = x + width - 4 - _X
        pen.box(left, y + 4, _X, _X, _X // 2, _DARK, self._behind_x(file, width), "own_text")
        pen.icon("x", left + _X // 2, y + 4 + _X // 2, 12, "own_text", _DARK)
        return _Place(x, width, retry)

    def _behind_x(self, file: Attached, width: int) -> str:
        if width != _PICTURE or file.picture is None:
            return "conv"
        red, green, blue = _covering(file.picture).getpixel((_PICTURE - 4 - _X // 2, 6))  # type: ignore[misc] # of "RGB" it is three numbers
        return f"#{red:02X}{green:02X}{blue:02X}"

    def _words(self, file: Attached, x: int, width: int) -> tuple[int, int]:
        """Type, name, size or progress; gives from where to where `Retry` stands."""
        pen, going = self.pen, file.under_way
        top = _SIDE + (11 if going else 16)
        kind = letters(file.name)
        fill = "pdf_tile" if kind == "PDF" else "file_tile"
        pen.box(x + 12, top, 40, 40, 10, fill, "conv")
        pen.line(x + 32 - pen.width(kind, "tag") // 2, top + 20, kind, "tag", "own_text", fill)
        left, room = x + 64, width - 64 - 32
        pen.line(left, top + 12, file.name, "button", "text", "conv", width=room)
        token = "danger" if file.state == "failed" else "muted"
        end = pen.line(left, top + 29, file.words, "small", token, "conv", width=room)
        if going:
            whole = width - 2 * 12
            pen.box(x + 12, _SIDE + TILE - 12, whole, 4, 2, "quote", "conv")
            done = round(whole * file.share)
            if done >= 4:
                pen.box(x + 12, _SIDE + TILE - 12, done, 4, 2, "accent", "conv")
        if file.state != "failed":
            return 0, 0
        after = pen.line(end + 8, top + 29, "Retry", "small_semibold", "link", "conv")
        return end + 4, after + 4

    def _picture(self, file: Attached) -> ImageTk.PhotoImage:
        if id(file) not in self._pictures:
            assert file.picture is not None
            ground, line = self.pen.colour("input"), self.pen.colour("border")
            self._pictures[id(file)] = ImageTk.PhotoImage(_rounded(file.picture, ground, line), master=self)
        return self._pictures[id(file)]

    def repaint(self) -> None:
        if self.look.theme.name != getattr(self, "_drawn_in", ""):
            self._drawn_in = self.look.theme.name
            self._pictures = {}  # their corners are those of the other theme
        super().repaint()


def _width(file: Attached) -> int:
    if file.under_way:
        return _GOING
    return _PICTURE if file.picture is not None and file.state == "there" else _FILE


def _covering(picture: Image.Image) -> Image.Image:
    """As large as a tile, what does not fit cut off at both sides."""
    return ImageOps.fit(picture.convert("RGB"), (_PICTURE, TILE))


def _rounded(picture: Image.Image, ground: str, line: str) -> Image.Image:
    """On its tile: with round corners on this ground, and the line that every tile has."""
    finer = 4
    size = (_PICTURE * finer, TILE * finer)
    shape = Image.new("L", size)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), _RADIUS * finer, fill=255)
    inner = Image.new("L", size)
    edge = (finer, finer, size[0] - 1 - finer, size[1] - 1 - finer)
    ImageDraw.Draw(inner).rounded_rectangle(edge, (_RADIUS - 1) * finer, fill=255)
    small = (_PICTURE, TILE)
    tile = Image.new("RGB", small, ground)
    tile.paste(Image.new("RGB", small, line), mask=shape.resize(small, Image.Resampling.LANCZOS))
    tile.paste(_covering(picture), mask=inner.resize(small, Image.Resampling.LANCZOS))
    return tile
