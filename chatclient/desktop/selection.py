"""Selecting text with the mouse: which character is under a point, what is marked, what is copied. Pure.

A place is a row's key and a position in its text, so that a selection stays on its words while history is put in
front of it. An emoji is taken whole.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from chatclient.desktop.layout import Run
from chatclient.timeline import Row

Measure = Callable[[str, str], int]
"""Width in pixels of a text in a font: `measure(font, text)`."""


class Place(NamedTuple):
    """Between two characters: before `row.text[offset]`."""

    key: str
    offset: int


class Span(NamedTuple):
    """The part of one row's text that is selected: `row.text[low:high]`."""

    low: int
    high: int


def offset_at(runs: Sequence[Run], x: int, y: int, measure: Measure) -> int:
    """The position in the text nearest to a point in the row's own pixels; 0 in a row without text."""
    if not runs:
        return 0
    line = _line_at(runs, y)
    on_line = [run for run in runs if run.y == line]
    if y < runs[0].y:
        return runs[0].start
    if y >= runs[-1].y + runs[-1].height:
        return runs[-1].end
    run = min(on_line, key=lambda run: max(run.x - x, x - run.x - run.width, 0))
    if x <= run.x:
        return run.start
    if x >= run.x + run.width:
        return run.end
    if run.emoji:
        return run.end if x > run.x + run.width / 2 else run.start
    return run.start + _character_at(run, x - run.x, measure)


def _line_at(runs: Sequence[Run], y: int) -> int:
    above = [run.y for run in runs if run.y <= y]
    return max(above) if above else runs[0].y


def _character_at(run: Run, x: int, measure: Measure) -> int:
    low, high = 0, len(run.text)
    while low < high:
        middle = (low + high) // 2
        left, right = measure(run.font, run.text[:middle]), measure(run.font, run.text[: middle + 1])
        if (left + right) / 2 < x:
            low = middle + 1
        else:
            high = middle
    return low


def marked(runs: Iterable[Run], span: Span, measure: Measure) -> Iterator[tuple[int, int, int, int]]:
    """The rectangles (left, top, right, bottom) behind the selected text: one for each line."""
    lines: dict[tuple[int, int], tuple[int, int]] = {}
    for run in runs:
        low, high = max(span.low, run.start), min(span.high, run.end)
        if low >= high:
            continue
        left, right = run.x, run.x + run.width
        if not run.emoji:
            if high < run.end:
                right = run.x + measure(run.font, run.text[: high - run.start])
            if low > run.start:
                left = run.x + measure(run.font, run.text[: low - run.start])
        before = lines.get((run.y, run.height), (left, right))
        lines[run.y, run.height] = (min(left, before[0]), max(right, before[1]))
    for (top, height), (left, right) in lines.items():
        yield left, top, right, top + height


def word_at(text: str, offset: int) -> Span:
    """The word round a position, for a double click; a single sign where there is no word."""
    low = high = min(offset, max(len(text) - 1, 0))
    while low > 0 and _in_word(text[low - 1]) and _in_word(text[high : high + 1]):
        low -= 1
    while high < len(text) and _in_word(text[high]):
        high += 1
    return Span(low, max(high, min(low + 1, len(text))))


def _in_word(char: str) -> bool:
    return char.isalnum() or char in "_'’"


def copied(rows: Iterable[tuple[Row, Span | None]]) -> str:
    """What goes to the clipboard: the words alone from one row, `user: words` a line from several."""
    parts = [(row, row.text[span.low : span.high] if span else row.text) for row, span in rows]
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(text if row.kind == "notice" else f"{row.user}: {text}" for row, text in parts if text)
