"""Timers of one widget by their names, so that none outlives it."""

import tkinter as tk
from collections.abc import Callable


class Timers:
    """One for each name; the newest counts."""

    def __init__(self, widget: tk.Misc) -> None:
        self._widget = widget
        self._running: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def later(self, name: str, milliseconds: int, act: Callable[[], object]) -> None:
        self.stop(name)

        def due() -> None:
            del self._running[name]
            act()

        self._running[name] = self._widget.after(milliseconds, due)

    def stop(self, name: str) -> None:
        """Not this one; nothing where it does not run."""
        if name in self._running:
            self._widget.after_cancel(self._running.pop(name))

    def close(self) -> None:
        """None of them."""
        for name in list(self._running):
            self.stop(name)
