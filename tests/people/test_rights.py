"""The whole table of rights, pure and over the wire. What is expected stands here, in words of its own."""

import itertools
from typing import Any, get_args

import pytest

from chatserver import rights
from shared.errors import Refused
from shared.protocol import AnyCommand
from shared.rights import RIGHTS, Deed
from tests.people.cast import Cast, cast, expect_ok, outcome
from tests.processes import ServerProcess
from tests.server.peer import Line

WORDS = {
    "ok": "ok",
    "no": "not_allowed",
    "out": "not_member",
    "who": "no_such_user",
    "-": None,  # cannot be: the owner is oneself, a stranger has no such person to be
}

# The asker stands in a public room as the second column says, and does it to who stands in the head of the others.
# `absent` has an account and is not in the room; `unknown` is nobody.
TABLE = """
command asker      owner moderator member oneself absent banned unknown
kick    owner      -     ok        ok     no      out    out    who
kick    moderator  no    no        ok     no      out    out    who
kick    member     no    no        no     no      no     no     who
kick    outsider   out   out       out    out     out    out    who
kick    banned     out   out       out    out     out    out    who
ban     owner      -     ok        ok     no      ok     ok     who
ban     moderator  no    no        ok     no      ok     ok     who
ban     member     no    no        no     no      no     no     who
ban     outsider   out   out       out    out     out    out    who
ban     banned     out   out       out    out     out    out    who
unban   owner      -     no        no     no      no     ok     who
unban   moderator  no    no        no     no      no     ok     who
unban   member     no    no        no     no      no     no     who
unban   outsider   out   out       out    out     out    out    who
unban   banned     out   out       out    out     out    out    who
mute    owner      -     ok        ok     no      out    out    who
mute    moderator  no    no        ok     no      out    out    who
mute    member     no    no        no     no      no     no     who
mute    outsider   out   out       out    out     out    out    who
mute    banned     out   out       out    out     out    out    who
role    owner      -     ok        ok     no      out    out    who
role    moderator  no    no        ok     no      out    out    who
role    member     no    no        no     no      no     no     who
role    outsider   out   out       out    out     out    out    who
role    banned     out   out       out    out     out    out    who
invite  owner      -     ok        ok     ok      ok     no     who
invite  moderator  ok    ok        ok     ok      ok     no     who
invite  member     ok    ok        ok     ok      ok     no     who
invite  outsider   out   out       out    out     out    out    who
invite  banned     out   out       out    out     out    out    who
"""

# What is done to nobody, in the same room.
ALONE = """
asker      post topic leave join history members calendar record
owner      ok   ok    ok    ok   ok      ok      ok       ok
moderator  ok   ok    ok    ok   ok      ok      ok       ok
member     ok   ok    ok    ok   ok      ok      ok       ok
outsider   out  out   out   ok   out     ok      out      out
banned     out  out   out   no   out     ok      out      out
"""

# In the lobby, where alice is the owner and mia was made a moderator.
LOBBY = """
command asker      owner moderator member oneself unknown
kick    owner      -     no        no     no      who
kick    moderator  no    no        no     no      who
kick    member     no    no        no     no      who
ban     owner      -     no        no     no      who
ban     moderator  no    no        no     no      who
ban     member     no    no        no     no      who
unban   owner      -     no        no     no      who
unban   moderator  no    no        no     no      who
unban   member     no    no        no     no      who
mute    owner      -     ok        ok     no      who
mute    moderator  no    no        ok     no      who
mute    member     no    no        no     no      who
role    owner      -     ok        ok     no      who
role    moderator  no    no        ok     no      who
role    member     no    no        no     no      who
invite  owner      -     ok        ok     ok      who
invite  moderator  ok    ok        ok     ok      who
invite  member     ok    ok        ok     ok      who
"""

ASKERS = {"owner": "alice", "moderator": "mia", "member": "bob", "outsider": "frank", "banned": "erin"}
TARGETS = {
    "owner": "alice",
    "moderator": "max",
    "member": "carol",
    "absent": "dave",
    "banned": "greta",
    "unknown": "nobody",
}
ROLE = {"alice": "member", "mia": "moderator", "max": "moderator", "bob": "member", "carol": "member"}
PEOPLE = ("mia", "max", "bob", "carol", "dave", "erin", "frank", "greta")
FIELDS = {"mute": {"minutes": 5}}


