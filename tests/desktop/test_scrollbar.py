"""Where the thumb stands, and what a wheel means: by tables and properties, without a display."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatclient.desktop.scrollbar import SHORTEST, Extent, position_for, thumb_for
from chatclient.desktop.wheel import NOTCH, Wheel


@pytest.mark.parametrize(
    ("extent", "top", "length"),
    [
        (Extent(0, 10, 20), 0, 300),
        (Extent(10, 20, 20), 300, 300),
        (Extent(5, 15, 20), 150, 300),
        (Extent(0, 10, 1_000_000), 0, SHORTEST),
        (Extent(999_990, 1_000_000, 1_000_000), 600 - SHORTEST, SHORTEST),
    ],
)
def test_the_thumb_tells_what_is_in_sight(extent: Extent, top: int, length: int) -> None:
    assert thumb_for(extent, 600) == (top, length)


@pytest.mark.parametrize(("extent", "track"), [(Extent(0, 0, 0), 600), (Extent(0, 7, 7), 600), (Extent(0, 1, 9), 10)])
def test_there_is_no_thumb_where_there_is_nothing_to_scroll(extent: Extent, track: int) -> None:
    assert thumb_for(extent, track) is None


@given(st.integers(2, 1_000_000), st.floats(0, 1), st.floats(0.01, 0.99), st.integers(100, 2_000))
def test_dragging_the_thumb_to_where_it_stands_changes_nothing(
    rows: int, share: float, seen: float, track: int
) -> None:
    visible = max(0.5, min(40.0, rows * seen))
    first = share * (rows - visible)
    extent = Extent(first, first + visible, rows)
    thumb = thumb_for(extent, track)
    assert thumb is not None and 0 <= thumb.top <= track - thumb.length
    pixel = (rows - visible) / max(1, track - thumb.length)
    position = position_for(thumb.top, thumb, extent, track)
    if thumb.top == track - thumb.length and thumb.top:
        assert position == rows
    else:
        assert position == pytest.approx(first, abs=pixel + 1e-6)


@pytest.mark.parametrize(
    ("system", "version", "delta", "pixels"),
    [
        ("x11", 9.0, 120, -NOTCH),
        ("win32", 8.6, 120, -NOTCH),
        ("win32", 8.6, -240, 2 * NOTCH),
        ("aqua", 8.6, 1, -12),
        ("aqua", 9.0, 120, -NOTCH),
    ],
)
def test_a_notch_of_every_system(system: str, version: float, delta: int, pixels: int) -> None:
    assert Wheel(system, version).pixels(delta) == pixels


def test_less_than_a_pixel_is_kept_until_it_is_one() -> None:
    wheel = Wheel("win32", 8.6)
    assert [wheel.pixels(-1) for _ in range(6)] == [0, 1, 0, 1, 0, 1]
    assert wheel.pixels(1) == 0


@pytest.mark.parametrize(("packed", "pixels"), [(0x0003_0005, -5), (0xFFFF_FFF6, 10), (0x0000_0000, 0)])
def test_a_stroke_over_a_touchpad(packed: int, pixels: int) -> None:
    assert Wheel("aqua", 9.0).stroke(packed) == pixels
