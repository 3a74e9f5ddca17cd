"""Keeping order on the wire: who is put out, banned, muted, made a moderator, and how people are called."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.protocol import AnyEvent, Created, Joined, Muted
from shared.record import Header, encode, encode_header, timestamp
from tests.people.cast import Cast, cast, expect_ok, heard_of, outcome
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer


async def garden(people: Cast, *names: str, private: bool = False) -> None:
    """mia's room with these people in it."""
    await expect_ok(people["mia"], "create", "garden", private=private)
    for name in names:
        await expect_ok(people["mia"], "invite", "garden", user=name)


async def members(peer: Peer, room: str = "garden") -> dict[str, Line]:
    return {line["user"]: line for line in (await peer.ask(type="members", room=room))["members"]}


# --- out ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(("deed", "event"), [("kick", "left"), ("ban", "banned")])
async def test_who_is_put_out_is_told_so_and_nothing_more(
    server: ServerProcess, deed: str, event: str, private: bool
) -> None:
    async with cast(server, "mia", "carol") as people:
        mia, carol = people["mia"], people["carol"]
        await garden(people, "carol", private=private)
        second = await Peer.sign_in(server.port, "carol")
        ok = await expect_ok(mia, deed, "garden", user="CAROL")
        after = await expect_ok(mia, "post", "garden", text="without carol")
        for device in (carol, second):
            told = await device.until(event, room="garden", user="carol")
            assert (told["by"], told["seq"]) == ("mia", ok["seq"])
            assert await heard_of(device, "garden", device.seen.index(told) + 1) == []
        assert (await mia.until("message"))["seq"] == after["seq"], "the control: who is in hears it"
        assert outcome(await carol.change("post", "garden", text="x")) == ("no_such_room" if private else "not_member")
        assert "carol" not in await members(mia)
        await second.close()


async def test_a_ban_holds_until_it_is_lifted(server: ServerProcess) -> None:
    async with cast(server, "mia", "carol", "bob") as people:
        mia, carol, bob = people["mia"], people["carol"], people["bob"]
        await garden(people, "carol", "bob")
        await expect_ok(mia, "ban", "garden", user="carol")
        refused = await carol.change("join", "garden")
        assert (refused["code"], refused["message"][:31]) == ("not_allowed", "You are banned from garden. A m")
        refused = await bob.change("invite", "garden", user="carol")
        assert refused["message"] == "carol is banned from garden. Unban first."
        await expect_ok(mia, "unban", "garden", user="carol")
        assert (await bob.until("unbanned"))["user"] == "carol"
        assert "carol" not in await members(mia), "lifting a ban brings nobody back"
        await expect_ok(carol, "join", "garden")


async def test_twice_is_once(server: ServerProcess) -> None:
    """Another moderator's same deed is `ok` with the event that did it."""
    async with cast(server, "mia", "max", "carol") as people:
        mia, late = people["mia"], people["max"]
        await garden(people, "carol", "max")
        promoted = await expect_ok(mia, "role", "garden", user="max", role="moderator")
        again = await expect_ok(people["alice"], "role", "garden", user="max", role="moderator")
        assert (again["seq"], again["time"]) == (promoted["seq"], promoted["time"])
        joined = (await heard_of(people["carol"], "garden", 0))[0]
        plain = await expect_ok(late, "role", "garden", user="carol", role="member")
        assert plain["seq"] == joined["seq"], "a member since joining"
        banned = await expect_ok(mia, "ban", "garden", user="carol")
        assert (await expect_ok(late, "ban", "garden", user="carol"))["seq"] == banned["seq"]


