"""The lines of a conversation that are in sight: only their rows are drawn, however long it is. PURE.

The place is kept by the uppermost row and how many of its last lines are in sight, so that whatever comes above or
below moves nothing. At the end it follows what comes; everywhere else it stays.
"""

from typing import Final

from chatclient.rows import Row
from chatclient.terminal import drawing
from chatclient.terminal.drawing import About, Line
from chatclient.timeline import Timeline

NEAR: Final = 12
"""So many rows before the end of what is loaded, more is wanted."""
AIRY: Final = 24
"""From so many lines on there is place for blank ones between groups."""
CHOSEN: Final = frozenset({"message", "action"})


class ConversationView:
    """`timeline` is shown; `seen` names by key the row under which it stands who has seen it, and the words.

    chosen    key of the row that commands mean, "" for none
    """

    def __init__(self, me: str) -> None:
        self._me = me
        self.timeline: Timeline | None = None
        self.seen: tuple[str, str] = ("", "")
        self.chosen = ""
        self._top: tuple[str, int] | None = None
        self._sight = (0, 0)
        self._first = (0, 0)
        self._last = 0
        self._to_unread = False

    def show(self, timeline: Timeline | None) -> None:
        """Another one, at its unread line where that is not in sight, or at its end."""
        self.timeline = timeline
        self.chosen, self.seen = "", ("", "")
        self._top, self._first, self._last = None, (0, 0), 0
        self._to_unread = timeline is not None

    # --- drawing --------------------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> list[Line]:
        """The lines in sight, the last one lowest."""
        self._sight = (width, height)
        if self.timeline is None or not self.timeline.count:
            return []
        if self._to_unread and self._top is None:
            self._seek_unread()
        found = self._below(height) if self._top is not None else None
        if found is None:
            self._top = None
            found = self._ending(height)
        return [()] * (height - len(found)) + found

    def _lines(self, index: int) -> tuple[Line, ...]:
        assert self.timeline is not None
        row = self.timeline.row(index)
        seen = self.seen[1] if row.key == self.seen[0] else ""
        return drawing.lines(row, self._sight[0], About(self._me, seen, row.key == self.chosen, self._sight[1] >= AIRY))

    def _ending(self, height: int) -> list[Line]:
        """The end of it."""
        assert self.timeline is not None
        index = self.timeline.count
        parts: list[tuple[Line, ...]] = []
        tall = 0
        while index and tall < height:
            index -= 1
            parts.append(self._lines(index))
            tall += len(parts[-1])
        self._first, self._last = (index, max(tall - height, 0)), self.timeline.count - 1
        found = [line for part in reversed(parts) for line in part]
        return found[max(tall - height, 0) :]

    def _below(self, height: int) -> list[Line] | None:
        """What stands from the kept place on; None where that is less than fills the place."""
        assert self.timeline is not None and self._top is not None
        key, left = self._top
        index = self.timeline.index(key)
        if index is None:
            return None
        offset = len(self._lines(index)) - left
        while offset < 0 and index > 0:  # it has lost what stood above it, a day or a name
            index -= 1
            offset += len(self._lines(index))
        offset = max(offset, 0)
        self._first = (index, offset)
        found: list[Line] = []
        while index < self.timeline.count and len(found) < height:
            found += self._lines(index)[offset:]
            offset = 0
            index += 1
        self._last = index - 1
        if len(found) < height or (index == self.timeline.count and len(found) == height and self.timeline.attached):
            return None
        return found[:height]

    def _seek_unread(self) -> None:
        assert self.timeline is not None
        index = self.timeline.unread_index
        if index is None:
            return
        self._to_unread = False
        tall = sum(len(self._lines(at)) for at in range(index, min(self.timeline.count, index + self._sight[1])))
        if tall > self._sight[1]:
            self._keep(index, 0)

    # --- moving ---------------------------------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Is the newest in sight?"""
        return self._top is None and (self.timeline is None or self.timeline.attached)

    @property
    def wants_older(self) -> bool:
        return self.timeline is not None and self._first[0] < NEAR and not self.timeline.complete

    @property
    def wants_newer(self) -> bool:
        timeline = self.timeline
        return timeline is not None and not timeline.attached and self._last > timeline.count - NEAR

    def page(self, pages: int) -> None:
        """Down, or up where negative, by what is in sight, less two lines."""
        self.scroll(pages * max(self._sight[1] - 2, 1))

    def scroll(self, by: int) -> None:
        """Down, or up where negative, by so many lines."""
        if self.timeline is None or not self.timeline.count:
            return
        self._to_unread = False
        index, offset = self._first
        index = min(index, self.timeline.count - 1)
        offset += by
        while offset < 0 and index > 0:
            index -= 1
            offset += len(self._lines(index))
        while offset >= len(self._lines(index)) and index < self.timeline.count - 1:
            offset -= len(self._lines(index))
            index += 1
        self._keep(index, max(offset, 0))

    def to_end(self) -> None:
        """Follow what comes."""
        self._top, self._to_unread = None, False

    def to_start(self) -> None:
        """As far up as is loaded."""
        if self.timeline is not None and self.timeline.count:
            self._to_unread = False
            self._keep(0, 0)

    def goto(self, key: str) -> None:
        """Show this row, with some of what is before it, and choose it."""
        index = self.timeline.index(key) if self.timeline is not None else None
        if index is not None:
            self.chosen = key
            self._first = (index, 0)
            self.scroll(-(self._sight[1] // 3))

    def _keep(self, index: int, offset: int) -> None:
        assert self.timeline is not None
        left = len(self._lines(index)) - offset
        self._top, self._first = (self.timeline.row(index).key, left), (index, offset)

    # --- choosing -------------------------------------------------------------------------------------------

    def row(self) -> Row | None:
        """The chosen row, None for none."""
        index = self.timeline.index(self.chosen) if self.timeline is not None and self.chosen else None
        return self.timeline.row(index) if self.timeline is not None and index is not None else None

    def choose(self, step: int) -> None:
        """The next message in this direction; the lowest in sight where none is chosen. Past the end: none."""
        timeline = self.timeline
        if timeline is None:
            return
        here = timeline.index(self.chosen) if self.chosen else None
        index = self._last + 1 if here is None else here
        if here is None and step > 0:
            return
        index += step
        while 0 <= index < timeline.count and timeline.row(index).kind not in CHOSEN:
            index += step
        if index >= timeline.count:
            self.chosen = ""
            self.to_end()
        elif index >= 0:
            self.chosen = timeline.row(index).key
            self._into_sight(index)

    def choose_line(self, y: int) -> None:
        """The message that stands in this line of what is in sight."""
        timeline = self.timeline
        if timeline is None or not timeline.count:
            return
        index, offset = self._first
        tall = sum(len(self._lines(at)) for at in range(index, self._last + 1)) - offset
        y -= max(self._sight[1] - tall, 0)
        while y >= 0 and index <= self._last:
            here = len(self._lines(index)) - offset
            if y < here:
                row = timeline.row(index)
                self.chosen = row.key if row.kind in CHOSEN and row.key != self.chosen else ""
                return
            y, offset, index = y - here, 0, index + 1

    def _into_sight(self, index: int) -> None:
        height = self._sight[1]
        if index <= self._first[0]:
            self._to_unread = False
            self._keep(index, 0)
            return
        below = sum(len(self._lines(at)) for at in range(self._first[0], index + 1)) - self._first[1] - height
        if below > 0:
            self.scroll(below)
