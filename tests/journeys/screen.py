"""A screen of its own with real client windows on it, driven by key presses and read through Tk's `send`.

`send` lets one Tk program ask another on the same display; it works on a display with a cookie only, so the screen
makes one. Nothing in the product knows of it: what it reads are the items that the window has drawn.
"""

import os
import secrets
import struct
import subprocess
import sys
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import PATIENCE, ROOT


def _cookie_file(path: Path) -> None:
    """An Xauthority file with one random cookie that fits every display."""

    def field(data: bytes) -> bytes:
        return struct.pack(">H", len(data)) + data

    any_address = 0xFFFF
    fields = (b"", b"", b"MIT-MAGIC-COOKIE-1", secrets.token_bytes(16))
    path.write_bytes(struct.pack(">H", any_address) + b"".join(map(field, fields)))


class Screen:
    """An Xvfb with room for windows of 1100 by 720 beside one another."""

    def __init__(self, folder: Path, across: int) -> None:
        authority = folder / "Xauthority"
        _cookie_file(authority)
        reading, writing = os.pipe()
        size = f"{across * 1100}x720x24"
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(
            [*command, "-auth", str(authority)], pass_fds=[writing], stderr=subprocess.DEVNULL
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.name = ":" + pipe.readline().strip()
        self.environment = {"DISPLAY": self.name, "XAUTHORITY": str(authority)}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XAUTHORITY", str(authority))
            self.root = tk.Tk(screenName=self.name)
        self.root.withdraw()
        self._windows: list[Window] = []

    def open(self, port: int, user: str, home: Path, *flags: str) -> "Window":
        """A window of this person, connected as soon as it can."""
        place = f"1100x720+{1100 * len(self._windows)}+0"
        window = Window(self, ["--user", user, "--geometry", place, *flags, f"127.0.0.1:{port}"], home)
        self._windows.append(window)
        return window

    def send(self, interpreter: str, script: str) -> Any:
        return self.root.tk.call("send", interpreter, script)

    def interpreters(self) -> list[str]:
        own = self.root.tk.call("tk", "appname")
        return [name for name in self.root.tk.splitlist(self.root.tk.call("winfo", "interps")) if name != own]

    def clear(self) -> None:
        """End all windows."""
        while self._windows:
            self._windows.pop().end()

    def close(self) -> None:
        """The end of the screen, once for all: Xlib ends a process that uses Tk after its display is gone."""
        self.root.destroy()
        self._server.terminate()
        self._server.wait()


class Window:
    """One `python -m chatclient` process."""

    def __init__(self, screen: Screen, arguments: list[str], home: Path) -> None:
        self._screen = screen
        self.environment = os.environ | screen.environment
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chatclient", *arguments],
            cwd=ROOT,
            env=self.environment | {"PARLEY_HOME": str(home), "PARLEY_KEYRING": "off"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._interpreter = ""
        wait_for(self._find, "the window to open")

    def _find(self) -> bool:
        for name in self._screen.interpreters():
            try:
                if int(self._screen.send(name, "pid")) == self._process.pid:
                    self._interpreter = name
                    return True
            except tk.TclError:
                continue  # one that is just ending, or has not yet begun
        return False

    def ask(self, script: str) -> str:
        """What a Tcl script gives in that program."""
        return str(self._screen.send(self._interpreter, script))

    def title(self) -> str:
        return self.ask("wm title .")

    def texts(self) -> list[str]:
        """All texts on all canvases, from the top down."""
        script = """
            proc below w { set all $w; foreach c [winfo children $w] { lappend all {*}[below $c] }; return $all }
            set found {}
            foreach w [below .] {
                if {[winfo class $w] ne "Canvas" || ![winfo ismapped $w]} continue
                foreach item [$w find all] {
                    if {[$w type $item] ne "text"} continue
                    lassign [$w coords $item] x y
                    lappend found [list [expr {int($y - [$w canvasy 0] + [winfo rooty $w])}] [expr {int($x)}] \\
                        [$w itemcget $item -text]]
                }
            }
            return $found
        """
        split = self._screen.root.tk.splitlist
        found = [split(item) for item in split(self._screen.send(self._interpreter, f"apply {{{{}} {{{script}}}}}"))]
        return [text for _, _, text in sorted((int(y), int(x), text) for y, x, text in found)]

    def labels(self) -> list[str]:
        """The texts of all labels that are shown."""
        script = """
            proc below w { set all $w; foreach c [winfo children $w] { lappend all {*}[below $c] }; return $all }
            set found {}
            foreach w [below .] {
                if {[winfo class $w] eq "Label" && [winfo ismapped $w]} { lappend found [$w cget -text] }
            }
            return $found
        """
        return list(self._screen.root.tk.splitlist(self.ask(f"apply {{{{}} {{{script}}}}}")))

    def shows(self, *texts: str) -> bool:
        """All of these, from the top down in this order, whatever stands between them."""
        shown = iter(self.texts())
        return all(any(text == other for other in shown) for text in texts)

    def press(self, *keys: str) -> None:
        """Real key presses while this window has the focus: names as xdotool knows them."""
        subprocess.run(["xdotool", "key", "--delay", "10", *keys], env=self.environment, check=True, timeout=PATIENCE)

    def focus(self) -> None:
        """Give this window the keyboard, as a window manager does with a click."""
        wait_for(lambda: self.ask("winfo class [focus -lastfor .]") in ("Text", "Entry"), "somewhere to type")
        self.ask("focus -force [focus -lastfor .]")
        wait_for(lambda: self.ask("focus -displayof .") != "", "the keyboard")

    def type(self, text: str) -> None:
        """Type into whatever has the focus in this window, and press Enter."""
        self.focus()
        self.type_only(text)
        self.press("Return")

    def type_only(self, text: str) -> None:
        """Type where the keyboard is now, and no Enter."""
        subprocess.run(["xdotool", "type", "--delay", "6", text], env=self.environment, check=True, timeout=PATIENCE)

    def end(self) -> int:
        """Ask it to end, and give its exit code; what it said is its caller's to judge."""
        if self._process.returncode is not None:
            return self._process.returncode
        self._process.terminate()
        self.output, _ = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode


def wait_for(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
    """Look again and again until it holds: a window has no other way to tell that it has drawn something."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:g} s for {what}")
        time.sleep(0.05)
