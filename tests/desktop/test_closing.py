"""The window as a process: it ends cleanly, and says in one sentence why it cannot begin."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatclient.keep import Keep
from tests.processes import ServerProcess

pytestmark = pytest.mark.desktop


def started(home: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    surroundings = {**os.environ, "PARLEY_HOME": str(home), "PARLEY_KEYRING": "off", **environment}
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-m", "chatclient", *arguments],
        env=surroundings,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ended(window: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """With what code, and what it said; save that a step took long, which asyncio tells of a busy machine."""
    out, err = window.communicate(timeout=10)
    said = [
        line for line in err.splitlines(keepends=True) if not re.match(r"WARNING: Executing .* took [\d.]+ s", line)
    ]
    return window.returncode, out, "".join(said)


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process writes."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def signed_in(server: ServerProcess, user: str) -> bool:
    history = server.data / "chat_history.txt"
    return history.exists() and f"\tlobby\t{user}\tjoined\t" in history.read_text("utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_it_cleanly(
    display: str, server: ServerProcess, tmp_path: Path, number: signal.Signals
) -> None:
    window = started(tmp_path / "home", f"127.0.0.1:{server.port}", "--user", "alice", "--geometry", "900x600+10+20")
    until(lambda: signed_in(server, "alice"))
    until(lambda: (tmp_path / "home" / "settings.json").exists())
    window.send_signal(number)
    assert ended(window) == (0, "", "")
    assert Keep(tmp_path / "home").geometry.startswith("900x600")


def test_it_closes_while_the_server_is_dead(display: str, server: ServerProcess, tmp_path: Path) -> None:
    window = started(tmp_path / "home", f"127.0.0.1:{server.port}", "--user", "alice")
    until(lambda: (tmp_path / "home" / "settings.json").exists())
    server.kill()
    window.terminate()
    assert ended(window) == (0, "", "")


@pytest.mark.parametrize("display_name", ["", ":7654"])
def test_without_a_display_it_says_so(tmp_path: Path, display_name: str) -> None:
    window = started(tmp_path, DISPLAY=display_name)
    out, err = window.communicate(timeout=20)
    assert (window.returncode, out) == (1, "")
    assert err.startswith("There is no display to open a window on") and err.count("\n") == 1


def test_a_wrong_command_line_is_told(tmp_path: Path) -> None:
    window = started(tmp_path, "http://harbour.example")
    _, err = window.communicate(timeout=20)
    assert window.returncode == 2
    assert "A link to a server begins with chat://" in err
