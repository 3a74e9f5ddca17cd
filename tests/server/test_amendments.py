"""Edits, deletions, reactions and replies on the wire: what each event says, how a message comes folded, who may."""

from tests.people.cast import outcome
from tests.server.conftest import Pair, page, said
from tests.server.peer import code

# --- what they are --------------------------------------------------------------------------------------------


async def test_an_edit_is_an_event_and_stands_in_its_message(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, room)
    ok = await bob.change("edit", room, of=of, text="hello world")
    told = await carol.until("edited")
    assert (told["of"], told["text"], told["user"], told["seq"]) == (of, "hello world", "bob", ok["seq"])
    again = await bob.change("edit", room, of=of, text="hello world")
    assert again["seq"] > ok["seq"], "the same text once more is an edit like any other"
    folded = await page(carol, room)
    assert (folded[of]["text"], folded[of]["edited"]) == ("hello world", again["time"])
    assert not {ok["seq"], again["seq"]} & folded.keys(), "an edit is no entry"


async def test_a_deletion_leaves_that_there_was_something(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, room, "regrets")
    await carol.change("react", room, of=of, emoji="👍")
    ok = await bob.change("delete", room, of=of)
    told = await carol.until("deleted")
    assert (told["of"], told["user"], told["seq"]) == (of, "bob", ok["seq"])
    entry = (await page(carol, room))[of]
    assert (entry["text"], entry["deleted"], entry["user"]) == ("", True, "bob")
    assert "reactions" not in entry and "regrets" not in str(entry)
    for who in (bob, carol):
        assert code(await bob.change("edit", room, of=of, text="x")) == "no_such_message"
        assert code(await who.change("react", room, of=of, emoji="👍")) == "no_such_message"
        assert code(await who.change("post", room, text="x", reply_to=of)) == "no_such_message"
    again = await bob.change("delete", room, of=of)
    assert (again["seq"], again["time"]) == (ok["seq"], ok["time"]), "deleted is deleted"


async def test_reactions_are_listed_in_the_order_in_which_they_came(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, room)
    for who, emoji in ((carol, "🎉"), (bob, "👍"), (bob, "🎉")):
        assert outcome(await who.change("react", room, of=of, emoji=emoji)) == "ok"
    await carol.settle()
    told = [(line["user"], line["emoji"], line["of"], line.get("removed", False)) for line in carol.events("reacted")]
    assert told == [("carol", "🎉", of, False), ("bob", "👍", of, False), ("bob", "🎉", of, False)]
    assert list((await page(bob, room))[of]["reactions"].items()) == [("🎉", ["carol", "bob"]), ("👍", ["bob"])]
    assert outcome(await carol.change("react", room, of=of, emoji="🎉", remove=True)) == "ok"
    assert (await bob.until("reacted", removed=True))["user"] == "carol"
    assert outcome(await bob.change("react", room, of=of, emoji="👍", remove=True)) == "ok"
    assert (await page(bob, room))[of]["reactions"] == {"🎉": ["bob"]}


async def test_what_is_so_already_is_ok_and_no_event(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, room)
    assert outcome(await bob.change("react", room, of=of, emoji="👍")) == "ok"
    last = (await page(bob, room))[of]
    for emoji, remove in (("👍", False), ("🎉", True), ("👎", True)):
        again = await bob.change("react", room, of=of, emoji=emoji, remove=remove)
        assert (again["type"], again["seq"], again["time"]) == ("ok", of, last["time"])
    assert (await page(bob, room))[of] == last
    await carol.settle()
    assert len(carol.events("reacted")) == 1


async def test_a_reply_names_what_it_answers_and_the_page_brings_it(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, room, "the question")
    answer = await said(carol, room, "the answer", reply_to=of)
    assert (await bob.until("message", seq=answer))["reply_to"] == of
    assert (await page(bob, room))[answer]["reply_to"] == of
    await bob.change("edit", room, of=of, text="the question, said better")
    alone = await bob.ask(type="history", room=room, limit=1)
    assert [line["seq"] for line in alone["messages"]] == [answer]
    assert [(line["seq"], line["text"]) for line in alone["quoted"]] == [(of, "the question, said better")]
    assert "quoted" not in await bob.ask(type="history", room=room), "on the same page it is no quote"
    await bob.change("delete", room, of=of)
    gone = (await bob.ask(type="history", room=room, limit=1))["quoted"]
    assert [(line["seq"], line["text"], line["deleted"]) for line in gone] == [(of, "", True)]
    assert outcome(await carol.change("post", room, text="answering the answer", reply_to=answer)) == "ok"


async def test_a_reply_to_a_reply_and_to_oneself_in_a_direct_conversation(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(bob, "@carol", "psst")
    assert outcome(await carol.change("post", "@bob", text="what?", reply_to=of)) == "ok"
    assert outcome(await bob.change("post", "@carol", text="nothing", reply_to=of)) == "ok"
    assert outcome(await carol.change("react", "@bob", of=of, emoji="👀")) == "ok"
    assert outcome(await bob.change("edit", "@carol", of=of, text="psst!")) == "ok"
    assert code(await bob.change("post", room, text="x", reply_to=of)) == "no_such_message"
    for emptiness in ("@bob", "@dave-who-is-not"):
        refused = await bob.change("post", emptiness, text="x", reply_to=of)
        assert code(refused) == ("no_such_message" if emptiness == "@bob" else "no_such_user")
    assert code(await bob.change("edit", "@bob", of=of, text="x")) == "no_such_room", "it has not begun"


# --- who may --------------------------------------------------------------------------------------------------


async def test_only_the_author_edits(pair: Pair) -> None:
    bob, carol, room = pair
    of = await said(carol, room)
    refused = await bob.change("edit", room, of=of, text="x")  # bob moderates the room
    assert (code(refused), refused["message"]) == (
        "not_allowed",
        "You can edit what you wrote yourself, nothing else.",
    )
    assert (await page(bob, room))[of]["text"] == "hello"


async def test_who_is_muted_takes_back_and_changes_nothing_else(pair: Pair) -> None:
    bob, carol, room = pair
    of, other = await said(carol, room), await said(bob, room)
    await bob.change("mute", room, user="carol", minutes=5)
    for command in (
        {"type": "edit", "of": of, "text": "x"},
        {"type": "react", "of": of, "emoji": "👍"},
        {"type": "react", "of": of, "emoji": "👍", "remove": True},
        {"type": "post", "text": "x", "reply_to": other},
    ):
        assert code(await carol.change(room=room, **command)) == "not_allowed"
    assert code(await carol.change("delete", room, of=other)) == "not_allowed"
    assert outcome(await carol.change("delete", room, of=of)) == "ok"


async def test_nobody_deletes_for_another_in_a_direct_conversation(pair: Pair) -> None:
    bob, carol, _ = pair
    of = await said(carol, "@bob", "psst")
    refused = await bob.change("delete", "@carol", of=of)
    assert (code(refused), refused["message"]) == (
        "not_allowed",
        "In a direct conversation you can delete what you wrote yourself, nothing else.",
    )
    assert outcome(await carol.change("delete", "@bob", of=of)) == "ok"
