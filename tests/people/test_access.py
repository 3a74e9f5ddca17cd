"""Who gets in: open, invited and closed servers, and invitations with a room, a number of uses and an end."""

import argparse
import asyncio
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from chatserver import settings
from chatserver.accounts.store import FILE, Store
from tests.people.doors import house
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer

Start = Callable[..., ServerProcess]
CODE = re.compile(r"[2-9A-Y]{4}-[2-9A-Y]{4}")


async def invite(peer: Peer, **fields: Any) -> Line:
    """A new invitation of this person's."""
    answer = await peer.ask(type="invitation", **fields)
    assert answer["type"] == "invitation", answer
    found: Line = answer["invitation"]
    return found


async def invite_code(peer: Peer, **fields: Any) -> str:
    return str((await invite(peer, **fields))["code"])


def rooms(peer: Peer) -> list[str]:
    return [line["room"] for line in peer.welcome["rooms"]]


def over(server: ServerProcess, code: str) -> None:
    """Make the end of an invitation lie in the past."""
    store = Store(server.data / FILE)
    with store._transaction() as db:
        db.execute("UPDATE invitations SET expires = '2020-11-27T09:40:00.000000Z' WHERE code = ?", (code,))
    store.close()


# --- what a server asks for -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("access", "without", "wrong"),
    [
        ("open", None, "invite_needed"),
        ("invite", "invite_needed", "invite_needed"),
        ("closed", "not_allowed", "not_allowed"),
    ],
)
async def test_a_new_name(start_server: Start, access: str, without: str | None, wrong: str) -> None:
    async with house(start_server("--limits", "off", "--access", access)) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        assert alice.welcome["owner"]
        _, answer = await people.hello("bob")
        assert answer.get("code") == without
        assert await people.refused("carol", invite="7Q2M-K4XD") == wrong
        assert await people.refused("carol", invite=people.owner_code) == wrong, "it is used up"
        code = await invite_code(alice, uses=1)
        await people.enter("carol", invite=code)
        _, late = await people.hello("dave", invite=code)
        assert (late["code"], late["message"]) == (
            "invite_needed",
            "This invitation has been used up. Ask for a new one.",
        )
        await people.enter("carol", invite=code)  # as her client shows it whenever it comes back
        await people.enter("alice", invite="owner-code-of-then")


async def test_who_may_invite(start_server: Start) -> None:
    server = start_server("--limits", "off", "--access", "closed")
    async with house(server) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        bob = await people.enter("bob", invite=await invite_code(alice))
        assert (await bob.ask(type="invitation"))["code"] == "not_allowed"
    server.stop()
    server._flags = ("--limits", "off", "--access", "invite")
    server.start()
    async with house(server) as people:
        alice, bob = await people.enter("alice"), await people.enter("bob")
        await alice.change("create", "garden")
        await alice.change("create", "attic", private=True)
        assert (await bob.ask(type="invitation", room="garden"))["code"] == "not_member"
        hidden, nowhere = [await bob.ask(type="invitation", room=room) for room in ("attic", "attic2")]
        assert hidden["code"] == nowhere["code"] == "no_such_room"
        assert hidden["message"] == nowhere["message"].replace("attic2", "attic")
        assert (await bob.ask(type="invitation", room="@alice"))["code"] == "not_allowed"
        await bob.change("join", "garden")
        code = await invite_code(bob, room="GARDEN")
        assert (await alice.ask(type="invitations"))["invitations"][0]["code"] == code
        carol = await people.enter("carol", invite=code)
        assert rooms(carol) == ["lobby", "garden"]
        assert (await people.enter("dave", invite=await invite_code(carol, room="garden"))).welcome


@pytest.mark.parametrize(
    ("public", "host"),
    [
        (None, "127.0.0.1:{port}"),
        ("chat.example", "chat.example:{port}"),
        ("chat.example:7000", "chat.example:7000"),
        ("[::1]", "[::1]:{port}"),
    ],
)
async def test_the_link(start_server: Start, public: str | None, host: str) -> None:
    server = start_server("--limits", "off", *(("--public", public) if public else ()))
    async with house(server) as people:
        alice = await people.enter("alice")
        await alice.change("create", "Gärten")
        made = await invite(alice, room="gärten")
        assert CODE.fullmatch(made["code"])
        parts = urlsplit(made["link"])
        assert (parts.scheme, parts.netloc) == ("chat", host.format(port=server.port))
        assert unquote(parts.path) == "/Gärten" and parse_qs(parts.query) == {"invite": [made["code"]]}
        assert urlsplit((await invite(alice))["link"]).path == "/"


