"""The tools and a real server on one history: replay beside it, and import before it."""

from collections.abc import Callable
from pathlib import Path

from chatserver.verify import verify
from tests.processes import ServerProcess
from tests.replay.test_import import OLDER, bring_in
from tests.replay.test_replay_command import replay
from tests.server.peer import Peer, close_all


async def test_a_running_server_does_not_notice_a_replay(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    done = replay(server.history)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("alice joined\n")
    assert (await alice.change("post", "lobby", text="still here"))["type"] == "ok"
    assert replay(server.history).stdout.endswith("alice  still here\n")
    await close_all(alice)


async def test_a_running_server_keeps_an_import_away(
    server: ServerProcess, write: Callable[[str | bytes], Path]
) -> None:
    before = server.history.read_bytes()
    done = bring_in(write(OLDER), server.data)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert server.history.read_bytes() == before


async def test_what_was_imported_is_served(
    start_server: Callable[..., ServerProcess], write: Callable[[str | bytes], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "history"
    bring_in(write(OLDER), folder)
    server = start_server(data=folder)
    alice = await Peer.sign_in(server.port, "alice")
    assert {room["room"]: room.get("role") for room in alice.welcome["rooms"]}["old"] == "moderator"
    page = await alice.ask(type="history", room="old")
    assert [entry["text"] for entry in page["messages"] if entry["type"] == "message"] == ["hello", "a|b", "later"]
    await close_all(alice)
    assert server.stop() == 0
    assert verify(server.history).bad is None
