"""Who is silent is asked whether it is there; who is gone is noticed; who does not read is not taken for gone."""

import asyncio
import json
from collections.abc import Callable

import pytest

from tests.processes import ServerProcess
from tests.server.peer import Peer
from tests.web.test_ws import CLOSE, PING, PONG, TEXT, hello, lines
from tests.web.test_ws_slow import Page, behind
from tests.web.webpeer import Frames

PATIENCE = 0.2
"""Of the server: it asks after twice this long, and waits as long for the answer."""


@pytest.fixture
def impatient(start_server: Callable[..., ServerProcess], monkeypatch: pytest.MonkeyPatch) -> ServerProcess:
    monkeypatch.setenv("PARLEY_PATIENCE", str(PATIENCE))
    return start_server("--limits", "off")


async def signed_in(port: int, user: str) -> Frames:
    frames = await Frames.connect(port)
    frames.send(TEXT, lines(hello(user)))
    assert json.loads((await frames.until(TEXT)).splitlines()[0])["type"] == "welcome"
    return frames


async def test_who_answers_stays(impatient: ServerProcess) -> None:
    bob = await signed_in(impatient.port, "bob")
    for _ in range(2):
        frame = await bob.frame()
        while frame[0] == TEXT:
            frame = await bob.frame()
        assert frame == (PING, b"")
        bob.send(PONG)
    bob.send(TEXT, b'{"type":"ping","ref":"still"}')
    assert b"still" in await bob.until(TEXT)
    await bob.close()


async def test_who_does_not_answer_is_gone(impatient: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(impatient.port, "alice"), await signed_in(impatient.port, "bob")
    if "bob" not in alice.welcome["people"]:
        await alice.until("presence")
    await bob.until(PING)
    while (await alice.until("presence"))["users"].get("bob", {}).get("state", "offline") != "offline":
        pass
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await bob.until(CLOSE)
    await bob.close()
    await alice.close()


async def test_who_does_not_read_stays(impatient: ServerProcess) -> None:
    """Its pong lies behind what it has not read; that is no sign of death."""
    alice = await Peer.sign_in(impatient.port, "alice")
    deaf = await Page.sign_in(impatient.port, "deaf", 16 * 1024)
    noise = 0
    while not await behind(impatient.port):
        for _ in range(20):
            await alice.change("post", "lobby", text=f"{noise} {'x' * 15_000}")
            noise += 1
        deaf.send(PONG)
    await asyncio.sleep(PATIENCE * 2 * 4)
    assert await behind(impatient.port) == 1, "it is still there"
    deaf.send(PONG)
    await deaf.until_line("message", text=f"{noise - 1} {'x' * 15_000}")
    await deaf.close()
    await alice.close()