@pytest.mark.parametrize(
    "wrong", ["http://chat.example", "chat.example:0", "chat.example:99999", "a b", "", "x?y", "::1"]
)
def test_a_public_address_that_is_none(wrong: str) -> None:
    environment = {"PARLEY_PUBLIC": "[::1]:7000"}
    assert settings.load(argparse.Namespace(config=None), environment).reached_at(1) == "[::1]:7000", "the control"
    with pytest.raises(settings.SettingsError, match="public is HOST:PORT"):
        settings.load(argparse.Namespace(config=None, public=wrong), environment)


# --- rooms ----------------------------------------------------------------------------------------------------


async def test_an_invitation_leads_into_its_room(server: ServerProcess) -> None:
    async with house(server) as people:
        alice, bob = await people.enter("alice"), await people.enter("bob")
        await alice.change("create", "attic", private=True)
        code = await invite_code(alice, room="attic")
        typed = code.lower().replace("-", " ")
        carol = await people.enter("carol", invite=typed)
        assert rooms(carol) == ["lobby", "attic"]
        joined = await alice.until("joined", room="attic", user="carol")
        assert joined["by"] == "alice"
        again = await people.enter("bob", invite=code)
        assert rooms(again) == ["lobby", "attic"], "also who had an account already"
        assert (await bob.until("joined", room="attic"))["user"] == "bob"
        (told,) = (await alice.ask(type="invitations"))["invitations"]
        assert told["used_by"] == ["carol", "bob"] and told["uses"] == 5 and told["room"] == "attic"
        await again.change("leave", "attic")
        back = await people.enter("bob", invite=code)
        assert rooms(back) == ["lobby"], "who left stays out, however often the client shows the code"
        members = await people.enter("alice", invite=code)
        assert rooms(members) == ["lobby", "attic"]
        (told,) = (await alice.ask(type="invitations"))["invitations"]
        assert told["used_by"] == ["carol", "bob"], "who is in there needs none of its uses"


async def test_over(server: ServerProcess) -> None:
    async with house(server) as people:
        alice, bob = await people.enter("alice"), await people.enter("bob")
        await alice.change("create", "garden")
        code = await invite_code(alice, room="garden")
        await people.enter("carol", invite=code)
        over(server, code)
        for name in ("dave", "bob"):
            _, answer = await people.hello(name, invite=code)
            told = "This invitation ran out on 27 November 2020. Ask for a new one."
            assert (answer["code"], answer["message"]) == ("invite_needed", told)
        assert rooms(await people.enter("carol", invite=code)) == ["lobby", "garden"]
        assert (await alice.ask(type="invitations"))["invitations"] == []
        await bob.settle()


