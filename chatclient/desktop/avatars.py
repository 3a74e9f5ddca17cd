"""Avatars and presence marks: a letter on a coloured disc, and a shape that says who is here.

Presence is a shape and never a colour alone: a disc for online, a crescent for away, a ring for offline.
"""

import functools
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from chatclient.desktop import fonts, vector
from chatclient.desktop.icons import icon_mask, inked
from chatclient.desktop.theme import AVATAR_COLOURS, Theme, colour_index
from chatclient.desktop.vector import Shape, circle, fill

_BADGE_GRID: Final = 16
_SMALL: Final = 28  # avatars under this size bear the small badge
_LETTER: Final = 0.4  # of the avatar's size
_FALLBACKS: Final = (
    "DejaVuSans-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
    "DroidSansFallbackFull.ttf",
    "segoeuib.ttf",
    "msyhbd.ttc",
    "malgunbd.ttf",
    "Nirmala.ttf",
    "PingFang.ttc",
    "Arial Unicode.ttf",
)
"""Where a system keeps the letters of other scripts, by the names of the files."""


def avatar(name: str, size: int, *, square: bool = False, colour: str | None = None) -> Image.Image:
    """The first letter of the name, white on the name's colour ("RGBA", nothing round it).

    A name whose letter no face here draws gets the sign of a person.
    """
    large = size * 4
    ground = colour or AVATAR_COLOURS[colour_index(name)]
    path = vector.rectangle(0, 0, size, size, size * 0.3) if square else circle(size / 2, size / 2, size / 2)
    picture = Image.new("RGB", (large, large), ground)
    letter = initial(name)
    face = _letter_face(letter, round(large * _LETTER)) if letter else None
    if face is not None:
        ImageDraw.Draw(picture).text((large / 2, large / 2), letter, font=face, fill="white", anchor="mm")
    else:
        person = icon_mask("user", large * 5 // 8)
        picture.paste("white", (large * 3 // 16, large * 3 // 16), person)
    small = picture.resize((size, size), Image.Resampling.LANCZOS).convert("RGBA")
    small.putalpha(vector.mask([fill(path)], size, size))
    return small


def pictured(face: Image.Image, size: int, *, square: bool = False) -> Image.Image:
    """A square picture in the shape of an avatar ("RGBA", nothing round it)."""
    path = vector.rectangle(0, 0, size, size, size * 0.3) if square else circle(size / 2, size / 2, size / 2)
    small = face.resize((size, size), Image.Resampling.LANCZOS).convert("RGBA")
    small.putalpha(vector.mask([fill(path)], size, size))
    return small


def initial(name: str) -> str:
    """The letter that stands for a name: its first letter or digit, as a capital; empty where it has none."""
    return next((char.upper()[:1] for char in name if char.isalnum()), "")


def presence(state: str, size: int, theme: Theme, ground: str) -> Image.Image:
    """A presence mark ("RGBA"): a 10 px shape inside a disc of the ground, which cuts it out of the avatar."""
    colour = theme.colour("danger_line" if state == "busy" else state)
    layers = {
        "online": ((fill(circle(8, 8, 5)), colour),),
        "offline": ((Shape(circle(8, 8, 4), 2), colour),),
        "away": ((fill(circle(8, 8, 5)), colour), (fill(circle(5.2, 5.4, 3.5)), ground)),
        "busy": ((fill(circle(8, 8, 5)), colour), (fill(vector.rectangle(5.2, 7, 5.6, 2, 1)), ground)),
    }[state]
    picture = inked(vector.mask([fill(circle(8, 8, 7.2))], _BADGE_GRID, size), ground)
    for shape, ink in layers:
        picture.alpha_composite(inked(vector.mask([shape], _BADGE_GRID, size), ink))
    return picture


def badge_size(size: int) -> int:
    """The mark's size on an avatar of `size`."""
    return 12 if size < _SMALL else round(16 * max(1.0, size / 36))


@functools.lru_cache(64)
def _letter_face(letter: str, size: int) -> ImageFont.FreeTypeFont | None:
    """The semi-bold face, or for a letter that it lacks one of the system's that has it, or None."""
    own = ImageFont.truetype(fonts.face("semibold"), size)
    if _has(own, letter):
        return own
    for name in _FALLBACKS:
        try:
            other = ImageFont.truetype(name, size)
        except OSError:
            continue
        if _has(other, letter):
            return other
    return None


def _has(face: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the face draws this letter as something other than its sign for a missing one."""
    return face.getmask(letter).getbbox() is not None and bytes(face.getmask(letter)) != bytes(face.getmask("\uffff"))
