"""The pictures of `make screenshots`: what tmux tells of a screen is read as it is meant, and nothing is a box."""

import pytest

from tools import terminal_picture
from tools.terminal_picture import CELL, COLOURS, GROUND, MARGIN, cells, drawn


def test_looks_go_on_from_line_to_line() -> None:
    told = {(x, y): (text, style) for x, y, text, style in cells("\x1b[1ma\x1b[2mb\nc\x1b[0;31md\x1b[39m上e")}
    assert {place: text for place, (text, _) in told.items()} == {
        (0, 0): "a",
        (1, 0): "b",
        (0, 1): "c",
        (1, 1): "d",
        (2, 1): "上",
        (4, 1): "e",
    }
    assert told[0, 1][1].marks == {"bold", "dim"}
    assert (told[1, 1][1].fore, told[1, 1][1].marks) == (COLOURS[1], frozenset())
    assert told[4, 1][1].fore is None


def test_a_picture_has_what_the_screen_has() -> None:
    picture = drawn("\x1b[7m \x1b[0m ●🎉\n", 6, 2, (5, 1))
    assert picture.size == (6 * CELL[0] + 2 * MARGIN, 2 * CELL[1] + 2 * MARGIN)
    filled = [
        any(
            picture.getpixel((MARGIN + x * CELL[0] + dx, MARGIN + dy)) != GROUND
            for dx in range(CELL[0])
            for dy in range(CELL[1])
        )
        for x in range(6)
    ]
    assert filled == [True, False, True, True, True, False]


def test_what_cannot_be_drawn_is_no_box() -> None:
    with pytest.raises(RuntimeError, match="is not in JetBrainsMono"):
        drawn("\u05e9", 1, 1, (0, 0))
    with pytest.raises(RuntimeError, match="no picture"):
        drawn("上", 2, 1, (0, 0))
    assert set(terminal_picture.SIGNS) >= {"●", "○", "◐", "⊘", "↳", "✎"}
