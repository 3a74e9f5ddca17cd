"""Pictures and other bytes, good and bad, for the tests of files."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", width: int = 640, height: int = 400, **how: Any) -> bytes:
    """A gradient, so that its corners differ: top left is black, top right red, bottom left green."""
    wide = Image.linear_gradient("L").rotate(90).resize((width, height))
    tall = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (wide, tall, Image.new("L", (width, height))))
    return saved(image, kind, **how)


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def animated(kind: str) -> bytes:
    """Three frames, the first one red."""
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)


def turned(orientation: int) -> bytes:
    """A JPEG of 640 × 400 with this EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return picture("JPEG", exif=exif)


def png_that_says(width: int, height: int, rows: bytes = b"\0" * 64) -> bytes:
    """A PNG whose head says this size, whatever its rows hold."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ZIP_END = b"PK\x05\x06" + bytes(18)


def plain_files() -> dict[str, bytes]:
    """What is called a picture and ends as a plain file."""
    png, jpeg, gif, webp = picture("PNG"), picture("JPEG"), picture("GIF"), picture("WEBP")
    bomb = zlib.compress(bytes(30_001 * 3_000), 9)
    return {
        "nothing": b"",
        "one byte": b"\x89",
        "only a head": png[:8],
        "cut png": png[: len(png) // 2],
        "cut jpeg": jpeg[: len(jpeg) // 2],
        "cut gif": gif[: len(gif) // 2],
        "cut webp": webp[: len(webp) // 2],
        "a head and no rows": png_that_says(500, 500, b""),
        "a lie about its size": png_that_says(2_000, 2_000, b"\0" * 10),
        "no size": png_that_says(0, 0),
        "30,000 x 30,000": png_that_says(30_000, 30_000, bomb),
        "100 Mpx": png_that_says(10_000, 10_000, bomb),
        "2 Gpx": png_that_says(2**31 - 1, 1, bomb),
        "bmp that is huge": b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 2**31 - 1, -(2**31), 1, 24, *[0] * 6),
        "svg": SVG,
        "html": HTML,
        "gif and script": b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)//",
        "jpeg and html": jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(HTML) + 2) + HTML + jpeg[2:],
        "png and zip": png + b"PK\x03\x04" + bytes(40) + ZIP_END,
        "gif and zip": gif + ZIP_END,
        "jpeg and pdf": jpeg[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + jpeg[2:],
        "noise": bytes(range(256)) * 40,
        "a png's name for text": b"This is no picture at all.\n",
    }
