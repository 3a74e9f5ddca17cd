"""Every field of `hello` and `profile` at its limit, over it and far over it, and of every odd kind; numbers too."""

from tests.people.doors import NEW, house, token
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer

LIMITS: list[tuple[Line, str | None]] = [
    ({"user": "x" * 32}, None),
    ({"user": "x" * 33}, "bad_name"),
    ({"user": "x" * 200_000}, "bad_name"),
    ({"user": "a\u0301" * 32}, None),  # á in two characters: one after NFC
    ({"token": "x" * 15}, "bad_request"),
    ({"token": "x" * 16}, None),
    ({"token": "x" * 128}, None),
    ({"token": "x" * 129}, "bad_request"),
    ({"token": "x" * 200_000}, "bad_request"),
    ({"token": "\u0000" * 16}, None),
    ({"token": None}, "bad_request"),
    ({"invite": "x" * 64}, "invite_needed"),
    ({"invite": "x" * 65}, "too_large"),
    ({"invite": "x" * 200_000}, "too_large"),
    ({"invite": "\u0000\u202e'--"}, "invite_needed"),
    ({"invite": 7}, "bad_request"),
    ({"client": "x" * 200_000}, None),
    ({"client": "\u0000\n\u202e"}, None),
    ({"client": ["x"]}, "bad_request"),
    ({"password": 12345678901}, "bad_request"),
    ({"password": "\u0000" * 10}, None),
    ({"protocol": 2}, "unsupported_protocol"),
    ({"protocol": 10**400}, "unsupported_protocol"),
]


async def test_every_field_of_hello_at_its_limit_and_beyond(server: ServerProcess) -> None:
    async with house(server) as people:
        for number, (fields, expected) in enumerate(LIMITS):
            peer, answer = await people.hello(f"person{number}", **fields)
            assert answer.get("code") == expected, (str(fields)[:60], str(answer)[:200])
            if expected:
                assert len(answer["message"]) < 300
                assert (await peer.ask(type="hello", protocol=1, user="alice", token=token("a")))["type"] == "welcome"
        server.stop()
        server.start()
        await people.enter("x" * 32, token=token("person0 "))


PROFILES: list[tuple[Line, str | None]] = [
    ({"display": "x" * 64}, None),
    ({"display": "x" * 65}, "too_large"),
    ({"display": "x" * 200_000}, "too_large"),
    ({"display": "  two\n lines\t"}, None),
    ({"display": "\u202eecila"}, "bad_name"),
    ({"display": "bell\x07"}, "bad_name"),
    ({"display": "tab\\tslash"}, None),
    ({"display": "~0123456789abcdef"}, None),
    ({"display": "👩‍👩‍👧"}, None),
    ({"display": "Bob"}, "name_taken"),
    ({"display": ""}, None),
    ({"display": 7}, "bad_request"),
    ({"display": "x", "id": "x" * 65}, "too_large"),
    ({"display": "x", "id": "~hello"}, "bad_request"),
]


async def test_display_names_of_every_odd_kind(server: ServerProcess) -> None:
    async with house(server) as people:
        alice, bob = await people.enter("alice"), await people.enter("bob")
        told = []
        for number, (fields, expected) in enumerate(PROFILES):
            command = {"type": "profile", "id": f"p{number}"} | fields
            answer = await alice.ask(**command)
            assert answer.get("code") == expected, (str(fields)[:60], str(answer)[:200])
            if not expected:
                told.append(" ".join(str(fields["display"]).split()))
            elif len(command["id"]) <= 64:
                assert answer["id"] == command["id"]
        first = await alice.ask(type="profile", id="p0", display="x" * 64)
        assert first["type"] == "ok" and first["seq"] == bob_seq(await bob_until(bob), "p0")
        assert (await alice.ask(type="profile", id="p0", display="other"))["code"] == "id_reused"
        assert [line["display"] for line in bob.events("profile")] == told
        server.kill()
        server.start()  # a history that could not be read would be refused
        later = await people.enter("bob")
        members = {line["user"]: line for line in (await later.ask(type="members", room="lobby"))["members"]}
        assert "display" not in members["alice"], "the last one was empty: the plain name"


async def bob_until(bob: Peer) -> Peer:
    await bob.settle()
    return bob


def bob_seq(bob: Peer, ident: str) -> int:
    return next(int(line["seq"]) for line in bob.events("profile") if line["id"] == ident)


async def test_guests_of_the_door_cannot_ask(server: ServerProcess) -> None:
    async with house(server) as people:
        peer = await people.knock()
        for command in ("password", "sessions", "sign_out", "prefer", "profile", "invitation", "invitations", "revoke"):
            fields = {"new": NEW, "session": "x", "receipts": True, "id": "1", "display": "x", "code": "x"}
            assert (await peer.ask(type=command, **fields))["code"] == "not_signed_in"


async def test_numbers_beyond_every_index(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice")
        for number in (2**63, -(2**63) - 1, 10**400, -(10**400)):
            for edge in ("before", "after", "around"):
                assert (await alice.ask(type="history", room="lobby", **{edge: number}))["type"] == "page"
            assert (await alice.ask(type="sync", after=number))["type"] == "synced"
            await alice.send(type="read", room="lobby", seq=number)
            await alice.settle()
        server.kill()
        server.start()
        await people.enter("alice")
