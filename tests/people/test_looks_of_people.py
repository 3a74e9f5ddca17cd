"""Display name and picture: what is left out stays, what is sent again is the first time, and who may show what."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.desks import House, house
from tests.server.peer import Line, code

MIB = 1 << 20


def picture(at: House, user: str, letter: str, size: int = 1000, width: int = 64) -> str:
    """A picture that this person sent."""
    return at.files.send(user, letter, name="me.png", mime="image/png", size=size, width=width, height=width)


async def shown(at: House, user: str, room: str = "garden") -> Line:
    listed = await at["mia"].ask("members", room=room)
    found: Line = next(line for line in listed["members"] if line["user"] == user)
    return found


async def test_what_is_left_out_stays_and_what_is_empty_goes(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        face, other = picture(at, "bob", "a"), picture(at, "bob", "b")
        steps: list[tuple[dict[str, str], str, str]] = [
            ({"display": "Bob B."}, "Bob B.", ""),
            ({"picture": face}, "Bob B.", face),
            ({"display": "  Bob   the Builder "}, "Bob the Builder", face),
            ({"picture": other}, "Bob the Builder", other),
            ({"display": ""}, "", other),
            ({"display": "B", "picture": ""}, "B", ""),
            ({"display": "", "picture": face}, "", face),
        ]
        for fields, display, image in steps:
            await at["bob"].ok("profile", **fields)
            event = at["mia"].events("profile")[-1]
            assert (event["room"], event["display"], event.get("picture", "")) == ("lobby", display, image)
            member = await shown(at, "bob")
            assert (member.get("display", ""), member.get("picture", "")) == (display, image)
            person = at.hub.presence.person("bob")
            assert (person.display, person.picture) == (display, image)


async def test_nothing_to_change_is_said(tmp_path: Path) -> None:
    async with house(tmp_path) as at:
        assert code(await at["mia"].ask("profile")) == "bad_request"


@pytest.mark.parametrize(
    ("size", "expected"), [(1, "ok"), (5 * MIB, "ok"), (5 * MIB + 1, "too_large"), (10**10, "too_large")]
)
async def test_five_mebibytes_at_most(tmp_path: Path, size: int, expected: str) -> None:
    async with house(tmp_path) as at:
        answer = await at["mia"].ask("profile", picture=picture(at, "mia", "a", size))
        assert (answer["type"] if expected == "ok" else code(answer)) == expected
        if expected != "ok":
            assert "MiB" in answer["message"]


async def test_only_a_picture_that_one_sent(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        face, notes = picture(at, "bob", "a"), at.files.send("mia", "b")
        await at["bob"].ok("post", room="garden", text="me", files=[face])
        for file, expected in (
            (face, "no_such_file"),
            ("c" * 64, "no_such_file"),
            (notes, "bad_request"),
            ("x", "bad_request"),
        ):
            assert code(await at["mia"].ask("profile", picture=file)) == expected
        assert at.hub.rooms.pictures == {}


async def test_one_that_is_sent_again_is_the_first_one_whatever_came_between(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        face, other = picture(at, "bob", "a"), picture(at, "bob", "b")
        named = await at["bob"].ok("profile", id="named", display="Bob B.")
        faced = await at["bob"].ok("profile", id="faced", picture=face)
        await at["bob"].ok("profile", display="", picture=other)
        at.files.sent.clear()
        assert await at["bob"].ok("profile", id="named", display="Bob B.") == named
        assert await at["bob"].ok("profile", id="faced", picture=face) == faced
        other_contents: list[dict[str, Any]] = [
            {"id": "named", "display": "Bobby"},
            {"id": "named", "picture": face},
            {"id": "faced", "picture": other},
            {"id": "faced", "picture": ""},
            {"id": "faced", "picture": face, "display": "x"},
        ]
        for fields in other_contents:
            assert code(await at["bob"].ask("profile", **fields)) == "id_reused", fields
        posted = await at["bob"].ok("post", room="garden", text="x", id="posted")
        assert posted and code(await at["bob"].ask("profile", id="posted", display="x")) == "id_reused"
        assert len(at.stored("profile")) == 3


async def test_two_changes_at_once_both_count(tmp_path: Path) -> None:
    """Each leaves out what the other sets."""
    async with house(tmp_path, "bob") as at:
        face = picture(at, "bob", "a")
        works = [at["bob"].begin("profile", display="Bob B."), at["bob"].begin("profile", picture=face)]
        assert [(await work)["type"] for work in works] == ["ok", "ok"]
        assert (at.hub.rooms.display, at.hub.rooms.pictures) == ({"bob": "Bob B."}, {"bob": face})


async def test_the_name_of_another_is_refused_and_a_late_claim_changes_no_ok(tmp_path: Path) -> None:
    async with house(tmp_path, "bob") as at:
        first = await at["bob"].ok("profile", id="once", display="Zed")
        assert code(await at["bob"].ask("profile", display="MIA")) == "name_taken"
        await at["bob"].ok("profile", picture=picture(at, "bob", "a"))
        await at.hub.accounts.claim("zed", "token of zed 0123", now="2026-11-20T05:44:27.123451Z")
        assert code(await at["bob"].ask("profile", display="Zed")) == "name_taken"
        assert await at["bob"].ok("profile", id="once", display="Zed") == first
