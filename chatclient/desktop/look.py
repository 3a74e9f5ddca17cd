"""What every part of the window draws with: the theme of the moment, the fonts and the pictures.

One `Look` belongs to one window and is handed to every part. The window changes its `theme`, then calls
`repaint` on the widgets that draw themselves; the frames of CustomTkinter follow by their pairs of colours.
"""

import tkinter as tk
from dataclasses import dataclass, field
from typing import Final

from chatclient.desktop.art import Art
from chatclient.desktop.fonts import Fonts
from chatclient.desktop.theme import DARK, FONTS, LIGHT, Theme

_ASCENT: Final = 0.969
_DESCENT: Final = 0.241
"""Of Inter, per size. The other face stands on the same line."""


@dataclass
class Look:
    theme: Theme
    fonts: Fonts
    art: Art
    _rises: dict[str, int] = field(default_factory=dict)

    def rise(self, font: str) -> int:
        """From the middle of a line up to where Tk is to put the text's top: negative pixels.

        The baseline stands where a browser puts it, which rounds ascent and descent of the size each by itself; Tk
        would round their sum, and be a pixel lower with some sizes.
        """
        if font not in self._rises:
            size = FONTS[font].size
            drop = (round(_ASCENT * size) - round(_DESCENT * size)) // 2
            self._rises[font] = drop - int(self.fonts.font(font).metrics("ascent"))
        return self._rises[font]


def pair(token: str) -> tuple[str, str]:
    """A colour of both themes, as CustomTkinter takes it: `(light, dark)`."""
    return LIGHT.colour(token), DARK.colour(token)


def repaint(widget: tk.Misc) -> None:
    """Let this widget and all in it draw themselves anew, after the theme changed."""
    own = getattr(widget, "repaint", None)
    if callable(own):
        own()
    for child in widget.winfo_children():
        repaint(child)
