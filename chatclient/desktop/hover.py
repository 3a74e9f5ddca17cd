"""The pointer over the conversation while no button is held: the hand on what can be clicked, a tip, the row under it.

Who draws something beside the row under the pointer is told where its bubble is, and that it is there no more when
the pointer leaves or anything moves. A widget that stands on the conversation counts as the conversation.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from chatclient.desktop.operations import Target
from chatclient.desktop.strip import Live
from chatclient.desktop.tip import AFTER, Tip
from chatclient.rows import Row

Box = tuple[int, int, int, int]
"""Of a bubble in the window: x, y, width, height."""
OnHover = Callable[[Row | None, Box | None], object]
OnMenu = Callable[[Row, int, int], object]

_MENU: Final = ("<Button-3>", "<Button-2>")
_Event: TypeAlias = "tk.Event[tk.Misc]"


class View(Protocol):
    """What this asks of the conversation."""

    @property
    def top(self) -> int: ...
    def live_at(self, y: int, /) -> Live | None: ...
    def target_at(self, x: int, y: int, /) -> tuple[Target, Live] | None: ...
    def on_floating(self, x: int, y: int, /) -> bool: ...


class Hover:
    def __init__(
        self, widget: tk.Canvas, view: View, tip: Tip, on_hover: OnHover | None, on_menu: OnMenu | None
    ) -> None:
        self._widget, self._view, self._tip = widget, view, tip
        self._on_hover, self._on_menu = on_hover, on_menu
        self._told: tuple[str, Box] | None = None
        self._over: tuple[Target, str] | None = None
        self._timer = ""
        widget.bind("<Motion>", self._moved)
        widget.bind("<Leave>", self._left)
        aqua = widget.tk.call("tk", "windowingsystem") == "aqua"
        widget.bind(_MENU[aqua], self._menu)
        if aqua:
            widget.bind("<Control-Button-1>", self._menu)

    def stirred(self) -> None:
        """Rows moved or look different: nothing is under the pointer until that moves, unless it stayed as it was."""
        if self._told is not None:
            key, box = self._told
            live = self._view.live_at(box[1])
            if live is None or live.row.key != key or self._box(live) != box:
                self._tell(None)
        if self._over is not None or self._tip.shown:
            self._forget()

    def close(self) -> None:
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""

    def box(self, live: Live) -> Box:
        """Where the row's bubble stands in the window; all of the row where it has none."""
        return self._box(live) or (0, live.y - self._view.top, self._widget.winfo_width(), live.drawing.height)

    def _box(self, live: Live) -> Box | None:
        body = live.drawing.body
        return (body.x, body.y + live.y - self._view.top, body.width, body.height) if body else None

    def _tell(self, live: Live | None) -> None:
        box = self._box(live) if live is not None else None
        told = (live.row.key, box) if live is not None and box is not None else None
        if told == self._told:
            return
        self._told = told
        if self._on_hover:
            if live is not None and told is not None:
                self._on_hover(live.row, box)
            else:
                self._on_hover(None, None)

    # --- the mouse ------------------------------------------------------------------------------------------

    def _moved(self, event: _Event) -> None:
        x, y = event.x, event.y
        floating = self._view.on_floating(x, y)
        found = None if floating else self._view.target_at(x, y)
        cursor = "hand2" if floating or found else ""
        if self._widget["cursor"] != cursor:
            self._widget.configure(cursor=cursor)
        over = (found[0], found[1].row.key) if found else None
        if over != self._over:
            self._forget()
            self._over = over
            if found and found[0].tip:
                self._timer = self._widget.after(AFTER, self._rested)
        self._tell(None if floating else self._view.live_at(y))

    def _left(self, event: _Event) -> None:
        self._forget()
        under = self._widget.winfo_containing(event.x_root, event.y_root)
        if under is None or not str(under).startswith(f"{self._widget}."):
            self._tell(None)

    def _rested(self) -> None:
        self._timer = ""
        if self._over is None:
            return
        target, key = self._over
        x, y = (self._widget.winfo_pointerx(), self._widget.winfo_pointery())
        x, y = x - self._widget.winfo_rootx(), y - self._widget.winfo_rooty()
        found = self._view.target_at(x, y)
        if found is None or (found[0], found[1].row.key) != (target, key):
            return
        top = found[1].y + target.y
        window = self._view.top, self._widget.winfo_width(), self._widget.winfo_height()
        self._tip.show(target.tip, target.x + target.width // 2, top, top + target.height, window)

    def _forget(self) -> None:
        self.close()
        self._over = None
        self._tip.hide()

    def _menu(self, event: _Event) -> str:
        live = self._view.live_at(event.y)
        if live is not None and live.drawing.body is not None and self._on_menu:
            self._on_menu(live.row, event.x_root, event.y_root)
        return "break"
