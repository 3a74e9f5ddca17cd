"""`python -m chatserver import` on real files: the old times stand, twice is once, and what does not fit is refused."""

import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared import record
from shared.protocol import AnyEvent, Created, Message
from tests.replay.samples import history_bytes
from tests.replay.test_replay_command import ENVIRONMENT, ROOT, replay

pytestmark = pytest.mark.process

OLDER = """\
alice|2020-07-02|09:12 AM|hello
Server|2020-07-02|09:13 AM|bob joined
bob smith|2020-07-02|01:00 PM|a|b
nonsense
alice|2020-12-02|09:12 AM|later
"""


def bring_in(file: Path, folder: Path, room: str = "old") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chatserver", "import", str(file), "--room", room, "--data", str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def events(folder: Path) -> list[AnyEvent]:
    """Every event of the history, each line checked against the one before it."""
    header, *lines = (folder / "chat_history.txt").read_bytes().splitlines(keepends=True)
    _, chain = record.decode_header(header)
    found = []
    for line in lines:
        event, chain = record.decode(line, chain)
        found.append(event)
    return found


def test_a_file_becomes_a_history_with_its_old_times(write: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    file, folder = write(OLDER), tmp_path / "history"
    done = bring_in(file, folder)
    assert done.returncode == 1  # a line was skipped
    assert done.stderr == (
        f"{file}, line 4 is skipped: it has 0 bars, sender|YYYY-MM-DD|HH:MM AM|text has at least 3.\n"
    )
    assert done.stdout == (
        f"Imported 3 messages into the room old of {folder / 'chat_history.txt'}.\n"
        "bob smith is written bob_smith.\n"
        "Left out: 1 notice that somebody came or went.\n"
        "Skipped: 1 line, named above.\n"
    )
    assert [(event.time, event.user, event.text) for event in events(folder) if isinstance(event, Message)] == [
        ("2020-07-02T07:12:00.000000Z", "alice", "hello"),
        ("2020-07-02T11:00:00.000000Z", "bob_smith", "a|b"),
        ("2020-12-02T08:12:00.000000Z", "alice", "later"),
    ]
    assert [event.seq for event in events(folder)] == [1, 2, 3, 4, 5]


def test_what_was_imported_reads_as_the_file_did(write: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    lines = OLDER.replace("bob smith", "bob").splitlines(keepends=True)
    file = write("".join(line for line in lines if "|" in line and "joined" not in line))
    assert bring_in(file, tmp_path / "history").returncode == 0
    as_file, as_history = replay(file).stdout, replay(tmp_path / "history", "--room", "old").stdout
    notices = ("09:12  alice made this room", "13:00  bob joined")
    spoken = [line for line in as_history.splitlines() if line not in notices]
    assert spoken == as_file.splitlines()


def test_twice_is_once_and_a_longer_file_adds_its_end(write: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    folder = tmp_path / "history"
    bring_in(write(OLDER), folder)
    before = (folder / "chat_history.txt").read_bytes()
    again = bring_in(write(OLDER), folder)
    assert (folder / "chat_history.txt").read_bytes() == before
    assert "Imported 0 messages" in again.stdout and "earlier import: 3 messages" in again.stdout
    bring_in(write(OLDER + "carol|2021-01-01|12:00 AM|happy new year\n"), folder)
    after = (folder / "chat_history.txt").read_bytes()
    assert after.startswith(before)
    assert events(folder)[-1].time == "2020-12-31T23:00:00.000000Z"


@pytest.mark.slow
def test_an_import_that_was_killed_goes_on(write: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    file, folder = write("".join(_minutes(3_000))), tmp_path / "history"
    history = folder / "chat_history.txt"
    with subprocess.Popen(
        [sys.executable, "-m", "chatserver", "import", str(file), "--room", "old", "--data", str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 20
        while not (history.exists() and history.stat().st_size > 4_000) and time.monotonic() < deadline:
            time.sleep(0.01)  # a file tells nobody that it grows
        process.send_signal(signal.SIGKILL)
    assert 0 < len(history.read_bytes().splitlines()) < 3_002  # the control: it was killed in the middle
    assert bring_in(file, folder).returncode == 0
    assert [event.text for event in events(folder) if isinstance(event, Message)] == [str(n) for n in range(3_000)]


def _minutes(count: int) -> list[str]:
    """Lines a minute apart, from midnight on."""
    start = datetime(2020, 1, 1)
    return [f"alice|{start + timedelta(minutes=n):%Y-%m-%d|%I:%M %p}|{n}\n" for n in range(count)]


def test_a_history_that_is_newer_refuses_and_stays_as_it_is(
    write: Callable[[str | bytes], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    newer = [Created(time="2021-11-20T08:00:00.000000Z", room="general", user="alice", id="1")]
    (folder / "chat_history.txt").write_bytes(history_bytes(newer, begun=newer[0].time))
    before = (folder / "chat_history.txt").read_bytes()
    done = bring_in(write("alice|2020-07-02|09:12 AM|hello\n"), folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Import it into an empty folder: --data NEW_FOLDER." in done.stderr and done.stderr.count("\n") == 1
    assert (folder / "chat_history.txt").read_bytes() == before
    older = bring_in(write("alice|2021-11-20|11:12 AM|hello\n"), folder)  # the control: what is later is taken
    assert older.returncode == 0 and events(folder)[-1].time == "2021-11-20T10:12:00.000000Z"


def test_an_empty_history_of_a_server_takes_any_file(write: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "chat_history.txt").write_bytes(history_bytes([]))  # it begins in 2026
    done = bring_in(write("alice|2020-07-02|09:12 AM|hello\n"), folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert events(folder)[-1].time == "2020-07-02T07:12:00.000000Z"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")
def test_a_history_that_is_being_served_is_left_alone(write: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "chat_history.txt").write_bytes(history_bytes([]))
    with (folder / "chat_history.txt").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = bring_in(write(OLDER), folder)
    assert done.returncode == 1 and done.stdout == ""
    assert len((folder / "chat_history.txt").read_bytes().splitlines()) == 1


@pytest.mark.parametrize(
    ("contents", "room", "code", "said"),
    [
        (OLDER, "a room", 2, "This one has a space."),
        (OLDER, "@alice,bob", 2, "A name has 1 to 64"),
        ("nonsense\n", "old", 1, "has no line that can be imported"),
        ("", "old", 1, "has no line that can be imported"),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence(
    write: Callable[[str | bytes], Path], tmp_path: Path, contents: str, room: str, code: int, said: str
) -> None:
    done = bring_in(write(contents), tmp_path / "history", room)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "history").exists()


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = bring_in(tmp_path / "nothing.txt", tmp_path / "history")
    assert done.returncode == 1 and done.stderr.endswith("nothing.txt cannot be used: No such file or directory.\n")
