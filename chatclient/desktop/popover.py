"""What floats over the window: dialogs, menus, the switcher, the keys. One at a time.

A popover takes the keyboard when it comes and gives it back when it goes; Tab stays inside. Esc closes it, and so
does a click outside while nothing was typed into it. There is no scrim and no shadow: its line carries the edge.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatclient.desktop.controls import IconButton
from chatclient.desktop.keyboard import holder
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Grounds, Painted, Pen
from chatclient.desktop.panel import Panel
from chatclient.desktop.rows import Line, Rows

RADIUS: Final = 12
EDGE: Final = RADIUS + 1
"""How far inside the box its contents begin, so that they do not cover its corners."""
PAD: Final = 24 - RADIUS
"""What is still missing to the 24 inside the line that dialogs keep."""
TOP: Final = 80
_TALLEST: Final = 400  # a menu of more lines scrolls


class Overlay:
    """The place over one window where popovers stand. `grounds(x, y)` gives the colour token behind a point."""

    def __init__(self, root: tk.Misc, grounds: Callable[[int, int], str]) -> None:
        self.root = root
        self._grounds = grounds
        self._before: tk.Misc | None = None
        self.current: Popover | None = None
        root.bind("<Button-1>", self._clicked, add="+")
        root.bind("<Configure>", self._resized, add="+")

    def show(self, popover: "Popover") -> None:
        """Open it in the place of the one that is open."""
        before = self._before if self.current is not None else holder(self.root)
        self._drop()
        self._before = before
        self.current = popover
        popover.arrange()
        popover.update_idletasks()  # what is not mapped yet does not get the keyboard: the next letters would go astray
        popover.catch_keys()
        popover.first_focus()

    def close(self) -> None:
        """Close what is open; the keyboard goes back to where it was."""
        if self.current is None:
            return
        self._drop()
        before, self._before = self._before, None
        if before is not None and before.winfo_exists():
            before.focus_set()

    def _drop(self) -> None:
        if self.current is not None:
            popover, self.current = self.current, None
            popover.destroy()

    def grounds(self, x: int, y: int, width: int, height: int) -> Grounds:
        """What lies behind the four corners of a rectangle."""
        right, bottom = x + width, y + height
        ground = self._grounds
        return ground(x, y), ground(right, y), ground(right, bottom), ground(x, bottom)

    def _clicked(self, event: "tk.Event[tk.Misc]") -> None:
        popover = self.current
        if popover is None or popover.typed():
            return
        inside = str(event.widget) == str(popover) or str(event.widget).startswith(f"{popover}.")
        if not inside:
            self.close()

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self.root and self.current is not None:
            self.current.arrange()


class Popover(Painted):
    """Base: a box over the window. One that uses its `body` grows with it; others give their own `content_height`."""

    top = TOP

    def __init__(self, overlay: Overlay, look: Look, width: int) -> None:
        super().__init__(overlay.root, look, ground="popover")
        self.overlay = overlay
        self._width = width
        self._placed = (0, 0, 0, 0)
        self._body: Panel | None = None

    @property
    def body(self) -> Panel:
        """What a dialog packs its parts into; made when it is first asked for."""
        if self._body is None:
            self._body = Panel(self, "popover")
            self._body.on("<Configure>", self._grown)
        return self._body

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        """Where its top left corner goes, in a window of this size. Dialogs stand in the middle, near the top."""
        return (room[0] - width) // 2, max(8, min(self.top, room[1] - height - 8))

    def typed(self) -> bool:
        """Whether a click outside would lose something."""
        return False

    def first_focus(self) -> None:
        """Give the keyboard to what comes first."""
        stops = self._stops()
        (stops[0] if stops else self).focus_set()

    def close(self) -> None:
        if self.overlay.current is self:
            self.overlay.close()

    def arrange(self) -> None:
        """Take place in the window as it is now."""
        root = self.overlay.root
        root.update_idletasks()
        room = (root.winfo_width(), root.winfo_height())
        width = min(self._width, room[0] - 16)
        if self._body is not None:
            self._body.put(x=EDGE, y=1, width=width - 2 * EDGE)
            root.update_idletasks()  # its height follows from the width
        height = min(self.content_height() + 2, room[1] - 16)
        x, y = self.place_at(width, height, room)
        if (x, y, width, height) != self._placed:
            self._placed = (x, y, width, height)
            if self._body is not None:
                self._body.put(x=EDGE, y=1, width=width - 2 * EDGE, height=height - 2)
            self.place(x=x, y=y, width=width, height=height)
            self.sized(width, height)

    def content_height(self) -> int:
        return int(self.body.winfo_reqheight())

    def _grown(self, _event: "tk.Event[tk.Misc]") -> None:
        if self.overlay.current is self:
            self.arrange()

    def paint(self) -> None:
        x, y, width, height = self._placed
        grounds = self.overlay.grounds(x, y, width, height)
        self.pen.box(0, 0, width, height, RADIUS, "popover", grounds, "popover_line")

    # --- keyboard -------------------------------------------------------------------------------------------

    def catch_keys(self) -> None:
        """Esc and Tab, for everything inside. Call again after widgets were added."""
        tag = f"popover{id(self)}"
        for sequence, do in (
            ("<Escape>", self._escape),
            ("<Tab>", lambda _event: self._step(1)),
            ("<Shift-Tab>", lambda _event: self._step(-1)),
        ):
            self.bind_class(tag, sequence, do)
        if self.tk.call("tk", "windowingsystem") == "x11":
            self.bind_class(tag, "<ISO_Left_Tab>", lambda _event: self._step(-1))
        for widget in _descendants(self):
            tags = widget.bindtags()
            if tag not in tags:
                widget.bindtags((tag, *tags))

    def _escape(self, _event: "tk.Event[tk.Misc]") -> str:
        self.close()
        return "break"

    def _step(self, step: int) -> str:
        stops = self._stops()
        if stops:
            now = holder(self)
            index = stops.index(now) if now in stops else -1 if step > 0 else 0
            stops[(index + step) % len(stops)].focus_set()
        return "break"

    def _stops(self) -> list[tk.Misc]:
        """What Tab reaches, in its order."""
        stops = []
        for widget in _descendants(self):
            takes = isinstance(widget, Painted) and str(widget.cget("takefocus")) == "1" and widget.winfo_ismapped()
            if takes or isinstance(widget, tk.Entry):
                stops.append(widget)
        return stops

    # --- parts that dialogs share ---------------------------------------------------------------------------

    def titled(self, title: str, *, line: bool = False) -> None:
        """The head of a dialog: its title, and the x that closes it."""
        head = Title(self.body, self.look, title, self.close, line)
        head.pack(fill="x")


def _descendants(widget: tk.Misc) -> list[tk.Misc]:
    found = [widget]
    for child in widget.winfo_children():
        found += _descendants(child)
    return found


class Title(Painted):
    """A dialog's head of 56 with its title and an x."""

    def __init__(self, master: tk.Misc, look: Look, title: str, close: Callable[[], object], line: bool) -> None:
        super().__init__(master, look, ground="popover", height=56)
        self._title = title
        self._line = line
        self._x = IconButton(self, look, "x", close, ground="popover", ink="text")
        self._x.configure(takefocus=0)  # Esc does it

    def paint(self) -> None:
        self.pen.line(PAD, 28, self._title, "title", "text", "popover", width=self.wide - 60)
        self._x.place(x=self.wide - (40 if self._line else 36), y=8)
        if self._line:
            self.pen.rectangle(0, 55, self.wide, 1, "popover_line")