def table(text: str) -> list[dict[str, str]]:
    head, *rows = (line.split() for line in text.strip().splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def fields_for(command: str, target: str) -> dict[str, object]:
    """A role that is not the one the person has, so that there is something to do."""
    if command == "role":
        return {"role": "member" if ROLE.get(target) == "moderator" else "moderator"}
    return dict(FIELDS.get(command, {}))


async def garden(people: Cast, *, owner_inside: bool = True) -> Line:
    """The room as `TABLE` has it; the answer to its making."""
    made = await expect_ok(people["mia"], "create", "garden")
    for name in ("max", "bob", "carol", "erin", "greta", *(["alice"] if owner_inside else [])):
        await expect_ok(people["mia"], "invite", "garden", user=name)
    await expect_ok(people["mia"], "role", "garden", user="max", role="moderator")
    for name in ("erin", "greta"):
        await expect_ok(people["mia"], "ban", "garden", user=name)
    return made


async def undo(people: Cast, room: str, command: str, target: str) -> None:
    """Make the room what it was before."""
    alice, mia = people["alice"], people["mia"]
    match command:
        case "kick":
            await come_back(people, room, target)
        case "ban" if target == "dave":
            await expect_ok(mia, "unban", room, user=target)
        case "ban" if target != "greta":
            await expect_ok(mia, "unban", room, user=target)
            await come_back(people, room, target)
        case "unban":
            await expect_ok(mia, "ban", room, user=target)
        case "mute":
            await expect_ok(alice, "mute", room, user=target, minutes=0)
        case "role":
            await expect_ok(alice, "role", room, user=target, role=ROLE[target])
        case "invite" if target == "dave":
            await expect_ok(mia, "kick", room, user=target)


async def come_back(people: Cast, room: str, name: str) -> None:
    await expect_ok(people["carol" if name == "mia" else "mia"], "invite", room, user=name)
    if ROLE[name] == "moderator":
        await expect_ok(people["alice"], "role", room, user=name, role="moderator")


async def walk(people: Cast, room: str, rows: list[dict[str, str]], askers: dict[str, str]) -> list[str]:
    """Try every cell; the sentences of those that came out otherwise than expected."""
    wrong = []
    for row in rows:
        command, standing = row.pop("command"), row.pop("asker")
        if standing not in askers:
            continue
        asker = people[askers[standing]]
        for whom, word in row.items():
            target = asker.user if whom == "oneself" else TARGETS[whom]
            expected = WORDS[word]
            if expected is None:
                continue
            answer = await asker.change(command, room, user=target, **fields_for(command, target))
            if outcome(answer) != expected:
                wrong.append(f"{standing}: {command} {whom} in {room} should be {expected}: {answer}")
            if answer["type"] == "ok":
                await undo(people, room, command, target)
    return wrong


def test_the_tables_leave_nothing_out() -> None:
    deeds, standings = set(RIGHTS), {"member", "moderator", "owner", "outsider"}
    walked = {(row["command"], row["asker"]) for row in table(TABLE)}
    assert walked == set(itertools.product(deeds - {"topic", "delete"}, standings | {"banned"}))
    assert set(get_args(Deed)) == deeds
    lobby = {(row["command"], row["asker"]) for row in table(LOBBY)}
    assert lobby == set(itertools.product(deeds - {"topic", "delete"}, standings - {"outsider"}))
    aimed = {cls.__struct_config__.tag for cls in AnyCommand.__args__ if {"room", "user"} <= {*cls.__struct_fields__}}
    assert aimed - {"search"} == deeds - {"topic", "delete"}, "every command done to somebody stands in the table"


async def test_the_whole_table_in_a_public_room(server: ServerProcess) -> None:
    async with cast(server, *PEOPLE) as people:
        await garden(people)
        wrong = await walk(people, "garden", table(TABLE), ASKERS)
        assert not wrong, "\n".join(wrong)


async def test_an_owner_keeps_order_in_a_public_room_from_outside(server: ServerProcess) -> None:
    async with cast(server, *PEOPLE) as people:
        await garden(people, owner_inside=False)
        rows = [row for row in table(TABLE) if row["command"] != "invite"]
        wrong = await walk(people, "garden", rows, {"owner": "alice"})
        assert not wrong, "\n".join(wrong)
        of = (await expect_ok(people["carol"], "post", "garden", text="hello"))["seq"]
        outside: dict[str, dict[str, Any]] = {
            "invite": {"user": "dave"},
            "topic": {"topic": "t"},
            "post": {"text": "t"},
        }
        for command, fields in (
            outside | {"edit": {"of": of, "text": "t"}, "react": {"of": of, "emoji": "👍"}}
        ).items():
            assert outcome(await people["alice"].change(command, "garden", **fields)) == "not_member"


async def test_the_whole_table_in_the_lobby(server: ServerProcess) -> None:
    async with cast(server, *PEOPLE) as people:
        for name in ("mia", "max"):
            await expect_ok(people["alice"], "role", "lobby", user=name, role="moderator")
        askers = {name: ASKERS[name] for name in ("owner", "moderator", "member")}
        wrong = await walk(people, "lobby", table(LOBBY), askers)
        assert not wrong, "\n".join(wrong)


async def test_what_is_done_to_nobody(server: ServerProcess) -> None:
    fields: dict[str, dict[str, Any]] = {
        "post": {"text": "x"},
        "topic": {"topic": "x"},
        "calendar": {"edges": ["2020-01-01T00:00:00.000000Z", "2100-01-01T00:00:00.000000Z"]},
        "record": {"seq": 1},
    }
    async with cast(server, *PEOPLE) as people:
        made = await garden(people)
        for row in table(ALONE):
            asker = people[ASKERS[row.pop("asker")]]
            for command, word in row.items():
                if command == "record":
                    fields["record"]["seq"] = made["seq"]
                if command in ("history", "members", "calendar", "record"):
                    answer = await asker.ask(type=command, room="garden", **fields.get(command, {}))
                else:
                    answer = await asker.change(command, "garden", **fields.get(command, {}))
                assert outcome(answer) == WORDS[word], f"{asker.user}: {command}: {answer}"
                if command == "leave" and word == "ok":
                    await come_back(people, "garden", asker.user)
                if command == "join" and asker.user not in ROLE and word == "ok":
                    await expect_ok(asker, "leave", "garden")


@pytest.mark.parametrize("command", ["kick", "ban", "unban", "mute", "role", "invite"])
async def test_nobody_judges_in_a_direct_conversation(server: ServerProcess, command: str) -> None:
    async with cast(server, "bob", "carol") as people:
        await expect_ok(people["alice"], "post", "@bob", text="psst")
        for asker in ("alice", "bob"):
            for target in ("alice", "bob", "carol"):
                room = "@bob" if asker == "alice" else "@alice"
                answer = await people[asker].change(command, room, user=target, **fields_for(command, target))
                assert outcome(answer) == "not_allowed"


# --- pure -----------------------------------------------------------------------------------------------------

STANDINGS: tuple[rights.Standing, ...] = ("outsider", "member", "moderator", "owner")


def is_allowed(deed: str, asker: str, person: str, oneself: bool) -> bool:
    """The rules of the house, said once more in other words."""
    rank = STANDINGS.index
    if deed in ("invite", "topic"):
        return asker != "outsider"
    if rank(asker) < rank("moderator") or oneself:
        return False
    return rank(person) < rank(asker)


@pytest.mark.parametrize("deed", sorted(RIGHTS))
def test_every_deed_by_and_to_every_standing(deed: Deed) -> None:
    for asker, person, oneself in itertools.product(STANDINGS, STANDINGS, (False, True)):
        if oneself and asker != person:
            continue
        try:
            rights.check(deed, "garden", asker, person, oneself=oneself)
            allowed = True
        except Refused as error:
            allowed = False
            assert error.code == ("not_member" if asker == "outsider" else "not_allowed")
            assert error.message.endswith(".")
        assert allowed == is_allowed(deed, asker, person, oneself), (deed, asker, person, oneself)
