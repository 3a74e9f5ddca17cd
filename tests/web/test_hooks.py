"""Webhooks: who makes them, what is posted to them, and that a revoked one is good for nothing."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from chatserver.accounts import Accounts
from chatserver.accounts.store import FILE
from chatserver.fronts.http import slack
from shared.errors import Refused
from tests.files.caller import Answer, Caller
from tests.files.raw import Raw, request
from tests.people.test_people_cli import run
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer

Enter = Callable[..., Awaitable[Caller]]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def enter(server: ServerProcess) -> AsyncIterator[Enter]:
    people: list[Caller] = []

    async def sign_in(user: str) -> Caller:
        people.append(await Caller.sign_in(server.port, user))
        return people[-1]

    yield sign_in
    for person in people:
        await person.close()


async def make(caller: Caller, room: str = "ops", name: str = "Deploy bot") -> Answer:
    return await caller.call("POST", "/hooks", data=json.dumps({"room": room, "name": name}).encode())


async def made(caller: Caller, room: str = "ops", name: str = "Deploy bot") -> Line:
    answer = await make(caller, room, name)
    assert answer.status == 201, answer
    hook: Line = answer.json
    hook["path"] = urlsplit(hook["url"]).path
    return hook


async def throw(caller: Caller, path: str, data: bytes, kind: str = "application/json") -> Answer:
    """What a program posts: without a token, on a connection of its own."""
    program = Caller(caller.port, "program", "")
    try:
        return await program.call("POST", path, data=data, Content_Type=kind)
    finally:
        await program.close()


async def room_of_alice(enter: Enter, *others: str, private: bool = False) -> list[Caller]:
    alice, *rest = [await enter(name) for name in ("alice", *others)]
    await alice.change("create", "ops", private=private)
    for person in rest:
        await alice.change("invite", "ops", user=person.user)
    return [alice, *rest]


async def test_a_program_posts(enter: Enter) -> None:
    alice, bob = await room_of_alice(enter, "bob")
    hook = await made(alice)
    assert (hook["room"], hook["name"], hook["user"], hook["by"]) == ("ops", "Deploy bot", "Deploy-bot", "alice")
    assert hook["url"].startswith(f"{alice.base}/hooks/") and len(hook["path"]) > 30
    answer = await throw(
        alice, hook["path"], b'{"text": "deploy <https://ci.example/7|7> &amp; tests done", "channel": "#x"}'
    )
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, b"ok", "text/plain; charset=utf-8")
    seen = await bob.peer.until("message")
    assert (seen["user"], seen["text"]) == ("Deploy-bot", "deploy [7](https://ci.example/7) & tests done")
    form = urlencode({"payload": json.dumps({"text": "<!here> again 😀"})}).encode()
    assert (await throw(alice, hook["path"], form, FORM)).status == 200
    assert (await bob.peer.until("message"))["text"] == "@room again 😀"
    member = next(
        each for each in (await bob.peer.ask(type="members", room="ops"))["members"] if each["user"] == "Deploy-bot"
    )
    assert (member["display"], member["note"]) == ("Deploy bot", "bot")
    assert "Deploy-bot" not in json.dumps((await bob.peer.ask(type="members", room="lobby"))["members"])


async def test_once_by_its_id_also_after_a_crash(enter: Enter, server: ServerProcess) -> None:
    alice, bob = await room_of_alice(enter, "bob")
    hook = await made(alice)
    sent = b'{"text": "build 77 is green", "id": "build-77"}'
    answers = await asyncio.gather(*(throw(alice, hook["path"], sent) for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    server.kill()
    server.start()
    assert (await throw(alice, hook["path"], sent)).status == 200
    other = await throw(alice, hook["path"], b'{"text": "build 77 is red", "id": "build-77"}')
    assert (other.status, other.error) == (409, "id_reused")
    assert (await throw(alice, hook["path"], b'{"text": "build 78 is green", "id": "build-78"}')).status == 200
    assert server.history.read_text("utf-8").count("build 77 is green") == 1
    assert server.history.read_text("utf-8").count("build 78 is green") == 1, "the control"
    assert "joined\t~hook:" in server.history.read_text("utf-8")
    assert bob.user


async def test_a_revoked_one_is_good_for_nothing(enter: Enter, server: ServerProcess) -> None:
    alice, bob = await room_of_alice(enter, "bob")
    hook, kept = await made(alice), await made(alice, name="Night watch")
    assert [each["id"] for each in (await alice.call("GET", "/hooks")).json["hooks"]] == [hook["id"], kept["id"]]
    assert "url" not in (await alice.call("GET", "/hooks")).json["hooks"][0]
    posting = [asyncio.create_task(throw(alice, hook["path"], b'{"text": "still here"}')) for _ in range(20)]
    answer = await alice.call("DELETE", f"/hooks/{hook['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert {each.status for each in await asyncio.gather(*posting)} <= {200, 403, 404}
    for _ in range(2):
        late = await throw(alice, hook["path"], b'{"text": "too late"}')
        assert (late.status, late.error) == (404, "no_such_hook")
        assert (await throw(alice, kept["path"], b'{"text": "on watch"}')).status == 200
        server.kill()
        server.start()
    alice = await enter("alice")
    members = json.dumps((await alice.peer.ask(type="members", room="ops"))["members"])
    assert "Deploy-bot" not in members and "Night-watch" in members
    assert (await alice.call("DELETE", f"/hooks/{hook['id']}")).error == "no_such_hook"
    assert (await made(alice))["user"] == "Deploy-bot-2", "its name stays taken"
    assert bob.user


async def test_the_address_is_the_one_that_its_maker_sees(enter: Enter) -> None:
    (alice,) = await room_of_alice(enter)
    body = json.dumps({"room": "ops", "name": "Deploy bot"}).encode()
    seen = {"Host": "chat.example", "X-Forwarded-Proto": "https"}
    assert (await alice.call("POST", "/hooks", data=body, **seen)).json["url"].startswith("https://chat.example/hooks/")
    raw = await Raw.connect(alice.port)
    await raw.say(request(alice, "/hooks", len(body)).replace(b"Host: x", b"Host: \xff") + body)
    assert (await raw.answer()).status == 400
    await raw.close()
    assert len((await alice.call("GET", "/hooks")).json["hooks"]) == 1, "nothing was made that nobody can use"


async def test_only_moderators_of_the_room(enter: Enter) -> None:
    alice, bob, carol = await room_of_alice(enter, "bob", "carol", private=True)
    mallory = await enter("mallory")
    assert [(await make(who)).status for who in (bob, mallory)] == [403, 404]
    assert (await make(mallory)).body.replace(b"ops", b"xyz") == (await make(mallory, "xyz")).body
    await alice.change("role", "ops", user="carol", role="moderator")
    hook = await made(carol)
    for who in (bob, mallory):
        assert (await who.call("GET", "/hooks")).json == {"hooks": []}
        assert (await who.call("DELETE", f"/hooks/{hook['id']}")).error == "no_such_hook"
    assert (await throw(alice, hook["path"], b'{"text": "still here"}')).status == 200
    assert (await alice.call("GET", "/hooks")).json["hooks"][0]["by"] == "carol"
    assert (await alice.call("DELETE", f"/hooks/{hook['id']}")).status == 204
    await alice.change("post", "@bob", text="hello")
    assert (await make(alice, "@bob")).error == "not_allowed"
    assert not [line for line in mallory.peer.seen if "eploy" in json.dumps(line)], "a private room stays so"


async def test_nobody_signs_in_by_its_name(enter: Enter, server: ServerProcess) -> None:
    alice, _ = await room_of_alice(enter, "bob")
    hook = await made(alice)
    secret = hook["path"].rpartition("/")[2]
    for token in (secret, "x" * 40):
        thief = await Peer.connect(server.port)
        await thief.send(type="hello", protocol=1, user="deploy-BOT", token=token, password="a long password")
        assert (await thief.until("error"))["code"] == "name_taken"
        await thief.close()
    assert (await alice.call("GET", "/api/rooms", token=secret)).status == 401
    refused = await asyncio.to_thread(run, server.data, "user", "password", "Deploy-bot", said=b"a long password\n")
    assert refused.returncode == 1 and "webhook" in refused.stderr
    assert "hook" in (await asyncio.to_thread(run, server.data, "user", "list")).stdout
    assert secret.encode() not in b"".join(path.read_bytes() for path in server.data.glob("*sqlite3*"))


async def test_it_looks_like_nobody(enter: Enter) -> None:
    alice, _ = await room_of_alice(enter, "bob")
    for name in ("bob", "BOB", "bоb", " bob "):
        assert (await make(alice, name=name)).error in ("name_taken", "bad_name"), name
    assert (await make(alice, name=" ")).error == "bad_request"
    assert (await make(alice, name="x" * 65)).error == "too_large"
    assert (await make(alice, name="a\u202eb")).error == "bad_name"
    assert (await made(alice, name="🚀"))["user"] == "hook"
    assert (await made(alice, name="🚀🚀"))["user"] == "hook-2"
    assert (await made(alice, name="Überwachung der Maschinen im Keller"))["user"] == "Überwachung-der-Maschinen-im"


async def test_moderators_have_the_last_word(enter: Enter) -> None:
    alice, bob = await room_of_alice(enter, "bob")
    hook = await made(alice)
    await alice.change("mute", "ops", user="Deploy-bot", minutes=5)
    assert (await throw(alice, hook["path"], b'{"text": "muted"}')).error == "not_allowed"
    await alice.change("mute", "ops", user="Deploy-bot", minutes=0)
    assert (await throw(alice, hook["path"], b'{"text": "heard"}')).status == 200
    await alice.change("kick", "ops", user="Deploy-bot")
    assert (await throw(alice, hook["path"], b'{"text": "back?"}')).error == "not_member"
    await alice.change("invite", "ops", user="Deploy-bot")
    assert (await throw(alice, hook["path"], b'{"text": "back"}')).status == 200
    await alice.change("ban", "ops", user="Deploy-bot")
    assert (await throw(alice, hook["path"], b'{"text": "banned"}')).status == 403
    await bob.peer.settle()
    assert bob.peer.texts() == ["heard", "back"]


async def test_its_limits(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server()
    alice = await Caller.sign_in(server.port, "alice")
    await alice.change("create", "ops")
    hook = await made(alice)
    answers = await asyncio.gather(*(throw(alice, hook["path"], b'{"text": "flood"}') for _ in range(150)))
    assert 100 <= [answer.status for answer in answers].count(200) < 150
    assert {answer.error for answer in answers if answer.status != 200} == {"rate_limited"}
    assert (await alice.change("post", "ops", text="others may"))["type"] == "ok"
    hooks = [await made(alice, name=f"hook {n}") for n in range(19)]
    assert (await make(alice)).error == "too_large"
    # One that was put out costs the history more, so it may try half as often.
    await alice.change("kick", "ops", user=hooks[0]["user"])
    begun = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(throw(alice, hooks[0]["path"], b'{"text": "out"}') for _ in range(120)))
    took = asyncio.get_running_loop().time() - begun
    errors = [answer.error for answer in answers]
    assert set(errors) == {"not_member", "rate_limited"}
    assert errors.count("not_member") <= 51 + 10 * took
    await alice.close()


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", "application/json", "bad_request"),
        (b"{}", "application/json", "bad_request"),
        (b'{"text": 1}', "application/json", "bad_request"),
        (b'{"text": ""}', "application/json", "bad_request"),
        (b'{"text": "a", "id": "~hook:1"}', "application/json", "bad_request"),
        (b'{"text": "' + b"x" * 16_001 + b'"}', "application/json", "too_large"),
        (b"x" * 300_000, "application/json", "too_large"),
        (b"text=hello", FORM, "bad_request"),
        (b"payload=hello", FORM, "bad_request"),
        (b"payload=%ff", FORM, "bad_request"),
        (b"&" * 1_000, FORM, "bad_request"),
    ],
)
def test_what_cannot_be_posted(body: bytes, kind: str, code: str, posts: Callable[..., Answer]) -> None:
    assert posts(body, kind).error == code


@pytest.fixture(scope="module")
def posts(
    new_server: Callable[[Path, tuple[str, ...]], ServerProcess], tmp_path_factory: pytest.TempPathFactory
) -> object:
    """`posts(body, kind)`: what a hook of a server answers."""
    server = new_server(tmp_path_factory.mktemp("posts"), ("--limits", "off"))
    server.start()

    async def prepare() -> str:
        alice = await Caller.sign_in(server.port, "alice")
        await alice.change("create", "ops")
        path: str = (await made(alice))["path"]
        await alice.close()
        return path

    path = asyncio.run(prepare())

    async def post(body: bytes, kind: str) -> Answer:
        nobody = Caller(server.port, "nobody", "")
        try:
            return await throw(nobody, path, body, kind)
        finally:
            await nobody.close()

    yield lambda body, kind: asyncio.run(post(body, kind))
    assert asyncio.run(post(b'{"text": "fine"}', "application/json")).status == 200, "the control"
    server.stop()
    assert "Traceback" not in "".join(server.output), "".join(server.output)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("a < b & c", "a < b & c"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<https://a.example/x?y=1&amp;z=2>", "https://a.example/x?y=1&z=2"),
        ("<https://a.example|see>", "[see](https://a.example)"),
        ("<https://a.example/x|[A-1] fix>", "[(A-1) fix](https://a.example/x)"),
        ("<https://a.example/x)[y](z|see>", "[see](https://a.example/x%29%5By%5D%28z)"),
        ("<mailto:bob@a.example|bob@a.example>", "bob@a.example"),
        ("<javascript:alert(1)|see>", "<javascript:alert(1)|see>"),
        ("<!channel> <!everyone|everyone> <!date^1^x|y>", "@room @room <!date^1^x|y>"),
        ("*bold* `code` <@U1>", "*bold* `code` <@U1>"),
    ],
)
def test_slack_s_marks(marked: str, plain: str) -> None:
    assert slack.text(marked) == plain


async def test_the_accounts_of_an_older_parley_are_taken_over(tmp_path: Path) -> None:
    """A file of the version before this, made by taking away what this one added."""
    path = tmp_path / FILE
    accounts = Accounts(path)
    await accounts.claim("alice", "token of alice", now="2026-11-20T05:44:27.123451Z")
    await accounts.close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE hooks")
        db.execute("ALTER TABLE people DROP COLUMN hook")
        db.execute("PRAGMA user_version = 1")
    db.close()
    shutil.copy(path, tmp_path / "kept")
    accounts = Accounts(path)
    assert accounts.bearer("token of alice") is not None and accounts.hooks.all() == []
    with pytest.raises(Refused):
        accounts.hooks.name_for("Alice")
    await accounts.close()
