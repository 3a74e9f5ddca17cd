"""Lets a history pass by: at once, or in the rhythm in which it happened times a factor.

Where it takes long a bar shows how far it is. The bar stands on standard error and only while that is a terminal;
before anything else is written it goes, so that the transcript stays clean where both are the same terminal.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from shared.transcript import Entry, Transcript

BLOCK: Final = 1 << 16
"""Characters that are written in one go when nothing waits for a moment."""

PATIENCE: Final = 1.0
"""Seconds of work before the bar appears."""

_TICK: Final = 0.1
_NAP: Final = 0.5

Clock = Callable[[], float]


class Bar:
    """How far in the file we are, in bytes. Only shown on a terminal, and only after `PATIENCE`."""

    def __init__(self, stream: TextIO, label: str, total: int, clock: Clock = time.monotonic) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._progress = Progress(
            *columns,
            console=Console(file=stream),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task(label, total=total)
        self._clock = clock
        self._due = clock() + PATIENCE if stream.isatty() else float("inf")
        self.shown = False

    def at(self, offset: int) -> None:
        """We are here now. Cheap enough to be called for every line."""
        now = self._clock()
        if now < self._due:
            return
        self._due = now + _TICK
        if not self.shown:
            self._progress.start()
            self.shown = True
        self._progress.update(self._task, completed=offset)
        self._progress.refresh()

    def hide(self) -> None:
        """Make room for a line of text; the bar comes back by itself."""
        if self.shown:
            self._progress.stop()
            self.shown = False


class Playback:
    """Writes entries to `out`, each in its time.

    `speed` None writes as fast as it can, 1 keeps the pauses as they were, 2 halves them. What is due is flushed before
    every pause.
    """

    def __init__(
        self,
        transcript: Transcript,
        out: TextIO,
        bar: Bar,
        speed: float | None,
        *,
        clock: Clock = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transcript = transcript
        self._out = out
        self._bar = bar
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._begun: tuple[float, datetime] | None = None
        self._block: list[str] = []
        self._size = 0

    def play(self, entry: Entry, offset: int) -> None:
        """Write the entry when its time has come; `offset` is how far in the file it stands."""
        if self._speed is not None:
            self._wait(entry.moment, self._speed, offset)
        text = self._transcript.text(entry)
        self._block.append(text)
        self._size += len(text)
        if self._size >= BLOCK:
            self.flush()
        self._bar.at(offset)

    def flush(self) -> None:
        """Write what was held back. Call it at the end."""
        if self._block:
            self._bar.hide()
            self._out.write("".join(self._block))
            self._block.clear()
            self._size = 0
        self._out.flush()

    def _wait(self, moment: datetime, speed: float, offset: int) -> None:
        if self._begun is None:
            self._begun = self._clock(), moment
        begun, first = self._begun
        due = begun + (moment - first).total_seconds() / speed
        if due <= self._clock():
            return
        self.flush()
        while (left := due - self._clock()) > 0:
            self._bar.at(offset)
            self._sleep(min(left, _NAP))


def play_all(entries: Iterable[tuple[Entry, int]], playback: Playback) -> None:
    """All of them, and the rest that is held back."""
    for entry, offset in entries:
        playback.play(entry, offset)
    playback.flush()
