"""The drawings of rows at one width, kept while they are likely to be asked for again.

It also knows how long a message has been on its way, because one that takes long looks different: after `SLOW` it
says "Sending".
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from chatclient.desktop.layout import lay_out
from chatclient.desktop.measure import Measurer
from chatclient.desktop.operations import Drawing
from chatclient.desktop.theme import Metrics
from chatclient.rows import Row

KEPT: Final = 2_000
SLOW: Final = 0.3
"""Seconds after which a message on its way says so."""


class Layouts:
    """`clock` gives seconds that never go back; `on_sending(seconds)` is told when to ask again; `me` reads."""

    def __init__(
        self,
        measurer: Measurer,
        metrics: Metrics,
        clock: Callable[[], float],
        on_sending: Callable[[float], None],
        me: str = "",
    ) -> None:
        self._measurer, self._metrics = measurer, metrics
        self._clock, self._on_sending, self._me = clock, on_sending, me
        self._width = 1
        self._drawings: OrderedDict[tuple[Row, bool, str], Drawing] = OrderedDict()
        self._sending: dict[str, float] = {}
        self._seen = ("", "")

    def __len__(self) -> int:
        return len(self._drawings)

    def set_width(self, width: int) -> None:
        """The conversation's width in pixels; another one needs other drawings."""
        if width != self._width:
            self._width = max(1, width)
            self._drawings.clear()

    def clear(self) -> None:
        """Another room."""
        self._drawings.clear()
        self._sending.clear()

    def set_seen(self, key: str, words: str) -> bool:
        """`words` stand under the row with this key, and under no other. True where that is new."""
        before, self._seen = self._seen, (key, words)
        return self._seen != before

    def keep_sending(self, keys: set[str]) -> None:
        """Only these are still on their way."""
        self._sending = {key: since for key, since in self._sending.items() if key in keys}

    def drawing(self, row: Row) -> Drawing:
        """The row's drawing: the same object as long as it looks the same and was asked for lately."""
        slow = row.state == "sending" and self._is_slow(row.key)
        seen = self._seen[1] if row.key == self._seen[0] else ""
        drawing = self._drawings.get((row, slow, seen))
        if drawing is None:
            drawing = lay_out(row, self._width, self._measurer, self._metrics, slow, seen, self._me)
            self._drawings[row, slow, seen] = drawing
            if len(self._drawings) > KEPT:
                self._drawings.popitem(last=False)
        else:
            self._drawings.move_to_end((row, slow, seen))
        return drawing

    def _is_slow(self, key: str) -> bool:
        now = self._clock()
        waited = now - self._sending.setdefault(key, now)
        if waited < SLOW:
            self._on_sending(SLOW - waited)
        return waited >= SLOW
