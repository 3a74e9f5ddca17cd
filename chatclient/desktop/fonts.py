"""The bundled faces, made known to this process alone: nothing is copied, nothing stays behind.

`register` comes before the first Tk window, because the font systems read their list when they are first asked.
Where a system cannot take them the window still works with what it has; `register` says so by its result.
`fonts_for` then makes the named Tk fonts of the theme's table, once for each root.
"""

import ctypes
import ctypes.util
import sys
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import font as tkfont
from typing import Any, Final

from chatclient.desktop import arabic, bidi
from chatclient.desktop.theme import FONTS, MONO, SANS, FontSpec

FOLDER: Final = Path(__file__).parent.parent / "assets" / "fonts"
FILES: Final = (
    "Inter-Regular.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "Inter-Italic.otf",
    "Inter-BoldItalic.otf",
    "JetBrainsMono-Regular.ttf",
)

_MEDIUM: Final = """<match target="pattern"><test name="family" qual="first"><string>{family}</string></test>
<test name="weight" compare="eq"><const>medium</const></test>
<edit name="weight" mode="assign"><const>regular</const></edit></match>"""
_REGULAR_RULE: Final = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
{"".join(_MEDIUM.format(family=family) for family in (SANS, MONO))}</fontconfig>"""
"""Tk on X11 says medium where it means normal, and gets a medium face where the system has one."""

_REMEMBERED: Final = 50_000
_LONGEST: Final = 40  # characters; longer texts hardly come again
_PRIVATE: Final = 0x10  # FR_PRIVATE: this process only, gone with it
_PROCESS_SCOPE: Final = 1  # kCTFontManagerScopeProcess


def register(folder: Path = FOLDER) -> int:
    """Make the bundled faces known to this process; how many of them the system took (`len(FILES)` = all)."""
    add = _REGISTRARS.get(sys.platform, _fontconfig)
    try:
        take = add()
    except (OSError, AttributeError):  # no such library, or one without these calls
        return 0
    return sum(take(folder / name) for name in FILES)


def face(weight: str) -> Path:
    """The file of an Inter face, for Pillow: `normal`, `semibold` or `bold`."""
    return FOLDER / {"normal": FILES[0], "semibold": FILES[1], "bold": FILES[2]}[weight]


class Fonts:
    """The theme's named Tk fonts. `fonts["body"]` is what a widget takes as its font.

    It holds one unseen widget for each font: without one Tk closes a font after every question and a measurement
    costs 448 µs instead of 1. Keep the object as long as the root lives.
    """

    def __init__(self, root: tk.Misc, scale: float = 1.0) -> None:
        self._fonts: dict[str, tkfont.Font] = {}
        self._holders: list[tk.Label] = []
        for key, spec in FONTS.items():
            family, weight = _tk_face(root, spec)
            font = tkfont.Font(
                root=root,
                name=f"parley_{key}_{id(self):x}",
                family=family,
                size=-max(1, round(spec.size * scale)),
                weight=weight,
                slant="italic" if spec.slant == "italic" else "roman",
            )
            self._fonts[key] = font
            self._holders.append(tk.Label(root, font=font))

    def __getitem__(self, key: str) -> str:
        """The Tk name of a font of the table."""
        return self._fonts[key].name

    def font(self, key: str) -> tkfont.Font:
        """The font object, for its metrics."""
        return self._fonts[key]


class TkMeasurer:
    """The `Measurer` that asks Tk, and remembers words, since they come again. It belongs to the Tk thread."""

    def __init__(self, root: tk.Misc, fonts: Fonts) -> None:
        self._call = root.tk.call
        self._fonts = fonts
        self._native = root.tk.call("tk", "windowingsystem") != "x11"  # Tk on X11 neither turns nor joins letters
        self._widths: dict[tuple[str, str], int] = {}
        self._visuals: dict[str, str] = {}
        self._heights: dict[str, int] = {}
        self._ascents: dict[str, int] = {}

    def width(self, font: str, text: str) -> int:
        if len(text) > _LONGEST:
            return int(self._call("font", "measure", self._fonts[font], text))
        known = self._widths.get((font, text))
        if known is None:
            if len(self._widths) >= _REMEMBERED:
                self._widths.clear()
            known = self._widths[font, text] = int(self._call("font", "measure", self._fonts[font], text))
        return known

    def height(self, font: str) -> int:
        if font not in self._heights:
            self._heights[font] = self._fonts.font(font).metrics("linespace")
        return self._heights[font]

    def visual(self, text: str) -> str:
        if self._native:
            return text
        shown = self._visuals.get(text)
        if shown is None:
            if len(self._visuals) >= _REMEMBERED:
                self._visuals.clear()
            shown = self._visuals[text] = bidi.mirrored(arabic.joined(text))
        return shown

    def line(self, text: str) -> str:
        if self._native or not bidi.RTL.search(text):
            return text
        return bidi.visual(text, arabic.joined)

    def ascent(self, font: str) -> int:
        if font not in self._ascents:
            self._ascents[font] = self._fonts.font(font).metrics("ascent")
        return self._ascents[font]


def _tk_face(root: tk.Misc, spec: FontSpec) -> tuple[str, Any]:
    """Tk's family and weight. Tk knows normal and bold; the semi-bold face has a family name of its own.

    Whether Tk finds that one is told by what it takes instead: some other family.
    """
    if spec.weight != "semibold":
        return spec.family, spec.weight
    for own in (f"{spec.family} Semi Bold", f"{spec.family} SemiBold"):
        if str(root.tk.call("font", "actual", (own, -spec.size), "-family")).startswith(spec.family):
            return own, "normal"
    return spec.family, "bold"


def _fontconfig() -> Callable[[Path], bool]:
    """The very fontconfig that Tk draws with: found through Tk's own module, since another copy has another list."""
    import _tkinter

    library: Any = None
    for name in (_tkinter.__file__, ctypes.util.find_library("fontconfig") or "libfontconfig.so.1"):
        try:
            library = ctypes.CDLL(name)
            library.FcConfigAppFontAddFile.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
            break
        except (OSError, AttributeError):
            library = None
    if library is None:
        raise OSError("no fontconfig")
    call = library.FcConfigAppFontAddFile
    call.restype = ctypes.c_int
    if hasattr(library, "FcConfigParseAndLoadFromMemory"):  # from 2.12.5
        library.FcConfigParseAndLoadFromMemory.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
        library.FcConfigGetCurrent.restype = ctypes.c_void_p
        library.FcConfigParseAndLoadFromMemory(library.FcConfigGetCurrent(), _REGULAR_RULE.encode(), 0)
    return lambda path: bool(call(None, str(path).encode()))


