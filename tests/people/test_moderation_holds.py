"""Repeats, races, restarts and slow readers: what was decided in a room holds, and is decided once."""

import asyncio
import json

import pytest

from tests.people.cast import Cast, cast, expect_ok, outcome
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all
from tests.server.test_slow_reader import narrow, post_many


async def garden(people: Cast, *names: str, private: bool = False) -> None:
    """mia's room with these people in it; max moderates it too where he is named."""
    await expect_ok(people["mia"], "create", "garden", private=private)
    for name in names:
        await expect_ok(people["mia"], "invite", "garden", user=name)
    if "max" in names:
        await expect_ok(people["mia"], "role", "garden", user="max", role="moderator")


async def members(peer: Peer) -> set[str]:
    return {line["user"] for line in (await peer.ask(type="members", room="garden"))["members"]}


# --- repeats --------------------------------------------------------------------------------------------------

REPEATS: dict[str, tuple[str, dict[str, object], tuple[tuple[str, str, dict[str, object]], ...]]] = {
    "kick": ("mia", {"user": "carol"}, (("mia", "invite", {"user": "carol"}),)),
    "kick of who is gone": ("mia", {"user": "carol"}, ()),
    "ban": ("mia", {"user": "carol"}, (("mia", "unban", {"user": "carol"}), ("mia", "ban", {"user": "carol"}))),
    "unban": ("mia", {"user": "dave"}, (("mia", "ban", {"user": "dave"}),)),
    "mute": ("mia", {"user": "carol", "minutes": 5}, (("mia", "mute", {"user": "carol", "minutes": 0}),)),
    "role": (
        "mia",
        {"user": "carol", "role": "moderator"},
        (("alice", "role", {"user": "carol", "role": "member"}), ("alice", "kick", {"user": "mia"})),
    ),
    "invite": ("carol", {"user": "bob"}, (("mia", "ban", {"user": "bob"}), ("mia", "kick", {"user": "carol"}))),
    "join": ("bob", {}, (("bob", "leave", {}), ("bob", "join", {}))),
    "topic": ("carol", {"topic": "weeds"}, (("mia", "mute", {"user": "carol", "minutes": 5}),)),
}
"""By name (its first word is the command): who does it, with what, and what happens before it is sent once more."""


@pytest.mark.parametrize("name", REPEATS)
async def test_the_same_id_gives_the_first_ok(server: ServerProcess, name: str) -> None:
    command = name.split()[0]
    who, fields, meanwhile = REPEATS[name]
    people_here = ("mia", "carol", "bob", "dave")
    async with cast(server, *people_here) as people:
        await garden(people, "carol", "dave")
        await expect_ok(people["mia"], "ban", "garden", user="dave")
        first = await expect_ok(people[who], command, "garden", id="once", **fields)
        for other, then, their in meanwhile:
            await expect_ok(people[other], then, "garden", **their)
        before = server.history.read_bytes(), await members(people["bob"])
        again = await expect_ok(people[who], command, "garden", id="once", **fields)
        assert (again["seq"], again["time"]) == (first["seq"], first["time"])
        assert (server.history.read_bytes(), await members(people["bob"])) == before, "nothing happens twice"
        other = {key: "mia" for key in fields if key == "user"} or {key: "other" for key in fields if key == "topic"}
        if other:
            assert outcome(await people[who].change(command, "garden", id="once", **(fields | other))) == "id_reused"
    server.kill()
    server.start()
    async with cast(server, *people_here) as people:
        again = await expect_ok(people[who], command, "garden", id="once", **fields)
        assert (again["seq"], again["time"]) == (first["seq"], first["time"])
        assert await members(people["bob"]) == before[1]


# --- races ----------------------------------------------------------------------------------------------------


async def at_once(*sendings: tuple[Peer, dict[str, object]]) -> list[Line]:
    """Commands of several people in one moment; their answers."""
    for number, (peer, command) in enumerate(sendings):
        peer.writer.write(json.dumps({"id": f"race-{peer.user}-{number}", "ref": "race", **command}).encode() + b"\n")
    return list(await asyncio.gather(*(peer.until(ref="race") for peer, _ in sendings)))


async def test_two_moderators_put_out_one_person(server: ServerProcess) -> None:
    async with cast(server, "mia", "max", "carol") as people:
        await garden(people, "max", "carol")
        kick = {"type": "kick", "room": "garden", "user": "carol"}
        for n in range(10):
            told = await at_once(*((people[name], kick | {"id": f"{name}-{n}"}) for name in ("mia", "max")))
            assert sorted(map(outcome, told)) == ["not_member", "ok"], "the first wins"
            await expect_ok(people["max"], "invite", "garden", user="carol")


async def test_two_moderators_put_each_other_out(server: ServerProcess) -> None:
    """Neither may: only owners judge moderators."""
    async with cast(server, "mia", "max") as people:
        await garden(people, "max")
        told = await at_once(
            (people["mia"], {"type": "kick", "room": "garden", "user": "max"}),
            (people["max"], {"type": "kick", "room": "garden", "user": "mia"}),
        )
        assert list(map(outcome, told)) == ["not_allowed", "not_allowed"]
        assert await members(people["mia"]) == {"mia", "max"}


