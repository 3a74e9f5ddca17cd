"""The HTTP API does what the wire does: the same rights, the same limits, the same answers, and nothing twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from unittest.mock import Mock

import pytest
from aiohttp import StreamReader
from aiohttp.test_utils import make_mocked_request

from chatserver.fronts.http import asked
from shared.errors import Refused
from tests.files.caller import Answer, Caller
from tests.files.raw import Raw, request
from tests.processes import NewServer, ServerProcess, standing
from tests.server.peer import Line

Enter = Callable[..., Awaitable[Caller]]


@pytest.fixture(scope="module")
def office(new_server: NewServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with standing(new_server(tmp_path_factory.mktemp("office"), ("--limits", "off"))) as server:
        yield server


@pytest.fixture
async def enter(office: ServerProcess) -> AsyncIterator[Enter]:
    people: list[Caller] = []

    async def sign_in(user: str, server: ServerProcess = office) -> Caller:
        people.append(await Caller.sign_in(server.port, user))
        return people[-1]

    yield sign_in
    for person in people:
        await person.close()


async def post(caller: Caller, room: str, **fields: object) -> Answer:
    return await caller.call("POST", f"/api/rooms/{room}/messages", data=json.dumps(fields).encode())


async def page(caller: Caller, room: str, query: str = "") -> list[Line]:
    answer = await caller.call("GET", f"/api/rooms/{room}/messages{query}")
    assert answer.status == 200, answer
    messages: list[Line] = answer.json["messages"]
    return messages


async def test_a_script_posts_and_reads(enter: Enter) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    await alice.change("create", "ops", topic="Machines")
    await bob.change("join", "ops")
    answer = await post(alice, "ops", text="deploy done 😀")
    assert answer.status == 201 and answer.json["type"] == "ok"
    assert answer.headers["Content-Type"] == "application/json" and answer.headers["Cache-Control"] == "no-store"
    seen = await bob.peer.until("message", seq=answer.json["seq"])
    assert (seen["user"], seen["text"], seen["id"]) == ("alice", "deploy done 😀", answer.json["id"])
    reply = await post(bob, "ops", text="thanks", reply_to=answer.json["seq"])
    assert [line["text"] for line in (await page(alice, "ops"))[-2:]] == ["deploy done 😀", "thanks"]
    assert (await page(alice, "ops", f"?after={answer.json['seq']}"))[0]["reply_to"] == answer.json["seq"]
    assert [line["seq"] for line in await page(alice, "ops", f"?before={reply.json['seq']}&limit=1")] == [
        answer.json["seq"]
    ]
    rooms = (await alice.call("GET", "/api/rooms")).json["rooms"]
    assert {"room": "ops", "topic": "Machines", "members": 2} in rooms
    found = (
        await bob.call("GET", "/api/search?text=DEPLOY&room=ops&user=alice&since=2020-01-01T00:00:00%2B02:00")
    ).json
    assert [line["seq"] for line in found["messages"]] == [answer.json["seq"]]
    assert (await bob.call("GET", "/api/search?text=deploy&until=2020-01-01T00:00:00Z")).json["messages"] == []


async def test_files_and_direct_conversations(enter: Enter) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    file = await alice.upload(b"the log", "log.txt")
    assert (await post(alice, "@bob", text="", files=[file])).status == 201
    assert (await bob.peer.until("message", room="@alice,bob"))["files"][0]["name"] == "log.txt"
    assert (await page(bob, "@alice"))[-1]["files"][0]["file"] == file


async def test_messages_with_files_are_found(enter: Enter) -> None:
    alice = await enter("alice")
    await alice.change("create", "attic")
    words = (await post(alice, "attic", text="a chest of drawers")).json["seq"]
    bears = (await post(alice, "attic", text="a chest", files=[await alice.upload(b"a picture of it")])).json["seq"]

    async def found(query: str) -> list[int]:
        answer = await alice.call("GET", f"/api/search?room=attic&{query}")
        assert answer.status == 200, answer
        return [line["seq"] for line in answer.json["messages"]]

    assert await found("text=chest") == await found("text=chest&files=false") == [bears, words]
    assert await found("text=chest&files=true") == await found("files=true") == [bears]
    assert await found("text=drawers&files=true") == []
    for query in ("", "files=false", "text=%20", "files=perhaps"):
        assert (await alice.call("GET", f"/api/search?{query}")).error == "bad_request", query


async def test_once_however_often(enter: Enter) -> None:
    alice = await enter("alice")
    answers = await asyncio.gather(*(post(alice, "lobby", text="once", id="deploy-77") for _ in range(10)))
    assert {(answer.status, answer.json["seq"]) for answer in answers} == {(201, answers[0].json["seq"])}
    assert [line.get("text") for line in await page(alice, "lobby")].count("once") == 1
    other = await post(alice, "lobby", text="something else", id="deploy-77")
    assert (other.status, other.error) == (409, "id_reused")
    first, second = await post(alice, "lobby", text="twice"), await post(alice, "lobby", text="twice")  # without an id
    assert first.json["seq"] < second.json["seq"]


async def test_who_may_not(enter: Enter) -> None:
    alice, mallory = await enter("alice"), await enter("mallory")
    await alice.change("create", "den", private=True)
    await alice.change("create", "hall")
    for room, status, code in (
        ("den", 404, "no_such_room"),
        ("nowhere", 404, "no_such_room"),
        ("hall", 403, "not_member"),
    ):
        assert ((await post(mallory, room, text="let me in")).status, room) == (status, room)
        answer = await mallory.call("GET", f"/api/rooms/{room}/messages")
        assert (answer.status, answer.error) == (status, code)
    den, nowhere = [await mallory.call("GET", f"/api/rooms/{room}/messages") for room in ("den", "nowhere")]
    assert den.body.replace(b"den", b"nowhere") == nowhere.body
    assert (await mallory.call("GET", "/api/search?text=secret&room=den")).error == "no_such_room"
    await mallory.change("join", "hall")
    await alice.change("mute", "hall", user="mallory", minutes=5)
    assert (await post(mallory, "hall", text="hello")).error == "not_allowed"
    assert "den" not in [each["room"] for each in (await mallory.call("GET", "/api/rooms")).json["rooms"]]


@pytest.mark.parametrize("path", ["/api/rooms", "/api/rooms/lobby/messages", "/api/search?text=a", "/hooks"])
async def test_without_a_token_that_opens_something(enter: Enter, path: str) -> None:
    alice = await enter("alice")
    assert (await alice.call("GET", path, token="")).error == "not_signed_in"
    refused = await alice.call("GET", path, token="x" * 40)
    assert (refused.status, refused.error) == (401, "bad_credentials")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert (await alice.call("GET", f"{path}{'&' if '?' in path else '?'}token={alice.token}", token="")).status == 401


async def test_a_device_that_was_signed_out_is_out_at_once(enter: Enter, office: ServerProcess) -> None:
    erin, other = await enter("erin"), await enter("erin")
    session = next(line["session"] for line in other.peer.seen if line["type"] == "welcome")
    assert (await other.call("GET", "/api/rooms")).status == 200
    await erin.peer.ask(type="sign_out", session=session)
    assert (await other.call("GET", "/api/rooms")).status == 401


async def test_who_is_signed_out_while_the_body_comes(enter: Enter) -> None:
    grace, frank = await enter("grace"), await enter("frank")
    body = b'{"text": "too late"}'
    raws = [await Raw.connect(grace.port) for _ in range(2)]
    for raw, caller in zip(raws, (frank, grace), strict=True):
        await raw.say(request(caller, "/api/rooms/lobby/messages", len(body)) + body[:5])
    await frank.call("GET", "/api/rooms")  # what was sent before is being answered
    await grace.peer.ask(type="sign_out", session=grace.peer.welcome["session"])
    for raw in raws:
        await raw.say(body[5:])
    assert [(await raw.answer()).status for raw in raws] == [201, 401]
    assert [line["user"] for line in await page(frank, "lobby") if line.get("text") == "too late"] == ["frank"]
    for raw in raws:
        await raw.close()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_request"),
        (b"[]", "bad_request"),
        (b"nonsense", "bad_request"),
        (b"\xff\xfe", "bad_request"),
        (b'{"text": 5}', "bad_request"),
        (b'{"text": " \\n "}', "bad_request"),
        (b'{"text": "\\ud800"}', "bad_request"),
        (b'{"text": "a", "id": "with space"}', "bad_request"),
        (b'{"text": "a", "reply_to": 99999999}', "no_such_message"),
        (b'{"text": "a", "files": ["' + b"0" * 64 + b'"]}', "no_such_file"),
        (b'{"text": "' + b"x" * 16_001 + b'"}', "too_large"),
        (b'{"text": "' + b"x" * 300_000 + b'"}', "too_large"),
        (b"[" * 100_000, "bad_request"),
    ],
)
async def test_bodies_that_cannot_be(enter: Enter, body: bytes, code: str) -> None:
    alice = await enter("alice")
    answer = await alice.call("POST", "/api/rooms/lobby/messages", data=body)
    assert answer.error == code, answer
    assert answer.json["error"]["message"].endswith(".")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "before=-1",
        "before=1&after=1",
        "limit=1&limit=2",
        "befor=1",
        "before=" + "9" * 40,
    ],
)
async def test_queries_that_cannot_be(enter: Enter, query: str) -> None:
    alice = await enter("alice")
    answer = await alice.call("GET", f"/api/rooms/lobby/messages?{query}")
    assert answer.status in (400, 413), answer
    assert (await alice.call("GET", "/api/rooms/lobby/messages")).status == 200  # the control


async def test_a_body_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "IN_TIME", 0.05)
    loop, protocol = asyncio.get_running_loop(), Mock(_reading_paused=False)
    for piece, done in ((b'{"text"', False), (b'{"text": "all of it"}', True)):
        body = StreamReader(protocol, 1 << 16, loop=loop)
        body.feed_data(piece)
        request = make_mocked_request("POST", "/", payload=body)
        if done:
            body.feed_eof()
            assert await asked.read(request) == piece
        else:
            with pytest.raises(Refused, match="did not come within"):
                await asked.read(request)


async def test_methods_that_do_nothing(enter: Enter) -> None:
    alice = await enter("alice")
    answer = await alice.call("PUT", "/api/rooms/lobby/messages")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD,POST")


async def test_limits_are_those_of_the_wire(enter: Enter, start_server: Callable[..., ServerProcess]) -> None:
    server = start_server()
    alice = await enter("alice", server)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for n in range(90):
        await alice.peer.send(type="post", id=f"line-{n}", room="lobby", text=str(n))
    answers = await asyncio.gather(*(post(alice, "lobby", text=str(n)) for n in range(60)))
    await alice.peer.settle()
    took = loop.time() - begun
    taken = [answer.status for answer in answers].count(201) + len(alice.peer.events("ok"))
    assert 100 <= taken <= 101 + 20 * took, "one bucket for both ways"
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.error == "rate_limited" and int(refused.headers["Retry-After"]) >= 1


async def test_nobody_is_seen_to_come_or_go(enter: Enter) -> None:
    alice, frank = await enter("alice"), await enter("frank")
    await frank.peer.close()
    while (await alice.peer.until("presence"))["users"].get("frank", {}).get("state", "offline") != "offline":
        pass
    assert (await post(frank, "lobby", text="from a script")).status == 201
    await alice.peer.until("message", text="from a script")
    await alice.peer.settle()
    members = (await alice.peer.ask(type="members", room="lobby"))["members"]
    assert next(each for each in members if each["user"] == "frank").get("state", "offline") == "offline"
