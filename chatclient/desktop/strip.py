"""The rows that exist on the canvas: those in the window and `OVERSCAN` pixels round it, without a gap.

There are no absolute positions. Every change is the same step: one row stays where it is (the anchor), the others
are laid out from it up and down, and those that look as before keep their items. Scrolling moves the canvas under
its window by pixels and adds and removes rows at the edges.

Promises: rows that left take their items and images with them; the canvas' own coordinates stay within `REBASE`
plus a window and a page, however far one scrolls; a row higher than `TALL` has items only round the window.
"""

import tkinter as tk
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from chatclient.desktop.layouts import Layouts
from chatclient.desktop.operations import Drawing, Target
from chatclient.desktop.painter import Band, Painted, Painter
from chatclient.desktop.scrollbar import Extent
from chatclient.desktop.selection import Span
from chatclient.desktop.theme import Metrics
from chatclient.rows import Row

OVERSCAN: Final = 160
REBASE: Final = 8_000
TALL: Final = 2_000

_NEAR_END: Final = 10  # rows
_NEAR: Final = 60  # rows that are worth laying out to reach the newest one


class Source(Protocol):
    """What is shown: a `Timeline`, or what stands in for one."""

    @property
    def count(self) -> int: ...
    @property
    def unread_index(self) -> int | None: ...
    @property
    def attached(self) -> bool: ...  # whether the newest row of all is its last one
    def row(self, i: int, /) -> Row: ...
    def index(self, key: str, /) -> int | None: ...


class Live:
    """A row that exists. `y`: its top on the canvas; `painted` is None while it is laid out and not drawn."""

    __slots__ = ("band", "drawing", "index", "painted", "row", "selected", "y")

    def __init__(self, index: int, row: Row, drawing: Drawing) -> None:
        self.index, self.row, self.drawing = index, row, drawing
        self.y = 0
        self.painted: Painted | None = None
        self.band: Band = (0, 0)
        self.selected: Span | None = None

    @property
    def bottom(self) -> int:
        return self.y + self.drawing.height


