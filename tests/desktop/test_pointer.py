"""Clicking, selecting and copying with the mouse."""

import re

import pytest

from chatclient.rows import Appended, Prepended
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import Window

pytestmark = pytest.mark.desktop


def target(window: Window, value: str) -> tuple[int, int]:
    """A point on what can be clicked, in the window."""
    for live in window.view.live:
        for found in live.drawing.targets:
            if found.value == value:
                return found.x + found.width // 2, found.y + found.height // 2 + live.y - window.view.top
    raise AssertionError(f"{value} is not there")


def test_links_and_actions_answer_a_click_and_show_a_hand(window: Window) -> None:
    room = window.open(LongRoom(10))
    room.extra += [
        row("see https://example.org/x", key="~1"),
        row("Hello", key="~2", own=True, state="failed", reason="Harbour did not answer."),
    ]
    window.view.changed([Appended(2)])
    for value in ("https://example.org/x", "retry", "discard"):
        x, y = target(window, value)
        window.view.event_generate("<Motion>", x=x, y=y)
        assert window.view["cursor"] == "hand2"
        window.click(x, y)
    window.view.event_generate("<Motion>", x=3, y=3)
    assert window.view["cursor"] == ""
    assert window.links == ["https://example.org/x"]
    assert window.actions == [("~2", "retry"), ("~2", "discard")]


def test_a_press_that_slips_off_a_link_does_not_open_it(window: Window) -> None:
    room = window.open(LongRoom(10))
    room.extra.append(row("see https://example.org/x", key="~1"))
    window.view.changed([Appended(1)])
    x, y = target(window, "https://example.org/x")
    window.drag((x, y), (x, y - 100))
    assert window.links == []


def spot(window: Window, key: str, offset: int) -> tuple[int, int]:
    """The point just before a character of a row."""
    live = next(live for live in window.view.live if live.row.key == key)
    run = next(run for run in live.drawing.runs if run.start <= offset <= run.end)
    x = run.x + window.view.measurer.width(run.font, run.text[: offset - run.start])
    return x, run.y + run.height // 2 + live.y - window.view.top


def test_selecting_with_the_mouse_and_copying(window: Window) -> None:
    room = window.open(LongRoom(0))
    room.extra += [
        row("Lunch at noon? 🎉", key="~1"),
        row("carol joined", key="~2", kind="notice", state=""),
        row("Gladly,\nsee you", key="~3", user="carol"),
    ]
    window.view.changed([Appended(3)])
    items = len(window.view.find_all())
    window.view.focus_force()
    window.drag(spot(window, "~1", 6), spot(window, "~1", 13))
    assert window.view.pointer.text() == "at noon"
    assert len(window.view.find_all()) == items + 1
    window.view.event_generate("<<Copy>>")
    assert window.root.clipboard_get() == "at noon"
    window.drag(spot(window, "~3", 10), spot(window, "~1", 6))
    assert window.view.pointer.text() == "bob: at noon? 🎉\ncarol joined\ncarol: Gladly,\nse"
    window.view.event_generate("<Control-c>")
    window.root.update()
    assert window.root.clipboard_get() == window.view.pointer.text()
    window.click(3, 3)
    assert window.view.pointer.text() == "" and len(window.view.find_all()) == items
    window.check()


def test_a_double_click_takes_a_word_and_a_triple_one_the_message(window: Window) -> None:
    room = window.open(LongRoom(0))
    room.extra.append(row("Lunch at noon?", key="~1"))
    window.view.changed([Appended(1)])
    x, y = spot(window, "~1", 11)
    window.click(x, y)
    assert window.view.pointer.text() == ""
    window.click(x, y)
    assert window.view.pointer.text() == "noon"
    window.click(x, y)
    assert window.view.pointer.text() == "Lunch at noon?"


def test_a_selection_stays_on_its_words_while_history_comes_in_front(window: Window) -> None:
    room = window.open(LongRoom(100))
    window.view.scroll(-600)
    live = next(live for live in window.in_sight()[1:] if re.match("[a-z ]{4}", live.drawing.runs[0].text))
    key, word = live.row.key, live.row.text[:4]
    window.drag(spot(window, key, 0), spot(window, key, 4))
    assert window.view.pointer.text() == word
    room.base -= 50
    room.stored += 50
    window.view.changed([Prepended(50)])
    assert window.view.pointer.text() == word
    marked = [live.row.key for live in window.view.live if live.selected]
    assert marked == [key]
    window.check()


def test_a_selection_dragged_over_the_edge_scrolls_along(window: Window) -> None:
    window.open(LongRoom(300))
    before = window.view.top
    window.view.event_generate("<Button-1>", x=400, y=300)
    window.view.event_generate("<B1-Motion>", x=400, y=-20)
    window.until(lambda: window.view.top < before - 200)
    window.view.event_generate("<ButtonRelease-1>", x=400, y=-20)
    window.root.update()
    assert window.view.pointer.text().count("\n") > 3
    stopped = window.view.top
    window.root.update()
    assert window.view.top == stopped
