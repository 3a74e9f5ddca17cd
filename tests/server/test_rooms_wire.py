"""Rooms and direct conversations on the wire: making, joining, leaving, asking in, and what outsiders see."""

from tests.processes import ServerProcess
from tests.server.conftest import Join
from tests.server.peer import Peer, code


async def test_a_room_from_its_making_to_the_leaving(join: Join) -> None:
    alice, bob = await join("alice"), await join("bob")
    await alice.change("create", "garden", topic="  What\tgrows ")
    rooms = (await bob.ask(type="rooms"))["rooms"]
    assert {"room": "garden", "topic": "What grows", "members": 1} in rooms
    assert code(await bob.change("post", "garden", text="hi")) == "not_member"
    assert code(await bob.ask(type="history", room="garden")) == "not_member"
    joined = await bob.change("join", "Garden")
    assert (await alice.until("joined", user="bob"))["seq"] == joined["seq"]
    assert (await bob.change("join", "garden"))["seq"] == joined["seq"], "joining twice changes nothing"
    await bob.change("post", "garden", text="hi")
    await bob.change("topic", "garden", topic="Weeds")
    await bob.change("leave", "garden")
    await alice.change("post", "garden", text="alone")
    await alice.settle()
    await bob.settle()
    assert alice.texts() == ["hi", "alone"]
    assert bob.texts() == ["hi"]
    assert [line["user"] for line in bob.events("left")] == ["bob"]
    members = (await alice.ask(type="members", room="garden"))["members"]
    assert [(line["user"], line["state"], line["role"]) for line in members] == [("alice", "online", "moderator")]
    page = await alice.ask(type="history", room="garden")
    assert [line["type"] for line in page["messages"]] == ["created", "joined", "message", "topic", "left", "message"]


IMPOSSIBLE = (
    ({"type": "create", "room": "garden"}, "room_exists"),
    ({"type": "create", "room": "GARDEN"}, "room_exists"),
    ({"type": "create", "room": "lobby"}, "room_exists"),
    ({"type": "create", "room": "secret"}, "room_exists"),
    ({"type": "create", "room": "two words"}, "bad_name"),
    ({"type": "create", "room": "x" * 65}, "bad_name"),
    ({"type": "create", "room": "@bob"}, "not_allowed"),
    ({"type": "create", "room": "new", "topic": "x" * 251}, "too_large"),
    ({"type": "join", "room": "nowhere"}, "no_such_room"),
    ({"type": "join", "room": "secret"}, "no_such_room"),
    ({"type": "join", "room": "@bob"}, "not_allowed"),
    ({"type": "leave", "room": "nowhere"}, "no_such_room"),
    ({"type": "leave", "room": "secret"}, "no_such_room"),
    ({"type": "leave", "room": "garden"}, "not_member"),
    ({"type": "leave", "room": "lobby"}, "not_allowed"),
    ({"type": "leave", "room": "@bob"}, "not_allowed"),
    ({"type": "invite", "room": "garden", "user": "bob"}, "not_member"),
    ({"type": "invite", "room": "secret", "user": "bob"}, "no_such_room"),
    ({"type": "invite", "room": "lobby", "user": "nobody"}, "no_such_user"),
    ({"type": "topic", "room": "garden", "topic": "t"}, "not_member"),
    ({"type": "topic", "room": "secret", "topic": "t"}, "no_such_room"),
    ({"type": "topic", "room": "lobby", "topic": "x" * 251}, "too_large"),
    ({"type": "topic", "room": "@bob", "topic": "t"}, "not_allowed"),
    ({"type": "post", "room": "secret", "text": "t"}, "no_such_room"),
)
"""What an outsider of both rooms asks for, and how it is refused."""


async def test_changes_that_cannot_be(server: ServerProcess, join: Join) -> None:
    alice, bob, mallory = await join("alice"), await join("bob"), await join("mallory")
    await alice.change("create", "garden")
    await alice.change("create", "secret", private=True)
    before = server.history.read_bytes()
    for command, expected in IMPOSSIBLE:
        assert code(await mallory.change(**command)) == expected, command
        assert server.history.read_bytes() == before, command
    assert (await bob.change("post", "lobby", text="still here"))["type"] == "ok"


