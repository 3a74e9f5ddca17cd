"""A deleted message is gone everywhere: in no answer to anybody is any of its words, emoji, edits or reply left."""

import json
from collections.abc import Awaitable, Callable

import pytest

from tests.people.cast import Cast, cast, expect_ok
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all, code
from tests.server.test_slow_reader import narrow, post_many

WORDS = ("forsythia", "magnolia", "wisteria")
"""The text as it was posted, and as it was edited to."""
EMOJI = "🦚"


async def bloom(people: Cast, room: str = "garden") -> tuple[int, list[int]]:
    """bob's message, edited twice, reacted to and answered; its seq, and those of its changes."""
    mia, bob = people["mia"], people["bob"]
    of = (await expect_ok(bob, "post", room, text=f"{WORDS[0]} @mia"))["seq"]
    changes = [(await expect_ok(bob, "edit", room, of=of, text=word))["seq"] for word in WORDS[1:]]
    changes.append((await expect_ok(mia, "react", room, of=of, emoji=EMOJI))["seq"])
    await expect_ok(mia, "post", room, text="what a colour", reply_to=of)
    return of, changes


async def everything(peer: Peer, of: int, changes: list[int]) -> list[Line]:
    """Whatever can be asked about the garden."""
    answers = [
        await peer.ask(type="history", room="garden"),
        await peer.ask(type="history", room="garden", limit=1),
        await peer.ask(type="history", room="garden", around=of, limit=3),
        await peer.ask(type="sync", after=0),
        await peer.ask(type="sync", after=of - 1, limit=2),
    ]
    answers += [await peer.ask(type="search", text=word) for word in WORDS]
    answers += [await peer.ask(type="record", room="garden", seq=seq) for seq in (of, *changes)]
    return answers


def told(answers: list[Line]) -> set[str]:
    """Which of the words and emoji are in them."""
    text = json.dumps(answers, ensure_ascii=False)
    return {word for word in (*WORDS, EMOJI) if word in text}


@pytest.mark.parametrize("who", ["bob", "mia"], ids=["its author", "a moderator"])
async def test_nothing_of_it_is_in_any_answer(server: ServerProcess, who: str) -> None:
    async with cast(server, "mia", "bob", "carol") as people:
        await expect_ok(people["mia"], "create", "garden")
        for name in ("bob", "carol"):
            await expect_ok(people[name], "join", "garden")
        of, changes = await bloom(people)
        assert told(await everything(people["carol"], of, changes)) == {*WORDS, EMOJI}, "the control"
        deletion = await expect_ok(people[who], "delete", "garden", of=of)
        for name in ("bob", "mia", "carol"):
            answers = await everything(people[name], of, changes)
            assert told(answers) == set()
            records = [answer for answer in answers if answer.get("code") == "no_such_message"]
            assert len(records) == 1 + len(changes)
            line = await people[name].ask(type="record", room="garden", seq=deletion["seq"])
            assert "\tdeleted\t" in line["line"] and f"\tof={of}\t" in line["line"]
        late = await Peer.sign_in(server.port, "late")
        await expect_ok(late, "join", "garden")
        assert told([late.welcome, *await everything(late, of, changes)]) == set()
        await close_all(late)
    for end in (server.kill, server.stop):
        end()
        server.start()
        async with cast(server, "mia", "bob", "carol") as people:
            assert told([people["carol"].welcome, *await everything(people["carol"], of, changes)]) == set()
    assert WORDS[0] in server.history.read_text("utf-8"), "the line in the file stays"


async def test_what_is_told_again_says_that_it_was_deleted(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        await expect_ok(people["mia"], "create", "garden")
        await expect_ok(people["bob"], "join", "garden")
        of, changes = await bloom(people)
        deletion = await expect_ok(people["mia"], "delete", "garden", of=of)
        events = {line["seq"]: line for line in (await people["bob"].ask(type="sync", after=0))["events"]}
        assert (events[of]["deleted"], events[of]["text"], events[of]["user"]) == (True, "", "bob")
        assert [events[seq]["of"] for seq in changes] == [of] * len(changes)
        assert (events[deletion["seq"]]["type"], events[deletion["seq"]]["user"]) == ("deleted", "mia")


async def catch_up(server: ServerProcess, people: Cast, then: Callable[[int], Awaitable[object]]) -> list[Line]:
    """What a reader hears that was left behind before the garden bloomed, and reads on only after `then`."""
    carol = await narrow(server.port, "carol")
    await expect_ok(people["mia"], "create", "garden")
    await expect_ok(people["mia"], "invite", "garden", user="carol")
    await expect_ok(people["bob"], "join", "garden")
    await post_many(people["mia"], 600, "garden")  # 9 MB: carol is far behind
    of, _ = await bloom(people)
    await then(of)
    await expect_ok(people["mia"], "post", "lobby", text="to everybody")
    await carol.until("message", text="to everybody")
    heard = [line for line in carol.seen if line.get("room") == "garden" and "seq" in line]
    assert [line["seq"] for line in heard] == sorted({line["seq"] for line in heard}), "no hole, no repetition"
    await close_all(carol)
    return heard


async def test_who_was_left_behind_catches_up_without_it(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        heard = await catch_up(server, people, lambda of: expect_ok(people["bob"], "delete", "garden", of=of))
        assert told(heard) == set()
        assert heard[-1]["type"] == "deleted"


async def test_the_one_who_catches_up_hears_it_where_it_stands(server: ServerProcess) -> None:
    """The control."""
    async with cast(server, "mia", "bob") as people:
        heard = await catch_up(server, people, lambda of: expect_ok(people["bob"], "post", "garden", text="more"))
        assert told(heard) == {*WORDS, EMOJI}


async def test_what_is_gone_is_not_unread(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        await expect_ok(people["mia"], "create", "garden")
        await expect_ok(people["bob"], "join", "garden")
        await people["mia"].close()
        of = (await expect_ok(people["bob"], "post", "garden", text="hello @mia"))["seq"]
        await expect_ok(people["bob"], "post", "garden", text="more")

        async def unread() -> tuple[int, int, int]:
            mia = await Peer.sign_in(server.port, "mia")
            room = next(room for room in mia.welcome["rooms"] if room["room"] == "garden")
            await close_all(mia)
            return room.get("unread", 0), room.get("mentions", 0), room["last"]

        before = await unread()
        assert before[:2] == (2, 1)
        deletion = await expect_ok(people["bob"], "delete", "garden", of=of)
        assert await unread() == (1, 0, deletion["seq"]), "and the newest event is the deletion"
        assert code(await people["bob"].change("edit", "garden", of=of, text="x")) == "no_such_message"
