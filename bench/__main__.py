"""`python -m bench`: measure, print the tables, and keep them in `bench/README.md` and `bench/results.json`."""

import argparse
import sys
import time
from pathlib import Path

from bench import report, suite
from bench.fanout import Load
from bench.peers import PEERS
from bench.process import BenchError, require_linux
from bench.suite import Plan

QUICK = Load(
    people=20,
    speakers=10,
    warm_seconds=0.1,
    seconds=0.3,
    window=640,
    posts=300_000,
    rate=100,
    rate_seconds=0.3,
    quiet_seconds=0.1,
    arrival_seconds=1.0,
)


def plan_of(args: argparse.Namespace) -> Plan:
    """What the flags ask for."""
    every = tuple(name for name, peer in PEERS.items() if peer.installed)
    peers = {"fanout": ("parley",), "start": (), "search": ()}.get(args.only, every)
    events = 0 if args.only in ("fanout", "peers", "search") else args.events
    searched = args.events if args.only in (None, "search") else 0
    if args.quick:
        return Plan(
            runs=1,
            load=QUICK,
            peers=peers,
            idle=(5, 20),
            ceiling_seconds=0.2,
            settle_seconds=0.2,
            events=min(events, 5_000),
            searched=min(searched, 20_000),
            questions=5,
        )
    load = Load(window=args.window, chunk=args.chunk, seconds=args.seconds)
    return Plan(runs=args.runs, load=load, peers=peers, events=events, searched=searched)


def main() -> int:
    """0 with the tables printed; 1 with one sentence where something cannot be measured or is not as it must be."""
    load = Load()
    parser = argparse.ArgumentParser(prog="python -m bench", description="Parley's benchmarks.")
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that all of it works")
    parser.add_argument(
        "--only",
        choices=["fanout", "start", "search", "peers"],
        help="Parley's deliveries, starts, searches, or all peers",
    )
    parser.add_argument("--runs", type=int, default=3, help="how often all is measured (%(default)s)")
    parser.add_argument("--seconds", type=float, default=load.seconds, help="of saturation (%(default)s)")
    parser.add_argument("--window", type=int, default=load.window, help="posts under way at most (%(default)s)")
    parser.add_argument("--chunk", type=int, default=load.chunk, help="posts in one write, 1 to 100 (%(default)s)")
    parser.add_argument(
        "--events", type=int, default=1_000_000, help="of the histories to start on and to search in (%(default)s)"
    )
    parser.add_argument("--out", type=Path, help="folder for the results (bench; with --quick or --only: nowhere)")
    args = parser.parse_args()
    if not 1 <= args.chunk <= 100:
        parser.error(f"--chunk is 1 to 100, not {args.chunk}")
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

    try:
        require_linux()
        plan = plan_of(args)
        for peer in PEERS.values():
            if not peer.installed:
                say(f"{peer.title}: {peer.program} is not installed, so it is left out")
        where = report.machine()
        figures = suite.measure(plan, say)
        text = report.tables(figures, plan, where)
        print(text)
        folder = args.out or (None if args.quick or args.only else report.HERE)
        if folder:
            report.write(figures, plan, where, folder, text)
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
