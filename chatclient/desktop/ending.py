"""Signals that end the program, brought to the Tk thread at once.

Python runs its handlers between two of its own instructions, and while Tk waits for events there are none. So a
signal writes a byte into a socket that Tk watches; where Tk cannot (Windows) it looks twice a second.
"""

import contextlib
import signal
import socket
import tkinter as tk
from collections.abc import Callable, Iterator
from types import FrameType

_LOOK = 500  # milliseconds


@contextlib.contextmanager
def ending_on_signals(root: tk.Tk, end: Callable[[], object]) -> Iterator[None]:
    """While inside, SIGINT and SIGTERM call `end` on the Tk thread. Only for the main thread."""

    def caught(_number: int, _frame: FrameType | None) -> None:
        root.after_idle(end)

    before = {number: signal.signal(number, caught) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _woken(root):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _woken(root: tk.Tk) -> Iterator[None]:
    if not hasattr(root, "createfilehandler"):

        def look() -> None:
            root.after(_LOOK, look)

        look()
        yield
        return
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    root.createfilehandler(ours, tk.READABLE, lambda *_ready: ours.recv(64))
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        with contextlib.suppress(tk.TclError):  # the window is gone, and its handlers with it
            root.deletefilehandler(ours)
        ours.close()
        theirs.close()
