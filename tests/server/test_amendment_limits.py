"""What replies, edits and reactions are refused for: texts, emoji and numbers at their limits, beyond, and odd."""

import pytest

from tests.people.cast import outcome
from tests.server.conftest import Join, Pair, page, said
from tests.server.peer import Line, code

KINDS = [
    "👍",
    "😀",
    "🎉",
    "👀",
    "🚀",
    "🔥",
    "🙏",
    "😂",
    "😮",
    "😢",
    "👏",
    "✅",
    "🐛",
    "🌱",
    "🍀",
    "🌻",
    "🌵",
    "🍎",
    "🍇",
    "🥕",
]
ODD_NUMBERS = [0, -1, 1, 2, 2**31, 2**63 - 1, 2**63, 2**64, 10**30, -(10**30), 10**4000]
NO_EMOJI = ["", " ", "a", "1", "#", ":thumbsup:", "👍👍", "👍 ", " 👍", "👍x", "\u200d", "\ufe0f", "🇩", "<3", "上"]
NO_EMOJI += ["x" * 70_000, "👍" * 9_000, "\u202e👍", "👍\x00"]
SAME_EMOJI = [("❤", "❤️"), ("❤️", "❤️"), ("1️⃣", "1️⃣"), ("👍🏽", "👍🏽"), ("🏳️‍🌈", "🏳️‍🌈"), ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦")]


@pytest.mark.parametrize("command", ["edit", "delete", "react", "reply", "record"])
async def test_a_number_that_is_no_message_of_this_room(pair: Pair, command: str) -> None:
    bob, carol, room = pair
    mine = await said(bob, room)
    edit = (await bob.change("edit", room, of=mine, text="x"))["seq"]
    reaction = (await bob.change("react", room, of=mine, emoji="👍"))["seq"]
    elsewhere = await said(carol, "lobby")
    hidden = await said(carol, "@carol", "a note to self")
    notice = max(seq for seq, line in (await page(bob, room)).items() if line["type"] == "joined")
    ahead = 10**6
    fields: Line = {"edit": {"text": "x"}, "react": {"emoji": "👍"}}.get(command, {})
    sentences = set()
    for of in (*ODD_NUMBERS, elsewhere, hidden, notice, edit, reaction, ahead):
        if command == "reply":
            if of == 0:
                continue  # none
            answer = await bob.change("post", room, text="x", reply_to=of)
        elif command == "record":
            if of in (notice, edit, reaction):
                continue  # these have a line
            answer = await bob.ask(type="record", room=room, seq=of)
        else:
            answer = await bob.change(command, room, of=of, **fields)
        assert code(answer) == "no_such_message", of
        sentences.add(answer["message"].replace(f" {of} ", " N ") if of < 10**20 else answer["message"])
    assert sentences <= {f"There is no message N in {room}.", f"There is no message with that number in {room}."}


@pytest.mark.parametrize("of", ["1.5", '"1"', "null", "true", "[1]", "1" + "0" * 5000, "1e400"], ids=lambda of: of[:9])
async def test_a_number_that_is_none(pair: Pair, of: str) -> None:
    bob, _, room = pair
    await bob.raw(f'{{"type":"delete","id":"x","room":"{room}","of":{of}}}\n'.encode())
    assert code(await bob.until("error")) == "bad_request"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 16_000, "ok"),
        ("😀" * 16_000, "ok"),
        ("x" * 16_001, "too_large"),
        ("x" * 200_000, "too_large"),
        ("", "bad_request"),
        (" \n\t ", "bad_request"),
    ],
    ids=["at", "at, in emoji", "over", "far over", "empty", "blank"],
)
@pytest.mark.parametrize("command", ["edit", "reply"])
async def test_the_text_has_its_limit(pair: Pair, command: str, text: str, expected: str) -> None:
    bob, carol, room = pair
    of = await said(bob, room)
    if command == "edit":
        answer = await bob.change("edit", room, of=of, text=text)
    else:
        answer = await bob.change("post", room, reply_to=of, text=text)
    assert outcome(answer) == expected
    if expected == "ok":
        told = await carol.until("edited" if command == "edit" else "message", seq=answer["seq"])
        assert told["text"] == text == (await page(carol, room))[of if command == "edit" else told["seq"]]["text"]


