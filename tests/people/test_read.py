"""Read markers: shared by a person's connections, shown to those who show theirs (S3 of `chatserver.signals`)."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from chatserver.accounts.picture import Preferences
from chatserver.signals import PAUSE
from tests.people.stage import Connection, Stage
from tests.processes import ServerProcess
from tests.server.peer import PATIENCE, Line, Peer, close_all, code


def read_marks(connection: Connection) -> list[tuple[str, str, int]]:
    return [(line["room"], line["user"], line["seq"]) for line in connection.lines("read")]


def mark(stage: Stage, user: str, room: str, seq: int, over: Connection) -> None:
    stage.marks[user, room] = max(seq, stage.read(user, room))
    stage.signals.read(user, room, but=over)


def test_s3_a_mark_is_told_as_it_stands_then() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    alice, one, two = stage.come("alice"), stage.come("bob"), stage.come("bob")
    stage.settled(alice, one, two)
    for seq in (3, 7, 5):
        mark(stage, "bob", "garden", seq, one)
    stage.clock.pass_(PAUSE)
    assert read_marks(alice) == read_marks(two) == [("garden", "bob", 7)] and read_marks(one) == []


def test_s3_hidden_in_both_directions() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob", "carol")
    alice, bob, carol = stage.come("alice"), stage.come("bob"), stage.come("carol")
    second = stage.come("bob")
    stage.settled(alice, bob, carol, second)
    stage.chosen["bob"] = Preferences(receipts=False)
    mark(stage, "bob", "garden", 3, bob)
    mark(stage, "alice", "garden", 4, alice)
    stage.clock.pass_(PAUSE)
    assert read_marks(alice) == [] and read_marks(carol) == [("garden", "alice", 4)]
    assert read_marks(second) == [("garden", "bob", 3)], "one's own other connections know"
    assert read_marks(bob) == []
    assert stage.signals.read_by("carol") == {"garden": {"alice": 4}}
    assert stage.signals.read_by("bob") == {} == stage.signals.read_by("alice")
    mark(stage, "alice", "garden", 5, alice)
    stage.chosen["alice"] = Preferences(receipts=False)  # after the mark moved, before it was told
    stage.clock.pass_(PAUSE)
    assert read_marks(carol) == []


def test_s1_not_to_who_is_out_by_then_nor_in_rooms_over_twenty() -> None:
    stage = Stage()
    stage.room("garden", *[f"p{number}" for number in range(20)])
    first, second = stage.come("p0"), stage.come("p1")
    own = stage.come("p1")
    stage.settled(first, second, own)
    mark(stage, "p1", "garden", 2, second)
    stage.clock.pass_(PAUSE)
    assert read_marks(first) == [("garden", "p1", 2)] == read_marks(own)
    stage.enter("p20", "garden")
    mark(stage, "p1", "garden", 3, second)
    stage.clock.pass_(PAUSE)
    assert read_marks(first) == [] and read_marks(own) == [("garden", "p1", 3)]
    assert stage.signals.read_by("p0") == {}
    stage.leave("p20", "garden")
    mark(stage, "p1", "garden", 4, second)
    stage.leave("p0", "garden")
    stage.clock.pass_(PAUSE)
    assert read_marks(first) == [] and read_marks(own) == [("garden", "p1", 4)]


def test_who_does_not_read_is_told_the_newest_mark_later() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    alice, bob = stage.come("alice"), stage.come("bob")
    stage.settled(alice, bob)
    alice.mailbox.paused()
    for seq in range(1, 500):
        mark(stage, "bob", "garden", seq, bob)
        stage.clock.pass_(0.1)
    alice.mailbox.resumed()
    stage.clock.pass_(PAUSE)
    assert read_marks(alice) == [("garden", "bob", 499)]


# --- over real sockets ----------------------------------------------------------------------------------------


def room_of(peer: Peer, name: str) -> Line:
    room: Line = next(room for room in peer.welcome["rooms"] if room["room"] == name)
    return room


async def test_markers_never_go_back_and_survive(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    second = await Peer.sign_in(server.port, "bob")
    seqs = [(await alice.change("post", "lobby", text=f"{number}"))["seq"] for number in range(5)]
    await bob.send(type="read", room="lobby", seq=seqs[2])
    for peer in (second, alice):
        assert (await peer.until("read")) == {"type": "read", "room": "lobby", "user": "bob", "seq": seqs[2]}
    for seq in (seqs[0], 0, -5, -(2**70), 2**70):
        await bob.send(type="read", room="lobby", seq=seq)
    assert (await second.until("read"))["seq"] == seqs[-1], "never back, and no further than there is something"
    assert (await alice.until("read"))["seq"] == seqs[-1]
    await bob.settle()
    assert [line for line in bob.seen if line["type"] == "read"] == []
    last = (await alice.change("post", "lobby", text="one more"))["seq"]
    await close_all(alice, bob, second)
    await until_kept(server, "bob", seqs[-1])
    server.kill()
    server.start()
    bob, alice = await Peer.sign_in(server.port, "bob"), await Peer.sign_in(server.port, "alice")
    lobby = room_of(bob, "lobby")
    assert (lobby["read"], lobby["unread"], lobby["last"]) == (seqs[-1], 1, last)
    assert alice.welcome["read_by"] == {"lobby": {"bob": seqs[-1]}}
    await close_all(alice, bob)


async def until_kept(server: ServerProcess, user: str, seq: int) -> None:
    """Wait until the marker is on the disk, where it is written every other second."""
    with closing(sqlite3.connect(server.data / "accounts.sqlite3")) as base:
        async with asyncio.timeout(PATIENCE):
            newest = "SELECT max(seq) FROM reads WHERE name = ?"
            while base.execute(newest, (user,)).fetchone()[0] != seq:  # noqa: ASYNC110  # no event from a file
                await asyncio.sleep(0.05)


async def test_receipts_turned_off_hide_in_both_directions(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    first = (await alice.change("post", "@bob", text="one"))["seq"]
    await bob.send(type="read", room="@alice", seq=first)
    assert (await alice.until("read"))["user"] == "bob"
    assert (await alice.ask(type="prefer", receipts=False))["type"] == "ok"
    second = (await bob.change("post", "@alice", text="two"))["seq"]
    await bob.send(type="read", room="@alice", seq=second)
    await alice.send(type="read", room="@bob", seq=second)
    own = await Peer.sign_in(server.port, "alice")
    assert (own.welcome["receipts"], "read_by" in own.welcome) == (False, False)
    assert room_of(own, "@alice,bob")["read"] == second
    await alice.send(type="typing", room="@bob")
    await bob.until("typing")  # it takes no longer for a mark to come
    await alice.settle()
    again = await Peer.sign_in(server.port, "bob")
    assert "read_by" not in again.welcome
    assert [line for line in bob.seen if line["type"] == "read"] == []
    assert len([line for line in alice.seen if line["type"] == "read"]) == 1
    assert (await alice.ask(type="prefer", receipts=True))["type"] == "ok"
    third = await Peer.sign_in(server.port, "bob")
    assert third.welcome["read_by"] == {"@alice,bob": {"alice": second}}
    await close_all(alice, bob, own, again, third)


async def test_who_comes_in_has_nothing_unread_of_before(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    for number in range(5):
        await alice.change("post", "lobby", text=f"@bob {number}")
    bob = await Peer.sign_in(server.port, "bob")
    lobby = room_of(bob, "lobby")
    assert (lobby["read"], lobby.get("unread", 0), lobby.get("mentions", 0)) == (lobby["last"], 0, 0)
    await alice.change("post", "@bob", text="welcome")
    again = await Peer.sign_in(server.port, "bob")
    assert (room_of(again, "@alice,bob")["unread"], room_of(again, "@alice,bob")["mentions"]) == (1, 1)
    await close_all(alice, bob, again)


@pytest.mark.parametrize("fields", [{}, {"seq": "1"}, {"seq": None}, {"seq": 1.5}, {"seq": 1, "room": 7}])
async def test_a_mark_that_is_none(server: ServerProcess, fields: dict[str, Any]) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    assert code(await alice.ask(**{"type": "read", "room": "lobby", **fields})) == "bad_request"
    await alice.close()
