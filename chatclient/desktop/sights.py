"""The pictures of a room that are held, in their order: what the image viewer leafs through. Pure."""

from typing import Final, NamedTuple, Protocol

from chatclient.desktop.pictured import is_picture
from chatclient.rows import Row
from chatclient.sizes import size
from shared.protocol import File

REACH: Final = 400
"""So many rows before and after a picture are looked at for others."""


class Rows(Protocol):
    """What is held of the room."""

    @property
    def count(self) -> int: ...
    def row(self, i: int, /) -> Row: ...


class Sight(NamedTuple):
    """File `number` of a row, a picture; `day`: the separator's words that it stands under, "" where that is far."""

    row: Row
    number: int
    day: str = ""

    @property
    def file(self) -> File:
        return self.row.files[self.number]

    @property
    def about(self) -> str:
        """Its name, its sides, its size, and when it was sent."""
        file, day = self.file, self.day
        when = f"{day.lower() if day in ('Today', 'Yesterday') else day} at {self.row.clock}" if day else self.row.clock
        return f"{file.name}, {file.width} × {file.height}, {size(file.size)}, {when}"


def around(rows: Rows, place: int, index: int) -> tuple[list[Sight], int]:
    """The pictures round file `index` of row `place`, and which of them that is."""
    found: list[Sight] = []
    here, day = 0, ""
    for at in range(max(0, place - REACH), min(rows.count, place + REACH + 1)):
        row = rows.row(at)
        day = row.day or day
        for number, file in enumerate(row.files):
            if is_picture(file):
                if (at, number) == (place, index):
                    here = len(found)
                found.append(Sight(row, number, day))
    return found, here
