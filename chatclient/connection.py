"""One connection to a server: lines out, lines in, and one plain sentence when it ends.

`Lost` is everything that can happen to a connection; its text can be shown as it is. Half lines wait for their other
half. Whoever has said nothing for `idle` seconds is pinged, and is gone after `answer` seconds more.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec

from chatclient.trust import untrusted
from shared.errors import ParleyError, ProtocolError
from shared.protocol import Command, Goodbye, Ping, ServerLine, decode_server_line, encode_line

CHUNK: Final = 256 * 1024
SILENT: Final = "The server hung up without a word. If it wants TLS, its address begins with chats://"
LONGEST: Final = 128 * 1024 * 1024
"""A page of 1,000 events of the longest texts has about 100 MB."""

_KNOWN: Final = frozenset(kind.__struct_config__.tag for kind in ServerLine.__args__)


class Lost(ParleyError):
    """The connection could not be made, or ended. `after`: seconds to wait at least before the next try; `code`: the
    server's, where it said why."""

    def __init__(self, reason: str, after: float = 0.0, code: str = "") -> None:
        super().__init__(reason)
        self.after = after
        self.code = code


class Patience(NamedTuple):
    """Seconds: for the connection and the sign-in to succeed, without a sign of life, for the answer to a ping."""

    connect: float = 10.0
    idle: float = 30.0
    answer: float = 10.0


class Connection:
    """Made by `opened`. Whoever made it closes it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: str, patience: Patience
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._place = place
        self._patience = patience
        self._begun = bytearray()
        self._silent = SILENT if writer.get_extra_info("ssl_object") is None else ""

    @classmethod
    async def opened(cls, host: str, port: int, patience: Patience, tls: ssl.SSLContext | None = None) -> "Connection":
        """Connect, or raise `Lost`. With `tls` only to a server whose certificate is trusted by it."""
        place = f"{host}, port {port}"
        try:
            sock = await _connected(host, port, patience.connect)
            reader, writer = await _spoken(sock, host, patience.connect, tls)
        except ssl.SSLCertVerificationError as error:
            raise Lost(untrusted(host, error)) from None
        except (ssl.SSLError, ConnectionAbortedError):
            raise Lost(f"{place} does not speak TLS. Check the address, or try it with chat:// instead.") from None
        except (TimeoutError, ConnectionRefusedError):
            raise Lost(f"Nothing answers at {place}. Check the address, or ask whether it is running.") from None
        except (socket.gaierror, UnicodeError):
            raise Lost(f"There is no computer called {host}, as far as this one knows. Check the address.") from None
        except OSError as error:
            raise Lost(f"{place} cannot be reached: {error.strerror or error}.") from None
        return cls(reader, writer, place, patience)

    def send(self, *commands: Command) -> None:
        """Put these on their way. On a connection that ended they go nowhere; `lines` says that it ended."""
        if commands and not self._writer.is_closing():
            self._writer.write(b"".join(map(encode_line, commands)))

    async def lines(self) -> AsyncGenerator[ServerLine, None]:
        """What the server says, until `Lost`. Kinds of lines that a newer server may send are passed over."""
        while True:
            data = await self._chunk()
            begun = self._begun
            begun += data
            if b"\n" not in data:
                if len(begun) > LONGEST:
                    raise Lost(self._foreign())
                continue
            *whole, rest = begun.split(b"\n")
            self._begun, self._silent = rest, ""
            for line in whole:
                said = self._decoded(bytes(line))
                if isinstance(said, Goodbye):
                    raise Lost(said.message, code=said.code)
                if said is not None:
                    yield said

    async def _chunk(self) -> bytes:
        """Some bytes; pings where none come, and raises `Lost` where the connection is at its end."""
        with suppress(TimeoutError):
            return await self._read(self._patience.idle)
        self.send(Ping())
        try:
            return await self._read(self._patience.answer)
        except TimeoutError:
            silent = self._patience.idle + self._patience.answer
            raise Lost(f"The server has said nothing for {silent:.0f} seconds.") from None

    async def _read(self, patience: float) -> bytes:
        try:
            async with asyncio.timeout(patience):
                data = await self._reader.read(CHUNK)
        except TimeoutError:
            raise
        except OSError:
            raise Lost(self._silent or "The connection to the server broke.") from None
        if not data:
            raise Lost(self._silent or "The server closed the connection.")
        return data

    def _decoded(self, line: bytes) -> ServerLine | None:
        try:
            return decode_server_line(line)
        except ProtocolError:
            if _newer(line):
                return None
            raise Lost(self._foreign()) from None

    def _foreign(self) -> str:
        return f"What answers at {self._place} does not speak Parley's protocol. Check the address."

    async def close(self) -> None:
        """Send what was written, for a second at most, and hang up."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
        self._writer.transport.abort()


async def _connected(host: str, port: int, patience: float) -> socket.socket:
    """A socket to the first address of this name that answers; each gets its share of the patience.

    Not left to asyncio, whose race between addresses loses an open socket when it is cancelled as one wins.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(patience):
        addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    problem: OSError = TimeoutError()
    for family, kind, protocol, _, address in addresses:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            async with asyncio.timeout(patience / len(addresses)):
                await loop.sock_connect(sock, address)
        except OSError as error:
            sock.close()
            problem = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise problem


async def _spoken(
    sock: socket.socket, host: str, patience: float, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Streams over the socket, which is closed where there are none."""
    if tls is None:
        return await asyncio.open_connection(sock=sock, limit=CHUNK * 4)
    try:
        return await asyncio.open_connection(
            sock=sock, limit=CHUNK * 4, ssl=tls, server_hostname=host, ssl_handshake_timeout=patience
        )
    except BaseException:
        sock.close()
        raise


def _newer(line: bytes) -> bool:
    """Is this an object of the protocol whose type this client does not know?"""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(found, dict) and isinstance(found.get("type"), str) and found["type"] not in _KNOWN
