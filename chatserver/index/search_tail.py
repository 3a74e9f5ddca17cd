"""What the full text does not hold yet: the newest messages in memory, those before them in the file, and the changes.

However far the full text is behind, a search knows every change of every message up to the last committed event, and
compares the newest messages without reading a line again. What is between those and the full text is read backwards,
a piece at a time, so that who searches can stop.
"""

from collections.abc import Callable, Iterator
from typing import Final

from chatserver.index.search_base import Hit, SearchBase, Step, Wanted
from chatserver.index.search_lines import Change, HistoryFile, Said, Spot, newest, read_line, seq_of

KEPT: Final = 16_384
"""Messages that may stay in memory, and are looked through in about 5 ms."""
KEPT_BYTES: Final = 1 << 20
"""Bytes of the history that are read into memory at once; where more is new, only the changes in it are."""


class Tail:
    """What stands between the end of the full text and the last committed event. For one thread."""

    def __init__(self, history: HistoryFile) -> None:
        self._history = history
        self._reset(history.start)

    def _reset(self, spot: Spot) -> None:
        self._begin = self._end = spot
        self._said: list[Said] = []
        self._whole_after = spot.seq  # every message after this seq is in memory
        self._changes: dict[tuple[str, int], Change] = {}

    def move(self, begin: Spot, end: Spot) -> None:
        """Forget what the full text holds by now, up to `begin`, and take in what was committed since, up to `end`."""
        if begin.seq > self._end.seq or begin.seq < self._begin.seq:
            self._reset(begin)
        elif begin.seq > self._begin.seq:
            self._begin = begin
            self._said = [said for said in self._said if said.seq > begin.seq]
            self._whole_after = max(self._whole_after, begin.seq)
            self._changes = {key: each for key, each in self._changes.items() if each.at > begin.seq}
        if end.seq > self._end.seq:
            self._extend(end)

    def _extend(self, end: Spot) -> None:
        offset = self._end.offset
        if end.offset - offset > KEPT_BYTES:
            self._said.clear()
            line, begin = self._history.line_at(end.offset - KEPT_BYTES, offset, end.offset)
            for change in self._history.changes(offset, begin):
                newest(self._changes, change)
            offset, self._whole_after = begin, seq_of(line) - 1
        for lines, _ in self._history.forwards(offset, end.offset):
            for line in lines:
                found = read_line(line)
                if isinstance(found, Said):
                    self._said.append(found)
                elif found is not None:
                    newest(self._changes, found)
        if len(self._said) > 2 * KEPT:
            self._whole_after = self._said[-KEPT - 1].seq
            del self._said[:-KEPT]
        self._end = end

    # --- looking ----------------------------------------------------------------------------------------------

    def look(self, wanted: Wanted) -> Iterator[Step]:
        """The hits behind the full text, newest first."""
        fits = self._fits(wanted)
        if wanted.below > self._whole_after + 1:
            down = max(wanted.above, self._whole_after + 1)
            found = [Hit(said.seq, said.room) for said in reversed(self._said) if fits(said)]
            yield Step(found, down)
        yield from self._look_back(wanted, fits)

    def _look_back(self, wanted: Wanted, fits: Callable[[Said], bool]) -> Iterator[Step]:
        """The same in the lines that are not in memory."""
        above, below = max(wanted.above, self._begin.seq + 1), min(wanted.below, self._whole_after + 1)
        if above >= below:
            return
        history = self._history
        end = history.offset_of(below, self._begin.offset, self._end.offset)
        begin = history.offset_of(above, self._begin.offset, end)
        for lines in history.backwards(begin, end):
            found = [said for line in lines if isinstance(said := read_line(line), Said) and fits(said)]
            yield Step([Hit(said.seq, said.room) for said in found], seq_of(lines[-1]))
        yield Step((), above)

    def _fits(self, wanted: Wanted) -> Callable[[Said], bool]:
        needle, rooms, user, files, above, below, _ = wanted
        changes = self._changes

        def fits(said: Said) -> bool:
            if not above <= said.seq < below or said.room not in rooms or user not in (None, said.user):
                return False
            if files and not said.files:
                return False
            change = changes.get((said.room, said.seq)) if changes else None
            text = said.text if change is None else change.text
            return text is not None and needle in text

        return fits

    def look_below(self, wanted: Wanted, base: SearchBase) -> Iterator[Step]:
        """The hits in the full text, newest first, by what became of these messages since."""
        end = min(wanted.below, self._begin.seq + 1)
        changed = self._changed(wanted, base, end)
        for hits, down in base.look(wanted, end):
            kept = [hit for hit in hits if (hit.room, hit.seq) not in self._changes]
            while changed and changed[0].seq >= down:
                kept.append(changed.pop(0))
            yield Step(sorted(kept, reverse=True), down)
        yield Step(changed, wanted.above)

    def _changed(self, wanted: Wanted, base: SearchBase, end: int) -> list[Hit]:
        """The messages of the full text whose newest text, which it has not, fits; newest first."""
        found = [
            Hit(change.of, change.room)
            for change in self._changes.values()
            if wanted.above <= change.of < end and change.text is not None and wanted.needle in change.text
        ]
        found = [hit for hit in found if hit.room in wanted.rooms and base.stands(hit, wanted.user, wanted.files)]
        return sorted(found, reverse=True)
