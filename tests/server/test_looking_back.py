"""`calendar` and `record` on the wire, and who is asked for what they may not see."""

from typing import Any

import pytest

from tests.people.cast import outcome
from tests.processes import ServerProcess
from tests.server.conftest import Join, Pair, page, said
from tests.server.peer import code

EVER = ["2000-01-01T00:00:00.000000Z", "2100-01-01T00:00:00.000000Z"]


async def test_the_calendar_counts_what_was_said(pair: Pair) -> None:
    bob, carol, room = pair
    first = await said(bob, room)
    second = await said(carol, room)
    entries = await page(bob, room)
    begun = min(entries)
    between = entries[second]["time"]
    found = await bob.ask(type="calendar", room=room, edges=[EVER[0], between, EVER[1]])
    assert (found["type"], found["room"], found["counts"]) == ("calendar", room, [1, 1])
    assert (found["seqs"], found["first"]) == ([begun, second], entries[begun]["time"])
    await bob.change("edit", room, of=first, text="x")
    await bob.change("react", room, of=first, emoji="👍")
    assert (await bob.ask(type="calendar", room=room, edges=EVER))["counts"] == [2], "changes are not counted"
    await bob.change("delete", room, of=first)
    assert (await bob.ask(type="calendar", room=room, edges=EVER))["counts"] == [1], "nor what was deleted"
    long_ago = await bob.ask(type="calendar", room=room, edges=[EVER[0], "2000-01-02T00:00:00.000000Z"])
    assert (long_ago["counts"], long_ago["seqs"], long_ago["first"]) == ([0], [0], entries[begun]["time"])


def days(count: int) -> list[str]:
    return [f"2026-{1 + n // 28:02}-{1 + n % 28:02}T00:00:00.000000Z" for n in range(count)]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        (days(2), "ok"),
        (days(64), "ok"),
        (days(65), "too_large"),
        (days(300), "too_large"),
        (days(1), "bad_request"),
        ([], "bad_request"),
        (days(3)[::-1], "bad_request"),
        (days(2) + days(2)[1:], "bad_request"),
        (["2026-01-01", "2026-01-02"], "bad_request"),
        (["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"], "bad_request"),
        (["2026-01-01T00:00:00.000000+00:00", EVER[1]], "bad_request"),
        (["2026-02-30T00:00:00.000000Z", EVER[1]], "bad_request"),
        (["٢٠٢٦-01-01T00:00:00.000000Z", EVER[1]], "bad_request"),
        (["", EVER[1]], "bad_request"),
        (["x" * 10_000, EVER[1]], "bad_request"),
        ([1, 2], "bad_request"),
        ("2026", "bad_request"),
    ],
)
async def test_edges_of_a_calendar(pair: Pair, edges: Any, expected: str) -> None:
    bob, _, room = pair
    assert outcome(await bob.ask(type="calendar", room=room, edges=edges)) == expected


async def test_the_record_is_the_line_as_it_stands(pair: Pair, standing: ServerProcess) -> None:
    bob, carol, room = pair
    of = await said(bob, room, "two\nlines\tand \u202e more")
    answer = await carol.ask(type="record", room=room, seq=of)
    lines = {line.split("\t")[0]: line for line in standing.history.read_text("utf-8").split("\n")}
    assert (answer["type"], answer["room"], answer["seq"], answer["line"]) == ("record", room, of, lines[str(of)])
    assert answer["line"].split("\t")[-1].startswith("~")
    edit = (await bob.change("edit", room, of=of, text="x"))["seq"]
    notice = min(await page(bob, room))
    for seq in (of, edit, notice):
        lines = {line.split("\t")[0]: line for line in standing.history.read_text("utf-8").split("\n")}
        assert (await bob.ask(type="record", room=room, seq=seq))["line"] == lines[str(seq)]


async def test_a_record_of_another_room_is_none_and_says_nothing(pair: Pair) -> None:
    """Whether the number stands in a room that one is not in, or nowhere, cannot be told from the answer."""
    bob, carol, room = pair
    hidden = await said(carol, "@carol", "a note to self")
    private = f"{room}-private"
    assert outcome(await carol.change("create", private, private=True)) == "ok"
    secret = await said(carol, private, "hush")
    nowhere = 10**9
    for command, fields in (("record", {}), ("edit", {"text": "x"}), ("delete", {}), ("react", {"emoji": "👍"})):
        sentences = set()
        for seq in (hidden, secret, nowhere):
            if command == "record":
                answer = await bob.ask(type="record", room=room, seq=seq)
            else:
                answer = await bob.change(command, room, of=seq, **fields)
            sentences.add((code(answer), answer["message"].replace(str(seq), "N")))
        assert sentences == {("no_such_message", f"There is no message N in {room}.")}


@pytest.mark.parametrize(
    ("room", "expected"),
    [("nowhere", "no_such_room"), ("@nobody", "no_such_user"), ("@dave", "no_such_room"), ("", "no_such_room")],
)
async def test_rooms_to_look_back_in(pair: Pair, enter: Join, room: str, expected: str) -> None:
    await enter("dave")
    bob, *_ = pair
    assert code(await bob.ask(type="calendar", room=room, edges=EVER)) == expected
    assert code(await bob.ask(type="record", room=room, seq=1)) == expected


async def test_who_is_not_in_a_public_room(pair: Pair, enter: Join) -> None:
    _, _, room = pair
    dave = await enter("dave")
    assert code(await dave.ask(type="calendar", room=room, edges=EVER)) == "not_member"
    assert code(await dave.ask(type="record", room=room, seq=1)) == "not_member"
