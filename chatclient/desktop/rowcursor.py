"""The keyboard on the rows of a conversation: ↑ ↓ choose one, Enter or the menu key opens its menu.

The chosen row has the ring as long as the conversation has the keyboard. Notices cannot be chosen: there is nothing to
do with them.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from chatclient.desktop.strip import Live, Source
from chatclient.desktop.wheel import NOTCH
from chatclient.rows import Row

_MENU_KEYS: Final = ("<Menu>", "<App>", "<Shift-F10>", "<Return>", "<KP_Enter>")
_Event: TypeAlias = "tk.Event[tk.Misc]"


class View(Protocol):
    """What this asks of the conversation."""

    @property
    def source(self) -> Source | None: ...
    def in_sight(self) -> list[Live]: ...
    def see(self, index: int, /) -> Live | None: ...
    def scroll(self, distance: int, /) -> None: ...
    def put_ring(self, purpose: str, key: str, /) -> None: ...


class RowCursor:
    """`menu(live)` opens the menu of a row."""

    def __init__(self, widget: tk.Canvas, view: View, menu: Callable[[Live], object]) -> None:
        self._view, self._menu = view, menu
        self._key = ""
        widget.bind("<Up>", lambda _event: self._step(-1))
        widget.bind("<Down>", lambda _event: self._step(1))
        widget.bind("<<TraverseIn>>", lambda _event: self._enter())
        widget.bind("<FocusIn>", lambda _event: self._view.put_ring("cursor", self._key))
        widget.bind("<FocusOut>", lambda _event: self._view.put_ring("cursor", ""))
        for key in _MENU_KEYS:
            if key != "<App>" or widget.tk.call("tk", "windowingsystem") == "win32":
                widget.bind(key, self._open)

    @property
    def key(self) -> str:
        """Of the chosen row; "" for none."""
        return self._key

    def forget(self) -> None:
        """Nothing is chosen: another room, a click, Esc."""
        self._choose("")

    def _choose(self, key: str) -> None:
        self._key = key
        self._view.put_ring("cursor", key)

    def _enter(self) -> None:
        if not self._key:
            live = next((live for live in reversed(self._view.in_sight()) if _chosen(live.row)), None)
            if live is not None:
                self._choose(live.row.key)

    def _step(self, step: int) -> str:
        source = self._view.source
        index = source.index(self._key) if source is not None and self._key else None
        if source is None or index is None:
            self._key = ""
            self._enter()
            return "break"
        index += step
        while 0 <= index < source.count and not _chosen(source.row(index)):
            index += step
        if 0 <= index < source.count:
            live = self._view.see(index)
            if live is not None:
                self._choose(live.row.key)
        else:
            self._view.scroll(step * NOTCH)
        return "break"

    def _open(self, _event: _Event) -> Any:
        source = self._view.source
        index = source.index(self._key) if source is not None and self._key else None
        if index is not None and (live := self._view.see(index)) is not None:
            self._menu(live)
        return "break"


def _chosen(row: Row) -> bool:
    return row.kind != "notice"
