"""Drawings without a display: one row laid out, and what can be asked of it."""

import re
from collections.abc import Iterable

from hypothesis import strategies as st

from chatclient.desktop.layout import lay_out
from chatclient.desktop.operations import Bubble, Drawing, Text
from chatclient.desktop.theme import METRICS
from chatclient.rows import Row
from tests.desktop.samples import Counting

M = Counting()
WIDTH = 827
UNDRAWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U0001f000-\U0001ffff]"
)
TEXTS = st.text(
    st.characters() | st.sampled_from("a b🎉👍🏽🇩🇪\u200d\ufe0f\u202e\n\t/:.httpsאبж上。\u0301\x07"), max_size=120
)


def drawn(sample: Row, width: int = WIDTH, slow: bool = False) -> Drawing:
    return lay_out(sample, width, M, METRICS, slow)


def texts(drawing: Drawing) -> list[str]:
    return [operation.text for operation in drawing.operations if isinstance(operation, Text)]


def squeezed(parts: Iterable[str]) -> str:
    """The words without what separates them."""
    return "".join("".join(parts).split())


def bubble(drawing: Drawing) -> Bubble:
    assert drawing.body is not None
    return drawing.body