@pytest.mark.parametrize("emoji", NO_EMOJI, ids=lambda emoji: ascii(emoji)[:20])
async def test_what_is_no_emoji(pair: Pair, emoji: str) -> None:
    bob, _, room = pair
    of = await said(bob, room)
    for remove in (False, True):
        assert code(await bob.change("react", room, of=of, emoji=emoji, remove=remove)) == "bad_request"


@pytest.mark.parametrize(("sent", "kept"), SAME_EMOJI)
async def test_one_emoji_however_it_is_written(pair: Pair, sent: str, kept: str) -> None:
    bob, carol, room = pair
    of = await said(bob, room)
    assert outcome(await bob.change("react", room, of=of, emoji=sent)) == "ok"
    assert outcome(await carol.change("react", room, of=of, emoji=kept)) == "ok"
    assert (await page(bob, room))[of]["reactions"] == {kept: ["bob", "carol"]}
    assert outcome(await bob.change("react", room, of=of, emoji=kept, remove=True)) == "ok"
    assert outcome(await carol.change("react", room, of=of, emoji=sent, remove=True)) == "ok"
    assert "reactions" not in (await page(bob, room))[of]


async def test_twenty_kinds_and_no_more(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, room)
    for emoji in KINDS:
        assert outcome(await bob.change("react", room, of=of, emoji=emoji)) == "ok"
    refused = await carol.change("react", room, of=of, emoji="🌳")
    assert (code(refused), refused["message"]) == (
        "too_large",
        "The message has 20 kinds of reactions, the limit is 20. Choose one of those.",
    )
    assert outcome(await carol.change("react", room, of=of, emoji=KINDS[3])) == "ok", "to one of those anybody adds"
    assert outcome(await bob.change("react", room, of=of, emoji=KINDS[3], remove=True)) == "ok"
    assert code(await bob.change("react", room, of=of, emoji="🌳")) == "too_large", "carol's is left"
    assert outcome(await bob.change("react", room, of=of, emoji=KINDS[4], remove=True)) == "ok"
    assert outcome(await carol.change("react", room, of=of, emoji="🌳")) == "ok", "there is room again"
    assert outcome(await carol.change("react", room, of=of, emoji=KINDS[4], remove=True)) == "ok"


async def test_limits_are_told(enter: Join) -> None:
    limits = (await enter("alice")).welcome["limits"]
    assert (limits["text"], limits["files"], limits["reactions"], limits["file_name"]) == (16_000, 10, 20, 255)


@pytest.mark.parametrize(("over", "expected"), [(0, "ok"), (1, "too_large"), (100_000, "too_large")])
@pytest.mark.parametrize(
    ("limit", "command"),
    [
        (16_000, {"type": "post", "text": "X"}),
        (250, {"type": "topic", "topic": "X"}),
        (100, {"type": "status", "state": "online", "note": "X"}),
        (64, {"type": "profile", "display": "X"}),
    ],
    ids=["text", "topic", "note", "display"],
)
@pytest.mark.parametrize("letter", ["x", "上", "😀"])
async def test_every_length_has_its_limit(
    pair: Pair, limit: int, command: Line, over: int, expected: str, letter: str
) -> None:
    bob, _, room = pair
    if over == 100_000 and letter != "x":
        over = 5_000  # escaped as they are here, more of them would make the line itself too long
    fields = {key: letter * (limit + over) if value == "X" else value for key, value in command.items()}
    if command["type"] != "status":
        fields |= {"id": f"{room}-{limit}-{over}", "room": room}
    answer = await bob.ask(**fields)
    assert outcome(answer) == expected
    if expected != "ok":
        assert f"{limit + over:,} characters" in answer["message"] and f"{limit:,}" in answer["message"]
