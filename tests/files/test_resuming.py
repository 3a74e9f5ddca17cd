"""F2: an upload that breaks goes on where it stopped, over another connection, another server process, to the same
bytes; and one person's uploads are nobody else's."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlencode

import pytest

from tests.files.caller import Caller
from tests.files.conftest import Enter
from tests.files.raw import Raw, request
from tests.processes import ServerProcess
from tests.server.peer import Peer

CallAt = Callable[..., Awaitable[Caller]]
SIZE = 300_000
DATA = os.urandom(SIZE)
SHA = hashlib.sha256(DATA).hexdigest()
OFFSETS = (0, 1, 65_535, 65_536, 65_537, 131_072, 200_000, SIZE - 1)


def at(upload: str, offset: int, size: int = SIZE) -> str:
    return "/files?" + urlencode({"name": "data.bin", "upload": upload, "size": size, "offset": offset})


async def part(
    caller: Caller, upload: str, offset: int, data: bytes, size: int = SIZE
) -> tuple[int, dict[str, object]]:
    answer = await caller.call("POST", at(upload, offset, size), data=data)
    return answer.status, answer.json


async def begin(caller: Caller, upload: str, count: int) -> Raw:
    """An upload of which so many bytes have been sent, over a connection that lives."""
    raw = await Raw.connect(caller.port)
    await raw.say(request(caller, at(upload, 0), SIZE) + DATA[:count])
    return raw


async def arrived(caller: Caller, upload: str, count: int) -> int:
    """Wait until the server has at least so many bytes; how many it has."""
    for _ in range(500):
        answer = await caller.call("GET", f"/uploads/{upload}")
        there = int(answer.json["offset"]) if answer.status == 200 else 0
        if there >= count:
            return there
        await asyncio.sleep(0.01)
    raise AssertionError(f"{count} bytes did not arrive: {answer}")


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("offset", OFFSETS)
async def test_it_goes_on_where_it_stopped(enter: Enter, fresh: str, offset: int, reset: bool) -> None:
    alice = await enter("alice")
    raw = await begin(alice, fresh, offset)
    pieces = offset // 65_536 * 65_536
    there = await arrived(alice, fresh, pieces)
    await raw.close(reset)
    status, told = await part(alice, fresh, there, DATA[there:])
    while status == 409:  # the rest of what had come was written meanwhile
        assert there < int(str(told["offset"])) <= offset
        there = int(str(told["offset"]))
        status, told = await part(alice, fresh, there, DATA[there:])
    assert (status, told["file"]) == (201, SHA)
    assert (await alice.fetch(SHA)).body == DATA


async def test_in_whole_parts(enter: Enter, fresh: str) -> None:
    alice = await enter("alice")
    for offset in range(0, SIZE - 70_000, 70_000):
        assert await part(alice, fresh, offset, DATA[offset : offset + 70_000]) == (202, {"offset": offset + 70_000})
    status, told = await part(alice, fresh, 280_000, DATA[280_000:])
    assert (status, told) == (201, {"file": SHA, "name": "data.bin", "mime": "application/octet-stream", "size": SIZE})
    # Said again, whatever the offset: the same file.
    for offset in (0, 280_000, SIZE):
        assert await part(alice, fresh, offset, DATA[offset:]) == (201, told)
    assert (await alice.call("GET", f"/uploads/{fresh}")).json == {"file": told}


async def test_another_offset_says_the_right_one(enter: Enter, fresh: str) -> None:
    alice = await enter("alice")
    assert await part(alice, fresh, 7, DATA[7:]) == (409, {"offset": 0})
    assert await part(alice, fresh, 0, DATA[:1_000]) == (202, {"offset": 1_000})
    for wrong in (0, 999, 1_001, SIZE, SIZE + 1):
        assert await part(alice, fresh, wrong, b"x") == (409, {"offset": 1_000})
    assert await part(alice, fresh, 1_000, DATA[1_000:]) == (
        201,
        {**(await alice.call("GET", f"/uploads/{fresh}")).json["file"]},
    )


async def test_more_than_was_announced(enter: Enter, fresh: str) -> None:
    alice = await enter("alice")

    async def without_length() -> AsyncIterator[bytes]:
        yield DATA
        yield b"and one more"

    status, told = await part(alice, fresh, 0, DATA + b"!")
    assert status == 400 and (await alice.call("GET", f"/uploads/{fresh}")).json == {"offset": 0}
    answer = await alice.call("POST", at(fresh, 0), data=without_length())
    assert (answer.status, answer.error) == (400, "bad_request")
    status, told = await part(alice, fresh, 0, DATA)
    assert (status, told.get("file"), told) == (201, SHA, told), "it can be begun anew"


async def test_an_id_is_for_one_file(enter: Enter, fresh: str) -> None:
    alice = await enter("alice")
    await part(alice, fresh, 0, DATA[:10])
    assert (await alice.send(b"", "other.bin", upload=fresh, size=SIZE, offset=10)).error == "id_reused"
    assert (await alice.send(b"", "data.bin", upload=fresh, size=SIZE + 1, offset=10)).error == "id_reused"
    await part(alice, fresh, 10, DATA[10:])
    assert (await alice.send(b"", "other.bin", upload=fresh, size=SIZE)).error == "id_reused"


async def test_two_people_with_one_id(enter: Enter, fresh: str) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    await part(alice, fresh, 0, DATA[:1_000])
    assert (await bob.call("GET", f"/uploads/{fresh}")).error == "no_such_file"
    assert await part(bob, fresh, 0, b"his", 3) == (201, {**(await bob.call("GET", f"/uploads/{fresh}")).json["file"]})
    assert (await bob.call("DELETE", f"/uploads/{fresh}")).status == 204
    status, told = await part(alice, fresh, 1_000, DATA[1_000:])
    assert (status, told["file"]) == (201, SHA)
    assert not await bob.may_fetch(SHA)


async def test_the_same_bytes_twice_at_once(enter: Enter, fresh: str) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    data = fresh.encode() * 30_000
    answers = await asyncio.gather(*(who.send(data, f"{who.user}.txt") for who in (alice, bob) for _ in range(3)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["file"] for answer in answers}) == 1
    for who in (alice, bob):
        down = await who.fetch(answers[0].json["file"])
        assert down.body == data and f"{who.user}.txt" in down.headers["Content-Disposition"]


async def test_a_new_connection_takes_over_from_one_that_hangs(enter: Enter, fresh: str) -> None:
    alice = await enter("alice")
    hanging = await begin(alice, fresh, 100_000)
    await arrived(alice, fresh, 65_536)
    # The hanging connection's bytes are written first, so the new one learns the true place.
    assert await part(alice, fresh, 65_536, DATA[65_536:]) == (409, {"offset": 100_000})
    assert (await hanging.answer()).status == 400
    status, told = await part(alice, fresh, 100_000, DATA[100_000:])
    assert (status, told["file"]) == (201, SHA)
    await hanging.close()


async def test_what_is_dropped_is_gone(enter: Enter, harbour: ServerProcess, fresh: str) -> None:
    alice = await enter("alice")
    parts = harbour.data / "files" / "parts"
    before = {path.name for path in parts.iterdir()}
    hanging = await begin(alice, fresh, 100_000)
    await arrived(alice, fresh, 65_536)
    assert {path.name for path in parts.iterdir()} != before
    assert (await alice.call("DELETE", f"/uploads/{fresh}")).status == 204
    assert {path.name for path in parts.iterdir()} == before
    assert (await alice.call("GET", f"/uploads/{fresh}")).status == 404
    assert (await hanging.answer()).status == 400
    await hanging.close()
    assert (await alice.call("DELETE", f"/uploads/{fresh}")).status == 204, "twice is as good as once"


async def test_of_what_came_in_one_piece_nothing_is_left(enter: Enter, harbour: ServerProcess) -> None:
    alice = await enter("alice")
    parts = harbour.data / "files" / "parts"
    before = {path.name for path in parts.iterdir()}
    raw = await Raw.connect(alice.port)
    await raw.say(request(alice, "/files?name=whole.bin", SIZE) + DATA[:100_000])
    for _ in range(500):
        if {path.name for path in parts.iterdir()} != before:
            break
        await asyncio.sleep(0.01)
    assert {path.name for path in parts.iterdir()} != before
    await raw.close(reset=True)
    for _ in range(500):
        if {path.name for path in parts.iterdir()} == before:
            break
        await asyncio.sleep(0.01)
    assert {path.name for path in parts.iterdir()} == before


async def test_a_fifth_upload_crowds_out_the_one_longest_untouched(enter: Enter, fresh: str) -> None:
    frank = await enter("frank")
    for number in range(5):
        assert (await part(frank, f"{fresh}-{number}", 0, DATA[:10]))[0] == 202
    known = [(await frank.call("GET", f"/uploads/{fresh}-{number}")).status for number in range(5)]
    assert known == [404, 200, 200, 200, 200]


async def test_four_at_a_time(enter: Enter, fresh: str) -> None:
    heidi, alice = await enter("heidi"), await enter("alice")
    busy = [await begin(heidi, f"{fresh}-{number}", 70_000) for number in range(4)]
    for number in range(4):
        await arrived(heidi, f"{fresh}-{number}", 65_536)
    answer = await heidi.send(b"one more", "more.txt")
    assert (answer.status, answer.error) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == "5" and answer.json["error"]["retry_after"] == 5
    assert (await alice.send(b"somebody else", "else.txt")).status == 201
    for raw in busy:
        await raw.close()


async def test_who_is_signed_out_sends_no_more(enter: Enter, fresh: str) -> None:
    grace = await enter("grace")
    await grace.peer.ask(type="password", new="correct horse battery")
    token = f"token of grace and {fresh}".ljust(40, ".")
    second = await Peer.sign_in(grace.port, "grace", token, password="correct horse battery")
    other = Caller(grace.port, "grace", token)
    raw = await begin(other, fresh, 70_000)
    await arrived(grace, fresh, 65_536)
    await grace.peer.ask(type="sign_out", session=second.welcome["session"])
    await raw.say(DATA[70_000:140_000])
    assert (await raw.answer()).status == 401
    await raw.close()
    await second.close()
    await other.close()


# --- whatever dies when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_over_a_restart(
    start_server: Callable[..., ServerProcess], call_at: CallAt, fresh: str, end: str
) -> None:
    server = start_server("--limits", "off")
    alice = await call_at(server, "alice")
    raw, whole = await begin(alice, fresh, 200_000), await Raw.connect(alice.port)
    await whole.say(request(alice, "/files?name=whole.bin", SIZE) + DATA[:100_000])
    await arrived(alice, fresh, 196_608)
    done = await alice.upload(b"complete")
    await asyncio.to_thread(server.kill if end == "kill" else server.stop)
    if end == "stop":
        assert (await raw.answer()).status == 503
    (server.data / "files" / "parts" / "torn").write_bytes(b"nobody knows this part")
    server.start()
    again = await call_at(server, "alice")
    offset = await arrived(again, fresh, 196_608)
    assert 196_608 <= offset <= 200_000
    assert len(list((server.data / "files" / "parts").iterdir())) == 1, "of the others nothing is left"
    status, told = await part(again, fresh, offset, DATA[offset:])
    assert (status, told["file"]) == (201, SHA)
    assert (await again.fetch(SHA)).body == DATA
    assert (await again.fetch(done)).body == b"complete"
    assert await part(again, fresh, 0, b"") == (201, told)
    await raw.close()
    await whole.close()


@pytest.mark.slow
async def test_killed_at_any_moment(start_server: Callable[..., ServerProcess], call_at: CallAt, fresh: str) -> None:
    """F1, and that an upload always comes to its end in the end."""
    server = start_server("--limits", "off")
    for number, milliseconds in enumerate((0, 5, 12, 28)):
        alice = await call_at(server, "alice")
        data = os.urandom(2_000_000)
        upload = f"{fresh}-{number}"
        sending = asyncio.create_task(alice.send(data, "data.bin", upload=upload, size=len(data)))
        await asyncio.sleep(milliseconds / 1_000)
        await asyncio.to_thread(server.kill)
        await asyncio.gather(sending, return_exceptions=True)
        server.start()
        again = await call_at(server, "alice")
        found = await again.call("GET", f"/uploads/{upload}")
        offset = found.json.get("offset", len(data)) if found.status == 200 else 0
        answer = await again.send(data[offset:], "data.bin", upload=upload, size=len(data), offset=offset)
        assert answer.status == 201
        assert answer.json["file"] == hashlib.sha256(data).hexdigest()
        for path in (server.data / "files").glob("??/*"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
