"""Who is spoken to: the rule, and the counts that `welcome` tells, cheap however much there is to count."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatserver.index.queries import Queries
from chatserver.index.seen import hashes_of
from chatserver.index.store import Feed, Store
from chatserver.log.scan import Place
from shared.mentions import EVERYBODY, MOST, mentioned, named
from shared.protocol import AnyEvent, Message
from shared.rules import TEXT, name_key
from tests.processes import ServerProcess
from tests.server.peer import Peer, close_all

UNREAD = 100_000
PEOPLE = [f"p{number}" for number in range(50)]


# --- the rule -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nobody", set()),
        ("@alice, and @bob-2!", {"alice", "bob-2"}),
        ("@Alice @ALICE @аlice", {"alice"}),
        ("(@j.r.)", {"j.r.", "j.r"}),
        ("@room", {"room"}),
        ("mail@alice", set()),
        ("@", set()),
        ("\n@alice\n", {"alice"}),
    ],
)
def test_the_names_in_a_text(text: str, names: set[str]) -> None:
    assert named(text) == set(map(name_key, names))
    assert mentioned(text, "Alice") is bool({"alice", "room"} & names)


@pytest.mark.parametrize("piece", ["@", "@a", " @a" + "-" * 31, " @" + "я" * 32, " @" + "ﷺ" * 32, "@.", " @room."])
def test_no_text_names_more_than_it_may(piece: str) -> None:
    text = (piece * TEXT)[:TEXT]
    keys = named(text)
    assert len(keys) <= MOST
    assert (EVERYBODY in keys) is ("room" in piece)


# --- counting -------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.create(tmp_path / "index.sqlite3", "epoch", Place(0, 0, bytes(8), ""))
    yield store
    store.close()


def feed(store: Store, count: int, text: str) -> None:
    """So many messages in one room, by fifty people in turn."""
    first = store.place.seq + 1
    events: list[AnyEvent] = [
        Message(seq=seq, prev=seq - 1, time="", room="lobby", user=PEOPLE[seq % 50], id=f"{seq}", text=text)
        for seq in range(first, first + count)
    ]
    for begin in range(0, count, 500):
        part = events[begin : begin + 500]
        place = Place(part[-1].seq, part[-1].seq * 80, bytes(8), "")
        store.add(Feed(part, [80] * len(part), hashes_of(part), (part[0].seq - 1) * 80, place))
        if store.wants_flush:
            store.flush()


@pytest.mark.slow
@pytest.mark.parametrize(("text", "share"), [("hello", 0), ("@p3 look", 1), ("@room look", 1), ("@p4 look", 0)])
def test_a_hundred_thousand_unread_are_counted_without_reading_a_line(
    store: Store, tmp_path: Path, text: str, share: int
) -> None:
    feed(store, 100, "before")
    feed(store, UNREAD, text)
    (tmp_path / "history").touch()
    queries = Queries(store, tmp_path / "history")
    counts = queries.unread("p3", {"lobby": 100})  # the history is an empty file: only the index can know
    queries.close()
    assert counts == {"lobby": (UNREAD * 49 // 50, share * UNREAD * 49 // 50)}


# --- over real sockets ----------------------------------------------------------------------------------------


def counts(peer: Peer) -> dict[str, tuple[int, int]]:
    return {room["room"]: (room.get("unread", 0), room.get("mentions", 0)) for room in peer.welcome["rooms"]}


async def test_welcome_tells_the_counts_after_a_kill_and_without_an_index(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    for text in ("hello", "@bob look", "@BOB. please", "@room lunch", "@alice herself", "mail@bob", "@bobby"):
        await alice.change("post", "lobby", text=text)
    await bob.change("post", "lobby", text="@bob, @room: his own do not count")
    for text in ("psst", "and"):
        await alice.change("post", "@bob", text=text)
    await close_all(alice, bob)
    expected = {"lobby": (7, 3), "@alice,bob": (2, 2)}
    for end in (server.stop, server.kill, lambda: forget_the_index(server), lambda: age_the_index(server)):
        bob = await Peer.sign_in(server.port, "bob")
        assert counts(bob) == expected
        await bob.close()
        end()
        server.start()
    bob, alice = await Peer.sign_in(server.port, "bob"), await Peer.sign_in(server.port, "alice")
    assert counts(bob) == expected and counts(alice)["lobby"] == (1, 1)
    marker = next(
        line["seq"]
        for line in (await alice.ask(type="history", room="lobby"))["messages"]
        if line.get("text") == "@bob look"
    )
    await bob.send(type="read", room="lobby", seq=marker)
    again = await Peer.sign_in(server.port, "bob")
    assert counts(again)["lobby"] == (5, 2)
    await close_all(alice, bob, again)


def forget_the_index(server: ServerProcess) -> None:
    server.kill()
    for path in server.data.glob("index.sqlite3*"):
        path.unlink()


def age_the_index(server: ServerProcess) -> None:
    """Leave it as the Parley before this one did, which knew no mentions."""
    server.stop()
    with closing(sqlite3.connect(server.data / "index.sqlite3")) as base:
        base.executescript("DROP TABLE mention; PRAGMA user_version = 2;")
