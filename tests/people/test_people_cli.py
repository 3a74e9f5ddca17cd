"""`python -m chatserver user …` and `… invite`, beside a running server and without one."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from chatserver.accounts import Accounts
from chatserver.accounts.store import FILE, Store
from shared.errors import Refused
from tests.people.doors import NEW, PASSWORD, house
from tests.processes import ROOT, ServerProcess

pytestmark = pytest.mark.process

Start = Callable[..., ServerProcess]
NOW = "2026-11-20T09:40:00.000000Z"


def run(folder: Path, *words: str, said: bytes = b"") -> subprocess.CompletedProcess[str]:
    """One command of the operator's on this folder."""
    command = [sys.executable, "-m", "chatserver", *words, "--data", str(folder)]
    done = subprocess.run(command, cwd=ROOT, input=said, capture_output=True, check=False, timeout=30)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


async def operate(server: ServerProcess, *words: str, said: bytes = b"") -> str:
    """As `run`, beside the server; what it printed."""
    done = await asyncio.to_thread(run, server.data, *words, said=said)
    assert done.returncode == 0, done.stderr
    return done.stdout


def code_of(link: str) -> str:
    return parse_qs(urlsplit(link.strip()).query)["invite"][0]


async def test_adding_somebody_to_a_closed_server(start_server: Start) -> None:
    server = start_server("--limits", "off", "--access", "closed")
    async with house(server) as people:
        await people.enter("alice", invite=people.owner_code)
        link = await operate(server, "user", "add", "Bob")
        assert link.startswith(f"chat://127.0.0.1:{server.port}/?invite=")
        code = code_of(link)
        assert await people.refused("bob") == "not_allowed"
        assert await people.refused("mallory", invite=code) == "invite_needed", "it claims one name alone"
        assert "Bob" in await operate(server, "user", "list")
        bob = await people.enter("Bob", invite=code)
        assert "owner" not in bob.welcome
        assert await people.refused("Bob", "another", invite=code) == "name_taken"
        await people.enter("Bob", invite=code)


async def test_a_name_is_kept_for_who_was_invited(server: ServerProcess) -> None:
    async with house(server) as people:
        await people.enter("alice")
        code = code_of(await operate(server, "user", "add", "bob"))
        assert await people.refused("bob") == "name_taken"
        assert await people.refused("BOB") == "name_taken"
        await people.enter("bobby")  # the control: an open server
        assert (await operate(server, "user", "remove", "bob")).startswith("bob is not invited")
        assert await people.refused("bob", invite=code) == "invite_needed"
        await people.enter("bob")