class Strip:
    """`selected(index, row)`: what of a row's text is selected. `rings`: keys of rows with a ring, by purpose."""

    def __init__(
        self,
        canvas: tk.Canvas,
        painter: Painter,
        layouts: Layouts,
        metrics: Metrics,
        selected: Callable[[int, Row], Span | None],
    ) -> None:
        self._call, self._path = canvas.tk.call, str(canvas)
        self._painter, self._layouts, self._m = painter, layouts, metrics
        self._selected = selected
        self.source: Source | None = None
        self.rows: deque[Live] = deque()
        self.top = 0  # canvas y at the window's upper edge
        self.height = 0  # of the window
        self.rings: dict[str, str] = {}

    @property
    def at_bottom(self) -> bool:
        """Whether the newest row is in sight to its end; true where there are no rows."""
        if self.source is None or not self.rows:
            return True
        last = self.rows[-1]
        if not self.source.attached:
            return False
        return last.index == self.source.count - 1 and last.bottom <= self.top + self.height + self._m.gap

    @property
    def first_key_near(self) -> str | None:
        """The key of the first row of all, where the reader is near it."""
        if self.source is None or not self.rows or self.rows[0].index > _NEAR_END:
            return None
        return self.source.row(0).key

    @property
    def last_key_near(self) -> str | None:
        """The key of the last row, where the reader is near it and there are newer ones elsewhere."""
        if self.source is None or not self.rows or self.source.attached:
            return None
        last = self.source.count - 1
        return self.source.row(last).key if self.rows[-1].index >= last - _NEAR_END else None

    def extent(self) -> Extent:
        """Which rows are in sight."""
        if self.source is None or not self.rows:
            return Extent(0, 0, 0)
        bottom = self.top + self.height
        first = next((live for live in self.rows if live.bottom > self.top), self.rows[-1])
        last = next((live for live in reversed(self.rows) if live.y < bottom), self.rows[0])
        return Extent(
            first.index + _share(self.top - first.y, first.drawing.height),
            last.index + _share(bottom - last.y, last.drawing.height),
            self.source.count,
        )

    def at(self, y: int) -> Live | None:
        """The row at this height of the window."""
        return next((live for live in self.rows if live.y <= y + self.top < live.bottom), None)

    def in_sight(self) -> list[Live]:
        """The rows of which something is in the window."""
        bottom = self.top + self.height
        return [live for live in self.rows if live.bottom > self.top and live.y < bottom]

    def target_at(self, x: int, y: int) -> tuple[Target, Live] | None:
        """What can be clicked at a point of the window, and its row."""
        live = self.at(y)
        if live is None:
            return None
        down = y + self.top - live.y
        for target in live.drawing.targets:
            if target.x <= x < target.x + target.width and target.y <= down < target.y + target.height:
                return target, live
        return None

    def put_ring(self, purpose: str, key: str) -> bool:
        """The row with this key has a ring for this purpose, and no other. False where that is so already."""
        before = self.rings.get(purpose, "")
        self.rings[purpose] = key
        if before != key:
            self.repaint(lambda live: live.row.key in (before, key))
        return before != key

    def build(self, index: int, y: int | None, stick: bool = False) -> None:
        """Row `index` with its top at the canvas' `y` (None: at the bottom of the window), the others round it.

        `stick`: then go down to the newest row, which costs one movement of the canvas and none of the items.
        """
        assert self.source is not None
        newest = self.source.count - 1
        if stick and newest - index > _NEAR:
            index, y = newest, None
        old = {live.row.key: live for live in self.rows}
        self.rows.clear()
        anchor = self._taken(index, old)
        if y is None:
            y = self.top + self.height - self._m.foot - anchor.drawing.height
        self._stand(anchor, y)
        self.rows.append(anchor)
        self._fill(old)
        while stick and (below := self.rows[-1].bottom + self._m.foot - self.top - self.height) > 0:
            self._move(below)
            self._fill(old)
            stick = self.rows[-1].index < newest
        self._settle(old)
        for live in old.values():
            self._erase(live)
        self._trim()

    def scroll(self, distance: int) -> None:
        """By so many pixels, towards newer rows where positive, as far as there are rows."""
        if self.rows and distance:
            self._move(distance)
            self._fill({})
            self._settle({})
            self._trim()

    def slide(self, distance: int) -> None:
        """Move the window over the rows as they are; the caller builds next."""
        self._move(distance)

    def clear(self) -> None:
        for live in self.rows:
            self._erase(live)
        self.rows.clear()

    def repaint(self, fits: Callable[[Live], bool] = lambda _live: True) -> None:
        """Draw those rows again that fit."""
        for live in self.rows:
            if fits(live):
                self._paint(live)

    # --- edges --------------------------------------------------------------------------------------------------

    def _fill(self, old: dict[str, Live]) -> None:
        """Rows at both ends until the window and its overscan are covered; `old` are those to take over."""
        assert self.source is not None
        rows, low, high = self.rows, self.top - OVERSCAN, self.top + self.height + OVERSCAN
        while rows[0].y > low and rows[0].index > 0:
            live = self._taken(rows[0].index - 1, old)
            self._stand(live, rows[0].y - live.drawing.height)
            rows.appendleft(live)
        while rows[-1].bottom < high and rows[-1].index < self.source.count - 1:
            live = self._taken(rows[-1].index + 1, old)
            self._stand(live, rows[-1].bottom)
            rows.append(live)
        for live in rows:
            if live.drawing.height > TALL and not self._covered(live):
                self._paint(live)

    def _settle(self, old: dict[str, Live]) -> None:
        """Show no emptiness beyond the first and the last row."""
        over = self._overshoot()
        if over:
            self._move(over)
            self._fill(old)

    def _overshoot(self) -> int:
        assert self.source is not None
        rows, m = self.rows, self._m
        if rows[-1].index == self.source.count - 1:
            over = rows[-1].bottom + m.foot - (self.top + self.height)
            fits = rows[0].index == 0 and rows[-1].bottom - rows[0].y + m.foot < self.height
            if over < 0 or fits:
                return over
        return max(0, rows[0].y - m.pad_y - self.top) if rows[0].index == 0 else 0

    def _trim(self) -> None:
        """Without the rows beyond the overscan; and the canvas' numbers small again where they grew."""
        rows, low, high = self.rows, self.top - OVERSCAN, self.top + self.height + OVERSCAN
        while len(rows) > 1 and rows[0].bottom < low:
            self._erase(rows.popleft())
        while len(rows) > 1 and rows[-1].y > high:
            self._erase(rows.pop())
        if abs(self.top) > REBASE:
            back = -self.top
            for live in rows:
                self._shift(live, back)
            self._move(back)

    def _move(self, distance: int) -> None:
        self.top += distance
        self._call(self._path, "yview", "scroll", distance, "units")

    # --- single rows --------------------------------------------------------------------------------------------

    def _taken(self, index: int, old: dict[str, Live]) -> Live:
        """The row as a live one: that of before where there is one, without its items where it looks different."""
        assert self.source is not None
        row = self.source.row(index)
        drawing = self._layouts.drawing(row)
        live = old.pop(row.key, None)
        if live is None:
            return Live(index, row, drawing)
        live.index, live.row = index, row
        if live.drawing is not drawing or live.selected != self._selected(index, row):
            self._erase(live)
            live.drawing = drawing
        return live

    def _stand(self, live: Live, y: int) -> None:
        if live.painted is None:
            live.y = y
            self._paint(live)
        else:
            self._shift(live, y - live.y)

    def _shift(self, live: Live, dy: int) -> None:
        live.y += dy
        if dy and live.painted is not None:
            self._painter.move(live.painted.items, dy)

    def _paint(self, live: Live) -> None:
        self._erase(live)
        live.band = self._band(live)
        live.selected = self._selected(live.index, live.row)
        live.painted = self._painter.draw(
            live.drawing, live.y, live.band, live.selected, live.row.key in self.rings.values()
        )

    def _erase(self, live: Live) -> None:
        if live.painted is not None:
            self._painter.erase(live.painted.items)
            live.painted = None

    def _band(self, live: Live) -> Band:
        if live.drawing.height <= TALL:
            return (-OVERSCAN, live.drawing.height + OVERSCAN)
        return (self.top - live.y - TALL // 2, self.top - live.y + self.height + TALL // 2)

    def _covered(self, live: Live) -> bool:
        """Whether all of a tall row that is in sight is drawn."""
        low = max(0, self.top - live.y - OVERSCAN)
        high = min(live.drawing.height, self.top - live.y + self.height + OVERSCAN)
        return live.painted is not None and (low >= high or (live.band[0] <= low and high <= live.band[1]))


def _share(part: int, whole: int) -> float:
    return max(0.0, min(1.0, part / max(1, whole)))
