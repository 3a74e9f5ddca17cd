"""Files from the server: to look at, in the cache, or to keep, wherever the person wants them.

A file is asked for once, however many wait for it; what broke off goes on where it ended; nothing is shown or named as
asked before all of it is there and its hash is right. Pictures of one's own that went up from here are here already.
"""

import asyncio
import hashlib
import itertools
import secrets
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aiofiles

from chatclient.cache import Cache
from chatclient.drafts import UPLOAD
from chatclient.offloop import off_loop
from chatclient.questions import Offline
from chatclient.uploads import Uploads
from chatclient.uploads_road import PASSING
from shared.errors import ParleyError, ProtocolError, Refused
from shared.rules import file_hash

if TYPE_CHECKING:  # aiohttp takes its time to be imported
    from chatclient.web import Web

AT_ONCE: Final = 4
TRIES: Final = 4
"""In a row that bring nothing, before the person hears of it."""
WAITS: Final = 20
"""The same where the server asks to wait, as when many pictures come into sight at once."""


class NotSaved(ParleyError):
    """A file could not be written on this device; the sentence says where and why."""


class Downloads:
    """Of one client. `web` gives the road to the server."""

    def __init__(
        self, cache: Cache, uploads: Uploads, web: "Callable[[], Web]", backoff: Callable[[int], float]
    ) -> None:
        self._cache = cache
        self._uploads = uploads
        self._web = web
        self._backoff = backoff
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._running: dict[str, asyncio.Task[Path]] = {}

    async def fetch(self, file: str, thumb: bool = False) -> Path:
        """Where the file with this hash (or the one that this upload, `~…`, takes up) lies on this device, brought here
        first where it must be.

        thumb    a picture of at most 480 pixels is enough; it may be the original where that is here already: scale it,
                 and turn it by its EXIF, as any picture

        The path is good to be read at once; it may go when room is needed. `Refused`, `Offline`, `NotSaved`.
        """
        file, here = await self._here(file)
        name = f"{file}.thumb" if thumb else file
        here = here or self._cache.find(name) or (self._cache.find(file) if thumb else None)
        if here is not None:
            return here
        if name not in self._running:
            task = asyncio.create_task(self._fetched(file, thumb, name), name=f"fetch {name}")
            task.add_done_callback(lambda done: self._over(name, done))
            self._running[name] = task
        return await asyncio.shield(self._running[name])

    async def save(self, file: str, to: Path, replace: bool = False) -> Path:
        """Put the file where the person wants it, under the next free name where there is something already, unless
        they said to `replace` it; gives where it is. Nothing stands there before it is whole.
        """
        file, here = await self._here(file)
        here = here or self._cache.find(file)
        part = to.with_name(f".parley-{secrets.token_hex(4)}.part")
        try:
            if here is not None:
                await off_loop(lambda: shutil.copyfile(here, part))
            else:
                async with self._turns:
                    await self._bring(f"/files/{file}", part, file)
            return await off_loop(lambda: _placed(part, to, replace))
        except OSError as error:
            raise NotSaved(f"{to} cannot be written: {error.strerror or error}.") from None
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    async def close(self) -> None:
        """Ask for nothing any more."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._cache.close()

    async def _here(self, file: str) -> tuple[str, Path | None]:
        """The hash, and the bytes where an upload has them; of an upload that is not up there is no hash."""
        if not file.startswith(UPLOAD):
            return file_hash(file), None
        upload = file.removeprefix(UPLOAD)
        path, up = await self._uploads.path(upload), self._uploads.up(upload)
        if path is None and up is None:
            raise Refused("no_such_file", "This file is not on this device any more.")
        return up.file if up is not None else "", path

    def _over(self, name: str, done: asyncio.Task[Path]) -> None:
        del self._running[name]
        if not done.cancelled():
            done.exception()  # whoever waits for it hears it; where nobody does any more, nobody has to

    async def _fetched(self, file: str, thumb: bool, name: str) -> Path:
        async with self._turns:
            part = None
            try:
                part = await off_loop(lambda: self._cache.part(name))
                await self._bring(f"/files/{file}/thumb" if thumb else f"/files/{file}", part, "" if thumb else file)
                return await off_loop(lambda: self._cache.put(part, name))
            except OSError as error:
                raise NotSaved(f"A file could not be kept: {error.strerror or error}.") from None
            finally:
                if part is not None:
                    part.unlink(missing_ok=True)

    async def _bring(self, path: str, part: Path, expected: str) -> None:
        """The bytes of this path, written to `part` and, where their hash is known, resumed and compared."""
        digest, at, attempt, waits = hashlib.sha256(), 0, 0, 0
        async with aiofiles.open(part, "wb") as out:
            while True:
                before, wait = at, 0.0
                try:
                    async with self._web().download(path, at if expected else 0) as body:
                        if body.offset != at or not expected:
                            digest, at = hashlib.sha256(), 0
                            await _written(out.seek(0))
                            await _written(out.truncate())
                        async for piece in body.pieces:
                            await _written(out.write(piece))
                            digest.update(piece)
                            at += len(piece)
                    break
                except Offline:
                    attempt = 1 if at > before else attempt + 1
                    if attempt >= TRIES:
                        raise
                except Refused as refused:
                    waits += 1
                    if refused.code not in PASSING or waits >= WAITS:
                        raise
                    wait = refused.retry_after or 0.0
                await asyncio.sleep(max(wait, self._backoff(attempt)))
        if expected and digest.hexdigest() != expected:
            raise ProtocolError("What came is not the file that was asked for. Try again.")


async def _written(work: Awaitable[object]) -> None:
    """A disk's error is none of the connection's."""
    try:
        await work
    except OSError as error:
        raise NotSaved(f"A file could not be kept: {error.strerror or error}.") from None


def _placed(part: Path, to: Path, replace: bool) -> Path:
    if replace:
        part.replace(to)
        return to
    place, numbers = to, itertools.count(2)
    while True:
        try:
            place.touch(exist_ok=False)  # the name is ours from here on, whoever else writes there
        except FileExistsError:
            place = to.with_name(f"{to.stem} ({next(numbers)}){to.suffix}")
        else:
            part.replace(place)
            return place
