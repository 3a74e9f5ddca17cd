"""Search in what was said: the newest first, up to the last committed message, in bounded steps.

A thread of its own answers, so that neither the loop nor the index waits; another one feeds the full text when there
is time (`search_feeder`). What the full text lacks is looked through in `search_tail`. An answer that would take long
ends early and says from where on to ask again. What is found is folded by the index and compared once more, so that
nobody is shown what was deleted or edited meanwhile.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from chatserver.index.search_base import Hit, SearchBase, Step, Wanted
from chatserver.index.search_feeder import Feeder
from chatserver.index.search_lines import HistoryFile, Spot
from chatserver.index.search_tail import Tail
from chatserver.log.contract import LogError
from chatserver.log.scan import Place
from shared.folding import folded
from shared.protocol import AnyEvent, Message

BUDGET: Final = 0.05
"""Seconds after which an answer ends with the step that it is at."""

_log = logging.getLogger(__name__)


class Found(NamedTuple):
    """`hits`, newest first, are all that there are from the seq `before` on; `more`: there may be others before it."""

    hits: list[Hit]
    more: bool
    before: int
    through: int


class Search:
    """On the history at `path`, which goes up to `place`. `told` and `find` belong to the loop of the log."""

    def __init__(self, path: Path, epoch: str, place: Place) -> None:
        self._path = path
        self._epoch = epoch
        self._published = Spot(place.seq, place.offset)
        self._feeder = Feeder(path, epoch, lambda: self._published, self._let_go)
        self._closed = False
        self._worker = ThreadPoolExecutor(1, "search")
        self._history: HistoryFile | None = None
        self._tail: Tail | None = None
        self._base: SearchBase | None = None

    @property
    def tip(self) -> int:
        """The newest committed seq."""
        return self._published.seq

    def told(self, place: Place) -> None:
        """The history goes up to here now."""
        self._published = Spot(place.seq, place.offset)
        self._feeder.start()

    def start(self) -> None:
        """Begin to feed the full text, where there is enough for it."""
        self._feeder.start()

    async def find(self, wanted: Wanted) -> Found:
        """What holds the text, as far as the time goes."""
        if self._closed:
            raise LogError("The history is closed.")
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._find, wanted)

    def close(self) -> None:
        """End both threads; blocks for some 100 ms at most. No question may be on its way."""
        self._closed = True
        self._feeder.stop()
        self._worker.shutdown()
        self._let_go()
        if self._history is not None:
            self._history.close()

    def _let_go(self) -> None:
        """Close the full text; the next question opens what is there then. Hold the gate, or end the threads first."""
        if self._base is not None:
            self._base.close()
            self._base = None

    # --- in the thread that answers ---------------------------------------------------------------------------

    def _find(self, wanted: Wanted) -> Found:
        deadline = time.monotonic() + BUDGET
        try:
            if self._history is None or self._tail is None:
                self._history = HistoryFile(self._path)
                self._tail = Tail(self._history)
            with self._feeder.gate:
                try:
                    return self._look(self._history, self._tail, self._opened(self._history), wanted, deadline)
                except sqlite3.DatabaseError as error:
                    self._give_up(error)
            return self._look(self._history, self._tail, None, wanted, deadline)
        except OSError as error:
            raise LogError(f"The history cannot be read: {error}.") from error

    def _opened(self, history: HistoryFile) -> SearchBase | None:
        """The full text as it is now, None where there is none."""
        if self._base is None:
            self._base = SearchBase.open(self._path.parent, self._epoch, history, write=False)
        if self._base is not None:
            self._base.snapshot()
        return self._base

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        """Go on without the full text, which is built anew where it is spoilt."""
        _log.warning("The search's index cannot be read: %s.", error)
        self._let_go()
        if not isinstance(error, sqlite3.OperationalError):
            self._feeder.spoilt()

    def _look(
        self, history: HistoryFile, tail: Tail, base: SearchBase | None, wanted: Wanted, deadline: float
    ) -> Found:
        end = self._published
        try:
            tail.move(history.start if base is None else base.place, end)
            return _taken(_steps(tail, base, wanted), wanted, end.seq, deadline)
        finally:
            if base is not None:
                base.release()


def _steps(tail: Tail, base: SearchBase | None, wanted: Wanted) -> Iterator[Step]:
    yield from tail.look(wanted)
    if base is not None:
        yield from tail.look_below(wanted, base)


def _taken(steps: Iterable[Step], wanted: Wanted, through: int, deadline: float) -> Found:
    """As many steps as are wanted, or as there is time for: one at least."""
    hits: list[Hit] = []
    for step in steps:
        hits += step.hits
        if len(hits) > wanted.most:
            hits = hits[: wanted.most]
            return Found(hits, True, hits[-1].seq, through)
        if step.down_to > wanted.above and time.monotonic() > deadline:
            return Found(hits, True, step.down_to, through)
    return Found(hits, False, 0, through)


def still(events: Iterable[AnyEvent], wanted: Wanted) -> list[Message]:
    """Of the found messages, folded and in the order of seq, those that are as they were found; newest first."""
    messages = [event for event in events if isinstance(event, Message) and not event.deleted]
    return [each for each in reversed(messages) if wanted.needle in folded(each.text)]
