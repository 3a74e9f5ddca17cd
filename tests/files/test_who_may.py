"""Who may fetch a file: who uploaded it, who is in a room where it stands; everybody a picture. To all others it does
not exist, and in the same words."""

import asyncio
from collections.abc import Callable

import pytest

from tests.files.caller import Caller
from tests.files.conftest import Enter
from tests.files.raw import Raw, request
from tests.files.samples import picture
from tests.processes import ServerProcess
from tests.server.peer import Peer


async def room_with(enter: Enter, room: str, *names: str) -> list[Caller]:
    """A private room; the first of these people made it."""
    people = [await enter(name) for name in names]
    await people[0].change("create", room, private=True)
    for person in people[1:]:
        await people[0].change("invite", room, user=person.user)
    return people


async def test_who_is_in_the_room_and_nobody_else(enter: Enter, fresh: str) -> None:
    alice, bob = await room_with(enter, fresh, "alice", "bob")
    carol = await enter("carol")
    file = await alice.upload(fresh.encode())
    assert await alice.may_fetch(file)
    assert not await bob.may_fetch(file), "it is not posted yet"
    await alice.post(fresh, file)
    assert await bob.may_fetch(file)
    assert not await carol.may_fetch(file)
    assert not await carol.may_fetch(f"{file}/thumb")
    await alice.change("invite", fresh, user="carol")
    assert await carol.may_fetch(file)


@pytest.mark.parametrize("how", ["leave", "kick", "ban"])
async def test_who_was_in_the_room(enter: Enter, fresh: str, how: str) -> None:
    alice, bob = await room_with(enter, fresh, "alice", "bob")
    file = await alice.upload(fresh.encode())
    await alice.post(fresh, file)
    assert await bob.may_fetch(file)
    if how == "leave":
        await bob.change("leave", fresh)
    else:
        await alice.change(how, fresh, user="bob")
    assert not await bob.may_fetch(file)
    assert await alice.may_fetch(file)


async def test_a_direct_conversation(enter: Enter, fresh: str) -> None:
    alice, bob, carol = [await enter(name) for name in ("alice", "bob", "carol")]
    file = await alice.upload(fresh.encode())
    await alice.post("@bob", file)
    assert await bob.may_fetch(file)
    assert not await carol.may_fetch(file)


async def test_another_device_and_one_that_was_signed_out(enter: Enter, fresh: str) -> None:
    erin = await enter("erin")
    file = await erin.upload(fresh.encode())
    await erin.peer.ask(type="password", new="correct horse battery", old=None)
    token = f"token of erin and {fresh}".ljust(40, ".")
    second = await Peer.sign_in(erin.port, "erin", token, password="correct horse battery")
    assert (await erin.call("GET", f"/files/{file}", token=token)).status == 200
    await erin.peer.ask(type="sign_out", session=second.welcome["session"])
    gone = await erin.call("GET", f"/files/{file}", token=token)
    assert (gone.status, gone.error) == (401, "bad_credentials")
    assert await erin.may_fetch(file)
    await second.close()


@pytest.mark.parametrize("token", ["", "wrong", "x" * 200, "ü" * 20])
async def test_without_a_good_token_nothing(enter: Enter, token: str) -> None:
    alice = await enter("alice")
    file = await alice.upload(b"something")
    for method, path in (
        ("GET", f"/files/{file}"),
        ("GET", f"/files/{file}/thumb"),
        ("GET", f"/files/{'0' * 64}"),
        ("GET", "/uploads/u"),
        ("DELETE", "/uploads/u"),
        ("POST", "/files?name=a"),
    ):
        answer = await alice.call(method, path, token=token, data=b"x" if method == "POST" else None)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.error == ("bad_credentials" if token else "not_signed_in")


@pytest.mark.parametrize("said", ["Bearer", "Basic {}", "{}", "Bearer  ", "Token {}"])
async def test_other_ways_to_say_it(enter: Enter, said: str) -> None:
    alice = await enter("alice")
    answer = await alice.call("GET", "/uploads/u", token="", Authorization=said.format(alice.token))
    assert (answer.status, answer.error) == (401, "not_signed_in")
    good = await alice.call("GET", "/uploads/u", token="", Authorization=f"bearer   {alice.token}")
    assert good.error == "no_such_file"


