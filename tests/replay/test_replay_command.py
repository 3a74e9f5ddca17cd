"""`python -m chatserver replay` as people use it: real processes, files, pipes and terminals."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.protocol import Message
from tests.replay.samples import EVENTS, history_bytes

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[2]
REPLAY = [sys.executable, "-m", "chatserver", "replay"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
ENVIRONMENT |= {"TZ": "Europe/Berlin", "PYTHONPATH": str(ROOT), "TERM": "xterm"}


def replay(*args: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*REPLAY, *map(str, args)],
        cwd=cwd,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def on_terminal(*args: str | Path, **environment: str) -> tuple[int, str]:
    """`(exit code, what the terminal got)`, standard error included."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*REPLAY, *map(str, args)], cwd=ROOT, env=ENVIRONMENT | environment, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        got = bytearray()
        while data := _read(ours):
            got += data
        os.close(ours)
    return process.returncode, got.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux says so where the other side is closed
        return b""


def test_a_room_in_the_reader_s_time(history: Path) -> None:
    done = replay(history, "--room", "#general", "--since", "2026-11-20", "--until", "2026-11-20T09:13")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "── Friday, 20 November 2026 ──\n09:12  bob  two\n            lines\n09:13  bob invited dave\n"
    )


def test_the_default_is_the_history_of_the_default_folder(history: Path, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    history.rename(folder / history.name)
    by_default, by_folder = replay(cwd=tmp_path), replay(folder)
    assert by_default.stdout == by_folder.stdout != ""
    assert replay(cwd=tmp_path, PARLEY_DATA="elsewhere").returncode == 1


def test_the_file_is_only_read(history: Path) -> None:
    history.chmod(0o400)
    before = history.read_bytes(), history.stat().st_mtime_ns, sorted(history.parent.iterdir())
    assert replay(history).returncode == 0
    assert (history.read_bytes(), history.stat().st_mtime_ns, sorted(history.parent.iterdir())) == before


def test_the_older_program_s_file(write: Callable[[str | bytes], Path]) -> None:
    done = replay(write("alice|2020-01-02|09:12 AM|hello|there\r\nServer|2020-01-02|01:00 PM|bob joined"))
    assert done.stdout == "── Thursday, 2 January 2020 ──\n09:12  alice  hello|there\n13:00  bob joined\n"
    assert done.returncode == 0


def test_a_bad_line_is_told_and_the_rest_goes_on(history: Path) -> None:
    lines = history.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"hello", b"HELLO")
    history.write_bytes(b"".join(lines))
    done = replay(history)
    assert done.returncode == 1
    assert done.stderr == f"{history}, line 4 is left out: its hash does not fit it and the line before it.\n"
    assert "disk is full" in done.stdout and "hello" not in done.stdout.lower()


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--since", "soon"), 2, "'soon' is no time."),
        (("--since", "now", "--until", "2h"), 2, "nothing lies between"),
        (("--speed", "0"), 2, "a speed is a number over 0, or max"),
        (("--speed", "nan"), 2, "a speed is a number over 0, or max"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(history: Path, args: tuple[str, ...], code: int, said: str) -> None:
    done = replay(history, *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(("contents", "said"), [(None, "No such file"), (b"hello\nworld\n", "neither a history")])
def test_a_file_that_is_none_is_told_in_a_sentence(tmp_path: Path, contents: bytes | None, said: str) -> None:
    path = tmp_path / "file.txt"
    if contents is not None:
        path.write_bytes(contents)
    done = replay(path)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    path = long_history(tmp_path, 20_000)
    with subprocess.Popen(
        [*REPLAY, str(path)], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_ctrl_c_ends_with_130(history: Path) -> None:
    with subprocess.Popen(
        [*REPLAY, str(history), "--speed", "1"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()  # the first day: it is under way, and the next message is ten seconds off
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == b""


def test_colours_on_a_terminal_only_and_not_against_the_reader_s_wish(history: Path) -> None:
    code, shown = on_terminal(history)
    assert code == 0 and "\x1b[1malice\x1b[0m" in shown
    assert "\x1b" not in on_terminal(history, NO_COLOR="1")[1]
    assert "\x1b" not in on_terminal(history, TERM="dumb")[1]
    assert "\x1b" not in replay(history).stdout


def test_a_terminal_that_lacks_a_character_gets_its_number(history: Path) -> None:
    done = replay(history, PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and done.stdout.startswith("\\u2500\\u2500 Thursday")


@pytest.mark.slow
def test_a_long_history_shows_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "slow.txt"
    events = [
        Message(time=f"2026-11-20T08:00:0{second}.000000Z", room="general", user="bob", id=str(second), text="tick")
        for second in (0, 2)
    ]
    path.write_bytes(history_bytes(events))
    code, shown = on_terminal(path, "--speed", "1")
    assert code == 0 and "slow.txt" in shown and "%" in shown
    assert "%" not in on_terminal(path)[1]


def long_history(folder: Path, count: int) -> Path:
    path = folder / "long.txt"
    events = [
        Message(time="2026-11-20T08:00:00.000000Z", room="general", user="bob", id=str(number), text=f"number {number}")
        for number in range(count)
    ]
    path.write_bytes(history_bytes([*EVENTS, *events]))
    return path
