"""The people of these tests on one server: alice owns it, who else comes is named by the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all

Cast = dict[str, Peer]


@asynccontextmanager
async def cast(server: ServerProcess, *names: str) -> AsyncIterator[Cast]:
    """Signed-in peers by name, alice the owner first; closed at the end."""
    code = server.data / "owner-invitation.txt"
    invite = {"invite": code.read_text().strip()} if code.exists() else {}
    people = {"alice": await Peer.sign_in(server.port, "alice", **invite)}
    try:
        for name in names:
            people[name] = await Peer.sign_in(server.port, name)
        yield people
    finally:
        await close_all(*people.values())


def outcome(answer: Line) -> str:
    """`ok`, or the code of the error."""
    return str(answer["code"]) if answer["type"] == "error" else "ok"


async def expect_ok(peer: Peer, type: str, room: str, **fields: object) -> Line:
    """A change that must succeed."""
    answer = await peer.change(type, room, **fields)
    assert answer["type"] == "ok", answer
    return answer


async def heard_of(peer: Peer, room: str, start: int) -> list[Line]:
    """What came of a room since line `start` of `seen`, all that was on its way included."""
    await peer.settle()
    return [line for line in peer.seen[start:] if line.get("room") == room]
