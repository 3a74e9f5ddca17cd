"""The window's icons and its mark, as path data on a grid.

Icons stand on a grid of 24 with strokes of 1.6 and round ends; the mark, a bubble that holds three lines of a
record, on one of 64. Under 28 px it keeps two lines.
"""

import functools
from typing import Final

from PIL import Image

from chatclient.desktop import vector
from chatclient.desktop.vector import Shape, circle, fill, rectangle

ICON_GRID: Final = 24
MARK_GRID: Final = 64
MARK_SMALL: Final = 28

ICONS: Final[dict[str, tuple[Shape, ...]]] = {
    "hash": (Shape("M9.8 4 7.6 20M16.4 4l-2.2 16M4.5 9h16M3.5 15h16"),),
    "lock": (Shape(rectangle(5, 11, 14, 9, 2.5)), Shape("M8 11V8a4 4 0 0 1 8 0v3")),
    "plus": (Shape("M12 5v14M5 12h14"),),
    "search": (Shape(circle(11, 11, 6.5)), Shape("m16 16 4.5 4.5")),
    "users": (
        Shape(circle(9, 8, 3.4)),
        Shape(
            "M2.8 19.5c.5-3.6 3-5.6 6.2-5.6s5.7 2 6.2 5.6M15.5 4.9a3.4 3.4 0 0 1 0 6.2M17.6 14.3c2.1.7 3.4 2.5 3.7 5.2"
        ),
    ),
    "user": (Shape(circle(12, 8, 3.8)), Shape("M4.8 20c.6-4 3.4-6.2 7.2-6.2s6.6 2.2 7.2 6.2")),
    "more": (fill(circle(5, 12, 1.8)), fill(circle(12, 12, 1.8)), fill(circle(19, 12, 1.8))),
    "clip": (
        Shape(
            "m20.5 11.2-8.5 8.5a5.3 5.3 0 0 1-7.5-7.5l8.7-8.7a3.5 3.5 0 0 1 5 5l-8.7 8.7a1.8 1.8 0 0 1-2.5-2.5l7.9-7.9"
        ),
    ),
    "smile": (
        Shape(circle(12, 12, 9)),
        Shape("M8 14.2c.9 1.5 2.3 2.3 4 2.3s3.1-.8 4-2.3"),
        Shape("M9 9.3v.6M15 9.3v.6", 2.4),
    ),
    "send": (fill("M3 3.5 22 12 3 20.5 6 13.2 13.5 12 6 10.8z"),),
    "moon": (fill("M20.5 14.5A8.8 8.8 0 0 1 9.5 3.5a8.8 8.8 0 1 0 11 11z"),),
    "sun": (
        Shape(circle(12, 12, 4.2)),
        Shape(
            "M12 2.5v2.3M12 19.2v2.3M2.5 12h2.3M19.2 12h2.3M5.3 5.3l1.6 1.6M17.1 17.1l1.6 1.6M5.3 18.7l1.6-1.6"
            "M17.1 6.9l1.6-1.6"
        ),
    ),
    "x": (Shape("m6 6 12 12M18 6 6 18"),),
    "check": (Shape("m4.5 12.5 5 5L20 7", 2),),
    "clock": (Shape(circle(12, 12, 8.5)), Shape("M12 7.5V12l3 2")),
    "alert": (Shape(circle(12, 12, 9)), Shape("M12 7.5v5.5"), Shape("M12 16.3v.2", 2.6)),
    "arrow-down": (Shape("M12 5v14M6 13l6 6 6-6"),),
    "arrow-left": (Shape("M14.5 6.5 9 12l5.5 5.5"),),
    "no-connection": (
        Shape(
            "M4.5 9.5c1.3-1.2 2.8-2 4.5-2.5M12 6.5c2.9 0 5.5 1.1 7.5 3M7.5 13c.8-.7 1.7-1.2 2.7-1.5"
            "M14.5 11.8c.7.3 1.4.7 2 1.2M12 17.5h.1M4 3.5l16 17"
        ),
    ),
    "down": (Shape("m6.5 9.5 5.5 5.5 5.5-5.5"),),
    "bell": (Shape("M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0"),),
    "bell-off": (
        Shape(
            "M6 16.5V11c0-1 .2-2 .7-2.8M9 5.8A6 6 0 0 1 18 11v3M17 18H4.5L6 16.5M10 20.5a2.2 2.2 0 0 0 4 0M4 4l16 16"
        ),
    ),
    "palette": (Shape(circle(12, 12, 9)), fill("M12 3a9 9 0 0 1 0 18z")),
    "server": (
        Shape(rectangle(4, 4.5, 16, 6.5, 2)),
        Shape(rectangle(4, 13, 16, 6.5, 2)),
        Shape("M7.5 7.8h.1M7.5 16.2h.1", 2.4),
    ),
    "globe": (Shape(circle(12, 12, 8.8)), Shape("M3.2 12h17.6M12 3.2c5 5.5 5 12 0 17.6M12 3.2c-5 5.5-5 12 0 17.6")),
    "sliders": (
        Shape("M4 8h9M17.5 8H20M4 16h2.5M11 16h9"),
        Shape(circle(15.2, 8, 2.2)),
        Shape(circle(8.7, 16, 2.2)),
    ),
    "monitor": (Shape(rectangle(3.5, 4.5, 17, 11.5, 2)), Shape("M9 20h6M12 16v4")),
    "leave": (Shape("M10 4.5H7A2.5 2.5 0 0 0 4.5 7v10A2.5 2.5 0 0 0 7 19.5h3M15 8l4 4-4 4M19 12H9.5"),),
    "crown": (Shape("M4.5 17.5 3.5 8l4.8 3.5L12 6l3.7 5.5L20.5 8l-1 9.5z"),),
    "shield": (Shape("M12 3.5 5 6v5.5c0 4.3 2.9 7.3 7 9 4.1-1.7 7-4.7 7-9V6z"),),
    "mute": (Shape("M4 9.5h3.5L12 5.5v13l-4.5-4H4zM16 9.5l5 5M21 9.5l-5 5"),),
    "ban": (Shape(circle(12, 12, 8.5)), Shape("M6 6l12 12")),
    "copy": (
        Shape(rectangle(8.5, 8.5, 11.5, 11.5, 2.5)),
        Shape("M15.5 8.5V6.3A2.3 2.3 0 0 0 13.2 4H6.3A2.3 2.3 0 0 0 4 6.3v6.9a2.3 2.3 0 0 0 2.3 2.3h2.2"),
    ),
    "edit": (
        Shape("M4 20l1-4.5L16 4.5a2.1 2.1 0 0 1 3 0l.5.5a2.1 2.1 0 0 1 0 3L8.5 19z"),
        Shape("m14 6.5 3.5 3.5"),
    ),
    "reply": (Shape("M9.5 6 4 11.5 9.5 17M4 11.5h10a6 6 0 0 1 6 6V19"),),
    "image": (Shape("M4.5 5.5h15v13h-15zM4.5 15.5l4.2-4.2 4 4 2.8-2.8 4 4"), Shape(circle(15.5, 9.2, 1.2))),
    "trash": (Shape("M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.2 11v5M13.8 11v5"),),
    "link": (
        Shape(
            "M10 14a4.2 4.2 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1.3 1.3"
            "M14 10a4.2 4.2 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1.3-1.3"
        ),
    ),
    "unread": (
        fill(circle(17.5, 6.5, 3.8)),
        Shape("M12.5 5H7a3 3 0 0 0-3 3v7a3 3 0 0 0 3 3h2l3 3 3-3h2a3 3 0 0 0 3-3v-3"),
    ),
    "record": (
        Shape(
            "M13.5 3.5h-6A2.5 2.5 0 0 0 5 6v12a2.5 2.5 0 0 0 2.5 2.5h9A2.5 2.5 0 0 0 19 18V9z"
            "M13.5 3.5V9H19M8.5 12.5h7M8.5 16h5"
        ),
    ),
    "react": (
        Shape("M20.5 10.5A8.8 8.8 0 1 1 13 3.1M8.3 14.2c.9 1.4 2.1 2.1 3.7 2.1s2.8-.7 3.7-2.1M18.5 2.5v6M15.5 5.5h6"),
        Shape("M9.2 9.5v.5M14.6 9.5v.5", 2.4),
    ),
    "download": (Shape("M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15"),),
    "zoom-in": (Shape(circle(11, 11, 6.5)), Shape("m16 16 4.5 4.5M8.2 11h5.6M11 8.2v5.6")),
    "zoom-out": (Shape(circle(11, 11, 6.5)), Shape("m16 16 4.5 4.5M8.2 11h5.6")),
    "arrow-right": (Shape("M9.5 6.5 15 12l-5.5 5.5"),),
    "image-off": (
        Shape(rectangle(3.5, 4.5, 17, 15, 2.5)),
        Shape("m4 17.5 5-4 3.5 2.5 3.5-3.5 4.5 4"),
        Shape("M4 3.5l16 17"),
    ),
    "retry": (Shape("M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.3M20 4.5v4.8h-4.8"),),
}

