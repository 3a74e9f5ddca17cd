"""Opening a history: what is good, what is a torn tail, what is damage, and the index that goes with it.

One pass does it all. With an index it begins where the caller's snapshot or the index ends, whichever is earlier;
without one it begins at the first line. A line that cannot be read after everything that was acknowledged is what a
crash leaves: it is put aside and cut. Anything else is damage, and then nothing at all is changed.
"""

import logging
import os
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from chatserver.index.feed import Feed
from chatserver.index.queries import Queries
from chatserver.index.seen import Seen, hashes_of
from chatserver.index.store import FLUSH_AFTER, Store
from chatserver.log.contract import LogError
from chatserver.log.disk import Disk, open_locked, sync, sync_folder
from chatserver.log.scan import LONGEST_LINE, Bad, Chunk, Place, Scan, has_line_after, line_before, read_header
from shared.errors import RecordError
from shared.protocol import AnyEvent
from shared.record import Header, encode_header, seal_of, timestamp

HISTORY: Final = "chat_history.txt"
INDEX: Final = "index.sqlite3"

_log = logging.getLogger(__name__)

Restore = Callable[[bytes], bool]
"""Takes the snapshot that `put_state` kept; False where it is of no use."""
Replay = Callable[[list[AnyEvent]], None]
Progress = Callable[[int, int], None]
"""Bytes read, and bytes to read."""
MakeDisk = Callable[[Path, int, int], Disk]


class Opened(NamedTuple):
    """A history that is whole, and its index, which has come just as far."""

    disk: Disk
    epoch: str
    place: Place
    last: dict[str, int]
    store: Store
    queries: Queries
    seen: Seen


class Wishes(NamedTuple):
    """What whoever opens a history wants to be told meanwhile."""

    restore: Restore
    replay_after: int
    replay: Replay
    progress: Progress


def recover(folder: Path, wishes: Wishes, clock: Callable[[], int], make_disk: MakeDisk) -> Opened:
    """Open or create the history in this folder, locked for this process; `LogError` says why not."""
    path = folder / HISTORY
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_lost_history(path)
        fresh, _ = encode_header(Header(timestamp(clock()), secrets.token_hex(8)))
        disk = make_disk(path, *open_locked(path, fresh))
    except OSError as error:
        raise LogError(f"{path} cannot be opened: {error.strerror or error}.") from error
    try:
        with path.open("rb") as file:
            return _Recovery(path, file, disk, wishes).run()
    except sqlite3.Error as error:
        disk.close()
        raise LogError(f"The index {path.with_name(INDEX)} cannot be written: {error}.") from error
    except OSError as error:
        disk.close()
        raise LogError(f"{path} cannot be opened: {error.strerror or error}.") from error
    except BaseException:
        disk.close()
        raise


def _refuse_lost_history(path: Path) -> None:
    """An index without its history: somebody removed the wrong file, and a new history would hide that."""
    if path.exists() and path.stat().st_size:
        return
    store = Store.open(path.with_name(INDEX))
    if store is None:
        return
    known = store.place.seq
    store.close()
    if known:
        raise LogError(
            f"{path} is gone or empty, and {known:,} events were in it. Restore it from a backup; "
            f"to begin a new history, delete {path.with_name(INDEX)} too."
        )


