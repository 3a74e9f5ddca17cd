"""Questions that only Parley answers: how far its index is, and whether its history holds what was delivered."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from bench.crowd import FULL, PATIENCE
from bench.process import ROOT, BenchError
from shared.protocol import Command, Hello, History, Page, ServerLine, Welcome, decode_server_line, encode_line

LOOK_EVERY = 0.01


class Observer:
    """One more person, who asks questions one at a time; the one of no name of their own is in the lobby alone.

    tip     the newest seq when the observer came in: its own arrival
    """

    def __init__(self, port: int, name: str = "observer") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._rest = b""
        hello = Hello(ref="observer", protocol=1, user=name, token="observer-token-of-the-benchmark")
        welcome = self._ask(encode_line(hello))
        if not isinstance(welcome, Welcome):
            raise BenchError(f"The observer was not let in: {welcome}")
        self.tip = welcome.tip

    def wait_until_indexed(self, room: str, patience: float, tip: int | None = None) -> None:
        """Return as soon as a page of the history is complete up to this seq (the observer's own tip by default)."""
        wanted = self.tip if tip is None else tip
        deadline = time.monotonic() + patience
        while True:
            page = self._ask(encode_line(History(ref="observer", room=room, limit=1)))
            if not isinstance(page, Page):
                raise BenchError(f"The observer asked for a page and got: {page}")
            if page.through >= wanted:
                return
            if time.monotonic() > deadline:
                raise BenchError(f"After {patience:g} s the index is at {page.through:,} of {wanted:,}.")
            time.sleep(LOOK_EVERY)

    def ask(self, command: Command) -> ServerLine:
        """The answer to a command with the ref `observer`."""
        return self._ask(encode_line(command))

    def _ask(self, line: bytes) -> ServerLine:
        self._socket.sendall(line)
        while True:
            while b"\n" not in self._rest:
                data = self._socket.recv(FULL)
                if not data:
                    raise BenchError("The server hung up on the observer.")
                self._rest += data
            answer, _, self._rest = self._rest.partition(b"\n")
            item: ServerLine = decode_server_line(answer)
            if getattr(item, "ref", None) == "observer":
                return item

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __enter__(self) -> "Observer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def verify(history: Path) -> None:
    """`python -m chatserver verify` has nothing to say against this file, or `BenchError` with what it says."""
    command = [sys.executable, "-m", "chatserver", "verify", str(history)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise BenchError(f"The history does not verify: {(done.stdout + done.stderr).strip()}")


def count_said(file: Path, mark: bytes) -> int:
    """How many lines of a file have this in them."""
    with file.open("rb") as lines:
        return sum(mark in line for line in lines)
