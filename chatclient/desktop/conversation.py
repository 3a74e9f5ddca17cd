"""The conversation: any number of rows on one canvas, of which only those in sight exist.

`Strip` keeps the rows, `Painter` draws them, `Pointer`, `Hover` and `RowCursor` listen to the mouse and the keyboard;
here is what happens when the timeline, the room, the width or the theme changes, and what follows from where the
reader is: the scrollbar, the floating button, the wish for older or newer rows.

Promises: what the reader looks at does not move by a pixel when history comes in front or messages come behind; who
is at the bottom stays there; nothing is left over when the widget is destroyed.
"""

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from chatclient.desktop.art import Art
from chatclient.desktop.floating import FloatingButton, from_others
from chatclient.desktop.fonts import Fonts, TkMeasurer
from chatclient.desktop.hover import Hover, OnHover, OnMenu
from chatclient.desktop.layouts import Layouts
from chatclient.desktop.operations import Target
from chatclient.desktop.painter import Painter
from chatclient.desktop.pictures import Pictures
from chatclient.desktop.pointer import Pointer
from chatclient.desktop.rowcursor import RowCursor
from chatclient.desktop.scrollbar import Scrollbar
from chatclient.desktop.strip import Live, Source, Strip
from chatclient.desktop.theme import METRICS, Theme
from chatclient.desktop.timers import Timers
from chatclient.desktop.tip import Tip
from chatclient.rows import Appended, Row, TimelineChange

RING_SHOWN: Final = 1_200  # milliseconds for which a message that was jumped to has its ring


