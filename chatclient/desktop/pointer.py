"""The mouse and the keys on the conversation: wheel, links, actions, selecting and copying.

A press on a link or an action counts when it is let go on the same one; a press elsewhere begins a selection, a
double click takes a word and a triple one the whole message. While a selection is dragged over the edge the
conversation scrolls along.
"""

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol, TypeAlias

from chatclient.desktop.measure import Measurer
from chatclient.desktop.operations import Target
from chatclient.desktop.selection import Place, Span, copied, offset_at, word_at
from chatclient.desktop.strip import Live, Source
from chatclient.desktop.wheel import NOTCH, Wheel
from chatclient.rows import Row

_DRAG_BEGINS: Final = 3  # pixels
_SCROLL_EVERY: Final = 30  # milliseconds, while a selection is dragged over the edge
_COPIED_AT_MOST: Final = 10_000  # rows

_Event: TypeAlias = "tk.Event[tk.Misc]"


class View(Protocol):
    """What the pointer asks of the conversation."""

    @property
    def measurer(self) -> Measurer: ...
    @property
    def source(self) -> Source | None: ...
    @property
    def live(self) -> Sequence[Live]: ...
    @property
    def top(self) -> int: ...
    def scroll(self, distance: int, /) -> None: ...
    def page(self, direction: int, /) -> None: ...
    def to_top(self) -> None: ...
    def to_bottom(self) -> None: ...
    def live_at(self, y: int, /) -> Live | None: ...
    def target_at(self, x: int, y: int, /) -> tuple[Target, Live] | None: ...
    def touched(self) -> None: ...
    def on_floating(self, x: int, y: int, /) -> bool: ...
    def repaint_selection(self) -> None: ...


