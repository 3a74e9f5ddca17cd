"""Both directions on a line, and Arabic letters beside one another. Without a display."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatclient.desktop import bidi
from chatclient.desktop.arabic import joined
from chatclient.desktop.selection import Span, marked, offset_at
from chatclient.desktop.spans import paragraphs
from chatclient.desktop.wrapping import wrapped
from tests.desktop.drawn import TEXTS, M, drawn
from tests.desktop.samples import row


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc", "abc"),
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc", "abc גבא"),
        ("אב 14 גד", "דג 14 בא"),
        ("אבג (abc) 123!", "!123 (abc) גבא"),
        ("abc (אבג)", "abc (גבא)"),
        ("אב 1.5% גד", "דג 1.5% בא"),
        ("ab -אב-", "ab -בא-"),
        ("مرحبا ١٢", "١٢ ابحرم"),
        ("אב [גד] x", "x [דג] בא"),
    ],
)
def test_a_line_as_it_is_seen(text: str, shown: str) -> None:
    assert bidi.visual(text, lambda run: run) == shown


def test_a_mark_stays_behind_its_letter() -> None:
    assert bidi.mirrored("שָׁב") == "בשָׁ"


@given(st.text(st.sampled_from("ab1 .,-()אבגبج٣\u0301"), max_size=30), st.booleans())
def test_levels_are_of_each_sign_and_the_order_loses_none(text: str, rtl: bool) -> None:
    levels = bidi.levels(text, rtl)
    assert len(levels) == len(text) and set(levels) <= {"0", "1", "2"}
    assert sorted(bidi.ordered(range(len(text)), levels)) == list(range(len(text)))
    if not bidi.RTL.search(text) and not rtl and "٣" not in text:
        assert "1" not in levels


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("سلام", ["SEEN INITIAL", "LAM WITH ALEF FINAL", "MEEM ISOLATED"]),
        ("لا", ["LAM WITH ALEF ISOLATED"]),
        ("دور", ["DAL ISOLATED", "WAW ISOLATED", "REH ISOLATED"]),
        ("چای", ["TCHEH INITIAL", "ALEF FINAL", "FARSI YEH ISOLATED"]),
    ],
)
def test_arabic_letters_have_the_forms_of_their_places(text: str, names: list[str]) -> None:
    shown = [re.sub("^ARABIC |LETTER |LIGATURE | FORM$", "", unicodedata.name(char)) for char in joined(text)]
    assert shown == names


def test_joined_letters_come_back_to_what_they_were() -> None:
    text = "صباح الخير جميعا، هل وصلت النسخة الجديدة؟"
    assert unicodedata.normalize("NFKC", joined(text)) == text
    assert joined("hello") == "hello"


@given(TEXTS, st.integers(40, 400))
def test_pieces_of_a_line_stand_beside_one_another(text: str, limit: int) -> None:
    for line in wrapped(paragraphs(text), limit, M, "body", 18):
        end = 0
        for piece in sorted(line.pieces, key=lambda piece: piece.x):
            assert piece.x >= end
            end = piece.x + piece.width
        assert end <= line.width


def test_a_point_and_a_selection_find_their_letters_from_the_right() -> None:
    drawing = drawn(row("אבגד hello"))
    first, second = drawing.runs[0], drawing.runs[-1]
    assert first.rtl and not second.rtl and first.x > second.x
    right = first.x + first.width

    def measure(font: str, text: str) -> int:
        return M.width(font, text)

    assert offset_at(drawing.runs, right - 15, first.y + 5, measure) == 2
    assert offset_at(drawing.runs, right + 50, first.y + 5, measure) == 0
    [part] = list(marked(drawing.runs, Span(1, 3), measure))
    assert (part[0], part[2]) == (right - 21, right - 7)
