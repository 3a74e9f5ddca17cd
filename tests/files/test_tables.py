"""The pure parts by tables: what bytes are, which of them a range asks for, how a name stands in a header."""

import pytest
from aiohttp.multipart import parse_content_disposition

from chatserver.files import sniff
from chatserver.fronts.http import ranges
from chatserver.fronts.http.answers import refusal
from chatserver.fronts.http.files import disposition
from chatserver.fronts.http.ranges import Span
from shared.errors import Refused


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x18ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b"ID3\x04", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0AVI ", "application/octet-stream"),
        (b"plain words\r\n\twith tabs", "text/plain"),
        ("Grüße 😀".encode(), "text/plain"),
        ("Grüße".encode("latin-1"), "application/octet-stream"),
        (b"words\x00", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (("a" * (sniff.HEAD - 2) + "😀").encode()[: sniff.HEAD], "text/plain"),
        (b"<html><script>", "text/plain"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 900 + b"<SCRIPT>", "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000 + b"<script>", "image/png"),
    ],
)
def test_what_bytes_are(data: bytes, mime: str) -> None:
    assert sniff.mime(data, data[-sniff.HEAD :]) == mime


@pytest.mark.parametrize(
    ("header", "size", "span"),
    [
        (None, 10, None),
        ("bytes=0-0", 10, Span(0, 1)),
        ("bytes=0-", 10, Span(0, 10)),
        ("bytes=3-5", 10, Span(3, 3)),
        ("bytes=3-500", 10, Span(3, 7)),
        ("BYTES = 9 - ", 10, Span(9, 1)),
        ("bytes=-3", 10, Span(7, 3)),
        ("bytes=-30", 10, Span(0, 10)),
        ("bytes=5-3", 10, None),
        ("bytes=-", 10, None),
        ("bytes=1-2,4-5", 10, None),
        ("lines=1-2", 10, None),
        ("bytes=a-b", 10, None),
        ("bytes=1-" + "9" * 30, 10, None),
        ("bytes=٣-٥", 10, None),
    ],
)
def test_ranges(header: str | None, size: int, span: Span | None) -> None:
    assert ranges.span(header, size) == span


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0)]
)
def test_ranges_that_cannot_be(header: str, size: int) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.span(header, size)


@pytest.mark.parametrize(
    ("header", "same"),
    [(None, False), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False)],
)
def test_tags(header: str | None, same: bool) -> None:
    assert ranges.matches(header, '"a"') is same


@pytest.mark.parametrize(("seconds", "said"), [(0.0, "1"), (0.028, "1"), (1.0, "1"), (5.2, "6")])
def test_whole_seconds_to_wait(seconds: float, said: str) -> None:
    answer = refusal(Refused("rate_limited", "Too fast.", seconds))
    assert (answer.status, answer.headers["Retry-After"]) == (429, said)


@pytest.mark.parametrize("name", ["cat.png", "日本語 😀.png", 'a "quoted" name', "50%.txt", "a;b=c", "ü\\n.txt", "CON"])
def test_names_in_headers(name: str) -> None:
    header = disposition("attachment", name)
    assert header.isascii() and header.isprintable()
    kind, fields = parse_content_disposition(header)
    assert (kind, fields["filename*"]) == ("attachment", name)
