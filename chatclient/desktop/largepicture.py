"""A large picture read from its file, and the part of it that a frame shows. It takes time: not for the Tk thread."""

from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from chatclient.desktop.pictures import PIXELS, UNREADABLE, rounded
from chatclient.desktop.zooming import Frame

LARGEST: Final = 4_096
"""A picture is held with sides of at most so many pixels: sharp on any screen, and 64 MB at most."""
_RADIUS: Final = 12


class Seen(NamedTuple):
    """What came out: the whole picture, to be handed in again, and the part that was to be shown ("RGB")."""

    whole: Image.Image
    part: Image.Image


def seen_of(path: Path, frame: Frame, whole: Image.Image | None, ground: str) -> Seen | None:
    """The part that the frame shows; None for what cannot be read.

    `whole`: the picture, where it was read before. `ground`: what its round corners stand on, "" for square ones.
    """
    if whole is None:
        whole = read(path)
    if whole is None:
        return None
    share = whole.width / frame.size[0], whole.height / frame.size[1]
    left, top, right, bottom = frame.region
    box = left * share[0], top * share[1], right * share[0], bottom * share[1]
    how = Image.Resampling.LANCZOS if frame.scale < 1 else Image.Resampling.BICUBIC
    part = whole.resize(frame.shown, how, box, reducing_gap=2.0)
    if part.mode == "RGBA":
        under = Image.new("RGBA", part.size, "#FFFFFF")
        under.alpha_composite(part)
        part = under.convert("RGB")
    if ground and min(part.size) > 2 * _RADIUS:
        rounded(part, (_RADIUS, _RADIUS, _RADIUS, _RADIUS), ground)
    return Seen(whole, part)


def read(path: Path) -> Image.Image | None:
    """The picture as its camera says, at most `LARGEST`; the first frame of an animation."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > PIXELS:
                return None
            picture.draft("RGB", (LARGEST, LARGEST))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LARGEST, LARGEST))
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except UNREADABLE:
        return None