@pytest.mark.parametrize("how", [{"type": "role", "role": "member"}, {"type": "kick"}, {"type": "ban"}])
async def test_who_loses_the_right_at_the_same_moment(server: ServerProcess, how: dict[str, str]) -> None:
    """An owner takes it from max while max bans carol: whichever is first in the history decides."""
    async with cast(server, "mia", "max", "carol") as people:
        await garden(people, "max", "carol")
        for n in range(12):
            sendings = [
                (people["alice"], {**how, "room": "garden", "user": "max", "id": f"a{n}"}),
                (people["max"], {"type": "ban", "room": "garden", "user": "carol", "id": f"m{n}"}),
            ]
            told = await at_once(*(sendings if n % 2 else reversed(sendings)))
            taken, banned = told if n % 2 else told[::-1]
            assert taken["type"] == "ok"
            assert outcome(banned) in ("ok", "not_allowed", "not_member")
            if banned["type"] == "ok":
                assert banned["seq"] < taken["seq"]
                await expect_ok(people["alice"], "unban", "garden", user="carol")
                await expect_ok(people["mia"], "invite", "garden", user="carol")
            if how["type"] == "ban":
                await expect_ok(people["alice"], "unban", "garden", user="max")
            if how["type"] != "role":
                await expect_ok(people["mia"], "invite", "garden", user="max")
            await expect_ok(people["alice"], "role", "garden", user="max", role="moderator")


@pytest.mark.parametrize("command", [{"type": "kick"}, {"type": "ban"}, {"type": "mute", "minutes": 5}])
async def test_words_on_their_way_when_one_is_stopped(server: ServerProcess, command: dict[str, object]) -> None:
    """Each of them stands before that, or is refused."""
    async with cast(server, "mia", "carol") as people:
        mia, carol = people["mia"], people["carol"]
        await garden(people, "carol")
        for n in range(200):
            line = {"type": "post", "room": "garden", "id": f"w{n}", "text": f"word {n}"}
            carol.writer.write(json.dumps(line).encode() + b"\n")
            if n == 100:
                await mia.send(room="garden", user="carol", id="stop", ref="stop", **command)
        stopped = await mia.until(ref="stop")
        answers: list[Line] = []
        while len(answers) < 200:
            line = await carol.line()
            if str(line.get("id")).startswith("w") and line["type"] in ("ok", "error"):
                answers.append(line)
        stored = [answer["seq"] for answer in answers if answer["type"] == "ok"]
        assert all(seq < stopped["seq"] for seq in stored)
        refused = {answer["code"] for answer in answers if answer["type"] == "error"}
        assert refused <= {"not_allowed" if command["type"] == "mute" else "not_member"}
        assert outcome(await carol.change("post", "garden", text="later")) in ("not_allowed", "not_member")


# --- restarts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_all_of_it_holds_after_a_restart(server: ServerProcess, end: str) -> None:
    """After a kill from the history, after a stop from the snapshot."""
    names = ("mia", "max", "carol", "bob", "dave")
    async with cast(server, *names) as people:
        await garden(people, "max", "carol", "bob", private=True)
        await expect_ok(people["max"], "kick", "garden", user="bob")
        await expect_ok(people["max"], "ban", "garden", user="dave")
        await expect_ok(people["max"], "mute", "garden", user="carol", minutes=60)
        await people["carol"].ask(type="profile", id="p", display="Carol C.")
        before = (await people["mia"].ask(type="members", room="garden"))["members"]
        await people["mia"].settle()
    getattr(server, end)()
    server.start()
    async with cast(server, *names) as people:
        after = (await people["mia"].ask(type="members", room="garden"))["members"]
        kept = ("user", "role", "display", "since", "muted_until")
        assert [[line.get(key) for key in kept] for line in after] == [
            [line.get(key) for key in kept] for line in before
        ]
        assert outcome(await people["carol"].change("post", "garden", text="x")) == "not_allowed"
        for name in ("bob", "dave"):
            assert outcome(await people[name].change("post", "garden", text="x")) == "no_such_room"
        assert outcome(await people["carol"].change("invite", "garden", user="dave")) == "not_allowed"
        await expect_ok(people["max"], "unban", "garden", user="dave")


# --- slow readers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("deed", "event"), [("kick", "left"), ("ban", "banned")])
async def test_who_is_put_out_while_behind_is_told_when_it_reads(server: ServerProcess, deed: str, event: str) -> None:
    async with cast(server, "mia") as people:
        mia, carol = people["mia"], await narrow(server.port, "carol")
        await garden(people, "carol", private=True)
        await post_many(mia, 600, "garden")  # 9 MB: carol is far behind
        out = await expect_ok(mia, deed, "garden", user="carol")
        await expect_ok(mia, "post", "garden", text="without carol")
        if deed == "ban":
            await expect_ok(mia, "unban", "garden", user="carol")
        await expect_ok(mia, "post", "garden", text="still without carol")
        await expect_ok(mia, "post", "lobby", text="to everybody")
        await carol.until("message", text="to everybody")
        of_garden = [line for line in carol.seen if line.get("room") == "garden" and "seq" in line]
        assert [line["seq"] for line in of_garden] == sorted({line["seq"] for line in of_garden})
        assert (of_garden[-1]["type"], of_garden[-1]["seq"], of_garden[-1]["by"]) == (event, out["seq"], "mia")
        assert sum(line["type"] == "message" for line in of_garden) == 600, "and all that was said until then"
        await close_all(carol)