class Item(NamedTuple):
    """A line of a menu. `presence`: its mark stands in the place of an icon."""

    icon: str
    text: str
    command: Callable[[], object]
    danger: bool = False
    chosen: bool = False
    presence: str = ""

    @property
    def height(self) -> int:
        return 32

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = "popover_row" if lit else ground
        if lit:
            pen.box(0, y, width, 32, 8, fill, ground)
        if self.presence:
            pen.presence(self.presence, 19, y + 16, fill)
        else:
            pen.icon(self.icon, 19, y + 16, 18, "danger" if self.danger else "muted", fill)
        pen.line(38, y + 16, self.text, "body", "danger" if self.danger else "text", fill)
        if self.chosen:
            pen.icon("check", width - 18, y + 16, 16, "link", fill)


class Menu(Popover):
    """A list of things to do, at the corner of what opened it. Arrows, Enter, Esc, or a click."""

    def __init__(
        self,
        overlay: Overlay,
        look: Look,
        items: Sequence[Item],
        opener: tk.Misc,
        *,
        width: int = 232,
        above: bool = False,
    ) -> None:
        super().__init__(overlay, look, width)
        self._opener = opener
        self._above = above
        self.rows = Rows(self, look, ground="popover")
        self.show_lines([item._replace(command=self.then(item.command)) for item in items])

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Other lines; the menu grows with them, and scrolls from `_TALLEST` on."""
        self.rows.show(lines)
        self.rows.place(x=5, y=5, relwidth=1, width=-10, height=min(_TALLEST, self.rows.total))
        if self.overlay.current is self:
            self.arrange()

    def content_height(self) -> int:
        return min(_TALLEST, self.rows.total) + 8

    def then(self, command: Callable[[], object]) -> Callable[[], object]:
        """A command that closes the menu first."""

        def run() -> None:
            self.close()
            command()

        return run

    def first_focus(self) -> None:
        self.rows.focus_set()

    def place_at(self, width: int, height: int, room: tuple[int, int]) -> tuple[int, int]:
        root = self.overlay.root
        left = self._opener.winfo_rootx() - root.winfo_rootx()
        top = self._opener.winfo_rooty() - root.winfo_rooty()
        right = left + self._opener.winfo_width()
        x = right - width if right - width >= 8 else left
        y = top - height if self._above else top + self._opener.winfo_height()
        return max(8, min(x, room[0] - width - 8)), max(8, min(y, room[1] - height - 8))
