"""JSON lines over WebSocket: the handshake, what a message may hold, how it ends, and that it costs nobody anything."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pytest

from chatserver.fronts.http import frames, origin
from shared.errors import Refused
from tests.processes import NewServer, ServerProcess, standing
from tests.server.peer import Peer, close_all
from tests.web.webpeer import Frames, WebPeer

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
Enter = Callable[..., Awaitable[WebPeer]]


@pytest.fixture(scope="module")
def hall(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all of these."""
    with standing(new_server(tmp_path_factory.mktemp("hall"), ("--limits", "off"))) as server:
        yield server


@pytest.fixture
async def enter(hall: ServerProcess) -> AsyncIterator[Enter]:
    peers: list[Peer] = []

    async def sign_in(user: str) -> WebPeer:
        peers.append(peer := await WebPeer.sign_in(hall.port, user))
        return peer

    yield sign_in
    await close_all(*peers)


def hello(user: str) -> dict[str, object]:
    return {"type": "hello", "protocol": 1, "user": user, "token": f"token of {user} 0123456789"}


def lines(*commands: dict[str, object]) -> bytes:
    return b"\n".join(json.dumps(command).encode() for command in commands)


# --- what goes in and out -------------------------------------------------------------------------------------


async def test_a_page_and_a_program_talk(enter: Enter, hall: ServerProcess) -> None:
    alice, bob = await enter("alice"), await Peer.sign_in(hall.port, "bob")
    await alice.change("post", "lobby", text="from the page 😀\nin two lines")
    await bob.until("message", text="from the page 😀\nin two lines")
    await bob.change("post", "lobby", text="from a program")
    await alice.until("message", text="from a program")
    await alice.send(type="typing", room="lobby")
    assert (await bob.until("typing", room="lobby"))["users"] == ["alice"]
    await bob.close()
    while (await alice.until("presence"))["users"].get("bob", {}).get("state", "offline") != "offline":
        pass


async def test_one_message_carries_many_lines(enter: Enter) -> None:
    alice = await enter("alice")
    before = alice.messages
    posts = [{"type": "post", "id": f"many-{n}", "room": "lobby", "text": str(n)} for n in range(500)]
    await alice.raw(b"\n\n" + lines(*posts) + b"\n")  # empty ones among them mean nothing
    for n in range(500):
        await alice.until("message", id=f"many-{n}")
    assert alice.messages - before < 100, "many lines come in one message too"


async def test_a_message_in_pieces_with_a_ping_between(hall: ServerProcess) -> None:
    wire = await Frames.connect(hall.port)
    whole = lines(hello("carol"))
    wire.send(0x01, whole[:20])
    wire.send(PING, b"are you there?")
    wire.send(0x80, whole[20:])
    assert await wire.frame() == (PONG, b"are you there?")
    first, payload = await wire.frame()
    assert first == TEXT and json.loads(payload)["type"] == "welcome"
    await wire.close()


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
        (5_000_000, "817f00000000004c4b40"),
    ],
)
def test_frames_of_every_size(size: int, head: str) -> None:
    assert frames.text(b"x" * size) == bytes.fromhex(head) + b"x" * size


def test_a_piece_is_framed_once() -> None:
    framing, piece, other = frames.Framing(), b"piece" * 9, b"other" * 9
    assert framing(piece) == frames.text(piece)
    assert framing(piece) is framing(piece), "the same bytes for everybody"
    assert framing(other) == frames.text(other)
    assert framing(piece) == frames.text(piece)


async def test_long_and_short_answers(enter: Enter) -> None:
    alice = await enter("alice")
    for size in (1, 80, 4_000, 16_000):
        await alice.change("post", "lobby", text="x" * size)
    messages = (await alice.ask(type="history", room="lobby", limit=4))["messages"]
    assert [len(line["text"]) for line in messages] == [1, 80, 4_000, 16_000]


async def test_a_long_line_costs_one_error(enter: Enter) -> None:
    alice = await enter("alice")
    await alice.raw(b'{"type":"ping","ref":"a"}\n' + b"x" * 300_000 + b'\n{"type":"ping","ref":"b"}')
    assert [line["type"] for line in [await alice.line() for _ in range(3)]] == ["pong", "error", "pong"]
    assert alice.seen[-2]["code"] == "too_large"


async def test_nonsense_and_bytes_cost_one_error_each(enter: Enter) -> None:
    alice = await enter("alice")
    await alice.raw(b"nonsense")
    assert (await alice.until("error"))["code"] == "bad_request"
    await alice.ws.send_bytes(b"\x00\xff")
    assert "text" in (await alice.until("error"))["message"]
    await alice.settle()