async def test_the_last_use_is_one_person_s(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice")
        await alice.change("create", "garden")
        for known in (False, True):
            names = [f"guest{known}{number}" for number in range(8)]
            if known:
                await asyncio.gather(*(people.enter(name) for name in names))
            code = await invite_code(alice, room="garden", uses=1)
            answers = await asyncio.gather(*(people.hello(name, invite=code) for name in names))
            kinds = [answer.get("code", "in") for _, answer in answers]
            assert sorted(kinds) == ["in"] + ["invite_needed"] * 7
        members = (await alice.ask(type="members", room="garden"))["members"]
        assert len(members) == 3


async def test_who_is_banned_and_whose_maker_is_out(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        bob, carol = await people.enter("bob"), await people.enter("carol")
        for room, private, expected in (("garden", False, "not_allowed"), ("attic", True, "no_such_room")):
            await bob.change("create", room, private=private)
            code = await invite_code(bob, room=room)
            assert (await bob.change("ban", room, user="carol"))["type"] == "ok"
            assert await people.refused("carol", invite=code) == expected
            assert (await bob.change("unban", room, user="carol"))["type"] == "ok"
            assert room in rooms(await people.enter("carol", invite=code))
            assert (await bob.change("kick", room, user="carol"))["type"] == "ok"
            assert room not in rooms(await people.enter("carol", invite=code)), "taken out is out"
            await bob.change("leave", room)
            _, answer = await people.hello("alice", invite=code)
            assert answer["type"] == ("error" if private else "welcome"), "who is out brings nobody into a private room"
        await carol.settle()
        await alice.settle()


async def test_whose_maker_went_stays_in(start_server: Start) -> None:
    async with house(start_server("--limits", "off", "--access", "invite")) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        bob = await people.enter("bob", invite=await invite_code(alice))
        await bob.change("create", "attic", private=True)
        code = await invite_code(bob, room="attic")
        await people.enter("carol", invite=code)
        await bob.change("leave", "attic")
        assert rooms(await people.enter("carol", invite=code)) == ["lobby", "attic"]
        assert await people.refused("dave", invite=code) == "invite_needed"
        (told,) = [line for line in (await bob.ask(type="invitations"))["invitations"] if line["code"] == code]
        assert told["used_by"] == ["carol"]
        members = (await alice.ask(type="members", room="lobby"))["members"]
        assert [line["user"] for line in members] == ["alice", "bob", "carol"], "who was refused has no name here"


async def test_owning_the_server_later(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice")
        assert "owner" not in alice.welcome
        assert (await people.enter("alice", invite=people.owner_code)).welcome["owner"]
        code = people.owner_code
        assert "owner" not in (await people.enter("bob")).welcome
        assert "owner" not in (await people.enter("bob", invite=code)).welcome, "it is used up"
        assert await people.refused("carol", invite=code) == "invite_needed"
        server.kill()
        server.start()
        assert (await people.enter("alice")).welcome["owner"]
        assert not (server.data / "owner-invitation.txt").exists()


# --- taking back, and limits ------------------------------------------------------------------------------------


async def test_taking_back(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        bob, carol = await people.enter("bob"), await people.enter("carol")
        first, second = await invite_code(bob), await invite_code(bob)
        listed = [line["code"] for line in (await bob.ask(type="invitations"))["invitations"]]
        assert listed == [second, first]
        assert (await carol.ask(type="invitations"))["invitations"] == []
        mine, unknown = await carol.ask(type="revoke", code=first), await carol.ask(type="revoke", code="7Q2M-K4XD")
        assert (mine["code"], mine["message"]) == (unknown["code"], unknown["message"])
        assert (await bob.ask(type="revoke", code=first.lower())).keys() == {"type", "ref"}
        assert (await alice.ask(type="revoke", code=second))["type"] == "ok", "owners take back all"
        for code in (first, second):
            assert await people.refused("dave", invite=code) == "invite_needed"
        server.kill()
        server.start()
        assert await people.refused("dave", invite=first) == "invite_needed"


async def test_invitations_outlive_a_kill(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice")
        await alice.change("create", "garden")
        made = await invite(alice, room="garden", uses=2, days=0)
        assert "expires" not in made
        await people.enter("bob", invite=made["code"])
        server.kill()
        server.start()
        alice = await people.enter("alice")
        assert (await alice.ask(type="invitations"))["invitations"] == [made | {"used_by": ["bob"]}]
        assert rooms(await people.enter("carol", invite=made["code"])) == ["lobby", "garden"]
        assert await people.refused("dave", invite=made["code"]) == "invite_needed"


FIELDS: list[tuple[Line, str | None]] = [
    ({"uses": 0, "days": 0}, None),
    ({"uses": 10_000, "days": 3_650}, None),
    ({"uses": 10_001}, "too_large"),
    ({"days": 3_651}, "too_large"),
    ({"uses": 10**400}, "too_large"),
    ({"days": 10**400}, "too_large"),
    ({"uses": -1}, "bad_request"),
    ({"days": -(10**30)}, "bad_request"),
    ({"uses": 1.5}, "bad_request"),
    ({"uses": "5"}, "bad_request"),
    ({"days": None}, "bad_request"),
    ({"room": ""}, "no_such_room"),
    ({"room": "x" * 200_000}, "no_such_room"),
    ({"room": "\u0000\u202e"}, "no_such_room"),
    ({"room": "@"}, "not_allowed"),
    ({"room": "lobby"}, None),
    ({"room": None}, None),
]


async def test_every_field_of_an_invitation_at_its_limit_and_beyond(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice")
        for fields, expected in FIELDS:
            answer = await alice.ask(type="invitation", **fields)
            assert answer.get("code") == expected, (str(fields)[:60], str(answer)[:200])
            assert len(str(answer)) < 500
        codes = ["", " ", "x" * 64, "\u0000", "7Q2M-K4XD", "٧Q2M-K4XD", "7q2m–k4xd", "'; DROP TABLE people; --"]
        for code in codes:
            assert (await alice.ask(type="revoke", code=code))["code"] == "not_allowed"
        for length in (65, 200_000):
            assert (await alice.ask(type="revoke", code="x" * length))["code"] == "too_large"
        while (answer := await alice.ask(type="invitation"))["type"] == "invitation":
            pass
        assert answer["code"] == "too_large" and "100" in answer["message"]
        server.kill()
        server.start()
        assert len((await (await people.enter("alice")).ask(type="invitations"))["invitations"]) == 100
