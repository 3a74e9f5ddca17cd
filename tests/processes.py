"""A real server process, for tests that talk to it, end it, kill it and start it again."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READY = re.compile(r"Parley is listening on (\S+):(\d+)")
PATIENCE = 20.0
"""Seconds after which a process that should have answered counts as stuck."""


def missing(what: str) -> None:
    """Skip for want of a tool on a developer's machine; in CI (`CI=true`) that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


class ServerProcess:
    """A real `python -m chatserver` on 127.0.0.1. `port` and `data` stay the same over a restart."""

    def __init__(self, data: Path, flags: tuple[str, ...]) -> None:
        self.data = data
        self.port = 0
        self.output: list[str] = []
        self._flags = flags
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()

    @property
    def history(self) -> Path:
        return self.data / "chat_history.txt"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it says that it listens; fail with what it said otherwise."""
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        self._process = self._spawn([*place, *self._flags])
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="server output", daemon=True)
        self._reader.start()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                self.kill()
                pytest.fail("The server did not start:\n" + "".join(self.output))
            if match := READY.search(line):
                self.port = int(match[2])
                return

    def _spawn(self, arguments: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "chatserver", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def stop(self) -> int:
        """Ask it to end (SIGTERM), wait, and give its exit code."""
        return self._end(signal.SIGTERM)

    def wait(self) -> int:
        """Wait until it ends by itself, and give its exit code."""
        return self._end(None)

    def kill(self) -> int:
        """End it as a power cut would (SIGKILL)."""
        return self._end(signal.SIGKILL)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line)
            self._lines.put(line)
        self._lines.put(None)

    def _end(self, number: signal.Signals | None) -> int:
        process = self._process
        assert process is not None and process.stdout is not None and self._reader is not None
        if number is not None and process.poll() is None:
            process.send_signal(number)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail("The server did not end:\n" + "".join(self.output))
        self._reader.join()
        process.stdout.close()
        return code


NewServer = Callable[[Path, tuple[str, ...]], ServerProcess]
"""Makes a server, not yet started, of a folder and flags."""


@contextmanager
def standing(server: ServerProcess) -> Iterator[ServerProcess]:
    """Start it for several tests. At the end it must end in order, and must never have raised."""
    server.start()
    yield server
    code = server.stop() if server.running else 0
    assert "Traceback" not in "".join(server.output), "".join(server.output)
    assert code == 0, f"it ended with {code}"