async def test_text_that_is_no_utf8_costs_one_error(hall: ServerProcess) -> None:
    wire = await Frames.connect(hall.port)
    wire.send(TEXT, b'{"type":"\xff"}')
    assert json.loads(await wire.until(TEXT))["code"] == "bad_request"
    wire.send(TEXT, lines(hello("carol")))
    assert json.loads(await wire.until(TEXT))["type"] == "welcome"
    await wire.close()


async def test_a_stranger_gets_nothing(hall: ServerProcess) -> None:
    stranger, alice = await WebPeer.connect(hall.port), await WebPeer.sign_in(hall.port, "alice")
    await stranger.send(type="history", room="lobby")
    assert (await stranger.until("error"))["code"] == "not_signed_in"
    await alice.change("post", "lobby", text="not for strangers")
    await stranger.send(type="ping")
    assert (await stranger.until("error"))["code"] == "not_signed_in"
    assert stranger.events() == []
    await close_all(stranger, alice)


# --- how it ends ----------------------------------------------------------------------------------------------


def code_of(payload: bytes) -> int:
    return int(struct.unpack("!H", payload[:2])[0])


async def test_too_long_a_message_is_1009(hall: ServerProcess) -> None:
    wire = await Frames.connect(hall.port)
    wire.send(TEXT, b"", size=(1 << 20) + 1)
    assert code_of(await wire.until(CLOSE)) == 1009
    await wire.close()
    wire = await Frames.connect(hall.port)
    for place in range(17):  # in pieces that are short, each
        wire.send(0x00 if place else 0x01, b"\n" * (1 << 16))
    assert code_of(await wire.until(CLOSE)) == 1009
    await wire.close()
    wire = await Frames.connect(hall.port)  # the control: as long as may be
    wire.send(TEXT, lines(hello("carol")).ljust(1 << 20, b"\n"))
    assert json.loads(await wire.until(TEXT))["type"] == "welcome"
    await wire.close()


@pytest.mark.parametrize(
    ("first", "payload"), [(0xC1, b"{}"), (0x80, b"{}"), (0x83, b""), (0x09, b""), (CLOSE, b"x"), (CLOSE, b"\x03\xed")]
)
async def test_what_is_no_websocket_is_1002(hall: ServerProcess, first: int, payload: bytes) -> None:
    wire = await Frames.connect(hall.port)
    wire.send(first, payload)
    assert code_of(await wire.until(CLOSE)) == 1002
    await wire.close()


async def test_a_message_within_another_is_1002(hall: ServerProcess) -> None:
    wire = await Frames.connect(hall.port)
    wire.send(0x01, b'{"type":')
    wire.send(TEXT, b"{}")
    assert code_of(await wire.until(CLOSE)) == 1002
    await wire.close()


async def test_who_closes_is_answered_and_gone(enter: Enter, hall: ServerProcess) -> None:
    alice = await enter("alice")
    carol = await WebPeer.sign_in(hall.port, "carol")
    await carol.ws.close(code=1000)
    assert carol.ws.close_code == 1000
    await carol.close()
    while (await alice.until("presence"))["users"].get("carol", {}).get("state", "offline") != "offline":
        pass
    wire = await Frames.connect(hall.port)  # and who is torn away leaves no trace either
    wire.send(TEXT, lines(hello("carol")))
    await wire.until(TEXT)
    wire.writer.transport.abort()
    await alice.settle()


