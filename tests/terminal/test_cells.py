"""Text in the cells of a terminal: safe, as wide as is thought, wrapped between words."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcwidth

from chatclient.terminal.cells import columns, fit, padded, safe, width, wrap

TEXTS = st.text(st.characters(codec="utf-32"), max_size=60) | st.text(
    st.sampled_from("ab  \t\n上海👍🏽\u200d❤\ufe0f👩💻🇩🇪\u0301\u202e\x1b\x9b\u2028e"), max_size=40
)
BREAKS = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


@pytest.mark.parametrize(
    ("text", "shown", "cells"),
    [
        ("plain", "plain", 5),
        ("上海", "上海", 4),
        ("e\u0301", "e\u0301", 1),
        ("👍", "👍", 2),
        ("👍🏽", "👍", 2),
        ("❤️", "❤", 1),
        ("🇩🇪", ":de:", 4),
        ("👩‍💻", ":woman_technologist:", 20),
        ("a\u200db\u200bc", "abc", 3),
        ("\x1b[31m", "\\x1b[31m", 8),
        ("\r\n", "\\x0d\\x0a", 8),
        ("\u202e", "\\u202e", 6),
        ("\U000e0041", "\\U000e0041", 10),
        ("\ud800", "\\ud800", 6),
        ("a\tb", "a    b", 6),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4, 1),
    ],
)
def test_what_is_shown(text: str, shown: str, cells: int) -> None:
    assert safe(text) == shown
    assert width(safe(text)) == cells


@given(TEXTS)
@example("\U0001fae8 newer than Python's tables")
def test_nothing_commands_the_terminal(text: str) -> None:
    shown = safe(text)
    assert not any(unicodedata.category(char) in BREAKS for char in shown)
    assert all(wcwidth(char) >= 0 for char in shown)


@given(TEXTS, st.integers(1, 30))
def test_what_is_cut_fits(text: str, cells: int) -> None:
    assert width(fit(text, cells)) <= cells
    assert width(padded(text, cells)) == cells


@given(st.lists(st.tuples(st.sampled_from(["", "class:bold"]), TEXTS), max_size=4), st.integers(4, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(pieces: list[tuple[str, str]], cells: int) -> None:
    lines = wrap(pieces, cells)
    assert lines
    assert all(columns(line) <= cells for line in lines)
    wrapped = "".join(text for line in lines for _, text in line)
    assert "".join(wrapped.split()) == "".join("".join(safe(text) for _, text in pieces).split())


def test_lines_break_between_words_and_in_long_ones() -> None:
    def lines(text: str, cells: int) -> list[str]:
        return ["".join(part for _, part in line) for line in wrap((("", text),), cells)]

    assert lines("the weather is fine", 11) == ["the weather", "is fine"]
    assert lines("unbelievable", 5) == ["unbel", "ievab", "le"]
    assert lines("a unbelievable", 5) == ["a ", "unbel", "ievab", "le"]
    assert lines("上海上海上", 4) == ["上海", "上海", "上"]
    assert lines("", 10) == [""]


def test_styles_outlive_the_wrapping() -> None:
    assert wrap((("", "one "), ("class:bold", "two three")), 7) == [
        [("", "one "), ("class:bold", "two")],
        [("class:bold", "three")],
    ]
