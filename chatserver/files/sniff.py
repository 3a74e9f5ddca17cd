"""What the bytes of a file are, whatever it is called. PURE.

A type is told by how a file begins. What could be taken for something else too (a picture that is also a page or an
archive) is nothing in particular: nobody's program is to be led astray by it.
"""

import re
from typing import Final, NamedTuple

HEAD: Final = 64 * 1024
"""Bytes of the beginning, and of the end, that are looked at."""
UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain"


class _Sign(NamedTuple):
    at: int
    bytes: bytes
    mime: str


_SIGNS: Final = (
    _Sign(0, b"\x89PNG\r\n\x1a\n", "image/png"),
    _Sign(0, b"\xff\xd8\xff", "image/jpeg"),
    _Sign(0, b"GIF87a", "image/gif"),
    _Sign(0, b"GIF89a", "image/gif"),
    _Sign(8, b"WEBPVP8", "image/webp"),
    _Sign(0, b"BM", "image/bmp"),
    _Sign(0, b"%PDF-", "application/pdf"),
    _Sign(4, b"ftypqt  ", "video/quicktime"),
    _Sign(4, b"ftypavif", "image/avif"),
    _Sign(4, b"ftyphei", "image/heic"),
    _Sign(4, b"ftypmif1", "image/heic"),
    _Sign(4, b"ftypM4A", "audio/mp4"),
    _Sign(4, b"ftyp", "video/mp4"),
    _Sign(0, b"\x1aE\xdf\xa3", "video/webm"),
    _Sign(0, b"ID3", "audio/mpeg"),
    _Sign(0, b"\xff\xfb", "audio/mpeg"),
    _Sign(0, b"OggS", "audio/ogg"),
    _Sign(0, b"fLaC", "audio/flac"),
    _Sign(8, b"WAVEfmt ", "audio/wav"),
    _Sign(0, b"PK\x03\x04", "application/zip"),
    _Sign(0, b"PK\x05\x06", "application/zip"),
    _Sign(0, b"\x1f\x8b\x08", "application/gzip"),
    _Sign(0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    _Sign(0, b"Rar!\x1a\x07", "application/vnd.rar"),
    _Sign(257, b"ustar", "application/x-tar"),
)
_MARKUP: Final = re.compile(rb"<(!doctype|html|head|body|script|iframe|svg|\?php)|%PDF-", re.IGNORECASE)
_NEAR: Final = 1024
"""Bytes in which programs that guess look for the beginning of a page or a PDF."""
_ARCHIVE: Final = b"PK\x05\x06"
"""The end of a ZIP archive, by which it is found in the tail of any file."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def mime(head: bytes, tail: bytes) -> str:
    """The type of a file by its first and last bytes (`HEAD` of each, or all that there are)."""
    found = next((sign.mime for sign in _SIGNS if head.startswith(sign.bytes, sign.at)), None)
    if found is None:
        return TEXT if _is_text(head) else UNKNOWN
    if found.startswith("image/") and (_MARKUP.search(head, 0, _NEAR) or _ARCHIVE in tail):
        return UNKNOWN
    return found


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; the last character may be cut where the head ends."""
    if not head:
        return False
    for cut in range(4 if len(head) >= HEAD else 1):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return not _CONTROL.search(text)
    return False
