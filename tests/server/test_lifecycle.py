"""Start and stop of a real server process: what it says, what it refuses, and its exit codes."""

import asyncio
import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatserver.log.textfile import TextLog
from shared.protocol import AnyEvent
from tests.processes import ROOT, ServerProcess
from tests.server.peer import Peer, close_all


@pytest.fixture
def new_server() -> type[ServerProcess]:
    """From nothing: it is the start and the end that count here."""
    return ServerProcess


def run(*flags: str) -> subprocess.CompletedProcess[str]:
    """One server that is not expected to start."""
    command = [sys.executable, "-m", "chatserver", *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_one_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1, result
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for word in words:
        assert word in result.stderr


def test_it_says_where_it_listens_and_what_it_holds(server: ServerProcess) -> None:
    line = next(line for line in server.output if "listening" in line)
    assert line.startswith(f"Parley is listening on 127.0.0.1:{server.port}")
    assert str(server.history) in line
    assert "0 events" in line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_goodbye_and_ends_with_0(start_server: Callable[..., ServerProcess], number: int) -> None:
    server = start_server()
    alice, silent = await Peer.sign_in(server.port, "alice"), await Peer.connect(server.port)
    for n in range(100):
        await alice.send(type="post", id=str(n), room="lobby", text=str(n))
    os.kill(server.pid, number)
    await alice.until("goodbye", code="shutting_down")
    while server.running:  # impatience must not cut the ending short, however late it comes
        os.kill(server.pid, number)
        await asyncio.sleep(0.001)
    assert server.wait() == 0
    # What was acknowledged stands; what stands was delivered or will be.
    acknowledged = [line["seq"] for line in alice.events("ok")]
    text = server.history.read_text("utf-8")
    assert all(f"\n{seq}\t" in text for seq in acknowledged)
    with pytest.raises(ConnectionRefusedError):
        await Peer.connect(server.port)
    await close_all(alice, silent)


def test_a_port_in_use(server: ServerProcess, tmp_path: Path) -> None:
    result = run("--port", str(server.port), "--data", str(tmp_path / "other"))
    assert_one_sentence(result, str(server.port))
    assert not (tmp_path / "other").exists()


def test_a_second_server_on_the_folder(server: ServerProcess) -> None:
    before = snapshot(server.data)
    result = run("--port", "0", "--data", str(server.data))
    assert_one_sentence(result, str(server.data))
    assert snapshot(server.data) == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert_one_sentence(run("--port", "0", "--data", str(blocked)), str(blocked))
    assert_one_sentence(run("--port", "0", "--data", str(blocked / "below")), str(blocked))
    assert blocked.read_text() == "not a folder"


async def test_a_broken_history_is_named_and_left_alone(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    for n in range(5):
        await alice.change("post", "lobby", text=f"line {n}")
    await alice.close()
    server.stop()
    good = server.history.read_bytes()
    server.history.write_bytes(good.replace(b"line 2", b"line 9"))
    before = snapshot(server.data)
    result = await asyncio.to_thread(run, "--port", "0", "--data", str(server.data))
    assert_one_sentence(result, "verify", "chat_history.txt")
    assert {k: v for k, v in snapshot(server.data).items() if "sqlite" not in k} == {
        k: v for k, v in before.items() if "sqlite" not in k
    }
    # The control: mended, it starts.
    server.history.write_bytes(good)
    server.start()


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (("--port", "seventy"), "port"),
        (("--port", "70000"), "70000"),
        (("--access", "maybe"), "access"),
        (("--limits", "maybe"), "limits"),
        (("--log-level", "loud"), "log_level"),
        (("--config", "/nowhere.toml"), "/nowhere.toml"),
        (("--host", "no such host.invalid", "--port", "0"), "no such host"),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, flags: tuple[str, ...], word: str) -> None:
    assert_one_sentence(run(*flags, "--data", str(tmp_path / "data")), word)


async def test_settings_from_a_file(start_server: Callable[..., ServerProcess], tmp_path: Path) -> None:
    config = tmp_path / "parley.toml"
    config.write_text('name = "Harbour"\naccess = "closed"\n')
    server = start_server("--config", str(config))
    peer = await Peer.connect(server.port)
    hello = {"type": "hello", "protocol": 1, "user": "alice", "token": "0" * 32}
    assert (await peer.ask(**hello))["code"] == "not_allowed"
    # The owner's invitation opens even a closed server.
    code = (server.data / "owner-invitation.txt").read_text().strip()
    assert stat.S_IMODE((server.data / "owner-invitation.txt").stat().st_mode) == 0o600
    welcome = await peer.ask(**hello, invite=code)
    assert welcome["server"] == "Harbour"
    assert welcome["rooms"][0]["role"] == "owner"
    await peer.close()
    server.stop()
    server.start()
    assert not (server.data / "owner-invitation.txt").exists()


async def test_access_by_invitation(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server("--access", "invite")
    peer = await Peer.connect(server.port)
    hello = {"type": "hello", "protocol": 1, "user": "alice", "token": "0" * 32}
    assert (await peer.ask(**hello))["code"] == "invite_needed"
    assert (await peer.ask(**hello, invite="guess"))["code"] == "invite_needed"
    await peer.close()


async def test_a_silent_client_is_refused(start_server: Callable[..., ServerProcess], monkeypatch) -> None:
    monkeypatch.setenv("PARLEY_PATIENCE", "0.3")
    server = start_server()
    silent, half = await Peer.connect(server.port), await Peer.connect(server.port)
    await half.raw(b'{"type":')
    for peer in (silent, half):
        answer = await peer.closed()
        assert b"No whole line came within 0.3 s" in answer
    await close_all(silent, half)


async def test_rate_limits(start_server: Callable[..., ServerProcess]) -> None:
    server = start_server()
    alice = await Peer.sign_in(server.port, "alice")
    for n in range(300):
        await alice.send(type="post", id=str(n), room="lobby", text=str(n))
    refused = await alice.until("error")
    assert refused["code"] == "rate_limited"
    assert 0 < refused["retry_after"] < 1
    await alice.close()


async def test_deleting_everything_derived_loses_nothing(server: ServerProcess) -> None:
    alice, bob = await Peer.sign_in(server.port, "alice"), await Peer.sign_in(server.port, "bob")
    await alice.change("create", "garden", topic="What grows", private=True)
    await alice.change("invite", "garden", user="bob")
    await alice.change("post", "garden", text="roses")
    await bob.change("post", "@alice", text="psst")
    await close_all(alice, bob)
    server.stop()

    async def everything() -> list[object]:
        peer = await Peer.sign_in(server.port, "bob")
        rooms = peer.welcome["rooms"]
        pages = [await peer.ask(type="history", room=room["room"]) for room in rooms]
        for page in pages:
            page.pop("ref")
        await peer.close()
        return [rooms, pages]

    server.start()
    before = await everything()
    server.stop()
    for path in server.data.iterdir():
        if path.name not in ("chat_history.txt", "accounts.sqlite3", "files"):
            path.unlink()
    server.start()
    assert await everything() == before


async def test_the_next_start_reads_nothing_again(server: ServerProcess) -> None:
    """Also after one in which nobody came, on a history without its index."""
    alice = await Peer.sign_in(server.port, "alice")
    await alice.change("create", "garden")
    await alice.close()
    server.stop()
    for path in server.data.glob("index*"):
        path.unlink()
    assert await replayed(server.data) == 2, "the control: without its index all of it is read"
    server.start()
    server.stop()
    assert await replayed(server.data) == 0


async def replayed(folder: Path) -> int:
    """How many events the next start reads to know the rooms."""
    found: list[AnyEvent] = []
    log = TextLog.open(folder, restore=lambda snapshot: True, replay=found.extend)
    await log.close()
    return len(found)


async def test_what_was_acknowledged_survives_a_kill(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    for n in range(2_000):
        alice.writer.write(b'{"type":"post","id":"%d","room":"lobby","text":"text %d"}\n' % (n, n))
    for _ in range(700):
        await alice.until("ok")
    server.kill()
    acknowledged = {line["seq"]: line["id"] for line in alice.events("ok")}
    server.start()
    again = await Peer.sign_in(server.port, "alice")
    events = (await again.ask(type="sync", after=0))["events"]
    stored = {event["seq"]: event["id"] for event in events if event["type"] == "message"}
    assert acknowledged.items() <= stored.items()
    assert list(stored.values()) == [str(n) for n in range(len(stored))]
    await close_all(alice, again)


async def test_a_file_changed_under_the_server_ends_it(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    await alice.change("post", "lobby", text="before")
    os.truncate(server.history, server.history.stat().st_size - 5)
    await alice.send(type="post", id="after", room="lobby", text="after")
    await alice.until("goodbye")
    assert not alice.events("ok")[1:], "nothing is called stored any more"
    assert await asyncio.to_thread(server.wait) == 1
    assert "changed by something else" in server.output[-1]
    assert server.output[-1].startswith("chatserver: ")
    await alice.close()


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of the server's files with prlimit")
async def test_a_full_disk_refuses_posts_and_serves_reads_until_there_is_room(server: ServerProcess) -> None:
    alice = await Peer.sign_in(server.port, "alice")
    first = await alice.change("post", "lobby", text="before")
    full = server.history.stat().st_size + 1_000
    _, most = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (full, most))
    refused = await alice.change("post", "lobby", text="x" * 2_000, id="big")
    assert refused["code"] == "storage_full"
    assert (await alice.change("post", "lobby", text="small"))["seq"] == first["seq"] + 1
    assert [line["text"] for line in (await alice.ask(type="history", room="lobby"))["messages"][1:]] == [
        "before",
        "small",
    ]
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (most, most))
    assert (await alice.change("post", "lobby", text="x" * 2_000, id="big"))["type"] == "ok"
    await alice.close()
    assert await asyncio.to_thread(server.stop) == 0
