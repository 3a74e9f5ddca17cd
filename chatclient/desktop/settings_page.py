"""What the pages of the settings are made of, and what they are given to work with."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from chatclient.desktop.appearance import Appearance
from chatclient.desktop.controls import RING, Button, Press, Toggle
from chatclient.desktop.deeds import Deeds
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted
from chatclient.desktop.panel import Panel
from chatclient.desktop.popover import Item, Menu, Overlay
from chatclient.desktop.settings_card import SettingsCard
from chatclient.events import ClientEvent
from chatclient.keep import Keep, Recent
from chatclient.model import Changes, Model

_HEADING: Final = 20


class World(NamedTuple):
    """What the settings show and change."""

    overlay: Overlay
    look: Look
    keep: Keep
    model: Model
    deeds: Deeds
    server: str
    tz: tzinfo
    appearance: Appearance
    save: Callable[[], object]
    connect: Callable[[Recent], object]
    another_server: Callable[[], object]
    idle: Callable[[int, bool], object]
    still: Callable[[bool], object]
    draw: Callable[[Changes], object]


class Page(Panel):
    """One page; everything on it acts at once. `complain` says over it what could not be done."""

    title = ""

    def __init__(self, master: tk.Misc, world: World, complain: Callable[[str], object]) -> None:
        super().__init__(master, "conv")
        self.world = world
        self.look = world.look
        self.complain = complain

    def heard(self, events: Sequence[ClientEvent]) -> None:
        """What happened meanwhile."""

    def heading(self, text: str) -> "Heading":
        made = Heading(self, self.look, text)
        made.pack(fill="x", pady=(24, 8))
        return made

    def card(self, *, above: int = 0) -> SettingsCard:
        made = SettingsCard(self, self.look)
        made.pack(fill="x", pady=(above, 0))
        return made


class Heading(Painted):
    """The name of a part, and at its right what can be done with all of it."""

    def __init__(self, master: tk.Misc, look: Look, text: str) -> None:
        super().__init__(master, look, ground="conv", height=_HEADING)
        self._text = text
        self._control: Press | None = None

    def offer(self, control: Press | None) -> None:
        """Put this at the right, in the place of what was there."""
        if self._control is not None:
            self._control.destroy()
        self._control = control
        self.configure(height=_HEADING if control is None else 28 + 2 * RING)
        self.repaint()

    def paint(self) -> None:
        self.pen.line(0, self.high // 2, self._text, "name", "text", "conv")
        if self._control is not None:
            self._control.place(x=self.wide - self._control.winfo_reqwidth() + RING, y=0)


class Offer(Painted):
    """A button under a card, at its left edge."""

    def __init__(self, master: tk.Misc, look: Look, text: str, command: Callable[[], object], *, icon: str) -> None:
        super().__init__(master, look, ground="conv", height=36 + 2 * RING)
        self.button = Button(self, look, text, command, ground="conv", icon=icon)

    def paint(self) -> None:
        self.button.place(x=-RING, y=0)


class Radio(Press):
    """One of several: a ring, filled where it holds."""

    radius = 9

    def __init__(self, master: tk.Misc, look: Look, command: Callable[[], object], *, ground: str, on: bool) -> None:
        self.on = on
        super().__init__(master, look, ground=ground, width=18, height=18, command=command)

    def turn(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        if self.on:
            dark = self.look.theme.name == "dark"
            fill = "accent" if dark else "own"
            self.pen.box(x, y, 18, 18, 9, fill, self.ground)
            self.pen.box(x + 5, y + 5, 8, 8, 4, "side" if dark else "conv", fill)
        else:
            self.pen.box(x, y, 18, 18, 9, self.ground, self.ground, "offline", 2)


class Chip(Press):
    """The word that holds, and a menu of the others."""

    def __init__(
        self, master: tk.Misc, world: World, choices: Sequence[tuple[str, str]], choose: Callable[[int], object]
    ) -> None:
        self._world = world
        self._choices = choices
        self._choose = choose
        self._at = 0
        super().__init__(master, world.look, ground="card", width=60, height=28, command=self._open)

    def show(self, at: int) -> None:
        """The choice that holds."""
        self._at = at
        text = self._choices[at][1]
        self.configure(width=self.pen.width(text, "small_semibold") + 10 + 4 + 14 + 8 + 2 * RING)
        self.repaint()

    def _open(self) -> None:
        items = [
            Item(icon, text, self._chooser(index), chosen=index == self._at)
            for index, (icon, text) in enumerate(self._choices)
        ]
        overlay = self._world.overlay
        overlay.show(Menu(overlay, self.look, items, self))

    def _chooser(self, index: int) -> Callable[[], object]:
        def choose() -> None:
            self.show(index)
            self._choose(index)

        return choose

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        fill = "hover" if self.hovered else "card"
        self.pen.box(x, y, width, height, 10, fill, "card", "field")
        self.pen.line(x + 10, y + height // 2, self._choices[self._at][1], "small_semibold", "text", fill)
        self.pen.icon("down", x + width - 15, y + height // 2, 14, "muted", fill)


def switch(card: SettingsCard, look: Look, on: bool, turned: Callable[[bool], object]) -> Toggle:
    """A switch on a card."""
    made = Toggle(card, look, ground="card", command=lambda: turned(made.on))
    made.on = on
    return made