class Pointer:
    """Listens on `widget` and moves `view`, which are two sides of one conversation."""

    def __init__(
        self,
        widget: tk.Canvas,
        view: View,
        on_link: Callable[[str], None] | None,
        on_action: Callable[[Row, str], None] | None,
    ) -> None:
        self._widget, self._view, self._on_link, self._on_action = widget, view, on_link, on_action
        self._anchor: Place | None = None
        self._head: Place | None = None
        self._bounds: tuple[tuple[int, int], tuple[int, int]] | None = None  # (index, offset) of both ends
        self._pressed: tuple[Target, str] | None = None
        self._press_at = (0, 0)
        self._dragging = False
        self._timer = ""
        self._last = (0, 0)
        self._bind()

    def _bind(self) -> None:
        widget, view = self._widget, self._view
        wheel = Wheel(widget.tk.call("tk", "windowingsystem"), tk.TkVersion)
        widget.bind("<Button-1>", self._press)
        widget.bind("<B1-Motion>", self._drag)
        widget.bind("<ButtonRelease-1>", self._release)
        widget.bind("<Double-Button-1>", self._take_word)
        widget.bind("<Triple-Button-1>", self._take_row)
        widget.bind("<MouseWheel>", lambda event: view.scroll(wheel.pixels(event.delta)))
        widget.bind("<Button-4>", lambda _event: view.scroll(-NOTCH))
        widget.bind("<Button-5>", lambda _event: view.scroll(NOTCH))
        if tk.TkVersion >= 8.7:
            widget.bind("<TouchpadScroll>", lambda event: view.scroll(wheel.stroke(event.delta)))
        keys: dict[str, Callable[[], None]] = {
            "<Prior>": lambda: view.page(-1),
            "<Next>": lambda: view.page(1),
            "<Home>": view.to_top,
            "<End>": view.to_bottom,
            "<<Copy>>": self.copy,
        }
        for key, act in keys.items():
            widget.bind(key, _handler(act))
        widget.bind("<Escape>", lambda _event: self._escape())  # and what else the window does with it

    def _escape(self) -> None:
        self.clear()
        self._view.touched()

    # --- selection ----------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Nothing is selected any more."""
        self._anchor = self._head = self._bounds = None
        self._view.repaint_selection()

    def span(self, index: int, row: Row) -> Span | None:
        """What of row `index` is selected; None for nothing."""
        if self._bounds is None:
            return None
        (first, low), (last, high) = self._bounds
        if not first <= index <= last:
            return None
        start = low if index == first else 0
        end = high if index == last else len(row.text)
        return Span(start, end) if start < end else None

    def text(self) -> str:
        """What is selected, as it goes to the clipboard."""
        return copied(self._selected_rows())

    def copy(self) -> None:
        """To the clipboard; nothing where nothing is selected."""
        text = self.text()
        if text:
            self._widget.clipboard_clear()
            self._widget.clipboard_append(text)

    def resolve(self) -> None:
        """The source changed: find the ends of the selection in it again."""
        bounds = None
        source = self._view.source
        if source is not None and self._anchor is not None and self._head is not None:
            ends = []
            for place in (self._anchor, self._head):
                index = source.index(place.key)
                if index is None:
                    break
                ends.append((index, place.offset))
            else:
                bounds = (min(ends), max(ends))
        self._bounds = bounds

    def close(self) -> None:
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""

    def _select(self, anchor: Place, head: Place) -> None:
        self._anchor, self._head = anchor, head
        self.resolve()
        self._view.repaint_selection()

    def _selected_rows(self) -> Iterator[tuple[Row, Span | None]]:
        source = self._view.source
        if self._bounds is None or source is None:
            return
        first, last = self._bounds[0][0], self._bounds[1][0]
        for index in range(first, min(last + 1, first + _COPIED_AT_MOST, source.count)):
            row = source.row(index)
            span = self.span(index, row)
            if span is not None:
                yield row, span

    # --- the mouse ----------------------------------------------------------------------------------------------

    def _place(self, x: int, y: int) -> Place | None:
        rows = self._view.live
        if not rows:
            return None
        at = y + self._view.top
        live = next((live for live in rows if at < live.bottom), rows[-1])
        offset = offset_at(live.drawing.runs, x, at - live.y, self._view.measurer.width)
        return Place(live.row.key, offset)

    def _press(self, event: _Event) -> None:
        self._widget.focus_set()
        self._view.touched()
        self._press_at, self._dragging = (event.x, event.y), False
        if self._view.on_floating(event.x, event.y):
            self._pressed = None
            self._view.to_bottom()
            return
        found = self._view.target_at(event.x, event.y)
        self._pressed = (found[0], found[1].row.key) if found else None
        place = self._place(event.x, event.y)
        self._anchor, self._head, self._bounds = place, place, None
        self._view.repaint_selection()

    def _drag(self, event: _Event) -> None:
        if self._anchor is None:
            return
        moved = max(abs(event.x - self._press_at[0]), abs(event.y - self._press_at[1]))
        if not self._dragging and moved < _DRAG_BEGINS:
            return
        self._dragging = True
        self._last = (event.x, event.y)
        self._extend()
        outside = event.y < 0 or event.y >= self._widget.winfo_height()
        if outside and not self._timer:
            self._timer = self._widget.after(_SCROLL_EVERY, self._scroll_along)

    def _extend(self) -> None:
        height = self._widget.winfo_height()
        head = self._place(self._last[0], max(0, min(height - 1, self._last[1])))
        if self._anchor is not None and head is not None and head != self._head:
            self._select(self._anchor, head)

    def _scroll_along(self) -> None:
        self._timer = ""
        over = self._last[1] - max(0, min(self._widget.winfo_height(), self._last[1]))
        if self._dragging and over:
            self._view.scroll(max(-NOTCH, min(NOTCH, over)))
            self._extend()
            self._timer = self._widget.after(_SCROLL_EVERY, self._scroll_along)

    def _release(self, event: _Event) -> None:
        self.close()
        dragged, self._dragging = self._dragging, False
        pressed, self._pressed = self._pressed, None
        if dragged or pressed is None:
            return
        found = self._view.target_at(event.x, event.y)
        if found is None or (found[0], found[1].row.key) != pressed:
            return
        target, live = found
        if target.kind == "link" and self._on_link:
            self._on_link(target.value)
        elif target.kind == "action" and self._on_action:
            self._on_action(live.row, target.value)

    def _take_word(self, event: _Event) -> None:
        if self._view.target_at(event.x, event.y) is not None:
            self._press(event)  # two quick clicks on a reaction are two
            return
        place, live = self._place(event.x, event.y), self._view.live_at(event.y)
        if place is not None and live is not None and live.row.key == place.key:
            span = word_at(live.row.text, place.offset)
            self._select(Place(place.key, span.low), Place(place.key, span.high))

    def _take_row(self, event: _Event) -> None:
        if self._view.target_at(event.x, event.y) is not None:
            self._press(event)
            return
        live = self._view.live_at(event.y)
        if live is not None:
            self._select(Place(live.row.key, 0), Place(live.row.key, len(live.row.text)))


def _handler(act: Callable[[], None]) -> Callable[[_Event], Any]:
    def handle(_event: _Event) -> str:
        act()
        return "break"

    return handle
