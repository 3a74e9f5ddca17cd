"""A server under test: started on a core of its own, its processor time and memory read from /proc, always ended.

Servers and the load generator never share a core where there are two: the servers get the first that this process may
use, the generator the last. A server is ended by its own pid when its `with` block ends, however it ends.
"""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shared.errors import ParleyError

ROOT = Path(__file__).resolve().parent.parent
CORES: Sequence[int] = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (0,)
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
READY = re.compile(rb"listening on \S*?:(\d+)")
STOP_SECONDS = 60.0


class BenchError(ParleyError):
    """The measurement cannot be made, or what it saw is not what a chat server owes; the sentence says why."""


def require_linux() -> None:
    """`BenchError` elsewhere: the cores, /proc and reading without copying are Linux's."""
    if sys.platform != "linux":
        raise BenchError(f"The benchmarks need Linux, this is {sys.platform}.")


@contextmanager
def on_the_generators_core() -> Iterator[None]:
    """This process on the last core, with as many file descriptors as it may have."""
    import resource  # which Windows lacks: there the benchmarks must still be able to say that they need Linux

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORES[-1]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Server:
    """One server process. `port` is what it listens on, `start_seconds` from exec to the line that says so."""

    def __init__(self, command: Sequence[str], folder: Path, patience: float = 30.0) -> None:
        """Start it and wait for that line; `BenchError` with what it said where it does not come in time."""
        self._errors = folder / "stderr.txt"
        with self._errors.open("ab") as errors:
            began = time.perf_counter()
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                preexec_fn=lambda: os.sched_setaffinity(0, {CORES[0]}),
            )
        try:
            self.port = self._wait_until_ready(began + patience)
        except BaseException:
            self.close()
            raise
        self.start_seconds = time.perf_counter() - began

    def _wait_until_ready(self, deadline: float) -> int:
        assert self._process.stdout is not None
        pipe, said = self._process.stdout.fileno(), b""
        while select.select([pipe], [], [], max(0.0, deadline - time.perf_counter()))[0]:
            data = os.read(pipe, 65536)
            said += data
            if match := READY.search(said):
                return int(match[1])
            if not data:
                break
        said += self._errors.read_bytes()
        raise BenchError(f"The server did not start: {said.decode(errors='replace').strip() or 'it said nothing'}")

    @property
    def pid(self) -> int:
        """For profilers."""
        return self._process.pid

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far; the kernel counts in hundredths."""
        fields = Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self) -> int:
        """Its resident set."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_bytes().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> int:
        """SIGTERM, and SIGKILL for who does not end; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        return self._process.returncode

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
