"""Who is told where the pointer is, tips, menus, the keyboard on rows, rings, and the wish for more at both ends."""

import tkinter as tk
from pathlib import Path

import pytest

from chatclient.desktop import tip
from chatclient.desktop.conversation import RING_SHOWN
from chatclient.desktop.hover import Box
from chatclient.rows import Appended, Quote, Reaction, Refreshed
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import Window, shot

pytestmark = pytest.mark.desktop

ACCENT = (0x5B, 0x5B, 0xD6)


def box(window: Window, key: str) -> Box:
    live = next(live for live in window.view.live if live.row.key == key)
    body = live.drawing.body
    assert body is not None
    return body.x, body.y + live.y - window.view.top, body.width, body.height


def rows(window: Window, *extra: object) -> LongRoom:
    room = window.open(LongRoom(100))
    room.extra += extra  # type: ignore[arg-type] # rows
    window.view.changed([Appended(len(extra))])
    window.view.focus_force()
    window.root.update()
    return room


def move(window: Window, x: int, y: int) -> None:
    """The pointer itself, since a tip asks where it is."""
    window.view.event_generate("<Motion>", x=x, y=y, warp=True)
    window.root.update()


def ringed(window: Window, tmp_path: Path) -> list[str]:
    """The rows in sight that have a ring, by the pixels two outside their bubbles."""
    picture = shot(window.view, tmp_path / "rings.png")
    found = []
    for live in window.in_sight():
        if live.drawing.body is not None:
            x, y, _, high = box(window, live.row.key)
            if 0 <= y + high // 2 < picture.height and picture.getpixel((x - 3, y + high // 2)) == ACCENT:
                found.append(live.row.key)
    return found


def test_who_asked_is_told_which_bubble_the_pointer_is_on(window: Window) -> None:
    rows(window, row("Hello", key="~1"), row("carol joined", key="~2", kind="notice", state=""))
    x, y, wide, high = box(window, "~1")
    move(window, x + 5, y + 5)
    assert window.hovered == [("~1", (x, y, wide, high))]
    move(window, x + 9, y + 8)
    assert len(window.hovered) == 1
    move(window, 400, y + high + 20)
    assert window.hovered[1:] == [None]


def test_it_is_over_when_rows_move_and_not_when_others_change(window: Window) -> None:
    room = rows(window, row("Hello", key="~1"))
    x, y, _, _ = box(window, "~1")
    move(window, x + 5, y + 5)
    room.edited[room.base] = "far above"
    window.view.changed([Refreshed()])
    assert len(window.hovered) == 1
    window.view.scroll(-40)
    assert window.hovered[1:] == [None]


def test_a_widget_that_stands_on_it_belongs_to_it(window: Window) -> None:
    rows(window, row("Hello", key="~1"))
    x, y, wide, _ = box(window, "~1")
    bar = tk.Frame(window.view, width=60, height=20)
    bar.place(x=x + wide, y=y)
    window.root.update()
    move(window, x + 5, y + 5)
    bar.event_generate("<Motion>", x=5, y=5, warp=True)
    window.root.update()
    assert len(window.hovered) == 1
    bar.destroy()


def test_a_reaction_tells_who_when_the_pointer_rests_on_it(window: Window) -> None:
    rows(window, row("Hello", key="~1", reactions=(Reaction("👍", 2, False, ("Alice", "Bob")),)))
    live = window.view.live[-1]
    target = live.drawing.targets[0]
    move(window, target.x + 5, target.y + live.y - window.view.top + 5)
    window.until(lambda: window.view.find_withtag(tip.TAG))
    said = [window.view.itemcget(item, "text") for item in window.view.find_withtag(tip.TAG)[1:]]
    assert said == ["Alice and Bob"]
    window.check()
    move(window, 3, 3)
    assert window.view.find_withtag(tip.TAG) == ()


