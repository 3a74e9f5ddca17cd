"""Files over HTTP: the same port of the same server, with this device's token.

Each question is answered, or raises `Offline` where there is no connection or it broke, or `Refused` with the server's
own sentence. Nothing is tried twice here. Imported where the first file is asked for: aiohttp takes its time.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, NamedTuple, cast

import aiohttp
import msgspec
from yarl import URL

from chatclient.questions import Offline
from chatclient.trust import untrusted
from shared.errors import CODES, Code, ParleyError, Refused
from shared.protocol import File

PATIENCE: Final = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
PIECE: Final = 128 * 1024


class _Problem(msgspec.Struct):
    code: str
    message: str
    retry_after: float | None = None


class _Answer(msgspec.Struct):
    """What the server says of an upload, or of what it refuses."""

    error: _Problem | None = None
    offset: int | None = None
    file: File | None = None


class Body(NamedTuple):
    """A file as it comes: from which byte on, how many bytes it has in all (0: not said), and the pieces."""

    offset: int
    total: int
    pieces: AsyncIterator[bytes]


class Web:
    """Of one client; `close` it."""

    def __init__(self, host: str, port: int, token: str, tls: ssl.SSLContext | None) -> None:
        self._base = URL.build(scheme="https" if tls else "http", host=host, port=port)
        connector = aiohttp.TCPConnector(ssl=tls if tls is not None else True)
        headers = {"Authorization": f"Bearer {token}"}
        self._session = aiohttp.ClientSession(connector=connector, headers=headers, timeout=PATIENCE)

    async def close(self) -> None:
        await self._session.close()

    # --- uploads --------------------------------------------------------------------------------------------

    async def uploaded(self, remote: str) -> int | File:
        """How many bytes of this upload the server has, or the file where it has all."""
        async with self._asked("GET", f"/uploads/{remote}") as response:
            if response.status == HTTPStatus.NOT_FOUND:
                return 0
            return await _progress(response)

    async def upload(self, remote: str, name: str, size: int, offset: int, pieces: AsyncIterator[bytes]) -> int | File:
        """Bring the rest, from `offset` on; the file, or how many bytes the server has where these were others."""
        query = {"name": name, "upload": remote, "size": str(size), "offset": str(offset)}
        length = {"Content-Length": str(size - offset), "Content-Type": "application/octet-stream"}
        async with self._asked("POST", "/files", params=query, headers=length, data=pieces) as response:
            if response.status == HTTPStatus.CREATED:
                file: File = _decoded(await response.read(), File)
                return file
            return await _progress(response)

    async def drop_upload(self, remote: str) -> None:
        """Let the server forget what came of it."""
        async with self._asked("DELETE", f"/uploads/{remote}"):
            pass

    # --- downloads ------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def download(self, path: str, offset: int = 0) -> AsyncIterator[Body]:
        """The bytes of `/files/…` from `offset` on, or from where the server begins."""
        wanted = {"Range": f"bytes={offset}-"} if offset else {}
        async with self._asked("GET", path, headers=wanted) as response:
            if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and offset:
                yield Body(offset, offset, _nothing())  # it was all there already
                return
            if not response.ok:
                raise await _refusal(response)
            begins = offset if response.status == HTTPStatus.PARTIAL_CONTENT else 0
            total = begins + (response.content_length or 0)
            yield Body(begins, total, response.content.iter_chunked(PIECE))

    @asynccontextmanager
    async def _asked(self, method: str, path: str, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(method, self._base.with_path(path), **more) as response:
                yield response
        except aiohttp.ClientConnectorCertificateError as error:
            raise Offline(untrusted(error.host, error.certificate_error)) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Offline(f"The connection to the server broke: {error or type(error).__name__}.") from None


async def _progress(response: aiohttp.ClientResponse) -> int | File:
    if response.ok or response.status == HTTPStatus.CONFLICT:
        answer: _Answer = _decoded(await response.read(), _Answer)
        if answer.file is not None:
            return answer.file
        if answer.offset is not None:
            return answer.offset
    raise await _refusal(response)


async def _refusal(response: aiohttp.ClientResponse) -> ParleyError:
    """The server's own sentence, where it has one."""
    answer = _decoded(await response.read(), _Answer)
    problem = answer.error
    if problem is None or problem.code not in CODES:
        return Foreign(f"The server answered {response.status} {response.reason}: it does not take or give files so.")
    return Refused(cast(Code, problem.code), problem.message, problem.retry_after)


class Foreign(ParleyError):
    """What answers does not speak of files as Parley does."""


def _decoded(content: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Foreign("What answers there does not speak of files as Parley does. Check the address.") from None


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
