"""Somebody who speaks HTTP and JSON lines to a server with one and the same token."""

import io
import json
from collections.abc import AsyncIterable
from typing import Any, NamedTuple, Self

import aiohttp

from tests.server.peer import Line, Peer


class Answer(NamedTuple):
    """What came back. `error`: the code of the error, empty for none."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return str(self.json["error"]["code"]) if self.status >= 400 else ""


class Caller:
    """A signed-in person. `peer` is their connection of lines."""

    def __init__(self, port: int, user: str, token: str, tls: Any = None) -> None:
        self.port = port
        self.user = user
        self.token = token
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        self.peer: Peer
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls or True), timeout=aiohttp.ClientTimeout(30), auto_decompress=False
        )

    @classmethod
    async def sign_in(cls, port: int, user: str, device: str = "") -> Self:
        token = f"token of {user} {device}".ljust(40, ".")
        caller = cls(port, user, token)
        caller.peer = await Peer.sign_in(port, user, token)
        return caller

    async def call(
        self,
        method: str,
        path: str,
        *,
        data: "bytes | AsyncIterable[bytes] | None" = None,
        token: str | None = None,
        **headers: str,
    ) -> Answer:
        """One request. `path` begins with /; `token` another than one's own, "" for none. `If_None_Match` and the like
        name headers."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if bearer := self.token if token is None else token:
            said["Authorization"] = f"Bearer {bearer}"
        body = io.BytesIO(data) if isinstance(data, bytes) else data
        async with self._http.request(method, self.base + path, data=body, headers=said) as response:
            return Answer(response.status, dict(response.headers), await response.read())

    async def send(self, data: "bytes | AsyncIterable[bytes]", name: str = "file.bin", **query: object) -> Answer:
        """`POST /files`."""
        asked = "&".join(f"{key}={value}" for key, value in {"name": name, **query}.items())
        return await self.call("POST", f"/files?{asked}", data=data)

    async def upload(self, data: bytes, name: str = "file.bin") -> str:
        """Send it; the hash."""
        answer = await self.send(data, name)
        assert answer.status == 201, answer
        return str(answer.json["file"])

    async def fetch(self, file: str, **headers: str) -> Answer:
        return await self.call("GET", f"/files/{file}", **headers)

    async def may_fetch(self, file: str) -> bool:
        """True for 200; False for the 404 that a file gets which does not exist."""
        answer = await self.fetch(file)
        if answer.status == 200:
            return True
        assert answer == await self.nowhere(answer)
        return False

    async def nowhere(self, like: Answer) -> Answer:
        """What a file gets that does not exist, with the date of `like`."""
        answer = await self.fetch("0" * 64)
        answer.headers["Date"] = like.headers["Date"]
        return answer

    async def post(self, room: str, *files: str, text: str = "") -> int:
        """Post files; the message's seq."""
        answer = await self.peer.change("post", room, text=text, files=list(files))
        assert answer["type"] == "ok", answer
        return int(answer["seq"])

    async def change(self, type: str, room: str, **fields: Any) -> Line:
        answer = await self.peer.change(type, room, **fields)
        assert answer["type"] == "ok", answer
        return answer

    async def close(self) -> None:
        await self._http.close()
        if hasattr(self, "peer"):
            await self.peer.close()
