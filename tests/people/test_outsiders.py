"""A private room for who is not in it: in every command and every event as if it were not there, after a restart too.

Outside are: who never was in it (an owner of the server among them), who left, who was taken out, who was banned from
inside, and who was banned without ever being in.
"""

import json
from typing import Any

import pytest

from chatserver.commands import COMMANDS
from shared.protocol import AnyCommand
from tests.people.cast import Cast, cast, expect_ok
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all

OUTSIDE = ("alice", "dave", "fred", "frank", "erin", "bea")
INSIDE = ("mia", "carol")

EVER = ["2000-01-01T00:00:00.000000Z", "2100-01-01T00:00:00.000000Z"]
SEQS = (14, 10**9)
"""One of the room's own, and none."""

ROOM_COMMANDS: dict[str, tuple[dict[str, Any], ...]] = {
    "post": ({"text": "x"}, {"text": "x", "reply_to": 14}, {"text": "", "files": ["a" * 64]}),
    "edit": tuple({"of": seq, "text": "x"} for seq in SEQS),
    "delete": tuple({"of": seq} for seq in SEQS),
    "react": ({"of": 14, "emoji": "👍"}, {"of": 14, "emoji": "👍", "remove": True}, {"of": 10**30, "emoji": "👍"}),
    "join": ({},),
    "leave": ({},),
    "topic": ({"topic": "x"},),
    "invite": ({"user": "dave"}, {"user": "carol"}, {"user": "bea"}, {"user": "nobody"}),
    "kick": ({"user": "carol"}, {"user": "dave"}, {"user": "nobody"}),
    "ban": ({"user": "carol"}, {"user": "dave"}, {"user": "erin"}),
    "unban": ({"user": "erin"}, {"user": "bea"}, {"user": "carol"}),
    "mute": ({"user": "carol", "minutes": 5}, {"user": "carol", "minutes": 0}, {"user": "carol", "minutes": -1}),
    "role": ({"user": "carol", "role": "moderator"}, {"user": "mia", "role": "member"}),
    "members": ({},),
    "history": ({}, {"around": 5}, {"limit": 0}),
    "calendar": ({"edges": EVER}, {"edges": []}),
    "record": tuple({"seq": seq} for seq in SEQS),
    "search": ({"text": "was here"}, {"text": "hush", "user": "mia", "before": 14}),
    "read": ({"seq": 5},),
    "typing": ({},),
    "invitation": ({}, {"uses": 1, "days": 1}),
}
"""Every command that names a room, save `create`, which must say that a name is taken."""
WITHOUT_ID = ("members", "history", "read", "typing", "invitation", "calendar", "record", "search")


def served() -> dict[str, tuple[dict[str, Any], ...]]:
    """Those that this server knows."""
    tags = {cls.__struct_config__.tag for cls in COMMANDS}
    return {command: fields for command, fields in ROOM_COMMANDS.items() if command in tags}


def test_every_command_that_names_a_room_is_tried() -> None:
    named = {cls.__struct_config__.tag for cls in AnyCommand.__args__ if "room" in cls.__struct_fields__}
    assert named - {"create"} == ROOM_COMMANDS.keys()


async def secret(people: Cast) -> None:
    """The private room: mia made it, carol is in it, the others were or were not."""
    mia = people["mia"]
    await expect_ok(mia, "create", "secret", topic="hush", private=True)
    for name in ("carol", "fred", "frank", "erin"):
        await expect_ok(mia, "invite", "secret", user=name)
    for name in ("fred", "frank", "erin", "carol"):
        await expect_ok(people[name], "post", "secret", text=f"{name} was here")
    await expect_ok(people["fred"], "leave", "secret")
    await expect_ok(mia, "kick", "secret", user="frank")
    await expect_ok(mia, "ban", "secret", user="erin")
    await expect_ok(mia, "ban", "secret", user="bea")


async def answers(peer: Peer, command: str, room: str, fields: dict[str, Any], ident: str) -> list[Line]:
    """All that a command brings, the room's name taken out."""
    start = len(peer.seen)
    bears_id = command not in WITHOUT_ID
    await peer.send(type=command, room=room, ref="same", **({"id": ident} if bears_id else {}), **fields)
    await peer.settle()
    lines = [line for line in peer.seen[start:] if line["type"] not in ("pong", "presence")]
    told = [json.dumps(line, ensure_ascii=False).replace(room, "ROOM").replace(ident, "ID") for line in lines]
    return [json.loads(line) for line in told]


