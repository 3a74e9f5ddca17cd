"""`make run`: server and window begin and end together."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import ServerProcess, missing
from tools import run

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20.0


@contextmanager
def running(*args: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], str]]]:
    """`make run` as a process, and `wait_for(text)`, which gives the line of its output that holds the text."""
    clean = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    command = [sys.executable, "-m", "tools.run", *args]
    lines: queue.Queue[str] = queue.Queue()
    with subprocess.Popen(
        command, cwd=ROOT, env=clean | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                lines.put(line)

        def wait_for(text: str) -> str:
            while text not in (line := lines.get(timeout=PATIENCE)):
                pass
            return line

        reader = threading.Thread(target=read, name="output")
        reader.start()
        try:
            yield process, wait_for
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
            reader.join()


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, False),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_where_a_window_can_open(platform: str, environment: dict[str, str], expected: bool) -> None:
    assert run.has_screen(platform, environment) is expected


@pytest.mark.parametrize("moment", range(4))
def test_a_signal_is_never_lost(tmp_path: Path, moment: int) -> None:
    with running("--port", "0", "--data", str(tmp_path / "history")) as (process, wait_for):
        for text in ("Parley is", "no screen", "python -m chatclient")[:moment]:
            wait_for(text)
        if moment == 0:
            time.sleep(0.3)  # somewhere in its start, where there is nothing to wait for
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) in ((0, -signal.SIGINT, -signal.SIGTERM) if moment == 0 else (0,))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_without_a_screen_the_server_runs_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    with running("--port", "0", "--data", str(tmp_path / "history")) as (process, wait_for):
        port = int(wait_for("Parley is listening on ").split(",")[0].rpartition(":")[2])
        assert f"python -m chatclient 127.0.0.1:{port}" in wait_for("python -m chatclient")
        assert run.listens("127.0.0.1", port)
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0
        assert not run.listens("127.0.0.1", port)
    assert (tmp_path / "history" / "chat_history.txt").exists()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with running("--port", "0", "--data", str(tmp_path / "file" / "history")) as (process, _):
        assert process.wait(PATIENCE) == 1


WINDOW = """
import socket, sys
host, port, invitation, path = sys.argv[1:]
socket.create_connection((host, int(port))).close()
open(path, "a").write(f"{port} {invitation}\\n")
"""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Stands in for the window: a program that connects, writes port and invitation into this file, and ends."""
    path = tmp_path / "opened.txt"

    def window_command(host: str, port: int, invitation: str | None) -> list[str]:
        return [sys.executable, "-c", WINDOW, host, str(port), "invited" if invitation else "", str(path)]

    monkeypatch.setattr(run, "window_command", window_command)
    monkeypatch.setattr(run, "has_screen", lambda *_: True)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield path
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_server_ends_when_the_window_closes(opened: Path, free_port: int, tmp_path: Path) -> None:
    assert run.main(["--port", str(free_port), "--data", str(tmp_path / "history")]) == 0
    assert opened.read_text() == f"{free_port} invited\n"
    assert not run.listens("127.0.0.1", free_port)


def test_where_a_server_listens_already_only_the_window_opens(
    opened: Path, server: ServerProcess, tmp_path: Path
) -> None:
    assert run.main(["--port", str(server.port), "--data", str(tmp_path / "none")]) == 0
    assert opened.read_text() == f"{server.port} \n"
    assert run.listens("127.0.0.1", server.port)
    assert not (tmp_path / "none").exists()


@pytest.mark.desktop
def test_a_real_window_opens_and_takes_the_server_with_it(display: str, tmp_path: Path) -> None:
    if not shutil.which("xdotool"):
        missing("this test needs xdotool: apt-get install xdotool")
    home = {"PARLEY_HOME": str(tmp_path / "home"), "PARLEY_KEYRING": "off", "DISPLAY": display}
    with running("--port", "0", "--data", str(tmp_path / "history"), **home) as (process, wait_for):
        wait_for("Parley is listening on ")
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Parley"]
        found = subprocess.run(
            search, env=os.environ | home, capture_output=True, text=True, check=True, timeout=PATIENCE
        )
        subprocess.run(["xdotool", "windowkill", found.stdout.split()[0]], env=os.environ | home, check=True)
        assert process.wait(PATIENCE) == 0