class _Recovery:
    """One opening. `watermark` is how far an index that was there vouches for the history, None without one."""

    def __init__(self, path: Path, file: BinaryIO, disk: Disk, wishes: Wishes) -> None:
        self._path = path
        self._file = file
        self._disk = disk
        self._wishes = wishes
        self._after = wishes.replay_after
        self._last: dict[str, int] = {}

    def run(self) -> Opened:
        try:
            header, start = read_header(self._file)
        except RecordError as error:
            raise self._damage(Bad(1, 0, str(error))) from None
        store, watermark = self._find_index(header.epoch)
        try:
            if store is None or watermark is None:
                if self._disk.size() > start.offset:
                    _log.info("Building the index of %s.", self._path)
                store = Store.create(self._path.with_name(INDEX), header.epoch, start)
                seen, begin = Seen(), start
            else:
                seen = store.load_filter()
                self._check_watermark(watermark, store.stamp())
                begin = self._begin(store)
            place = self._read(store, seen, begin, watermark)
            store.keep_filter(seen)
            store.flush()
            return Opened(
                self._disk, header.epoch, place, store.rooms.last_seqs(), store, Queries(store, self._path), seen
            )
        except BaseException:
            if store is not None:
                store.close()
                if watermark is None:
                    store.remove()
            raise

    def _find_index(self, epoch: str) -> tuple[Store | None, Place | None]:
        store = Store.open(self._path.with_name(INDEX))
        if store is None:
            return None, None
        if store.epoch == epoch:
            return store, store.place
        store.close()
        return None, None

    def _check_watermark(self, watermark: Place, stamp: tuple[int, int] | None) -> None:
        """The line that ends at the watermark must be the one that was written there.

        Where somebody changed the file after it was closed in order (`stamp`), every line before it is read too.
        """
        left = os.fstat(self._disk.descriptor)
        touched = stamp is not None and stamp != (left.st_size, left.st_mtime_ns)
        if not touched and self._stands(watermark):
            return
        _, start = read_header(self._file)
        scan = Scan(self._file, start)
        for _ in scan:
            self._wishes.progress(scan.place.offset, watermark.offset)
        if scan.place.offset >= watermark.offset and self._stands(watermark):
            return
        if scan.bad is not None and scan.place.offset < watermark.offset and has_line_after(self._file, scan.bad):
            raise self._damage(scan.bad)
        raise LogError(
            f"{self._path} is not what it was: {watermark.offset:,} bytes were written, and from line "
            f"{scan.place.next_line} (at byte {scan.place.offset:,}) on they are missing or changed. Nothing was "
            f"touched now. Restore the file from a backup; `python -m chatserver verify {self._path}` shows what is "
            f"left, and without {INDEX} beside it the server starts with just that."
        )

    def _stands(self, watermark: Place) -> bool:
        """Whether the line that was written last before the watermark still stands there."""
        try:
            return seal_of(line_before(self._file, watermark.offset)) == watermark.chain
        except RecordError:
            return False

    def _begin(self, store: Store) -> Place:
        """Where to begin to read: at what the caller has not seen yet, or at what the index has not."""
        state = store.state()
        if state is not None and state[0] > self._after and self._wishes.restore(state[1]):
            self._after = state[0]
        if self._after >= store.place.seq:
            return store.place
        first, offset = store.chunks.near(self._after + 1)
        return Place(first - 1, offset, seal_of(line_before(self._file, offset)), "")

    def _read(self, store: Store, seen: Seen, begin: Place, watermark: Place | None) -> Place:
        """Everything from `begin` on goes to the caller and what is new to the index; then the tail is looked at."""
        scan = Scan(self._file, begin)
        size = self._disk.size()
        for chunk in scan:
            self._link(store, chunk)
            news = self._unindexed(store, seen, chunk, scan.place)
            if news is not None:
                store.add(news)
            if watermark is None and store.unflushed >= 4 * FLUSH_AFTER:
                store.flush(complete=False)
            if chunk.events and chunk.events[-1].seq > self._after:
                skip = max(0, self._after + 1 - chunk.events[0].seq)
                self._wishes.replay(chunk.events[skip:] if skip else chunk.events)
            self._wishes.progress(scan.place.offset, size)
        if scan.bad is not None or scan.unfinished:
            bad = scan.bad or Bad(scan.place.next_line, scan.place.offset, "it is unfinished")
            self._judge(bad, watermark)
            self._cut(bad)
        return scan.place

    def _link(self, store: Store, chunk: Chunk) -> None:
        """Fill in `prev`. The first event of each room that the pass meets asks the index for the one before it."""
        last = self._last
        for event in chunk.events:
            room = event.room
            prev = last.get(room)
            if prev is None:
                prev = store.rooms.previous(room, event.seq)
            event.prev = prev
            last[room] = event.seq

    def _unindexed(self, store: Store, seen: Seen, chunk: Chunk, place: Place) -> Feed | None:
        """What of this chunk the index does not hold yet."""
        events, sizes, offset = chunk
        if not events or events[-1].seq <= store.place.seq:
            return None
        known = max(0, store.place.seq + 1 - events[0].seq)
        if known:
            offset += sum(sizes[:known])
            events, sizes = events[known:], sizes[known:]
        hashes = hashes_of(events)
        seen.add_all(b"".join(hashes), events[-1].seq)
        return Feed(events, sizes, hashes, offset, place)

    def _judge(self, bad: Bad, watermark: Place | None) -> None:
        """Return where the bad line begins a torn tail; raise where it is damage.

        A crash may leave a whole line behind an unwritten block, which reads as zero bytes: no line of this format
        holds one. Only with a watermark is it known that nothing there had been acknowledged long ago.
        """
        if watermark is not None:
            if bad.offset < watermark.offset:
                raise self._damage(bad)
            self._file.seek(bad.offset)
            if b"\0" in self._file.readline(LONGEST_LINE):
                return
        if has_line_after(self._file, bad):
            raise self._damage(bad)

    def _cut(self, bad: Bad) -> None:
        """Put the torn tail aside, durably, and cut it off."""
        aside = self._path.with_name(f"{self._path.stem}.torn-{bad.offset}")
        self._file.seek(bad.offset)
        with aside.open("wb") as copy:
            while data := self._file.read(LONGEST_LINE):
                copy.write(data)
            copy.flush()
            os.fsync(copy.fileno())
            size = copy.tell()
        sync_folder(aside.parent)
        os.ftruncate(self._disk.descriptor, bad.offset)
        sync(self._disk.descriptor)
        _log.warning(
            "The last write to %s was cut short by a crash: %d bytes from line %d on, which nobody was told were "
            "stored, now stand in %s.",
            *(self._path, size, bad.line, aside.name),
        )

    def _damage(self, bad: Bad) -> LogError:
        return LogError(
            f"Line {bad.line} of {self._path} (at byte {bad.offset:,}) is damaged: {bad.why}. Nothing was changed. "
            f"Restore the file from a backup; `python -m chatserver verify {self._path}` shows the line."
        )
