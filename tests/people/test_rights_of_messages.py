"""The rights over messages: who deletes, edits, reacts to and answers whose, over the wire."""

from typing import Any

from shared.protocol import AnyCommand
from tests.people.cast import Cast, cast, expect_ok, outcome
from tests.people.test_rights import ASKERS, PEOPLE, WORDS, garden, table
from tests.processes import ServerProcess
from tests.server.peer import Line

# The message of whom one deletes. `left` wrote it and is not in the room any more.
DELETE = """
asker      owner moderator member oneself left banned
owner      -     ok        ok     ok      ok   ok
moderator  no    no        ok     ok      ok   ok
member     no    no        no     ok      no   no
outsider   out   out       out    out     out  out
banned     out   out       out    out     out  out
"""

# The message of whom one changes in other ways.
AMEND = """
command asker      owner moderator member oneself left banned
edit    owner      -     no        no     ok      no   no
edit    moderator  no    no        no     ok      no   no
edit    member     no    no        no     ok      no   no
edit    outsider   out   out       out    out     out  out
edit    banned     out   out       out    out     out  out
react   owner      -     ok        ok     ok      ok   ok
react   moderator  ok    ok        ok     ok      ok   ok
react   member     ok    ok        ok     ok      ok   ok
react   outsider   out   out       out    out     out  out
react   banned     out   out       out    out     out  out
reply   owner      -     ok        ok     ok      ok   ok
reply   moderator  ok    ok        ok     ok      ok   ok
reply   member     ok    ok        ok     ok      ok   ok
reply   outsider   out   out       out    out     out  out
reply   banned     out   out       out    out     out  out
"""

AUTHORS = {"owner": "alice", "moderator": "max", "member": "carol", "left": "dave", "banned": "greta"}


def test_the_tables_leave_nothing_out() -> None:
    standings = {"member", "moderator", "owner", "outsider", "banned"}
    assert {row["asker"] for row in table(DELETE)} == {row["asker"] for row in table(AMEND)} == standings
    of = {cls.__struct_config__.tag for cls in AnyCommand.__args__ if {"room", "of"} <= {*cls.__struct_fields__}}
    assert of == {row["command"] for row in table(AMEND)} - {"reply"} | {"delete"}


async def written(people: Cast) -> Line:
    """The garden in which everybody said something; those of them left who were there then. `{author: a new seq}`"""
    await garden(people)
    for name in ("erin", "greta"):
        await expect_ok(people["mia"], "unban", "garden", user=name)
    for name in ("frank", "erin", "greta", "dave"):
        await expect_ok(people[name], "join", "garden")
    pages: Line = {name: [] for name in people}
    for name in people:
        for n in range(20):
            pages[name].append((await expect_ok(people[name], "post", "garden", text=f"{name} {n}"))["seq"])
    for name in ("frank", "dave"):
        await expect_ok(people[name], "leave", "garden")
    for name in ("erin", "greta"):
        await expect_ok(people["mia"], "ban", "garden", user=name)
    return pages


async def test_the_whole_table_of_messages_in_a_public_room(server: ServerProcess) -> None:
    fields: dict[str, dict[str, Any]] = {"delete": {}, "edit": {"text": "t"}, "react": {"emoji": "👍"}}
    async with cast(server, *PEOPLE) as people:
        left, wrong = await written(people), []
        for row in [*table(AMEND), *({"command": "delete"} | row for row in table(DELETE))]:
            command, standing = row.pop("command"), row.pop("asker")
            asker = people[ASKERS[standing]]
            for whom, word in row.items():
                if (expected := WORDS[word]) is None:
                    continue
                of = left[asker.user if whom == "oneself" else AUTHORS[whom]].pop()
                if command == "reply":
                    answer = await asker.change("post", "garden", text="t", reply_to=of)
                else:
                    answer = await asker.change(command, "garden", of=of, **fields[command])
                if outcome(answer) != expected:
                    wrong.append(f"{standing}: {command} of {whom} should be {expected}: {answer}")
        assert not wrong, "\n".join(wrong)


async def test_an_owner_deletes_in_a_public_room_from_outside(server: ServerProcess) -> None:
    async with cast(server, *PEOPLE) as people:
        await garden(people, owner_inside=False)
        of = (await expect_ok(people["mia"], "post", "garden", text="hello"))["seq"]
        assert outcome(await people["frank"].change("delete", "garden", of=of)) == "not_member"
        await expect_ok(people["alice"], "delete", "garden", of=of)


async def test_messages_in_the_lobby(server: ServerProcess) -> None:
    async with cast(server, *PEOPLE) as people:
        for name in ("mia", "max"):
            await expect_ok(people["alice"], "role", "lobby", user=name, role="moderator")
        for row in table(DELETE):
            standing = row.pop("asker")
            if standing in ("outsider", "banned"):
                continue
            asker = people[ASKERS[standing]]
            for whom in ("owner", "moderator", "member", "oneself"):
                author = asker.user if whom == "oneself" else AUTHORS[whom]
                if (expected := WORDS[row[whom]]) is not None:
                    of = (await expect_ok(people[author], "post", "lobby", text="t"))["seq"]
                    assert outcome(await asker.change("delete", "lobby", of=of)) == expected, (standing, whom)
