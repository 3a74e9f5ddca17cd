"""With a certificate the whole port speaks TLS, lines and HTTP alike, and nobody's handshake holds up another's."""

import asyncio
import json
import re
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chatserver import tls
from tests.processes import ROOT, NewServer, ServerProcess, standing
from tests.server.certificate import Certificate, certificate
from tests.server.peer import Peer

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def secure(
    new_server: NewServer,
    papers: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ServerProcess]:
    with standing(new_server(tmp_path_factory.mktemp("secure"), ("--limits", "off", *papers.flags))) as server:
        yield server


class Connect:
    """Peers over TLS, closed at the end."""

    def __init__(self, port: int, client: ssl.SSLContext) -> None:
        self.port = port
        self.client = client
        self.peers: list[Peer] = []

    async def __call__(self, *pieces: bytes) -> Peer:
        opened = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24, ssl=self.client)
        self.peers.append(Peer(*opened))
        for piece in pieces:
            await self.peers[-1].raw(piece)
        return self.peers[-1]

    async def sign_in(self, user: str) -> Peer:
        peer = await self()
        peer.user = user
        await peer.send(type="hello", protocol=1, user=user, token=f"token of {user} 0123456789")
        await peer.until("welcome")
        return peer


@pytest.fixture
async def connect(secure: ServerProcess, papers: Certificate) -> AsyncIterator[Connect]:
    made = Connect(secure.port, papers.client)
    yield made
    for peer in made.peers:
        await peer.close()


@pytest.mark.parametrize(
    "pieces", [[GET], [GET[place : place + 1] for place in range(len(GET))]], ids=["whole", "bytes"]
)
async def test_http(connect: Connect, pieces: list[bytes]) -> None:
    answer = await (await connect(*pieces)).closed()
    assert answer.startswith(b"HTTP/1.1 200 OK") and answer.endswith(b"ok")


async def test_lines_both_ways_and_in_great_number(connect: Connect) -> None:
    alice, bob = await connect.sign_in("alice"), await connect.sign_in("bob")
    for number in range(1_000):
        alice.writer.write(b'{"type":"post","id":"%d","room":"lobby","text":"%s"}\n' % (number, b"x" * 500))
    await alice.writer.drain()
    for peer in (bob, alice):
        await peer.until("message", id="999")
    assert [line["id"] for line in bob.events()] == [str(number) for number in range(1_000)]
    await asyncio.gather(alice.settle(), bob.settle())


async def test_who_does_not_read_catches_up(connect: Connect) -> None:
    carol, dave = await connect.sign_in("carol"), await connect.sign_in("dave")
    carol.reader._transport.pause_reading()  # type: ignore[attr-defined]  # streams have no other way not to read
    text = "y" * 15_000
    for number in range(300):
        await dave.change("post", "lobby", text=text, id=f"d{number}")
    carol.reader._transport.resume_reading()  # type: ignore[attr-defined]  # as above
    await carol.until("message", id="d299")
    assert [line["id"] for line in carol.events() if line["user"] == "dave"] == [f"d{number}" for number in range(300)]


async def test_what_nobody_speaks(connect: Connect) -> None:
    answer = await (await connect(b"NICK alice\r\n")).closed()
    assert json.loads(answer)["code"] == "bad_request"


async def test_a_hanging_handshake_holds_up_nobody(connect: Connect, secure: ServerProcess) -> None:
    hanging = [await Peer.connect(secure.port) for _ in range(20)]
    for peer in hanging[10:]:
        await peer.raw(b"\x16\x03\x01")
    async with asyncio.timeout(3):
        assert (await (await connect(GET)).closed()).endswith(b"ok")
    for peer in hanging:
        await peer.close()


@pytest.mark.parametrize("greeting", [GET, b'{"type":"ping"}\n', b"\x16\x03\x01\x00\x05nonsense"])
async def test_who_speaks_no_tls_is_hung_up_on(connect: Connect, secure: ServerProcess, greeting: bytes) -> None:
    peer = await Peer.connect(secure.port)
    try:
        await peer.raw(greeting)
        assert b"ok" not in await peer.closed()
    except ConnectionError:
        pass
    finally:
        await peer.close()
    assert (await (await connect(GET)).closed()).endswith(b"ok")


async def test_the_end(papers: Certificate, tmp_path: Path) -> None:
    server = ServerProcess(tmp_path, papers.flags)
    server.start()
    connect = Connect(server.port, papers.client)
    alice, silent = await connect.sign_in("alice"), await connect()
    shaking = await Peer.connect(server.port)
    begun = asyncio.get_running_loop().time()
    assert await asyncio.to_thread(server.stop) == 0
    assert asyncio.get_running_loop().time() - begun < 5
    assert b'"goodbye"' in await alice.closed()
    assert json.loads(await silent.closed())["code"] == "shutting_down"
    for peer in (alice, silent, shaking):
        await peer.close()
    assert "Traceback" not in "".join(server.output), "".join(server.output)


def test_certificates_that_cannot_be(papers: Certificate, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for cert, key, word in (
        ("/nowhere.pem", "", "/nowhere.pem"),
        (str(papers.cert), "/nowhere.pem", "/nowhere.pem"),
        (str(papers.cert), str(empty), "empty.pem"),
        (str(papers.cert), "", "cert.pem"),
        (str(tmp_path), "", str(tmp_path)),
    ):
        with pytest.raises(tls.TlsError, match=re.escape(word)):
            tls.context(cert, key)


def test_a_server_says_so_and_ends(papers: Certificate, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chatserver", "--port", "0", "--data", str(tmp_path / "data")]
    for flags, word in ((("--tls-cert", "/nowhere.pem"), "/nowhere.pem"), (("--tls-key", str(papers.key)), "tls_cert")):
        result = subprocess.run([*command, *flags], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
        assert result.returncode == 1 and word in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert not (tmp_path / "data").exists()


async def test_one_file_with_both(papers: Certificate, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(papers.key.read_bytes() + papers.cert.read_bytes())
    server = ServerProcess(tmp_path / "data", ("--tls-cert", str(both)))
    server.start()
    peer = await Connect(server.port, papers.client)(GET)
    assert (await peer.closed()).endswith(b"ok")
    await peer.close()
    assert await asyncio.to_thread(server.stop) == 0
