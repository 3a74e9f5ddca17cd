"""The command: what may be asked, what comes back, and what nobody gets to see."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.people.cast import cast, expect_ok
from tests.processes import ServerProcess
from tests.server.conftest import Join, enter, standing
from tests.server.peer import Line, Peer, close_all

__all__ = ["enter", "standing"]


async def found(peer: Peer, text: str, **asked: Any) -> list[str]:
    """The texts of one answer."""
    answer = await peer.ask(type="search", text=text, **asked)
    assert answer["type"] == "found", answer
    return [message["text"] for message in answer["messages"]]


@pytest.mark.parametrize(
    ("said", "needle"),
    [
        ("ich bin in der Hauptstraße 5", "STRASSE"),
        ("明天从上海出发去北京", "上海"),
        ("明天从上海出发去广州", "州"),
        ("well done 👍🏽 everybody", "👍🏽"),
        ("a family 👨‍👩‍👧 went", "👨‍👩‍👧"),
        ("party 🎉", "🎉"),
        ("love ❤️", "❤"),
        ("an ox", "ox"),
        ("two   words\n\tapart", "two words apart"),
        ("Привет, МИР", "мир"),
        ('100% "sure" it\'s *so* OR_not', '% "sure" it\'s *so* or_'),
        ("mid-word substring", "d-wo"),
        ("z", "z"),
    ],
)
async def test_a_substring_of_any_script_is_found_at_once(enter: Join, said: str, needle: str) -> None:
    alice = await enter("alice")
    await expect_ok(alice, "post", "lobby", text=said)
    assert (await found(alice, f"  {needle} "))[0] == said


async def test_only_the_current_text_and_nothing_deleted_is_found(enter: Join) -> None:
    alice = await enter("alice")
    first = await expect_ok(alice, "post", "lobby", text="grumpeltext alt")
    second = await expect_ok(alice, "post", "lobby", text="grumpeltext zwei")
    await expect_ok(alice, "edit", "lobby", of=first["seq"], text="grumpeltext neu")
    assert await found(alice, "grumpeltext") == ["grumpeltext zwei", "grumpeltext neu"]
    assert await found(alice, "grumpeltext alt") == []
    answer = await alice.ask(type="search", text="grumpeltext neu")
    assert answer["messages"][0]["edited"] and answer["messages"][0]["seq"] == first["seq"]
    await expect_ok(alice, "delete", "lobby", of=second["seq"])
    assert await found(alice, "grumpeltext") == ["grumpeltext neu"]


async def test_filters(enter: Join) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    await expect_ok(alice, "create", "Herbs")
    await expect_ok(bob, "join", "Herbs")
    times = []
    for peer, room, text in [
        (alice, "lobby", "wort eins"),
        (bob, "Herbs", "wort zwei"),
        (bob, "@alice", "wort drei"),
        (alice, "Herbs", "wort vier"),
    ]:
        times.append((await expect_ok(peer, "post", room, text=text))["time"])
    assert await found(alice, "wort") == ["wort vier", "wort drei", "wort zwei", "wort eins"]
    assert await found(alice, "wort", room="herbs") == ["wort vier", "wort zwei"]
    assert await found(alice, "wort", room="@bob") == ["wort drei"]
    assert await found(alice, "wort", user="BOB") == ["wort drei", "wort zwei"]
    assert await found(alice, "wort", user="bob", room="Herbs") == ["wort zwei"]
    assert await found(alice, "wort", since=times[1], until=times[3]) == ["wort drei", "wort zwei"]
    assert await found(alice, "wort", since="2001-01-01T00:00:00.000000Z")
    assert await found(alice, "wort", until="2001-01-01T00:00:00.000000Z") == []


async def test_only_messages_with_files(standing: ServerProcess) -> None:
    alice = await Peer.sign_in(standing.port, "alice")
    body, token = b"a picture, nearly", "token of alice 0123456789"
    head = f"POST /files?name=cat.txt HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", standing.port)
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    file = json.loads((await reader.read()).partition(b"\r\n\r\n")[2])["file"]
    writer.close()
    await writer.wait_closed()
    await expect_ok(alice, "post", "lobby", text="anhang hier", files=[file])
    await expect_ok(alice, "post", "lobby", text="anhang fehlt")
    assert await found(alice, "anhang") == ["anhang fehlt", "anhang hier"]
    assert await found(alice, "anhang", files=True) == ["anhang hier"]
    assert await found(alice, "", files=True) == ["anhang hier"]
    await alice.close()


async def test_paging_gives_each_once(enter: Join) -> None:
    alice = await enter("alice")
    await expect_ok(alice, "create", "paging")
    said = [f"blatt {n}" for n in range(23)]
    for text in said:
        await expect_ok(alice, "post", "paging", text=text)
    got: list[Line] = []
    asked: dict[str, Any] = {}
    while True:
        answer = await alice.ask(type="search", text="blatt", room="paging", limit=5, **asked)
        got += answer["messages"]
        if not answer.get("more"):
            break
        assert answer["before"] == got[-1]["seq"]
        asked["before"] = answer["before"]
    assert [message["text"] for message in got] == said[::-1]
    assert answer["through"] >= got[0]["seq"]
    assert await found(alice, "blatt", room="paging", before=0) == []
    assert len(await found(alice, "blatt", room="paging", before=10**30)) == 23
    assert await found(alice, "blatt", room="paging", before=-(10**30)) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"text": "x" * 201}, "too_large"),
        ({"text": "   \n "}, "bad_request"),
        ({"text": ""}, "bad_request"),
        ({"text": "\ufe0f"}, "bad_request"),
        ({"text": "x", "limit": 0}, "bad_request"),
        ({"text": "x", "limit": 101}, "too_large"),
        ({"text": "x", "since": "yesterday"}, "bad_request"),
        ({"text": "x", "until": "2026-13-01T00:00:00.000000Z"}, "bad_request"),
        ({"text": "x", "user": "nobody-here"}, "no_such_user"),
        ({"text": "x", "room": "nowhere"}, "no_such_room"),
        ({"text": "x", "room": "@nobody-here"}, "no_such_user"),
        ({"text": 5}, "bad_request"),
        ({}, "bad_request"),
    ],
)
async def test_what_may_not_be_asked(enter: Join, asked: dict[str, Any], code: str) -> None:
    alice = await enter("alice")
    answer = await alice.ask(type="search", **asked)
    assert (answer["type"], answer.get("code")) == ("error", code)
    if code == "too_large":
        assert str(asked.get("limit", 201)) in answer["message"]
        assert any(limit in answer["message"] for limit in ("100", "200"))


async def test_the_longest_text_may_be_asked(enter: Join) -> None:
    alice = await enter("alice")
    assert await found(alice, "  " + "ẞ" * 200 + "  ") == []


async def test_a_public_room_has_to_be_joined(enter: Join) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    await expect_ok(alice, "create", "open-to-all")
    await expect_ok(alice, "post", "open-to-all", text="offenes wort")
    answer = await bob.ask(type="search", text="offenes", room="OPEN-to-all")
    assert (answer["code"], "open-to-all" in answer["message"]) == ("not_member", True)
    assert await found(bob, "offenes") == []
    await expect_ok(bob, "join", "open-to-all")
    assert await found(bob, "offenes") == ["offenes wort"]


async def test_who_types_is_answered_and_who_floods_is_not(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server()
    alice = await Peer.sign_in(server.port, "alice", invite=(server.data / "owner-invitation.txt").read_text().strip())
    for n in range(60):
        await alice.send(type="search", text="x", ref=f"s{n}")
    await alice.settle()
    answers = [line for line in alice.seen if str(line.get("ref", "")).startswith("s")]
    refused = [line for line in answers if line["type"] == "error"]
    assert len(answers) == 60 and 20 <= 60 - len(refused) < 40
    assert {line["code"] for line in refused} == {"rate_limited"} and refused[0]["retry_after"] > 0
    await alice.close()


@pytest.mark.parametrize("how", ["leave", "kick", "ban"])
async def test_who_is_out_finds_nothing_any_more_not_even_their_own(server: ServerProcess, how: str) -> None:
    async with cast(server, "mia", "frank") as people:
        mia, frank = people["mia"], people["frank"]
        await expect_ok(mia, "create", "secret", private=True)
        await expect_ok(mia, "invite", "secret", user="frank")
        await expect_ok(frank, "post", "secret", text="mine here")
        assert await found(frank, "mine") == ["mine here"]
        if how == "leave":
            await expect_ok(frank, "leave", "secret")
        else:
            await expect_ok(mia, how, "secret", user="frank")
        assert await found(frank, "mine") == []
        assert await found(frank, "mine", user="frank") == []
        assert (await frank.ask(type="search", text="mine", room="secret"))["code"] == "no_such_room"
        assert await found(mia, "mine") == ["mine here"], "the control"


async def test_nothing_of_others_is_found_nor_told_by_the_answers(server: ServerProcess) -> None:
    async with cast(server, "mia", "carol", "dave", "bea") as people:
        mia, carol = people["mia"], people["carol"]
        await expect_ok(mia, "create", "secret", private=True)
        await expect_ok(mia, "invite", "secret", user="carol")
        await expect_ok(mia, "ban", "secret", user="bea")
        await expect_ok(mia, "post", "secret", text="hush now")
        await expect_ok(carol, "post", "@mia", text="hush you")
        for name in ("alice", "dave", "bea"):
            for asked in ({}, {"user": "mia"}, {"user": "carol"}, {"limit": 1}):
                answer = await people[name].ask(type="search", text="hush", **asked)
                assert (answer["messages"], answer.get("more"), answer.get("before")) == ([], False, None)
                nothing = await people[name].ask(type="search", text="never said", **asked)
                assert answer | {"ref": ""} == nothing | {"ref": ""}
            silent = "@dave,mia" if name != "dave" else "@bea,mia"
            for hidden, absent in (("secret", "absent"), ("SECRET", "ABSENT"), ("@carol,mia", silent)):
                there = await people[name].ask(type="search", text="hush", room=hidden)
                nowhere = await people[name].ask(type="search", text="hush", room=absent)
                told, other = json.dumps(there | {"ref": ""}), json.dumps(nowhere | {"ref": ""})
                assert there["type"] == "error"
                assert told.replace(hidden, "ROOM") == other.replace(absent, "ROOM")
        assert await found(carol, "hush") == ["hush you", "hush now"], "the control"


async def test_a_restart_changes_nothing(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    for n in range(3):
        await expect_ok(alice, "post", "lobby", text=f"vor dem Ende {n}")
    await alice.close()
    server.kill()
    server.start()
    alice = await Peer.sign_in(server.port, "alice")
    assert await found(alice, "dem ende") == [f"vor dem Ende {n}" for n in (2, 1, 0)]
    await close_all(alice)