async def assert_not_there(peer: Peer) -> None:
    for hidden, absent in (("secret", "absent"), ("SECRET", "ABSENT"), ("sеcret", "аbsent")):  # with Cyrillic е, а
        for command, tries in served().items():
            for number, fields in enumerate(tries):
                ident = f"{hidden[0]}-{command}-{number}"
                there = await answers(peer, command, hidden, fields, ident)
                nowhere = await answers(peer, command, absent, fields, f"{ident}-2")
                assert there == nowhere, f"{peer.user}: {command} {fields} in {hidden}"
                assert not there or there[0]["type"] == "error"
    rooms = await peer.ask(type="rooms")
    assert "secret" not in json.dumps(rooms)
    synced = await peer.ask(type="sync", after=0)
    assert "secret" not in json.dumps(synced)
    assert "secret" not in json.dumps(peer.welcome)


async def everything_happens(people: Cast) -> None:
    """Each kind of event that a private room can have."""
    mia, carol = people["mia"], people["carol"]
    tags = {cls.__struct_config__.tag for cls in COMMANDS}
    await expect_ok(mia, "invite", "secret", user="greta")
    last = await expect_ok(carol, "post", "secret", text="hush @alice @dave @room")
    answer = await expect_ok(mia, "post", "secret", text="secretly", reply_to=last["seq"])
    await expect_ok(carol, "edit", "secret", of=last["seq"], text="hush, secret @alice @dave @room")
    await expect_ok(mia, "react", "secret", of=last["seq"], emoji="👍")
    await expect_ok(mia, "react", "secret", of=last["seq"], emoji="👍", remove=True)
    await expect_ok(mia, "delete", "secret", of=answer["seq"])
    await expect_ok(carol, "topic", "secret", topic="hush, again")
    await expect_ok(mia, "mute", "secret", user="carol", minutes=1)
    await expect_ok(mia, "mute", "secret", user="carol", minutes=0)
    await expect_ok(mia, "role", "secret", user="greta", role="moderator")
    await expect_ok(people["greta"], "leave", "secret")
    await expect_ok(mia, "ban", "secret", user="greta")
    await expect_ok(mia, "unban", "secret", user="greta")
    await expect_ok(mia, "unban", "secret", user="bea")
    await expect_ok(mia, "ban", "secret", user="bea")
    await carol.send(type="read", room="secret", seq=last["seq"])
    if "typing" in tags:
        await carol.send(type="typing", room="secret")
        await mia.until("typing", room="secret")
    if "status" in tags:
        await carol.ask(type="status", state="busy", note="in a meeting")
    await carol.settle()


async def heard_nothing(people: Cast, starts: dict[str, int]) -> list[str]:
    wrong = []
    for name in OUTSIDE:
        await people[name].settle()
        lines = people[name].seen[starts[name] :]
        wrong += [f"{name} heard {line}" for line in lines if "secret" in json.dumps(line)]
    return wrong


async def test_outside_it_is_not_there_and_nothing_is_heard_of_it(server: ServerProcess) -> None:
    async with cast(server, *OUTSIDE[1:], *INSIDE, "greta") as people:
        await secret(people)
        await people["mia"].settle()
        for name in OUTSIDE:
            await people[name].settle()
        starts = {name: len(people[name].seen) for name in OUTSIDE}
        inside = len(people["carol"].seen)
        await everything_happens(people)
        assert await heard_nothing(people, starts) == []
        kinds = {line["type"] for line in people["carol"].seen[inside:] if line.get("room") == "secret"}
        of_rooms = {"joined", "message", "topic", "muted", "role", "left", "banned", "unbanned"}
        assert kinds >= of_rooms | {"edited", "deleted", "reacted"}, "the control"
        for name in OUTSIDE:
            fresh = await Peer.sign_in(server.port, name)
            await assert_not_there(fresh)
            await fresh.close()
    server.kill()
    server.start()
    async with cast(server, *OUTSIDE[1:], *INSIDE, "greta") as people:
        starts = dict.fromkeys(OUTSIDE, 0)
        await everything_happens(people)
        assert await heard_nothing(people, starts) == []
        for name in OUTSIDE:
            await assert_not_there(people[name])


