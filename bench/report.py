"""The figures as tables for people: medians over the runs, the range beside them, and ratios between the servers."""

import json
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bench.peers import PEERS
from bench.process import CORES, BenchError
from bench.suite import Figures, Plan, Run

HERE = Path(__file__).resolve().parent
IDLE_LOAD = 0.5
"""Load average above which somebody else is working here."""
BEGIN, END = "<!-- results: written by `make bench` -->", "<!-- end of the results -->"


class Row(NamedTuple):
    """One line of the table of servers."""

    title: str
    value: Callable[[Run], float | None]
    shape: str


ROWS = (
    Row("deliveries/s at saturation", lambda run: run.saturation.deliveries_per_second, "{:,.0f}"),
    Row("… with each post a write of its own", lambda run: run.single.deliveries_per_second, "{:,.0f}"),
    Row("server CPU seconds per million, saturated", lambda run: run.saturation.cpu_seconds_per_million, "{:.3f}"),
    Row("share of its core that the server used then", lambda run: run.saturation.server_cpu, "{:.0%}"),
    Row("share of its time the generator had nothing to do then", lambda run: run.saturation.generator_idle, "{:.0%}"),
    Row("p50 at the fixed rate, ms", lambda run: run.steady.p50, "{:.2f}"),
    Row("p99 at the fixed rate, ms", lambda run: run.steady.p99, "{:.2f}"),
    Row("worst at the fixed rate, ms", lambda run: run.steady.worst, "{:.2f}"),
    Row("p99 of the generator's own lateness then, ms", lambda run: run.steady.own_p99, "{:.3f}"),
    Row("server CPU seconds per million, fixed rate", lambda run: run.steady.cpu_seconds_per_million, "{:.2f}"),
    Row(
        "index complete after the last delivery, ms",
        lambda run: _thousand(run.saturation.index_behind_seconds),
        "{:.1f}",
    ),
)
COMPARED = {"deliveries/s at saturation", "p50 at the fixed rate, ms", "p99 at the fixed rate, ms"}


def _thousand(value: float | None) -> float | None:
    return None if value is None else value * 1000


def machine() -> dict[str, Any]:
    """What it ran on: processor, cores, kernel, versions, and how long a sync takes on this disk."""
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": models[0].partition(": ")[2] if models else platform.processor(),
        "cores": os.cpu_count(),
        "server_core": CORES[0],
        "generator_core": CORES[-1],
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {"msgspec": version("msgspec"), "sqlite": sqlite3.sqlite_version},
        "sync_ms": _sync_ms(),
        "load_before": os.getloadavg()[0],
    }


def _sync_ms() -> float:
    """Median milliseconds of a write of 32 KiB and its fdatasync, in the folder that the histories are in."""
    path, took = HERE / ".cache" / "sync", []
    path.parent.mkdir(exist_ok=True)
    with path.open("wb", buffering=0) as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(32768))
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return statistics.median(took) * 1e3


