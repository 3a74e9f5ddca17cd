"""How texts are compared."""

import pytest

from chatserver.index.search_text import MOST_GRAMS, expression
from shared.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("ПРИВЕТ", "привет"),
        ("cafe\u0301", "CAFÉ"),
        ("❤️", "❤"),
        ("two\n\n  words", "two words"),
        ("no\xa0break", "no break"),
        ("  around  ", "around"),
        ("\x00nul\x07", "nul"),
    ],
)
def test_what_is_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("cafe", "café"), ("👍🏽", "👍🏿"), ("a b", "ab"), ("1", "①")])
def test_what_is_not(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_nothing_may_be_left() -> None:
    assert folded(" \n\x00\ufe0f\u3000") == ""


def test_a_long_text_is_looked_for_by_a_few_of_its_tokens() -> None:
    long = expression("".join(map(chr, range(0x4E00, 0x4E00 + 200))))
    assert long.count(" AND ") == MOST_GRAMS - 1
