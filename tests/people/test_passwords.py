"""Passwords: who they let in, how they are kept, and how many wrong ones are looked at."""

import asyncio
import sqlite3
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from chatserver.accounts.guesses import MINUTE, WRONG, Guesses
from chatserver.accounts.store import FILE, Store
from shared.errors import Refused
from tests.people.doors import NEW, PASSWORD, house, token
from tests.processes import ServerProcess

Start = Callable[..., ServerProcess]


def columns(server: ServerProcess, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(server.data / FILE) as db:
        rows = db.execute(query).fetchall()
    db.close()
    return rows


async def test_a_password_brings_a_second_device_in(server: ServerProcess) -> None:
    async with house(server) as people:
        first = await people.enter("alice", "desk")
        assert not first.welcome.get("has_password")
        assert await people.refused("alice", "phone") == "name_taken"
        assert await people.refused("alice", "phone", password=PASSWORD) == "name_taken", "none is set yet"
        assert (await first.ask(type="password", new=PASSWORD)).keys() == {"type", "ref"}
        _, missing = await people.hello("alice", "phone")
        _, wrong = await people.hello("Alice", "phone", password=NEW)
        assert (missing["code"], missing["message"]) == ("bad_credentials", "alice has a password here. Enter it.")
        assert (wrong["code"], wrong["message"]) == ("bad_credentials", "That password does not open alice.")
        phone = await people.enter("Alice", "phone", password=PASSWORD)
        assert phone.welcome["user"] == "alice" and phone.welcome["has_password"]
        assert phone.welcome["session"] != first.welcome["session"]
        again = await people.enter("alice", "phone")
        assert again.welcome["session"] == phone.welcome["session"], "the token is enough from then on"
        await first.change("post", "lobby", text="still here")


async def test_the_first_hello_may_set_a_password(server: ServerProcess) -> None:
    async with house(server) as people:
        assert (await people.enter("alice", "desk", password=PASSWORD)).welcome["has_password"]
        await people.enter("alice", "desk", password="not looked at beside a right token")
        await people.enter("alice", "phone", password=PASSWORD)
        await people.enter("bob", "desk", password="Stra\u00dfe caf\u00e9")
        await people.enter(
            "bob", "phone", password="Stra\u00dfe cafe\u0301"
        )  # as another system types the same letters


async def test_changing_a_password(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk", password=PASSWORD)
        phone = await people.enter("alice", "phone", password=PASSWORD)
        assert (await desk.ask(type="password", new=NEW))["code"] == "bad_credentials"
        assert (await desk.ask(type="password", new=NEW, old="something else"))["code"] == "bad_credentials"
        assert (await desk.ask(type="password", new=NEW, old=PASSWORD))["type"] == "ok"
        await phone.settle()
        assert await people.refused("alice", "tablet", password=PASSWORD) == "bad_credentials"
        await people.enter("alice", "phone")
        await people.enter("alice", "tablet", password=NEW)


async def test_two_devices_change_the_password_at_one_moment(server: ServerProcess) -> None:
    async with house(server) as people:
        desk = await people.enter("alice", "desk", password=PASSWORD)
        phone = await people.enter("alice", "phone", password=PASSWORD)
        answers = await asyncio.gather(
            desk.ask(type="password", new=NEW, old=PASSWORD),
            phone.ask(type="password", new=f"{NEW} too", old=PASSWORD),
        )
        assert sorted(answer["type"] for answer in answers) == ["error", "ok"]
        chosen = NEW if answers[0]["type"] == "ok" else f"{NEW} too"
        await people.enter("alice", "tablet", password=chosen)


@pytest.mark.parametrize(
    ("password", "expected"),
    [("x" * 9, "bad_request"), ("x" * 257, "too_large"), ("x" * 100_000, "too_large"), ("", "bad_request")],
)
async def test_a_password_that_cannot_be_set(server: ServerProcess, password: str, expected: str) -> None:
    async with house(server) as people:
        assert await people.refused("bob", password=password) == expected
        alice = await people.enter("alice")
        assert (await alice.ask(type="password", new=password))["code"] == expected
        assert (await alice.ask(type="password", new="\u00e9" * 10))["type"] == "ok"
        assert await people.refused("alice", "phone", password="x" * 257) == "too_large"
        assert await people.refused("alice", "phone", password="") == "bad_credentials"
        await people.enter("bob", password="x" * 256)


async def test_five_wrong_passwords_a_minute(start_server: Start) -> None:
    async with house(start_server()) as people:
        alice = await people.enter("alice", "desk", password=PASSWORD)
        await people.enter("bob", "desk", password=PASSWORD)
        for _ in range(4):
            assert await people.refused("alice", "phone", password=NEW) == "bad_credentials"
        await people.enter("alice", "phone", password=PASSWORD)  # the control: four are not too many
        assert (await alice.ask(type="password", new=NEW, old="a wrong old one"))["code"] == "bad_credentials"
        _, late = await people.hello("alice", "tablet", password=PASSWORD)
        assert late["code"] == "rate_limited" and 0 < late["retry_after"] <= 60
        assert await people.refused("bob", "phone", password=PASSWORD) == "rate_limited", "the same address"
        assert (await alice.ask(type="password", new=NEW, old=PASSWORD))["code"] == "rate_limited"
        await people.enter("alice", "phone")  # the right token still opens
        assert await people.refused("alice", "tablet") == "bad_credentials"


async def test_many_guesses_in_one_moment_are_not_many_guesses(start_server: Start) -> None:
    async with house(start_server()) as people:
        await people.enter("alice", "desk", password=PASSWORD)
        guesses = (people.refused("alice", f"guess {number}", password=f"{NEW} {number}") for number in range(20))
        codes = await asyncio.gather(*guesses)
        assert sorted(set(codes)) == ["bad_credentials", "rate_limited"]
        assert codes.count("bad_credentials") == WRONG


def test_guesses_are_counted_by_name_and_by_address() -> None:
    guesses = Guesses()
    for number in range(WRONG):
        guesses.take("name alice", f"address {number}", now=100.0 + number)
    with pytest.raises(Refused) as refused:
        guesses.take("name alice", "address 9", now=110.0)
    assert refused.value.retry_after == pytest.approx(100.0 + MINUTE - 110.0)
    guesses.take("name bob", "address 0", now=110.0)
    guesses.take("name alice", "address 9", now=100.0 + MINUTE)
    with pytest.raises(Refused):
        guesses.take("name alice", "address 9", now=100.0 + MINUTE + 0.5)
    guesses.forgive("name alice", "address 9", at=100.0 + MINUTE)
    guesses.take("name alice", "address 9", now=100.0 + MINUTE + 0.6)


async def test_how_a_password_is_kept(server: ServerProcess) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with house(server) as people:
        await people.enter("alice", "desk")
        store = Store(server.data / FILE)
        store.give_password("alice", weak)
        store.close()
        assert await people.refused("alice", "phone", password=NEW) == "bad_credentials"
        assert columns(server, "SELECT password FROM people") == [(weak,)]
        await people.enter("alice", "phone", password=PASSWORD)
        ((kept,),) = columns(server, "SELECT password FROM people")
        assert str(kept).startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "made anew with the parameters of today"
        await people.enter("alice", "tablet", password=PASSWORD)


async def test_others_are_served_while_passwords_are_hashed(server: ServerProcess) -> None:
    async with house(server) as people:
        await people.enter("alice", "desk", password=PASSWORD)
        bob = await people.enter("bob")
        flood = [people.enter(f"carol{number}", password=PASSWORD) for number in range(12)]
        waiting = asyncio.gather(*flood)
        pongs = 0
        while not waiting.done():
            await bob.ask(type="ping")
            pongs += 1
        await waiting
        assert pongs > 12 * 3, "a hash takes long: many answers fit in the time of each"


async def test_nothing_secret_is_kept_or_told(start_server: Start) -> None:
    server = start_server("--log-level", "debug")
    async with house(server) as people:
        alice = await people.enter("alice", "desk", password=PASSWORD)
        await people.refused("alice", "phone", password="wrong but telling")
        await alice.ask(type="password", new=NEW, old=PASSWORD)
        await alice.raw(b'{"type":"password","new":"not quite JSON"\n')
        await alice.settle()
    server.stop()
    kept = b"".join(path.read_bytes() for path in server.data.rglob("*") if path.is_file())
    everything = kept + "".join(server.output).encode()
    assert b"alice" in everything, "the control"
    for secret in (PASSWORD, NEW, "wrong but telling", "not quite JSON", token("alice desk"), token("alice phone")):
        assert secret.encode() not in everything
    assert (server.data / FILE).stat().st_mode & 0o077 == 0
