"""What lies on the clipboard beside text: files, or a picture.

Under X11 Tk itself says what is offered. It reads no more than 400,000 bytes of it, so that a picture comes through
`wl-paste` or `xclip` where one of them is here. On Windows and macOS Pillow asks the system. Where there is text as
well, a spreadsheet's cells for one, it is text that is meant.
"""

import io
import os
import shutil
import subprocess
import tkinter as tk
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from PIL import Image, ImageGrab

_PICTURES: Final = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")
_TEXTS: Final = frozenset({"UTF8_STRING", "STRING", "TEXT", "text/plain", "text/plain;charset=utf-8"})
_FILES: Final = "text/uri-list"
_PATIENCE: Final = 5.0


class Picture(NamedTuple):
    """A picture that lies there. `read` gives its bytes, or None; it may take seconds: not for the Tk thread."""

    name: str
    read: Callable[[], bytes | None]


class Clipboard:
    """`look` says what is there now, for which Tk is asked, on its thread."""

    def __init__(self, widget: tk.Misc, environment: Mapping[str, str] = os.environ) -> None:
        self._widget = widget
        self._environment = environment
        self._x11 = widget.tk.call("tk", "windowingsystem") == "x11"

    def look(self) -> tuple[Path, ...] | Picture | None:
        """Files, a picture, or neither: then it is text, or nothing."""
        return self._offered() if self._x11 else _grabbed()

    # --- X11 ------------------------------------------------------------------------------------------------

    def _offered(self) -> tuple[Path, ...] | Picture | None:
        targets = self._get("TARGETS").split()
        if _FILES in targets:
            paths = paths_in(_text(self._get(_FILES)))
            if paths:
                return paths
        if _TEXTS.intersection(targets):
            return None
        kind = next((kind for kind in _PICTURES if kind in targets), None)
        return self._picture(kind) if kind is not None else None

    def _picture(self, kind: str) -> Picture:
        name = f"Pasted.{kind.partition('/')[2].replace('jpeg', 'jpg')}"
        command = self._program(kind)
        if command is not None:
            return Picture(name, lambda: _said(command, self._environment))
        content = _bytes(self._get(kind))
        return Picture(name, lambda: content or None)

    def _program(self, kind: str) -> list[str] | None:
        """What prints this kind of it, where it is installed."""
        path = self._environment.get("PATH")
        if "WAYLAND_DISPLAY" in self._environment and shutil.which("wl-paste", path=path):
            return ["wl-paste", "--no-newline", "--type", kind]
        if shutil.which("xclip", path=path):
            return ["xclip", "-selection", "clipboard", "-target", kind, "-out"]
        return None

    def _get(self, target: str) -> str:
        try:
            return str(self._widget.tk.call("selection", "get", "-selection", "CLIPBOARD", "-type", target))
        except tk.TclError:
            return ""  # nobody offers it, or it is too large for Tk


def paths_in(listed: str) -> tuple[Path, ...]:
    """The files of this computer in a list of addresses, as RFC 2483 has it."""
    lines = [line.strip() for line in listed.splitlines() if line.strip() and not line.startswith("#")]
    parts = [urlsplit(line) for line in lines]
    return tuple(Path(url2pathname(part.path)) for part in parts if part.scheme == "file")


def _text(hexadecimal: str) -> str:
    return _bytes(hexadecimal).decode("utf-8", "replace")


def _bytes(hexadecimal: str) -> bytes:
    """Tk gives what is no text as `0x89 0x50 …`; a number above 127 may come with all its sign bits."""
    try:
        return bytes(int(part, 16) & 0xFF for part in hexadecimal.split())
    except ValueError:
        return b""


def _said(command: list[str], environment: Mapping[str, str]) -> bytes | None:
    try:
        done = subprocess.run(command, env=dict(environment), capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


# --- Windows and macOS ----------------------------------------------------------------------------------------


def _grabbed() -> tuple[Path, ...] | Picture | None:
    try:
        found: Any = ImageGrab.grabclipboard()
    except (OSError, NotImplementedError, ValueError):
        return None  # what lies there is nothing that Pillow reads
    if isinstance(found, list):
        return tuple(map(Path, found)) or None
    return Picture("Pasted.png", lambda: _png(found)) if isinstance(found, Image.Image) else None


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
