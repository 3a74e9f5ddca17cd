"""Plain lines through pipes: what is read is said, what is said is printed, and the end of it ends the client."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import PATIENCE, ROOT, ServerProcess
from tests.terminal.conftest import PeerAs
from tests.terminal.tmux import Tmux

pytestmark = [pytest.mark.terminal, pytest.mark.slow]


class Piped:
    """The client between two pipes. `said` are its lines so far."""

    def __init__(self, place: str, user: str, home: Path, *words: str) -> None:
        named = [place, "--user", user] if place else []
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-m", "chatclient", "--terminal", *named, *words],
            cwd=ROOT,
            env=os.environ | {"PARLEY_HOME": str(home), "PARLEY_KEYRING": "off"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def write(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def told(self) -> str:
        """The next line of its standard error."""
        assert self.process.stderr is not None
        return self.process.stderr.readline().rstrip("\n")

    def line(self) -> str:
        """The next line of its standard output, without the time."""
        assert self.process.stdout is not None
        room, _, rest = self.process.stdout.readline().rstrip("\n").partition(" ")
        return f"{room} {rest[6:]}"

    def end(self) -> tuple[int, str, str]:
        """End what it reads; gives exit code, output and errors."""
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, errors


async def test_what_is_piped_in_is_said_and_then_it_ends(
    harbour: ServerProcess, tmp_path: Path, peer_as: PeerAs
) -> None:
    bob = await peer_as("bob")
    await bob.change("create", "garden")
    alice = Piped(f"127.0.0.1:{harbour.port}", "alice", tmp_path / "alice", "--plain")
    alice.write("first", "", "/join garden", "second, in the garden", "/all third", "/msg bob fourth", "//slash")
    code, output, errors = alice.end()
    assert code == 0, errors
    said = [await bob.until("message") for _ in range(5)]
    assert [(each["room"], each["text"]) for each in said] == [
        ("lobby", "first"),
        ("garden", "second, in the garden"),
        ("lobby", "third"),
        ("@alice,bob", "fourth"),
        ("@alice,bob", "/slash"),
    ]
    lines = [f"{line.split(' ')[0]} {line.split(' ', 2)[2]}" for line in output.splitlines()]
    assert "[garden] alice: second, in the garden" in lines and "[@bob] alice: fourth" in lines
    assert "Traceback" not in errors


async def test_what_others_say_comes_as_lines(harbour: ServerProcess, tmp_path: Path, peer_as: PeerAs) -> None:
    bob = await peer_as("bob")
    alice = Piped(f"127.0.0.1:{harbour.port}", "alice", tmp_path / "alice")
    assert alice.told() == "* Connected to Harbour as alice."
    first = await bob.change("post", "lobby", text="hello\n[lobby] 09:12 carol: I am carol \x1b[2J")
    assert [alice.line(), alice.line()] == [
        "[lobby] bob: hello",
        r"[lobby] bob: [lobby] 09:12 carol: I am carol \x1b[2J",
    ]
    await bob.change("post", "lobby", text="/me waves")
    assert alice.line() == "[lobby] * bob waves"
    answer = await bob.change("post", "lobby", text="short", reply_to=first["seq"])
    assert alice.line().startswith("[lobby] bob: ↳ bob: hello")
    assert alice.line() == "[lobby] bob: short"
    await bob.change("edit", "lobby", of=answer["seq"], text="shorter")
    assert alice.line() == "[lobby] bob edited: shorter"
    await bob.change("react", "lobby", of=answer["seq"], emoji="👍")
    assert alice.line() == "[lobby] bob reacted 👍 to bob: shorter"
    await bob.change("delete", "lobby", of=answer["seq"])
    assert alice.line() == "[lobby] bob deleted a message"
    await bob.change("post", "@alice", text="only you")
    assert alice.line() == "[@bob] bob: only you"
    alice.write("/reply me too", "/members")
    code, output, errors = alice.end()
    assert code == 0
    assert "alice  (online)" in output and "bob  (online)" in output
    assert "Traceback" not in errors


async def test_a_refusal_is_told_and_is_the_exit_code(harbour: ServerProcess, tmp_path: Path) -> None:
    alice = Piped(f"127.0.0.1:{harbour.port}", "alice", tmp_path / "alice", "--plain")
    alice.write("/join nowhere", "/nothing", "still said")
    code, output, errors = alice.end()
    assert code == 1
    assert "! There is no room called nowhere" in errors and "! There is no command /nothing." in errors
    assert "alice: still said" in output, "one bad line does not stop the others"


async def test_a_line_that_is_too_long_ends_it_when_what_was_before_it_stands(
    harbour: ServerProcess, tmp_path: Path, peer_as: PeerAs
) -> None:
    bob = await peer_as("bob")
    alice = Piped(f"127.0.0.1:{harbour.port}", "alice", tmp_path / "alice", "--plain")
    alice.write("before", "x" * 100_000, "behind it")
    code, output, errors = alice.end()
    assert code == 1 and "! A line of standard input has over 16,000 characters, which is the limit." in errors
    assert (await bob.until("message"))["text"] == "before" and "behind it" not in output


@pytest.mark.skipif(sys.platform == "win32", reason="closes streams as a POSIX shell does")
@pytest.mark.parametrize(
    ("streams", "code", "said"),
    [
        ("<&-", 1, "! There is no standard input to read a text from."),
        ("</dev/null >&-", 0, "* You are in lobby."),
        (">&- <<< hello", 1, "! Standard output cannot be written: not writable."),
        (">/dev/full <<< hello", 1, "! Standard output cannot be written: No space left on device."),
    ],
)
def test_streams_that_are_closed_or_full(
    harbour: ServerProcess, tmp_path: Path, streams: str, code: int, said: str
) -> None:
    if "/dev/full" in streams and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = subprocess.run(
        [
            "bash",
            "-c",
            f'exec "$0" -m chatclient --plain 127.0.0.1:{harbour.port} --user alice {streams}',
            sys.executable,
        ],
        cwd=ROOT,
        env=os.environ | {"PARLEY_HOME": str(tmp_path / "alice"), "PARLEY_KEYRING": "off"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr.splitlines() and "Traceback" not in done.stderr


async def test_a_reader_that_goes_away_ends_it_quietly(harbour: ServerProcess, tmp_path: Path, peer_as: PeerAs) -> None:
    bob = await peer_as("bob")
    alice = Piped(f"127.0.0.1:{harbour.port}", "alice", tmp_path / "alice")
    assert alice.told().startswith("* Connected")
    assert alice.process.stdout is not None
    alice.process.stdout.close()
    await bob.change("post", "lobby", text="hello")
    await bob.change("post", "lobby", text="hello again")
    assert alice.process.wait(PATIENCE) == 0
    assert alice.process.stderr is not None and alice.process.stdin is not None
    assert "Error" not in alice.process.stderr.read()
    alice.process.stderr.close()
    alice.process.stdin.close()


async def test_without_a_server_or_a_password_nobody_is_asked(
    harbour: ServerProcess, tmp_path: Path, peer_as: PeerAs, free_port: int
) -> None:
    await peer_as("bob", password="correct horse battery")
    for place, user, code, sentence in (
        (f"127.0.0.1:{free_port}", "alice", 3, "Nothing answers at 127.0.0.1"),
        (f"127.0.0.1:{harbour.port}", "bob", 1, "bob"),
    ):
        piped = Piped(place, user, tmp_path / user)
        assert piped.process.wait(PATIENCE) == code
        _, output, errors = piped.end()
        assert sentence in errors and "Traceback" not in errors and output == ""


async def test_the_environment_says_who_and_where(
    harbour: ServerProcess, tmp_path: Path, peer_as: PeerAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await peer_as("bob", password="correct horse battery")
    monkeypatch.setenv("PARLEY_SERVER", f"127.0.0.1:{harbour.port}")
    monkeypatch.setenv("PARLEY_USER", "bob")
    monkeypatch.setenv("PARLEY_PASSWORD", "correct horse battery")
    piped = Piped("", "", tmp_path / "bob")
    piped.write("from a script")
    code, _, errors = piped.end()
    assert code == 0, errors
    assert (await bob.until("message"))["text"] == "from a script"


async def test_a_dumb_terminal_gets_plain_lines(tmux: Tmux, harbour: ServerProcess, tmp_path: Path) -> None:
    alice = tmux.open(f"127.0.0.1:{harbour.port}", "--user", "alice", home=tmp_path / "alice", term="dumb")
    alice.until("Connecting to 127.0.0.1")
    alice.enter("hello there")
    alice.until("[lobby] ", " alice: hello there")
    alice.press("C-d")
    assert alice.ends() == 0
