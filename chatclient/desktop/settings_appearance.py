"""Settings, appearance: the theme, as three small pictures of the window, and whether things move."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageTk

from chatclient.desktop.controls import RING, Press
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.settings_card import Setting
from chatclient.desktop.settings_page import Page, World, switch
from chatclient.desktop.theme import DARK, LIGHT, Theme
from chatclient.keep import Choice

_CHOICES: Final[tuple[tuple[Choice, str, tuple[Theme, Theme]], ...]] = (
    ("system", "Like the system", (LIGHT, DARK)),
    ("light", "Light", (LIGHT, LIGHT)),
    ("dark", "Dark", (DARK, DARK)),
)
_GAP: Final = 17
_HIGH: Final = 106
_LARGE: Final = 3


class AppearancePage(Page):
    title = "Appearance"

    def __init__(self, master: tk.Misc, world: World, complain: Callable[[str], object]) -> None:
        super().__init__(master, world, complain)
        self.heading("Theme")
        self.themes = Themes(self, self.look, world)
        self.themes.pack(fill="x")
        self.heading("Behaviour")
        card = self.card()
        self.move_less = switch(card, self.look, world.keep.move_less, self._move_less)
        note = "The dots of who is typing rest"
        card.show([Setting("Move less", note, controls=[self.move_less], click=self.move_less.press)])

    def _move_less(self, less: bool) -> None:
        self.world.keep.move_less = less
        self.world.save()
        self.world.still(less)


class Themes(Painted):
    """The three side by side."""

    def __init__(self, master: tk.Misc, look: Look, world: World) -> None:
        super().__init__(master, look, ground="conv", height=_HIGH + 8 + 20 + 2 * RING)
        self._appearance = world.appearance
        self.choices = [ThemeChoice(self, look, text, half, self._chooser(choice)) for choice, text, half in _CHOICES]

    def _chooser(self, choice: Choice) -> Callable[[], object]:
        def choose() -> None:
            self._appearance.choose(choice)
            self.repaint()

        return choose

    def paint(self) -> None:
        width = (self.wide - 2 * _GAP) // 3
        for index, (choice, picture) in enumerate(zip(_CHOICES, self.choices, strict=True)):
            picture.turn(choice[0] == self._appearance.choice)
            picture.place(x=index * (width + _GAP) - RING, y=0, width=width + 2 * RING)


class ThemeChoice(Press):
    radius = 12

    def __init__(
        self, master: tk.Misc, look: Look, text: str, halves: tuple[Theme, Theme], command: Callable[[], object]
    ) -> None:
        self.on = False
        self._text = text
        self._halves = halves
        self._picture: ImageTk.PhotoImage | None = None
        super().__init__(master, look, ground="conv", width=200, height=_HIGH + 28, command=command)

    def turn(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        self.pen.box(x, y, width, _HIGH, 12, "conv", "conv", "accent" if self.on else "field", 2 if self.on else 1)
        inside = (width - 10, _HIGH - 10)
        if self._picture is None or (self._picture.width(), self._picture.height()) != inside:
            self._picture = ImageTk.PhotoImage(window_picture(*inside, self._halves), master=self)
        self.create_image(x + 5, y + 5, image=self._picture, anchor="nw")
        middle = y + _HIGH + 8 + 10
        dark = self.look.theme.name == "dark"
        if self.on:
            fill = "accent" if dark else "own"
            self.pen.box(x, middle - 9, 18, 18, 9, fill, "conv")
            self.pen.box(x + 5, middle - 4, 8, 8, 4, "side" if dark else "conv", fill)
        else:
            self.pen.box(x, middle - 9, 18, 18, 9, "conv", "conv", "offline", 2)
        self.pen.line(x + 26, middle, self._text, "body", "text", "conv", width=width - 26)


def window_picture(width: int, height: int, halves: tuple[Theme, Theme]) -> Image.Image:
    """A window in small ("RGBA", its corners round), its left half in one theme and its right half in another."""
    left, right = (_window(width, height, theme) for theme in halves)
    whole = left.copy()
    whole.paste(right.crop((width // 2, 0, width, height)), (width // 2, 0))
    mask = Image.new("L", (width * _LARGE, height * _LARGE))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * _LARGE - 1, height * _LARGE - 1), 8 * _LARGE, fill="white")
    whole.putalpha(mask.resize((width, height), Image.Resampling.BOX))
    return whole


def _window(width: int, height: int, theme: Theme) -> Image.Image:
    image = Image.new("RGB", (width * _LARGE, height * _LARGE), theme.conv)
    draw = ImageDraw.Draw(image)
    across, down = width / 192, height / 96

    def shape(x: float, y: float, w: float, h: float, radius: float, fill: str) -> None:
        box = (x * across * _LARGE, y * down * _LARGE, (x + w) * across * _LARGE, (y + h) * down * _LARGE)
        draw.rounded_rectangle(box, radius * _LARGE, fill=fill)

    shape(0, 0, 48, 96, 0, theme.side)
    shape(48, 0, 1, 96, 0, theme.border)
    shape(8, 12, 32, 6, 3, theme.field)
    shape(8, 26, 32, 10, 4, theme.selected)
    shape(8, 44, 26, 6, 3, theme.field)
    shape(60, 16, 72, 18, 9, theme.quote)
    shape(108, 40, 74, 18, 9, theme.own)
    shape(60, 64, 52, 18, 9, theme.quote)
    return image.resize((width, height), Image.Resampling.BOX)
