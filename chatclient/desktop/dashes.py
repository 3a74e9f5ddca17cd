"""A dashed outline with round corners, drawn with Pillow: a dash goes round a corner as it goes along an edge."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

_LARGE: Final = 4
_DASH: Final = 3.0
_GAP: Final = 2.0

Point = tuple[float, float]


def outline(width: int, height: int, radii: tuple[int, int, int, int], line: str, ground: str) -> Image.Image:
    """On its ground ("RGB"), in pixels; `radii` from the upper left corner clockwise."""
    image = Image.new("RGB", (width * _LARGE, height * _LARGE), ground)
    draw = ImageDraw.Draw(image)
    way = list(_way(width, height, radii))
    whole = sum(math.dist(a, b) for a, b in pairwise(way))
    dashes = max(1, round(whole / (_DASH + _GAP)))
    step = whole / dashes
    at = 0.0
    for start, end in pairwise(way):
        length = math.dist(start, end)
        done = 0.0
        while done < length:
            within = at % step
            part = min(length - done, (_DASH if within < _DASH else step) - within) or length - done
            if within < _DASH:
                draw.line((_on(start, end, done / length), _on(start, end, (done + part) / length)), line, _LARGE)
            done += part
            at += part + 1e-9
    return image.resize((width, height), Image.Resampling.BOX)


def _on(start: Point, end: Point, share: float) -> Point:
    x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return x * _LARGE, y * _LARGE


def _way(width: int, height: int, radii: tuple[int, int, int, int]) -> Iterator[Point]:
    """Once round, half a pixel inside the edge."""
    nw, ne, se, sw = radii
    half = 0.5
    corners = (
        (width - ne, ne, ne, -90), (width - se, height - se, se, 0), (sw, height - sw, sw, 90), (nw, nw, nw, 180),
    )  # fmt: skip
    yield nw, half
    for x, y, radius, begins in corners:
        for degrees in range(begins, begins + 91, 6):
            angle = math.radians(degrees)
            yield x + (radius - half) * math.cos(angle), y + (radius - half) * math.sin(angle)
    yield nw, half
