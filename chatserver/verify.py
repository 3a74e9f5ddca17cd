"""`verify`: is this history whole? Every line, the chain of hashes over them, and what is in it.

Changes nothing, and reads the history of a running server as well: what that is just writing is an unfinished last
line, which is no damage.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from chatserver.log.recovery import HISTORY
from chatserver.log.scan import Bad, Scan, read_header
from chatserver.settings import Settings
from shared.errors import RecordError


class Report(NamedTuple):
    """What stands in a history up to its end or its first bad line. `unfinished`: bytes after the last newline."""

    path: Path
    events: int
    rooms: int
    people: int
    first: str
    last: str
    size: int
    unfinished: int
    bad: Bad | None


def add_parser(subparsers: Any) -> None:
    """Hang the command into the table of `python -m chatserver`."""
    parser = subparsers.add_parser("verify", help="check every line of a history and the chain of its hashes")
    parser.add_argument("file", nargs="?", help="the history, or its folder (history/chat_history.txt)")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    path = Path(args.file or Settings().data)
    return run(path / HISTORY if path.is_dir() else path)


def verify(path: Path) -> Report:
    """Read the whole file; `OSError` where it cannot be read."""
    rooms: set[str] = set()
    people: set[str] = set()
    first = ""
    with path.open("rb") as file:
        try:
            _, start = read_header(file)
        except RecordError as error:
            bad = Bad(1, 0, f"{error}: this is no history of Parley")
            return Report(path, 0, 0, 0, "", "", 0, 0, bad)
        scan = Scan(file, start)
        for events, _, _ in scan:
            rooms.update(event.room for event in events)
            people.update(event.author for event in events)
            people.update(event.user for event in events)
            first = first or next((event.time for event in events), "")
    place = scan.place
    last = place.time if place.seq else ""
    return Report(path, place.seq, len(rooms), len(people), first, last, place.offset, scan.unfinished, scan.bad)


def run(path: Path, out: TextIO | None = None) -> int:
    """Verify and say so; 0 where the history is whole, 1 where it is not or cannot be read."""
    out = out or sys.stdout
    try:
        report = verify(path)
    except OSError as error:
        print(f"{path} cannot be read: {error.strerror or error}.", file=out)
        return 1
    print(describe(report), file=out)
    return 0 if report.bad is None else 1


def describe(report: Report) -> str:
    """The report in a few lines."""
    counts = f"{_count(report.events, 'event')}, {_count(report.rooms, 'room')}, {_people(report.people)}"
    period = f", from {report.first} to {report.last}" if report.events else ""
    if report.bad is None:
        unfinished = ", and an unfinished last line" if report.unfinished else ""
        return f"{report.path} is whole: {counts}{period}, {_count(report.size, 'byte')}{unfinished}."
    return (
        f"{report.path} is damaged in line {report.bad.line:,} (at byte {report.bad.offset:,}): {report.bad.why}.\n"
        f"Good before it: {counts}{period}, {_count(report.size, 'byte')}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"
