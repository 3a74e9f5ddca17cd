"""`make run`: the server, and the desktop window in front of it. Standard library only.

When the window closes, the server ends in order. Where a server listens already, only the window opens; where there is
no screen, the server runs alone and says how to connect. Ctrl+C and SIGTERM end both; the exit code is the server's.
A signal's handler only asks the children to end, so that none is lost whenever it comes.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).resolve().parent.parent
READY: Final = "Parley is listening on "


def main(argv: list[str] | None = None) -> int:
    """Run until the window closes, or without a window until the server is told to stop."""
    parser = argparse.ArgumentParser(prog="make run", description="Parley on this machine: server and window.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12345)
    parser.add_argument("--data", default=str(ROOT / "history"), help="folder of the history")
    args = parser.parse_args(argv)
    children = Children()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: children.end())
    window = has_screen(sys.platform, os.environ)
    if listens(args.host, args.port):
        print(f"A server listens on {args.host}:{args.port} already.", flush=True)
        if window:
            return children.start(window_command(args.host, args.port, None)).wait()
        tell_how(args.host, args.port)
        return 0
    return serve(children, args.host, args.port, args.data, window)


def serve(children: "Children", host: str, port: int, data: str, window: bool) -> int:
    """The server, and a window in front of it where there can be one; the server's exit code."""
    command = [sys.executable, "-m", "chatserver", "--host", host, "--port", str(port), "--data", data]
    server = children.start(command, stdout=subprocess.PIPE)
    assert server.stdout is not None
    output = Output(server.stdout)
    found = output.port()
    if found is not None and window:
        children.start(window_command(host, found, owner_invitation(Path(data)))).wait()
        children.end()
    elif found is not None:
        tell_how(host, found)
    code = server.wait()
    output.join()
    told_before_it_could_hear = children.ending and code == -signal.SIGTERM
    return 0 if told_before_it_could_hear else code


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window can open. Tk draws on X, also under Wayland; Windows and macOS always have a screen."""
    return platform in ("win32", "darwin") or bool(environment.get("DISPLAY"))


def listens(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def owner_invitation(data: Path) -> str | None:
    """The code that makes its user the owner of a new server, as long as nobody has used it."""
    try:
        return (data / "owner-invitation.txt").read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def window_command(host: str, port: int, invitation: str | None) -> list[str]:
    """The command that opens the window on this server."""
    invite = ["--invite", invitation] if invitation else []
    return [sys.executable, "-m", "chatclient", f"{host}:{port}", *invite]


def tell_how(host: str, port: int) -> None:
    """For a machine without a screen."""
    print(
        f"There is no screen here. On a machine that has one, connect with\n"
        f"  python -m chatclient {host}:{port}\n"
        f"From elsewhere, tunnel to it first: ssh -L {port}:{host}:{port} {socket.gethostname()}",
        flush=True,
    )


class Children:
    """The processes that were started; once they are told to end, none lives on."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[str]] = []
        self.ending = False

    def start(self, command: list[str], stdout: int | None = None) -> subprocess.Popen[str]:
        """A new child; told to end at once where all are."""
        process = subprocess.Popen(command, cwd=ROOT, stdout=stdout, text=True, encoding="utf-8")
        self._processes.append(process)
        if self.ending:
            process.terminate()
        return process

    def end(self) -> None:
        """Ask all of them to end in order."""
        self.ending = True
        for process in self._processes:
            process.terminate()


class Output(threading.Thread):
    """Passes on what the server says, and knows from it when people can connect."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(name="server output")
        self._stream = stream
        self._settled = threading.Event()
        self._port: int | None = None
        self.start()

    def port(self) -> int | None:
        """Wait until the server is ready and give its port, or None where it ended instead."""
        self._settled.wait()
        return self._port

    def run(self) -> None:
        """The thread's own work."""
        with self._stream as lines:
            for line in lines:
                print(line, end="", flush=True)
                if line.startswith(READY):
                    self._port = int(line.removeprefix(READY).split(",")[0].rpartition(":")[2])
                    self._settled.set()
        self._settled.set()


if __name__ == "__main__":
    sys.exit(main())
