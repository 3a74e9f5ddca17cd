"""How much a file weighs on its way: on the server's memory, and on everybody else's patience."""

import asyncio
import hashlib
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.files.caller import Caller
from tests.files.raw import Raw, request
from tests.processes import ServerProcess
from tests.server.certificate import certificate
from tests.server.peer import Peer

MIB = 1 << 20
BLOCK = bytes(range(256)) * 4_096
COUNT = 400
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def peak(server: ServerProcess) -> int:
    """The most memory that it ever had, in bytes, since `forget_peak`."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak(server: ServerProcess) -> int:
    """From now on; what it has now."""
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")
    return peak(server)


async def blocks(count: int) -> AsyncIterator[bytes]:
    for number in range(count):
        yield number.to_bytes(8, "big") + BLOCK[8:]


@linux
@pytest.mark.slow
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
async def test_a_hundred_mib(start_server: Callable[..., ServerProcess], tmp_path: Path, tls: bool) -> None:
    papers = certificate(tmp_path) if tls else None
    server = start_server("--limits", "off", *(papers.flags if papers else ()))
    digest = hashlib.sha256()
    async for block in blocks(100):
        digest.update(block)
    opened = await asyncio.open_connection("127.0.0.1", server.port, ssl=papers.client if papers else None)
    peer = Peer(*opened)
    alice = Caller(server.port, "alice", "token of alice".ljust(40, "."), papers.client if papers else None)
    alice.peer = peer
    await peer.send(type="hello", protocol=1, user="alice", token=alice.token)
    await peer.until("welcome")
    for data in (BLOCK * 3, BLOCK * 2):  # whatever is made at the first use is there
        await alice.fetch(await alice.upload(data))
    before, begun = forget_peak(server), time.monotonic()
    answer = await alice.send(blocks(100), "big.bin")
    up = (peak(server) - before, time.monotonic() - begun)
    assert (answer.status, answer.json["file"]) == (201, digest.hexdigest())
    before, begun = forget_peak(server), time.monotonic()
    got = hashlib.sha256()
    async with aiohttp.ClientSession() as session:
        url, token = f"{alice.base}/files/{digest.hexdigest()}", {"Authorization": f"Bearer {alice.token}"}
        async with session.get(url, headers=token, ssl=papers.client if papers else True) as response:
            async for chunk in response.content.iter_any():
                got.update(chunk)
    down = (peak(server) - before, time.monotonic() - begun)
    assert got.digest() == digest.digest()
    for what, (grown, seconds) in (("up", up), ("down", down)):
        print(f"100 MiB {what}: {grown / MIB:.1f} MiB more at the peak, {seconds:.1f} s")
        assert grown < 4 * MIB, f"{what}: {grown / MIB:.1f} MiB"
    await alice.close()


@linux
@pytest.mark.slow
async def test_a_reader_that_stalls(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--limits", "off")
    alice = await Caller.sign_in(server.port, "alice")
    file = (await alice.send(blocks(30), "big.bin")).json["file"]
    before = forget_peak(server)
    readers = []
    for _ in range(10):
        readers.append(await Raw.connect(server.port))
        readers[-1].reader._transport.pause_reading()  # type: ignore[attr-defined]  # streams have no other way
        await readers[-1].say(request(alice, f"/files/{file}", None, method="GET"))
    await asyncio.sleep(0.5)
    assert peak(server) - before < 10 * MIB, "a block or two each"
    for reader in readers:
        await reader.close()
    await alice.close()


@pytest.mark.slow
async def test_hundreds_of_slow_uploads(start_server: Callable[..., ServerProcess]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2_000:
        pytest.skip("too few open files are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_000), hard))  # the server inherits it
    server = start_server("--limits", "off")
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    people = []
    for number in range(COUNT // 4):
        peer = await Peer.sign_in(server.port, f"p{number}")
        people.append(Caller(0, peer.user, f"token of p{number} 0123456789"))
        await peer.close()
    slow = [await Raw.connect(server.port) for _ in range(COUNT)]
    for number, raw in enumerate(slow):
        await raw.say(request(people[number // 4], f"/files?name=a&upload=u{number}&size=1000", 1_000) + b"x")

    async def drip() -> None:
        for _ in range(4):
            for number, raw in enumerate(slow):
                await raw.say(b"x")
                if number % 40 == 0:
                    await asyncio.sleep(0.03)

    begun = time.monotonic()
    await alice.settle()
    print(f"{COUNT} uploads begin at once: everybody else waits {time.monotonic() - begun:.2f} s, once")
    dripping = asyncio.create_task(drip())
    waits = []
    while not dripping.done():
        begun = time.monotonic()
        await alice.send(type="post", id=f"m{len(waits)}", room="lobby", text="quick")
        await bob.until("message", id=f"m{len(waits)}")
        waits.append(time.monotonic() - begun)
    await dripping
    waits.sort()
    median, worst = waits[len(waits) // 2], waits[-1]
    print(
        f"{len(waits)} messages beside {COUNT} slow uploads: median {median * 1000:.1f} ms, worst {worst * 1000:.1f} ms"
    )
    assert median < 0.1 and worst < 0.5
    for raw in slow:
        await raw.say(b"x" * 995)
    answers = await asyncio.gather(*(raw.answer() for raw in slow))
    assert {answer.status for answer in answers} == {201}
    for raw in slow:
        await raw.close()
    for person in people:
        await person.close()
    await alice.close()
    await bob.close()
    assert "Traceback" not in "".join(server.output)


@linux
async def test_a_full_disk_refuses_files_and_the_history_goes_on(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--limits", "off")
    alice = await Caller.sign_in(server.port, "alice")
    small = await alice.upload(b"small")
    _, most = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (500_000, most))
    for query in ({}, {"upload": "u", "size": MIB}):
        answer = await alice.send(bytes(MIB), "big.bin", **query)
        assert (answer.status, answer.error) == (507, "storage_full")
    assert list((server.data / "files" / "parts").iterdir()) == [], "what was incomplete gave its room back"
    assert (await alice.call("GET", "/uploads/u")).status == 404
    assert await alice.post("lobby", small) > 0
    assert (await alice.fetch(small)).body == b"small"
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (most, most))
    assert (await alice.send(bytes(MIB), "big.bin", upload="u", size=MIB)).status == 201
    await alice.close()
    assert await asyncio.to_thread(server.stop) == 0
    assert "Traceback" not in "".join(server.output)
