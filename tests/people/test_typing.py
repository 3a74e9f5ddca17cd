"""Who is writing: T1 to T3 of `chatserver.writing` on a clock moved by hand, and the way over real sockets."""

import pytest

from chatserver.presence import TYPING, Presence
from chatserver.rooms import Rooms
from chatserver.writing import PAUSE
from tests.people.stage import Connection, Preferences, Stage
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all, code


def now_typing(connection: Connection) -> list[list[str]]:
    """The lists of names that came since the last look."""
    return [line["users"] for line in connection.lines("typing")]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.room("garden", "alice", "bob", "carol", private=True)
    return stage


def settled(stage: Stage, *names: str) -> list[Connection]:
    connections = [stage.come(name) for name in names]
    stage.settled(*connections)
    return connections


def test_t3_writing_ends_five_seconds_after_the_last_sign(stage: Stage) -> None:
    alice, bob = settled(stage, "alice", "bob")
    stage.writing.typed("garden", "bob")
    stage.clock.pass_(0)
    assert now_typing(alice) == [["bob"]] and now_typing(bob) == []
    stage.clock.pass_(TYPING - 0.1)
    assert now_typing(alice) == []
    stage.writing.typed("garden", "bob")
    stage.clock.pass_(TYPING - 0.1)
    assert now_typing(alice) == [["bob"]], "told again, because it goes on"
    stage.clock.pass_(0.1)
    assert now_typing(alice) == [[]] and now_typing(bob) == []


def test_t3_a_message_ends_it_in_its_room_alone(stage: Stage) -> None:
    stage.room("kitchen", "alice", "bob")
    alice, _ = settled(stage, "alice", "bob")
    stage.writing.typed("garden", "bob")
    stage.writing.typed("kitchen", "bob")
    stage.clock.pass_(PAUSE)
    assert sorted(line["room"] for line in alice.lines("typing")) == ["garden", "kitchen"]
    stage.post("bob", "garden")
    stage.post("carol", "kitchen")
    stage.clock.pass_(PAUSE)
    assert [(line["room"], line["users"]) for line in alice.lines("typing")] == [("garden", [])]
    assert stage.presence.typing("kitchen") == ("bob",)


def test_t3_leaving_and_the_last_connection_end_it(stage: Stage) -> None:
    alice, bob, carol = settled(stage, "alice", "bob", "carol")
    second = stage.come("carol")
    stage.writing.typed("garden", "bob")
    stage.writing.typed("garden", "carol")
    stage.clock.pass_(PAUSE)
    assert now_typing(alice) == [["bob", "carol"]] and now_typing(bob) == [["carol"]] and now_typing(carol) == [["bob"]]
    stage.go(second)
    stage.clock.pass_(PAUSE)
    assert now_typing(alice) == []
    stage.leave("bob", "garden")
    stage.clock.pass_(PAUSE)
    assert now_typing(alice) == [["carol"]] and now_typing(carol) == [[]]
    assert now_typing(bob) == [], "it is no room of his any more"
    stage.go(carol)
    stage.clock.pass_(PAUSE)
    assert now_typing(alice) == [[]]


def test_t1_at_most_one_line_a_second(stage: Stage) -> None:
    alice, bob = settled(stage, "alice", "bob")
    for _ in range(100):
        stage.writing.typed("garden", "bob")
        stage.writing.typed("garden", "carol")
        stage.clock.pass_(0.1)
    assert 10 <= len(now_typing(alice)) <= 11
    assert 10 <= len(now_typing(bob)) <= 11, "of carol"


def test_t2_who_is_out_by_then_and_who_does_not_read_get_no_line(stage: Stage) -> None:
    alice, carol = settled(stage, "alice", "carol")
    alice.mailbox.paused()
    stage.writing.typed("garden", "bob")
    stage.leave("carol", "garden")
    stage.clock.pass_(PAUSE)
    alice.mailbox.resumed()
    assert now_typing(alice) == [] and now_typing(carol) == []


