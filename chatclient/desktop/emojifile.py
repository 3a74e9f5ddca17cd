r"""The pictures of emoji, from one file that `tools/render_emoji.py` makes out of Noto Color Emoji.

    "PEMO1\n", 4 bytes length of the index, the index (zlib: lines of key ⇥ bytes), the WebP pictures in its order

The index is read at the first question, and a picture is decoded when it is first drawn.
"""

import io
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image

from chatclient.desktop.emoji import key

ASSET: Final = Path(__file__).parent.parent / "assets" / "emoji" / "emoji.bin"
MAGIC: Final = b"PEMO1\n"


class EmojiFile:
    """The pictures of the asset. Needs no display; closes with the process."""

    def __init__(self, path: Path = ASSET) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] | None = None

    def __contains__(self, sequence: str) -> bool:
        return key(sequence) in self._index()

    def __len__(self) -> int:
        return len(self._index())

    def picture(self, sequence: str) -> Image.Image | None:
        """The emoji as a square "RGBA" image of the asset's size, or None where the asset lacks it."""
        place = self._index().get(key(sequence))
        if place is None:
            return None
        with self._path.open("rb") as file:
            file.seek(place[0])
            data = file.read(place[1])
        return Image.open(io.BytesIO(data)).convert("RGBA")

    def _index(self) -> dict[str, tuple[int, int]]:
        if self._places is None:
            self._places = _read_index(self._path)
        return self._places


@lru_cache(4)
def _read_index(path: Path) -> dict[str, tuple[int, int]]:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError(f"{path} is not a file of emoji pictures. Run tools/render_emoji.py.")
        squeezed = file.read(int.from_bytes(file.read(4), "big"))
        offset = file.tell()
    places: dict[str, tuple[int, int]] = {}
    for line in zlib.decompress(squeezed).decode().splitlines():
        name, _, size = line.partition("\t")
        places[name] = (offset, int(size))
        offset += int(size)
    return places
