"""What a turn of the wheel or a stroke over a touchpad means in pixels, on every window system. Pure.

X11 under Tk 8.6 sends a button press for each notch; Windows and Tk 9 send 120 for a notch and less for fine wheels
and touchpads, macOS under Tk 8.6 sends lines; Tk 9 sends pixels of touchpads by an event of their own. What is less
than a pixel is kept for the next event.
"""

from typing import Final

NOTCH: Final = 60
"""Pixels for one notch."""

_AQUA_LINE: Final = 12


class Wheel:
    """Turns deltas into whole pixels; positive is towards newer messages."""

    def __init__(self, windowing_system: str, tk_version: float) -> None:
        lines = windowing_system == "aqua" and tk_version < 8.7
        self._pixels = -_AQUA_LINE if lines else -NOTCH / 120
        self._rest = 0.0

    def pixels(self, delta: float) -> int:
        """`delta` of a `<MouseWheel>` event."""
        return self._whole(delta * self._pixels)

    def stroke(self, packed: int) -> int:
        """`delta` of a `<TouchpadScroll>` event of Tk 9: two signed 16-bit numbers, y in the lower half."""
        y = packed & 0xFFFF
        return self._whole(-float(y - 0x10000 if y & 0x8000 else y))

    def _whole(self, distance: float) -> int:
        if self._rest * distance < 0:
            self._rest = 0.0
        self._rest += distance
        whole = int(self._rest)
        self._rest -= whole
        return whole
