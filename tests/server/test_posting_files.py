"""Posting files: what one sent or sees, whatever happens meanwhile; and what the store of files is told."""

from pathlib import Path
from typing import Any

import pytest

from tests.files.caller import Caller
from tests.processes import ServerProcess
from tests.server.desks import House, house
from tests.server.peer import code

NO_FILE = "There is no such file for you. Upload it first."


async def outcome(at: House, user: str, *files: str, room: str = "garden", **fields: Any) -> str:
    answer = await at[user].ask("post", **{"room": room, "text": "look", "files": files} | fields)
    return "ok" if answer["type"] == "ok" else code(answer)


async def test_what_one_sent_is_told_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        cat = at.files.send("bob", "a", name="cat.png", mime="image/png", size=48213, width=640, height=480)
        notes = at.files.send("bob", "b")
        await at["bob"].ok("post", room="garden", text="look", files=[cat, notes])
        [told] = at["mia"].events("message")
        assert told["files"] == [
            {"file": cat, "name": "cat.png", "mime": "image/png", "size": 48213, "width": 640, "height": 480},
            {"file": notes, "name": "b.txt", "mime": "text/plain", "size": 5},
        ]


async def test_words_may_be_left_out_beside_files_alone(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        cat = at.files.send("bob", "a")
        assert await outcome(at, "bob", cat, text="") == "ok"
        assert await outcome(at, "bob", cat, text=" \n ") == "ok"
        assert [line["text"] for line in at["mia"].events("message")] == ["", ""]
        assert await outcome(at, "bob", text="") == "bad_request"
        [first, _] = at["mia"].events("message")
        assert (await at["bob"].ask("edit", room="garden", of=first["seq"], text=""))["type"] == "ok"
        plain = await at["bob"].ok("post", room="garden", text="plain")
        assert code(await at["bob"].ask("edit", room="garden", of=plain, text="")) == "bad_request"


@pytest.mark.parametrize(("count", "expected"), [(1, "ok"), (10, "ok"), (11, "too_large"), (1_000, "too_large")])
async def test_ten_files_at_most(tmp_path: Path, count: int, expected: str) -> None:
    async with house(tmp_path, "bob") as at:
        files = [at.files.send("bob", letter) for letter in "0123456789abcdef"]
        assert await outcome(at, "bob", *(files * 100)[:count]) == expected


async def test_the_sentence_says_how_many(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        files = [at.files.send("bob", letter) for letter in "0123456789a"]
        answer = await at["bob"].ask("post", room="garden", text="x", files=files)
        assert answer["message"] == "A message has 11 files, the limit is 10."


@pytest.mark.parametrize("odd", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "~a1", "../" + "a" * 61, "a" * 63 + "\n"])
async def test_a_hash_that_is_none(tmp_path: Path, odd: str) -> None:
    async with house(tmp_path, "bob") as at:
        at.files.send("bob", "a")
        assert await outcome(at, "bob", odd) == "bad_request"
        assert await outcome(at, "bob", "a" * 64, "a" * 64) == "bad_request", "twice the same"


async def test_what_somebody_else_sent_is_not_there_until_one_sees_it(tmp_path: Path) -> None:
    async with house(tmp_path, "bob", "carol") as at:
        cat = at.files.send("bob", "a", name="cat.png")
        refused = await at["carol"].ask("post", room="garden", text="look", files=[cat])
        assert (code(refused), refused["message"]) == ("no_such_file", NO_FILE)
        assert refused == refused | {
            "message": (await at["carol"].ask("post", room="garden", text="x", files=["b" * 64]))["message"]
        }
        await at["mia"].ok("create", room="secret", private=True)
        await at["mia"].ok("invite", room="secret", user="bob")
        assert await outcome(at, "bob", cat, room="secret") == "ok"
        assert await outcome(at, "carol", cat) == "no_such_file", "it stands where carol is not"
        assert await outcome(at, "mia", cat) == "ok", "mia sees it there, and shows it in the garden"
        assert await outcome(at, "carol", cat) == "ok", "where carol is"
        assert at["carol"].events("message")[-1]["files"][0]["name"] == "cat.png"


async def test_what_was_deleted_cannot_be_shown_again_by_who_only_saw_it(tmp_path: Path) -> None:
    async with house(tmp_path, "bob", "carol") as at:
        cat = at.files.send("bob", "a")
        shown = await at["bob"].ok("post", room="garden", text="look", files=[cat])
        deletion = await at["bob"].ok("delete", room="garden", of=shown)
        assert at.files.told == [(deletion, shown)]
        await at["bob"].ok("delete", room="garden", of=shown)
        assert at.files.told == [(deletion, shown)], "told once"
        assert await outcome(at, "carol", cat) == "no_such_file"
        plain = await at["bob"].ok("post", room="garden", text="plain")
        await at["bob"].ok("delete", room="garden", of=plain)
        assert len(at.files.told) == 1, "nothing to tell of a message without files"


async def test_a_post_that_is_sent_again_is_the_first_one_whatever_became_of_its_files(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        cat = at.files.send("bob", "a", name="cat.png")
        first = await at["bob"].ok("post", room="garden", text="look", files=[cat], id="once")
        at.files.send("bob", "a", name="other name.png")
        assert await at["bob"].ok("post", room="garden", text="look", files=[cat], id="once") == first
        at.files.sent.clear()
        assert await at["bob"].ok("post", room="garden", text="look", files=[cat], id="once") == first
        await at["mia"].ok("delete", room="garden", of=first)
        assert await at["bob"].ok("post", room="garden", text="look", files=[cat], id="once") == first
        await at["mia"].ok("kick", room="garden", user="bob")
        assert await at["bob"].ok("post", room="garden", text="look", files=[cat], id="once") == first
        await at["bob"].ok("join", room="garden")
        other = at.files.send("bob", "b")
        assert await outcome(at, "bob", other, id="once") == "id_reused"
        assert await outcome(at, "bob", id="once") == "id_reused"
        assert len(at.stored("message")) == 1


async def test_files_for_a_room_that_one_is_not_in(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        cat = at.files.send("bob", "a")
        await at["mia"].ok("create", room="secret", private=True)
        await at["mia"].ok("create", room="open")
        for file in (cat, "f" * 64):
            for room, expected in (("secret", "no_such_room"), ("absent", "no_such_room"), ("open", "not_member")):
                assert await outcome(at, "bob", file, room=room) == expected


async def test_the_first_word_of_a_direct_conversation_may_be_a_file(tmp_path: Path) -> None:
    async with house(tmp_path, "bob", "carol") as at:
        cat = at.files.send("bob", "a")
        assert await outcome(at, "bob", cat, room="@carol", text="") == "ok"
        assert at["carol"].events("message")[-1]["room"] == "@bob,carol"
        assert not at["mia"].events("message")
        assert await outcome(at, "mia", cat) == "no_such_file"


async def test_over_the_wire_once_whatever_dies_when(server: ServerProcess) -> None:
    """A post with files and a picture, sent again after a kill and after all of it was deleted."""
    bob = await Caller.sign_in(server.port, "bob")
    notes = await bob.upload(b"three roses", "notes.txt")
    post = {"type": "post", "id": "once", "room": "lobby", "text": "", "files": [notes]}
    first = await bob.peer.ask(**post)
    assert first["type"] == "ok", first
    await bob.upload(b"three roses", "another name.txt")
    assert (await bob.peer.ask(**post))["seq"] == first["seq"]
    await bob.close()
    server.kill()
    server.start()
    bob = await Caller.sign_in(server.port, "bob")
    again = await bob.peer.ask(**post)
    assert (again["type"], again["seq"], again["time"]) == ("ok", first["seq"], first["time"])
    entry = (await bob.peer.ask(type="history", room="lobby"))["messages"][-1]
    assert entry["files"] == [{"file": notes, "name": "notes.txt", "mime": "text/plain", "size": 11}]
    assert (await bob.peer.change("delete", "lobby", of=first["seq"]))["type"] == "ok"
    assert code(await bob.peer.change("post", "lobby", text="", files=[notes])) == "no_such_file"
    assert (await bob.peer.ask(**post))["seq"] == first["seq"]
    entry = (await bob.peer.ask(type="history", room="lobby"))["messages"][-1]
    assert (entry["seq"], entry["text"], "files" in entry, entry["deleted"]) == (first["seq"], "", False, True)
    assert (await bob.fetch(notes)).status == 404
    await bob.close()
