"""A drag source by the XDND protocol, version 5: drops files at a point of the screen, as a file manager does.

`python xdnd_source.py X Y FILE…` says "over" when the window there takes them, waits for a line, lets go, and says
what became of it. (tkdnd itself drags nothing that another program could read: Tk hands out no bytes.)
"""

import ctypes
import sys
import time
from ctypes import POINTER, Structure, Union, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from ctypes.util import find_library
from pathlib import Path

X = ctypes.CDLL(find_library("X11") or "libX11.so.6")
X.XOpenDisplay.restype = c_void_p
X.XDefaultRootWindow.restype = X.XCreateSimpleWindow.restype = X.XInternAtom.restype = c_ulong
CLIENT, REQUEST, NOTIFY = 33, 30, 31


class Client(Structure):
    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("sent", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("kind", c_ulong),
        ("format", c_int),
        ("data", c_long * 5),
    )


class Request(Structure):
    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("sent", c_int),
        ("display", c_void_p),
        ("owner", c_ulong),
        ("requestor", c_ulong),
        ("selection", c_ulong),
        ("target", c_ulong),
        ("property", c_ulong),
        ("time", c_ulong),
    )


class Notify(Structure):
    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("sent", c_int),
        ("display", c_void_p),
        ("requestor", c_ulong),
        ("selection", c_ulong),
        ("target", c_ulong),
        ("property", c_ulong),
        ("time", c_ulong),
    )


class Event(Union):
    _fields_ = (("type", c_int), ("client", Client), ("request", Request), ("notify", Notify), ("pad", c_long * 24))


class Source:
    def __init__(self, files: list[str]) -> None:
        self.display = c_void_p(X.XOpenDisplay(None))
        root = X.XDefaultRootWindow(self.display)
        self.window = X.XCreateSimpleWindow(self.display, c_ulong(root), 0, 0, 1, 1, 0, c_ulong(0), c_ulong(0))
        self.content = "".join(f"{Path(file).as_uri()}\r\n" for file in files).encode()
        X.XSetSelectionOwner(self.display, self.atom("XdndSelection"), c_ulong(self.window), c_ulong(0))
        self.target = self._aware(root)

    def atom(self, name: str) -> c_ulong:
        return c_ulong(X.XInternAtom(self.display, c_char_p(name.encode()), 0))

    def _aware(self, window: int) -> int:
        """The first window under this one that takes drops."""
        found, children, count = c_ulong(), POINTER(c_ulong)(), c_uint()
        X.XQueryTree(self.display, c_ulong(window), byref(found), byref(found), byref(children), byref(count))
        for child in children[: count.value]:
            kind, format_, items, left, data = c_ulong(), c_int(), c_ulong(), c_ulong(), c_void_p()
            arguments = (c_long(0), c_long(1), 0, c_ulong(0))
            results = (byref(kind), byref(format_), byref(items), byref(left), byref(data))
            X.XGetWindowProperty(self.display, c_ulong(child), self.atom("XdndAware"), *arguments, *results)
            if kind.value:
                return int(child)
            below = self._aware(child)
            if below:
                return below
        return 0

    def tell(self, kind: str, *data: int) -> None:
        event = Event()
        event.client = Client(CLIENT, 0, 1, self.display, self.target, self.atom(kind), 32)
        for index, value in enumerate((self.window, *data)):
            event.client.data[index] = value
        X.XSendEvent(self.display, c_ulong(self.target), 0, c_long(0), byref(event))
        X.XFlush(self.display)

    def hear(self, kind: str) -> list[int]:
        """Wait for this message; meanwhile hand out the files to who asks for them."""
        deadline, event = time.monotonic() + 10, Event()
        while time.monotonic() < deadline:
            if not X.XPending(self.display):
                time.sleep(0.01)
                continue
            X.XNextEvent(self.display, byref(event))
            if event.type == REQUEST:
                self._hand_out(event.request)
            elif event.type == CLIENT and event.client.kind == self.atom(kind).value:
                return list(event.client.data)
        raise TimeoutError(kind)

    def _hand_out(self, asked: Request) -> None:
        arguments = (c_ulong(asked.requestor), c_ulong(asked.property), c_ulong(asked.target), 8, 0)
        X.XChangeProperty(self.display, *arguments, c_char_p(self.content), len(self.content))
        event = Event()
        event.notify = Notify(
            NOTIFY, 0, 1, self.display, asked.requestor, asked.selection, asked.target, asked.property, asked.time
        )
        X.XSendEvent(self.display, c_ulong(asked.requestor), 0, c_long(0), byref(event))
        X.XFlush(self.display)


def main(x: int, y: int, files: list[str]) -> None:
    source = Source(files)
    source.tell("XdndEnter", 5 << 24, source.atom("text/uri-list").value, 0, 0)
    taken = 0
    while not taken & 1:
        source.tell("XdndPosition", 0, (x << 16) | y, 0, source.atom("XdndActionCopy").value)
        taken = source.hear("XdndStatus")[1]
    print("over", flush=True)
    sys.stdin.readline()
    source.tell("XdndDrop", 0, 0)
    done = source.hear("XdndFinished")[2]  # tkdnd counts the flag before it one bit too high
    print("taken" if done == source.atom("XdndActionCopy").value else "refused", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
