"""Changes of one message at the same moment: H4 of `chatserver.hub`, and guards that are asked after the look too."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from shared import rules
from tests.server.desks import House, house, moment
from tests.server.peer import code

EMOJI = ["👍", "❤️", "😀", "🎉", "👀", "🚀", "🔥", "🙏", "😂", "😮", "😢", "👏"]
EMOJI += ["✅", "🐛", "🌱", "🍀", "🌻", "🌵", "🍎", "🍇", "🥕", "🌳"]
CHANGES: dict[str, dict[str, Any]] = {"edit": {"text": "other"}, "react": {"emoji": "👍"}, "delete": {}}


async def said(at: House, user: str = "bob") -> int:
    return await at[user].ok("post", room="garden", text="hello")


# --- what happens during the look -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*CHANGES, "reply"])
@pytest.mark.parametrize(
    ("meanwhile", "expected"),
    [
        (None, "ok"),
        ({"type": "kick"}, "not_member"),
        ({"type": "ban"}, "not_member"),
        ({"type": "mute", "minutes": 5}, "not_allowed"),
    ],
    ids=["nothing (control)", "kick", "ban", "mute"],
)
async def test_who_is_stopped_during_the_look_changes_nothing(
    tmp_path: Path, command: str, meanwhile: dict[str, Any] | None, expected: str
) -> None:
    async with house(tmp_path, "bob") as at:
        of = await said(at)
        at.log.hold()
        if command == "reply":
            work = at["bob"].begin("post", room="garden", reply_to=of, text="answer")
        else:
            work = at["bob"].begin(command, room="garden", of=of, **CHANGES[command])
        await at.log.asked.wait()
        if meanwhile:
            await at["mia"].ok(room="garden", user="bob", **meanwhile)
        at.log.gate.set()
        answer = await work
        if command == "delete" and meanwhile and meanwhile["type"] == "mute":
            expected = "ok"  # who is muted can still take back what they wrote
        assert (answer["type"] if expected == "ok" else code(answer)) == expected
        changes = at.stored("edited", "deleted", "reacted")
        assert len(changes) == (expected == "ok" and command != "reply")
        assert len(at.stored("message")) == 1 + (expected == "ok" and command == "reply")


async def test_a_private_room_is_gone_for_who_is_put_out_during_the_look(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        await at["mia"].ok("create", room="secret", private=True)
        await at["mia"].ok("invite", room="secret", user="bob")
        of = await at["bob"].ok("post", room="secret", text="hush")
        at.log.hold()
        work = at["bob"].begin("edit", room="secret", of=of, text="x")
        await at.log.asked.wait()
        await at["mia"].ok("kick", room="secret", user="bob")
        at.log.gate.set()
        answer = await work
        assert (code(answer), answer["message"]) == ("no_such_room", "There is no room called secret.")


async def test_a_kick_that_is_on_its_way_is_waited_for(tmp_path: Path) -> None:
    """The look is over while the kick is being written: the room is asked after that."""
    async with house(tmp_path, "bob") as at:
        of = await said(at)
        at.log.hold()
        edit = at["bob"].begin("edit", room="garden", of=of, text="x")
        await at.log.asked.wait()
        kick = at["mia"].begin("kick", room="garden", user="bob")
        await asyncio.sleep(0)  # a kick needs no look: it is on its way in its first step
        assert at.hub.is_changing("garden")
        at.log.gate.set()
        assert code(await edit) == "not_member"
        assert (await kick)["type"] == "ok"


# --- H4 -------------------------------------------------------------------------------------------------------


async def in_order(at: House, of: int, *works: tuple[str, str, dict[str, Any]]) -> list[str]:
    """`(who, command, fields)` at one moment, in this order, while the first look is held; what each came to."""
    at.log.hold()
    tasks = []
    for who, command, fields in works:
        about = {"reply_to": of} if command == "post" else {"of": of}
        tasks.append(at[who].begin(command, room="garden", **about, **fields))
        await moment()
    assert not any(task.done() for task in tasks)
    at.log.gate.set()
    answers = await asyncio.gather(*tasks)
    return [answer["type"] if answer["type"] == "ok" else code(answer) for answer in answers]


async def test_h4_an_edit_and_a_deletion_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        edit, delete = ("bob", "edit", {"text": "x"}), ("mia", "delete", {})
        assert await in_order(at, await said(at), delete, edit) == ["ok", "no_such_message"]
        assert await in_order(at, await said(at), edit, delete) == ["ok", "ok"]
        assert [kind for kind, *_ in at.stored("edited", "deleted")] == ["deleted", "edited", "deleted"]


async def test_h4_a_deletion_and_a_reply_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        delete, reply = ("mia", "delete", {}), ("bob", "post", {"text": "yes"})
        assert await in_order(at, await said(at), delete, reply) == ["ok", "no_such_message"]
        assert await in_order(at, await said(at), reply, delete) == ["ok", "ok"]
        assert [kind for kind, *_ in at.stored("message", "deleted")] == [
            "message",
            "deleted",
            "message",
            "message",
            "deleted",
        ], "the answer stands before the deletion"


async def test_h4_two_deletions_at_once_are_one(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        of = await said(at)
        at.log.hold()
        works = [at[who].begin("delete", room="garden", of=of) for who in ("mia", "bob")]
        await moment()
        at.log.gate.set()
        first, second = await asyncio.gather(*works)
        assert (first["seq"], first["time"]) == (second["seq"], second["time"])
        assert len(at.stored("deleted")) == 1


@pytest.mark.parametrize(
    ("before", "outcomes"),
    [(rules.REACTIONS - 2, ["ok", "ok"]), (rules.REACTIONS - 1, ["ok", "too_large"])],
    ids=["room for both (control)", "room for one"],
)
async def test_h4_two_people_at_the_last_kind(tmp_path: Path, before: int, outcomes: list[str]) -> None:
    async with house(tmp_path, "bob", "carol") as at:
        of = await said(at)
        for emoji in EMOJI[:before]:
            await at["mia"].ok("react", room="garden", of=of, emoji=emoji)
        works = ("bob", "react", {"emoji": EMOJI[-1]}), ("carol", "react", {"emoji": EMOJI[-2]})
        assert await in_order(at, of, *works) == outcomes
        message = await at.log.message("garden", of)
        assert message is not None and len(message.reactions or {}) == before + outcomes.count("ok")


async def test_h4_one_reaction_from_two_devices(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        of = await said(at)
        works = [("bob", "react", {"emoji": "👍"})] * 2
        assert await in_order(at, of, *works) == ["ok", "ok"]
        assert len(at.stored("reacted")) == 1


async def test_h4_nothing_else_waits(tmp_path: Path) -> None:
    """While a change of one message is held, words, the room, and (once their look is done) other messages go on."""
    async with house(tmp_path, "bob") as at:
        one, other = await said(at), await said(at)
        at.log.hold()
        held = at["bob"].begin("edit", room="garden", of=one, text="x")
        await at.log.asked.wait()
        at.log.asked.clear()
        await at["mia"].ok("post", room="garden", text="plain")
        await at["mia"].ok("topic", room="garden", topic="weeds")
        another = at["mia"].begin("react", room="garden", of=other, emoji="👍")
        await asyncio.wait_for(at.log.asked.wait(), 5)  # it looks, so it does not wait for the held one
        same = at["mia"].begin("react", room="garden", of=one, emoji="👍")
        at.log.asked.clear()
        await moment()
        assert not at.log.asked.is_set(), "the control: of the same message it waits"
        at.log.gate.set()
        assert [answer["type"] for answer in await asyncio.gather(held, another, same)] == ["ok"] * 3


async def test_h4_many_at_one_message_keep_their_order(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(30)]
    async with house(tmp_path, *names) as at:
        of = await said(at, "p0")
        works = [(name, "react", {"emoji": "👍"}) for name in names]
        assert await in_order(at, of, *works) == ["ok"] * len(names)
        assert [user for _, user, _ in at.stored("reacted")] == names
        assert not at.hub._turns, "nothing is kept of it"


async def test_who_goes_away_in_the_middle_holds_nobody_up(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        of = await said(at)
        at.log.hold()
        gone = at["bob"].begin("edit", room="garden", of=of, text="x")
        await at.log.asked.wait()
        waiting = at["bob"].begin("edit", room="garden", of=of, text="y")
        after = at["mia"].begin("react", room="garden", of=of, emoji="👍")
        await moment()
        for task in (gone, waiting):
            task.cancel()
        await asyncio.gather(gone, waiting, return_exceptions=True)
        at.log.gate.set()
        assert (await after)["type"] == "ok"


@pytest.mark.parametrize("of", [-(2**70), -1, 10**6, 2**63, 10**30])
async def test_a_number_that_no_event_can_have_is_not_looked_for(tmp_path: Path, of: int) -> None:
    """It would fit into no index."""
    async with house(tmp_path) as at:
        at.log.asked.clear()
        for command in ("edit", "react", "delete"):
            assert code(await at["mia"].ask(command, room="garden", of=of, **CHANGES[command])) == "no_such_message"
        assert code(await at["mia"].ask("post", room="garden", text="x", reply_to=of)) == "no_such_message"
        assert not at.log.asked.is_set()
        await at["mia"].ok("react", room="garden", of=await said(at, "mia"), emoji="👍")
        assert at.log.asked.is_set(), "the control"