async def test_a_private_room_is_not_there_for_an_outsider(join: Join) -> None:
    alice, mallory = await join("alice"), await join("mallory")
    await alice.change("create", "secret", private=True)
    await alice.change("post", "secret", text="hush")
    for command in (
        {"type": "post", "text": "x"},
        {"type": "join"},
        {"type": "leave"},
        {"type": "invite", "user": "mallory"},
        {"type": "topic", "topic": "x"},
    ):
        hidden = await mallory.change(room="secret", **command)
        absent = await mallory.change(room="absent", **command)
        assert hidden["code"] == absent["code"] == "no_such_room"
        assert hidden["message"].replace("secret", "absent") == absent["message"]
    for question in ("members", "history"):
        hidden = await mallory.ask(type=question, room="secret")
        absent = await mallory.ask(type=question, room="absent")
        assert hidden["message"].replace("secret", "absent") == absent["message"]
    await mallory.send(type="read", room="secret", seq=1)
    assert code(await mallory.until("error")) == "no_such_room"
    assert [room["room"] for room in (await mallory.ask(type="rooms"))["rooms"]] == ["lobby"]
    synced = await mallory.ask(type="sync", after=0)
    assert {event["room"] for event in synced["events"]} == {"lobby"}
    await mallory.settle()
    assert not [line for line in mallory.seen if line.get("room") == "secret"]


async def test_who_is_invited_is_in(join: Join) -> None:
    alice, bob = await join("alice"), await join("bob")
    await alice.change("create", "secret", private=True)
    await alice.change("post", "secret", text="before")
    ok = await alice.change("invite", "secret", user="BOB")
    joined = await bob.until("joined", room="secret")
    assert (joined["user"], joined["by"], joined["seq"]) == ("bob", "alice", ok["seq"])
    page = await bob.ask(type="history", room="secret")
    assert [line["type"] for line in page["messages"]] == ["created", "message", "joined"]
    assert (await alice.change("invite", "secret", user="bob"))["seq"] == ok["seq"]


async def test_two_people_make_one_room_at_the_same_moment(join: Join) -> None:
    alice, bob = await join("alice"), await join("bob")
    for n in range(5):
        for peer in (alice, bob):
            await peer.send(type="create", id=f"make-{n}", room="garden", ref=f"make-{n}")
    answers = [await peer.until(ref=f"make-{n}") for peer in (alice, bob) for n in range(5)]
    assert sorted(answer["type"] for answer in answers) == ["error"] * 9 + ["ok"]


async def test_a_direct_conversation(join: Join) -> None:
    alice, bob, mallory = await join("alice"), await join("bob"), await join("mallory")
    await alice.change("post", "@Bob", text="psst")
    heard = await bob.until("message")
    assert heard["room"] == "@alice,bob"
    await bob.change("post", "@alice", text="yes?")
    await bob.change("post", "@alice,bob", text="here")
    await alice.settle()
    assert alice.texts() == ["psst", "yes?", "here"]
    assert code(await mallory.change("post", "@alice,bob", text="me too")) == "no_such_room"
    assert code(await mallory.ask(type="history", room="@alice,bob")) == "no_such_room"
    page = await bob.ask(type="history", room="@alice")
    assert page["room"] == "@alice,bob"
    assert [line["text"] for line in page["messages"]] == ["psst", "yes?", "here"]
    await mallory.settle()
    assert mallory.texts() == []
    again = await Peer.sign_in(mallory.writer.get_extra_info("peername")[1], "bob")
    direct = next(room for room in again.welcome["rooms"] if room["room"] == "@alice,bob")
    assert (direct["with"], direct["members"]) == ("alice", 2)
    await again.close()


async def test_a_note_to_oneself(join: Join) -> None:
    alice = await join("alice")
    await alice.change("post", "@alice", text="milk")
    page = await alice.ask(type="history", room="@alice")
    assert [line["text"] for line in page["messages"]] == ["milk"]
