"""Small vector pictures drawn with Pillow: SVG path data in, antialiased coverage out.

A picture is drawn eight times as large and scaled down, which gives the edges of a browser without one. What
comes out is a mask (how much of each pixel is covered), so one drawing serves every colour.
"""

import functools
import math
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from PIL import Image, ImageDraw

OVERSAMPLE: Final = 8
_CURVE_STEPS: Final = 12

_TOKEN = re.compile(r"([MmLlHhVvCcSsAaZz])|(-?(?:\d+\.?\d*|\.\d+))")
_ARGUMENTS: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "a": 7, "z": 0}

Point = tuple[float, float]


class Shape(NamedTuple):
    """Path data on the picture's grid; stroked with round ends and joints, or filled where `width` is 0."""

    path: str
    width: float = 1.6


def fill(path: str) -> Shape:
    return Shape(path, 0)


def circle(x: float, y: float, radius: float) -> str:
    """Path data of a circle."""
    return f"M{x - radius} {y}A{radius} {radius} 0 1 1 {x + radius} {y}A{radius} {radius} 0 1 1 {x - radius} {y}Z"


def rectangle(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Path data of a rectangle with round corners."""
    r, right, bottom = radius, x + width, y + height
    return (
        f"M{x + r} {y}H{right - r}A{r} {r} 0 0 1 {right} {y + r}V{bottom - r}A{r} {r} 0 0 1 {right - r} {bottom}"
        f"H{x + r}A{r} {r} 0 0 1 {x} {bottom - r}V{y + r}A{r} {r} 0 0 1 {x + r} {y}Z"
    )


def mask(shapes: Sequence[Shape], grid: float, size: int) -> Image.Image:
    """The shapes of a `grid` × `grid` picture as an "L" image of `size` × `size` pixels: 255 is covered."""
    large = size * OVERSAMPLE
    image = Image.new("L", (large, large), 0)
    draw = ImageDraw.Draw(image)
    unit = large / grid
    for shape in shapes:
        for line, closed in outlines(shape.path):
            points = [(x * unit, y * unit) for x, y in line]
            if shape.width:
                _stroke(draw, points, closed, shape.width * unit)
            else:
                draw.polygon(points, fill=255)
    return image.resize((size, size), Image.Resampling.BOX)


def _stroke(draw: ImageDraw.ImageDraw, points: list[Point], closed: bool, width: float) -> None:
    if closed and points[0] != points[-1]:
        points = [*points, points[0]]
    if len(points) > 1:
        draw.line(points, fill=255, width=round(width))
    radius = width / 2
    for x, y in points:  # round ends and joints alike
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


@functools.lru_cache(512)
def outlines(path: str) -> tuple[tuple[tuple[Point, ...], bool], ...]:
    """The path's lines as points, each with whether it is closed. `ValueError` for what is no path data."""
    found: list[tuple[tuple[Point, ...], bool]] = []
    points: list[Point] = []
    x = y = 0.0
    handle: Point | None = None  # second control point of the last curve, for the smooth one after it
    for command, args in _commands(path):
        kind, relative = command.lower(), command.islower()
        dx, dy = (x, y) if relative else (0.0, 0.0)
        if kind == "m":
            if points:
                found.append((tuple(points), False))
            x, y = args[0] + dx, args[1] + dy
            points = [(x, y)]
        elif kind == "z":
            x, y = points[0]
            found.append((tuple(points), True))
            points = []
        else:
            points = points or [(x, y)]
            if kind == "c" or kind == "s":
                if kind == "s":
                    first = (2 * x - handle[0], 2 * y - handle[1]) if handle else (x, y)
                    rest = args
                else:
                    first, rest = (args[0] + dx, args[1] + dy), args[2:]
                second, end = (rest[0] + dx, rest[1] + dy), (rest[2] + dx, rest[3] + dy)
                points += _cubic((x, y), first, second, end)
                handle, (x, y) = second, end
                continue
            start = (x, y)
            if kind == "h":
                x = args[0] + dx
            elif kind == "v":
                y = args[0] + dy
            else:
                x, y = args[-2] + dx, args[-1] + dy
            points += _arc(start, args, (x, y)) if kind == "a" else [(x, y)]
        handle = None
    if points:
        found.append((tuple(points), False))
    return tuple(found)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, args = "", list[float]()
    for letter, number in _TOKEN.findall(path):
        if letter:
            if args:
                raise ValueError(f"{command} has {len(args)} numbers too many in {path}")
            command = letter
            if letter in "Zz":
                yield letter, []
            continue
        if not command:
            raise ValueError(f"no command before {number} in {path}")
        args.append(float(number))
        if len(args) == _ARGUMENTS[command.lower()]:
            yield command, args
            args = []
            command = {"m": "l", "M": "L"}.get(command, command)
    if args:
        raise ValueError(f"{command} lacks numbers in {path}")


def _cubic(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    points = []
    for step in range(1, _CURVE_STEPS + 1):
        t = step / _CURVE_STEPS
        u = 1 - t
        k = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        points.append(
            (
                sum(w * p[0] for w, p in zip(k, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(k, (a, b, c, d), strict=True)),
            )
        )
    return points


def _arc(start: Point, args: list[float], end: Point) -> list[Point]:
    """An arc by its ends, as SVG 1.1 appendix F.6.5 turns it into one by its centre. Never tilted here."""
    rx, ry, _tilt, large, sweep = args[:5]
    (x1, y1), (x2, y2) = start, end
    px, py = (x1 - x2) / 2, (y1 - y2) / 2
    if not (px or py):
        return []
    stretch = math.sqrt((px / rx) ** 2 + (py / ry) ** 2)
    if stretch > 1:
        rx, ry = rx * stretch, ry * stretch
    scale = math.sqrt(max(0.0, 1 / ((px / rx) ** 2 + (py / ry) ** 2) - 1)) * (1 if large != sweep else -1)
    cx, cy = scale * rx * py / ry, -scale * ry * px / rx
    mx, my = (x1 + x2) / 2 + cx, (y1 + y2) / 2 + cy
    first = math.atan2((py - cy) / ry, (px - cx) / rx)
    last = math.atan2((-py - cy) / ry, (-px - cx) / rx)
    turn = last - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    steps = max(4, round(abs(turn) / (math.pi / 24)))
    return [
        (mx + rx * math.cos(first + turn * step / steps), my + ry * math.sin(first + turn * step / steps))
        for step in range(1, steps + 1)
    ]
