"""The files of a server: takes uploads in, says who may post what, and lets go of what nothing refers to.

Bytes are written, hashed and synced off the loop, by threads of their own; pictures are read by others. The uploads
that are not complete lie in memory too, each change of them on the disk first.

Guarantees, numbered for the tests:

 F1. A name that is a hash has the bytes of that hash, whatever dies when.
 F2. What came of a resumable upload outlasts its connection and the server.
 F3. Whoever uploads the same bytes gets the same file, and each of them may post it until they delete it.
 F4. What stands in a message that is left, is somebody's picture, or was uploaded within a day is not removed.
 F5. A full disk refuses uploads and nothing else; what is incomplete gives its room back.
"""

import asyncio
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from chatserver.files.keeping import DAY, History, Keeping
from chatserver.files.pictures import KINDS, About, Pictures
from chatserver.files.shelf import Shelf
from chatserver.files.store import Begun, FilesError, Store
from chatserver.files.threads import Threads, disk_failed, no_room
from chatserver.files.upload import Read, TooMuch, Upload, to_its_end, too_large
from chatserver.rooms import Rooms
from shared.errors import ParleyError, Refused
from shared.protocol import Deleted, File, Message

logger = logging.getLogger(__name__)

AT_ONCE: Final = 4
"""Uploads of one person that are not complete."""
UNFINISHED: Final = 1 << 30
"""Bytes of them together; one file may always be as large as a file may be."""
RESERVE: Final = 64 << 20
"""Bytes that an upload leaves free on the disk, for the history."""
EVERY: Final = 600.0
"""Seconds between two looks at what is old."""
CLOSING: Final = Refused("shutting_down", "The server is shutting down. Go on when it is back.")
TAKEN_OVER: Final = Refused("bad_request", "This upload goes on over another connection.")


