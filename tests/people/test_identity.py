"""Whose name it is: the tokens of devices, signing them out, and what a kill and an older Parley leave of it."""

import asyncio
import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from chatserver.accounts.store import FILE, Store
from tests.people.doors import NEW, PASSWORD, house, token
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer

Start = Callable[..., ServerProcess]


async def sessions(peer: Peer) -> list[Line]:
    found: list[Line] = (await peer.ask(type="sessions"))["sessions"]
    return found


async def test_the_list_of_devices(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk", password=PASSWORD, client="  desk\n" + "x" * 100)
        phone = await people.enter("alice", "phone", password=PASSWORD, client="phone\u202e\x07")
        await people.enter("bob")
        mine = {line["session"]: line for line in await sessions(desk)}
        assert mine.keys() == {desk.welcome["session"], phone.welcome["session"]}
        first, second = mine[desk.welcome["session"]], mine[phone.welcome["session"]]
        assert first["client"] == "desk " + "x" * 59 and second["client"] == "phone"
        assert first["current"] and "current" not in second
        assert first["here"] and second["here"] and first["address"] == "127.0.0.1"
        assert first["created"] < second["created"] <= first["seen"]
        await phone.close()
        while any(line.get("here") for line in await sessions(desk) if line["session"] == phone.welcome["session"]):
            pass
        (gone,) = [line for line in await sessions(desk) if "here" not in line]
        assert second["created"] < gone["seen"] < (await sessions(desk))[0]["seen"]


async def test_signing_another_device_out(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk", password=PASSWORD)
        phone = await people.enter("alice", "phone", password=PASSWORD)
        beside = await people.enter("alice", "phone")
        session = phone.welcome["session"]
        assert (await desk.ask(type="sign_out", session=session)).keys() == {"type", "ref"}
        for peer in (phone, beside):
            farewell = await peer.until("goodbye")
            assert farewell["code"] == "bad_credentials" and farewell["message"]
            assert await peer.closed() == b""
        assert await people.refused("alice", "phone") == "bad_credentials"
        assert [line["session"] for line in await sessions(desk)] == [desk.welcome["session"]]
        assert (await desk.ask(type="sign_out", session=session))["code"] == "bad_request", "it is no more"
        again = await people.enter("alice", "phone", password=PASSWORD)
        assert again.welcome["session"] != session


async def test_signing_oneself_out_ends_what_was_sent_behind_it(server: ServerProcess) -> None:
    async with house(server) as people:
        desk, bob = await people.enter("alice", "desk"), await people.enter("bob")
        lines = [
            {"type": "post", "id": "1", "room": "lobby", "text": "before"},
            {"type": "sign_out", "session": desk.welcome["session"], "ref": "out"},
            {"type": "post", "id": "2", "room": "lobby", "text": "after"},
        ]
        await desk.raw("".join(json.dumps(line) + "\n" for line in lines).encode())
        assert (await desk.until(ref="out"))["type"] == "ok"
        assert (await desk.until("goodbye"))["code"] == "bad_credentials"
        assert await desk.closed() == b""
        assert await people.refused("alice", "desk") == "name_taken", "no password was set"
        assert (await bob.change("post", "lobby", text="last"))["type"] == "ok"
        await bob.settle()
        assert bob.texts() == ["before", "last"]


@pytest.mark.parametrize("session", ["", "x", "x" * 100_000, "'; DROP TABLE devices; --", "\u0000", "٣"])
async def test_signing_out_what_is_not_mine(server: ServerProcess, session: str) -> None:
    async with house(server) as people:
        alice, bob = await people.enter("alice"), await people.enter("bob")
        for wrong in (session, alice.welcome["session"]):
            assert (await bob.ask(type="sign_out", session=wrong))["code"] == "bad_request"
        await alice.settle()
        assert await sessions(alice) and await sessions(bob)


async def test_one_token_over_many_connections_at_once(server: ServerProcess) -> None:
    async with house(server) as people:
        peers = await asyncio.gather(*(people.enter("alice", "desk", password=PASSWORD) for _ in range(8)))
        assert len({peer.welcome["session"] for peer in peers}) == 1
        peers = await asyncio.gather(*(people.enter("alice", "phone", password=PASSWORD) for _ in range(8)))
        assert len({peer.welcome["session"] for peer in peers}) == 1
        assert len(await sessions(peers[0])) == 2


async def test_one_name_for_many_at_once(server: ServerProcess) -> None:
    async with house(server) as people:
        hellos = [people.hello(name, f"{number}") for number, name in enumerate(["erin", "Erin", "еrin", "ERIN"] * 3)]
        answers = [answer for _, answer in await asyncio.gather(*hellos)]
        assert [answer["type"] for answer in answers].count("welcome") == 1
        assert {answer.get("code") for answer in answers} == {None, "name_taken"}


async def test_all_of_it_outlives_a_kill(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk", password=PASSWORD)
        phone = await people.enter("alice", "phone", password=PASSWORD)
        tablet = await people.enter("alice", "tablet", password=PASSWORD)
        assert (await desk.ask(type="password", new=NEW, old=PASSWORD))["type"] == "ok"
        assert (await desk.ask(type="sign_out", session=tablet.welcome["session"]))["type"] == "ok"
        assert (await desk.ask(type="prefer", receipts=False))["type"] == "ok"
        assert (await desk.ask(type="profile", id="p1", display="Alice A."))["type"] == "ok"
        server.kill()
        server.start()
        assert await people.refused("alice", "tablet", password=PASSWORD) == "bad_credentials"
        later = await people.enter("alice", "phone")
        assert later.welcome["session"] == phone.welcome["session"]
        assert "receipts" in later.welcome and later.welcome["receipts"] is False
        members = (await later.ask(type="members", room="lobby"))["members"]
        assert [line["display"] for line in members] == ["Alice A."]
        await people.enter("alice", "laptop", password=NEW)


# --- an older Parley's accounts -------------------------------------------------------------------------------

OLD = """
CREATE TABLE IF NOT EXISTS people (name TEXT PRIMARY KEY, name_key TEXT UNIQUE NOT NULL, owner INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (name TEXT REFERENCES people, hash BLOB, PRIMARY KEY (name, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitations (code TEXT PRIMARY KEY, owner INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reads (name TEXT, room TEXT, seq INTEGER NOT NULL, PRIMARY KEY (name, room)) WITHOUT ROWID;
"""
"""The tables of 0.1.0, word for word."""


def old_accounts(folder: Path) -> None:
    folder.mkdir()
    db = sqlite3.connect(folder / FILE)
    db.execute("PRAGMA journal_mode=WAL")
    db.executescript(OLD)
    people = [("alice", "alice", 1), ("bob", "bob", 0)]
    db.executemany("INSERT INTO people VALUES (?, ?, ?)", people)
    hashes = [(name, hashlib.sha256(token(f"{name} desk").encode()).digest()) for name, _, _ in people]
    db.executemany("INSERT INTO tokens VALUES (?, ?)", hashes)
    db.execute("INSERT INTO invitations VALUES ('Kept-Owner_1', 1)")
    db.execute("INSERT INTO reads VALUES ('bob', 'lobby', 9)")
    db.commit()
    db.close()


async def test_the_accounts_of_an_older_parley(start_server: Start, tmp_path: Path) -> None:
    old_accounts(tmp_path / "old")
    server = start_server("--limits", "off", data=tmp_path / "old")
    async with house(server) as people:
        alice = await people.enter("alice", "desk")
        assert alice.welcome["owner"] and alice.welcome["session"]
        bob = await people.enter("bob", "desk")
        assert [room["read"] for room in bob.welcome["rooms"]] == [9]
        assert await people.refused("bob", "phone") == "name_taken"
        assert (await bob.ask(type="password", new=PASSWORD))["type"] == "ok"
        await people.enter("bob", "phone", password=PASSWORD)
        assert (await people.enter("carol", invite="Kept-Owner_1")).welcome["owner"]
    server.stop()
    server.start()
    async with house(server) as people:
        await people.enter("alice", "desk")


def test_a_file_of_a_newer_parley_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FILE
    Store(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(Exception, match="a newer Parley"):
        Store(path)
    path.write_bytes(b"not a database, but long enough to be looked at " * 100)
    with pytest.raises(Exception, match="cannot be opened"):
        Store(path)


@pytest.mark.slow
async def test_who_does_not_read_is_hung_up_on_too(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk", password=PASSWORD)
        phone = await people.enter("alice", "phone", password=PASSWORD)
        phone.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport can
        for number in range(400):
            await desk.change("post", "lobby", text=f"{number} " + "x" * 15_000)
        await desk.ask(type="sign_out", session=phone.welcome["session"])
        assert [line["session"] for line in await sessions(desk)] == [desk.welcome["session"]]
        await asyncio.sleep(4)  # longer than the server waits for it
        phone.writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above
        received = b""
        with contextlib.suppress(ConnectionError):
            while data := await asyncio.wait_for(phone.reader.read(1 << 20), 10):
                received += data
        assert b'"399 ' not in received, "what it had not taken by then it does not get"
        await desk.settle()
