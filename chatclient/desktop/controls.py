"""What can be pressed: buttons, icon buttons, a switch, a link. All can be reached with Tab.

Each is a small canvas that draws its shape inside a margin of `RING`: room for the ring of two pixels, two away
from the shape, that shows where the keyboard is. (With a margin of 0 its owner draws the ring.) A click does not take
the keyboard from where it is.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted

RING: Final = 4


class Press(Painted):
    """Base of all: hover, keyboard, enabled or not. Space, Enter and a click call `command`."""

    radius = 10

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        *,
        ground: str,
        width: int,
        height: int,
        command: Callable[[], object],
        ring: int = RING,
    ) -> None:
        super().__init__(master, look, ground=ground, width=width + 2 * ring, height=height + 2 * ring)
        self.command = command
        self._ring = ring
        self.enabled = True
        self.hovered = False
        self.focused = False
        self.configure(takefocus=1, cursor="hand2")
        for sequence, attribute, value in (
            ("<Enter>", "hovered", True),
            ("<Leave>", "hovered", False),
            ("<FocusIn>", "focused", True),
            ("<FocusOut>", "focused", False),
        ):
            self.bind(sequence, lambda _event, name=attribute, state=value: self._turn(name, state))  # type: ignore[misc] # mypy infers no type for a lambda with defaults
        self.bind("<ButtonRelease-1>", self._released)
        for key in ("<space>", "<Return>", "<KP_Enter>"):
            self.bind(key, self._pressed)

    def _turn(self, name: str, state: bool) -> None:
        setattr(self, name, state)
        self.repaint()

    def _released(self, event: "tk.Event[tk.Misc]") -> None:
        if 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height():
            self.press()

    def _pressed(self, _event: "tk.Event[tk.Misc]") -> str:
        self.press()
        return "break"

    def press(self) -> None:
        """Do what a click does."""
        if self.enabled:
            self.command()

    def enable(self, enabled: bool) -> None:
        if enabled != self.enabled:
            self.enabled = enabled
            self.configure(takefocus=enabled, cursor="hand2" if enabled else "arrow")
            self.repaint()

    def paint(self) -> None:
        ring = self._ring
        self.shape(ring, ring, self.wide - 2 * ring, self.high - 2 * ring)
        if self.focused and ring:
            self.pen.outline(0, 0, self.wide, self.high, self.radius + ring, "accent", 2)

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        """Draw the thing itself into this rectangle."""
        raise NotImplementedError


class Kind(NamedTuple):
    """How a button looks. `fill` and `line` empty: those of what lies behind it."""

    fill: str
    line: str
    text: str
    hover: str


KINDS: Final[dict[str, Kind]] = {
    "primary": Kind("own", "own", "own_text", "own"),
    "plain": Kind("", "field", "text", "hover"),
    "danger": Kind("", "danger_line", "danger", "danger_tint"),
    "quiet": Kind("", "", "link", "hover"),
}


class Button(Press):
    """A button with a word, and with an icon before it where one is given."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        text: str,
        command: Callable[[], object],
        *,
        ground: str,
        kind: str = "plain",
        icon: str = "",
        width: int = 0,
        height: int = 36,
    ) -> None:
        self.text = text
        self._icon = icon
        self._kind = KINDS[kind]
        self._small = height < 32
        self._fixed = bool(width)
        self.radius = 8 if self._small else 10
        self._font = "small_semibold" if self._small else "body_semibold"
        self._look = look
        super().__init__(master, look, ground=ground, width=width or self._natural(), height=height, command=command)

    def _natural(self) -> int:
        icon = 26 if self._icon else 0
        return int(self._look.fonts.font(self._font).measure(self.text)) + icon + (20 if self._small else 32) + 2

    def say(self, text: str, *, icon: str | None = None) -> None:
        """Another word on the button, and another icon before it where one is given."""
        icon = self._icon if icon is None else icon
        if (text, icon) != (self.text, self._icon):
            self.text, self._icon = text, icon
            if not self._fixed:
                self.configure(width=self._natural() + 2 * RING)
            self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        fill, line, ink, hover = self._kind
        if not fill and line and self.look.theme.name == "light":
            fill = "conv"  # white on every ground; in the dark the ground shows through
        fill = (hover if self.hovered else fill) or self.ground
        if not self.enabled:
            fill, line, ink = "quote", "quote", "muted"
        self.pen.box(x, y, width, height, self.radius, fill, self.ground, line or fill)
        total = self.pen.width(self.text, self._font) + (26 if self._icon else 0)
        start = x + (width - total) // 2
        middle = y + height // 2
        if self._icon:
            self.pen.icon(self._icon, start + 9, middle, 18, ink, fill)
            start += 26
        self.pen.line(start, middle, self.text, self._font, ink, fill)


class IconButton(Press):
    """An icon of 20 (`glyph`) in a square of 32. `fill` is its ground where it stands out by itself."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        icon: str,
        command: Callable[[], object],
        *,
        ground: str,
        size: int = 32,
        fill: str = "",
        ink: str = "muted",
        ring: int = RING,
        glyph: int = 20,
    ) -> None:
        self._icon = icon
        self._glyph = glyph
        self._fill = fill
        self._ink = ink
        super().__init__(master, look, ground=ground, width=size, height=size, command=command, ring=ring)

    def change(self, icon: str) -> None:
        """Another icon."""
        self._icon = icon
        self.repaint()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        standing = self._fill if self._fill == "own" else "hover"
        fill = (standing if self.hovered else self._fill) or self.ground
        ink = "text" if self.hovered and fill == "hover" else self._ink
        if not self.enabled:
            fill, ink = "quote" if self._fill else self.ground, "muted" if self._fill else "field"
        if fill != self.ground:
            self.pen.box(x, y, width, height, self.radius, fill, self.ground)
        self.pen.icon(self._icon, x + width // 2, y + height // 2, self._glyph, ink, fill)


class Toggle(Press):
    """A switch of 40 by 24. On is the accent and a check, never the colour alone."""

    radius = 12

    def __init__(self, master: tk.Misc, look: Look, *, ground: str, command: Callable[[], object]) -> None:
        self.on = False
        self._after = command
        super().__init__(master, look, ground=ground, width=40, height=24, command=self._flip)

    def _flip(self) -> None:
        self.on = not self.on
        self.repaint()
        self._after()

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        fill = "own" if self.on else "offline"
        self.pen.box(x, y, width, height, 12, fill, self.ground)
        self.pen.box(x + (19 if self.on else 3), y + 3, 18, 18, 9, "own_text", fill)
        if self.on:
            self.pen.icon("check", x + 11, y + 12, 12, "own_text", fill)


class Link(Press):
    """Words that can be pressed, in the colour of links. `tail` ends the sentence that they stand in."""

    radius = 4

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        text: str,
        command: Callable[[], object],
        *,
        ground: str,
        font: str = "small_semibold",
        tail: str = "",
        height: int = 16,
    ) -> None:
        self.text = text
        self._font = font
        self._tail = tail
        width = int(look.fonts.font(font).measure(text + tail)) + 1
        super().__init__(master, look, ground=ground, width=width, height=height, command=command)

    def shape(self, x: int, y: int, width: int, height: int) -> None:
        end = self.pen.line(x, y + height // 2, self.text, self._font, "link", self.ground)
        self.pen.rectangle(x, y + height - 2, end - x, 1, "link")
        self.pen.line(end, y + height // 2, self._tail, self._font, "muted", self.ground)
