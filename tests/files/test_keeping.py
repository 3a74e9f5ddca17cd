"""F3, F4, F5: what is kept, for how long, and what goes; with a hand-made history and a clock of one's own."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chatserver.files import Files, FilesError, WrongOffset
from chatserver.files import keeping as keeping_module
from chatserver.files import service as service_module
from chatserver.files.upload import Read
from chatserver.log.contract import LogError
from chatserver.rooms import Rooms
from shared.errors import Refused
from shared.protocol import Deleted, File, Message, ProfileSet
from tests.files.samples import picture

DAY = 86_400.0
HASH = hashlib.sha256(b"data").hexdigest()


class Past:
    """What stands in messages that are left."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.broken = False

    async def file_used(self, file: str) -> bool:
        if self.broken:
            raise LogError("The index failed.")
        return file in self.files


class Desk:
    """Files in a folder, and what they depend on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.past = Past()
        self.rooms = Rooms()
        self.now = 1_800_000_000.0
        self.files = self.open()

    def open(self) -> Files:
        return Files(self.folder, self.past, self.rooms, limit=1 << 20, clock=lambda: self.now)

    async def again(self) -> None:
        """A restart."""
        await self.files.close()
        self.files = self.open()

    async def receive(self, user: str, data: bytes, name: str = "a.bin") -> File:
        return await self.files.receive(user, name, len(data), said(data))

    async def part(self, user: str, data: bytes, offset: int = 0, size: int = 100) -> File | int:
        return await self.files.resume(user, "u", "a.bin", size, offset, len(data), said(data))

    def deleted(self, user: str, *files: File) -> None:
        message = Message(seq=5, room="lobby", user=user, id="m", text="", files=files)
        self.files.deleted(Deleted(seq=6, room="lobby", user=user, id="d", of=5), message)

    def there(self, file: File) -> bool:
        return self.files.path(file.file).exists()


def said(*pieces: bytes) -> Read:
    """A connection that says this and no more."""
    waiting: Iterator[bytes] = iter(pieces)

    async def read() -> bytes:
        return next(waiting, b"")

    return read


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(keeping_module, "GRACE", 0.05)
    made = Desk(tmp_path / "files")
    yield made
    await made.files.close()


async def until_gone(desk: Desk, file: File) -> None:
    async with asyncio.timeout(5):
        while desk.there(file):  # noqa: ASYNC110  # a file on the disk tells nobody that it goes
            await asyncio.sleep(0.01)


async def test_what_nothing_refers_to_any_more_goes(desk: Desk) -> None:
    file = await desk.receive("alice", picture())
    thumb = await desk.files.thumb(file)
    assert thumb is not None and thumb.exists() and desk.there(file)
    desk.deleted("alice", file)
    assert await desk.files.owned("alice", file.file) is None, "at once"
    assert desk.there(file), "and the bytes in a moment"
    await until_gone(desk, file)
    assert not thumb.exists() and await desk.files.about(file.file) is None


@pytest.mark.parametrize("why", ["another message", "a message on its way", "a picture", "somebody else has it"])
async def test_what_something_refers_to_stays(desk: Desk, why: str) -> None:
    file, control = await desk.receive("alice", b"data"), await desk.receive("alice", b"control")
    if why == "another message":
        desk.past.files.add(file.file)
    elif why == "a picture":
        desk.rooms.apply(ProfileSet(seq=1, room="lobby", user="alice", id="p", display="", picture=file.file))
    elif why == "somebody else has it":
        await desk.receive("bob", b"data", "his.bin")
    desk.deleted("alice", file, control)
    if why == "a message on its way":
        desk.past.files.add(file.file)
    await until_gone(desk, control)
    assert desk.there(file)
    assert await desk.files.owned("alice", file.file) is None
    his = await desk.files.owned("bob", file.file)
    assert (his is not None and his.name == "his.bin") is (why == "somebody else has it")


async def test_what_was_never_posted_goes_after_a_day(desk: Desk) -> None:
    old, posted, shown = [await desk.receive("alice", data) for data in (b"old", b"posted", b"shown")]
    desk.past.files.add(posted.file)
    desk.rooms.apply(ProfileSet(seq=1, room="lobby", user="alice", id="p", display="", picture=shown.file))
    await desk.files.tidy()
    assert desk.there(old), "a day has not passed"
    desk.now += DAY - 10
    young = await desk.receive("alice", b"young")
    desk.now += 20
    await desk.files.tidy()
    assert [desk.there(file) for file in (old, posted, shown, young)] == [False, True, True, True]
    assert await desk.files.owned("alice", old.file) is None
    for file in (posted, shown, young):
        assert await desk.files.owned("alice", file.file) == file
    # What stood in a message goes with it, however old it is.
    desk.past.files.clear()
    desk.deleted("alice", posted)
    await until_gone(desk, posted)


async def test_a_start_finds_what_a_crash_left(desk: Desk) -> None:
    kept, deleted = await desk.receive("alice", b"kept"), await desk.receive("alice", b"deleted")
    desk.past.files |= {kept.file, deleted.file}
    desk.now += 2 * DAY
    await desk.files.tidy()
    # A deletion was stored, and the server died before it looked at its files.
    desk.past.files.remove(deleted.file)
    # And one died between the rename and the row.
    orphan = desk.files.path("ab" + "0" * 62)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"without a row")
    await desk.again()
    await desk.files.tidy()
    assert desk.there(kept) and not desk.there(deleted)
    assert not orphan.exists(), "its day is over by the clock of this test"


async def test_the_list_is_lost_and_the_files_are_not(desk: Desk) -> None:
    file = await desk.receive("alice", b"data")
    desk.past.files.add(file.file)
    await desk.files.close()
    for path in desk.folder.glob("files.sqlite3*"):
        path.unlink()
    desk.files = desk.open()
    desk.now += 10 * DAY
    await desk.files.tidy()
    assert desk.there(file)


async def test_an_index_that_fails_removes_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    file = await desk.receive("alice", b"data")
    desk.past.broken = True
    desk.deleted("alice", file)
    desk.now += 2 * DAY
    await desk.files.tidy()
    assert desk.there(file)
    assert "for now" in caplog.text
    desk.past.broken = False
    await desk.files.tidy()
    assert not desk.there(file)


async def test_unfinished_ones_go_after_a_day(desk: Desk) -> None:
    assert await desk.part("alice", b"x" * 10) == 10
    desk.now += DAY - 10
    assert await desk.part("alice", b"x" * 10, 10) == 20
    desk.now += DAY - 10
    await desk.files.tidy()
    assert await desk.files.progress("alice", "u") == 20, "something came within the last day"
    await desk.again()
    assert await desk.files.progress("alice", "u") == 20
    desk.now += DAY
    await desk.files.tidy()
    assert await desk.files.progress("alice", "u") is None
    assert list((desk.folder / "parts").iterdir()) == []
    with pytest.raises(WrongOffset) as wrong:
        await desk.part("alice", b"x", 20)
    assert wrong.value.offset == 0


async def test_what_an_upload_became_is_known_for_a_day(desk: Desk) -> None:
    file = await desk.part("alice", b"x" * 100)
    assert await desk.files.progress("alice", "u") == file
    desk.past.files.add(HASH)
    desk.now += DAY + 1
    await desk.files.tidy()
    assert await desk.files.progress("alice", "u") is None


async def test_unfinished_bytes_have_a_limit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "UNFINISHED", 2 << 20)
    for number in range(3):
        desk.now += 1
        await desk.files.resume("alice", f"u{number}", "a", 900_000, 0, 1, said(b"x"))
    assert [await desk.files.progress("alice", f"u{number}") for number in range(3)] == [None, 1, 1]


async def test_no_room_is_left_for_an_upload(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_module, "RESERVE", 1 << 60)
    for work in (desk.receive("alice", b"data"), desk.part("alice", b"data")):
        with pytest.raises(Refused) as refused:
            await work
        assert refused.value.code == "storage_full"
    assert await desk.files.progress("alice", "u") is None
    monkeypatch.undo()
    assert (await desk.receive("alice", b"data")).file == HASH


async def test_a_disk_that_fails_in_the_middle_gives_room_back(desk: Desk) -> None:
    parts = desk.folder / "parts"

    await desk.part("alice", b"x" * 10, size=200_000)
    for path in parts.iterdir():
        path.unlink()
        path.symlink_to("/dev/full")
    with pytest.raises(Refused) as refused:
        await desk.files.resume("alice", "u", "a.bin", 200_000, 10, None, said(b"x" * 100_000))
    assert refused.value.code == "storage_full"
    assert list(parts.iterdir()) == []
    assert await desk.files.progress("alice", "u") is None


async def test_a_part_that_somebody_cut_is_no_file(desk: Desk) -> None:
    """F1: what was not all received is never taken for the whole."""
    await desk.part("alice", b"x" * 99)
    (part,) = (desk.folder / "parts").iterdir()
    part.write_bytes(b"x" * 50)
    with pytest.raises(WrongOffset) as wrong:
        await desk.part("alice", b"x", 99)
    assert wrong.value.offset == 51
    assert isinstance(await desk.part("alice", b"x" * 49, 51), File)


async def test_a_file_that_a_folder_bars(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"no folder")
    with pytest.raises(FilesError, match="files"):
        Files(tmp_path / "files", Past(), Rooms(), limit=1)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "files.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(FilesError, match="files"):
        Files(tmp_path / "other", Past(), Rooms(), limit=1)
