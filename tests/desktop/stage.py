"""A conversation on a real screen, what can be asked of it, and what must hold for it after everything."""

import itertools
import re
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from chatclient.desktop import art as art_module
from chatclient.desktop import tip
from chatclient.desktop.art import Art
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.floating import TAG
from chatclient.desktop.hover import Box
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.strip import OVERSCAN, REBASE, Live
from chatclient.desktop.theme import LIGHT
from chatclient.rows import Row
from tests.desktop.samples import LongRoom

PICTOGRAPH = re.compile("[\U0001f000-\U0001ffff]")


class Window:
    """A mapped view of 827 × 600 and what it called."""

    def __init__(self, root: tk.Tk, pictures: Pictures | None = None) -> None:
        root.geometry("827x600+0+0")
        self.root = root
        self.art = Art(root)
        self.edges: list[str] = []
        self.menus: list[tuple[str, int, int]] = []
        self.hovered: list[tuple[str, Box] | None] = []
        self.scrolled: list[tuple[float, float, int]] = []
        self.links: list[str] = []
        self.actions: list[tuple[str, str]] = []
        self.view = ConversationView(
            root,
            LIGHT,
            self.art,
            on_edge=self.edges.append,
            on_scroll=lambda *seen: self.scrolled.append(seen),
            on_link=self.links.append,
            on_action=lambda shown, action: self.actions.append((shown.key, action)),
            on_menu=lambda shown, x, y: self.menus.append((shown.key, x, y)),
            on_hover=self._hover,
            pictures=pictures,
            me="alice",
        )
        self.view.pack(fill="both", expand=True)
        root.update()

    def _hover(self, shown: Row | None, box: Box | None) -> None:
        self.hovered.append((shown.key, box) if shown is not None and box is not None else None)

    def open(self, room: LongRoom) -> LongRoom:
        self.view.show(room)
        self.root.update()
        return room

    def place(self, key: str) -> int:
        """Where the row's lower end stands in the window."""
        live = next(live for live in self.view.live if live.row.key == key)
        return live.bottom - self.view.top

    def in_sight(self) -> list[Live]:
        top, height = self.view.top, self.view.winfo_height()
        return [live for live in self.view.live if live.bottom > top and live.y < top + height]

    def until(self, true: Callable[[], bool], seconds: float = 5) -> None:
        """Let Tk work until it is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it never became true"
            self.root.update()

    def click(self, x: int, y: int) -> None:
        self.view.event_generate("<Button-1>", x=x, y=y)
        self.view.event_generate("<ButtonRelease-1>", x=x, y=y)
        self.root.update()

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.view.event_generate("<Button-1>", x=start[0], y=start[1])
        for share in (0.3, 0.6, 1.0):
            x, y = (int(a + (b - a) * share) for a, b in zip(start, end, strict=True))
            self.view.event_generate("<B1-Motion>", x=x, y=y)
        self.view.event_generate("<ButtonRelease-1>", x=end[0], y=end[1])
        self.root.update()

    def texts(self, live: Live) -> list[str]:
        """What the row's text items say, in the order in which they were drawn."""
        assert live.painted is not None
        items = [item for item in live.painted.items if self.view.type(item) == "text"]
        return [self.view.itemcget(item, "text") for item in items]

    def check(self) -> None:
        """What must hold after everything."""
        view, rows = self.view, list(self.view.live)
        source = view.source
        assert source is not None
        items = [int(item) for live in rows if live.painted for item in live.painted.items]
        assert sorted(items) == sorted(
            set(view.find_all()) - set(view.find_withtag(TAG)) - set(view.find_withtag(tip.TAG))
        )
        assert [live.index for live in rows] == list(range(rows[0].index, rows[0].index + len(rows)))
        assert all(one.bottom == other.y for one, other in itertools.pairwise(rows))
        top, bottom = view.top, view.top + view.winfo_height()
        assert view.canvasy(0) == top
        assert rows[0].index == 0 or rows[0].y <= top - OVERSCAN
        assert rows[-1].index == source.count - 1 or rows[-1].bottom >= bottom + OVERSCAN
        assert rows[0].bottom >= top - OVERSCAN - view.winfo_height() or len(rows) == 1
        assert abs(top) <= REBASE
        assert all(live.row == source.row(live.index) for live in rows)
        assert len(self.art) <= art_module.KEPT


def shot(view: tk.Misc, path: Path) -> Image.Image:
    """The screen as the X server has it."""
    import subprocess

    view.update()
    x, y, w, h = view.winfo_rootx(), view.winfo_rooty(), view.winfo_width(), view.winfo_height()
    subprocess.run(["import", "-window", "root", "-crop", f"{w}x{h}+{x}+{y}", "+repage", str(path)], check=True)
    with Image.open(path) as image:
        return image.convert("RGB")


def squeezed(text: str) -> str:
    return "".join(text.split())
