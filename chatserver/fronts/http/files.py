"""Files over HTTP: up with `POST /files`, down with `GET /files/…`.

Who may fetch a file is decided anew for each request: it stands in a message that is left, in a room that one is in;
or one uploaded it; or it is somebody's picture. Everything else is one and the same 404. What a browser could run is
a download, and even a picture comes in a sandbox.
"""

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote

import aiofiles
import msgspec
from aiofiles.threadpool.binary import AsyncFileIO
from aiohttp import web
from msgspec import UNSET, UnsetType

from chatserver.accounts import Device
from chatserver.files import WrongOffset
from chatserver.files.pictures import KINDS
from chatserver.files.upload import Read, too_large
from chatserver.fronts.http import asked, bearer, ranges
from chatserver.fronts.http.answers import json, refusal
from chatserver.fronts.http.kinds import FileName, Ident, Size
from chatserver.fronts.http.served import Served
from shared import rules
from shared.errors import Refused
from shared.protocol import File

BLOCK: Final = 64 * 1024
"""Bytes of a file that are in memory while it is sent."""
STALLED: Final = 60.0
"""Seconds within which a reader must take one block."""
SMALL: Final = "image/webp"
"""What small pictures are."""
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 !#$&'()+,.;=@^_`{}~\[\]-]")
"""What a quoted name in a header had better not have; the whole name stands beside it (RFC 6266)."""
_KEEP: Final = "private, max-age=31536000, immutable"


class UploadQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What a file is called; of one that comes in parts also which upload it is, how many bytes it has in all, and from
    which of them on these come."""

    name: FileName
    upload: Ident | UnsetType = UNSET
    size: Size | UnsetType = UNSET
    offset: Size = 0


class Reached(msgspec.Struct):
    """How many bytes of an upload are there: it goes on with the next."""

    offset: int


class Complete(msgspec.Struct):
    """What an upload became."""

    file: File


def routes(served: Served) -> Iterable[web.RouteDef]:
    """`/files` and `/uploads`."""
    up, down = _Up(served), _Down(served)
    return [
        web.post("/files", up.post, expect_handler=up.expected),
        web.get("/uploads/{upload}", up.progress),
        web.delete("/uploads/{upload}", up.drop),
        web.get("/files/{file}", down.file),
        web.get("/files/{file}/thumb", down.thumb),
    ]


class _Up:
    """Uploads."""

    def __init__(self, served: Served) -> None:
        self._context = served.context
        self._hub = served.context.hub
        self._files = served.files

    async def expected(self, request: web.Request) -> web.StreamResponse | None:
        """Who asks before sending the body need not send what would be refused anyhow."""
        try:
            bearer.device(self._hub, request)
            if (request.content_length or 0) > self._files.limit:
                raise too_large(self._files.limit)
        except Refused as error:
            return refusal(error)
        if request.headers["Expect"].lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0  # the answer itself has not begun
        return None

    async def post(self, request: web.Request) -> web.StreamResponse:
        """A file, whole or a part of it."""
        device = bearer.device(self._hub, request)
        self._context.take_change(device.name)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Refused("bad_request", "Send the bytes as they are, without Content-Encoding.")
        said = asked.query(request, UploadQuery)
        name = rules.file_name(said.name)
        read, length = self._reader(request, device), request.content_length
        if said.upload is UNSET:
            return json(await self._files.receive(device.name, name, length, read), 201)
        if said.size is UNSET:
            raise Refused("bad_request", "A file that comes in parts needs its size=….")
        ident = rules.command_id(said.upload)
        try:
            found = await self._files.resume(device.name, ident, name, said.size, said.offset, length, read)
        except WrongOffset as wrong:
            return json(Reached(wrong.offset), 409)
        return json(Reached(found), 202) if isinstance(found, int) else json(found, 201)

    def _reader(self, request: web.Request, device: Device) -> Read:
        async def read() -> bytes:
            bearer.still(self._hub, device)
            try:
                return await request.content.readany()
            except web.RequestPayloadError:
                raise Refused("bad_request", "The body is not what its headers say.") from None
            except OSError as error:  # TLS has its own ways to break; none of them is the disk's
                raise ConnectionResetError(str(error)) from error

        return read

    async def progress(self, request: web.Request) -> web.StreamResponse:
        """How far an upload is."""
        device = bearer.device(self._hub, request)
        self._context.take_fetch(device.name)
        found = await self._files.progress(device.name, request.match_info["upload"])
        if found is None:
            raise Refused("no_such_file", "You have no such upload here. Begin it anew.")
        return json(Reached(found) if isinstance(found, int) else Complete(found))

    async def drop(self, request: web.Request) -> web.StreamResponse:
        """An upload that is not wanted any more."""
        device = bearer.device(self._hub, request)
        self._context.take_change(device.name)
        await self._files.drop(device.name, request.match_info["upload"])
        return web.Response(status=204)


class _Down:
    """Downloads."""

    def __init__(self, served: Served) -> None:
        self._context = served.context
        self._hub = served.context.hub
        self._files = served.files

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes."""
        device, file = await self._asked(request)
        shown = file.mime in KINDS
        headers = {
            "Content-Type": file.mime if shown else "application/octet-stream",
            "Content-Disposition": disposition("inline" if shown else "attachment", file.name),
            "ETag": f'"{file.file}"',
        }
        return await self._send(request, device, self._files.path(file.file), headers)

    async def thumb(self, request: web.Request) -> web.StreamResponse:
        """The small picture."""
        device, file = await self._asked(request)
        path = await self._files.thumb(file)
        if path is None:
            raise _nothing()
        headers = {"Content-Type": SMALL, "ETag": f'"{file.file}-thumb"'}
        return await self._send(request, device, path, headers)

    async def _asked(self, request: web.Request) -> tuple[Device, File]:
        """Who asks, and the file by the name under which they may see it."""
        device, file = bearer.device(self._hub, request), request.match_info["file"]
        self._context.take_fetch(device.name)
        try:
            rules.file_hash(file)
        except Refused:
            raise _nothing() from None
        found = await self._files.owned(device.name, file)
        if found is None:
            found = await self._hub.history.file_in(file, self._hub.rooms.of(device.name))
        if found is None and file in self._hub.rooms.pictures.values():
            found = await self._files.about(file)
        if found is None:
            raise _nothing()
        return device, found

    async def _send(
        self, request: web.Request, device: Device, path: Path, headers: dict[str, str]
    ) -> web.StreamResponse:
        headers |= {"Cache-Control": _KEEP, "Vary": "Authorization", "Accept-Ranges": "bytes"}
        etag = headers["ETag"]
        if ranges.matches(request.headers.get("If-None-Match"), etag):
            return web.Response(status=304, headers=headers)
        try:
            file = await aiofiles.open(path, "rb", buffering=0, executor=self._files.threads.bytes)
        except FileNotFoundError:
            raise _nothing() from None
        try:
            size = await file.seek(0, 2)
            wanted = request.headers.get("Range") if request.method == "GET" else None
            if request.headers.get("If-Range", etag) != etag:
                wanted = None
            try:
                span = ranges.span(wanted, size)
            except ranges.Unsatisfiable:
                told = f"The file has {size:,} bytes; none of those asked for is among them."
                response = refusal(Refused("bad_request", told), 416)
                response.headers["Content-Range"] = f"bytes */{size}"
                return response
            first, length = span or (0, size)
            answer = web.StreamResponse(status=206 if span else 200, headers=headers)
            answer.content_length = length
            if span:
                answer.headers["Content-Range"] = f"bytes {first}-{first + length - 1}/{size}"
            await answer.prepare(request)
            if request.method == "GET":
                await file.seek(first)
                if not await self._stream(answer, device, file, length) and request.transport is not None:
                    request.transport.abort()  # the length was told: only a broken connection says that it is not all
            return answer
        finally:
            await file.close()

    async def _stream(self, answer: web.StreamResponse, device: Device, file: AsyncFileIO, length: int) -> bool:
        """False where it ended early: the reader stalled or was signed out, or the file lost its end."""
        try:
            while length:
                bearer.still(self._hub, device)
                block = await file.read(min(BLOCK, length))
                if not block:
                    return False
                length -= len(block)
                async with asyncio.timeout(STALLED):
                    await answer.write(block)
        except (TimeoutError, Refused):
            return False
        return True


def disposition(kind: str, name: str) -> str:
    """`Content-Disposition` with a name of any script: RFC 6266, with RFC 8187 for the name as it is."""
    plain = _NOT_PLAIN.sub("_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _nothing() -> Refused:
    """The one answer for a file that is not there and for one that the asker may not have."""
    return Refused("no_such_file", "There is no such file, or you may not have it.")