async def by_seq(peer: Peer, seqs: range) -> set[str]:
    """What a person hears who tries these numbers in a room that they are in, the numbers taken out."""
    told = set()
    tries: list[dict[str, Any]] = [
        {"type": "edit", "text": "x"},
        {"type": "delete"},
        {"type": "react", "emoji": "👍"},
        {"type": "post", "text": "x"},
    ]
    for seq in seqs:
        lines = [await peer.ask(type="record", room="lobby", seq=seq)]
        for command in tries:
            about = {"reply_to": seq} if command["type"] == "post" else {"of": seq}
            lines.append(await peer.change(room="lobby", **about, **command))
        told |= {f"{line['type']}: {line.get('message', line)}".replace(str(seq), "N") for line in lines}
    return told


async def test_a_number_says_nothing_of_the_room_that_it_stands_in(server: ServerProcess) -> None:
    async with cast(server, *OUTSIDE[1:], *INSIDE) as people:
        await secret(people)
        first = (await expect_ok(people["mia"], "post", "secret", text="one"))["seq"]
        await expect_ok(people["mia"], "edit", "secret", of=first, text="one, edited")
        await expect_ok(people["mia"], "react", "secret", of=first, emoji="👍")
        gone = (await expect_ok(people["mia"], "post", "secret", text="two"))["seq"]
        await expect_ok(people["mia"], "delete", "secret", of=gone)
        nothing = {"error: There is no message N in lobby."}
        for name in OUTSIDE:
            assert await by_seq(people[name], range(first, gone + 2)) == nothing, name
            assert await by_seq(people[name], range(10**6, 10**6 + 2)) == nothing, "as a number that is not given yet"
        own = (await expect_ok(people["dave"], "post", "lobby", text="mine"))["seq"]
        assert await by_seq(people["dave"], range(own, own + 1)) != nothing, "the control"


async def test_the_comparison_can_fail(server: ServerProcess) -> None:
    async with cast(server, *INSIDE, "dave") as people:
        await expect_ok(people["mia"], "create", "secret", private=True)
        await expect_ok(people["mia"], "invite", "secret", user="carol")
        with pytest.raises(AssertionError):
            await assert_not_there(people["carol"])


async def test_only_making_it_tells_that_the_name_is_taken(server: ServerProcess) -> None:
    async with cast(server, "mia", "dave") as people:
        await expect_ok(people["mia"], "create", "secret", private=True)
        for name in ("secret", "SECRET"):
            refused = await people["dave"].change("create", name)
            assert (refused["code"], name in refused["message"]) == ("room_exists", True), "as it was asked for"


@pytest.mark.parametrize("how", ["leave", "kick", "ban"])
async def test_who_is_out_has_lost_history_and_all(server: ServerProcess, how: str) -> None:
    async with cast(server, "mia", "frank") as people:
        mia, frank = people["mia"], people["frank"]
        await expect_ok(mia, "create", "secret", private=True)
        await expect_ok(mia, "invite", "secret", user="frank")
        await expect_ok(frank, "post", "secret", text="mine")
        assert (await frank.ask(type="history", room="secret"))["messages"]
        if how == "leave":
            await expect_ok(frank, "leave", "secret")
        else:
            await expect_ok(mia, how, "secret", user="frank")
        await frank.settle()
        start = len(frank.seen)
        await expect_ok(mia, "post", "secret", text="after")
        for question, fields in (
            ("history", {}),
            ("members", {}),
            ("record", {"seq": 1}),
            ("calendar", {"edges": EVER}),
        ):
            assert (await frank.ask(type=question, room="secret", **fields))["code"] == "no_such_room"
        assert "secret" not in json.dumps(await frank.ask(type="sync", after=0))
        again = await Peer.sign_in(server.port, "frank")
        assert "secret" not in json.dumps(again.welcome)
        assert not [line for line in frank.seen[start:] if line.get("room") == "secret"]
        await close_all(again)
