"""Pictures: how large they are, and small ones of them. Read by Pillow, off the loop, at most two at once.

A picture is believed only when all of its first frame could be read. Whatever fails, in whatever way (it is cut off,
lies about itself, would take too much memory), makes it a plain file, and is no error of ours: the bytes are anybody's.
"""

import asyncio
import logging
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from PIL import Image

from chatserver.files import sniff

logger = logging.getLogger(__name__)
T = TypeVar("T")

AT_ONCE: Final = 2
LARGE: Final = 16_000_000
"""Pixels from which on pictures are read one at a time."""
THUMB: Final = 480
"""Pixels of the longer side of a small picture, at most."""
QUALITY: Final = 80
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What rights a picture, by what EXIF says of the camera."""


class _Kind(NamedTuple):
    """pixels   a larger one is a plain file
    size     bytes; a larger one is a plain file: Pillow holds some kinds whole in memory
    """

    format: str
    pixels: int = 64_000_000
    size: int = 1 << 40


KINDS: Final = {
    "image/png": _Kind("PNG"),
    "image/jpeg": _Kind("JPEG"),
    "image/gif": _Kind("GIF"),
    "image/webp": _Kind("WEBP", pixels=24_000_000, size=16 << 20),
    "image/bmp": _Kind("BMP"),
}
"""The types that are shown as pictures; all others are files to be saved."""

# Pillow warns of large pictures on standard error before `_Kind.pixels` refuses them.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class About(NamedTuple):
    """What was found in the bytes; `width` and `height` as it is to be seen, 0 for what is no picture."""

    mime: str
    width: int = 0
    height: int = 0


class Pictures:
    """The threads that read pictures. `close` ends them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
        self._large = threading.Lock()

    async def examine(self, path: Path, thumb: Path) -> About:
        """What a file is; of a picture the small one is left in `thumb`, which is renamed into place at once."""
        return await self._run(lambda: self._examine(path, thumb))

    async def shrink(self, path: Path, mime: str, thumb: Path) -> bool:
        """Make the small picture of a file of this type anew; False where it cannot be read."""
        return await self._run(lambda: self._read(path, mime, thumb) is not None)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Forget what waits; what is being read is waited for."""
        self._threads.shutdown(cancel_futures=True)

    def _examine(self, path: Path, thumb: Path) -> About:
        with path.open("rb") as file:
            head = file.read(sniff.HEAD)
            file.seek(max(0, path.stat().st_size - sniff.HEAD))
            mime = sniff.mime(head, file.read(sniff.HEAD))
        if mime not in KINDS:
            return About(mime)
        size = self._read(path, mime, thumb)
        return About(mime, *size) if size else About(sniff.UNKNOWN)

    def _read(self, path: Path, mime: str, thumb: Path) -> tuple[int, int] | None:
        kind = KINDS.get(mime)
        if kind is None or path.stat().st_size > kind.size:
            return None
        try:
            with Image.open(path, formats=(kind.format,)) as picture:
                pixels = picture.width * picture.height
                if pixels > kind.pixels:
                    return None
                if pixels > LARGE:
                    with self._large:
                        size, small = _shrunk(picture)
                else:
                    size, small = _shrunk(picture)
        except Exception as error:  # a decoder that strangers feed may fail in any way
            logger.debug("%s is no picture: %s", path.name, error)
            return None
        _keep(small, thumb)
        return size


def _shrunk(picture: Image.Image) -> tuple[tuple[int, int], Image.Image]:
    """The size of the picture as it is to be seen, and the small one. Reads the whole first frame."""
    turn = _turn(picture)
    width, height = picture.size
    small: Image.Image = picture
    if small.mode.startswith("I;16"):
        small = small.point(lambda value: value * (1 / 256)).convert("L")
    elif small.mode in ("P", "1"):
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    small.thumbnail((THUMB, THUMB))  # JPEG is decoded at a fraction of its size, which saves most of the memory
    small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    if turn is not None:
        small = small.transpose(turn)
        if turn not in (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180):
            width, height = height, width
    return (width, height), small


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How to right it. What the camera wrote may be damaged where the picture is not."""
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception as error:
        logger.debug("unreadable EXIF: %s", error)
        return None


def _keep(small: Image.Image, thumb: Path) -> None:
    thumb.parent.mkdir(parents=True, exist_ok=True)
    unready = thumb.with_name(f"{thumb.name}.{threading.get_ident()}.new")
    try:
        small.save(unready, "WEBP", quality=QUALITY, method=4)
        unready.replace(thumb)
    except OSError as error:  # made again when it is asked for
        unready.unlink(missing_ok=True)
        logger.warning("a small picture cannot be kept: %s", error)