class ConversationView(tk.Canvas):
    """Shows one timeline. Give it the whole room from the header to the composer; it keeps its own margins.

    on_edge    "older", "newer": near the first row, or near the last one of a source that is not attached, so load
               more. "newest": the reader wants to go to the newest row, which such a source does not hold
    on_scroll  (first, last, count): which rows are in sight, with fractions
    on_link    (address), and on_action(row, action): the reader clicked. Actions: retry, discard, jump (to what the
               row answers), react:<emoji>, open-file:<i>, save-file:<i>
    on_menu    (row, x, y): its menu is wanted at this place of the screen
    on_hover   (row, box) under the pointer; (None, None) when it is that no more
    me         who reads; pictures: where those of files come from
    """

    def __init__(
        self,
        master: tk.Misc,
        theme: Theme,
        art: Art,
        *,
        on_edge: Callable[[str], object],
        on_scroll: Callable[[float, float, int], None] | None = None,
        on_link: Callable[[str], None] | None = None,
        on_action: Callable[[Row, str], None] | None = None,
        on_menu: OnMenu | None = None,
        on_hover: OnHover | None = None,
        pictures: Pictures | None = None,
        me: str = "",
    ) -> None:
        super().__init__(
            master, highlightthickness=0, borderwidth=0, background=theme.conv, yscrollincrement=1, takefocus=1
        )
        self._m = METRICS.at(art.scale)
        self._on_edge, self._on_scroll = on_edge, on_scroll
        self._timers = Timers(self)
        self._at_bottom = True
        self._unseen = 0
        self._edges: dict[str, str | None] = {}  # key of the row at an end when more were last asked for there
        self._width = 0
        fonts, exact = Fonts(self, art.scale), art.exact
        self.measurer = TkMeasurer(self, fonts)
        pictures = pictures or Pictures(self)
        self._unwatch = pictures.watch(self._picture_came)
        self._painter = Painter(self, theme, exact, fonts, pictures)
        self._layouts = Layouts(self.measurer, self._m, time.monotonic, self._sending_for, me)
        self._strip = Strip(
            self, self._painter, self._layouts, self._m, lambda index, row: self.pointer.span(index, row)
        )
        self._floating = FloatingButton(self, theme, exact, fonts, self.measurer, self._m)
        self.scrollbar = Scrollbar(self, theme, exact, self._m, self._dragged_to, self.page)
        self.scrollbar.place(relx=1, rely=0, relheight=1, anchor="ne")
        self._tip = Tip(self, theme, exact, fonts, self.measurer, self._m)
        self.pointer = Pointer(self, self, on_link, on_action)
        self.hover = Hover(self, self, self._tip, on_hover, on_menu)
        self.cursor = RowCursor(self, self, self._menu_of)
        self._on_menu = on_menu
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

    def show(self, source: Source | None) -> None:
        """Another room: at its unread line where that is out of sight from the bottom, else at its newest row."""
        self._strip.clear()
        self._strip.source = source
        self._strip.rings.clear()
        self._edges.clear()
        self._layouts.clear()
        self.cursor.forget()
        self.pointer.clear()
        self._start()

    def changed(self, changes: Sequence[TimelineChange]) -> None:
        """The source changed and says how. The reader's place stays; who was at the bottom stays there."""
        if self.source is None or not changes:
            return
        if not self.at_bottom:
            self._unseen += sum(
                from_others(self.source, change.n) for change in changes if isinstance(change, Appended)
            )
        self._follow()

    def seen(self, key: str, words: str) -> None:
        """Say under the row with this key who has read it; both empty: nowhere."""
        if self._layouts.set_seen(key, words):
            self._follow()

    def set_theme(self, theme: Theme) -> None:
        self.configure(background=theme.conv)
        self._painter.theme = self._floating.theme = self._tip.theme = theme
        self.scrollbar.set_theme(theme)
        self._strip.repaint()
        self._tell()

    def to_bottom(self) -> None:
        """To the newest row; where the source does not hold it, that is asked for."""
        if self.source is not None and not self.source.attached:
            self._on_edge("newest")
        elif self.source is not None and self.source.count:
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
        self.flash(row.key)

    def flash(self, key: str) -> None:
        """A ring round the row with this key for a moment, where it stands."""
        self.put_ring("flash", key)
        self._timers.later("flash", RING_SHOWN, lambda: self.put_ring("flash", ""))

    def ring(self, key: str | None) -> None:
        """A ring round the row that is being edited, until that is over."""
        self.put_ring("edited", key or "")

    def page(self, direction: int) -> None:
        """A window up (-1) or down (1), less two lines."""
        self.scroll(direction * max(self._m.line, self._strip.height - 2 * self._m.line))

    def scroll(self, distance: int) -> None:
        """By so many pixels, towards newer rows where positive, as far as there are rows."""
        self._strip.scroll(distance)
        self._tell()

    def destroy(self) -> None:
        self._timers.close()
        self._unwatch()
        self.pointer.close()
        self.hover.close()
        super().destroy()

    # --- what the pointer and the keyboard ask ------------------------------------------------------------------

    def put_ring(self, purpose: str, key: str) -> None:
        """The row with this key has a ring for this purpose, and no other."""
        if self._strip.put_ring(purpose, key):
            self._float()

    def touched(self) -> None:
        """The mouse, or Esc: the keyboard is on no row any more."""
        self.cursor.forget()

    def see(self, index: int) -> Live | None:
        """Bring all of a row into sight, moving no more than that takes."""
        live = next((live for live in self.live if live.index == index), None)
        if live is None:
            self._build(index, self.top + self._m.pad_y)
        else:
            bottom = self.top + self._strip.height
            over, under = live.y - self._m.pad_y - self.top, live.bottom + self._m.foot - bottom
            self.scroll(over if over < 0 else min(under, over) if under > 0 else 0)
        return next((live for live in self.live if live.index == index), None)

    def in_sight(self) -> list[Live]:
        """The rows of which something is in sight."""
        return self._strip.in_sight()

    def live_at(self, y: int) -> Live | None:
        """The row at a height of the window."""
        return self._strip.at(y)

    def target_at(self, x: int, y: int) -> tuple[Target, Live] | None:
        """What can be clicked at a point of the window, and its row."""
        return self._strip.target_at(x, y)

    def on_floating(self, x: int, y: int) -> bool:
        """Whether a point of the window is on the floating button."""
        return self._floating.contains(x, y + self.top)

    def repaint_selection(self) -> None:
        """Draw those rows again whose selected part changed."""
        self._strip.repaint(lambda live: live.selected != self.pointer.span(live.index, live.row))
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
            self._build(anchor.index, strip.top - round(share * self._layouts.drawing(source.row(anchor.index)).height))
        else:
            strip.slide(-higher)
            self._build(anchor.index, anchor.y)

    def _dragged_to(self, position: float) -> None:
        if self.source is None or not self.source.count:
            return
        index = min(int(position), self.source.count - 1)
        share = position - index
        self._build(index, self.top - int(share * self._layouts.drawing(self.source.row(index)).height))

    # --- what follows from where the reader is ------------------------------------------------------------------

    def _tell(self) -> None:
        """After every step: the scrollbar, the floating button, and who asked to know."""
        self._at_bottom = self._strip.at_bottom
        if self._at_bottom:
            self._unseen = 0
        seen = self._strip.extent()
        self.scrollbar.show(seen)
        self._float()
        if self._on_scroll:
            self._on_scroll(*seen)
        self.hover.stirred()
        for which, key in (("older", self._strip.first_key_near), ("newer", self._strip.last_key_near)):
            if key != self._edges.get(which):
                self._edges[which] = key
                if key is not None:
                    self._timers.later(which, 0, partial(self._on_edge, which))

    def _float(self) -> None:
        if self.at_bottom:
            self._floating.hide()
        else:
            bottom = self.top + self._strip.height - self._m.float_inset
            self._floating.show(self._unseen, self._width - self._m.margin, bottom)

    def _sending_for(self, seconds: float) -> None:
        if "sending" not in self._timers:
            self._timers.later("sending", int(seconds * 1000) + 10, self._look_at_sending)

    def _look_at_sending(self) -> None:
        sending = {live.row.key for live in self.live if live.row.state == "sending"}
        self._layouts.keep_sending(sending)
        if sending:
            self._follow()

    def _menu_of(self, live: Live) -> None:
        if self._on_menu:
            x, y, _, height = self.hover.box(live)
            below = max(0, min(y + height, self._strip.height))
            self._on_menu(live.row, self.winfo_rootx() + x + self._m.pad_x, self.winfo_rooty() + below)

    def _picture_came(self, file: str) -> None:
        self._strip.repaint(lambda live: any(each.file == file for each in live.row.files))
        self._float()