async def test_removing_somebody(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        bob = await people.enter("bob", "desk", password=PASSWORD)
        await bob.change("post", "lobby", text="mine")
        invited = (await bob.ask(type="invitation"))["invitation"]["code"]
        assert "stays taken" in await operate(server, "user", "remove", "BOB")
        farewell = await bob.until("goodbye")  # without another hello: the server looks by itself
        assert farewell["code"] == "bad_credentials"
        assert await bob.closed() == b""
        assert await people.refused("bob", "desk") == "name_taken"
        assert await people.refused("bob", "phone", password=PASSWORD) == "name_taken"
        assert await people.refused("Bob", "mallory") == "name_taken"
        assert await people.refused("carol", invite=invited) == "invite_needed"
        assert (await alice.change("create", "garden"))["type"] == "ok"
        assert (await alice.change("invite", "garden", user="bob"))["code"] == "no_such_user"
        page = await alice.ask(type="history", room="lobby")
        assert "mine" in [line.get("text") for line in page["messages"]], "what was said stays"
        server.kill()
        server.start()
        assert await people.refused("bob", "desk") == "name_taken"
        again = run(server.data, "user", "add", "bob")
        assert (again.returncode, again.stdout) == (1, "") and "user password bob" in again.stderr
        assert "can sign in again" in await operate(server, "user", "password", "bob", said=NEW.encode() + b"\n")
        await people.enter("bob", "phone", password=NEW)
        assert await people.refused("bob", "desk") == "bad_credentials"


async def test_a_password_from_the_operator(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk")
        assert await people.refused("alice", "phone", password=PASSWORD) == "name_taken"
        told = await operate(server, "user", "password", "Alice", said=PASSWORD.encode() + b"\r\n")
        assert PASSWORD not in told
        await people.enter("alice", "phone", password=PASSWORD)
        assert (await desk.ask(type="password", new=NEW, old=PASSWORD))["type"] == "ok", "who was here stays"


@pytest.mark.parametrize("said", [b"", b"short\n", b"x" * 257 + b"\n", b"\xff" * 12 + b"\n", b"x" * 100_000])
def test_a_password_that_cannot_be(tmp_path: Path, said: bytes) -> None:
    Store(tmp_path / FILE).close()
    claim(tmp_path, "alice")
    done = run(tmp_path, "user", "password", "alice", said=said)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "assword" in done.stderr
    assert run(tmp_path, "user", "list").stdout.splitlines()[1].split()[3] == "no"


async def test_roles(server: ServerProcess) -> None:
    async with house(server) as people:
        await people.enter("alice", invite=people.owner_code)
        await people.enter("bob")
        await operate(server, "user", "role", "bob", "owner")
        assert (await people.enter("bob")).welcome["owner"]
        await operate(server, "user", "role", "bob", "member")
        assert "owner" not in (await people.enter("bob")).welcome
        listed = [line.split() for line in (await operate(server, "user", "list")).splitlines()]
        assert [(row[0], row[1]) for row in listed] == [("name", "role"), ("alice", "owner"), ("bob", "member")]
        alone = await asyncio.to_thread(run, server.data, "user", "role", "alice", "member")
        assert alone.returncode == 0 and "Nobody owns this server" in alone.stderr


async def test_inviting(server: ServerProcess) -> None:
    async with house(server) as people:
        alice = await people.enter("alice", invite=people.owner_code)
        await alice.change("create", "Attic", private=True)
        link = await operate(server, "invite", "--room", "#attic", "--uses", "1", "--days", "0")
        assert unquote(urlsplit(link.strip()).path) == "/Attic"
        bob = await people.enter("bob", invite=code_of(link))
        assert [line["room"] for line in bob.welcome["rooms"]] == ["lobby", "Attic"]
        assert (await alice.until("joined", room="Attic"))["by"] == "alice"
        assert await people.refused("carol", invite=code_of(link)) == "invite_needed"
        plain = await operate(server, "invite")
        await people.enter("carol", invite=code_of(plain))
        listed = (await alice.ask(type="invitations"))["invitations"]
        assert [line["used_by"] for line in listed] == [["carol"]]


def test_inviting_without_a_server_uses_the_address_of_the_last(start_server: Start) -> None:
    server = start_server("--public", "chat.example:7000")
    server.stop()
    done = run(server.data, "invite", "--room", "lobby")
    assert done.stdout.startswith("chat://chat.example:7000/lobby?invite=")
    assert "5 people until" in done.stderr and "leads to lobby" in done.stderr


def accounts(folder: Path) -> list[str]:
    """All that stands in the accounts."""
    with closing(sqlite3.connect(folder / FILE)) as base:
        return list(base.iterdump())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("user", "add", "alice"), 1),
        (("user", "add", "аlice"), 1),  # Cyrillic а
        (("user", "add", "two words"), 1),
        (("user", "add", "x" * 33), 1),
        (("user", "add", "dave", "--days", "3651"), 1),
        (("user", "add", "dave", "--days", "-1"), 1),
        (("user", "add", "dave", "--days", "soon"), 2),
        (("user", "password", "nobody"), 1),
        (("user", "role", "nobody", "owner"), 1),
        (("user", "role", "alice", "king"), 2),
        (("user", "remove", "nobody"), 1),
        (("user",), 2),
        (("invite", "--uses", "10001"), 1),
        (("invite", "--days", "-1"), 1),
        (("invite", "--room", "nowhere"), 1),
        (("invite", "--room", "@alice"), 1),
        (("invite", "--room", ""), 1),
    ],
)
def test_what_cannot_be(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    (tmp_path / "chat_history.txt").write_bytes(b"")
    claim(tmp_path, "alice")
    before = accounts(tmp_path)
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (code, "") and done.stderr
    assert "Traceback" not in done.stderr and (code == 2 or len(done.stderr.splitlines()) == 1)
    assert accounts(tmp_path) == before


def test_a_folder_without_accounts_stays_as_it_is(tmp_path: Path) -> None:
    for words in (("user", "list"), ("user", "add", "bob"), ("invite",)):
        done = run(tmp_path / "typo", *words)
        assert done.returncode == 1 and "Start the server there once" in done.stderr
    assert not (tmp_path / "typo").exists()


def claim(folder: Path, name: str) -> None:
    """Make an account without a server."""

    async def make() -> None:
        accounts = Accounts(folder / FILE)
        await accounts.claim(name, "x" * 32, now=NOW)
        await accounts.close()

    asyncio.run(make())


# --- two processes on one file ----------------------------------------------------------------------------------


async def test_what_memory_alone_knows_survives_a_look_at_the_file(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / FILE)
    device = await accounts.claim("alice", "x" * 32, now=NOW)
    store = Store(tmp_path / FILE)
    assert not await accounts.refresh(), "its own writing is no news"
    accounts.mark_read("alice", "lobby", 7)
    accounts.mark_seen("alice", NOW)
    accounts.mark_used("alice", device.session, now=NOW, client="desk", address="127.0.0.1")
    store.set_owner("alice", True)
    assert await accounts.refresh() and not await accounts.refresh()
    assert accounts.is_owner("alice")
    assert (accounts.read("alice", "lobby"), accounts.seen("alice")) == (7, NOW)
    assert accounts.devices("alice")[0].client == "desk"
    await accounts.flush()
    kept = store.load()
    assert kept.reads == {"alice": {"lobby": 7}} and kept.people["alice"].seen == NOW
    assert kept.devices["alice"][device.session].address == "127.0.0.1"
    store.close()
    await accounts.close()


async def test_two_choices_in_one_moment_both_hold(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / FILE)
    await accounts.claim("alice", "x" * 32, now=NOW)
    await asyncio.gather(
        accounts.prefer("alice", receipts=False), accounts.prefer("alice", state="busy", note="cooking")
    )
    assert accounts.preferences("alice") == (False, "busy", "cooking")
    await accounts.close()
    again = Accounts(tmp_path / FILE)
    assert again.preferences("alice") == (False, "busy", "cooking")
    await again.close()


async def test_a_device_that_is_removed_at_the_same_moment_stays_out(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / FILE)
    await accounts.claim("alice", "x" * 32, now=NOW, password="hash of the first")
    store = Store(tmp_path / FILE)
    await accounts.add_device("alice", "y" * 32, "hash of the first", now=NOW)
    store.remove("alice")
    with pytest.raises(Refused) as refused:
        await accounts.add_device("alice", "z" * 32, "hash of the first", now=NOW)
    assert refused.value.code == "bad_credentials"
    assert not await accounts.set_password("alice", "another", "hash of the first")
    with pytest.raises(Refused) as refused:
        await accounts.claim("Alice", "z" * 32, now=NOW)
    assert refused.value.code == "name_taken"
    assert await accounts.refresh()
    assert accounts.devices("alice") == [] and accounts.is_removed("alice")
    store.close()
    await accounts.close()


async def test_a_disk_that_refuses_costs_nothing_but_the_change(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / FILE)
    await accounts.claim("alice", "x" * 32, now=NOW)
    db = accounts._store._db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")  # as full as a disk can be
    accounts.mark_read("alice", "x" * 60_000, 7)
    await accounts.flush()
    with pytest.raises(Refused) as refused:
        await accounts.prefer("alice", note="x" * 60_000)
    assert refused.value.code == "storage_full" and accounts.preferences("alice").note == ""
    assert accounts.read("alice", "x" * 60_000) == 7
    db.execute("PRAGMA max_page_count = 100000")
    await accounts.prefer("alice", note="back", state="away", receipts=False)
    await accounts.close()
    again = Accounts(tmp_path / FILE)
    assert again.read("alice", "x" * 60_000) == 7
    assert again.preferences("alice") == (False, "away", "back")
    await again.close()
