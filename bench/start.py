"""Starting on a long history: seconds from exec to the line that says the server is ready, with the index and without.

"Cold" is the process; the file itself is in the page cache, so that what is measured is the program and not the disk.
"""

import shutil
import time
from pathlib import Path

import msgspec

from bench.crowd import PATIENCE
from bench.history import CACHE, history_of
from bench.parley import Observer
from bench.peers import parley_command
from bench.process import BenchError, Server

PATIENCE_PER_EVENT = 1e-4
"""Seconds that a rebuild may take for each event before it counts as stuck."""


class Start(msgspec.Struct, kw_only=True):
    """One history started twice: without the index, which makes it, and with it.

    complete    until a page of the history is complete too, should the index be made behind the open door
    """

    events: int
    megabytes: float
    rebuild_seconds: float
    rebuild_complete_seconds: float
    rebuild_events_per_second: float
    indexed_seconds: float
    index_megabytes: float


def measure_start(folder: Path, events: int) -> Start:
    """A copy of the cached history in `folder`, started without an index and, after an orderly stop, with it."""
    source = history_of(events)
    data = folder / "history"
    data.mkdir()
    shutil.copy(source, data / "chat_history.txt")
    patience = PATIENCE + events * PATIENCE_PER_EVENT
    with Server(parley_command(data), folder, patience) as server:
        rebuild = server.start_seconds
        began = time.perf_counter()
        with Observer(server.port) as observer:
            observer.wait_until_indexed("lobby", patience)
        complete = rebuild + time.perf_counter() - began
        _stop(server)
    with Server(parley_command(data), folder, patience) as server:
        indexed = server.start_seconds
        Observer(server.port).close()  # it must not only listen: it lets people in
        _stop(server)
    return Start(
        events=events,
        megabytes=source.stat().st_size / 1e6,
        rebuild_seconds=rebuild,
        rebuild_complete_seconds=complete,
        rebuild_events_per_second=events / complete,
        indexed_seconds=indexed,
        index_megabytes=sum(path.stat().st_size for path in data.glob("index*")) / 1e6,
    )


def _stop(server: Server) -> None:
    if code := server.close():
        raise BenchError(f"The server ended with exit code {code}.")


def prepare(events: int) -> None:
    """Make the history before anything is measured, and read it once so that it is in the page cache."""
    CACHE.mkdir(exist_ok=True)
    history_of(events).read_bytes()
