"""Scrolling by wheel, keys and thumb through a million rows; the upper edge; the floating button; jumping."""

import pytest

from chatclient.desktop.floating import TAG
from chatclient.desktop.strip import REBASE, TALL
from chatclient.desktop.wheel import NOTCH
from chatclient.rows import Appended, Prepended
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import Window

pytestmark = pytest.mark.desktop

MILLION = 1_000_000


def test_scrolling_stops_at_both_ends(window: Window) -> None:
    room = window.open(LongRoom(60))
    window.view.scroll(10_000)
    assert window.place(str(room.base + 59)) == 600 - 20
    window.view.scroll(-100_000)
    assert window.view.live[0].index == 0 and window.view.live[0].y - window.view.top == 8
    window.check()


def test_scrolling_is_by_pixels_and_comes_back_to_the_same_place(window: Window) -> None:
    room = window.open(LongRoom(MILLION))
    window.view.scroll(-5_000)
    marker = window.in_sight()[3].row.key
    before = window.place(marker)
    window.view.scroll(-37)
    assert window.place(marker) == before + 37
    for step in (-400, 250, -6_000, 6_000, 150):
        window.view.scroll(step)
    assert window.place(marker) == before + 37
    assert room.count == MILLION


def test_coordinates_stay_small_however_far_one_scrolls(window: Window) -> None:
    window.open(LongRoom(MILLION))
    farthest = 0
    for _ in range(120):
        window.view.scroll(-900)
        farthest = max(farthest, abs(window.view.top), *(abs(live.y) for live in window.view.live))
    assert farthest < REBASE + 3_000
    window.check()
    box = window.view.bbox("all")
    assert box is not None and max(map(abs, box)) < 32_000


@pytest.mark.parametrize(
    ("event", "change"),
    [
        ("<Button-4>", -NOTCH),
        ("<Button-5>", NOTCH),
        ("<Prior>", -560),
        ("<Next>", 560),
    ],
)
def test_wheel_and_keys_scroll(window: Window, event: str, change: int) -> None:
    window.open(LongRoom(500))
    window.view.scroll(-3_000)
    window.view.focus_force()
    window.root.update()
    marker = window.in_sight()[2].row.key
    before = window.place(marker)
    window.view.event_generate(event)
    window.root.update()
    live = {live.row.key: live.bottom - window.view.top for live in window.view.live}
    assert live.get(marker, before - change) == before - change
    window.view.scroll(-change)
    assert window.place(marker) == before


def test_home_and_end_go_to_the_ends(window: Window) -> None:
    window.open(LongRoom(500))
    window.view.focus_force()
    window.root.update()
    window.view.event_generate("<Home>")
    window.root.update()
    assert window.view.live[0].index == 0
    window.view.event_generate("<End>")
    window.root.update()
    assert window.view.at_bottom


def test_the_wheel_of_windows_and_macos_scrolls_too(window: Window) -> None:
    window.open(LongRoom(500))
    before = window.view.top
    window.view.event_generate("<MouseWheel>", delta=120)
    window.root.update()
    assert window.view.top == before - NOTCH


def test_the_thumb_can_be_dragged_through_a_million_messages(window: Window) -> None:
    room = window.open(LongRoom(MILLION))
    bar = window.view.scrollbar
    thumb = bar.thumb
    assert thumb is not None and thumb.top + thumb.length == 600 - 4
    x = bar.winfo_width() // 2
    bar.event_generate("<Button-1>", x=x, y=thumb.top + 5)
    bar.event_generate("<B1-Motion>", x=x, y=300 + 5)
    window.root.update()
    middle = window.in_sight()[0].index
    assert abs(middle - room.count * (300 - 4) / (600 - 8 - thumb.length)) < 3_000
    bar.event_generate("<B1-Motion>", x=x, y=-100)
    window.root.update()
    assert window.view.live[0].index == 0
    bar.event_generate("<B1-Motion>", x=x, y=900)
    bar.event_generate("<ButtonRelease-1>", x=x, y=900)
    window.root.update()
    assert window.view.at_bottom
    window.check()


def test_a_click_beside_the_thumb_turns_a_page(window: Window) -> None:
    window.open(LongRoom(500))
    before = window.view.top
    window.view.scrollbar.event_generate("<Button-1>", x=7, y=20)
    window.root.update()
    assert window.view.top == before - 560


def test_a_message_higher_than_the_window_is_drawn_in_part_and_scrolls(window: Window) -> None:
    room = window.open(LongRoom(100))
    lines = [f"line {n}" for n in range(5_000)]
    room.extra.append(row("\n".join(lines), key="~1"))
    window.view.changed([Appended(1)])
    tall = window.view.live[-1]
    assert tall.drawing.height > 40 * TALL
    seen: set[str] = set()
    window.view.goto("~1")
    window.view.to_bottom()
    for _ in range(400):
        assert len(window.view.find_all()) < 400
        box = window.view.bbox("all")
        assert box is not None and max(map(abs, box)) < 32_000
        seen.update(window.texts(tall) if tall in window.view.live else [])
        window.view.scroll(-400)
    assert set(lines) <= seen
    assert tall not in window.view.live
    window.check()


# --- the edge, the button, jumping ---


def test_who_comes_near_the_first_row_asks_for_older_ones_once(window: Window) -> None:
    room = window.open(LongRoom(300))
    window.root.update()
    assert window.edges == []
    window.view.to_top()
    window.until(lambda: window.edges == ["older"] * 1)
    window.view.scroll(30)
    window.root.update()
    assert window.edges == ["older"] * 1
    room.base -= 5
    room.stored += 5
    window.view.changed([Prepended(5)])
    window.until(lambda: window.edges == ["older"] * 2)
    window.view.to_bottom()
    window.view.to_top()
    window.until(lambda: window.edges == ["older"] * 3)


def test_a_room_that_fills_no_window_asks_at_once(window: Window) -> None:
    window.open(LongRoom(2))
    window.until(lambda: window.edges == ["older"] * 1)


def test_the_floating_button_counts_and_takes_one_down(window: Window) -> None:
    room = window.open(LongRoom(300))
    assert window.view.find_withtag(TAG) == ()
    window.view.scroll(-2_000)
    assert window.view.find_withtag(TAG) and window.view.unseen == 0
    for n in range(3):
        room.extra.append(row("New", key=f"~{n}"))
    room.extra.append(row("Mine", key="~9", own=True))
    window.view.changed([Appended(4)])
    [words] = [
        window.view.itemcget(item, "text") for item in window.view.find_withtag(TAG) if window.view.type(item) == "text"
    ]
    assert words == "3 new messages" and window.view.unseen == 3
    box = window.view.bbox(TAG)
    assert box is not None and box[2] - 807 in (0, 1) and box[3] - window.view.top - 584 in (0, 1)
    window.view.scroll(-200)
    assert window.view.find_all()[-1] in window.view.find_withtag(TAG)
    window.click(790, 570)
    assert window.view.at_bottom and window.view.unseen == 0 and window.view.find_withtag(TAG) == ()
    window.check()


def test_jumping_puts_a_ring_round_the_message_for_a_moment(window: Window) -> None:
    room = window.open(LongRoom(1_000))
    count = len(window.view.find_all())
    key = str(room.base + 500)
    window.view.goto(key)
    live = next(live for live in window.view.live if live.row.key == key)
    assert live in window.in_sight() and live.painted is not None
    ringed = len(live.painted.items)
    window.check()
    window.until(lambda: live.painted is not None and len(live.painted.items) == ringed - 8)
    window.check()
    window.view.goto("~nobody")
    window.view.to_bottom()
    assert len(window.view.find_all()) == count
