"""The settings: they take the whole window, with their pages at the left, until Esc.

Everything acts at once; nothing waits to be saved. A page is made when it is looked at and gone when another is.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final, NamedTuple

from chatclient.desktop import sidebar
from chatclient.desktop.controls import RING, IconButton
from chatclient.desktop.look import Look
from chatclient.desktop.paint import Painted, Pen
from chatclient.desktop.panel import Panel
from chatclient.desktop.panes import Panes
from chatclient.desktop.rows import Rows, ground_of
from chatclient.desktop.scrolled import Scrolled
from chatclient.desktop.settings_account import Account
from chatclient.desktop.settings_appearance import AppearancePage
from chatclient.desktop.settings_notifications import Notifications
from chatclient.desktop.settings_page import Page, World
from chatclient.desktop.settings_servers import Servers
from chatclient.events import ClientEvent
from shared.rules import PROTOCOL

PAGES: Final[tuple[tuple[str, type[Page]], ...]] = (
    ("palette", AppearancePage),
    ("bell", Notifications),
    ("user", Account),
    ("server", Servers),
)
_WIDEST: Final = 640


class PageLine(NamedTuple):
    """A page in the list of them."""

    icon: str
    title: str
    here: bool
    command: Callable[[], object]

    @property
    def height(self) -> int:
        return 36

    def draw(self, pen: Pen, y: int, width: int, ground: str, lit: bool) -> None:
        fill = ground_of(pen, y, width, 36, ground, here=self.here, lit=lit)
        pen.icon(self.icon, 29, y + 18, 18, "accent" if self.here else "muted", fill)
        font, token = ("body_bold", "text") if self.here else ("body", "muted")
        pen.line(48, y + 18, self.title, font, token, fill, width=width - 68)


class Settings(Panel):
    """`close` takes them away. `show` turns to a page by its number."""

    def __init__(self, master: tk.Misc, world: World, close: Callable[[], object]) -> None:
        super().__init__(master, "conv")
        self._world = world
        self.page: Page | None = None
        look = world.look
        self._side = Panel(self, "side", width=sidebar.WIDTH)
        self._talk = Panel(self, "conv")
        self._panes = Panes(self, self._side, self._talk)
        _Top(self._side, look, close).pack(side="top", fill="x")
        _Foot(self._side, look, world.model.server).pack(side="bottom", fill="x")
        self.rows = Rows(self._side, look, ground="side", ring=8)
        self.rows.pack(side="top", fill="both", expand=True, pady=(8, 0))
        self.head = _Head(self._talk, look, close, self._to_pages)
        self.head.pack(side="top", fill="x")
        self._area = Scrolled(self._talk, "conv", widest=_WIDEST)
        self._area.pack(side="top", fill="both", expand=True)
        self.on("<Configure>", self._resized)
        self.on("<Down>", lambda _event: self._arrow(1))
        self.on("<Up>", lambda _event: self._arrow(-1))
        self.show(0)

    def _arrow(self, step: int) -> None:
        """The first arrow goes to the list and moves in it from the page that is shown."""
        here = next((i for i, line in enumerate(self.rows.lines) if getattr(line, "here", False)), 0)
        self.rows.focus_set()
        self.rows.cursor = here
        self.rows.step(step)

    def show(self, number: int) -> None:
        if self.page is not None:
            self.page.destroy()
        lines = [PageLine(icon, page.title, i == number, self._opener(i)) for i, (icon, page) in enumerate(PAGES)]
        self.rows.show(lines, number if self.rows.cursor is not None else None)
        kind = PAGES[number][1]
        self.head.show(kind.title)
        self.page = kind(self._area.inner, self._world, self.head.complain)
        self.page.pack(fill="x", pady=(0, 40))
        self._area.watch()
        self._area.to_top()
        self._panes.turn_to(rooms=False)

    def _opener(self, number: int) -> Callable[[], object]:
        return lambda: self.show(number)

    def first_focus(self) -> None:
        """The keyboard is here; the arrows lead to the pages."""
        self.focus_set()

    def heard(self, events: Sequence[ClientEvent]) -> None:
        """What happened meanwhile."""
        if self.page is not None:
            self.page.heard(events)
            self._area.watch()

    def _to_pages(self) -> None:
        self._panes.turn_to(rooms=True)
        self.rows.focus_set()

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        if self._panes.resized(event.width):
            self.head.narrow(self._panes.narrow)
            self._area.margin(16 if self._panes.narrow else 40)
        self._panes.arrange()


class _Top(Painted):
    """The way out, and what this is."""

    def __init__(self, master: tk.Misc, look: Look, close: Callable[[], object]) -> None:
        super().__init__(master, look, ground="side", height=56)
        self._back = IconButton(self, look, "arrow-left", close, ground="side", ink="text")

    def paint(self) -> None:
        self._back.place(x=12 - RING, y=12 - RING)
        self.pen.line(48, 28, "Settings", "title", "text", "side")


class _Foot(Painted):
    def __init__(self, master: tk.Misc, look: Look, server: str) -> None:
        super().__init__(master, look, ground="side", height=64)
        self._server = server

    def paint(self) -> None:
        self.pen.rectangle(0, 0, self.wide, 1, "border")
        self.pen.mark(16, 19, 28, "own", "own_text", "side")
        self.pen.line(56, 25, program(), "small_semibold", "text", "side", width=self.wide - 72)
        below = f"{self._server} speaks protocol {PROTOCOL}"
        self.pen.line(56, 41, below, "small", "muted", "side", width=self.wide - 72)


class _Head(Painted):
    """The page's name, what went wrong on it, and the x. Narrow, the way back to the pages too."""

    def __init__(self, master: tk.Misc, look: Look, close: Callable[[], object], pages: Callable[[], object]) -> None:
        super().__init__(master, look, ground="conv", height=56)
        self._title = ""
        self.complaint = ""
        self._narrow = False
        self._x = IconButton(self, look, "x", close, ground="conv", ink="text")
        self._pages = IconButton(self, look, "arrow-left", pages, ground="conv", ink="text")

    def show(self, title: str) -> None:
        self._title, self.complaint = title, ""
        self.repaint()

    def complain(self, sentence: str) -> None:
        """Say what could not be done; an empty sentence takes it back."""
        if sentence != self.complaint:
            self.complaint = sentence
            self.repaint()

    def narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.repaint()

    def paint(self) -> None:
        left = 44 if self._narrow else 40
        if self._narrow:
            self._pages.place(x=0, y=12 - RING)
        else:
            self._pages.place_forget()
        self._x.place(x=self.wide - 14 - 32 - RING, y=12 - RING)
        end = self.pen.line(left, 28, self._title, "title", "text", "conv")
        right = self.wide - 56
        if not self._narrow:
            right = self.pen.line_end(right, 28, "Esc", "small", "muted", "conv")
        if self.complaint:
            self.pen.icon("alert", end + 24, 28, 16, "danger", "conv")
            self.pen.line(end + 38, 28, self.complaint, "small", "danger", "conv", width=right - end - 54)
        self.pen.rectangle(0, 55, self.wide, 1, "border")


def program() -> str:
    """The program and its version; without one where it runs from a folder in which it was never installed."""
    try:
        return f"Parley {version('parley')}"
    except PackageNotFoundError:
        return "Parley"
