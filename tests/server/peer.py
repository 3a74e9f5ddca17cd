"""A peer that speaks JSON lines by hand, for the tests of the wire. It knows nothing of the product's code."""

import asyncio
import contextlib
import itertools
import json
from typing import Any

PATIENCE = 10.0
Line = dict[str, Any]


_count = itertools.count(1)


class Peer:
    """One connection. Lines that are read while waiting for another stay in `seen`, in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.seen: list[Line] = []
        self.user = ""

    @classmethod
    async def connect(cls, port: int) -> "Peer":
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 24))

    @classmethod
    async def sign_in(cls, port: int, user: str, token: str | None = None, **fields: Any) -> "Peer":
        """Connected and welcomed; `seen[0]` is the welcome."""
        peer = await cls.connect(port)
        peer.user = user
        await peer.send(type="hello", protocol=1, user=user, token=token or f"token of {user} 0123456789", **fields)
        await peer.until("welcome")
        return peer

    @property
    def welcome(self) -> Line:
        return next(line for line in self.seen if line["type"] == "welcome")

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def send(self, **fields: Any) -> None:
        await self.raw(json.dumps(fields).encode() + b"\n")

    async def ask(self, **fields: Any) -> Line:
        """Send a command with a ref of its own and return its direct answer."""
        ref = f"r{next(_count)}"
        await self.send(ref=ref, **fields)
        return await self.until(ref=ref)

    async def change(self, type: str, room: str, **fields: Any) -> Line:
        """A command that changes something, with an id of its own; its `ok` or `error`."""
        ident = fields.pop("id", None) or f"{self.user}-{next(_count)}"
        return await self.ask(type=type, room=room, id=ident, **fields)

    async def line(self) -> Line:
        """The next line, whatever it is."""
        data = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        if not data:
            raise EOFError("the server closed the connection")
        line: Line = json.loads(data)
        self.seen.append(line)
        return line

    async def until(self, type: str | None = None, **fields: Any) -> Line:
        """Read on until a line of this type with these fields; returns it."""
        while True:
            line = await self.line()
            if type in (None, line["type"]) and all(line.get(key) == value for key, value in fields.items()):
                return line

    async def settle(self) -> None:
        """Read everything that was on its way: a ping comes back behind it."""
        await self.ask(type="ping")

    def events(self, type: str = "message") -> list[Line]:
        """What was seen of one type."""
        return [line for line in self.seen if line["type"] == type]

    def texts(self) -> list[str]:
        return [line["text"] for line in self.events()]

    async def closed(self) -> bytes:
        """Everything up to the end of the connection."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)

    async def close(self) -> None:
        if self.writer.transport.get_write_buffer_size():
            self.writer.transport.abort()  # the server does not read on: what waits would wait for ever
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


async def close_all(*peers: Peer) -> None:
    for peer in peers:
        await peer.close()


def code(line: Line) -> str:
    """The error code that an answer bears."""
    return str(line["code"]) if line["type"] == "error" else f"no error: {line}"
