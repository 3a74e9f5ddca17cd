"""Who is here and how they are shown: S1 and S2 of `chatserver.signals`, and the whole way over real sockets."""

import asyncio
import itertools

import pytest

from chatserver.accounts.picture import Preferences
from chatserver.signals import LONGEST, PAUSE
from tests.people.crowd import Crowd
from tests.people.stage import Connection, Stage
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all, code

CROWD = [f"p{number}" for number in range(200)]


def states(lines: list[Line]) -> dict[str, str]:
    """Who is shown how, after all these lines."""
    return {name: person.get("state", "offline") for line in lines for name, person in line["users"].items()}


# --- on a clock moved by hand ---------------------------------------------------------------------------------


def test_who_comes_and_goes_is_told_to_who_shares_a_room() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    stage.room("cellar", "carol", "bob")
    alice = stage.come("alice")
    stage.settled(alice)
    bob, carol = stage.come("bob"), stage.come("carol")
    stage.clock.pass_(PAUSE)
    assert states(alice.lines("presence")) == {"bob": "online"}
    assert states(carol.lines("presence")) == {}, "bob was there before her"
    stage.go(bob)
    stage.clock.pass_(LONGEST)
    assert states(alice.lines("presence")) == {"bob": "offline"} == states(carol.lines("presence"))


def test_many_changes_are_one_line_and_the_last_counts() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob", "carol")
    alice = stage.come("alice")
    stage.settled(alice)
    bob = stage.come("bob")
    stage.come("carol")
    stage.chosen["bob"] = Preferences(state="busy", note="writing")
    stage.signals.changed("bob", but=bob)
    stage.clock.pass_(PAUSE)
    users = {"bob": {"state": "busy", "note": "writing"}, "carol": {"state": "online"}}
    assert alice.lines("presence") == [{"type": "presence", "users": users}]


def test_a_person_is_here_while_one_connection_is() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    alice, one, two = stage.come("alice"), stage.come("bob"), stage.come("bob")
    stage.settled(alice, one, two)
    stage.go(one)
    stage.clock.pass_(LONGEST)
    assert alice.lines("presence") == []
    stage.go(two)
    stage.clock.pass_(LONGEST)
    assert states(alice.lines("presence")) == {"bob": "offline"}


def test_s1_who_is_out_by_then_is_told_nothing() -> None:
    stage = Stage()
    stage.room("cellar", "alice", "bob", "mallory", private=True)
    alice, mallory = stage.come("alice"), stage.come("mallory")
    stage.settled(alice, mallory)
    stage.come("bob")
    stage.leave("mallory", "cellar")
    stage.clock.pass_(LONGEST)
    assert states(alice.lines("presence")) == {"bob": "online"}
    assert mallory.lines("presence") == []


def test_s2_at_most_four_lines_a_second_and_fewer_while_it_goes_on() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    alice, bob = stage.come("alice"), stage.come("bob")
    stage.settled(alice, bob)
    times: list[float] = []
    for _ in range(300):  # thirty seconds of it
        stage.signals.changed("bob", but=bob)
        stage.clock.pass_(0.1)
        if alice.lines("presence"):
            times.append(stage.clock.now)
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(pauses) >= PAUSE and max(pauses) <= LONGEST + 2 * PAUSE
    assert len(times) <= 12
    stage.settled(alice)
    stage.signals.changed("bob", but=bob)
    stage.clock.pass_(PAUSE)
    assert len(alice.lines("presence")) == 1, "after some rest it is quick again"


def test_who_does_not_read_is_told_later_how_it_is_then() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    alice = stage.come("alice")
    stage.settled(alice)
    alice.mailbox.paused()
    for _ in range(50):
        stage.go(stage.come("bob"))
        stage.clock.pass_(1)
    stage.come("bob")
    alice.mailbox.resumed()
    assert alice.lines("presence") == [], "nothing was kept for her but a name"
    stage.clock.pass_(LONGEST)
    assert states(alice.lines("presence")) == {"bob": "online"}


def test_a_room_of_two_hundred_is_told_and_a_larger_one_is_not() -> None:
    stage = Stage()
    stage.room("hall", *CROWD)
    first, second = stage.come("p0"), stage.come("p1")
    stage.clock.pass_(PAUSE)
    assert states(first.lines("presence")) == {"p1": "online"}
    stage.settled(first, second)
    stage.enter("one more", "hall")
    stage.go(second)
    stage.settled()
    assert first.lines("presence") == []
    stage.leave("one more", "hall")  # small enough again: everybody is told how all of them are now
    stage.clock.pass_(PAUSE)
    told = states(first.lines("presence"))
    assert told.keys() == set(CROWD) and told["p0"] == "online" and told["p1"] == "offline"


