"""What the load generator says to a server and how it understands the answers: one dialect per kind of server.

Everybody gets the same lines in the same order; beside those, a speaker may get answers meant for it alone. A dialect
says how many bytes of such answers a stream of lines entails, so that streams can be counted by bytes and still be
checked to the byte.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from bench.process import BenchError
from shared.errors import ProtocolError
from shared.protocol import (
    Change,
    Create,
    Event,
    Hello,
    Join,
    Message,
    Ok,
    Post,
    decode_server_line,
    encode_line,
)

TEXT_BYTES = 100
ROOM = "bench"
NUMBER = b"########"
"""Stands in a template for the number of a chunk: eight digits, so that a replacement is all that a chunk costs."""


class Step(NamedTuple):
    """Something to send while coming in, and what the line has in it that one waits for afterwards."""

    send: bytes
    until: bytes


class Said(NamedTuple):
    """One message as a receiver saw it."""

    user: str
    text: str


class Dialect(Protocol):
    """How to talk with one kind of server."""

    def enter(self, place: int) -> list[Step]:
        """What connection number `place` does to be signed in and in the room."""
        ...

    def post(self, key: str) -> bytes:
        """One post of `TEXT_BYTES` whose text (and id, where there is one) begins with `key`."""
        ...

    def is_answered(self, received: bytes, key: str) -> bool:
        """Whether the author of this post has got every byte that is due to it."""
        ...

    def is_answer(self, line: bytes) -> bool:
        """Whether a line is an answer to this connection alone."""
        ...

    def messages(self, stream: bytes) -> list[Said]:
        """The messages of a whole stream without answers; `BenchError` where the order has a hole."""
        ...

    def answer_bytes(self, stream: bytes) -> Counter[str]:
        """How many bytes of answers each author of this stream of lines must have got."""
        ...


def name(place: int) -> str:
    """Who speaks on connection number `place`."""
    return f"person-{place:04d}"


def text(key: str) -> str:
    """`TEXT_BYTES` of plain words that begin with `key`."""
    words = " The quick brown fox jumps over the lazy dog, and then it goes home for a cup of tea and some rest."
    return (key + words * 2)[:TEXT_BYTES]


def chunk_template(dialect: Dialect, posts: int) -> bytes:
    """So many posts, `NUMBER` standing for the number of the chunk: keys are unique over a run."""
    return b"".join(dialect.post(f"{NUMBER.decode()}.{i:02d}") for i in range(posts))


class ParleyLines:
    """Parley's JSON lines."""

    def enter(self, place: int) -> list[Step]:
        hello = Hello(protocol=1, user=name(place), token=f"{name(place)}-token-of-the-benchmark")
        change: Change = Create(id="enter", room=ROOM) if place == 0 else Join(id="enter", room=ROOM)
        return [Step(encode_line(hello), b'"type":"welcome"'), Step(encode_line(change), b'"id":"enter","seq":')]

    def post(self, key: str) -> bytes:
        return encode_line(Post(id=key, room=ROOM, text=text(key)))

    def is_answered(self, received: bytes, key: str) -> bool:
        return f'"id":"{key}","seq":'.encode() in received

    def is_answer(self, line: bytes) -> bool:
        return line.startswith(b'{"type":"ok"')

    def messages(self, stream: bytes) -> list[Said]:
        said, last = [], 0
        for event in self._events(stream):
            if last and event.seq != last + 1:
                raise BenchError(f"After the event {last} came {event.seq}.")
            last = event.seq
            if isinstance(event, Message):
                said.append(Said(event.user, event.text))
        return said

    def answer_bytes(self, stream: bytes) -> Counter[str]:
        due: Counter[str] = Counter()
        for event in self._events(stream):
            due[event.user] += len(encode_line(Ok(id=event.id, seq=event.seq, time=event.time)))
        return due

    @staticmethod
    def _events(stream: bytes) -> Iterable[Event]:
        for line in stream.splitlines():
            try:
                event = decode_server_line(line)
            except ProtocolError as error:
                raise BenchError(f"A stream has a line that is none: {error}") from None
            if not isinstance(event, Event):
                raise BenchError(f"A stream has a line that is no event: {line[:200]!r}")
            yield event


class _Echo:
    """A server that sends every message to everybody, its author too, and answers nothing to anybody alone."""

    line: re.Pattern[str]
    """One message: who, and the text."""

    def is_answered(self, received: bytes, key: str) -> bool:
        return True

    def is_answer(self, line: bytes) -> bool:
        return False

    def messages(self, stream: bytes) -> list[Said]:
        matches = [self.line.fullmatch(line) for line in stream.decode().splitlines()]
        if None in matches:
            raise BenchError("A stream has a line that is no message.")
        return [Said(match[1], match[2]) for match in matches if match]

    def answer_bytes(self, stream: bytes) -> Counter[str]:
        return Counter()


class BarLines(_Echo):
    """The threaded server's `name|text` lines."""

    line = re.compile(r"([^|\n]*)\|(.*)")

    def enter(self, place: int) -> list[Step]:
        return [Step(f"{name(place)}\n".encode(), f"Server|{name(place)} has joined".encode())]

    def post(self, key: str) -> bytes:
        return text(key).encode() + b"\n"


class IrcLines(_Echo):
    """IRC with `echo-message`."""

    line = re.compile(r":([^!\r\n]*)![^ \r\n]* PRIVMSG #bench :(.*)")

    def enter(self, place: int) -> list[Step]:
        sign_in = f"CAP REQ :echo-message\r\nNICK {name(place)}\r\nUSER bench 0 * :bench\r\nCAP END\r\n"
        return [Step(sign_in.encode(), b" 422 "), Step(f"JOIN #{ROOM}\r\n".encode(), b" 366 ")]

    def post(self, key: str) -> bytes:
        return f"PRIVMSG #{ROOM} :{text(key)}\r\n".encode()
