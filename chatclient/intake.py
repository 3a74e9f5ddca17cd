"""Taking a file in: its bytes are copied into the spool and hashed on the way, and what it is gets looked at.

All of it happens in a thread beside the loop. What the server says of type and measures counts in the end; what is
found here is shown until then.
"""

import hashlib
import mimetypes
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image

from chatclient.offloop import off_loop
from shared import rules
from shared.errors import Refused
from shared.protocol import File

PIECE: Final = 256 * 1024
PICTURES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_TURNED: Final = frozenset({5, 6, 7, 8})
"""EXIF orientations in which width and height change places."""
_ORIENTATION: Final = 0x0112


class _Stopped(Exception):
    """Nobody wants the file any more."""


def described(path: Path | None, data: bytes | None, name: str) -> File:
    """Name, type and size of a file, without a look at its bytes; to be asked in a thread.

    `Refused`, or `OSError` where it cannot be read."""
    name = rules.file_name(name or (path.name if path is not None else ""))
    if path is None:
        return File(file="", name=name, mime=_guessed(name), size=len(data or b""))
    if path.is_dir():
        raise Refused("bad_request", f"{name} is a folder. Put it into an archive first, or attach its files.")
    return File(file="", name=name, mime=_guessed(name), size=path.stat().st_size)


async def taken_in(file: File, path: Path | None, data: bytes | None, target: Path) -> File:
    """Copy the bytes to `target`; the file as it is there: its hash, and its measures where it is a picture.

    `OSError` where it cannot be read or kept. Then, and where it is cancelled, nothing is left at `target`.
    """
    stop = threading.Event()
    try:
        return await off_loop(lambda: _copied(file, path, data, target, stop), stop.set)
    except BaseException:
        _taken_away(target)
        raise


def _taken_away(target: Path) -> None:
    with suppress(OSError):
        target.unlink(missing_ok=True)


def whole(path: Path, file: File) -> bool:
    """Is as much there as was taken in? A power cut may leave less. To be asked in a thread."""
    try:
        return path.stat().st_size == file.size
    except FileNotFoundError:
        return False


def _copied(file: File, path: Path | None, data: bytes | None, target: Path, stop: threading.Event) -> File:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        target.chmod(0o600)
        if path is None:
            out.write(data or b"")
            digest.update(data or b"")
            size = len(data or b"")
        else:
            with path.open("rb") as source:
                while piece := source.read(PIECE):
                    if stop.is_set():
                        raise _Stopped
                    out.write(piece)
                    digest.update(piece)
                    size += len(piece)
    mime, width, height = _looked_at(target, file.mime)
    return File(file=digest.hexdigest(), name=file.name, mime=mime, size=size, width=width, height=height)


def _guessed(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _looked_at(path: Path, mime: str) -> tuple[str, int, int]:
    """Type and measures of a picture as it is to be seen; of anything else the type that its name says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # only its head is read
            with Image.open(path, formats=tuple(PICTURES)) as image:
                width, height = image.size
                turned = image.getexif().get(_ORIENTATION) in _TURNED
                kind = PICTURES[image.format or ""]
    except Exception:  # whatever a broken picture raises: it is sent as the file that it is
        return mime, 0, 0
    return (kind, height, width) if turned else (kind, width, height)
