"""What is measured, in which order: every run takes all servers in turn, each fresh, in a folder that goes afterwards.

A run of a server is: people come in, posts at a fixed rate, then saturation; then a fresh server for saturation with
each post a write of its own, and another for the memory of idle connections. What a run delivered is checked before
its figures count, and so is the history that it left.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from bench import ceiling, memory, search, start
from bench.ceiling import Ceiling
from bench.crowd import Crowd
from bench.fanout import Lateness, Load, Saturation, measure_saturation, measure_steady
from bench.history import CACHE
from bench.memory import Memory
from bench.parley import Observer, count_said, verify
from bench.peers import PARLEY, PEERS, Peer
from bench.process import BenchError, Server, on_the_generators_core
from bench.search import Searching
from bench.start import Start


class Plan(msgspec.Struct, kw_only=True, frozen=True):
    """How much is measured. `peers` are names of `PEERS`; no `events`, no start, and no `searched` events, no
    search."""

    runs: int
    load: Load
    peers: tuple[str, ...]
    idle: tuple[int, ...] = (100, 1000)
    ceiling_seconds: float = 3.0
    events: int = 1_000_000
    searched: int = 1_000_000
    questions: int = search.ASKED
    settle_seconds: float = 1.0


class Run(msgspec.Struct, kw_only=True):
    """One server in one run. `single` is saturation with each post a write of its own."""

    peer: str
    steady: Lateness
    saturation: Saturation
    single: Saturation
    memory: Memory


class Figures(msgspec.Struct, kw_only=True):
    """Everything that was measured."""

    ceilings: list[Ceiling] = []
    runs: list[Run] = []
    starts: list[Start] = []
    searches: list[Searching] = []


Say = Callable[[str], None]


def measure(plan: Plan, say: Say) -> Figures:
    """Measure all of it; `say` hears what is being done. Every load ends by itself."""
    figures = Figures()
    with on_the_generators_core():
        for number in range(1, plan.runs + 1):
            if plan.peers:
                say(f"run {number} of {plan.runs}: the load generator's ceiling")
                with _folder() as folder:
                    figures.ceilings.append(ceiling.measure_ceiling(folder, plan.load.people, plan.ceiling_seconds))
            for name in plan.peers:
                say(f"run {number} of {plan.runs}: {PEERS[name].title}")
                figures.runs.append(_run(name, plan))
        if plan.events:
            say(f"making a history of {plan.events:,} events, where there is none yet")
            start.prepare(plan.events)
        for number in range(1, plan.runs + 1 if plan.events else 1):
            say(f"run {number} of {plan.runs}: starting on {plan.events:,} events")
            with _folder() as folder:
                figures.starts.append(start.measure_start(folder, plan.events))
        if plan.searched:
            say(f"making a history of {plan.searched:,} events to search in, where there is none yet")
            search.prepare(plan.searched)
        for number in range(1, plan.runs + 1 if plan.searched else 1):
            say(f"run {number} of {plan.runs}: searching {plan.searched:,} events")
            with _folder() as folder:
                figures.searches.append(search.measure_search(folder, plan.searched, plan.questions))
    return figures


def _run(name: str, plan: Plan) -> Run:
    peer, load = PEERS[name], plan.load
    with _loaded(peer, load) as (server, crowd, observer):
        steady = measure_steady(server, crowd, load)
        saturation = measure_saturation(server, crowd, load, observer)
    with _loaded(peer, load) as (server, crowd, observer):
        single = measure_saturation(server, crowd, msgspec.structs.replace(load, chunk=1), observer)
    with (
        _folder() as folder,
        Server(peer.command(folder), folder) as server,
        Crowd(peer.dialect, server.port, max(plan.idle), 0, load.quiet_seconds, load.arrival_seconds) as crowd,
    ):
        idle = memory.measure_memory(server, crowd, list(plan.idle), plan.settle_seconds)
    return Run(peer=name, steady=steady, saturation=saturation, single=single, memory=idle)


@contextmanager
def _loaded(peer: Peer, load: Load) -> Iterator[tuple[Server, Crowd, Observer | None]]:
    """A fresh server with everybody in the room; when it has ended, its history must hold what was posted."""
    with _folder() as folder:
        with ExitStack() as stack:
            server = stack.enter_context(Server(peer.command(folder), folder))
            observer = stack.enter_context(Observer(server.port)) if peer is PARLEY else None
            crowd = stack.enter_context(
                Crowd(peer.dialect, server.port, load.people, load.speakers, load.quiet_seconds, load.arrival_seconds)
            )
            crowd.enter()
            yield server, crowd, observer
        _check_history(peer, folder, crowd.posted)


def _check_history(peer: Peer, folder: Path, posted: int) -> None:
    if peer.history is None:
        return
    kept = count_said(peer.history(folder), peer.is_said)
    if kept != posted:
        raise BenchError(f"{peer.title}: {posted:,} messages were delivered, its file holds {kept:,}.")
    if peer is PARLEY:
        verify(peer.history(folder))


@contextmanager
def _folder() -> Iterator[Path]:
    """A new folder on the disk of this checkout, where a history would be too; /tmp may be memory."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=CACHE) as folder:
        yield Path(folder)
