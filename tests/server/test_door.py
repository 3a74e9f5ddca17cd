"""One port for all: what the first bytes decide, however they come; and nonsense in HTTP costs nobody anything."""

import asyncio
import json
import re
import resource
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatserver.door import JSON_LINES, Door, DoorError, Tongue
from tests.processes import ServerProcess
from tests.server.conftest import Join
from tests.server.peer import Peer, close_all

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
HELLO = json.dumps({"type": "hello", "protocol": 1, "user": "alice", "token": "token of alice 0123456789"}).encode()


async def say(port: int, *pieces: bytes) -> bytes:
    """Everything that a server says to these pieces, one packet each."""
    peer = await Peer.connect(port)
    for piece in pieces:
        await peer.raw(piece)
        await asyncio.sleep(0.001)
    answer = await peer.closed()
    await peer.close()
    return answer


def by_byte(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]


@pytest.mark.parametrize("pieces", [[LAST], by_byte(LAST), [b"\r\n" + LAST], [b"\r\n", b"\n", b"G", b"ET", LAST[3:]]])
async def test_http_however_it_comes(standing: ServerProcess, pieces: list[bytes]) -> None:
    answer = await say(standing.port, *pieces)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n") and answer.endswith(b"\r\n\r\nok")
    assert b"Content-Type: text/plain" in answer


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "QUERY", "TRACE"])
async def test_every_method_is_http(standing: ServerProcess, method: str) -> None:
    answer = await say(standing.port, *by_byte(LAST.replace(b"GET", method.encode())))
    assert answer.startswith(b"HTTP/1.1 405 ") and b"Allow: GET,HEAD" in answer


@pytest.mark.parametrize("pieces", [[UPGRADE], by_byte(UPGRADE), [b"\r\n", UPGRADE[:1], UPGRADE[1:]]])
async def test_a_websocket_however_it_comes(standing: ServerProcess, pieces: list[bytes]) -> None:
    """The handshake with a frame on its heels: a `ping` before `hello`, in a mask of zeros, and a close."""
    line = b'{"type":"ping"}'
    answer = await say(
        standing.port, *pieces, b"\x81" + bytes((0x80 | len(line),)) + bytes(4) + line, b"\x88\x80" + bytes(4)
    )
    head, _, frames = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ") and b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    assert frames.startswith(b"\x81") and b'"not_signed_in"' in frames and frames.endswith(b"\x88\x02\x03\xe8")


async def test_requests_on_one_line(standing: ServerProcess) -> None:
    answer = await say(standing.port, GET * 50 + LAST)
    assert answer.count(b"HTTP/1.1 200 OK") == 51


@pytest.mark.parametrize("pieces", [[HELLO + b"\n"], by_byte(HELLO + b"\n"), [b" \r\n", HELLO, b'\n{"type":"ping"}\n']])
async def test_lines_however_they_come(standing: ServerProcess, pieces: list[bytes]) -> None:
    peer = await Peer.connect(standing.port)
    for piece in pieces:
        await peer.raw(piece)
        await asyncio.sleep(0)
    await peer.until("welcome")
    await peer.settle()
    await peer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [b"get / HTTP/1.1\r\n\r\n"],
        [b"GE", b"X"],
        [b"P", b"OSTER"],
        [b"\x00"],
        [b"\x16\x03\x01\x02\x00"],
        [b"[1]\n"],
        [b"NICK a\r\n"],
    ],
)
async def test_anything_else_gets_one_line(standing: ServerProcess, pieces: list[bytes]) -> None:
    (line,) = (await say(standing.port, *pieces)).splitlines()
    told = json.loads(line)
    assert (told["type"], told["code"]) == ("error", "bad_request")
    assert "JSON lines" in told["message"] and "HTTP" in told["message"]


