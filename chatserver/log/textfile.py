"""The history in one text file: group commit through one writer thread.

Drafts wait in a list. When nothing is being written, the next turn of the loop takes them all (up to a bound), gives
them seq, time and prev, encodes them and hands the lines to the writer; when they are durable, the next batch is
started first and then this one is published, so that the disk works while the fan-out does. There is no future and no
task per draft. How the guarantees of the contract come about:

 1, 4  drafts are numbered in the order of `submit`, and one batch is on its way at a time.
 2, 3  an id is looked for among the recent events, then in a filter; where that says "perhaps", the draft and all
       behind it wait for a look into the index.
 5     a fault leaves the last durable state untouched in memory; what was on its way is refused (disk full) or left
       without an answer (`LogFailed`).
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, Self

from chatserver.index.feed import Feed
from chatserver.index.seen import hash_of
from chatserver.index.service import Index
from chatserver.log.contract import Batch, LogError, LogFailed, Rejected, Repeated
from chatserver.log.disk import Disk
from chatserver.log.recovery import MakeDisk, Opened, Progress, Replay, Restore, Wishes, recover
from chatserver.log.repeats import Recent, judged, key_of
from chatserver.log.scan import Place
from chatserver.log.writer import Outcome, Writer
from chatserver.tally import Commits
from shared.errors import Refused
from shared.protocol import AnyEvent, Message
from shared.record import encode, timestamp

BATCH_DRAFTS: Final = 2048
"""About 6 ms of encoding; a batch is taken on the loop."""
BATCH_BYTES: Final = 4 << 20
CROWDED: Final = 4096
"""Drafts waiting, above which `drained` waits."""
INDEX_LAG: Final = 200_000
"""Events that the index may be behind before `drained` waits for it."""
HISTORY_STEP: Final = 1000

_log = logging.getLogger(__name__)


class _Job:
    """One batch on its way: what to publish, and what to put back where the disk refuses it."""

    __slots__ = ("before", "hashes", "lines", "rejected", "repeated", "stored")

    def __init__(self, before: Place) -> None:
        self.before = before
        self.stored: list[AnyEvent] = []
        self.lines: list[bytes] = []
        self.hashes: list[bytes] = []
        self.repeated: list[Repeated] = []
        self.rejected: list[Rejected] = []

    def answer(self, outcome: Repeated | Rejected) -> None:
        """Note the outcome of a draft that is not stored."""
        if isinstance(outcome, Repeated):
            self.repeated.append(outcome)
        else:
            self.rejected.append(outcome)


class TextLog:
    """A `Log` on `<folder>/chat_history.txt`. Opened outside the loop, then used by one loop alone."""

    def __init__(self, opened: Opened, clock: Callable[[], int]) -> None:
        self.epoch: str = opened.epoch
        self.tip: int = opened.place.seq
        self.index = Index(opened.store, opened.queries, opened.seen)
        self.commits = Commits()
        self._disk = opened.disk
        self._clock = clock
        self._place = opened.place  # after the last line handed to the writer
        self._last = opened.last
        self._seen = opened.seen
        self._recent = Recent()
        self._cleared: set[str] = set()  # keys that the filter suspected and the index does not know
        self._waiting: list[AnyEvent] = []
        self._late: list[AnyEvent] = []  # submitted while the log closes
        self._job: _Job | None = None
        self._looking: asyncio.Task[None] | None = None
        self._scheduled = False
        self._closing = False
        self._full = False
        self._ended = False
        self._failure: LogFailed | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: Writer | None = None
        self._published: deque[Batch] = deque()
        self._news = asyncio.Event()
        self._moved = asyncio.Event()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        replay: Replay = lambda events: None,
        replay_after: int = 0,
        restore: Restore = lambda snapshot: False,
        progress: Progress = lambda done, total: None,
        clock: Callable[[], int] = time.time_ns,
        disk: MakeDisk = Disk,
    ) -> Self:
        """Open the history in this folder, or begin one. Blocks: call it before the loop serves, or in a thread.

        Where the index holds a snapshot (`index.put_state`) newer than `replay_after`, `restore` is offered it first;
        says it True, the replay begins behind it. `replay` then gets every event after `replay_after` (or the
        snapshot), in order, in chunks, with `prev`. `progress(bytes done, bytes in all)` is called between chunks.
        `clock` gives nanoseconds since 1970. Raises `LogError` with one sentence; the file is unchanged then.
        """
        return cls(recover(folder, Wishes(restore, replay_after, replay, progress), clock, disk), clock)

    # --- drafts in --------------------------------------------------------------------------------------------

    def submit(self, draft: AnyEvent) -> None:
        if self._closing:
            self._late.append(draft)
            return
        self._waiting.append(draft)
        if self._job is None and not self._scheduled:
            self._schedule()

    def _schedule(self) -> None:
        """Start at the end of this turn of the loop, when its other sockets have been read."""
        if self._failure is not None:
            self._waiting.clear()
        elif self._looking is None:
            self._scheduled = True
            self._on_loop().call_soon(self._start)

    def _on_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._writer = Writer(self._disk, self._loop, self._done, self.commits)
        return self._loop

    def _start(self) -> None:
        """Hand the next batch to the writer, if there is one and nothing is on its way."""
        self._scheduled = False
        if self._job is not None or self._looking is not None or self._failure is not None or not self._waiting:
            return
        job, suspects = self._take()
        loop, writer = self._on_loop(), self._writer
        if suspects:
            self._looking = loop.create_task(self._look_up(suspects))
        if job.lines and writer is not None:
            self._job = job
            writer.write(job.lines, job.before.offset)
        elif job.repeated or job.rejected:
            self._job = job
            loop.call_soon(self._done, None)

    def _take(self) -> tuple[_Job, set[tuple[str, str]]]:
        """Make a batch of what waits, up to the first id that may have been used before and is not known here.

        Gives the batch, and every such id among what waits then.
        """
        recent, last, seen, cleared = self._recent, self._last, self._seen, self._cleared
        young, old = recent.young, recent.old
        job = _Job(self._place)
        stored, lines, hashes = job.stored.append, job.lines.append, job.hashes.append
        seq, offset, chain, now = self._place
        now = max(now, timestamp(self._clock()))
        full = offset + BATCH_BYTES
        taken = 0
        suspects: set[tuple[str, str]] = set()
        for draft in self._waiting[:BATCH_DRAFTS]:
            author = draft.user if type(draft) is Message else draft.author
            key = f"{author}\t{draft.id}"  # `key_of` without its call
            earlier = young.get(key) or old.get(key)
            if earlier is not None:
                job.answer(judged(draft, earlier))
                taken += 1
                continue
            try:
                hashed = hash_of(key)
                if hashed in seen:
                    if key not in cleared:
                        suspects = self._suspects(taken)
                        break
                    cleared.discard(key)
                draft.seq, draft.time = seq + 1, now
                line, chain = encode(draft, chain)
            except UnicodeEncodeError:
                _withdraw(draft)
                job.answer(Rejected(draft, Refused("bad_request", "The text holds half a character (a surrogate).")))
                taken += 1
                continue
            seq += 1
            room = draft.room
            draft.prev = last.get(room, 0)
            last[room] = seq
            young[key] = draft
            hashes(hashed)
            lines(line)
            stored(draft)
            offset += len(line)
            taken += 1
            if offset >= full:
                break
        del self._waiting[:taken]
        if job.lines:
            self._place = Place(seq, offset, chain, now)
            if forgotten := recent.turn(job.hashes, offset - job.before.offset, seq):
                seen.add_all(*forgotten)
        return job, suspects

    def _suspects(self, begin: int) -> set[tuple[str, str]]:
        """Every `(author, id)` among what waits, from `begin` on, that only the index can tell to be new."""
        found: set[tuple[str, str]] = set()
        for draft in self._waiting[begin : begin + BATCH_DRAFTS]:
            key = key_of(draft.author, draft.id)
            try:
                fresh = hash_of(key) not in self._seen
            except UnicodeEncodeError:
                continue
            if not (fresh or key in self._recent.young or key in self._recent.old or key in self._cleared):
                found.add((draft.author, draft.id))
        return found

    async def _look_up(self, suspects: set[tuple[str, str]]) -> None:
        """Ask the index about these; everything behind the first of them waits meanwhile."""
        try:
            found = await self.index.find_all(suspects)
        except Exception as error:
            if not isinstance(error, LogError):
                _log.exception("A look-up of ids failed.")
            self._fail(LogFailed(f"Whether a message is a repeated one cannot be told. {error}"))
            return
        for author, ident in suspects:
            key = key_of(author, ident)
            if (event := found.get((author, ident))) is not None:
                self._recent.young[key] = event
            else:
                self._cleared.add(key)
        self._looking = None
        if not self._scheduled:
            self._start()

    # --- batches out ------------------------------------------------------------------------------------------

    def _done(self, outcome: Outcome) -> None:
        """The writer is done with the job: start the next, then publish this one."""
        job, self._job = self._job, None
        if job is None or self._failure is not None:
            return
        if isinstance(outcome, LogFailed):
            self._fail(outcome)
            return
        place = self._place
        if isinstance(outcome, Refused):
            self._take_back(job, outcome)
        elif job.stored:
            self.tip = place.seq
            self._full = False
        self._start()
        if job.stored:
            self.index.add(Feed(job.stored, [len(line) for line in job.lines], job.hashes, job.before.offset, place))
        self._published.append(Batch(job.stored, job.repeated, job.rejected))
        self._news.set()
        self._moved.set()

    def _take_back(self, job: _Job, error: Refused) -> None:
        """The disk refused the batch and is as it was before: so is the log, and its drafts are drafts again."""
        if not self._full:
            self._full = True
            _log.error("%s Posts are refused until then.", error.message)
        self._place = job.before
        for draft in reversed(job.stored):
            self._recent.forget(key_of(draft.author, draft.id))
            if draft.prev:
                self._last[draft.room] = draft.prev
            else:
                del self._last[draft.room]
        repeats = {id(draft) for draft in job.stored}
        job.rejected += [Rejected(draft, error) for draft in job.stored]
        job.rejected += [Rejected(each.draft, error) for each in job.repeated if id(each.event) in repeats]
        job.repeated = [each for each in job.repeated if id(each.event) not in repeats]
        for draft in job.stored:
            _withdraw(draft)
        job.stored = []

    def _fail(self, failure: LogFailed) -> None:
        """The end: nothing is stored or published any more; what waits stays without an answer."""
        self._failure = failure
        self._looking = None
        self._waiting.clear()
        self._news.set()
        self._moved.set()

    async def follow(self, after: int) -> AsyncIterator[Batch]:
        while after < self.tip and not self._ended:
            events = await self.index.read(after, HISTORY_STEP)
            after = events[-1].seq
            yield Batch(events)
        while True:
            while self._published:
                batch = self._published.popleft()
                if batch.stored and batch.stored[0].seq <= after:  # came out of the history above
                    batch = batch._replace(stored=[event for event in batch.stored if event.seq > after])
                if any(batch):
                    yield batch
            if self._failure is not None:
                raise self._failure
            if self._ended:
                return
            self._news.clear()
            await self._news.wait()

    async def drained(self) -> None:
        while len(self._waiting) > CROWDED and self._failure is None:
            self._moved.clear()
            await self._moved.wait()
        if self.tip - self.index.through > INDEX_LAG:
            await self.index.caught_up()

    async def read(self, after: int, limit: int) -> list[AnyEvent]:
        return await self.index.read(after, limit)

    async def close(self) -> None:
        if self._closing:
            return
        self._closing = True
        while (self._waiting or self._job is not None or self._looking is not None) and self._failure is None:
            self._moved.clear()
            await self._moved.wait()
        if self._late and self._failure is None:
            refused = Refused("shutting_down", "The server is shutting down. Your client sends it again by itself.")
            self._published.append(Batch((), (), [Rejected(draft, refused) for draft in self._late]))
        if self._writer is not None:
            self._writer.stop()
        await self.index.close()
        self._disk.close()
        self._ended = True
        self._news.set()


def _withdraw(draft: AnyEvent) -> None:
    """Make it a draft again."""
    draft.seq, draft.prev, draft.time = 0, 0, ""