def _gdi() -> Callable[[Path], bool]:
    library: Any = getattr(ctypes, "windll").gdi32  # noqa: B009 - the name exists on Windows alone
    return lambda path: bool(library.AddFontResourceExW(str(path), _PRIVATE, None))


def _core_text() -> Callable[[Path], bool]:
    foundation: Any = ctypes.CDLL(ctypes.util.find_library("CoreFoundation") or "CoreFoundation")
    text: Any = ctypes.CDLL(ctypes.util.find_library("CoreText") or "CoreText")
    make = foundation.CFURLCreateFromFileSystemRepresentation
    make.restype = ctypes.c_void_p
    make.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long, ctypes.c_bool)
    add = text.CTFontManagerRegisterFontsForURL
    add.restype = ctypes.c_bool
    add.argtypes = (ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)
    free = foundation.CFRelease
    free.argtypes = (ctypes.c_void_p,)

    def take(path: Path) -> bool:
        name = str(path).encode()
        url = make(None, name, len(name), False)
        if not url:
            return False
        try:
            return bool(add(url, _PROCESS_SCOPE, None))
        finally:
            free(url)

    return take


_REGISTRARS: Final[dict[str, Callable[[], Callable[[Path], bool]]]] = {"win32": _gdi, "darwin": _core_text}