def test_a_click_on_a_quote_and_on_a_reaction(window: Window) -> None:
    rows(
        window,
        row(
            "Hi",
            key="~1",
            reply=Quote(5, "carol", "Carol", "Original", False),
            reactions=(Reaction("🎉", 1, True, ()),),
        ),
    )
    live = window.view.live[-1]
    for target in live.drawing.targets:
        window.click(target.x + 5, target.y + live.y - window.view.top + 5)
    assert window.actions == [("~1", "jump"), ("~1", "react:🎉")]


def test_the_right_button_and_the_keyboard_ask_for_a_menu(window: Window, tmp_path: Path) -> None:
    rows(window, row("Hello", key="~1"), row("carol joined", key="~2", kind="notice", state=""), row("Bye", key="~3"))
    x, y, _, high = box(window, "~1")
    window.view.event_generate("<Button-3>", x=x + 5, y=y + 5, rootx=70, rooty=80)
    assert window.menus == [("~1", 70, 80)]
    window.view.event_generate("<Up>")
    assert (window.view.cursor.key, ringed(window, tmp_path)) == ("~3", ["~3"])
    window.view.event_generate("<Up>")
    assert (window.view.cursor.key, ringed(window, tmp_path)) == ("~1", ["~1"])
    window.view.event_generate("<Return>")
    left, top = window.view.winfo_rootx(), window.view.winfo_rooty()
    assert window.menus[1:] == [("~1", left + x + 12, top + y + high)]
    window.view.event_generate("<Shift-F10>")
    assert len(window.menus) == 3
    window.click(3, 3)
    assert window.view.cursor.key == "" and ringed(window, tmp_path) == []


def test_the_keyboard_brings_its_row_into_sight(window: Window) -> None:
    room = rows(window)
    for _ in range(40):
        window.view.event_generate("<Up>")
        window.root.update()
        live = next(live for live in window.view.live if live.row.key == window.view.cursor.key)
        assert live.y >= window.view.top and live.bottom <= window.view.top + 600
    assert window.view.cursor.key == str(room.base + 100 - 40)
    for _ in range(20):
        window.view.event_generate("<Down>")
    assert window.view.cursor.key == str(room.base + 100 - 20)
    window.check()


def test_the_ring_of_the_keyboard_goes_with_it(window: Window, tmp_path: Path) -> None:
    rows(window, row("Hello", key="~1"))
    other = tk.Entry(window.root)
    other.place(x=0, y=0)
    window.view.event_generate("<Up>")
    assert ringed(window, tmp_path) == ["~1"]
    other.focus_force()
    window.root.update()
    assert ringed(window, tmp_path) == []
    window.view.focus_force()
    window.root.update()
    assert ringed(window, tmp_path) == ["~1"]
    other.destroy()


def test_a_flash_goes_by_itself_and_a_ring_stays(window: Window, tmp_path: Path) -> None:
    rows(window, row("One", key="~1"), row("Two", key="~2"))
    window.view.ring("~1")
    window.view.flash("~2")
    assert ringed(window, tmp_path) == ["~1", "~2"]
    window.until(lambda: ringed(window, tmp_path) == ["~1"], 2 * RING_SHOWN / 1_000)
    window.view.ring(None)
    assert ringed(window, tmp_path) == []
    window.check()


def test_more_is_asked_for_at_both_ends_of_what_is_not_the_newest(window: Window) -> None:
    room = LongRoom(400)
    room.attached = False
    window.open(room)
    window.until(lambda: window.edges == ["newer"])
    assert not window.view.at_bottom
    window.view.to_bottom()
    assert window.edges == ["newer", "newest"]
    window.view.to_top()
    window.until(lambda: window.edges[2:] == ["older"])
    room.stored += 50
    window.view.changed([Appended(50)])
    window.view.scroll(100_000)
    window.until(lambda: window.edges[3:] == ["newer"])
    room.attached = True
    window.view.changed([Refreshed()])
    window.view.to_bottom()
    assert window.view.at_bottom and len(window.edges) == 4
