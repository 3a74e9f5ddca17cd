"""Files up and down over a real connection: what one is told, what one gets back, and with which headers."""

import asyncio
import hashlib
import io
import shutil
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest
from PIL import Image

from tests.files.caller import Caller
from tests.files.conftest import Enter
from tests.files.raw import Raw, request
from tests.files.samples import HTML, SVG, picture, plain_files, turned
from tests.processes import ServerProcess

MIB = 1 << 20


async def pieces(data: bytes, size: int = 1_000) -> AsyncIterator[bytes]:
    for place in range(0, len(data), size):
        yield data[place : place + size]


async def test_a_picture_goes_up_and_down(enter: Enter) -> None:
    alice, data = await enter("alice"), picture()
    answer = await alice.send(data, "cat.png")
    sha = hashlib.sha256(data).hexdigest()
    assert answer.status == 201
    assert answer.json == {
        "file": sha, "name": "cat.png", "mime": "image/png", "size": len(data), "width": 640, "height": 400,
    }  # fmt: skip
    down = await alice.fetch(sha)
    assert (down.status, down.body) == (200, data)
    assert down.headers["Content-Type"] == "image/png"
    assert down.headers["Content-Disposition"] == "inline; filename=\"cat.png\"; filename*=UTF-8''cat.png"
    assert down.headers["Etag"] == f'"{sha}"'
    assert down.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert down.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in down.headers["Content-Security-Policy"]
    small = await alice.fetch(f"{sha}/thumb")
    assert (small.status, small.headers["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(small.body)).size == (480, 300)
    assert small.headers["Etag"] != down.headers["Etag"]


async def test_small_pictures_come_back(enter: Enter, harbour: ServerProcess) -> None:
    alice = await enter("alice")
    file = await alice.upload(picture(width=333))
    before = await alice.fetch(f"{file}/thumb")
    shutil.rmtree(harbour.data / "files" / "thumbs")
    answers = await asyncio.gather(*(alice.fetch(f"{file}/thumb") for _ in range(5)))
    assert {answer.status for answer in answers} == {200} and answers[0].body == before.body
    # Bytes that are lost are a file that does not exist.
    shutil.rmtree(harbour.data / "files" / "thumbs")
    (harbour.data / "files" / file[:2] / file).unlink()
    for path in (file, f"{file}/thumb"):
        assert (await alice.fetch(path)).error == "no_such_file"


async def test_a_rotated_picture_is_as_large_as_it_is_seen(enter: Enter) -> None:
    alice = await enter("alice")
    told = (await alice.send(turned(6), "photo.jpg")).json
    assert (told["width"], told["height"]) == (400, 640)


@pytest.mark.parametrize(("name", "data"), [*plain_files().items(), ("video", b"\0\0\0\x18ftypisom" + b"\0" * 99)])
async def test_all_else_is_a_download(enter: Enter, name: str, data: bytes) -> None:
    """What the bytes are decides, not the name."""
    alice = await enter("alice")
    answer = await alice.send(data, "picture.png")
    assert answer.status == 201
    assert "width" not in answer.json and not answer.json["mime"].startswith("image/")
    down = await alice.fetch(answer.json["file"])
    assert (down.status, down.body) == (200, data)
    assert down.headers["Content-Type"] == "application/octet-stream"
    assert down.headers["Content-Disposition"].startswith("attachment;")
    assert (await alice.fetch(f"{answer.json['file']}/thumb")).error == "no_such_file"


async def test_pages_are_text_and_never_shown(enter: Enter) -> None:
    alice = await enter("alice")
    for data in (HTML, SVG):
        assert (await alice.send(data, "page.html")).json["mime"] == "text/plain"


async def test_without_a_length(enter: Enter) -> None:
    alice, data = await enter("alice"), b"piece by piece" * 9_999
    answer = await alice.send(pieces(data), "long.txt")
    assert (answer.status, answer.json["size"]) == (201, len(data))
    assert answer.json["file"] == hashlib.sha256(data).hexdigest()


async def test_the_limit(enter: Enter) -> None:
    alice = await enter("alice")
    assert alice.peer.welcome["limits"]["file_bytes"] == 8 * MIB
    assert (await alice.send(bytes(8 * MIB))).status == 201
    too_much = bytes(8 * MIB + 1)
    answers = [await alice.send(too_much), await alice.send(b"", upload="big", size=len(too_much), offset=0)]
    answers.append(await alice.send(pieces(too_much, 65_536)))
    for answer in answers:
        assert (answer.status, answer.error) == (413, "too_large")
        assert "8 MiB" in answer.json["error"]["message"]


async def test_who_asks_before_sending(enter: Enter) -> None:
    alice = await enter("alice")
    for length, first in ((9 * MIB, 413), (5, 100)):
        raw = await Raw.connect(alice.port)
        await raw.say(request(alice, "/files?name=a", length, "Expect: 100-continue"))
        assert (await raw.answer()).status == first
        if first == 100:
            await raw.say(b"bytes")
            assert (await raw.answer()).status == 201
        await raw.close()


async def test_how_often(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server()
    alice = await Caller.sign_in(server.port, "alice")
    answers = await asyncio.gather(*(alice.call("POST", "/files") for _ in range(130)))
    assert [answer.status for answer in answers].count(400) >= 100
    late = next(answer for answer in answers if answer.status == 429)
    assert late.error == "rate_limited" and int(late.headers["Retry-After"]) >= 1
    assert (await alice.call("GET", "/uploads/u")).status == 404, "looking has a limit of its own"
    await alice.close()


@pytest.mark.parametrize(
    ("header", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=300000-", 206, slice(300_000, None)),
        ("bytes=999990-99999999", 206, slice(999_990, None)),
        ("bytes=5-1", 200, slice(None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("bytes=1000000-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
async def test_parts_of_a_file(enter: Enter, header: str, status: int, part: slice | None) -> None:
    alice, data = await enter("alice"), bytes(range(256)) * 3_906 + bytes(64)
    file = await alice.upload(data)
    answer = await alice.fetch(file, Range=header)
    assert answer.status == status
    if part is None:
        assert answer.headers["Content-Range"] == "bytes */1000000"
        assert answer.error == "bad_request"
        return
    assert answer.body == data[part]
    assert answer.headers["Content-Length"] == str(len(answer.body))
    if status == 206:
        first = part.indices(len(data))[0]
        assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(answer.body) - 1}/1000000"


async def test_what_one_has_is_not_sent_again(enter: Enter) -> None:
    alice = await enter("alice")
    file = await alice.upload(b"the same for ever")
    tag = f'"{file}"'
    for named in (tag, f'"other", W/{tag}', "*"):
        answer = await alice.fetch(file, If_None_Match=named)
        assert (answer.status, answer.body, answer.headers["Etag"]) == (304, b"", tag)
    assert (await alice.fetch(file, If_None_Match='"other"')).status == 200
    assert (await alice.fetch(file, Range="bytes=0-2", If_Range=tag)).status == 206
    assert (await alice.fetch(file, Range="bytes=0-2", If_Range='"other"')).status == 200


async def test_head(enter: Enter) -> None:
    alice, data = await enter("alice"), picture()
    file = await alice.upload(data)
    for path in (f"/files/{file}", f"/files/{file}/thumb"):
        whole, head = await alice.call("GET", path), await alice.call("HEAD", path)
        head.headers["Date"] = whole.headers["Date"]
        assert (head.status, head.headers, head.body) == (200, whole.headers, b"")
    assert (await alice.call("HEAD", f"/files/{'0' * 64}")).status == 404


async def test_nothing_and_its_hash(enter: Enter) -> None:
    alice = await enter("alice")
    file = await alice.upload(b"")
    assert (await alice.fetch(file)).body == b""


NAMES: list[tuple[str, str]] = [
    ("../../etc/passwd", "passwd"),
    ("C:\\Windows\\win.ini", "win.ini"),
    ("CON", "CON"),
    ("😀 日本語.txt", "😀 日本語.txt"),
    ("line\nbreak\x00.txt", "linebreak.txt"),
    ("  two   spaces .txt ", "two spaces .txt"),
    ('"quoted"; filename=x', '"quoted"; filename=x'),
    ("exe.gnp.\u202etxt", "exe.gnp.txt"),
    ("a" * 251 + ".txt", "a" * 251 + ".txt"),
    ("%41%2f%2e", "%41%2f%2e"),
    ("a&b=c+d#e?f", "a&b=c+d#e?f"),
]


@pytest.mark.parametrize(("name", "kept"), NAMES, ids=range(len(NAMES)))
async def test_odd_names(enter: Enter, name: str, kept: str) -> None:
    alice = await enter("alice")
    answer = await alice.call("POST", f"/files?name={quote(name, safe='')}", data=kept.encode())
    assert (answer.status, answer.json["name"]) == (201, kept)
    header = (await alice.fetch(answer.json["file"])).headers["Content-Disposition"]
    assert unquote(header.split("filename*=UTF-8''")[1]) == kept
    assert header.isascii() and header.count('"') == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "bad_name"), ("..", "bad_name"), ("a/", "bad_name"), ("a" * 256, "too_large"), ("é" * 128, "too_large")],
)
async def test_names_that_cannot_be(enter: Enter, name: str, code: str) -> None:
    alice = await enter("alice")
    assert (await alice.send(b"x", name)).error == code


async def test_what_is_asked_wrongly(enter: Enter) -> None:
    alice = await enter("alice")
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("/files", {}),
        ("/files?name=a&upload=u", {}),
        ("/files?name=a&upload=u&size=x", {}),
        ("/files?name=a&upload=u&size=-1", {}),
        ("/files?name=a&upload=u&size=1&offset=-1", {}),
        ("/files?name=a&upload=u&size=1&offset=+1", {}),
        ("/files?name=a&upload=u&size=1&offset=9" + "0" * 15, {}),
        ("/files?name=a&name=b", {}),
        ("/files?name=a&sise=1", {}),
        ("/files?name=a&upload=u+u&size=1", {}),
        ("/files?name=a&upload=&size=1", {}),
        ("/files?name=a", {"Content_Encoding": "gzip"}),
    ]
    for path, headers in wrong:
        answer = await alice.call("POST", path, data=b"x", **headers)
        assert (answer.status, answer.error) == (400, "bad_request"), path
    assert (await alice.send(b"x", upload="u" * 65, size=1)).error == "too_large"
    assert (await alice.call("PUT", "/files?name=a", data=b"x")).status == 405
    assert (await alice.call("GET", "/uploads/unknown")).error == "no_such_file"
    for file in ("0" * 63, "0" * 65, "A" * 64, "...", "%2e%2e%2f%2e%2e", "files.sqlite3", "parts"):
        assert (await alice.fetch(file)).status == 404
