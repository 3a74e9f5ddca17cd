"""A stand-in for the files of a server: the contract of uploads and downloads over real HTTP, with faults on order.

It listens beside a `Scripted` server, behind one port: what does not begin as JSON is handed on to it.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import msgspec
from aiohttp import web

from shared.protocol import File
from tests.client.scripted import Peer, Scripted


@dataclass
class FileStand:
    """`uploads` by their ids: what came of each; `files` by their hashes.

    break_at     the connection ends after so many bytes of a body, once for each number
    refuse       instead of taking or giving anything: status and error, once for each
    asked        methods and paths, in order
    """

    uploads: dict[str, bytearray] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    break_at: list[int] = field(default_factory=list)
    refuse: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    gate: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0
    _step: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, so: Callable[[], object]) -> None:
        """Wait until this holds of what was asked or came."""
        async with asyncio.timeout(5):
            while not so():
                self._step.clear()
                await self._step.wait()

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/files", self._post),
            web.get("/uploads/{id}", self._uploaded),
            web.delete("/uploads/{id}", self._drop),
            web.get("/files/{hash}", self._get),
            web.get("/files/{hash}/thumb", self._get),
        ]

    def _begin(self, request: web.Request) -> None:
        self.asked.append(f"{request.method} {request.path}")
        self._step.set()
        self.tokens.add(request.headers.get("Authorization", ""))
        if self.refuse:
            status, error = self.refuse.pop(0)
            body = msgspec.json.encode({"error": error}).decode()
            kinds = {413: web.HTTPRequestEntityTooLarge(1, 1), 429: web.HTTPTooManyRequests(), 404: web.HTTPNotFound()}
            problem = kinds[status]
            problem.text = body
            raise problem

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self._begin(request)
        ident, size, offset = (request.query[key] for key in ("upload", "size", "offset"))
        content = self.uploads.setdefault(ident, bytearray())
        if int(offset) != len(content):
            return _json(409, {"offset": len(content)})
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self._step.set()
        try:
            stop = self.break_at.pop(0) if self.break_at else None
            async for piece in request.content.iter_any():
                content += piece
                self._step.set()
                if stop is not None and len(content) >= stop:
                    del content[stop:]
                    self._step.set()
                    _cut(request)
                    return web.Response()
            if self.gate is not None:
                await self.gate.wait()
        finally:
            self.at_once -= 1
        if len(content) < int(size):
            return _json(202, {"offset": len(content)})
        return _json(201, self._file(ident, request.query["name"]))

    def _file(self, ident: str, name: str = "cat.png") -> File:
        content = bytes(self.uploads[ident])
        digest = hashlib.sha256(content).hexdigest()
        self.files[digest] = content
        return File(file=digest, name=name, mime="image/png", size=len(content))

    async def _uploaded(self, request: web.Request) -> web.StreamResponse:
        self._begin(request)
        ident = request.match_info["id"]
        if ident not in self.uploads:
            return _json(404, {"error": {"code": "no_such_file", "message": "There is no such upload."}})
        return _json(200, {"offset": len(self.uploads[ident])})

    async def _drop(self, request: web.Request) -> web.StreamResponse:
        self._begin(request)
        self.uploads.pop(request.match_info["id"], None)
        return web.Response(status=204)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        self._begin(request)
        content = self.files.get(request.match_info["hash"])
        if content is None:
            return _json(404, {"error": {"code": "no_such_file", "message": "There is no such file."}})
        begin = request.http_range.start or 0
        if self.gate is not None:
            await self.gate.wait()
        response = web.StreamResponse(status=206 if begin else 200)
        response.content_length = len(content) - begin
        await response.prepare(request)
        stop = self.break_at.pop(0) if self.break_at else None
        await response.write(content[begin:stop])
        if stop is not None:
            _cut(request)
        return response


def _cut(request: web.Request) -> None:
    transport = request.transport
    assert isinstance(transport, asyncio.Transport)
    with suppress(AttributeError):
        transport.close()  # what was written goes out, nothing more


def _json(status: int, content: object) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(content), content_type="application/json")


class Door(Scripted):
    """One port for both."""

    def __init__(self, stand: FileStand) -> None:
        super().__init__()
        self.stand = stand
        self._pipes: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Door":
        app = web.Application(client_max_size=1 << 30)
        app.add_routes(self.stand.routes)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._files_port = self._runner.addresses[0][1]
        await super().__aenter__()
        return self

    async def __aexit__(self, *problem: object) -> None:
        for pipe in self._pipes:
            pipe.cancel()
        if self._pipes:
            await asyncio.wait(self._pipes)
        await super().__aexit__(*problem)
        await self._runner.cleanup()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._sort(reader, writer))
        self._pipes.add(task)
        task.add_done_callback(self._pipes.discard)

    async def _sort(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun = b""
        try:
            begun = await reader.read(1)
            if begun and begun != b"{":
                await self._join(reader, writer, begun)
        finally:
            if begun == b"{":
                peer = Peer(reader, writer, begun)
                self.peers.append(peer)
                self._come.put_nowait(peer)
            else:
                writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begun: bytes) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._files_port)
        back.write(begun)
        both = [asyncio.create_task(_pipe(reader, back)), asyncio.create_task(_pipe(there, writer))]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            back.transport.abort()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def doors(stand: FileStand) -> AsyncIterator[Door]:
    async with Door(stand) as door:
        yield door
