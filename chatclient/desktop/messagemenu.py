"""The menu of a message: what may be done with it, and the key of each while the menu is open.

What is not permitted is not shown. It opens at a point, away from what it belongs to.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop.look import Look
from chatclient.desktop.paint import Pen
from chatclient.desktop.popover import Menu, Overlay
from chatclient.desktop.rows import Line

WIDTH: Final = 232
_ROW: Final = 32
_RULE: Final = 9


class Deed(NamedTuple):
    """A line of the menu. `key`: as it is written at the right, `pressed`: as Tk calls it."""

    icon: str
    text: str
    command: Callable[[], object]
    key: str = ""
    pressed: str = ""
    danger: bool = False

    @property
    def height(self) -> int:
        return _ROW

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = "popover_row" if lit else ground
        if lit:
            pen.box(0, y, width, _ROW, 8, fill, ground)
        middle, ink = y + _ROW // 2, "danger" if self.danger else "text"
        pen.icon(self.icon, 19, middle, 18, "danger" if self.danger else "muted", fill)
        pen.line(38, middle, self.text, "body", ink, fill)
        if self.key:
            pen.line_end(width - 8, middle, self.key, "tiny", "muted", fill)


class Rule(NamedTuple):
    """A line between groups."""

    command: None = None

    @property
    def height(self) -> int:
        return _RULE

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        pen.rectangle(-5, y + _RULE // 2, width + 10, 1, "popover_line")


class MessageMenu(Menu):
    """`box` is what it belongs to, on the screen: x, y, width, height. It stands over it, or under it."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        groups: Sequence[Sequence[Deed]],
        box: tuple[int, int, int, int],
        closed: Callable[[], object],
    ) -> None:
        self._box = box
        self._after = closed
        super().__init__(overlay, look, (), overlay.root, width=WIDTH)
        lines: list[Line] = []
        for group in filter(None, groups):
            lines += [Rule()] if lines else []
            lines += [deed._replace(command=self.then(deed.command)) for deed in group]
        self.show_lines(lines)
        for line in lines:
            if isinstance(line, Deed) and line.pressed:
                self._on_key(line.pressed, line.command)
        self.bind("<Destroy>", self._ended, add="+")

    def _on_key(self, pressed: str, command: Callable[[], object]) -> None:
        def do(_event: "tk.Event[tk.Misc]") -> str:
            command()
            return "break"

        self.rows.bind(pressed, do)

    def _ended(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self._after()

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        root = self.overlay.root
        left, top = self._box[0] - root.winfo_rootx(), self._box[1] - root.winfo_rooty()
        right, bottom = left + self._box[2], top + self._box[3]
        above = top - height - 4
        y = above if above >= 8 else min(bottom + 4, room[1] - height - 8)
        x = right - width if self._box[2] else left
        return max(8, min(x, room[0] - width - 8)), max(8, y)
