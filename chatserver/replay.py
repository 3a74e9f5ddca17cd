"""`python -m chatserver replay`: a history file, Parley's or the older program's, as a transcript on standard output.

What cannot be read is told on standard error with its line number, and the rest goes on. Exit codes: 0; 1 where a line
or the file cannot be read; 2 for a command line that makes no sense; 130 after Ctrl+C. A reader that has seen enough
(`| head`) ends it quietly.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from chatserver import settings
from chatserver.log.recovery import HISTORY
from chatserver.playback import Bar, Playback, play_all
from chatserver.reading import Reading, Selection, Skipped
from shared import when
from shared.errors import RecordError
from shared.transcript import Entry, Transcript

_ABOUT = f"""\
Times are in your own time zone: {when.FORMS}.
A day or a minute is meant whole: --since begins with it, --until ends with it.
"""


def add_parser(subparsers: Any) -> None:
    """Hang the command into the table of `python -m chatserver`."""
    parser = subparsers.add_parser(
        "replay",
        help="print a history as a transcript",
        description="Print a history as a transcript. The file may be in use by a running server.",
        epilog=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", help="the history, or its folder (history/chat_history.txt)")
    parser.add_argument("--room", help="one room only, or a direct conversation (@alice,bob)")
    parser.add_argument("--since", metavar="T", help="leave out what is older")
    parser.add_argument("--until", metavar="T", help="leave out what is newer")
    parser.add_argument("--speed", type=speed, default="max", help="1 in real time, 60 a minute per second … (max)")
    parser.set_defaults(run=run)


def speed(text: str) -> float | None:
    """A factor over 0, or `max` (None) for at once."""
    if text == "max":
        return None
    try:
        factor = float(text.removesuffix("x"))
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise argparse.ArgumentTypeError(f"a speed is a number over 0, or max; this one is {text}")
    return factor


def run(args: argparse.Namespace) -> int:
    """Print it. Gives the exit code."""
    _make_lenient(sys.stdout)
    try:
        return _replay(args, sys.stdout, sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Python flushes standard output once more at its exit; there must be something that takes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"The transcript cannot be written: {error.strerror}.", file=sys.stderr)
        return 1


def _make_lenient(stream: TextIO) -> None:
    """Where the terminal's encoding lacks a character, show its number instead of failing."""
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="backslashreplace")


def _replay(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    now = datetime.now(UTC)
    try:
        start = when.parse(args.since, now).start if args.since is not None else None
        end = when.parse(args.until, now).end if args.until is not None else None
    except ValueError as error:
        print(error, file=err)
        return 2
    if start and end and end < start:
        print(f"--since {args.since} is after --until {args.until}: nothing lies between them.", file=err)
        return 2
    path = history_path(args.file)
    try:
        stream = path.open("rb")
    except OSError as error:
        print(f"{path} cannot be read: {error.strerror}.", file=err)
        return 1
    with stream:
        reading = Reading(stream, Selection(room_of(args.room), start, end), None)
        bar = Bar(err, path.name, os.fstat(stream.fileno()).st_size)
        transcript = Transcript(width=_width(out), colour=_colour(out), rooms=args.room is None)
        try:
            return _play(reading, Playback(transcript, out, bar, args.speed), bar, path, err)
        finally:
            bar.hide()


def _play(reading: Reading, playback: Playback, bar: Bar, path: Path, err: TextIO) -> int:
    skipped: list[Skipped] = []

    def good() -> Iterator[tuple[Entry, int]]:
        for found in reading:
            if isinstance(found, Skipped):
                skipped.append(found)
                playback.flush()
                bar.hide()
                print(f"{path}, line {found.number} is left out: {found.why}.", file=err, flush=True)
            else:
                yield found, reading.offset

    try:
        play_all(good(), playback)
    except RecordError as error:
        playback.flush()
        print(f"{path} cannot be replayed: {error}.", file=err)
        return 1
    return 1 if skipped else 0


def history_path(name: str | None) -> Path:
    """The file that is meant: the one named, the history in the folder named, or that of the default folder."""
    path = Path(name or settings.load(argparse.Namespace(config=None)).data)
    return path / HISTORY if path.is_dir() or name is None else path


def room_of(name: str | None) -> str | None:
    """`#general` is how people write the room `general`."""
    return name.removeprefix("#") if name else name


def _width(out: TextIO) -> int | None:
    """The terminal's width, or COLUMNS; a file or a pipe gets its lines as long as they are."""
    return shutil.get_terminal_size().columns if out.isatty() or os.environ.get("COLUMNS") else None


def _colour(out: TextIO) -> bool:
    """Only on a terminal that can, and not where the reader set NO_COLOR (https://no-color.org)."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
