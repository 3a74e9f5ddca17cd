"""What is not the protocol: of every kind, whole, byte by byte, and with the next line glued on."""

import asyncio
import json

import pytest

from tests.processes import ServerProcess
from tests.server.conftest import Join
from tests.server.peer import Peer

NOT_COMMANDS = [
    b"[]",
    b"7",
    b'"text"',
    b"null",
    b"{}",
    b'{"type":',
    b'{"type":"nonsense"}',
    b'{"type":7}',
    b'{"type":"post"}',
    b'{"type":"post","id":"1","room":"lobby","text":"\xff"}',
    b'{"type":"post","id":"1","room":"lobby","text":"\\ud800"}',
    b'{"type":"message","seq":1,"room":"lobby","user":"bob","id":"1","text":"forged"}',
    b'{"type":"ping"} trailing',
    b"{" * 5_000,
    b"[" * 5_000,
    b"\x00\x01\x02",
    b"GET / HTTP/1.1",
]


@pytest.mark.parametrize("line", NOT_COMMANDS)
@pytest.mark.parametrize("glue", ["whole", "byte by byte", "with the next"])
async def test_what_is_no_command_gets_one_error(enter: Join, line: bytes, glue: str) -> None:
    alice = await enter("alice")
    ping = b'{"type":"ping","ref":"after"}\n'
    if glue == "whole":
        await alice.raw(line + b"\n")
        await alice.raw(ping)
    elif glue == "byte by byte" and len(line) < 200:
        for place in range(len(line)):
            await alice.raw(line[place : place + 1])
        await alice.raw(b"\n" + ping)
    else:
        await alice.raw(line + b"\n" + ping)
    await alice.until("pong", ref="after")
    errors = alice.events("error")
    assert [error["code"] for error in errors] == ["bad_request"]
    assert errors[0]["message"]


async def test_the_error_of_a_broken_command_bears_its_ref_and_id(enter: Join) -> None:
    alice = await enter("alice")
    await alice.send(type="post", ref="r", id="i", room="lobby")
    error = await alice.until("error")
    assert (error["ref"], error["id"], error["code"]) == ("r", "i", "bad_request")
    assert "text" in error["message"]


@pytest.mark.parametrize("length", [256 * 1024 + 1, 1_000_000])
async def test_a_line_too_long_costs_one_error(enter: Join, length: int) -> None:
    alice = await enter("alice")
    await alice.raw(b'{"type":"post","text":"' + b"x" * length)
    await alice.raw(b'"}\n{"type":"ping","ref":"after"}\n')
    await alice.until("pong", ref="after")
    assert [error["code"] for error in alice.events("error")] == ["too_large"]


@pytest.mark.parametrize(("over", "answer"), [(0, "pong"), (1, "error")])
async def test_a_line_of_exactly_the_limit(enter: Join, over: int, answer: str) -> None:
    alice = await enter("alice")
    begin, end = b'{"type":"ping"', b"}"
    await alice.raw(begin + b" " * (256 * 1024 + over - len(begin) - len(end)) + end + b"\n")
    line = await alice.until(answer)
    assert line.get("code", "too_large") == "too_large"
    await alice.settle()


async def test_half_a_character_at_the_end_of_a_packet(enter: Join) -> None:
    alice = await enter("half")
    line = json.dumps({"type": "post", "id": "1", "room": "lobby", "text": "Grüße 😀"}, ensure_ascii=False).encode()
    for place in range(1, len(line)):
        if line[place] & 0xC0 == 0x80:
            await alice.raw(line[:place])
            await asyncio.sleep(0)
            await alice.raw(line[place:].replace(b'"1"', b'"%d"' % place) + b"\n")
            await alice.until("ok")
    await alice.settle()
    assert set(alice.texts()) == {"Grüße 😀"}


@pytest.mark.parametrize("greeting", [b"GOTO / HTTP/1.1\r\n\r\n", b"NICK alice\r\n", b"\x16\x03\x01\x02", b"hello\n"])
async def test_the_door_refuses_what_no_front_speaks(standing: ServerProcess, greeting: bytes) -> None:
    peer = await Peer.connect(standing.port)
    await peer.raw(greeting)
    answer = json.loads(await peer.closed())
    assert (answer["type"], answer["code"]) == ("error", "bad_request")
    await peer.close()
