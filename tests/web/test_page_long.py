"""A room with 100,000 messages: the page holds them all, draws few of them, and never shows a hole."""

import pytest

from tests.web.browser import script
from tests.web.conftest import Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
COUNT = 100_000
DRAWN = 2_500
"""Elements of rows that may exist at once; one row has about twelve."""

LOAD = script("load")
HOLE = script("hole")
DRAWN_NOW = "document.querySelectorAll('.rows *').length"


async def test_a_hundred_thousand_messages_are_scrolled_without_a_hole(visit: Visit) -> None:
    visitor = await visit()
    told = await visitor.run(LOAD, COUNT)
    assert told == {"count": COUNT, "moved": 0}
    assert await visitor.run(DRAWN_NOW) < DRAWN

    # In steps of a page, of many pages, and by jumps of the scrollbar, up and down: after each frame all is covered.
    await visitor.run(f"() => {{ window.hole = {HOLE}; }}")
    found = await visitor.run(script("scroll"))
    assert found["holes"] == []
    assert found["most"] < DRAWN
    assert found["places"] > 100
    assert (found["top"], found["end"]) == ("1", str(COUNT))


async def test_the_test_for_holes_finds_one(visit: Visit) -> None:
    """The control."""
    visitor = await visit()
    await visitor.run(LOAD, 1_000)
    await visitor.run(f"() => {{ window.hole = {HOLE}; }}")
    assert await visitor.run("window.hole()") == 0
    moved = "(row) => { row.style.transform = 'translateY(-3000px)'; }"
    gap = f"() => {{ [...document.querySelectorAll('.entry')].slice(-5).forEach({moved}); return window.hole(); }}"
    assert await visitor.run(gap) > 0


async def test_reading_where_one_is_stays_while_the_history_grows_at_both_ends(visit: Visit) -> None:
    visitor = await visit()
    await visitor.run(LOAD, 3_000)
    drift = await visitor.run(script("drift"))
    assert drift < 1
