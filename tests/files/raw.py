"""Requests by hand over a bare connection, to break them off wherever a test likes."""

import asyncio
import contextlib
import re
import socket
import struct
from typing import NamedTuple

from tests.files.caller import Caller

PATIENCE = 10.0


class Said(NamedTuple):
    """What a server said to one request: the status, 0 where the connection ended, and the body."""

    status: int
    body: bytes


class Raw:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int, **tls: object) -> "Raw":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 22, **tls))  # type: ignore[arg-type]  # by name

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> Said:
        """The next answer with a length."""
        try:
            head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        except (asyncio.IncompleteReadError, ConnectionError):
            return Said(0, b"")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = await asyncio.wait_for(self.reader.readexactly(int(length[1])), PATIENCE) if length else b""
        return Said(int(head.split()[1]), body)

    async def rest(self) -> bytes:
        """All that comes until the connection ends."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)

    async def close(self, reset: bool = False) -> None:
        """End it; with a reset as when a cable is pulled and the peer notices later."""
        if reset:
            sock = self.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def request(caller: Caller, path: str, length: int | None, *more: str, method: str = "POST") -> bytes:
    """The head of a request, with the caller's token."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {caller.token}", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()
