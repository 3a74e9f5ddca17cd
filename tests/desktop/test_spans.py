"""Texts as spans, and spans as lines: by tables and by properties, without a display."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatclient.desktop.spans import is_rtl, paragraphs, plain
from chatclient.desktop.wrapping import elided, wrapped
from tests.desktop.drawn import TEXTS, UNDRAWABLE, M, squeezed


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.org.", ["https://example.org"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("HTTP://EXAMPLE.ORG/x?y=1&z=2#w, then", ["HTTP://EXAMPLE.ORG/x?y=1&z=2#w"]),
        ("https:// and http://", []),
        ("javascript://x ftp://y", []),
        ("https://a.b\u202ehttps://c.d", ["https://a.b", "https://c.d"]),
        ("«https://example.org/é»", ["https://example.org/é»"]),
    ],
)
def test_links_end_where_their_sentence_goes_on(text: str, links: list[str]) -> None:
    spans = [span for paragraph in paragraphs(text) for span in paragraph.spans]
    found = list(dict.fromkeys(span.address for span in spans if span.kind == "link"))
    assert found == links


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("hello", False), ("שלום", True), ("123 مرحبا", True), ("hello שלום", False), ("123", False), ("", False)],
)
def test_direction_is_that_of_the_first_strong_letter(text: str, rtl: bool) -> None:
    assert is_rtl(text) is rtl


@pytest.mark.parametrize(
    ("text", "lines"),
    [("a\nb", 2), ("a\r\nb", 2), ("a\rb\x0bc\x0cd\x85e\u2028f\u2029g", 7), ("", 1), ("\n", 2)],
)
def test_every_kind_of_line_break_makes_a_paragraph(text: str, lines: int) -> None:
    assert len(paragraphs(text)) == lines


@given(TEXTS)
def test_spans_tell_their_place_and_show_nothing_that_tk_cannot_draw(text: str) -> None:
    end = 0
    for paragraph in paragraphs(text):
        for span in paragraph.spans:
            assert end <= span.start < span.end <= len(text)
            end = span.end
            if span.kind == "emoji":
                assert text[span.start : span.end] == span.text
            else:
                assert len(span.text) == span.end - span.start
                assert not UNDRAWABLE.search(span.text)


@given(TEXTS)
def test_nothing_readable_is_lost(text: str) -> None:
    shown = {i for p in paragraphs(text) for span in p.spans for i in range(span.start, span.end)}
    lost = [char for i, char in enumerate(text) if i not in shown]
    assert all(unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc", "Zl", "Zp", "Cn", "Lo") for char in lost)
    assert not any(char.isascii() and char.isprintable() for char in lost)


def test_marks_do_not_pile_up_over_other_rows() -> None:
    zalgo = "z" + "\u0301" * 50
    [span] = paragraphs(zalgo)[0].spans
    assert span.text == "z" + "\u0301" * 4


def test_plain_text_is_one_line_of_words() -> None:
    assert plain("Lunch 🎉\nat\tnoon\u202e!") == "Lunch at noon!"


# --- lines ---


@settings(max_examples=200)
@given(TEXTS, st.integers(20, 400))
def test_lines_fit_and_hold_everything(text: str, limit: int) -> None:
    lines = wrapped(paragraphs(text), limit, M, "body", 18)
    spans = [span for p in paragraphs(text) for span in p.spans if span.kind != "space"]
    pieces = [piece for line in lines for piece in line.pieces]
    assert squeezed(span.text for span in spans) == squeezed(piece.text for piece in pieces)
    for line in lines:
        assert line.width <= max(limit, 7 * 6)  # a letter with its marks
        for piece in line.pieces:
            assert piece.x >= 0 and piece.x + piece.width <= line.width


def test_a_word_without_end_is_broken_between_letters_not_before_their_marks() -> None:
    lines = wrapped(paragraphs("e\u0301" * 40), 7 * 9, M, "body", 18)
    assert all(len(line.pieces[0].text) == 8 for line in lines)


def test_chinese_breaks_anywhere_but_not_before_a_full_stop() -> None:
    lines = wrapped(paragraphs("我在上海用了。好"), 7 * 6, M, "body", 18)
    assert [line.pieces[0].text for line in lines] == ["我在上海用", "了。好"]


def test_words_beside_one_another_are_one_piece() -> None:
    [line] = wrapped(paragraphs("three short words"), 400, M, "body", 18)
    assert [(piece.text, piece.start, piece.end) for piece in line.pieces] == [("three short words", 0, 17)]


def test_in_a_right_to_left_line_the_first_piece_stands_at_the_right() -> None:
    [line] = wrapped(paragraphs("שלום 🎉 חברים"), 400, M, "body", 18)
    first, emoji, last = line.pieces
    assert first.x > emoji.x > last.x == 0
    assert first.x + first.width == line.width


def test_elided_text_fits() -> None:
    assert elided("short", 100, M, "body") == "short"
    assert elided("rather a long name", 70, M, "body") == "rather a…"
