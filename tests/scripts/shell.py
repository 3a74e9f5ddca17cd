"""The command line as a shell runs it: real processes with standard streams and Parley's folder of their own."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.processes import PATIENCE, ROOT

CHATCLIENT = (sys.executable, "-m", "chatclient")


class Running:
    """A script that goes on: its lines, and its end."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        assert process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stream: "IO[str]") -> None:
        for line in stream:
            self._queue.put(line)
        self._queue.put(None)

    def tell(self, line: str) -> None:
        """A line on its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def until(self, text: str) -> str:
        """Wait for a line that holds this."""
        while True:
            line = self._queue.get(timeout=PATIENCE)
            assert line is not None, f"it ended: {self.lines}"
            self.lines.append(line)
            if text in line:
                return line

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Its exit code and what it said on standard error, after this signal or by itself."""
        if number is not None:
            self.process.send_signal(number)
        elif self.process.stdin is not None:
            self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self._reader.join()
        while (line := self._queue.get()) is not None:
            self.lines.append(line)
        return code, self.process.stderr.read() if self.process.stderr is not None else ""


class Shell:
    """Somebody's shell, at a server."""

    def __init__(self, home: Path, port: int, user: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "COLUMNS")}
        self.environment = {
            **{name: value for name, value in clean.items() if not name.startswith("PARLEY_")},
            "PARLEY_HOME": str(home / user),
            "PARLEY_KEYRING": "off",
            "PARLEY_SERVER": f"127.0.0.1:{port}",
            "PARLEY_USER": user,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }

    def run(self, *words: str, say: str | bytes = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run `chatclient WORDS` to its end with this on its standard input."""
        done = subprocess.run(
            [*CHATCLIENT, *words],
            input=say.encode() if isinstance(say, str) else say,
            capture_output=True,
            timeout=PATIENCE * 2,
            env={**self.environment, **environment},
            cwd=ROOT,
            check=False,
            start_new_session=True,  # without the developer's terminal, as in CI
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    def do(self, *words: str, say: str | bytes = "") -> str:
        """The same, which must be done without a word on standard error; gives its output."""
        done = self.run(*words, say=say)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    @contextmanager
    def running(self, *words: str, say: bool = False, errors: bool = False) -> Iterator[Running]:
        """`chatclient WORDS` while it runs; killed at the end where it still does. With `errors` they are among its
        lines."""
        process = subprocess.Popen(
            [*CHATCLIENT, *words],
            stdin=subprocess.PIPE if say else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors else subprocess.PIPE,
            env=self.environment,
            cwd=ROOT,
            text=True,
            encoding="utf-8",
        )
        running = Running(process)
        try:
            yield running
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
