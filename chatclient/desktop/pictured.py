"""The pictures of a message: one as it is, several in a grid of two columns. Pure.

Their places follow from the sizes that the server told, so that nothing moves when they come.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from chatclient.desktop.operations import Picture, Radii, Target
from chatclient.desktop.sheet import Look, Sheet
from chatclient.desktop.theme import Metrics
from shared.protocol import File

SHOWN: Final = 4
"""Of more pictures the last one says how many more there are."""


def is_picture(file: File) -> bool:
    """Whether a file is shown as a picture: it is one, and its size is known."""
    return file.mime.startswith("image/") and file.width > 0 and file.height > 0


class _Place(NamedTuple):
    x: int
    y: int
    width: int
    height: int
    radii: Radii


class Pictures:
    """`files`: the pictures of a message, each with its place among all its files."""

    def __init__(self, files: Sequence[tuple[int, File]], limit: int, sheet: Sheet) -> None:
        self._files = files
        self._more = max(0, len(files) - SHOWN)
        self._places = _places([file for _, file in files[:SHOWN]], min(limit, sheet.m.picture), sheet.m)
        self.width = max(place.x + place.width for place in self._places)
        self.height = max(place.y + place.height for place in self._places) + sheet.m.picture_gap

    def place(self, sheet: Sheet, x: int, y: int, inner: int, look: Look) -> None:
        for (index, file), place in zip(self._files, self._places, strict=False):
            left, top, wide, high, radii = place
            more = self._more if place is self._places[-1] else 0
            sheet.put(Picture(x + left, y + top, wide, high, file, radii, look.quote, look.ground, more))
            sheet.targets.append(Target(x + left, y + top, wide, high, "action", f"open-file:{index}"))


def _places(files: Sequence[File], width: int, m: Metrics) -> list[_Place]:
    whole, joined, gap = m.picture_radius, m.picture_joined, m.picture_gap
    if len(files) == 1:
        wide, high = fitted(files[0], width, m)
        return [_Place(0, 0, wide, high, (whole, whole, whole, whole))]
    cell = (width - gap) // 2
    high = max(1, m.grid_high * cell * 2 // (m.picture - gap))
    right, below = cell + gap, high + gap
    if len(files) == 2:
        return [
            _Place(0, 0, cell, high, (whole, joined, joined, whole)),
            _Place(right, 0, cell, high, (joined, whole, whole, joined)),
        ]
    upper = [
        _Place(0, 0, cell, high, (whole, joined, joined, joined)),
        _Place(right, 0, cell, high, (joined, whole, joined, joined)),
    ]
    if len(files) == 3:
        return [*upper, _Place(0, below, right + cell, high, (joined, joined, whole, whole))]
    return [
        *upper,
        _Place(0, below, cell, high, (joined, joined, joined, whole)),
        _Place(right, below, cell, high, (joined, joined, whole, joined)),
    ]


def fitted(file: File, width: int, m: Metrics) -> tuple[int, int]:
    """The size of a picture that stands alone: as large as it is, or as fits; a very narrow one is cut."""
    share = min(1.0, width / file.width, m.picture_high / file.height)
    wide = max(round(file.width * share), min(m.picture_least, width))
    return min(wide, width), min(max(round(file.height * share), m.picture_least), m.picture_high)