def test_a_room_too_large_is_told_nothing(stage: Stage) -> None:
    stage.room("hall", *[f"p{number}" for number in range(200)])
    (hearer,) = settled(stage, "p1")
    stage.writing.typed("hall", "p0")
    stage.clock.pass_(PAUSE)
    assert now_typing(hearer) == [["p0"]]
    stage.post("p0", "hall")
    stage.clock.pass_(PAUSE)
    hearer.lines("typing")
    stage.enter("one more", "hall")
    stage.writing.typed("hall", "p0")
    stage.writing.typed("hall", "an outsider")
    stage.clock.pass_(PAUSE)
    assert now_typing(hearer) == [] and not stage.presence.anybody_types


def test_nothing_is_kept_of_who_wrote_once() -> None:
    presence = Presence(set(), lambda name: Preferences(), Rooms(), lambda name: "")
    for number in range(1000):
        presence.types(f"room{number % 7}", f"p{number}", number / 100)
    assert presence.next_end == TYPING
    assert len(presence.expire(TYPING + 5)) == 7 and presence.typing("room0") and presence.next_end is not None
    presence.expire(1000)
    assert not presence.anybody_types and presence.next_end is None and presence.typing("room0") == ()


# --- over real sockets ----------------------------------------------------------------------------------------


async def test_writing_is_seen_by_the_others_and_ends_with_the_message(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    second, mallory = await Peer.sign_in(server.port, "bob"), await Peer.sign_in(server.port, "mallory")
    await alice.change("create", "cellar", private=True)
    await alice.change("invite", "cellar", user="bob")
    await bob.send(type="typing", room="CELLAR")
    assert (await alice.until("typing"))["users"] == ["bob"]
    await bob.change("post", "cellar", text="done")
    assert (await alice.until("typing")) == {"type": "typing", "room": "cellar", "users": []}
    seqs = [place for place, line in enumerate(alice.seen) if line["type"] in ("message", "typing")]
    assert alice.seen[seqs[-2]]["type"] == "message", "the message comes before the end of its writing"
    await alice.change("post", "@bob", text="psst")
    await bob.send(type="typing", room="@alice")
    assert (await alice.until("typing"))["room"] == "@alice,bob"
    for peer in (bob, second, mallory):
        await peer.settle()
        assert [line for line in peer.seen if line["type"] == "typing"] == []
    await close_all(alice, bob, second, mallory)


@pytest.mark.parametrize(
    ("room", "error"),
    [("cellar", "no_such_room"), ("absent", "no_such_room"), ("garden", "not_member"), ("@nobody", "no_such_user")],
)
async def test_an_outsider_does_not_write(server: ServerProcess, room: str, error: str) -> None:
    alice, mallory = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "mallory")
    await alice.change("create", "cellar", private=True)
    await alice.change("create", "garden")
    for command in ({"type": "typing"}, {"type": "read", "seq": 1}):
        assert code(await mallory.ask(room=room, **command)) == error
    await mallory.send(type="typing", room="@alice")  # nothing was said there yet: nothing is told, nothing refused
    for peer in (alice, mallory):
        await peer.settle()
        assert [line for line in peer.seen if line["type"] == "typing"] == []
    await close_all(alice, mallory)


async def test_who_is_muted_does_not_write(server: ServerProcess) -> None:
    code_ = (server.data / "owner-invitation.txt").read_text().strip()
    alice, bob = await Peer.sign_in(server.port, "alice", invite=code_), await Peer.sign_in(server.port, "bob")
    assert (await alice.change("mute", "lobby", user="bob", minutes=5))["type"] == "ok"
    await bob.send(type="typing", room="lobby")
    await bob.settle()
    assert (await alice.change("mute", "lobby", user="bob", minutes=0))["type"] == "ok"
    assert not _typing(alice)
    await bob.send(type="typing", room="lobby")
    await alice.until("typing", users=["bob"])
    await close_all(alice, bob)


async def test_spam_is_limited(start_server) -> None:  # type: ignore[no-untyped-def]  # a fixture of ours
    server: ServerProcess = start_server()
    bob = await Peer.sign_in(server.port, "bob")
    for _ in range(60):
        await bob.send(type="typing", room="lobby")
    assert code(await bob.until("error")) == "rate_limited"
    await bob.close()


def _typing(peer: Peer) -> list[Line]:
    return [line for line in peer.seen if line["type"] == "typing"]
