"""The window's icon, with the number of what waits for me on it."""

import tkinter as tk
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageTk

from chatclient.desktop import fonts, icons
from chatclient.desktop.theme import LIGHT

SIZES: Final = (64, 32, 16)
_MOST: Final = 99


class WindowIcon:
    """`show(0)` is the mark by itself."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._count = -1
        self._pictures: list[ImageTk.PhotoImage] = []  # Tk shows them no longer than somebody holds them
        self.show(0)

    def show(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self._pictures = [ImageTk.PhotoImage(picture(size, count), master=self._root) for size in SIZES]
            self._root.iconphoto(True, *self._pictures)  # type: ignore[arg-type] # Pillow's images are Tk's, without saying so


def picture(size: int, count: int) -> Image.Image:
    """The icon ("RGBA"), the number in a disc at its upper right; "99+" over 99, on the smallest "9+" over 9."""
    image = icons.mark(size)
    if not count:
        return image
    most = 9 if size < icons.MARK_SMALL else _MOST
    text = str(count) if count <= most else f"{most}+"
    large = 4
    high = size * 9 // 16
    face = ImageFont.truetype(fonts.face("semibold"), round(high * large * (0.72 if len(text) < 3 else 0.6)))
    wide = min(size, max(high, round(face.getlength(text) / large) + high // 2))
    badge = Image.new("RGBA", (wide * large, high * large))
    draw = ImageDraw.Draw(badge)
    draw.rounded_rectangle((0, 0, wide * large - 1, high * large - 1), high * large / 2, fill=LIGHT.danger_line)
    draw.text((wide * large / 2, high * large / 2), text, font=face, fill="white", anchor="mm")
    image.alpha_composite(badge.resize((wide, high), Image.Resampling.LANCZOS), (size - wide, 0))
    return image
