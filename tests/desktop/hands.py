"""A person at the window: real keys and a real pointer through XTEST, and waiting for what they bring about."""

import re
import shutil
import subprocess
import time
import tkinter as tk
from collections.abc import Callable

from tests.processes import missing

QUIET = 8
"""Milliseconds for what Tk does a moment later. What was pressed needs none: `update` asks the X server for it."""


class Hands:
    """Drives one window with `xdotool`; every method returns when Tk has seen what it did."""

    def __init__(self, root: tk.Tk) -> None:
        self.root = root
        root.focus_force()
        root.update()

    def until(self, true: Callable[[], object], what: str = "it", seconds: float = 8) -> None:
        """Let Tk work until it is true; the test fails where it never becomes so."""
        end = time.monotonic() + seconds
        while True:
            self.root.update()
            if true():
                return
            assert time.monotonic() < end, f"{what} never came"
            timer = self.root.after(20, _nothing)
            self.root.tk.dooneevent(0)
            self.root.after_cancel(timer)

    def keys(self, *keys: str) -> None:
        """Press and release these, such as `Return` or `ctrl+k`."""
        _xdotool("key", "--delay", "2", *keys)
        self.settle()

    def type(self, text: str) -> None:
        _xdotool("type", "--delay", "2", text)
        self.settle()

    def click(self, widget: tk.Misc, x: int | None = None, y: int | None = None, *, button: int = 1) -> None:
        """A button, the left one, on a widget: on its middle, or where it is said."""
        _xdotool("mousemove", *_place(widget, x, y), "click", str(button))
        self.settle()

    def point(self, widget: tk.Misc, x: int | None = None, y: int | None = None) -> None:
        """The pointer there, as a hand moves it: with a step before the last."""
        left, top = _place(widget, x, y)
        _xdotool("mousemove", str(int(left) - 3), top)
        self.settle()
        _xdotool("mousemove", left, top)
        self.settle()

    def keyboard_to_nobody(self) -> None:
        """As where another program's window is clicked: the screen itself gets the keyboard."""
        told = subprocess.run(["xwininfo", "-root", "-int"], check=True, capture_output=True, text=True)
        _xdotool("windowfocus", re.findall(r"Window id: (\d+)", told.stdout)[0])
        self.settle()

    def settle(self) -> None:
        """Let Tk see everything that the X server has for it by now."""
        self.root.update()
        marker = tk.StringVar(self.root)
        self.root.after(QUIET, marker.set, "")
        self.root.wait_variable(marker)
        self.root.update()


def _place(widget: tk.Misc, x: int | None, y: int | None) -> tuple[str, str]:
    """On the screen."""
    left = widget.winfo_rootx() + (widget.winfo_width() // 2 if x is None else x)
    top = widget.winfo_rooty() + (widget.winfo_height() // 2 if y is None else y)
    return str(left), str(top)


def _nothing() -> None:
    pass


def _xdotool(*arguments: str) -> None:
    program = shutil.which("xdotool")
    if program is None:
        missing("window tests press real keys with xdotool: apt-get install xdotool")
    subprocess.run([program, *arguments], check=True)  # with a timeout Python would look after it now and then
