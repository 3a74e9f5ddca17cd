"""How a picture of this computer looks, small: for the tile of a file that is going to be sent, and for avatars.

It is turned as its camera says, "RGB", on white; None for what is no picture. It may take a second: not for the Tk
thread.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from chatclient.desktop.pictures import PIXELS, UNREADABLE

SIDE: Final = 240


def small(source: Path | bytes) -> Image.Image | None:
    """All of it, at most `SIDE` on its longer side."""
    return _made(source, SIDE, lambda upright: ImageOps.contain(upright, _least(upright.size)))


def square(source: Path | bytes, side: int) -> Image.Image | None:
    """Its middle."""
    return _made(source, side, lambda upright: ImageOps.fit(upright, (side, side)))


def _least(size: tuple[int, int]) -> tuple[int, int]:
    """No larger than it is."""
    return min(size[0], SIDE), min(size[1], SIDE)


def _made(source: Path | bytes, side: int, fit: Callable[[Image.Image], Image.Image]) -> Image.Image | None:
    try:
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as picture:
            if picture.width * picture.height > PIXELS:
                return None
            picture.draft("RGB", (2 * side, 2 * side))
            upright = fit(ImageOps.exif_transpose(picture).convert("RGBA"))
            ground = Image.new("RGBA", upright.size, "#FFFFFF")
            ground.alpha_composite(upright)
            return ground.convert("RGB")
    except UNREADABLE:
        return None