def test_who_comes_into_a_room_is_told_of_its_people_and_they_of_them() -> None:
    stage = Stage()
    stage.room("garden", "alice", "bob")
    alice, carol = stage.come("alice"), stage.come("carol")
    stage.settled(alice, carol)
    stage.enter("carol", "garden")
    stage.clock.pass_(PAUSE)
    assert states(carol.lines("presence")) == {"alice": "online", "bob": "offline", "carol": "online"}
    assert states(alice.lines("presence")) == {"carol": "online"}
    stage.post("carol", "@bob,carol")
    stage.settled(carol)
    stage.leave("carol", "garden")
    stage.come("bob")
    stage.clock.pass_(LONGEST)
    assert states(carol.lines("presence")) == {"bob": "online"}, "a direct partner"


def test_a_thousand_steps_are_cut_in_slices() -> None:
    stage = Stage()
    stage.room("hall", *CROWD)
    everybody = [stage.come(name) for name in CROWD]
    stage.settled(*everybody)
    stage.signals.changed("p0")
    stage.clock.now += PAUSE
    stage.clock.turn()  # the timer
    told: list[Connection] = []
    turns = 0
    while len(told) < len(CROWD):
        stage.clock.turn()
        now = [each for each in everybody if each.lines("presence")]
        assert len(now) <= 25
        told += now
        turns += 1
        assert turns < 50


# --- over real sockets ----------------------------------------------------------------------------------------


async def shown(peer: Peer, name: str, state: str, **fields: str) -> Line:
    """Wait until `name` is shown so."""
    while True:
        person: Line | None = (await peer.until("presence"))["users"].get(name)
        if person is not None and person.get("state", "offline") == state:
            assert {key: person.get(key) for key in fields} == fields
            return person


async def test_two_devices_and_the_latest_word_counts(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    one, two = await Peer.sign_in(server.port, "bob"), await Peer.sign_in(server.port, "bob")
    await shown(alice, "bob", "online")
    assert (await one.ask(type="status", state="away", note="at lunch"))["type"] == "ok"
    await shown(alice, "bob", "away", note="at lunch")
    await shown(two, "bob", "away")
    assert (await two.ask(type="status", state="online", note="back"))["type"] == "ok"
    await shown(alice, "bob", "online", note="back")
    await one.close()
    await alice.ask(type="status", state="busy")
    await shown(two, "alice", "busy")
    await shown(alice, "alice", "busy")  # who asked is told as well
    start = len(alice.seen)
    await two.close()
    await shown(alice, "bob", "offline", note="back")
    assert [line for line in alice.seen[start:] if line["type"] == "presence"][-1]["users"].keys() >= {"bob"}
    member = next(each for each in (await alice.ask(type="members", room="lobby"))["members"] if each["user"] == "bob")
    assert (member.get("state", "offline"), member["note"]) == ("offline", "back") and member["seen"] > member["since"]
    await alice.close()


async def test_what_was_chosen_survives_a_restart(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    assert (await bob.ask(type="status", state="busy", note="a  book"))["type"] == "ok"
    await close_all(alice, bob)
    server.kill()
    server.start()
    alice = await Peer.sign_in(server.port, "alice")
    people = alice.welcome["people"]
    people["bob"].pop("state_since", "")  # it may have been on the disk before the kill
    assert people == {"alice": {"state": "online"}, "bob": {"note": "a book"}}
    bob = await Peer.sign_in(server.port, "bob")
    me = bob.welcome["people"]["bob"]
    assert (me["state"], me["note"], me["state_since"]) == ("busy", "a book", bob.welcome["time"])
    await shown(alice, "bob", "busy", note="a book")
    await close_all(alice, bob)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"state": "asleep"}, "bad_request"),
        ({"state": "offline"}, "bad_request"),
        ({}, "bad_request"),
        ({"state": "away", "note": "x" * 101}, "too_large"),
        ({"state": "away", "note": "x" * 100_000}, "too_large"),
        ({"state": "away", "note": 7}, "bad_request"),
    ],
)
async def test_a_status_that_is_none(server: ServerProcess, fields: Line, error: str) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    assert code(await alice.ask(type="status", **fields)) == error
    assert (await alice.ask(type="status", state="away", note="x" * 100))["type"] == "ok"
    await alice.close()


