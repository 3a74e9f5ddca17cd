"""Which character is under a point, what is marked and what is copied, without a display."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatclient.desktop.selection import Span, copied, marked, offset_at, word_at
from tests.desktop.drawn import TEXTS, M, drawn
from tests.desktop.samples import row


def measure(font: str, text: str) -> int:
    return M.width(font, text)


def test_the_place_under_a_point() -> None:
    drawing = drawn(row("hello world\nagain 🎉"))
    first, second = drawing.runs[0], drawing.runs[1]
    assert offset_at(drawing.runs, first.x + 7 * 3 + 1, first.y + 5, measure) == 3
    assert offset_at(drawing.runs, first.x - 50, first.y + 5, measure) == 0
    assert offset_at(drawing.runs, 5_000, first.y + 5, measure) == 11
    assert offset_at(drawing.runs, second.x + 7, second.y + 1, measure) == 13
    assert offset_at(drawing.runs, drawing.runs[2].x + 15, second.y + 1, measure) == 19
    assert offset_at(drawing.runs, 0, -100, measure) == 0
    assert offset_at(drawing.runs, 0, 5_000, measure) == 19


@given(TEXTS, st.integers(-50, 900), st.integers(-50, 300))
def test_every_point_has_a_place_in_the_text(text: str, x: int, y: int) -> None:
    assert 0 <= offset_at(drawn(row(text)).runs, x, y, measure) <= len(text)


def test_marked_text_is_one_rectangle_a_line() -> None:
    drawing = drawn(row("hello 🎉 world\nagain"))
    left = drawing.runs[0].x
    [first, second] = list(marked(drawing.runs, Span(2, 17), measure))
    assert first[0] == left + 14 and first[2] == drawing.runs[2].x + drawing.runs[2].width
    assert second[0] == left and second[2] == left + 7 * 3
    assert list(marked(drawing.runs, Span(0, 0), measure)) == []


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [("hello world", 8, "world"), ("hello world", 0, "hello"), ("it's me", 1, "it's"), ("a, b", 1, ","), ("", 0, "")],
)
def test_a_double_click_takes_the_word(text: str, at: int, word: str) -> None:
    span = word_at(text, at)
    assert text[span.low : span.high] == word


def test_what_is_copied() -> None:
    one, two = row("hello\u202e world"), row("again", user="carol")
    notice = row("dave left", kind="notice")
    assert copied([(one, Span(2, 8))]) == one.text[2:8]
    assert copied([(one, Span(6, 12)), (notice, None), (two, Span(0, 5))]) == "bob:  world\ndave left\ncarol: again"
    assert copied([]) == ""
