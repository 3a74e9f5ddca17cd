"""Where the window stands, as Tk writes it (`1100x720+40+20`): whether a remembered place is one on this screen."""

import re
from typing import Final, NamedTuple

USUAL: Final = (1100, 720)
LEAST: Final = (360, 480)
_WRITTEN: Final = re.compile(r"(\d+)x(\d+)(?:\+(-?\d+)\+(-?\d+))?")
_IN_SIGHT: Final = 40  # of the window, at least


class Screen(NamedTuple):
    width: int
    height: int


def fitting(geometry: str, screen: Screen) -> str:
    """The geometry itself, or the nearest to it that this screen can show, or the usual size."""
    found = _WRITTEN.fullmatch(geometry)
    if found is None:
        return f"{USUAL[0]}x{USUAL[1]}"
    width = max(LEAST[0], min(int(found[1]), screen.width))
    height = max(LEAST[1], min(int(found[2]), screen.height))
    if found[3] is None:
        return f"{width}x{height}"
    x, y = int(found[3]), int(found[4])
    across = -width + _IN_SIGHT <= x <= screen.width - _IN_SIGHT
    down = -_IN_SIGHT <= y <= screen.height - _IN_SIGHT
    return f"{width}x{height}+{x}+{y}" if across and down else f"{width}x{height}"