async def fill_the_lobby(server: ServerProcess) -> None:
    """Two hundred people who were here once: from now on the lobby is too large to tell of anybody."""

    async def visit(name: str) -> None:
        await (await Peer.sign_in(server.port, name)).close()

    await asyncio.gather(*map(visit, CROWD))


async def test_presence_of_a_private_room_stays_in_it(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    await fill_the_lobby(server)
    bob = await Peer.sign_in(server.port, "bob")
    strangers = [await Peer.sign_in(server.port, name) for name in ("mallory", "trudy", "eve")]
    mallory, trudy, _ = strangers
    assert (await alice.change("create", "cellar", private=True))["type"] == "ok"
    for name in ("bob", "mallory", "trudy"):
        await alice.change("invite", "cellar", user=name)
    await shown(bob, "trudy", "online")
    await shown(mallory, "trudy", "online")
    await alice.change("kick", "cellar", user="mallory")
    await alice.change("ban", "cellar", user="trudy")
    for stranger in strangers:
        await stranger.settle()
    starts = [len(stranger.seen) for stranger in strangers]
    await alice.ask(type="status", state="busy", note="secret")
    await shown(bob, "alice", "busy", note="secret")
    await bob.ask(type="status", state="away", note="secret")
    await shown(alice, "bob", "away", note="secret")
    again = await Peer.sign_in(server.port, "mallory")
    assert again.welcome["people"].keys() == {"mallory"}
    for stranger, start in zip(strangers, starts, strict=True):
        await stranger.settle()
        assert [line for line in stranger.seen[start:] if line["type"] == "presence"] == []
    members = (await mallory.ask(type="members", room="lobby"))["members"]
    assert len(members) == 205, "but the members of a large room answer who asks"
    assert {each["user"] for each in members if each.get("state") == "busy"} == {"alice"}
    hidden = await trudy.ask(type="members", room="cellar")
    assert code(hidden) == "no_such_room"
    await close_all(alice, bob, again, *strangers)


def test_a_thousand_who_come_at_once_cost_each_at_most_ten_lines(server: ServerProcess) -> None:
    """All of them into the lobby, two hundred of them into one room besides, each on a socket that is read all the
    time. It is over when the last word of all has reached everybody who may know of it."""
    crowd = Crowd(server.port, ["host", *(f"p{number}" for number in range(1000))])
    host, *guests = crowd.voices
    garden = guests[:199]
    host.hello()
    host.say(type="create", id="c", room="garden")
    crowd.until(lambda: host.answers == 1)
    for guest in guests:
        guest.hello()
    for guest in garden:
        guest.say(type="join", id="j", room="garden")
    crowd.until(lambda: all(guest.welcome for guest in guests) and all(guest.answers for guest in garden))
    host.say(type="post", id="p", room="lobby", text="all here")
    crowd.until(lambda: all(voice.texts for voice in crowd.voices))
    host.say(type="status", state="busy", ref="s")
    crowd.until(lambda: all(guest.states().get("host") == "busy" for guest in garden))
    most = max(len(voice.presence) for voice in crowd.voices)
    everybody = {voice.user: "online" for voice in garden} | {"host": "busy"}
    told = [guest.states() for guest in garden]
    changes = min(sum(len(line["users"]) for line in guest.presence) for guest in garden)
    crowd.close()
    assert most <= 10 < 100 < changes, "a line for each change would have been a hundred and more"
    for states_ in told:
        assert {name: states_[name] for name in everybody} == everybody


async def test_spam_is_limited(start_server) -> None:  # type: ignore[no-untyped-def]  # a fixture of ours
    server: ServerProcess = start_server()
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    for number in range(60):
        await bob.send(type="status", state="away" if number % 2 else "online", ref=f"{number}")
    refused = await bob.until("error")
    assert code(refused) == "rate_limited" and refused["retry_after"] > 0
    await bob.until(ref="59")
    await bob.settle()
    assert sum(line["type"] == "ok" for line in bob.seen) >= 20
    assert (await alice.change("post", "lobby", text="undisturbed"))["type"] == "ok"
    await close_all(alice, bob)