_BUBBLE: Final = fill(
    "M4 20A15 15 0 0 1 19 5h26a15 15 0 0 1 15 15v16a15 15 0 0 1-15 15H22.5L8.8 60.3A2.9 2.9 0 0 1 4 58.1z"
)
_RECORD: Final = (
    *(fill(circle(16.5, y, 2.6)) for y in (17, 28, 39)),
    fill(rectangle(23, 14.5, 27, 5, 2.5)),
    fill(rectangle(23, 25.5, 20, 5, 2.5)),
    fill(rectangle(23, 36.5, 9, 5, 2.5)),
    fill(rectangle(36, 34, 5, 10, 1.2)),
)
_RECORD_SMALL: Final = (
    fill(circle(18, 20, 4)),
    fill(rectangle(27, 16, 22, 8, 4)),
    fill(circle(18, 36, 4)),
    fill(rectangle(27, 29, 8, 14, 2)),
)


@functools.lru_cache(256)
def icon_mask(name: str, size: int) -> Image.Image:
    """An icon's coverage, "L", `size` × `size`. `KeyError` for a name that is not in `ICONS`."""
    return vector.mask(ICONS[name], ICON_GRID, size)


def icon(name: str, size: int, colour: str) -> Image.Image:
    """An icon on nothing ("RGBA"), for widgets that compose by themselves."""
    return inked(icon_mask(name, size), colour)


def mark(size: int, colour: str = "#5B5BD6", ink: str = "#FFFFFF") -> Image.Image:
    """The mark on nothing ("RGBA"): the bubble in `colour`, the record in `ink`."""
    picture = inked(vector.mask([_BUBBLE], MARK_GRID, size), colour)
    record = _RECORD_SMALL if size < MARK_SMALL else _RECORD
    picture.alpha_composite(inked(vector.mask(record, MARK_GRID, size), ink))
    return picture


def inked(coverage: Image.Image, colour: str) -> Image.Image:
    """A coverage mask in one colour, as "RGBA"."""
    picture = Image.new("RGBA", coverage.size, colour)
    picture.putalpha(coverage)
    return picture
