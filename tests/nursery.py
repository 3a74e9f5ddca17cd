"""Servers that are there at once: forked from a process that has imported them already.

Each is a process like any other, with its own port, folder, environment, signals and end; only the time in which Python
imports it is spent once for all tests. `Nursery` is the side of the tests; run as a program, this is the other. Where a
system cannot fork, servers are started as everywhere else.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tests.processes import PATIENCE, ROOT, ServerProcess


class Nursery:
    """Where servers are forked; `close` ends it, and no server."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "tests.nursery"]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=subprocess.DEVNULL)

    def born(self, arguments: list[str]) -> "Forked":
        """A server with these arguments, and the environment of this moment."""
        read, write = os.pipe()
        ours, theirs = socket.socketpair()
        with theirs:
            request = json.dumps([arguments, dict(os.environ)]).encode()
            socket.send_fds(self._socket, [len(request).to_bytes(4, "big")], [write, theirs.fileno()])
            self._socket.sendall(request)
        os.close(write)
        return Forked(ours, os.fdopen(read, encoding="utf-8"))

    def close(self) -> None:
        self._socket.close()
        self._process.wait(PATIENCE)


class Forked:
    """As much of a `Popen` as a `ServerProcess` asks for."""

    def __init__(self, told: socket.socket, stdout: IO[str]) -> None:
        self._told, self.stdout = told, stdout
        self._code: int | None = None
        self.pid = int(told.recv(64))

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("chatserver", timeout or 0)
            self._code = int(self._told.recv(64))
            self._told.close()
        return self._code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkedServer(ServerProcess):
    """A server of the nursery's."""

    def __init__(self, nursery: Nursery, data: Path, flags: tuple[str, ...]) -> None:
        super().__init__(data, flags)
        self._nursery = nursery

    def _spawn(self, arguments: list[str]) -> Any:
        return self._nursery.born(arguments)


@contextlib.contextmanager
def nursery() -> Iterator[Nursery | None]:
    """One, where the system can fork and hand on open files."""
    if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        yield None
        return
    made = Nursery()
    yield made
    made.close()


# --- the other side -------------------------------------------------------------------------------------------


def main() -> None:
    """Fork a server for each request, until the tests are gone."""
    # What the children are to have already: the program, and what it imports when its port is open.
    import chatserver.fronts.http.served
    import chatserver.fronts.web
    import chatserver.metrics
    import chatserver.serve  # noqa: F401 - as above

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who watches a server is reaped by itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the tests, and they end this
    with socket.socket(fileno=os.dup(0)) as requests:
        while True:
            length, fds, _, _ = socket.recv_fds(requests, 4, 2)
            if not length:
                return
            wanted, request = int.from_bytes(length, "big"), b""
            while len(request) < wanted:
                request += requests.recv(wanted - len(request))
            if os.fork() == 0:
                requests.close()
                _watch(*json.loads(request), *fds)
            for fd in fds:
                os.close(fd)


def _watch(arguments: list[str], environment: dict[str, str], out: int, told: int) -> None:
    """Start the server, tell its id, and with what code it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        os.environ.clear()
        os.environ.update(environment)
        _serve(arguments, out)
    os.close(out)
    os.write(told, f"{pid}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(BrokenPipeError):  # nobody asks any more
        os.write(told, f"{code}\n".encode())
    os._exit(0)


def _serve(arguments: list[str], out: int) -> None:
    from chatserver.__main__ import main as serve

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    code = 1
    try:
        code = serve(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
