"""Files on their way to the server: taken into the spool at once, brought up two at a time, resumed where they broke.

Each upload has an id of its own under which the server keeps what came of it, so that neither a broken connection nor
the end of either program begins it anew. An upload lives until it is dropped; only then do its bytes leave the spool.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import msgspec

from chatclient.cache import Cache
from chatclient.drafts import UPLOAD
from chatclient.events import ClientEvent, Uploaded, UploadFailed, Uploading
from chatclient.intake import described, taken_in, whole
from chatclient.journal import Dropped, Kept
from chatclient.offloop import off_loop
from chatclient.sizes import size
from chatclient.spool import Spool
from chatclient.uploads_road import Bringing, Road
from shared.errors import Code, ParleyError, Refused
from shared.protocol import File

_log = logging.getLogger(__name__)

AT_ONCE: Final = 2
PROGRESS: Final = 0.1
"""Seconds between two words on how far an upload is."""
_GONE: Final = "This file is not on this device any more. Attach it again."


class Failure(NamedTuple):
    code: str
    message: str


@dataclass
class _Upload:
    """`file` as far as it is known; `kept` once its bytes lie in the spool; `task` while something is done for it.

    source    path and bytes as they were given, until they are kept
    here      set once it is kept or failed
    begun     the server may have a part of it
    told      when it was said last how far it is
    """

    file: File
    source: tuple[Path | None, bytes | None] | None = None
    kept: Kept | None = None
    failure: Failure | None = None
    task: asyncio.Task[None] | None = None
    here: asyncio.Event = field(default_factory=asyncio.Event)
    begun: bool = False
    told: float = 0.0


class Uploads:
    """Of one client.

    tell       gets the events
    ended      gets the id of each upload that is up or failed, after it was told
    backoff    seconds to wait after so many tries in a row that came to nothing
    cache      has a file that is up under its hash, so that it need not be fetched to be shown
    """

    def __init__(
        self,
        spool: Spool,
        tell: Callable[[ClientEvent], None],
        ended: Callable[[str], None],
        backoff: Callable[[int], float],
        cache: Cache,
    ) -> None:
        self._spool = spool
        self._tell = tell
        self._ended = ended
        self._backoff = backoff
        self._cache = cache
        self._road: Callable[[], Road] | None = None
        self._limit: int | None = None
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._all: dict[str, _Upload] = {}
        self._known: dict[str, File] = {}
        self._gone: dict[str, File] = {}
        self._asides: set[asyncio.Task[None]] = set()
        self._closed = False

    # --- what is known of them ------------------------------------------------------------------------------

    def named(self, file: str) -> str:
        """How a post names this upload or hash while it waits."""
        return UPLOAD + file if file in self._all else file

    def file(self, named: str) -> File:
        """What a post names so, as far as it is known on this device."""
        upload = self._all.get(named.removeprefix(UPLOAD))
        if upload is None:
            return self._known.get(named) or File(file=named, name="file", mime="application/octet-stream", size=0)
        up = upload.kept.up if upload.kept is not None else None
        return up or msgspec.structs.replace(upload.file, file=named)

    def up(self, upload: str) -> File | None:
        """As the server has it, once it has it, and also after it was dropped."""
        known = self._all.get(upload)
        if known is None:
            return self._gone.get(upload)
        return known.kept.up if known.kept is not None else None

    def hash(self, named: str) -> str:
        """What a post says for it on the wire: it is up."""
        return self.file(named).file

    def failure(self, upload: str) -> Failure | None:
        known = self._all.get(upload)
        return known.failure if known is not None else Failure("no_such_file", _GONE)

    def check(self, uploads: Iterable[str]) -> None:
        """`Refused` where one of them failed or is gone."""
        for upload in uploads:
            failure = self.failure(upload)
            if failure is not None:
                raise Refused(cast(Code, failure.code), failure.message)

    async def path(self, upload: str) -> Path | None:
        """Where its bytes lie on this device, while they do; waits until they were taken in."""
        known = self._all.get(upload)
        if known is None:
            return None
        await known.here.wait()
        return self._spool.path(upload) if upload in self._all and known.kept is not None else None

    # --- what is done with them -----------------------------------------------------------------------------

    def restore(self, failed: Mapping[str, Failure], waiting: Collection[str]) -> None:
        """Go on with what an earlier run kept and something waits for; forget what nothing names."""
        for ident, kept in list(self._spool.held.uploads.items()):
            if ident not in waiting and ident not in failed:
                self._forget(ident)
                continue
            upload = self._all[ident] = _Upload(kept.file, kept=kept, begun=True)
            upload.here.set()
            if kept.up is not None:
                self._known[kept.up.file] = kept.up
            elif not self._spool.path(ident).exists():
                upload.failure = Failure("no_such_file", _GONE)
            elif ident not in waiting:
                upload.failure = failed[ident]

    def attach(self, ident: str, path: Path | None, data: bytes | None, name: str) -> None:
        """Begin one."""
        shown = name or (path.name if path is not None else "")
        file = File(file="", name=shown, mime="application/octet-stream", size=0)
        upload = self._all[ident] = _Upload(file, source=(path, data))
        self._go_on(ident, upload)

    def again(self, ident: str, lost: bool = False) -> None:
        """Try once more one that failed; with `lost` also one that is up, because the server has it no more."""
        upload = self._all.get(ident)
        if upload is None or upload.task is not None:
            return
        if lost and upload.kept is not None and upload.kept.up is not None:
            upload.kept = msgspec.structs.replace(upload.kept, remote=f"{upload.kept.remote}.", up=None)
            self._spool.write(upload.kept)
        elif upload.failure is None:
            return
        upload.failure = None
        if upload.kept is None:
            upload.here.clear()
        self._go_on(ident, upload)

    def drop(self, ident: str) -> None:
        """Forget one, here and, where it is half up, on the server."""
        upload = self._all.pop(ident, None)
        if upload is None:
            return
        upload.here.set()
        if upload.task is not None:
            upload.task.cancel()
        kept = upload.kept
        if kept is not None:
            self._forget(ident)
            if kept.up is not None:
                self._gone[ident] = kept.up
            if upload.begun and kept.up is None and self._road is not None:
                self._aside(self._road().drop_upload(kept.remote))

    def online(self, road: Callable[[], Road], limit: int | None) -> None:
        """There is a connection, to a server that takes so many bytes a file: go on. `road` is asked for when there is
        something to bring."""
        self._road, self._limit = road, limit
        for ident, upload in self._all.items():
            self._go_on(ident, upload)

    def offline(self) -> None:
        """The connection is gone: go on when there is another."""
        self._road = None
        for upload in self._all.values():
            if upload.task is not None and upload.kept is not None:
                upload.task.cancel()

    async def close(self) -> None:
        """Stop everything; what is kept goes on with the next run."""
        self._closed = True
        tasks = [*self._asides, *(upload.task for upload in self._all.values() if upload.task is not None)]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # --- how it is done -------------------------------------------------------------------------------------

    def _go_on(self, ident: str, upload: _Upload) -> None:
        """Do what is to be done next for it, if anything is."""
        if upload.task is not None or upload.failure is not None or self._closed:
            return
        if upload.kept is None:
            work = self._take_in(ident, upload)
        elif upload.kept.up is None and self._road is not None:
            work = self._bring(ident, upload, upload.kept, self._road())
        else:
            return
        upload.task = asyncio.create_task(self._done(ident, upload, work), name=f"upload {ident}")

    async def _done(self, ident: str, upload: _Upload, work: Coroutine[Any, Any, None]) -> None:
        """Do it, and then what is next; what goes wrong for good is told."""
        try:
            await work
        except Refused as refused:
            upload.failure = Failure(refused.code, refused.message)
        except (ParleyError, OSError) as error:
            upload.failure = Failure("local", str(error))
        finally:
            upload.task = None
            upload.here.set()
        if upload.failure is not None:
            self._tell(UploadFailed(ident, *upload.failure))
        if upload.failure is not None or (upload.kept is not None and upload.kept.up is not None):
            self._ended(ident)
        self._go_on(ident, upload)

    async def _take_in(self, ident: str, upload: _Upload) -> None:
        """Copy the bytes into the spool."""
        assert upload.source is not None
        path, data = upload.source
        try:
            upload.file = await off_loop(lambda: described(path, data, upload.file.name))
            self._fitting(upload.file)
            target = self._spool.path(ident)
            upload.file = await taken_in(upload.file, path, data, target)
        except OSError as error:
            raise NotKept(f"{upload.file.name} could not be read or kept: {error.strerror or error}.") from None
        upload.source = None
        upload.kept = Kept(ident, ident, upload.file)
        self._spool.write(upload.kept)
        self._tell(Uploading(ident, 0, upload.file.size))

    def _fitting(self, file: File) -> None:
        if self._limit is not None and file.size > self._limit:
            raise Refused("too_large", f"{size(file.size)} is too large, the limit here is {size(self._limit)}.")

    async def _bring(self, ident: str, upload: _Upload, kept: Kept, road: Road) -> None:
        """Bring the bytes to the server, however often the connection breaks meanwhile."""
        self._fitting(kept.file)
        path = self._spool.path(ident)
        if not await off_loop(lambda: whole(path, kept.file)):
            raise Refused("no_such_file", _GONE)
        bringing = Bringing(kept, path, road, self._backoff, lambda sent: self._sent(ident, upload, sent))
        async with self._turns:
            begun, upload.begun = upload.begun, True
            file = await bringing.all(begun)
        if file.file != kept.file.file:
            raise NotKept(f"{kept.file.name} was damaged on its way or on this device. Attach it again.")
        upload.kept = msgspec.structs.replace(kept, up=file)
        self._spool.write(upload.kept)
        self._known[file.file] = file
        try:
            await off_loop(lambda: self._cache.share(path, file.file))
        except OSError as error:
            _log.info("A file that is up could not be kept to be shown: %s", error.strerror or error)
        self._tell(Uploading(ident, kept.file.size, kept.file.size))
        self._tell(Uploaded(ident, file))

    def _sent(self, ident: str, upload: _Upload, sent: int) -> None:
        now = asyncio.get_running_loop().time()
        if now - upload.told >= PROGRESS and sent < upload.file.size:
            upload.told = now
            self._tell(Uploading(ident, sent, upload.file.size))

    def _forget(self, ident: str) -> None:
        self._spool.write(Dropped(ident))
        self._spool.path(ident).unlink(missing_ok=True)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something of which nobody waits for the end."""

        async def tried() -> None:
            with suppress(ParleyError):  # the server forgets it by itself, only later
                await work

        task = asyncio.create_task(tried())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


class NotKept(ParleyError):
    """A file could not be taken in, or was damaged since."""
