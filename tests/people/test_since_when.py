"""Since when somebody is away, busy or offline; and who is told which people are banned."""

from chatserver.accounts.picture import Preferences
from chatserver.presence import Presence
from chatserver.rooms import Rooms
from shared.protocol import Person
from tests.people.cast import cast, expect_ok
from tests.people.test_presence import shown
from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all


def test_a_state_has_its_begin_and_online_has_none() -> None:
    here: set[str] = set()
    chosen = {"bob": Preferences()}
    seen = {"bob": "t0"}
    presence = Presence(here, lambda name: chosen[name], Rooms(), seen.__getitem__)
    assert presence.person("bob") == Person(state="offline", state_since="t0")
    assert presence.arriving("bob", "t1") == Person(state="online")
    here.add("bob")
    presence.begins("bob", "t1")
    assert presence.person("bob") == presence.arriving("bob", "t2") == Person(state="online")
    chosen["bob"] = Preferences(state="busy", note="writing")
    presence.begins("bob", "t2")
    assert presence.person("bob") == Person(state="busy", note="writing", state_since="t2")
    assert presence.arriving("bob", "t3").state_since == "t2", "another device changes nothing"
    here.clear()
    seen["bob"] = "t4"
    presence.begins("bob", "t4")
    assert presence.person("bob") == Person(state="offline", note="writing", state_since="t4")
    assert presence.arriving("bob", "t5").state_since == "t5", "busy again, since they come back"


async def member(peer: Peer, name: str, room: str = "lobby") -> Line:
    listed = (await peer.ask(type="members", room=room))["members"]
    found: Line = next(line for line in listed if line["user"] == name)
    return found


async def test_since_when_is_told_to_others(server: ServerProcess) -> None:
    async with cast(server, "bob") as people:
        alice, bob = people["alice"], people["bob"]
        assert "state_since" not in await member(alice, "bob")
        await bob.ask(type="status", state="busy", note="writing")
        busy = (await shown(alice, "bob", "busy"))["state_since"]
        assert (await member(alice, "bob"))["state_since"] == busy > bob.welcome["time"]
        await bob.ask(type="status", state="busy", note="still writing")
        assert (await member(alice, "bob"))["state_since"] == busy, "another note, the same state"
        second = await Peer.sign_in(server.port, "bob")
        assert second.welcome["people"]["bob"]["state_since"] == busy
        await bob.ask(type="status", state="away")
        away = (await member(alice, "bob"))["state_since"]
        assert away > busy
        await bob.ask(type="status", state="online")
        assert "state_since" not in await member(alice, "bob")
        await close_all(bob, second)
        gone = await shown(alice, "bob", "offline")
        line = await member(alice, "bob")
        assert gone["state_since"] == line["seen"] > away and "state_since" not in line
        late = await Peer.sign_in(server.port, "late")
        assert late.welcome["people"]["bob"]["state_since"] == gone["state_since"]
        await close_all(late)
    server.stop()
    server.start()
    again = await Peer.sign_in(server.port, "alice")
    assert again.welcome["people"]["bob"]["state_since"] == gone["state_since"], "when last seen is kept"
    await close_all(again)


async def test_who_is_banned_is_told_to_who_may_lift_it(server: ServerProcess) -> None:
    async with cast(server, "mia", "bob", "carol", "dave", "erin") as people:
        mia = people["mia"]
        await expect_ok(mia, "create", "garden")
        for name in ("bob", "carol"):
            await expect_ok(people[name], "join", "garden")
        for name in ("erin", "dave", "carol"):
            await expect_ok(mia, "ban", "garden", user=name)
        everybody = ["carol", "dave", "erin"]
        told = {name: (await people[name].ask(type="members", room="garden")).get("banned", []) for name in people}
        assert told == {"mia": everybody, "alice": everybody, "bob": [], "carol": [], "dave": [], "erin": []}
        await expect_ok(mia, "unban", "garden", user="dave")
        assert (await mia.ask(type="members", room="garden"))["banned"] == ["carol", "erin"]
        assert "banned" not in await people["alice"].ask(type="members", room="lobby")
        await expect_ok(mia, "post", "@bob", text="psst")
        assert "banned" not in await mia.ask(type="members", room="@bob")