class WrongOffset(ParleyError):
    """The upload does not go on there but at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"The upload goes on at {offset:,}.")
        self.offset = offset


class Files:
    """All files of one server. `limit`: bytes that one may have; `threads` for who reads them; `clock` gives seconds
    since 1970; `completed` counts uploads since the start."""

    def __init__(
        self, folder: Path, history: History, rooms: Rooms, *, limit: int, clock: Callable[[], float] = time.time
    ) -> None:
        """Open or create; blocking. `FilesError` where that cannot be done."""
        self.limit = limit
        self.completed = 0
        self._clock = clock
        try:
            self._shelf = Shelf(folder)
            self._store = Store(folder / "files.sqlite3")
            begun = self._store.begun()
            self._shelf.discard_parts_but(frozenset(row.part for row in begun))
        except (OSError, sqlite3.Error) as error:
            raise FilesError(f"The files in {folder} cannot be used: {error}.") from error
        self.threads = Threads()
        self._pictures = Pictures()
        self._keeping = Keeping(self._store, self._shelf, self.threads, history, rooms, clock)
        self._look = self._keeping.look_at_all
        self._uploads: dict[str, dict[str, Upload]] = {}
        self._shrinking: dict[str, asyncio.Task[bool]] = {}
        self._closing = False
        for row in begun:
            offset, touched = self._shelf.received(row.part)
            upload = Upload(row.user, row.ident, row.part, row.name, row.size, offset)
            upload.touched = max(row.begun, touched)
            self._uploads.setdefault(row.user, {})[row.ident] = upload

    # --- uploads ------------------------------------------------------------------------------------------------

    async def receive(self, user: str, name: str, size: int | None, read: Read) -> File:
        """A file in one piece; nothing is left of it where the connection breaks. `size` where it is known."""
        upload = await self._begin(user, None, name, size)
        try:
            async with upload.lock:
                await self._feed(upload, read)
                return await to_its_end(self._complete(upload))
        finally:
            await to_its_end(self._forget(upload))

    async def resume(
        self, user: str, ident: str, name: str, size: int, offset: int, length: int | None, read: Read
    ) -> File | int:
        """A part of an upload from `offset` on, of `length` bytes where that is known: the file when it is complete,
        otherwise up to where it is. `WrongOffset` says where it goes on. Other connections that feed it are ended."""
        while True:
            upload = self._uploads.get(user, {}).get(ident)
            if upload is None:
                if file := await self.threads.on_rows(lambda: self._store.completed(user, ident)):
                    _check_same(file, name, size)
                    return file
                if ident in self._uploads.get(user, {}):
                    continue
                if offset:
                    raise WrongOffset(0)
                upload, claim = await self._begin(user, ident, name, size), 0
            else:
                claim = upload.claim(TAKEN_OVER)
            async with upload.lock:
                if upload.gone:
                    continue
                if upload.claimed != claim:
                    raise TAKEN_OVER
                _check_same(upload, name, size)
                if offset != upload.offset:
                    raise WrongOffset(upload.offset)
                if length is not None and offset + length > size:
                    raise Refused("bad_request", f"{offset + length:,} bytes are more than the {size:,} announced.")
                await self._feed(upload, read)
                if upload.offset < size:
                    return upload.offset
                return await to_its_end(self._complete(upload))

    async def progress(self, user: str, ident: str) -> File | int | None:
        """What became of an upload: the file, or how many bytes are there; None for one that nobody knows."""
        if upload := self._uploads.get(user, {}).get(ident):
            return upload.offset
        return await self.threads.on_rows(lambda: self._store.completed(user, ident))

    async def drop(self, user: str, ident: str) -> None:
        """The upload is not wanted any more. What is complete already stays."""
        if upload := self._uploads.get(user, {}).get(ident):
            upload.claim(Refused("bad_request", "This upload was dropped."))
            async with upload.lock:
                await to_its_end(self._forget(upload))

    @property
    def unfinished(self) -> int:
        """Uploads that are not complete, under way or waiting for their next part."""
        return sum(map(len, self._uploads.values()))

    async def _begin(self, user: str, ident: str | None, name: str, size: int | None) -> Upload:
        if self._closing:
            raise CLOSING
        if size is not None and size > self.limit:
            raise too_large(self.limit)
        expected = self.limit if size is None else size
        upload = Upload(user, ident, secrets.token_hex(16), name, size, 0)
        upload.touched = self._clock()
        crowded_out = self._crowded_out(user, expected)
        self._uploads.setdefault(user, {})[ident or upload.part] = upload
        async with upload.lock:
            try:
                for other in crowded_out:
                    await self._forget(other)
                if await self.threads.on_bytes(self._shelf.free) < (size or 0) + RESERVE:
                    raise no_room()
                if ident is not None:
                    begun = Begun(user, ident, upload.part, name, expected, upload.touched)
                    await self.threads.on_rows(lambda: self._store.begin(begun))
            except BaseException:
                await to_its_end(self._forget(upload))
                raise
        return upload

    def _crowded_out(self, user: str, size: int) -> list[Upload]:
        """Which uploads make room for a new one: those that were touched least recently and that nobody feeds."""
        mine = sorted(self._uploads.get(user, {}).values(), key=lambda upload: upload.touched)
        idle = [upload for upload in mine if not upload.lock.locked()]
        waiting, most = sum(upload.size or self.limit for upload in mine), max(UNFINISHED, self.limit)
        chosen: list[Upload] = []
        while len(mine) - len(chosen) >= AT_ONCE or waiting + size > most:
            if not idle:
                raise Refused("rate_limited", f"You are sending {len(mine)} files already. Wait for one of them.", 5.0)
            chosen.append(idle.pop(0))
            waiting -= chosen[-1].size or self.limit
        return chosen

    async def _feed(self, upload: Upload, read: Read) -> None:
        """Take in what a connection brings. What is kept of it when that fails is the answer's business: all, but
        for a full disk and for more bytes than may be."""
        if self._closing:
            raise CLOSING
        most = self.limit if upload.size is None else upload.size
        path = self._shelf.part(upload.part)
        try:
            await upload.feed(read, path, most, self.threads.bytes)
        except ConnectionError:
            await self._measure(upload)
            raise
        except OSError as error:
            await to_its_end(self._forget(upload))
            raise disk_failed(error) from error
        except TooMuch:
            await to_its_end(self._forget(upload))
            raise
        except Refused:
            await self._measure(upload)
            raise
        finally:
            upload.touched = self._clock()

    async def _measure(self, upload: Upload) -> None:
        upload.offset, _ = await self.threads.on_bytes(lambda: self._shelf.received(upload.part))

    async def _complete(self, upload: Upload) -> File:
        sealed = await self.threads.on_bytes(lambda: self._shelf.seal(upload.part))
        if upload.size not in (None, sealed.size):  # somebody was at the part
            upload.offset = sealed.size
            raise WrongOffset(sealed.size)
        about = await self._about(upload.part, sealed.file)
        file = File(
            file=sealed.file,
            name=upload.name,
            mime=about.mime,
            size=sealed.size,
            width=about.width,
            height=about.height,
        )
        try:
            async with self._keeping.lock:
                await self.threads.on_bytes(lambda: self._shelf.place(upload.part, file.file))
                await self.threads.on_rows(lambda: self._store.complete(upload.user, upload.ident, file, self._clock()))
        except Refused:
            self._keeping.soon(file.file)
            await self._forget(upload)
            raise
        self._leave(upload)
        self.completed += 1
        return file

    async def _about(self, part: str, file: str) -> About:
        known = await self.threads.on_rows(lambda: self._store.about(file))
        if known is not None:
            return About(known.mime, known.width, known.height)
        return await self._pictures.examine(self._shelf.part(part), self._shelf.thumb(file))

    async def _forget(self, upload: Upload) -> None:
        """Nothing is left of an upload; one that is complete is gone from here already."""
        if upload.gone:
            return
        self._leave(upload)
        await self.threads.on_bytes(lambda: self._shelf.discard_part(upload.part))  # first: the disk may be full
        if upload.ident is not None:
            user, ident = upload.user, upload.ident
            try:
                await self.threads.on_rows(lambda: self._store.drop(user, ident))
            except Refused:
                logger.warning("an upload of %s is remembered without its bytes, for a day", user)

    def _leave(self, upload: Upload) -> None:
        upload.gone = True
        mine = self._uploads.get(upload.user, {})
        mine.pop(upload.ident or upload.part, None)
        if not mine:
            self._uploads.pop(upload.user, None)

    # --- files --------------------------------------------------------------------------------------------------

    async def owned(self, user: str, file: str) -> File | None:
        """The file, by the name that this person gave it, where they uploaded it and may still post it."""
        return await self.threads.on_rows(lambda: self._store.owned(user, file))

    async def about(self, file: str) -> File | None:
        """What is known of the bytes, without a name."""
        return await self.threads.on_rows(lambda: self._store.about(file))

    def path(self, file: str) -> Path:
        """Where the bytes are, if they are."""
        return self._shelf.path(file)

    async def thumb(self, file: File) -> Path | None:
        """Where its small picture is, made anew where it was deleted; None for what is no picture."""
        path = self._shelf.thumb(file.file)
        if file.mime not in KINDS or not file.width:
            return None
        if await self.threads.on_bytes(path.is_file):
            return path
        making = self._shrinking.get(file.file)
        if making is None:
            making = asyncio.get_running_loop().create_task(self._shrink(file, path))
            self._shrinking[file.file] = making
            making.add_done_callback(lambda _: self._shrinking.pop(file.file))
        return path if await asyncio.shield(making) else None

    async def _shrink(self, file: File, thumb: Path) -> bool:
        try:
            return await self._pictures.shrink(self.path(file.file), file.mime, thumb)
        except OSError as error:
            logger.warning("a small picture cannot be made: %s", error)
            return False

    def deleted(self, event: Deleted, message: Message) -> None:
        """A message was deleted (`message` as it was before): what nothing refers to any more goes away."""
        if message.files:
            self._keeping.gone(message.user, [file.file for file in message.files])

    # --- life ---------------------------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Let go of what is old, for as long as the server runs."""
        while True:
            await self.tidy()
            await asyncio.sleep(EVERY)

    async def tidy(self) -> None:
        """Let go of what is old now; the first time also of what a crash left."""
        try:
            await self._expire()
            await self._look()
        except ParleyError as error:  # the disk or the index: the next look may find them well
            logger.warning("files that nobody needs any more stay for now: %s", error)
        else:
            self._look = self._keeping.look_at_old

    async def _expire(self) -> None:
        before = self._clock() - DAY
        for upload in [each for mine in self._uploads.values() for each in mine.values()]:
            if upload.touched < before and not upload.lock.locked():
                await self._forget(upload)

    def stop(self) -> None:
        """End the uploads that are being received; what came of them is kept."""
        self._closing = True
        for mine in self._uploads.values():
            for upload in mine.values():
                upload.end(CLOSING)

    async def close(self) -> None:
        """Wait for the disk and close."""
        await self._keeping.close()
        await asyncio.gather(*self._shrinking.values(), return_exceptions=True)
        self._pictures.close()
        await self.threads.on_rows(self._store.close)
        self.threads.close()


def _check_same(earlier: File | Upload, name: str, size: int) -> None:
    if (earlier.name, earlier.size) != (name, size):
        raise Refused("id_reused", "This upload was begun with another name or size. Take a new id.")
