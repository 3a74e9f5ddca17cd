"""The wire of one server, seen from outside: each command, each error code."""

import json
import random

import pytest

from tests.processes import ServerProcess
from tests.server.conftest import Join
from tests.server.peer import Line, Peer, close_all, code

# --- hello ----------------------------------------------------------------------------------------------------


async def test_hello_claims_a_name_and_the_lobby(join: Join) -> None:
    alice = await join("alice")
    welcome = alice.welcome
    assert (welcome["protocol"], welcome["user"], welcome["tip"]) == (1, "alice", 1)
    assert [room["room"] for room in welcome["rooms"]] == ["lobby"]
    assert welcome["limits"]["text"] == 16_000


async def test_second_hello_is_refused(enter: Join) -> None:
    alice = await enter("alice")
    again = await alice.ask(type="hello", protocol=1, user="alice", token="0" * 32)
    assert code(again) == "already_signed_in"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"protocol": 2}, "unsupported_protocol"),
        ({"user": ""}, "bad_name"),
        ({"user": "x" * 33}, "bad_name"),
        ({"user": "two words"}, "bad_name"),
        ({"user": "bell\x07"}, "bad_name"),
        ({"user": "\u202eecila"}, "bad_name"),
        ({"user": "zero\u200bwidth"}, "bad_name"),
        ({"user": "-_."}, "bad_name"),
        ({"user": "@alice"}, "bad_name"),
        ({"user": "a,b"}, "bad_name"),
        ({"token": ""}, "bad_request"),
        ({"token": "x" * 129}, "bad_request"),
        ({"user": 7}, "bad_request"),
        ({"user": "Alice"}, "name_taken"),
        ({"user": "аlice"}, "name_taken"),  # Cyrillic а
        ({"user": "ａｌｉｃｅ"}, "name_taken"),  # full width
        ({"invite": "nonsense"}, "invite_needed"),
    ],
)
async def test_hello_that_cannot_be(standing: ServerProcess, fields: Line, expected: str) -> None:
    alice = await Peer.sign_in(standing.port, "alice")
    peer = await Peer.connect(standing.port)
    user = f"new-{random.randrange(10**9)}"
    good = {"type": "hello", "protocol": 1, "user": user, "token": "another token 0123456789"}
    assert code(await peer.ask(**(good | fields))) == expected
    # The connection lives on.
    assert (await peer.ask(**good))["type"] == "welcome"
    await close_all(alice, peer)


@pytest.mark.parametrize("name", ["x" * 32, "Ünïcödé", "上海", "عمر", "a.b-c_d", "7"])
async def test_names_of_any_script(enter: Join, name: str) -> None:
    assert (await enter(name)).welcome["user"] == name


async def test_nothing_works_before_hello(standing: ServerProcess) -> None:
    peer = await Peer.connect(standing.port)
    for command in (
        {"type": "post", "id": "1", "room": "lobby", "text": "hi"},
        {"type": "create", "id": "1", "room": "x"},
        {"type": "join", "id": "1", "room": "x"},
        {"type": "leave", "id": "1", "room": "x"},
        {"type": "invite", "id": "1", "room": "x", "user": "bob"},
        {"type": "topic", "id": "1", "room": "x", "topic": "t"},
        {"type": "rooms"},
        {"type": "members", "room": "lobby"},
        {"type": "history", "room": "lobby"},
        {"type": "sync", "after": 0},
        {"type": "read", "room": "lobby", "seq": 1},
        {"type": "ping"},
    ):
        assert code(await peer.ask(**command)) == "not_signed_in"
    await peer.close()


# --- posting --------------------------------------------------------------------------------------------------


async def test_a_post_reaches_all_with_one_order(join: Join) -> None:
    alice, bob = await join("alice"), await join("bob")
    ok = await alice.change("post", "lobby", text="hello")
    heard = await bob.until("message")
    assert (heard["seq"], heard["user"], heard["room"], heard["text"]) == (ok["seq"], "alice", "lobby", "hello")
    assert heard["prev"] == 2  # bob's joining
    await alice.settle()
    assert alice.texts() == ["hello"]


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "a\ttab",
        "\x1b[31mred\x1b[0m",
        "\u202eright to left\u202c",
        "back\\slash \\n \\u0041",
        "line\u2028separator\u0085next",
        "null\x00byte",
        "1\t2026-11-20T05:44:27.123451Z\tlobby\tbob\tmessage\tx\ttext=forged\t~0000000000000000",
        "😀👩‍👩‍👧‍👦🏳️‍🌈",
        "x" * 16_000,
        "😀" * 16_000,
    ],
)
async def test_any_text_comes_back_as_it_was_sent(standing: ServerProcess, enter: Join, text: str) -> None:
    alice = await enter("alice")
    ok = await alice.change("post", "lobby", text=text)
    page = await alice.ask(type="history", room="lobby")
    assert page["messages"][-1]["text"] == text
    lines = standing.history.read_text("utf-8").split("\n")
    assert len(lines) == 1 + ok["seq"] + 1, "one event, one line"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": ""}, "bad_request"),
        ({"text": " \n\t "}, "bad_request"),
        ({"text": "x" * 16_001}, "too_large"),
        ({"text": None}, "bad_request"),
        ({"id": ""}, "bad_request"),
        ({"id": "x" * 65}, "too_large"),
        ({"id": "with space"}, "bad_request"),
        ({"id": "~hello"}, "bad_request"),
        ({"id": 5}, "bad_request"),
        ({"room": "nowhere"}, "no_such_room"),
        ({"room": ""}, "no_such_room"),
        ({"room": "@nobody"}, "no_such_user"),
        ({"room": "@nobody,noone"}, "no_such_user"),
        ({"room": "@"}, "no_such_user"),
        ({"ref": "x" * 65}, "too_large"),
    ],
)
async def test_posts_that_cannot_be(enter: Join, fields: Line, expected: str) -> None:
    alice, _ = await enter("alice"), await enter("bob")
    await alice.send(**({"type": "post", "id": "1", "room": "lobby", "text": "hi"} | fields))
    answer = await alice.until("error")
    assert code(answer) == expected
    assert answer["message"].endswith((".", "?"))
    assert (await alice.change("post", "lobby", text="still here"))["type"] == "ok"