async def test_who_is_silent_is_told_so(
    start_server: Callable[..., ServerProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_PATIENCE", "0.3")
    server = start_server()
    silent, spoke = await WebPeer.connect(server.port), await WebPeer.sign_in(server.port, "alice")
    assert await silent.ended() == 1008
    assert silent.seen[0]["message"] == "No whole line came within 0.3 s."
    await spoke.settle()
    await close_all(silent, spoke)


async def test_who_is_signed_out_hears_why(hall: ServerProcess) -> None:
    phone, desk = await WebPeer.sign_in(hall.port, "dave"), await Peer.sign_in(hall.port, "dave")
    await phone.send(type="sign_out", session=phone.welcome["session"])
    assert await phone.ended() == 1008
    assert phone.seen[-1]["type"] == "goodbye"
    await close_all(phone, desk)


async def test_the_end_of_the_server(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--limits", "off")
    alice, bob = await WebPeer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    stranger, deaf = await WebPeer.connect(server.port), await Frames.connect(server.port)
    for n in range(100):
        await alice.send(type="post", id=str(n), room="lobby", text=str(n))
    begun = asyncio.get_running_loop().time()
    stopping = asyncio.create_task(asyncio.to_thread(server.stop))
    assert await alice.ended() == 1001
    assert alice.seen[-1] == {"type": "goodbye", "code": "shutting_down", "message": "The server is shutting down."}
    assert await stranger.ended() == 1001
    await bob.until("goodbye", code="shutting_down")
    assert await stopping == 0
    assert asyncio.get_running_loop().time() - begun < 6, "who does not answer the farewell holds up nobody for long"
    stored = server.history.read_text("utf-8")
    assert all(f"\n{line['seq']}\t" in stored for line in alice.events("ok"))
    assert code_of(await deaf.until(CLOSE)) == 1001
    await close_all(alice, bob, stranger)
    await deaf.close()
    assert "Traceback" not in "".join(server.output)


async def test_the_outbox_survives_a_crash(server: ServerProcess) -> None:
    """As with lines: what was not acknowledged is sent again under its id, and stands once."""
    alice = await WebPeer.sign_in(server.port, "alice")
    for n in range(50):
        await alice.send(type="post", id=f"p{n}", room="lobby", text=str(n))
    await alice.until("ok", id="p10")
    server.kill()
    await alice.ended()
    await alice.close()
    server.start()
    alice = await WebPeer.sign_in(server.port, "alice")
    for n in range(50):
        assert (await alice.change("post", "lobby", text=str(n), id=f"p{n}"))["type"] == "ok"
    texts = [line["text"] for line in (await alice.ask(type="history", room="lobby"))["messages"] if "text" in line]
    assert texts == [str(n) for n in range(50)]
    await alice.close()


# --- the handshake --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("http://127.0.0.1:{port}", None),
        ("http://localhost:{port}", "localhost:{port}"),
        ("http://[::1]:{port}", "[::1]:{port}"),
    ],
)
async def test_the_page_of_this_server_may_connect(hall: ServerProcess, said: str, host: str | None) -> None:
    headers = {"Origin": said.format(port=hall.port)} | ({"Host": host.format(port=hall.port)} if host else {})
    await (await WebPeer.connect(hall.port, **headers)).close()


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("http://evil.example", None),
        ("http://127.0.0.1", None),
        ("http://127.0.0.1:1", None),
        ("null", None),
        ("", None),
        ("file://", None),
        ("http://127.0.0.1:{port}.evil.example", None),
        ("http://evil.example:{port}", "evil.example:{port}"),  # a name that points at this machine
    ],
)
async def test_no_other_page_may(hall: ServerProcess, said: str, host: str | None) -> None:
    headers = {"Origin": said.format(port=hall.port)} | ({"Host": host.format(port=hall.port)} if host else {})
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await WebPeer.connect(hall.port, **headers)
    assert error.value.status == 403


@pytest.mark.parametrize(
    ("said", "host", "public"),
    [
        ("https://chat.example", "chat.example", "chat.example"),
        ("https://chat.example", "chat.example", "chat.example:443"),
        ("https://Chat.Example", "chat.example:443", "chat.example:12345"),
    ],
)
def test_behind_a_proxy_the_public_name_counts(said: str, host: str, public: str) -> None:
    origin.check(said, host, loopback=True, public=public)
    origin.check(said, host, loopback=False, public=None)
    with pytest.raises(Refused):
        origin.check(said, host, loopback=True, public=None)
    with pytest.raises(Refused):
        origin.check(said, "other.example", loopback=True, public=public)


@pytest.mark.parametrize(
    "missing", ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: "]
)
async def test_half_a_handshake_is_a_bad_request(hall: ServerProcess, missing: str) -> None:
    asked = ["GET /ws HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    asked += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""]
    peer = await Peer.connect(hall.port)
    await peer.raw("\r\n".join(line for line in asked if not line.startswith(missing)).encode())
    head = await peer.reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ") and b"application/json" in head
    await peer.close()


async def test_lines_may_come_with_the_handshake(hall: ServerProcess) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hall.port)
    asked = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    writer.write(asked.encode() + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    wire = Frames(reader, writer)
    wire.send(TEXT, lines(hello("carol")))
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in await reader.readuntil(b"\r\n\r\n")
    assert json.loads(await wire.until(TEXT))["type"] == "welcome"
    await wire.close()
