"""Feeds the full text with what was committed, when the server has time for it, on a thread of its own.

Indexing a message costs more than posting and delivering it does, so that it must never compete with delivery: the
thread has a low priority, works in slices of some milliseconds, rests as long as it worked, and stands still while the
rest of the process is busy. It begins when enough has gathered and leaves the rest to `search_tail`. Nothing waits
for it; what a crash or a stop cuts short is done again.
"""

import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from chatserver.index.search_base import SearchBase
from chatserver.index.search_lines import HistoryFile, Spot, read_line, seq_of
from shared.record import seal_of

FEED_AT: Final = 4_096
"""Events behind the last committed one at which feeding begins."""
BATCH: Final = 8_192
"""Lines of one transaction, about."""
SLICE: Final = 64
"""Lines between two looks whether somebody else needs the processor: about 2 ms."""
LOOK_EVERY: Final = 1.0
RETRY_AFTER: Final = 30.0
"""Seconds after which a disk that was full is tried again."""
BUSY: Final = 0.25
"""Share of a processor that the rest of the process may use before feeding stands still."""
FAST: Final = 1_000
"""Events a second at which it stands still too: where other programs take the processor, the share tells nothing."""
MEASURED: Final = 0.02
STAND_STILL: Final = 0.2
"""Seconds over which both are taken, while feeding and while standing still."""
NICE: Final = 10

_log = logging.getLogger(__name__)


class Manners:
    """How the feeding thread, and it alone, gives way. `stop` ends every rest; `tip` is the newest event."""

    def __init__(self, stop: threading.Event, tip: Callable[[], int]) -> None:
        self._stop = stop
        self._tip = tip
        self._resumed = time.monotonic()
        self._mark()

    def _mark(self) -> None:
        self._marked, self._all, self._own = time.monotonic(), time.process_time(), time.thread_time()
        self._seq = self._tip()

    def wait_until_calm(self) -> None:
        """Before the first slice."""
        self._mark()
        while not self._stop.wait(STAND_STILL) and self._busy():
            self._mark()
        self._resumed = time.monotonic()

    def rest(self) -> None:
        """After a slice: as long as the slice took, and on while the others are busy."""
        self._stop.wait(time.monotonic() - self._resumed)
        if time.monotonic() - self._marked >= MEASURED:
            if self._busy():
                self.wait_until_calm()
            self._mark()
        self._resumed = time.monotonic()

    def _busy(self) -> bool:
        """What the others did since the last mark was much."""
        seconds = time.monotonic() - self._marked
        others = time.process_time() - self._all - (time.thread_time() - self._own)
        return others > BUSY * seconds or self._tip() - self._seq > FAST * seconds


class Feeder:
    """`published` says how far the history goes. `gate` is held while the file is replaced, and by who reads it during
    each question; `let_go` is called then, in this thread, and must close the file."""

    def __init__(self, history: Path, epoch: str, published: Callable[[], Spot], let_go: Callable[[], None]) -> None:
        self.gate = threading.Lock()
        self._let_go = let_go
        self._history = history
        self._folder = history.parent
        self._epoch = epoch
        self._published = published
        self._spoilt = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work from now on, where there is enough to be fed."""
        if self._thread is None and self._published().seq >= FEED_AT:
            self._begin()

    def _begin(self) -> None:
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._run, name="search-feeder", daemon=True)
            self._thread.start()

    def spoilt(self) -> None:
        """The file cannot be read: begin a new one."""
        self._spoilt.set()
        self._begin()

    def stop(self) -> None:
        """End the thread; returns when it has ended, in some 100 ms at most."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        if sys.platform == "linux":  # elsewhere a priority is that of the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        history = base = None
        try:
            history = HistoryFile(self._history)
            while not self._stop.is_set():
                try:
                    base = base or SearchBase.open(self._folder, self._epoch, history, write=True)
                    if base is None or self._spoilt.is_set():
                        old, base = base, None
                        base = self._anew(old, history)
                    self._catch_up(base, history)
                    self._stop.wait(LOOK_EVERY)
                except sqlite3.OperationalError as error:
                    _log.warning("The search's index cannot be written now: %s. It is tried again.", error)
                    self._stop.wait(RETRY_AFTER)
                except sqlite3.DatabaseError as error:
                    _log.warning("The search's index is spoilt and is built anew: %s.", error)
                    self._spoilt.set()
        except Exception:  # whatever it is, the server goes on
            _log.exception("The search's index is not fed any more. Search goes on with what it has.")
        finally:
            for each in (base, history):
                if each is not None:
                    each.close()

    def _anew(self, base: SearchBase | None, history: HistoryFile) -> SearchBase:
        with self.gate:
            self._let_go()
            if base is not None:
                base.close()
            self._spoilt.clear()
            return SearchBase.create(self._folder, self._epoch, history)

    def _catch_up(self, base: SearchBase, history: HistoryFile) -> None:
        manners = Manners(self._stop, lambda: self._published().seq)
        if self._published().seq - base.place.seq >= FEED_AT:
            manners.wait_until_calm()
        while self._published().seq - base.place.seq >= FEED_AT and not self._stop.is_set():
            base.begin()
            try:
                self._batch(base, history, manners)
            except BaseException:
                base.rollback()
                raise
        while not self._stop.is_set() and base.merge():
            manners.rest()

    def _batch(self, base: SearchBase, history: HistoryFile, manners: Manners) -> None:
        """One transaction, or none of it where the thread is to end."""
        count, last = 0, (b"", 0)
        for lines, end in history.forwards(base.place.offset, self._published().offset):
            for first in range(0, len(lines), SLICE):
                base.add(map(read_line, lines[first : first + SLICE]))
                manners.rest()
                if self._stop.is_set():
                    base.rollback()
                    return
            last = lines[-1], end
            count += len(lines)
            if count >= BATCH:
                break
        line, end = last
        base.commit(Spot(seq_of(line), end), seal_of(line))