async def test_the_last_moderator_can_go(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob") as people:
        alice, mia, bob = people["alice"], people["mia"], people["bob"]
        await garden(people, "bob")
        assert outcome(await mia.change("kick", "garden", user="mia")) == "not_allowed"
        await expect_ok(alice, "kick", "garden", user="mia")
        assert outcome(await bob.change("role", "garden", user="bob", role="moderator")) == "not_allowed"
        await expect_ok(mia, "join", "garden")
        assert (await members(bob))["mia"].get("role", "member") == "member", "who comes back is a member"
        await expect_ok(alice, "role", "garden", user="bob", role="moderator")
        await expect_ok(bob, "kick", "garden", user="mia")


# --- muted ----------------------------------------------------------------------------------------------------


async def test_who_is_muted_reads_and_does_not_write(server: ServerProcess) -> None:
    async with cast(server, "mia", "carol") as people:
        mia, carol = people["mia"], people["carol"]
        await garden(people, "carol")
        earlier = await expect_ok(carol, "post", "garden", text="said before", id="early")
        await expect_ok(mia, "mute", "garden", user="carol", minutes=30)
        told = await carol.until("muted")
        until = datetime.fromisoformat(told["time"]) + timedelta(minutes=30)
        shown = (await members(carol))["carol"]["muted_until"]
        assert datetime.fromisoformat(shown) == until
        for command, fields in (("post", {"text": "x"}), ("topic", {"topic": "x"})):
            refused = await carol.change(command, "garden", **fields)
            assert refused["code"] == "not_allowed"
            minute = f"{until + timedelta(minutes=1, microseconds=-1):%H:%M}"
            assert minute in refused["message"], "the minute it ends"
        assert (await expect_ok(carol, "post", "garden", text="said before", id="early"))["seq"] == earlier["seq"]
        assert outcome(await carol.change("post", "garden", text="another", id="early")) == "id_reused"
        await expect_ok(carol, "post", "lobby", text="elsewhere")
        await expect_ok(mia, "post", "garden", text="read this")
        assert (await carol.until("message", room="garden", user="mia"))["text"] == "read this"
        await expect_ok(carol, "leave", "garden")
        await expect_ok(carol, "join", "garden")
        assert outcome(await carol.change("post", "garden", text="x")) == "not_allowed", "coming back lifts nothing"
        await expect_ok(mia, "mute", "garden", user="carol", minutes=0)
        assert "muted_until" not in (await members(mia))["carol"]
        await expect_ok(carol, "post", "garden", text="at last")


async def test_minutes_of_a_mute(server: ServerProcess) -> None:
    rows = [(-1, "bad_request"), (0, "ok"), (1, "ok"), (43_200, "ok"), (43_201, "too_large"), (10**18, "too_large")]
    async with cast(server, "bob") as people:
        for minutes, expected in rows:
            answer = await people["alice"].change("mute", "lobby", user="bob", minutes=minutes)
            assert outcome(answer) == expected, minutes
    server.kill()
    server.start()  # reads what it wrote


async def test_a_mute_ends_by_itself(start_server: Callable[..., ServerProcess], tmp_path: Path) -> None:
    """Two mutes of two hours ago: one was for an hour, one is for a day."""
    then = timestamp(time.time_ns() - 2 * 3600 * 10**9)
    history: list[AnyEvent] = [
        Joined(room="lobby", user="mia", id="~hello"),
        Joined(room="lobby", user="carol", id="~hello"),
        Joined(room="lobby", user="dave", id="~hello"),
        Created(room="garden", user="mia", id="1"),
        Joined(room="garden", user="carol", id="1", by="mia"),
        Joined(room="garden", user="dave", id="2", by="mia"),
        Muted(room="garden", user="carol", id="3", by="mia", minutes=60),
        Muted(room="garden", user="dave", id="4", by="mia", minutes=1440),
    ]
    data = tmp_path / "old"
    data.mkdir()
    line, chain = encode_header(Header(then, "0123456789abcdef"))
    lines = [line]
    for seq, event in enumerate(history, 1):
        event.seq, event.time = seq, then
        line, chain = encode(event, chain)
        lines.append(line)
    (data / "chat_history.txt").write_bytes(b"".join(lines))
    async with cast(start_server("--limits", "off", data=data), "mia", "carol", "dave") as people:
        await expect_ok(people["carol"], "post", "garden", text="over")
        assert outcome(await people["dave"].change("post", "garden", text="not over")) == "not_allowed"
        shown = await members(people["mia"])
        assert ("muted_until" in shown["carol"], "muted_until" in shown["dave"]) == (False, True)


# --- names ----------------------------------------------------------------------------------------------------


async def test_a_display_name(server: ServerProcess) -> None:
    async with cast(server, "bob", "carol") as people:
        bob, carol = people["bob"], people["carol"]
        answer = await bob.ask(type="profile", id="p1", display="  Bob   the Builder ")
        told = await carol.until("profile")
        assert told == {key: told[key] for key in ("type", "seq", "prev", "time", "room", "user", "id", "display")}
        assert (told["room"], told["user"], told["display"]) == ("lobby", "bob", "Bob the Builder")
        assert told["seq"] == answer["seq"]
        assert (await members(carol, "lobby"))["bob"]["display"] == "Bob the Builder"
        again = await bob.ask(type="profile", id="p1", display="Bob the Builder")
        assert again["seq"] == answer["seq"]
        for name, code in (
            ("Carol", "name_taken"),
            ("саrol", "name_taken"),
            ("x" * 65, "too_large"),
            ("a\u202eb", "bad_name"),
        ):
            refused = await bob.ask(type="profile", id="p2", display=name)
            assert (refused["code"], refused["id"]) == (code, "p2")
        await bob.ask(type="profile", id="p3", display="BOB")
        await bob.ask(type="profile", id="p4", display="")
        assert "display" not in (await members(carol, "lobby"))["bob"]


async def test_what_members_tells(server: ServerProcess) -> None:
    async with cast(server, "mia", "carol") as people:
        joined = {line["user"]: line["time"] for line in await heard_of(people["alice"], "lobby", 0)}
        joined["alice"] = (await people["alice"].ask(type="history", room="lobby"))["messages"][0]["time"]
        await garden(people, "carol", "alice")
        shown = await members(people["carol"])
        assert {name: line.get("role", "member") for name, line in shown.items()} == {
            "alice": "owner",
            "carol": "member",
            "mia": "moderator",
        }
        assert {name: line["since"] for name, line in shown.items()} == joined
