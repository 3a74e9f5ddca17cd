"""Selecting text with the mouse: which character is under a point, what is marked, what is copied. Pure.

A place is a row's key and a position in its text, so that a selection stays on its words while history is put in
front of it. An emoji is taken whole.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from chatclient.desktop.operations import Run
from chatclient.rows import Row

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
        return min(run.start for run in on_line)
    if y >= runs[-1].y + runs[-1].height:
        return max(run.end for run in on_line)
    run = min(on_line, key=lambda run: max(run.x - x, x - run.x - run.width, 0))
    if x <= run.x or x >= run.x + run.width:
        return run.start if (x <= run.x) is not run.rtl else run.end
    if run.emoji:
        return run.end if x > run.x + run.width / 2 else run.start
    return run.start + _character_at(run, x, measure)


def _line_at(runs: Sequence[Run], y: int) -> int:
    above = [run.y for run in runs if run.y <= y]
    return max(above) if above else runs[0].y


def _character_at(run: Run, x: int, measure: Measure) -> int:
    low, high = 0, len(run.text)
    while low < high:
        middle = (low + high) // 2
        half = (_edge(run, middle, measure) + _edge(run, middle + 1, measure)) / 2
        if (half < x) is not run.rtl:
            low = middle + 1
        else:
            high = middle
    return low


def _edge(run: Run, count: int, measure: Measure) -> int:
    """Where the run's first `count` characters end. Letters that join are narrower: the run tells by how much."""
    if not run.rtl:
        return run.x + (measure(run.font, run.text[:count]) if count < len(run.text) else run.width)
    share = measure(run.font, run.text[:count]) / max(1, measure(run.font, run.text))
    return run.x + run.width - round(run.width * share)


def marked(runs: Iterable[Run], span: Span, measure: Measure) -> Iterator[tuple[int, int, int, int]]:
    """The rectangles (left, top, right, bottom) behind the selected text: one for each line, or of a line on which
    something runs from right to left one for each run."""
    lines: dict[tuple[int, int, int], tuple[int, int]] = {}
    runs = tuple(runs)
    turned = {run.y for run in runs if run.rtl}
    for run in runs:
        low, high = max(span.low, run.start), min(span.high, run.end)
        if low >= high:
            continue
        left, right = run.x, run.x + run.width
        if not run.emoji:
            ends = _edge(run, low - run.start, measure), _edge(run, high - run.start, measure)
            left, right = min(ends), max(ends)
        key = run.y, run.height, run.start if run.y in turned else -1
        before = lines.get(key, (left, right))
        lines[key] = (min(left, before[0]), max(right, before[1]))
    for (top, height, _), (left, right) in lines.items():
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


_BY_KIND: Final = {"notice": "{text}", "tombstone": "{text}", "action": "{user} {text}"}


def copied(rows: Iterable[tuple[Row, Span | None]]) -> str:
    """What goes to the clipboard: the words alone from one row, `user: words` a line from several."""
    parts = [(row, row.text[span.low : span.high] if span else row.text) for row, span in rows]
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(
        _BY_KIND.get(row.kind, "{user}: {text}").format(user=row.user, text=text) for row, text in parts if text
    )
