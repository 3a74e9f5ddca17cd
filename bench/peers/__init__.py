"""The servers that are measured side by side: a table, so that another takes one entry and, maybe, one dialect."""

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bench.dialects import BarLines, Dialect, IrcLines, ParleyLines


class Peer(NamedTuple):
    """One kind of server.

    command     what starts it, given a folder of its own; it prints one line with `listening on HOST:PORT`
    history     where it keeps what was said, None where it keeps nothing
    is_said     what a line of that file has in it when it is a message
    program     what must be installed for it, beside Python
    """

    title: str
    command: Callable[[Path], Sequence[str]]
    dialect: Dialect
    history: Callable[[Path], Path] | None
    is_said: bytes = b""
    program: str = ""

    @property
    def installed(self) -> bool:
        """Whether it can be measured here."""
        return (
            not self.program
            or shutil.which(self.program, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") is not None
        )


def parley_command(data: Path) -> list[str]:
    """Parley on a free port, without rate limits."""
    flags = ["--host", "127.0.0.1", "--port", "0", "--limits", "off", "--log-level", "warning"]
    return [sys.executable, "-m", "chatserver", "serve", *flags, "--data", str(data)]


PARLEY: Final = Peer(
    title="Parley, log synced",
    command=lambda folder: parley_command(folder / "history"),
    dialect=ParleyLines(),
    history=lambda folder: folder / "history" / "chat_history.txt",
    is_said=b"\tmessage\t",
)

THREADED: Final = Peer(
    title="Threaded broadcast, file not synced",
    command=lambda folder: [sys.executable, "-m", "bench.peers.threaded", str(folder / "log.txt")],
    dialect=BarLines(),
    history=lambda folder: folder / "log.txt",
    is_said=b" The quick brown fox",
)

INSPIRCD: Final = Peer(
    title="InspIRCd (C++), keeps nothing",
    command=lambda folder: [sys.executable, "-m", "bench.peers.inspircd", str(folder)],
    dialect=IrcLines(),
    history=None,
    program="inspircd",
)

PEERS: Final[dict[str, Peer]] = {"parley": PARLEY, "threaded": THREADED, "inspircd": INSPIRCD}