def tables(figures: Figures, plan: Plan, where: dict[str, Any]) -> str:
    """Everything as Markdown."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    about = (
        f"{now}, {where['processor']}, {where['cores']} cores, {where['system']}, Python {where['python']}; "
        f"a write of 32 KiB with its sync takes {where['sync_ms']:.2f} ms on this disk. "
        f"Medians of {plan.runs} runs, the range in brackets."
    )
    parts = [about]
    if where["load_before"] > IDLE_LOAD:
        parts.append(f"**The machine was not idle** (load {where['load_before']:.1f} before it began): measure again.")
    if figures.runs:
        parts += [_servers(figures, plan), _ceiling(figures)]
    if figures.starts:
        parts.append(_starts(figures))
    if figures.searches:
        parts.append(_searches(figures))
    return "\n\n".join(parts)


def _spread(values: Sequence[float], shape: str) -> str:
    middle = shape.format(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({shape.format(min(values))} to {shape.format(max(values))})"


def _servers(figures: Figures, plan: Plan) -> str:
    by_peer = {name: [run for run in figures.runs if run.peer == name] for name in plan.peers}
    first = plan.peers[0]
    load = plan.load
    lines = [
        f"{load.people} connections in one room, {load.speakers} speaking, texts of 100 bytes; saturation over "
        f"{load.seconds:g} s with {load.window:,} posts under way in writes of {load.chunk}; the fixed rate is "
        f"{load.rate} posts/s, {load.rate * load.people:,} deliveries/s, over {load.rate_seconds:g} s.\n",
        "| | " + " | ".join(PEERS[name].title for name in plan.peers) + " |",
        "|---|" + "---:|" * len(plan.peers),
    ]
    for row in ROWS:
        cells = []
        for runs in by_peer.values():
            values = [value for run in runs if (value := row.value(run)) is not None]
            cells.append(_spread(values, row.shape) if values else "–")
        lines.append(f"| {row.title} | " + " | ".join(cells) + " |")
    for count in plan.idle:
        cells = [
            _spread([run.memory.per_connection[count] / 1024 for run in runs], "{:.1f}") for runs in by_peer.values()
        ]
        lines.append(f"| memory per connection, {count:,} idle, KiB | " + " | ".join(cells) + " |")
    for row in ROWS:
        lines += _ratios(row, by_peer, first) if row.title in COMPARED else []
    return "\n".join(lines)


def _ratios(row: Row, by_peer: dict[str, list[Run]], first: str) -> list[str]:
    """The first server's median divided by each one's."""
    if len(by_peer) < 2:
        return []
    middle = {name: statistics.median(row.value(run) or 0.0 for run in runs) for name, runs in by_peer.items()}
    ratios = [f"{middle[first] / other:.2f}" for other in middle.values()]
    return [f"| {row.title}: the first column's ÷ this one's | " + " | ".join(ratios) + " |"]


def _ceiling(figures: Figures) -> str:
    lines = _spread([each.lines_per_second for each in figures.ceilings], "{:,.0f}")
    size = _spread([each.gigabytes_per_second for each in figures.ceilings], "{:.1f}")
    return f"The load generator's own ceiling, from a server that only writes: {lines} lines/s, {size} GB/s."


def _starts(figures: Figures) -> str:
    one = figures.starts[0]

    def row(title: str, name: str, shape: str) -> str:
        return f"| {title} | {_spread([getattr(start, name) for start in figures.starts], shape)} |"

    return "\n".join(
        [
            f"Start on a history of {one.events:,} events ({one.megabytes:,.0f} MB, in the page cache):\n",
            "| | |",
            "|---|---:|",
            row("with its index, seconds until it listens", "indexed_seconds", "{:.2f}"),
            row("without an index, seconds until it listens", "rebuild_seconds", "{:.2f}"),
            row("… until a page of the history is complete", "rebuild_complete_seconds", "{:.2f}"),
            row("rebuild, events/s", "rebuild_events_per_second", "{:,.0f}"),
            row("size of the index, MB", "index_megabytes", "{:,.0f}"),
        ]
    )


def _searches(figures: Figures) -> str:
    runs = figures.searches

    lines = [
        f"Search in {runs[0].events:,} events in 400 rooms, milliseconds over the wire; indexed in "
        f"{_spread([run.indexing_seconds for run in runs], '{:.0f}')} s beside the idle server, which listens after "
        f"{_spread([run.start_seconds for run in runs], '{:.2f}')} s without the search's index of "
        f"{_spread([run.bytes_per_event for run in runs], '{:.0f}')} bytes an event:\n",
        "| looked for | p50 | p99 | worst | hits | ended early |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for kinds in zip(*([run.meanwhile, *run.kinds] for run in runs), strict=True):
        cells = [_spread([getattr(kind, name) for kind in kinds], "{:.1f}") for name in ("p50", "p99", "worst", "hits")]
        lines.append(f"| {kinds[0].title} | {' | '.join(cells)} | {sum(kind.cut for kind in kinds)} |")
    return "\n".join(lines)


def write(figures: Figures, plan: Plan, where: dict[str, Any], folder: Path, text: str) -> None:
    """`results.json` with every run, and the part of `README.md` between the marks."""
    kept = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": sys.argv[1:],
        "machine": where,
        "plan": msgspec.to_builtins(plan),
        "figures": msgspec.to_builtins(figures, str_keys=True),
    }
    (folder / "results.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    readme = folder / "README.md"
    page = readme.read_text("utf-8") if readme.exists() else f"{BEGIN}\n{END}\n"
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchError(f"{readme} has no place for the results: the lines {BEGIN} and {END}.")
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