async def test_who_is_silent_or_slow_is_refused(
    start_server: Callable[..., ServerProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_PATIENCE", "0.3")
    server = start_server()
    answers = await asyncio.gather(
        say(server.port), say(server.port, b"\r\n"), say(server.port, b"GE"), say(server.port, b"GET /healthz HTT")
    )
    for answer in answers[:3]:
        assert json.loads(answer)["message"] == "No whole line came within 0.3 s."
    assert answers[3].startswith(b"HTTP/1.1 408 ")
    # The control: who spoke in time may rest.
    peer = await Peer.connect(server.port)
    await peer.raw(GET)
    await peer.reader.readuntil(b"ok")
    await asyncio.sleep(0.5)
    await peer.raw(LAST)
    assert (await peer.closed()).endswith(b"ok")
    await peer.close()


NO_UTF8 = {
    b"GET /api/rooms|Authorization: Bearer \xff\xfe": b"401",
    b"GET /api/rooms|Authorization: \xff": b"401",
    b"POST /files?name=a|Expect: 100-continue\r\nAuthorization: Bearer \xff": b"401",
    b"GET /ws|Origin: http://\xff": b"403",
    b"GET /healthz|Expect: \xff": b"500",  # aiohttp's own doing
}


@pytest.mark.parametrize("asked", NO_UTF8)
async def test_bytes_that_are_no_utf8_in_a_header(standing: ServerProcess, asked: bytes) -> None:
    before = len(standing.output)
    head = asked.replace(b"|", b" HTTP/1.1\r\nHost: x\r\n")
    answer = await say(standing.port, head + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + NO_UTF8[asked])
    assert "".join(standing.output[before:]) == "", "nobody fills the log who likes"


async def test_a_peer_that_vanishes_is_noticed() -> None:
    """Silence costs nothing on the wire; only the kernel can tell whether somebody is still there."""
    made: asyncio.Queue[socket.socket | None] = asyncio.Queue()

    def front(plain: socket.socket | None) -> asyncio.Protocol:
        made.put_nowait(plain)
        return asyncio.Protocol()

    door = Door([Tongue(JSON_LINES, front)], 5)
    peer = await Peer.connect(door.listen("127.0.0.1", 0))
    door.open()
    await peer.raw(b"{")
    plain = await made.get()
    assert plain is not None
    assert plain.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert plain.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    if sys.platform == "linux":
        names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        assert [plain.getsockopt(socket.IPPROTO_TCP, name) for name in names] == [60, 15, 4]
    await peer.close()
    await door.close()


def open_files(server: ServerProcess) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def named(*addresses: str) -> Callable[..., list[object]]:
    """Stands for a resolver: the name has these addresses."""

    def found(host: str, port: int, **_: object) -> list[object]:
        families = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(families[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    return found


async def test_a_name_of_several_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """`localhost` is two addresses on most machines; on some it is one that they do not have."""

    def listen(door: Door, port: int, *addresses: str) -> int:
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", named(*addresses))
            return door.listen("localhost", port)

    doors = [Door([], 5) for _ in range(3)]
    port = listen(doors[0], 0, "192.0.2.1", "127.0.0.2", "127.0.0.1")
    for address in ("127.0.0.1", "127.0.0.2"):
        socket.create_connection((address, port)).close()
    with pytest.raises(DoorError, match="cannot be listened on"):
        listen(doors[1], 0, "192.0.2.1")
    with pytest.raises(DoorError, match="in use"):
        listen(doors[2], port, "127.0.0.3", "127.0.0.2")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.3", port))
    for door in doors:
        await door.close()


@pytest.mark.skipif(sys.platform != "linux", reason="limits the server's open files with prlimit")
async def test_more_connections_than_it_may_open(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--limits", "off")
    alice = await Peer.sign_in(server.port, "alice")
    assert (await say(server.port, LAST)).endswith(b"ok")
    limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    open_now = open_files(server)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (open_now + 5, limits[1]))
    crowd = [await Peer.connect(server.port) for _ in range(20)]
    while not any("cannot be accepted" in line for line in server.output):
        await alice.settle()
    await asyncio.sleep(0.3)  # it has tried again by now
    assert "".join(server.output).count("cannot be accepted") == 1
    assert (await alice.change("post", "lobby", text="still here"))["type"] == "ok"
    await close_all(*crowd)
    assert (await say(server.port, LAST)).endswith(b"ok"), "they left room"
    await alice.close()


@pytest.mark.parametrize(
    "path", ["/assets/", "/assets/../page.py", "/nowhere", "/files/", "/healthz/", "/%2e%2e/etc/passwd", "/a?b=c"]
)
async def test_what_is_not_there(standing: ServerProcess, path: str) -> None:
    answer = await say(standing.port, LAST.replace(b"/healthz", path.encode()))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 ") and b"Content-Type: application/json" in head
    assert json.loads(body)["error"]["code"] == "bad_request"


BODY = b"POST /files?name=a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token of bob 0123456789\r\n"
NONSENSE = {
    "no version": b"GET /\r\n\r\n",
    "no such version": b"GET / HTTP/9.9\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a huge address": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    "a huge header": b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 1_000 + b"\r\n",
    "control characters": b"GET /\x00\x01 HTTP/1.1\r\n\r\n",
    "a header without colon": b"GET / HTTP/1.1\r\nnonsense\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
    "two lengths": BODY + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcGET",
    "length and chunks": BODY
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n",
    "chunks of another kind": BODY + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked twice": BODY + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a negative length": BODY + b"Content-Length: -1\r\n\r\n",
    "a length in words": BODY + b"Content-Length: five\r\n\r\n",
    "a length with a sign": BODY + b"Content-Length: +5\r\n\r\nabcde",
    "a bad chunk": BODY + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a chunk that lies": BODY + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n",
    "a chunk of a quadrillion": BODY + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc",
    "a chunk with a long name": BODY + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 100_000 + b"\r\nx\r\n0\r\n\r\n",
    "two tokens": b"GET /uploads/u HTTP/1.1\r\n" + b"Authorization: Bearer a\r\n" * 2 + b"Connection: close\r\n\r\n",
    "an upgrade": b"GET /healthz HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "a tunnel": b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
    "every method": b"TRACE / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "somebody else's address": b"GET http://example.org/ HTTP/1.1\r\nConnection: close\r\n\r\n",
    "an expectation": BODY + b"Expect: miracles\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
}


@pytest.mark.parametrize("data", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_costs_nobody_anything(enter: Join, standing: ServerProcess, data: bytes) -> None:
    bob = await enter("bob")
    before = len(standing.output)
    peer = await Peer.connect(standing.port)
    try:
        await peer.raw(data)
        peer.writer.write_eof()
        answer = await peer.closed()
    except OSError:  # hung up on: that too is an answer
        answer = b""
    finally:
        await peer.close()
    assert len(re.findall(rb"(?m)^HTTP/", answer)) <= 1, "nothing in it was taken for a second request"
    assert not answer.startswith((b"HTTP/1.1 500", b"HTTP/1.1 201"))
    assert len(answer) < 10_000
    await bob.settle()
    assert "".join(standing.output[before:]) == ""


async def test_the_end_waits_for_nobody(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--limits", "off")
    alice = await Peer.sign_in(server.port, "alice")
    resting, silent, half, stalled = [await Peer.connect(server.port) for _ in range(4)]
    await resting.raw(GET)
    await resting.reader.readuntil(b"ok")
    await half.raw(b"GET /health")
    await stalled.raw(BODY.replace(b"of bob", b"of alice") + b"Content-Length: 100000\r\n\r\n" + b"x" * 1_000)
    await asyncio.sleep(0.1)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert await asyncio.to_thread(server.stop) == 0
    assert loop.time() - begun < 3
    assert (await stalled.closed()).startswith(b"HTTP/1.1 503 ")
    assert json.loads(await silent.closed())["code"] == "shutting_down"
    assert b'"goodbye"' in await alice.closed()
    await close_all(alice, resting, silent, half, stalled)
    assert "Traceback" not in "".join(server.output)
