"""The same over TLS, where no byte goes past the transport: `wss`, a page that does not read, and the end."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.processes import ServerProcess
from tests.server.certificate import certificate
from tests.server.peer import Peer
from tests.web.webpeer import WebPeer


@pytest.mark.slow
async def test_pages_over_tls(start_server: Callable[..., ServerProcess], tmp_path: Path) -> None:
    papers = certificate(tmp_path)
    server = start_server("--limits", "off", *papers.flags)
    people: list[WebPeer] = []
    for user in ("alice", "bob", "carol"):
        http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=papers.client))
        address = f"https://127.0.0.1:{server.port}"
        ws = await http.ws_connect(f"{address}/ws", headers={"Origin": address}, max_msg_size=1 << 26)
        people.append(peer := WebPeer(ws, http))
        peer.user = user
        await peer.send(type="hello", protocol=1, user=user, token=f"token of {user} 0123456789")
        await peer.until("welcome")
    alice, bob, carol = people
    live = asyncio.create_task(carol.until("message", id="p999"))
    for start in range(0, 1_000, 20):  # 15 MB that bob does not read
        for n in range(start, start + 20):
            await alice.send(type="post", id=f"p{n}", room="lobby", text=f"{n} {'x' * 15_000}")
        for _ in range(20):
            await alice.until("ok")
    await live
    await bob.until("message", id="p999")
    for reader in (bob, carol):
        assert [line["id"] for line in reader.events()] == [f"p{n}" for n in range(1_000)]
    stopping = asyncio.create_task(asyncio.to_thread(server.stop))
    for peer in people:
        assert await peer.ended() == 1001, (peer.user, peer.seen[-1])
        assert peer.seen[-1]["type"] == "goodbye"
    assert await stopping == 0
    for peer in people:
        await peer.close()
    assert "Traceback" not in "".join(server.output)


async def test_a_page_of_the_plain_address_is_another(
    start_server: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    papers = certificate(tmp_path)
    server = start_server(*papers.flags)
    connector = aiohttp.TCPConnector(ssl=papers.client)
    async with aiohttp.ClientSession(connector=connector) as http:
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            await http.ws_connect(f"https://127.0.0.1:{server.port}/ws", headers={"Origin": "https://127.0.0.1:1"})
        assert error.value.status == 403
    stranger = await Peer.connect(server.port)
    await stranger.raw(b"GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"HTTP/1.1" not in await stranger.closed()
    await stranger.close()
