"""How another thread wakes the Tk thread: at once, without polling, and without work while nothing happens.

POSIX: a byte through a socket pair that Tcl watches. Windows, whose Tcl cannot watch sockets: a thread of its own
that generates a virtual event, because that call waits for the Tk thread, and the network's must not.
Many wakes before the Tk thread comes round are one.
"""

import socket
import sys
import threading
import tkinter as tk
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

EVENT: Final = "<<ParleyWake>>"
DONT_WAIT: Final = 2  # TCL_DONT_WAIT


class Wake(Protocol):
    """`wake` from any thread; `woken` then runs on the Tk thread. `close` on the Tk thread: nothing runs after it."""

    def wake(self) -> None: ...

    def close(self) -> None: ...


def waker(root: tk.Misc, woken: Callable[[], None]) -> Wake:
    """The way that fits this system."""
    return ThreadWake(root, woken) if sys.platform == "win32" else SocketWake(root, woken)


class SocketWake:
    """Wakes through a socket pair."""

    def __init__(self, root: tk.Misc, woken: Callable[[], None]) -> None:
        self._root = root
        self._woken = woken
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        root.tk.createfilehandler(self._here, tk.READABLE, self._readable)

    def wake(self) -> None:
        # A full pipe wakes as well as one byte does; after close nobody is left to wake.
        with suppress(OSError):
            self._there.send(b"\0")

    def _readable(self, file: object, mask: int) -> None:
        with suppress(BlockingIOError):
            self._here.recv(4096)
        self._woken()

    def close(self) -> None:
        self._root.tk.deletefilehandler(self._here)
        self._here.close()
        self._there.close()


class ThreadWake:
    """Wakes through a virtual event, from a thread of its own."""

    def __init__(self, root: tk.Misc, woken: Callable[[], None]) -> None:
        self._root = root
        self._wanted = threading.Event()
        self._closing = False
        root.winfo_id()  # makes the window exist: Tk drops events for one that does not yet
        self._binding = root.bind(EVENT, lambda event: woken(), add="+")
        self._thread = threading.Thread(target=self._run, name="parley-wake", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        self._wanted.set()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._closing:
                return
            try:
                self._root.event_generate(EVENT, when="tail")
            except (RuntimeError, tk.TclError):
                # Tk does not run its loop yet (RuntimeError comes after a second of waiting), or is gone.
                self._wanted.set()

    def close(self) -> None:
        self._closing = True
        self._wanted.set()
        while self._thread.is_alive():
            # Its call may be waiting for this very thread to come round.
            self._root.tk.dooneevent(DONT_WAIT)
            self._thread.join(0.01)
        self._root.unbind(EVENT, self._binding)
