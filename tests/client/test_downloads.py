"""Downloads: the cache and its bound, one request however many ask, breaks, hashes, and saving without overwriting."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chatclient.cache import Cache
from chatclient.client import ChatClient, Offline
from shared.errors import ParleyError, ProtocolError, Refused
from tests.client.filestand import FileStand, doors
from tests.client.test_uploads import MIB, sha


@asynccontextmanager
async def client_of(stand: FileStand, tmp_path: Path | None = None) -> AsyncIterator[ChatClient]:
    """A client that never signed in: files need their token alone."""
    async with doors(stand) as door:
        cache = tmp_path / "cache" if tmp_path else None
        client = ChatClient("127.0.0.1", door.port, "alice", "0" * 64, cache=cache, backoff=lambda attempt: 0.0)
        try:
            yield client
        finally:
            await client.close()


def stand_with(*contents: bytes, **more: object) -> FileStand:
    stand = FileStand(**more)  # type: ignore[arg-type]  # fields by name
    stand.files = {sha(content): content for content in contents}
    return stand


async def test_asked_once_however_many_ask_and_kept(tmp_path: Path) -> None:
    content = os.urandom(MIB)
    stand = stand_with(content)
    async with client_of(stand, tmp_path) as client:
        paths = await asyncio.gather(*(client.fetch(sha(content)) for _ in range(5)))
        assert set(paths) == {tmp_path / "cache" / sha(content)} and paths[0].read_bytes() == content
        await client.fetch(sha(content))
    assert stand.asked == [f"GET /files/{sha(content)}"]
    async with client_of(FileStand(), tmp_path) as client:  # another run, which asks nobody
        assert (await client.fetch(sha(content))).read_bytes() == content
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [sha(content)]


async def test_one_who_gives_up_takes_nothing_from_the_others() -> None:
    stand = stand_with(b"cat", gate=asyncio.Event())
    async with client_of(stand) as client:
        first, second = (asyncio.create_task(client.fetch(sha(b"cat"))) for _ in range(2))
        await stand.until(lambda: stand.asked)
        first.cancel()
        assert stand.gate is not None
        stand.gate.set()
        assert (await second).read_bytes() == b"cat"
        assert first.cancelled() and len(stand.asked) == 1


async def test_a_break_is_resumed_where_it_was() -> None:
    content = os.urandom(MIB)
    stand = stand_with(content, break_at=[MIB // 4, MIB // 2])
    async with client_of(stand) as client:
        assert (await client.fetch(sha(content))).read_bytes() == content
        assert len(stand.asked) == 3


async def test_what_cannot_be_had(tmp_path: Path, free_port: int) -> None:
    stand = stand_with(b"cat")
    stand.files[sha(b"dog")] = b"wolf"
    async with client_of(stand, tmp_path) as client:
        with pytest.raises(Refused, match="There is no such file"):
            await client.fetch("0" * 64)
        with pytest.raises(ProtocolError, match="not the file that was asked for"):
            await client.fetch(sha(b"dog"))
        with pytest.raises(Refused, match="A file is named by"):
            await client.fetch("../../etc/passwd")
        with pytest.raises(Refused, match="not on this device"):
            await client.fetch("~unknown")
        assert list((tmp_path / "cache").iterdir()) == []
        assert (await client.fetch(sha(b"cat"))).read_bytes() == b"cat"  # the control
    nobody = ChatClient("127.0.0.1", free_port, "alice", "0" * 64, backoff=lambda attempt: 0.0)
    with pytest.raises(Offline):
        await nobody.fetch(sha(b"cat"))
    await nobody.close()


async def test_a_thumb_is_another_file(tmp_path: Path) -> None:
    stand = stand_with(b"cat", break_at=[1])
    async with client_of(stand, tmp_path) as client:
        path = await client.fetch(sha(b"cat"), thumb=True)
        assert path.name == f"{sha(b'cat')}.thumb" and path.read_bytes() == b"cat"
        assert stand.asked == [f"GET /files/{sha(b'cat')}/thumb"] * 2


async def test_saving_overwrites_nothing_unless_told(tmp_path: Path) -> None:
    content = os.urandom(MIB)
    stand = stand_with(content, break_at=[MIB // 3])
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "cat.png").write_bytes(b"mine")
    async with client_of(stand, tmp_path) as client:
        assert await client.save(sha(content), folder / "cat.png") == folder / "cat (2).png"
        assert await client.save(sha(content), folder / "cat.png") == folder / "cat (3).png"
        assert (folder / "cat.png").read_bytes() == b"mine"
        assert await client.save(sha(content), folder / "cat.png", replace=True) == folder / "cat.png"
        assert {path.name for path in folder.iterdir()} == {"cat.png", "cat (2).png", "cat (3).png"}
        assert all(path.read_bytes() == content for path in folder.iterdir())
        await client.fetch(sha(content))
        asked = len(stand.asked)
        await client.save(sha(content), folder / "again.png")
        assert len(stand.asked) == asked  # it was here
        with pytest.raises(ParleyError, match=r"cannot be written: No such file"):
            await client.save(sha(content), tmp_path / "nowhere" / "cat.png")
        stand.files.clear()
        with pytest.raises(Refused):
            await client.save("0" * 64, folder / "none.png")
    assert len(list(folder.iterdir())) == 4


def test_the_cache_is_bounded_and_the_longest_unused_go(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", most=1000)
    for number, name in enumerate("abcdefgh"):
        part = cache.part(name)
        part.write_bytes(bytes(120))
        path = cache.put(part, name)
        os.utime(path, (number, number))
    assert {path.name for path in (tmp_path / "cache").iterdir()} == set("abcdefgh")
    assert cache.find("a") is not None and cache.find("z") is None
    part = cache.part("i")
    part.write_bytes(bytes(120))
    cache.put(part, "i")
    assert {path.name for path in (tmp_path / "cache").iterdir()} == set("adefghi")
    part = cache.part("huge")
    part.write_bytes(bytes(2000))
    assert cache.put(part, "huge").exists()
    assert {path.name for path in (tmp_path / "cache").iterdir()} == {"huge"}