async def test_exactly_once(join: Join) -> None:
    alice = await join("alice")
    first = await alice.change("post", "lobby", text="once", id="same")
    again = await alice.change("post", "lobby", text="once", id="same")
    assert (first["seq"], first["time"]) == (again["seq"], again["time"])
    assert code(await alice.change("post", "lobby", text="other", id="same")) == "id_reused"
    # The id is this person's alone.
    bob = await join("bob")
    assert (await bob.change("post", "lobby", text="mine", id="same"))["seq"] > first["seq"]
    await alice.settle()
    assert alice.texts() == ["once", "mine"]


async def test_the_same_id_many_times_in_one_breath(join: Join) -> None:
    alice = await join("alice")
    line = json.dumps({"type": "post", "id": "x", "room": "lobby", "text": "once"}).encode() + b"\n"
    await alice.raw(line * 50)
    oks = [await alice.until("ok") for _ in range(50)]
    assert len({ok["seq"] for ok in oks}) == 1
    await alice.settle()
    assert alice.texts() == ["once"]


async def test_an_id_outlives_the_server(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    first = await alice.change("post", "lobby", text="once", id="same")
    await alice.close()
    server.kill()
    server.start()
    alice = await Peer.sign_in(server.port, "alice")
    assert (await alice.change("post", "lobby", text="once", id="same"))["seq"] == first["seq"]
    await alice.close()


async def test_a_change_that_was_stored_stays_ok_when_it_would_be_refused_now(join: Join) -> None:
    alice = await join("alice")
    made = await alice.change("create", "garden", id="make")
    posted = await alice.change("post", "garden", text="hi", id="say")
    await alice.change("leave", "garden", id="go")
    assert (await alice.change("create", "garden", id="make"))["seq"] == made["seq"]
    assert (await alice.change("post", "garden", text="hi", id="say"))["seq"] == posted["seq"]
    assert code(await alice.change("post", "garden", text="hi", id="new")) == "not_member"


# --- looking back ---------------------------------------------------------------------------------------------


async def test_pages(join: Join) -> None:
    alice = await join("alice")
    seqs = [(await alice.change("post", "lobby", text=str(n)))["seq"] for n in range(10)]

    async def page(**fields: int) -> tuple[list[str], bool, bool]:
        answer = await alice.ask(type="history", room="lobby", **fields)
        texts = [line["text"] for line in answer["messages"] if line["type"] == "message"]
        return texts, answer["more_before"], answer["more_after"]

    assert await page(limit=3) == (["7", "8", "9"], True, False)
    assert await page(limit=3, before=seqs[7]) == (["4", "5", "6"], True, True)
    assert await page(limit=3, after=seqs[2]) == (["3", "4", "5"], True, True)
    assert await page(limit=3, around=seqs[5]) == (["4", "5", "6"], True, True)
    assert await page(limit=3, before=seqs[2]) == (["0", "1"], False, True)  # and alice's joining
    assert await page(limit=3, after=seqs[9]) == ([], True, False)
    assert code(await alice.ask(type="history", room="lobby", limit=201)) == "too_large"
    assert code(await alice.ask(type="history", room="lobby", limit=0)) == "bad_request"
    assert code(await alice.ask(type="history", room="lobby", before=1, after=1)) == "bad_request"


async def test_sync_gives_everything_since(join: Join) -> None:
    alice, bob = await join("alice"), await join("bob")
    await alice.change("create", "garden")
    start = (await bob.change("join", "garden"))["seq"]
    for n in range(5):
        await alice.change("post", ("lobby", "garden", "@bob")[n % 3], text=str(n))
    synced = await bob.ask(type="sync", after=start, limit=3)
    assert [event["text"] for event in synced["events"]] == ["0", "1", "2"]
    assert synced["more"]
    rest = await bob.ask(type="sync", after=synced["through"])
    assert [event["text"] for event in rest["events"]] == ["3", "4"]
    assert not rest.get("more")
    await bob.settle()
    live = {event["seq"]: event for event in bob.events()}
    assert all(live[event["seq"]] == event for event in synced["events"] + rest["events"])


async def test_unread_and_read_markers(server: ServerProcess, join: Join) -> None:
    alice, bob = await join("alice"), await join("bob")
    for n in range(3):
        await alice.change("post", "lobby", text=str(n))
    last = (await bob.change("post", "lobby", text="mine"))["seq"]
    second = await join("bob")
    lobby = second.welcome["rooms"][0]
    assert lobby["unread"] == 3
    await bob.send(type="read", room="lobby", seq=last)
    assert (await second.until("read"))["seq"] == last
    await bob.send(type="read", room="lobby", seq=1)  # never back
    await bob.settle()
    server.stop()
    server.start()
    again = await Peer.sign_in(server.port, "bob")
    lobby = again.welcome["rooms"][0]
    assert (lobby["read"], lobby.get("unread", 0)) == (last, 0)
    await again.close()