async def test_what_was_deleted_is_gone_for_everybody(enter: Enter, fresh: str) -> None:
    alice, bob = await room_with(enter, fresh, "alice", "bob")
    file = await alice.upload(picture(width=100 + int(fresh[6:])))
    seq = await alice.post(fresh, file)
    assert await bob.may_fetch(file) and await bob.may_fetch(f"{file}/thumb")
    await alice.change("delete", fresh, of=seq)
    for person in (alice, bob):
        assert not await person.may_fetch(file)
        assert not await person.may_fetch(f"{file}/thumb")
    refused = await alice.peer.change("post", fresh, text="", files=[file])
    assert refused["code"] == "no_such_file"


@pytest.mark.slow
async def test_its_bytes_leave_the_disk(enter: Enter, harbour: ServerProcess, fresh: str) -> None:
    (alice,) = await room_with(enter, fresh, "alice")
    files = [await alice.upload(f"{fresh} {number}".encode()) for number in range(2)]
    seqs = [await alice.post(fresh, file) for file in files]
    await alice.change("delete", fresh, of=seqs[0])
    gone, kept = [harbour.data / "files" / file[:2] / file for file in files]
    async with asyncio.timeout(15):
        while gone.exists():  # noqa: ASYNC110  # a file on the disk tells nobody that it goes
            await asyncio.sleep(0.1)
    assert kept.exists()


@pytest.mark.slow
async def test_who_is_signed_out_reads_no_further(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--limits", "off")
    erin = await Caller.sign_in(server.port, "erin")
    file = await erin.upload(bytes(24 << 20))
    await erin.peer.ask(type="password", new="correct horse battery")
    token = "token of another device".ljust(40, ".")
    second = await Peer.sign_in(server.port, "erin", token, password="correct horse battery")
    readers = [await Raw.connect(server.port) for _ in range(2)]
    other = Caller(server.port, "erin", token)
    for reader, caller in zip(readers, (erin, other), strict=True):
        await reader.say(request(caller, f"/files/{file}", None, "Connection: close", method="GET"))
        await reader.reader.readexactly(1 << 20)
        reader.reader._transport.pause_reading()  # type: ignore[attr-defined]  # streams have no other way not to read
    await erin.peer.ask(type="sign_out", session=second.welcome["session"])
    lengths = []
    for reader in readers:
        reader.reader._transport.resume_reading()  # type: ignore[attr-defined]  # as above
        try:
            lengths.append(len(await reader.rest()))
        except ConnectionError:
            lengths.append(0)
        await reader.close()
    assert lengths[0] > 22 << 20 > lengths[1]
    for caller in (erin, other):
        await caller.close()
    await second.close()


async def test_what_stands_elsewhere_too_stays(enter: Enter, fresh: str) -> None:
    alice, bob = await room_with(enter, fresh, "alice", "bob")
    carol = await enter("carol")
    file = await alice.upload(fresh.encode())
    first = await alice.post(fresh, file)
    await bob.post("@carol", file)
    await alice.change("delete", fresh, of=first)
    assert not await alice.may_fetch(file)
    assert await bob.may_fetch(file) and await carol.may_fetch(file)


async def test_who_sent_the_same_bytes_keeps_them(enter: Enter, fresh: str) -> None:
    alice, bob = await room_with(enter, fresh, "alice", "bob")
    file = await alice.upload(fresh.encode(), "hers.txt")
    assert await bob.upload(fresh.encode(), "his.txt") == file
    seq = await alice.post(fresh, file)
    assert "his.txt" in (await bob.fetch(file)).headers["Content-Disposition"]
    await alice.change("delete", fresh, of=seq)
    assert await bob.may_fetch(file)
    assert not await alice.may_fetch(file)


async def test_everybody_sees_a_picture_of_somebody(enter: Enter, fresh: str) -> None:
    dave, carol = await enter("dave"), await enter("carol")
    file = await dave.upload(picture(width=50 + int(fresh[6:])))
    assert not await carol.may_fetch(file)
    answer = await dave.peer.ask(type="profile", id=fresh, picture=file)
    assert answer["type"] == "ok", answer
    assert await carol.may_fetch(file) and await carol.may_fetch(f"{file}/thumb")
    await dave.peer.ask(type="profile", id=f"{fresh}-2", picture="")
    assert not await carol.may_fetch(file)
    assert await dave.may_fetch(file)
