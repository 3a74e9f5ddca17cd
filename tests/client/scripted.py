"""A server that says only what the test tells it to, on a real loopback socket; and a listener to a client's events."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import msgspec

from chatclient.client import ChatClient, Patience
from chatclient.events import ClientEvent
from shared.protocol import AnyCommand, Hello, Message, Ok, Post, RoomState, Welcome, decode_command, encode_line

TIME = "2026-11-20T09:12:00.000000Z"
T = TypeVar("T")


def message(seq: int, user: str = "bob", room: str = "lobby", text: str = "", ident: str = "") -> Message:
    return Message(seq=seq, time=TIME, room=room, user=user, id=ident or f"b{seq}", text=text or f"text {seq}")


def welcome(tip: int = 0, epoch: str = "e1", user: str = "alice", rooms: tuple[RoomState, ...] = ()) -> Welcome:
    return Welcome(
        protocol=1,
        server="Harbour",
        epoch=epoch,
        user=user,
        time=TIME,
        tip=tip,
        limits={"sync_reach": 10_000},
        rooms=list(rooms) or [RoomState(room="lobby", members=2, last=tip)],
    )


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begun: bytes = b"") -> None:
        self.reader = reader
        self.writer = writer
        self._begun = begun

    async def hear(self, kind: type[T]) -> T:
        """The next command, which must be of this kind."""
        async with asyncio.timeout(5):
            line, self._begun = self._begun + await self.reader.readline(), b""
            command: AnyCommand = decode_command(line)
        assert isinstance(command, kind), command
        return command

    async def hang_up_heard(self) -> bool:
        async with asyncio.timeout(5):
            return await self.reader.read() == b""

    def say(self, *items: msgspec.Struct) -> None:
        self.writer.write(b"".join(encode_line(item) for item in items))

    def say_raw(self, data: bytes) -> None:
        self.writer.write(data)

    async def welcomed(self, answer: Welcome | None = None) -> Hello:
        hello = await self.hear(Hello)
        self.say(answer or welcome())
        return hello

    async def store(self, seq: int) -> Post:
        """Take one post, answer ok, and echo it."""
        post = await self.hear(Post)
        self.say(Ok(id=post.id, seq=seq, time=TIME))
        self.say(message(seq, "alice", post.room, post.text, post.id))
        return post

    def hang_up(self) -> None:
        self.writer.transport.abort()


class Scripted:
    """Listens on a free port; `peer` gives its connections one by one."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []
        self._come: asyncio.Queue[Peer] = asyncio.Queue()

    async def __aenter__(self) -> "Scripted":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._server.close()
        for peer in self.peers:
            peer.hang_up()
            await asyncio.wait([asyncio.ensure_future(peer.writer.wait_closed())])
        await self._server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        self.peers.append(peer)
        self._come.put_nowait(peer)

    async def peer(self) -> Peer:
        async with asyncio.timeout(5):
            return await self._come.get()


class Listener:
    """Takes a client's events one after another."""

    def __init__(self, client: ChatClient) -> None:
        self.client = client
        self._events = client.events()

    async def next(self) -> ClientEvent:
        async with asyncio.timeout(5):
            return await anext(self._events)

    async def until(self, kind: type[T], where: Callable[[T], bool] = lambda event: True) -> T:
        """The next event of this kind; others before it are passed over."""
        while True:
            event: Any = await self.next()
            if isinstance(event, kind) and where(event):
                return event

    async def rest(self) -> list[ClientEvent]:
        async with asyncio.timeout(5):
            return [event async for event in self._events]


@asynccontextmanager
async def running(port: int, patience: Patience | None = None, **options: Any) -> AsyncIterator[Listener]:
    """A client with ids c1, c2, … that reconnects at once, and its listener."""
    numbers = iter(range(1, 100_000))
    options = {"backoff": lambda attempt: 0.0, "ids": lambda: f"c{next(numbers)}", **options}
    client = ChatClient("127.0.0.1", port, "alice", "0" * 64, patience=patience, **options)
    task = asyncio.create_task(client.run())
    try:
        yield Listener(client)
    finally:
        await client.close()
        await task
