"""Standard output: written and passed on at once, and watched for a reader who has seen enough."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def stand_in() -> None:
    """For what the shell closed (`>&-`): writing to standard output fails; errors are told to nobody."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 # as long as the process lives
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open()  # noqa: SIM115 # cannot be written, which is the error to be told


def write(text: str) -> None:
    """This text, as it stands."""
    sys.stdout.write(text)
    sys.stdout.flush()


def in_unicode() -> None:
    """From now on UTF-8, whatever the terminal's encoding is: for what programs read."""
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(encoding="utf-8", newline="\n")


def width() -> int | None:
    """The terminal's width, or COLUMNS; a file or a pipe gets its lines as long as they are."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() or os.environ.get("COLUMNS") else None


def colour() -> bool:
    """Only on a terminal that can, and not where the reader set NO_COLOR (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def while_read() -> Iterator[None]:
    """Ends what runs within by `BrokenPipeError` when the other end of a pipe is closed, without waiting for the next
    thing to write: `tail … | head -1`. Of other outputs, and where the system cannot tell, nothing is watched."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    gone = False

    def closed() -> None:
        nonlocal gone
        gone = True
        loop.remove_reader(out)
        task.cancel()

    try:
        out = sys.stdout.fileno()
        if not stat.S_ISFIFO(os.fstat(out).st_mode):
            raise OSError
        loop.add_reader(out, closed)
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    except asyncio.CancelledError:
        if gone and task.uncancel() == 0:
            raise BrokenPipeError from None
        raise
    finally:
        loop.remove_reader(out)
