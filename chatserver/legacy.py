"""`python -m chatserver import FILE --room R`: brings the older program's file into a history, with its old times.

A history is in the order of time, so the file must begin after what the history holds already; into an empty one any
file fits. It goes through the log as everything does, one moment of the file after the other, with a clock that shows
that moment. What was imported before is known by its ids: an import that was interrupted, or a file that has grown, is
simply imported again. Exit codes: 0; 1 where lines were skipped or the import is refused; 2 for a wrong command line;
130 after Ctrl+C.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from chatserver import settings
from chatserver.log.recovery import HISTORY
from chatserver.log.scan import read_header
from chatserver.log.textfile import TextLog
from chatserver.migration import Dated, Plan, Source, Standing, plan, source, stamp
from chatserver.playback import Bar
from chatserver.reading import raw_lines
from shared import rules
from shared.errors import ParleyError, Refused
from shared.protocol import AnyEvent
from shared.transcript import safe

GOES_ON = "Import the file again: it goes on where it stopped."


class ImportRefused(ParleyError):
    """The file cannot be brought into this history; the sentence says what to do."""


def add_parser(subparsers: Any) -> None:
    """Hang the command into the table of `python -m chatserver`."""
    parser = subparsers.add_parser(
        "import",
        help="bring the history of the older program in",
        description="Bring a file of lines sender|YYYY-MM-DD|HH:MM AM|text into a history. Its times are read as those"
        " of this machine's zone. The server must not be running on that history meanwhile.",
    )
    parser.add_argument("file", help="the older program's file")
    parser.add_argument("--room", required=True, help="the room that its messages belong to; made where there is none")
    parser.add_argument("--data", help="folder of the history (history)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Import it. Gives the exit code."""
    try:
        room = rules.room_name(args.room.removeprefix("#"))
    except Refused as error:
        print(error.message, file=sys.stderr)
        return 2
    folder = Path(args.data or settings.load(argparse.Namespace(config=None)).data)
    try:
        return _import(Path(args.file), room, folder, sys.stdout, sys.stderr)
    except (ParleyError, OSError) as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Interrupted. {GOES_ON}", file=sys.stderr)
        return 130


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'The file'} cannot be used: {error.strerror}."
    return str(error)


def _import(path: Path, room: str, folder: Path, out: TextIO, err: TextIO) -> int:
    with path.open("rb") as stream:
        found = source(raw_lines(stream), room, None, datetime.now(UTC))
    for skipped in found.bad:
        print(f"{path}, line {skipped.number} is skipped: {skipped.why}.", file=err)
    if not found.lines:
        raise ImportRefused(f"{path} has no line that can be imported. One looks like sender|YYYY-MM-DD|HH:MM AM|text.")
    clock = _Clock(found.lines[0].moment)
    log, standing = _open(folder, clock)
    try:
        todo = plan(found.lines, room, standing)
        _check(todo, standing, path, folder)
    except BaseException:
        asyncio.run(log.close())
        raise
    bar = Bar(err, path.name, len(todo.events))
    try:
        asyncio.run(_store(log, todo.events, clock, bar))
    finally:
        bar.hide()
    for line in _report(todo, found, room, folder):
        print(safe(line), file=out)
    return 1 if found.bad else 0


class _Clock:
    """Shows the moment that is being imported, in nanoseconds since 1970."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> int:
        return int(self.moment.timestamp()) * 10**9


def _open(folder: Path, clock: _Clock) -> tuple[TextLog, Standing]:
    """The history, locked against any server, and what it holds.

    An empty one that a server has made already begins with a time that everything must come after: it is made anew.
    """
    standing = Standing()

    def take(events: list[AnyEvent]) -> None:
        for event in events:
            standing.take(event)

    log = TextLog.open(folder, replay=take, clock=clock)
    if log.tip == 0 and _begun(folder) > stamp(clock.moment):
        asyncio.run(log.close())
        (folder / HISTORY).unlink()
        log = TextLog.open(folder, replay=take, clock=clock)
    return log, standing


def _begun(folder: Path) -> str:
    with (folder / HISTORY).open("rb") as file:
        return read_header(file)[0].time


def _check(todo: Plan, standing: Standing, path: Path, folder: Path) -> None:
    """`ImportRefused` where the events would not stand in the order of time."""
    if todo.events and (first := stamp(todo.events[0].moment)) < standing.last:
        raise ImportRefused(
            f"{path} begins at {_minute(first)} UTC, before the newest event in {folder} at {_minute(standing.last)},"
            " and a history is in the order of time. Import it into an empty folder: --data NEW_FOLDER."
        )


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


async def _store(log: TextLog, events: Sequence[Dated], clock: _Clock, bar: Bar) -> None:
    """Store them, each with its time: the clock moves on when everything of the moment before is durable."""
    batches = log.follow(log.tip)
    done = 0
    try:
        for moment, group in itertools.groupby(events, lambda dated: dated.moment):
            clock.moment = moment
            drafts = [dated.draft for dated in group]
            for draft in drafts:
                log.submit(draft)
            done += len(drafts)
            settled = 0
            while settled < len(drafts):
                batch = await anext(batches)
                if batch.rejected:
                    raise ImportRefused(f"{batch.rejected[0].error.message} {GOES_ON}")
                settled += len(batch.stored) + len(batch.repeated)
            bar.at(done)
    finally:
        await log.close()


def _report(todo: Plan, found: Source, room: str, folder: Path) -> Iterator[str]:
    """What happened, for people: counts, names, and what was left out."""
    yield f"Imported {_count(todo.messages, 'message')} into the room {room} of {folder / HISTORY}."
    if todo.known:
        yield f"Already there from an earlier import: {_count(todo.known, 'message')}."
    for sender, name in todo.renamed.items():
        yield f"{sender} is written {name}."
    if todo.comings:
        yield f"Left out: {_count(todo.comings, 'notice')} that somebody came or went."
    if found.late:
        yield f"Given the time of the line above, which was later: {_count(found.late, 'line')}."
    if found.bad:
        yield f"Skipped: {_count(len(found.bad), 'line')}, named above."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
