"""The conversation: any number of rows on one canvas, of which only those in sight exist.

`Strip` keeps the rows, `Painter` draws them, `Pointer` listens to the mouse; here is what happens when the timeline,
the room, the width or the theme changes, and what follows from where the reader is: the scrollbar, the floating
button, the wish for older rows.

Promises: what the reader looks at does not move by a pixel when history comes in front or messages come behind; who
is at the bottom stays there; nothing is left over when the widget is destroyed.
"""

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final

from chatclient.desktop.art import Art
from chatclient.desktop.floating import FloatingButton
from chatclient.desktop.fonts import Fonts, TkMeasurer
from chatclient.desktop.layouts import Layouts
from chatclient.desktop.painter import Painter
from chatclient.desktop.pointer import Pointer
from chatclient.desktop.scrollbar import Scrollbar
from chatclient.desktop.selection import Span
from chatclient.desktop.strip import Live, Source, Strip
from chatclient.desktop.theme import METRICS, Theme
from chatclient.timeline import Appended, Row, TimelineChange

RING_SHOWN: Final = 1_200
"""Milliseconds for which a message that was jumped to has its ring."""

_COUNTED: Final = 200  # rows at most that are looked at for the number on the floating button


class ConversationView(tk.Canvas):
    """Shows one timeline. Give it the whole room from the header to the composer; it keeps its own margins.

    on_edge(): the reader is near the first row, load older ones. on_scroll(first, last, count): which rows are in
    sight, with fractions. on_link(address) and on_action(row, "retry" | "discard"): the reader clicked.
    """

    def __init__(
        self,
        master: tk.Misc,
        theme: Theme,
        art: Art,
        *,
        on_edge: Callable[[], None],
        on_scroll: Callable[[float, float, int], None] | None = None,
        on_link: Callable[[str], None] | None = None,
        on_action: Callable[[Row, str], None] | None = None,
    ) -> None:
        super().__init__(
            master, highlightthickness=0, borderwidth=0, background=theme.conv, yscrollincrement=1, takefocus=1
        )
        self._m = METRICS.at(art.scale)
        self._on_edge, self._on_scroll = on_edge, on_scroll
        self._timers: dict[str, str] = {}
        self._at_bottom = True
        self._unseen = 0
        self._edge_at: str | None = None  # key of the first row when older ones were last asked for
        self._width = 0
        fonts, pictures = Fonts(self, art.scale), art.exact
        self.measurer = TkMeasurer(self, fonts)
        self._painter = Painter(self, theme, pictures, fonts)
        self._layouts = Layouts(self.measurer, self._m, time.monotonic, self._sending_for)
        self._strip = Strip(self, self._painter, self._layouts, self._m, self._selected)
        self._floating = FloatingButton(self, theme, pictures, fonts, self.measurer, self._m)
        self._scrollbar = Scrollbar(self, theme, pictures, self._m, self._dragged_to, self.page)
        self._scrollbar.place(relx=1, rely=0, relheight=1, anchor="ne")
        self.pointer = Pointer(self, self, on_link, on_action)
        self.bind("<Configure>", self._resized)

    # --- what the window asks -----------------------------------------------------------------------------------

    @property
    def at_bottom(self) -> bool:
        """Whether the newest row is in sight to its end, as the reader last saw it."""
        return self._at_bottom

    @property
    def unseen(self) -> int:
        """Messages of others that came below what the reader looks at."""
        return self._unseen

    @property
    def source(self) -> Source | None:
        return self._strip.source

    @property
    def live(self) -> Sequence[Live]:
        """The rows that exist now, from the top down."""
        return self._strip.rows

    @property
    def top(self) -> int:
        """The canvas' own y at the window's upper edge."""
        return self._strip.top

    @property
    def scrollbar(self) -> Scrollbar:
        return self._scrollbar

    def show(self, source: Source | None) -> None:
        """Another room: at its unread line where that is out of sight from the bottom, else at its newest row."""
        self._strip.clear()
        self._strip.source = source
        self._strip.ring, self._edge_at = "", None
        self._layouts.clear()
        self.pointer.clear()
        self._start()

    def changed(self, changes: Sequence[TimelineChange]) -> None:
        """The source changed and says how. The reader's place stays; who was at the bottom stays there."""
        if self.source is None or not changes:
            return
        if not self.at_bottom:
            self._unseen += sum(self._from_others(change.n) for change in changes if isinstance(change, Appended))
        self._follow()

    def seen(self, key: str, words: str) -> None:
        """Say under the row with this key who has read it; both empty: nowhere."""
        if self._layouts.set_seen(key, words):
            self._follow()

    def set_theme(self, theme: Theme) -> None:
        self.configure(background=theme.conv)
        self._painter.theme = self._floating.theme = theme
        self._scrollbar.set_theme(theme)
        self._strip.repaint()
        self._tell()

    def to_bottom(self) -> None:
        """To the newest row."""
        if self.source is not None and self.source.count:
            self._build(self.source.count - 1, None)

    def to_top(self) -> None:
        """To the first row that is there."""
        if self.source is not None and self.source.count:
            self._build(0, self.top)

    def goto(self, key: str) -> None:
        """To the row with this key, with a ring round it for a moment. Does nothing where it is not loaded."""
        index = self.source.index(key) if self.source is not None else None
        if index is None or self.source is None:
            return
        row = self.source.row(index)
        spare = max(0, self._strip.height - self._layouts.drawing(row).height)
        self._build(index, self.top + spare // 3)
        before, self._strip.ring = self._strip.ring, row.key
        self._strip.repaint(lambda live: live.row.key in (before, row.key))
        self._tell()
        self._later("ring", RING_SHOWN, self._unring)

    def page(self, direction: int) -> None:
        """A window up (-1) or down (1), less two lines."""
        self.scroll(direction * max(self._m.line, self._strip.height - 2 * self._m.line))

    def scroll(self, distance: int) -> None:
        """By so many pixels, towards newer rows where positive, as far as there are rows."""
        self._strip.scroll(distance)
        self._tell()

    def destroy(self) -> None:
        for timer in self._timers.values():
            self.after_cancel(timer)
        self._timers.clear()
        self.pointer.close()
        super().destroy()

    # --- what the pointer asks ----------------------------------------------------------------------------------

    def live_at(self, y: int) -> Live | None:
        """The row at a height of the window."""
        return self._strip.at(y)

    def on_floating(self, x: int, y: int) -> bool:
        """Whether a point of the window is on the floating button."""
        return self._floating.contains(x, y + self.top)

    def repaint_selection(self) -> None:
        """Draw those rows again whose selected part changed."""
        self._strip.repaint(lambda live: live.selected != self._selected(live.index, live.row))
        self._float()

    # --- changes ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        source = self.source
        self._unseen = 0
        if source is None or not source.count:
            self._strip.clear()
        else:
            self._strip.build(source.count - 1, None)
            unread = source.unread_index
            if unread is not None and not any(live.index == unread and live.y >= self.top for live in self.live):
                self._strip.build(unread, self.top)
        self._tell()

    def _follow(self) -> None:
        """The source is other than it was: find a row that the reader sees in it again, and build round that."""
        source, strip = self.source, self._strip
        self.pointer.resolve()
        if source is None or not source.count or not strip.rows:
            self._start()
            return
        in_sight = [live for live in strip.rows if live.bottom > strip.top]
        above = [live for live in reversed(strip.rows) if live.bottom <= strip.top]
        for live in (*in_sight, *above):
            index = source.index(live.row.key)
            if index is not None:
                height = self._layouts.drawing(source.row(index)).height
                self._build(index, live.bottom - height, self._at_bottom)
                return
        self._start()

    def _build(self, index: int, y: int | None, stick: bool = False) -> None:
        self._strip.build(index, y, stick)
        self._tell()

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        strip, source = self._strip, self.source
        if (event.width, event.height) == (self._width, strip.height):
            return
        wider, higher = event.width != self._width, event.height - strip.height
        self._width, strip.height = event.width, event.height
        if source is None or not strip.rows:
            self._layouts.set_width(event.width)
            self._start()
            return
        anchor = next((live for live in strip.rows if live.bottom > strip.top), strip.rows[-1])
        share = (strip.top - anchor.y) / max(1, anchor.drawing.height)
        self._layouts.set_width(event.width)
        if self._at_bottom:
            self._build(source.count - 1, None)
        elif wider:
            height = self._layouts.drawing(source.row(anchor.index)).height
            self._build(anchor.index, strip.top - round(share * height))
        else:
            strip.slide(-higher)
            self._build(anchor.index, anchor.y)

    def _dragged_to(self, position: float) -> None:
        if self.source is None or not self.source.count:
            return
        index = min(int(position), self.source.count - 1)
        height = self._layouts.drawing(self.source.row(index)).height
        self._build(index, self.top - int((position - index) * height))

    def _selected(self, index: int, row: Row) -> Span | None:
        return self.pointer.span(index, row)

    # --- what follows from where the reader is ------------------------------------------------------------------

    def _tell(self) -> None:
        """After every step: the scrollbar, the floating button, and who asked to know."""
        self._at_bottom = self._strip.at_bottom
        if self._at_bottom:
            self._unseen = 0
        seen = self._strip.extent()
        self._scrollbar.show(seen)
        self._float()
        if self._on_scroll:
            self._on_scroll(*seen)
        first = self._strip.first_key_near
        if first != self._edge_at:
            self._edge_at = first
            if first is not None:
                self._later("edge", 0, self._on_edge)

    def _float(self) -> None:
        if self.at_bottom:
            self._floating.hide()
        else:
            bottom = self.top + self._strip.height - self._m.float_inset
            self._floating.show(self._unseen, self._width - self._m.margin, bottom)

    def _from_others(self, count: int) -> int:
        """How many of the newest `count` rows are messages of others."""
        assert self.source is not None
        rows = self.source.count
        newest = (self.source.row(i) for i in range(max(0, rows - min(count, _COUNTED)), rows))
        return sum(row.kind == "message" and not row.own for row in newest)

    def _sending_for(self, seconds: float) -> None:
        if "sending" not in self._timers:
            self._later("sending", int(seconds * 1000) + 10, self._look_at_sending)

    def _look_at_sending(self) -> None:
        sending = {live.row.key for live in self.live if live.row.state == "sending"}
        self._layouts.keep_sending(sending)
        if sending:
            self._follow()

    def _unring(self) -> None:
        ringed, self._strip.ring = self._strip.ring, ""
        self._strip.repaint(lambda live: live.row.key == ringed)
        self._float()

    def _later(self, name: str, milliseconds: int, act: Callable[[], None]) -> None:
        """One timer for each name; the newest counts."""
        if name in self._timers:
            self.after_cancel(self._timers[name])

        def due() -> None:
            del self._timers[name]
            act()

        self._timers[name] = self.after(milliseconds, due)
