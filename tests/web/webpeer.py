"""A peer that speaks JSON lines over WebSocket by hand, for the tests of the web front; and raw frames."""

import asyncio
import base64
import json
import os
import socket
import struct
from collections import deque
from typing import Any, Self

import aiohttp

from tests.server.peer import PATIENCE, Line, Peer


class WebPeer(Peer):
    """As a peer of lines. `messages` counts the text messages that came."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, http: aiohttp.ClientSession) -> None:
        self.ws = ws
        self.seen = []
        self.user = ""
        self.messages = 0
        self._http = http
        self._lines: deque[bytes] = deque()

    @classmethod
    async def connect(cls, port: int, **headers: str) -> Self:
        http = aiohttp.ClientSession()
        try:
            ws = await http.ws_connect(f"http://127.0.0.1:{port}/ws", headers=headers, max_msg_size=1 << 26)
        except BaseException:
            await http.close()
            raise
        return cls(ws, http)

    @classmethod
    async def sign_in(cls, port: int, user: str, token: str | None = None, **fields: Any) -> Self:
        peer = await cls.connect(port)
        peer.user = user
        await peer.send(type="hello", protocol=1, user=user, token=token or f"token of {user} 0123456789", **fields)
        await peer.until("welcome")
        return peer

    async def raw(self, data: bytes) -> None:
        await self.ws.send_str(data.decode())

    async def line(self) -> Line:
        while not self._lines:
            message = await self.ws.receive(PATIENCE)
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise EOFError(f"the server closed with {self.ws.close_code}")
            assert message.data.endswith("\n"), "lines, each with its newline"
            self.messages += 1
            self._lines.extend(message.data.encode().splitlines())
        line: Line = json.loads(self._lines.popleft())
        self.seen.append(line)
        return line

    async def ended(self) -> int | None:
        """Read to the end; the code with which the server closed."""
        try:
            while True:
                await self.line()
        except EOFError:
            return self.ws.close_code

    async def close(self) -> None:
        await self.ws.close()
        await self._http.close()


class Frames:
    """A connection after the handshake, for frames that no library would send."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int) -> Self:
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setblocking(False)
        return await cls.on(sock)

    @classmethod
    async def on(cls, sock: socket.socket) -> Self:
        """Shake hands on a connected socket."""
        reader, writer = await asyncio.open_connection(sock=sock, limit=1 << 16)
        key = base64.b64encode(os.urandom(16)).decode()
        asked = ("GET /ws HTTP/1.1", "Host: 127.0.0.1", "Connection: Upgrade", "Upgrade: websocket")
        asked += ("Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", "", "")
        writer.write("\r\n".join(asked).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        return cls(reader, writer)

    def send(self, first: int, payload: bytes = b"", size: int | None = None) -> None:
        """A frame: `first` is its first byte. `size` claims another length."""
        length = len(payload) if size is None else size
        if length < 126:
            head = struct.pack("!BB", first, 0x80 | length)
        elif length < 1 << 16:
            head = struct.pack("!BBH", first, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", first, 0x80 | 127, length)
        self.writer.write(head + bytes(4) + payload)  # a mask of zeros changes nothing

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: its first byte, and what is in it."""
        async with asyncio.timeout(PATIENCE):
            first, size = await self.reader.readexactly(2)
            assert not size & 0x80, "a server does not mask"
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2))
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8))
            return first, await self.reader.readexactly(size)

    async def until(self, first: int) -> bytes:
        """Read on until a frame that begins so."""
        while True:
            found, payload = await self.frame()
            if found == first:
                return payload

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return
