"""The pictures of files as Tk images: asked for once, made off the Tk thread, composed onto the ground they stand on.

A place that has no picture yet shows a blank of the same size, and a quiet sign where there will be none; `watch` is
told when that changed. What was not drawn for longest is forgotten, and is asked for again when it is drawn.
"""

import functools
import tkinter as tk
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Final, Protocol

from PIL import Image, ImageDraw, ImageFont, ImageOps, ImageTk

from chatclient.desktop import fonts, icons, vector
from chatclient.desktop.operations import Picture, Radii
from chatclient.desktop.theme import Theme
from chatclient.desktop.vector import circle, fill
from shared.protocol import File

KEPT: Final = 64
PIXELS: Final = 64_000_000
"""A picture with more is not opened."""
UNREADABLE: Final = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for what it cannot read."""
_VEIL: Final = "#15151A"
_VEILED: Final = 0.8
_ICON: Final = 24
_CORNERS: Final = ("nw", "ne", "se", "sw")


class Ask(Protocol):
    """Have a file (`thumb`: its small picture), let `work` do its part off the Tk thread, and call `done` on it.

    `done` gets what `work` gave, or the exception that came instead.
    """

    def __call__(
        self, file: File, thumb: bool, work: Callable[[Path], Any], done: Callable[[Any], None], /
    ) -> object: ...


class Pictures:
    """Belongs to one window. Without `ask` every picture stays blank."""

    def __init__(self, root: tk.Misc, ask: Ask | None = None) -> None:
        self._root, self._ask = root, ask
        self._faces: OrderedDict[tuple[str, int, int], Image.Image] = OrderedDict()
        self._photos: OrderedDict[Hashable, ImageTk.PhotoImage] = OrderedDict()
        self._asked: set[tuple[str, int, int]] = set()
        self._broken: set[str] = set()
        self._watchers: list[Callable[[str], None]] = []

    def watch(self, changed: Callable[[str], None]) -> Callable[[], None]:
        """`changed(file)` is called when the picture of a file came or will not come. Gives what ends that."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed) if changed in self._watchers else None

    def again(self) -> None:
        """The connection is back: what did not come may come now."""
        broken, self._broken = self._broken, set()
        for file in broken:
            self._tell(file)

    def photo(self, picture: Picture, theme: Theme) -> ImageTk.PhotoImage:
        """What is to be shown in its place now. Whoever shows it must hold it."""
        file, size = picture.file, (picture.width, picture.height)
        face = self._faces.get((file.file, *size))
        if face is not None:
            self._faces.move_to_end((file.file, *size))
        elif file.file not in self._broken:
            self._want(file, *size)
        ground, blank = theme.colour(picture.ground), theme.colour(picture.blank)
        state = "there" if face else "broken" if file.file in self._broken else "blank"
        key = (file.file if face else "", size, picture.radii, ground, blank, picture.more, state)
        photo = self._photos.get(key)
        if photo is None:
            made = _placed(face, *size, blank)
            if state == "broken":
                _signed(made, theme.colour("muted"))
            if picture.more:
                made = _veiled(made, f"+{picture.more}")
            rounded(made, picture.radii, ground)
            photo = self._photos[key] = ImageTk.PhotoImage(made, master=self._root)
            _shortened(self._photos)
        else:
            self._photos.move_to_end(key)
        return photo

    def _want(self, file: File, width: int, height: int) -> None:
        key = (file.file, width, height)
        if self._ask is None or key in self._asked:
            return
        self._asked.add(key)

        def done(answer: Any) -> None:
            self._asked.discard(key)
            if isinstance(answer, Image.Image):
                self._faces[key] = answer
                _shortened(self._faces)
            else:
                self._broken.add(file.file)
            self._tell(file.file)

        whole = file.width <= width and file.height <= height
        self._ask(file, True, lambda path: face(path, width, height, whole), done)

    def _tell(self, file: str) -> None:
        for changed in tuple(self._watchers):
            changed(file)


def face(path: Path, width: int, height: int, whole: bool = False) -> Image.Image | None:
    """The picture in a file, cut to fill this size, or as it is where it is `whole`; None for what cannot be read.

    An animation gives its first frame. It may take a second: not for the Tk thread.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > PIXELS:
                return None
            picture.draft("RGB", (2 * width, 2 * height))
            upright = ImageOps.exif_transpose(picture)
            sort = "RGBA" if upright.has_transparency_data else "RGB"
            made = upright.convert(sort)
    except UNREADABLE:
        return None
    if whole and made.width <= width and made.height <= height:
        return made
    return ImageOps.fit(made, (width, height), Image.Resampling.LANCZOS)


def _shortened(cache: "OrderedDict[Any, Any]") -> None:
    if len(cache) > KEPT:
        cache.popitem(last=False)


def _placed(face: Image.Image | None, width: int, height: int, blank: str) -> Image.Image:
    made = Image.new("RGB", (width, height), blank)
    if face is not None:
        place = (width - face.width) // 2, (height - face.height) // 2
        made.paste(face, place, face if face.mode == "RGBA" else None)
    return made


def _signed(made: Image.Image, colour: str) -> None:
    size = min(_ICON, *made.size)
    sign = icons.icon_mask("image-off", size)
    made.paste(colour, ((made.width - size) // 2, (made.height - size) // 2), sign)


def _veiled(made: Image.Image, words: str) -> Image.Image:
    dark = Image.blend(made, Image.new("RGB", made.size, _VEIL), _VEILED)
    type_ = ImageFont.truetype(fonts.face("bold"), max(10, made.height * 20 // 106))
    middle = made.width / 2, made.height / 2
    ImageDraw.Draw(dark).text(middle, words, font=type_, fill="white", anchor="mm")
    return dark


def rounded(made: Image.Image, radii: Radii, ground: str) -> None:
    """Give it round corners, of the ground that it stands on."""
    for which, radius in zip(_CORNERS, radii, strict=True):
        side = min(radius, *made.size)
        if side:
            x = made.width - side if "e" in which else 0
            y = made.height - side if "s" in which else 0
            made.paste(ground, (x, y), _outside(which, side))


@functools.lru_cache(64)
def _outside(which: str, radius: int) -> Image.Image:
    """The part of a corner that a round one leaves free."""
    disc = vector.mask([fill(circle(radius, radius, radius))], 2 * radius, 2 * radius)
    x, y = radius if "e" in which else 0, radius if "s" in which else 0
    return ImageOps.invert(disc.crop((x, y, x + radius, y + radius)))
