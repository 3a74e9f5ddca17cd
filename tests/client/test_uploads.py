"""Uploads: progress, breaks, refusals, restarts, and what waits for them. Real HTTP, faults on order."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chatclient.events import Connected, Delivered, Discarded, Failed, Pending, Uploaded, UploadFailed, Uploading
from shared.protocol import Error, File, Join, Ok, Post, Welcome
from tests.client.filestand import Door, FileStand, doors
from tests.client.scripted import TIME, Listener, Peer, running, welcome

MIB = 1024 * 1024
TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
"""EXIF that says: turn it by a quarter."""


def picture(width: int = 40, height: int = 30, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **more)
    return out.getvalue()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def greeting(limit: int = 20 * MIB) -> Welcome:
    answer = welcome()
    answer.limits["file_bytes"] = limit
    return answer


@asynccontextmanager
async def signed_in(door: Door, **more: Any) -> AsyncIterator[tuple[Listener, Peer]]:
    async with running(door.port, **more) as listener:
        peer = await door.peer()
        await peer.welcomed(greeting())
        await listener.until(Connected)
        yield listener, peer


async def test_a_picture_goes_up_and_its_post_follows(tmp_path: Path) -> None:
    content = picture()
    stand = FileStand()
    async with doors(stand) as door, signed_in(door, spool=tmp_path / "s", cache=tmp_path / "c") as (listener, peer):
        client = listener.client
        (tmp_path / "cat.png").write_bytes(content)
        upload = client.attach(tmp_path / "cat.png")
        assert await listener.until(Uploading) == Uploading(upload, 0, len(content))
        (tmp_path / "cat.png").unlink()  # it is ours by now
        client.send("lobby", "look", files=[upload])
        client.send("lobby", "behind it")
        client.send("garden", "not behind it")
        pending = await listener.until(Pending)
        local = File(file=f"~{upload}", name="cat.png", mime="image/png", size=len(content), width=40, height=30)
        assert pending.files == (local,)
        assert (await client.fetch(f"~{upload}")).read_bytes() == content
        uploaded = await listener.until(Uploaded)
        assert uploaded.file.file == sha(content) and stand.tokens == {"Bearer " + "0" * 64}
        posts = {post.text: post for post in [await peer.hear(Post) for _ in range(3)]}
        assert list(posts) in (["not behind it", "look", "behind it"], ["look", "behind it", "not behind it"])
        assert posts["look"].files == (sha(content),)
        assert [path.suffix for path in (tmp_path / "s" / "1").iterdir()].count(".bytes") == 1
        peer.say(Ok(id=posts["look"].id, seq=1, time=TIME))
        await listener.until(Delivered)
        assert [path.suffix for path in (tmp_path / "s" / "1").iterdir()].count(".bytes") == 0
        asked = len(stand.asked)
        for name in (sha(content), f"~{upload}"):
            assert (await client.fetch(name)).read_bytes() == content
            assert (await client.fetch(name, thumb=True)).read_bytes() == content
        assert len(stand.asked) == asked  # one's own needs no fetching


async def test_progress_and_a_break_are_survived() -> None:
    content = os.urandom(3 * MIB)
    stand = FileStand(break_at=[MIB, MIB + MIB // 2])
    async with doors(stand) as door, signed_in(door) as (listener, _peer):
        upload = listener.client.attach(data=content, name="noise.bin")
        told = []
        while not told or not isinstance(told[-1], Uploaded):
            told.append(await listener.next())
        assert told[-1].file.file == sha(content)
        steps = [(event.sent, event.total) for event in told if isinstance(event, Uploading)]
        assert steps[0] == (0, len(content)) and steps[-1] == (len(content), len(content))
        assert {event.upload for event in told if isinstance(event, Uploading)} == {upload}
        posts = [each for each in stand.asked if each == "POST /files"]
        assert len(posts) == 3 and f"GET /uploads/{upload}" in stand.asked


async def test_progress_is_told_ten_times_a_second_at_most() -> None:
    content = os.urandom(8 * MIB)
    stand = FileStand()
    async with doors(stand) as door, signed_in(door) as (listener, _peer):
        loop = asyncio.get_running_loop()
        listener.client.attach(data=content, name="noise.bin")
        await listener.until(Uploading)
        begun, steps = loop.time(), 0
        while isinstance(event := await listener.next(), Uploading):
            steps += 1
        assert isinstance(event, Uploaded)
        assert steps <= (loop.time() - begun) * 10 + 2


async def test_the_connection_goes_and_comes_back() -> None:
    content = os.urandom(MIB)
    stand = FileStand(gate=asyncio.Event())
    async with doors(stand) as door, signed_in(door) as (listener, peer):
        upload = listener.client.attach(data=content, name="noise.bin")
        ident = listener.client.send("lobby", "", files=[upload])
        await stand.until(lambda: len(stand.uploads.get(upload, b"")) == MIB)
        peer.hang_up()
        assert stand.gate is not None
        stand.gate.set()
        peer = await door.peer()
        await peer.welcomed(greeting())
        await listener.until(Uploaded)
        assert (await peer.hear(Post)).id == ident
        assert stand.asked.count("POST /files") == 2


@pytest.mark.parametrize("known", [True, False])
async def test_too_large_is_said_before_a_byte_goes(known: bool) -> None:
    stand = FileStand()
    async with doors(stand) as door, running(door.port) as listener:
        client = listener.client
        data = bytes(2 * MIB + MIB // 2)
        if not known:  # attached and sent without a connection: said as soon as there is one
            upload = client.attach(data=data, name="big.bin")
            ident = client.send("lobby", "look", files=[upload])
        peer = await door.peer()
        await peer.welcomed(greeting(2 * MIB))
        await listener.until(Connected)
        if known:
            upload = client.attach(data=data, name="big.bin")
            ident = client.send("lobby", "look", files=[upload])
        sentence = "2.5 MB is too large, the limit here is 2 MB."
        assert await listener.until(UploadFailed) == UploadFailed(upload, "too_large", sentence)
        assert await listener.until(Failed) == Failed(ident, "lobby", "post", "too_large", sentence)
        assert stand.asked == []


async def test_the_servers_refusal_is_told_and_retried(tmp_path: Path) -> None:
    error = {"code": "storage_full", "message": "The server's disk is full."}
    stand = FileStand(refuse=[(413, error)])
    async with doors(stand) as door, signed_in(door) as (listener, peer):
        client = listener.client
        upload = client.attach(data=b"cat", name="cat.txt")
        assert await listener.until(UploadFailed) == UploadFailed(upload, "storage_full", error["message"])
        ident = client.send("lobby", "look", files=[upload])
        assert (await listener.until(Failed)).message == error["message"]
        again = client.retry(ident)  # the message again, and with it its file
        await listener.until(Uploaded)
        post = await peer.hear(Post)
        assert (post.id, post.files) == (again, (sha(b"cat"),))


async def test_a_server_that_asks_to_wait_is_waited_for() -> None:
    stand = FileStand(refuse=[(429, {"code": "rate_limited", "message": "Too fast.", "retry_after": 0.01})])
    async with doors(stand) as door, signed_in(door) as (listener, _peer):
        listener.client.attach(data=b"cat", name="cat.txt")
        await listener.until(Uploaded)
        assert stand.asked.count("POST /files") == 2


async def test_two_at_once_at_most() -> None:
    stand = FileStand(gate=asyncio.Event())
    async with doors(stand) as door, signed_in(door) as (listener, _peer):
        for i in range(5):
            listener.client.attach(data=bytes([i]), name="x.bin")
        for _ in range(5):
            await listener.until(Uploading)
        await stand.until(lambda: stand.at_once == 2)
        assert stand.gate is not None
        stand.gate.set()
        for _ in range(5):
            await listener.until(Uploaded)
        assert stand.most_at_once == 2


async def test_dropped_while_it_goes_up(tmp_path: Path) -> None:
    stand = FileStand(gate=asyncio.Event())
    async with doors(stand) as door, signed_in(door, spool=tmp_path) as (listener, peer):
        client = listener.client
        first, second = (client.attach(data=data, name="x.bin") for data in (b"cat", b"dog"))
        alone = client.send("lobby", "", files=[first])
        both = client.send("lobby", "dog", files=[first, second])
        await stand.until(lambda: stand.at_once == 2)
        client.drop_upload(first)
        assert stand.gate is not None
        stand.gate.set()
        assert await listener.until(Discarded) == Discarded(alone, "lobby")
        failed = await listener.until(Failed)
        assert (failed.id, failed.message) == (both, "One of its files was given up.")
        await stand.until(lambda: f"DELETE /uploads/{first}" in stand.asked)
        await listener.until(Uploaded)
        assert [path.stem for path in (tmp_path / "1").glob("*.bytes")] == [second]
        client.retry(both)
        assert (await peer.hear(Post)).files == (sha(b"dog"),)


@pytest.mark.parametrize(
    ("path", "name", "sentence"),
    [
        ("gone.txt", "", "gone.txt could not be read or kept: No such file or directory."),
        (".", "", " is a folder. Put it into an archive first"),
        ("cat.txt", "x" * 256, "has 256 characters, the limit is 255."),
    ],
)
async def test_what_cannot_be_taken_in(tmp_path: Path, path: str, name: str, sentence: str) -> None:
    (tmp_path / "cat.txt").write_text("cat")
    async with doors(FileStand()) as door, signed_in(door) as (listener, _peer):
        upload = listener.client.attach(tmp_path / path, name=name)
        failed = await listener.until(UploadFailed)
        assert failed.upload == upload and sentence in failed.message
        if path == "gone.txt":
            (tmp_path / path).write_text("back")
            listener.client.retry_upload(upload)
            await listener.until(Uploaded)


@pytest.mark.parametrize(
    ("content", "mime", "measures"),
    [
        (picture(40, 30, "JPEG"), "image/jpeg", (40, 30)),
        (picture(40, 30, "JPEG", exif=TURNED), "image/jpeg", (30, 40)),
        (picture(40, 30, "WEBP"), "image/webp", (40, 30)),
        (picture()[:30], "text/plain", (0, 0)),
        (b"cat", "text/plain", (0, 0)),
        (b"", "text/plain", (0, 0)),
    ],
)
async def test_what_a_file_is_is_looked_at(content: bytes, mime: str, measures: tuple[int, int]) -> None:
    async with doors(FileStand()) as door, signed_in(door) as (listener, _peer):
        upload = listener.client.attach(data=content, name="x.txt")
        await listener.until(Uploading)
        listener.client.send("lobby", "", files=[upload])
        (file,) = (await listener.until(Pending)).files
        assert (file.width, file.height) == measures
        assert file.mime == mime if measures == (0, 0) else file.mime.startswith("image/")
        await listener.until(Uploaded)


# --- restarts -------------------------------------------------------------------------------------------------


async def test_an_upload_and_its_post_survive_a_restart(tmp_path: Path) -> None:
    content = os.urandom(MIB)
    stand = FileStand(break_at=[MIB // 2], gate=asyncio.Event())
    async with doors(stand) as door:
        async with signed_in(door, spool=tmp_path, backoff=lambda attempt: 60.0) as (listener, _peer):
            upload = listener.client.attach(data=content, name="noise.bin")
            ident = listener.client.send("lobby", "look", files=[upload])
            await stand.until(lambda: len(stand.uploads.get(upload, b"")) == MIB // 2)
            draft = listener.client.attach(data=b"never sent", name="draft.txt")
            await listener.until(Uploading, lambda event: event.upload == draft)
        assert {path.stem for path in (tmp_path / "1").glob("*.bytes")} == {upload, draft}
        assert stand.gate is not None
        stand.gate.set()
        async with signed_in(door, spool=tmp_path) as (listener, peer):
            pending = await listener.until(Pending)
            assert (pending.id, pending.files[0].name, pending.files[0].size) == (ident, "noise.bin", MIB)
            assert (await listener.until(Uploaded)).file.file == sha(content)
            post = await peer.hear(Post)
            assert (post.id, post.files) == (ident, (sha(content),))
            assert {path.stem for path in (tmp_path / "1").glob("*.bytes")} == {upload}
            listener.client.join("garden")
            await peer.hear(Join)
        async with signed_in(door, spool=tmp_path) as (listener, peer):  # up before, not answered: not brought again
            posts = stand.asked.count("POST /files")
            assert (await peer.hear(Post)).files == (sha(content),)
            assert stand.asked.count("POST /files") == posts


async def test_bytes_that_were_lost_fail_the_post_and_say_so(tmp_path: Path) -> None:
    async with doors(FileStand()) as door:
        async with running(door.port, spool=tmp_path) as listener:
            uploads = [listener.client.attach(data=b"cat", name="cat.txt") for _ in range(2)]
            for upload in uploads:
                await listener.until(Uploading)
                listener.client.send("lobby", "look", files=[upload])
            (await door.peer()).hang_up()
        (tmp_path / "1" / f"{uploads[0]}.bytes").unlink()
        (tmp_path / "1" / f"{uploads[1]}.bytes").write_bytes(b"c")  # what a power cut may leave
        async with signed_in(door, spool=tmp_path) as (listener, _peer):
            for _ in uploads:
                sentence = "This file is not on this device any more. Attach it again."
                assert (await listener.until(Failed)).message == sentence


async def test_a_file_that_the_server_has_no_more_goes_up_again() -> None:
    stand = FileStand()
    async with doors(stand) as door, signed_in(door) as (listener, peer):
        upload = listener.client.attach(data=b"cat", name="cat.txt")
        ident = listener.client.send("lobby", "look", files=[upload])
        await peer.hear(Post)
        peer.say(Error(id=ident, code="no_such_file", message="There is no such file."))
        await listener.until(Failed)
        again = listener.client.retry(ident)
        assert (await peer.hear(Post)).id == again
        assert stand.asked.count("POST /files") == 2 and len(stand.uploads) == 2


async def test_a_change_on_its_way_is_noticed(tmp_path: Path) -> None:
    async with doors(FileStand()) as door, running(door.port, spool=tmp_path) as listener:
        upload = listener.client.attach(data=b"cat", name="cat.txt")
        await listener.until(Uploading)
        (tmp_path / "1" / f"{upload}.bytes").write_bytes(b"dog")
        await (await door.peer()).welcomed(greeting())
        assert "was damaged" in (await listener.until(UploadFailed)).message
