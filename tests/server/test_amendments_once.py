"""Edits, deletions, reactions and replies happen exactly once, in order, and come back folded after a kill."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.people.cast import cast, expect_ok, outcome
from tests.processes import ServerProcess
from tests.server.conftest import page
from tests.server.peer import Line, Peer, code

COMMANDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "edit": ({"text": "second"}, {"text": "another"}),
    "delete": ({}, {"of": 1}),
    "react": ({"emoji": "👍"}, {"emoji": "🎉"}),
    "take back": ({"emoji": "👀", "remove": True}, {"remove": False}),
    "reply": ({"text": "yes"}, {"text": "no"}),
    "profile": ({"display": "Bob B."}, {"display": "Bobby"}),
}
"""By command: what it says, and what another one with the same id says."""


async def begin(people: dict[str, Peer]) -> int:
    """A room where bob said something, and looked at it."""
    await expect_ok(people["mia"], "create", "garden")
    await expect_ok(people["bob"], "join", "garden")
    of = (await expect_ok(people["bob"], "post", "garden", text="first"))["seq"]
    await expect_ok(people["bob"], "react", "garden", of=of, emoji="👀")
    return int(of)


def line_of(command: str, seq: int, ident: str, **fields: Any) -> Line:
    match command:
        case "reply":
            return {"type": "post", "id": ident, "room": "garden", "reply_to": seq, **fields}
        case "profile":
            return {"type": "profile", "id": ident, **fields}
        case "take back":
            return {"type": "react", "id": ident, "room": "garden", "of": seq, **fields}
        case _:
            return {"type": command, "id": ident, "room": "garden", **({"of": seq} | fields)}


@pytest.mark.parametrize("command", COMMANDS)
async def test_sent_again_whenever_it_is_the_first_one(server: ServerProcess, command: str) -> None:
    """Before the answer, after it, over another connection, after what would forbid it, and after a kill."""
    fields, others = COMMANDS[command]
    async with cast(server, "mia", "bob") as people:
        bob, of = people["bob"], await begin(people)
        line = line_of(command, of, "once", **fields)
        await bob.raw((json.dumps(line | {"ref": "a"}) + "\n" + json.dumps(line | {"ref": "b"}) + "\n").encode())
        first = await bob.until(ref="a")
        assert first["type"] == "ok", first
        told = [first, await bob.until(ref="b"), await bob.ask(**line)]
        second = await Peer.sign_in(server.port, "bob")
        told.append(await second.ask(**line))
        size = server.history.stat().st_size
        if command != "profile":
            if command != "delete":
                await expect_ok(people["mia"], "delete", "garden", of=of)
            await expect_ok(people["mia"], "kick", "garden", user="bob")
            size = server.history.stat().st_size
            told.append(await second.ask(**line))
        else:
            assert outcome(await bob.ask(type="profile", id="later", display="")) == "ok"
            size = server.history.stat().st_size
            told.append(await second.ask(**line))
        assert {(answer["type"], answer.get("seq"), answer.get("time")) for answer in told} == {
            ("ok", first["seq"], first["time"])
        }
        assert code(await second.ask(**line_of(command, of, "once", **(fields | others)))) == "id_reused"
        assert server.history.stat().st_size == size, "nothing was stored again"
        await second.close()
    server.kill()
    server.start()
    async with cast(server, "mia", "bob") as people:
        again = await people["bob"].ask(**line)
        assert (again["type"], again["seq"], again["time"]) == ("ok", first["seq"], first["time"])
        assert code(await people["bob"].ask(**line_of(command, of, "once", **(fields | others)))) == "id_reused"
        assert server.history.stat().st_size == size


async def test_after_a_kill_in_the_middle_everything_is_sent_again_and_stands_once(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        of = await begin(people)
        lines = [line_of("react", of, f"r{n}", emoji="👍", remove=bool(n % 2)) for n in range(150)]
        lines += [line_of("edit", of, f"e{n}", text=f"text {n}") for n in range(150)]
        await people["bob"].raw("".join(json.dumps(line) + "\n" for line in lines).encode())
        await people["bob"].until("ok", id="r40")
        server.kill()
    server.start()
    async with cast(server, "mia", "bob") as people:
        answers = [await people["bob"].ask(**line) for line in lines]
        assert {answer["type"] for answer in answers} == {"ok"}
        assert [answer["seq"] for answer in answers] == sorted({answer["seq"] for answer in answers}), "in order, once"
        folded = (await page(people["mia"], "garden"))[of]
        assert (folded["text"], folded["reactions"]) == ("text 149", {"👀": ["bob"]})
    written = [line.split("\t")[5] for line in server.history.read_text("utf-8").splitlines() if "\tbob\t" in line]
    assert len(written) == len(set(written)) == len(lines) + 4


async def test_what_one_connection_sends_in_order_happens_in_order(server: ServerProcess) -> None:
    """Words, changes of them and answers to them in one write; all that a member hears is by seq."""
    async with cast(server, "mia", "bob") as people:
        bob, mia = people["bob"], people["mia"]
        of = await begin(people)
        lines: list[Line] = []
        for n in range(60):
            lines.append({"type": "post", "id": f"p{n}", "room": "garden", "text": f"word {n}"})
            lines.append(line_of("edit", of, f"e{n}", text=f"text {n}"))
            lines.append(line_of("reply", of, f"a{n}", text=f"answer {n}"))
            lines.append(line_of("react", of, f"r{n}", emoji="👍", remove=bool(n % 2)))
        await bob.raw("".join(json.dumps(line) + "\n" for line in lines).encode())
        await bob.until("ok", id="r59")
        await mia.settle()
        heard = [line for line in mia.seen if line.get("room") == "garden" and line.get("user") == "bob"][3:]
        assert [line["id"] for line in heard] == [line["id"] for line in lines]
        assert [line["seq"] for line in heard] == sorted(line["seq"] for line in heard)


async def test_a_kill_and_a_restart_bring_all_back_folded(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob", "carol") as people:
        mia, bob, carol = (people[name] for name in ("mia", "bob", "carol"))
        of = await begin(people)
        await expect_ok(carol, "join", "garden")
        gone = (await expect_ok(carol, "post", "garden", text="gone", reply_to=of))["seq"]
        answer = (await expect_ok(carol, "post", "garden", text="answer", reply_to=gone))["seq"]
        await expect_ok(bob, "edit", "garden", of=of, text="edited")
        for who, emoji in ((mia, "🎉"), (carol, "👍"), (mia, "👍")):
            await expect_ok(who, "react", "garden", of=of, emoji=emoji)
        await expect_ok(mia, "react", "garden", of=of, emoji="🎉", remove=True)
        await expect_ok(mia, "delete", "garden", of=gone)
        before = await mia.ask(type="history", room="garden")
        assert {line["seq"] for line in before["messages"]} >= {of, gone, answer}
        await mia.settle()
    for end in (server.kill, server.stop):
        end()
        server.start()
        async with cast(server, "mia", "bob", "carol") as people:
            after = await people["mia"].ask(type="history", room="garden")
            assert after["messages"] == before["messages"]
            entry = next(line for line in after["messages"] if line["seq"] == of)
            assert entry["reactions"] == {"👀": ["bob"], "👍": ["carol", "mia"]}
            assert code(await people["carol"].change("react", "garden", of=gone, emoji="👍")) == "no_such_message"
            again = await people["bob"].change("react", "garden", of=of, emoji="👀")
            assert again["seq"] == of, "what was so before is so already"


# --- races over real sockets ----------------------------------------------------------------------------------


async def race(make: Callable[[int], list[tuple[Peer, Line]]], rounds: int) -> list[list[Line]]:
    """In each round commands of several people in one moment; their answers."""
    told = []
    for number in range(rounds):
        sendings = make(number)
        for place, (peer, line) in enumerate(sendings[:: 1 if number % 2 else -1]):
            ident = f"race-{number}-{place}"
            peer.writer.write(json.dumps({"id": ident, "ref": f"race-{number}", **line}).encode() + b"\n")
        told.append(list(await asyncio.gather(*(peer.until(ref=f"race-{number}") for peer, _ in sendings))))
    return told


async def test_an_edit_and_a_deletion_race(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        mia, bob = people["mia"], people["bob"]
        await begin(people)
        ofs = [(await expect_ok(bob, "post", "garden", text=f"m{n}"))["seq"] for n in range(20)]
        told = await race(
            lambda n: [
                (bob, {"type": "edit", "room": "garden", "of": ofs[n], "text": "x"}),
                (mia, {"type": "delete", "room": "garden", "of": ofs[n]}),
            ],
            len(ofs),
        )
        for edit, delete in told:
            assert delete["type"] == "ok"
            assert code(edit) == "no_such_message" if edit["type"] == "error" else edit["seq"] < delete["seq"]
        folded = await page(mia, "garden")
        assert all(folded[of].get("deleted") and folded[of]["text"] == "" for of in ofs)


async def test_a_deletion_and_a_reply_race(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        mia, bob = people["mia"], people["bob"]
        await begin(people)
        ofs = [(await expect_ok(bob, "post", "garden", text=f"m{n}"))["seq"] for n in range(20)]
        told = await race(
            lambda n: [
                (bob, {"type": "post", "room": "garden", "reply_to": ofs[n], "text": "x"}),
                (mia, {"type": "delete", "room": "garden", "of": ofs[n]}),
            ],
            len(ofs),
        )
        for reply, delete in told:
            assert delete["type"] == "ok"
            assert code(reply) == "no_such_message" if reply["type"] == "error" else reply["seq"] < delete["seq"]


async def test_a_kick_and_edits_race(server: ServerProcess) -> None:
    """Each of them stands before the kick, or is refused."""
    async with cast(server, "mia", "bob") as people:
        mia, bob = people["mia"], people["bob"]
        of = await begin(people)
        for n in range(100):
            line = line_of(
                "edit" if n % 2 else "react", of, f"w{n}", **({"text": f"{n}"} if n % 2 else {"emoji": "👍"})
            )
            bob.writer.write(json.dumps(line).encode() + b"\n")
            if n == 50:
                await mia.send(type="kick", room="garden", user="bob", id="stop", ref="stop")
        stopped = await mia.until(ref="stop")
        answers: list[Line] = []
        while len(answers) < 100:
            line = await bob.line()
            if str(line.get("id")).startswith("w") and line["type"] in ("ok", "error"):
                answers.append(line)
        assert all(answer["seq"] < stopped["seq"] for answer in answers if answer["type"] == "ok")
        assert {answer["code"] for answer in answers if answer["type"] == "error"} <= {"not_member"}
        assert code(await bob.change("edit", "garden", of=of, text="x")) == "not_member"
