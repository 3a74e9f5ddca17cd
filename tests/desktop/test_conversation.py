"""What the conversation shows on a real screen, and that no change moves what its reader looks at."""

import re
import tkinter as tk
from pathlib import Path

import pytest

from chatclient.desktop.art import Art
from chatclient.desktop.bidi import RTL
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.floating import TAG
from chatclient.desktop.theme import DARK, LIGHT
from chatclient.timeline import Appended, Prepended, Refreshed, Reset, Timeline
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import PICTOGRAPH, Window, shot, squeezed

pytestmark = pytest.mark.desktop

MILLION = 1_000_000


def test_rows_say_what_the_source_says(window: Window) -> None:
    room = window.open(LongRoom(500))
    for _ in range(12):
        for live in window.view.live:
            shown = squeezed("".join(window.texts(live)))
            words = squeezed(PICTOGRAPH.sub("", room.row(live.index).text))
            assert RTL.search(words) or words in shown  # that stands in another order
            assert squeezed(PICTOGRAPH.sub("", "".join(run.text for run in live.drawing.runs))) == words
            assert room.row(live.index).clock in shown
        window.view.page(-1)


def test_no_text_item_ever_holds_what_tk_cannot_draw(window: Window) -> None:
    room = window.open(LongRoom(50))
    bad = "a🎉b 👩‍👩‍👧 \u202eevil\u202c \ud800 \x00\x07\x1b 🇩🇪 \U0001fadf \U000e0041 1️⃣ \udfff z" + "\u0301" * 40
    room.extra.append(row(bad, key="~1"))
    room.extra.append(row(f"set the topic: {bad}", key="~2", kind="notice", state=""))
    room.extra.append(row("x", key="~3", own=True, state="failed", reason=bad))
    window.view.changed([Appended(3)])
    for item in window.view.find_all():
        if window.view.type(item) == "text":
            text = window.view.itemcget(item, "text")
            assert not PICTOGRAPH.search(text)
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_only_rows_in_sight_have_items(window: Window) -> None:
    window.open(LongRoom(MILLION))
    assert len(window.view.live) < 40 and len(window.view.find_all()) < 600
    window.check()


def test_nothing_and_short_rooms(window: Window) -> None:
    window.view.show(None)
    window.view.scroll(-100)
    window.view.to_bottom()
    window.view.changed([Reset()])
    assert window.view.find_all() == () and window.view.at_bottom
    room = window.open(LongRoom(0))
    assert window.view.find_all() == ()
    room.extra.append(row("First", key="~1"))
    window.view.changed([Appended(1)])
    window.check()
    assert window.place("~1") == 600 - 20
    window.view.scroll(-500)
    window.view.scroll(500)
    assert window.place("~1") == 600 - 20
    room.extra.clear()
    window.view.changed([Refreshed()])
    assert window.view.find_all() == ()


def test_a_room_opens_at_its_newest_row_or_at_its_unread_line(window: Window) -> None:
    room = window.open(LongRoom(1_000))
    assert window.view.at_bottom and window.place(str(room.base + 999)) == 600 - 20
    room = LongRoom(1_000)
    room.unread_index = 800
    window.open(room)
    first = window.in_sight()[0]
    assert first.index == 800 and first.y == window.view.top and "New messages" in window.texts(first)
    assert not window.view.at_bottom
    room = LongRoom(1_000)
    room.unread_index = 999
    window.open(room)
    assert window.view.at_bottom


def test_another_theme_is_another_drawing_of_the_same(window: Window, tmp_path: Path) -> None:
    window.open(LongRoom(100))
    light = shot(window.view, tmp_path / "light.png")
    before = [window.texts(live) for live in window.view.live]
    window.view.set_theme(DARK)
    dark = shot(window.view, tmp_path / "dark.png")
    assert light.getpixel((3, 3)) == (255, 255, 255) and dark.getpixel((3, 3)) == (0x1B, 0x1B, 0x21)
    assert [window.texts(live) for live in window.view.live] == before
    window.check()
    window.view.set_theme(LIGHT)
    assert shot(window.view, tmp_path / "again.png").tobytes() == light.tobytes()


def test_a_bubble_has_its_colour_and_round_corners(window: Window, tmp_path: Path) -> None:
    room = window.open(LongRoom(0))
    room.extra.append(row("Hello", key="~1", own=True))
    window.view.changed([Appended(1)])
    picture = shot(window.view, tmp_path / "bubble.png")
    body = window.view.live[0].drawing.body
    assert body is not None
    left, top = body.x, body.y + window.view.live[0].y - window.view.top
    own = (0x5B, 0x5B, 0xD6)
    assert picture.getpixel((left + 16, top)) == own and picture.getpixel((left, top)) == (255, 255, 255)
    edge = [picture.getpixel((left + i, top + 4)) for i in range(12)]
    assert len(set(edge)) > 2, "the corner is not antialiased"


def test_twice_the_scale_is_twice_as_large(root: tk.Tk, tmp_path: Path) -> None:
    room = LongRoom(0)
    room.extra.append(row("Hello 🎉", key="~1"))
    root.geometry("1100x700")
    view = ConversationView(root, LIGHT, Art(root, 2.0), on_edge=lambda _which: None)
    view.pack(fill="both", expand=True)
    root.update()
    view.show(room)
    body = view.live[0].drawing.body
    assert body is not None and (body.x, body.height, body.radii) == (120, 110, (32, 32, 32, 32))
    picture = shot(view, tmp_path / "large.png")
    avatar = (40 + 32, body.y + body.height - 60 + view.live[0].y - view.top)
    assert picture.getpixel(avatar) == (0xA8, 0x5A, 0x00)
    assert picture.getpixel((40 + 70, avatar[1] + 28)) == (255, 255, 255)
    view.destroy()


def test_a_real_timeline_can_be_shown(window: Window) -> None:
    from datetime import UTC, date

    from shared.protocol import Message

    timeline = Timeline("alice", UTC, date(2026, 11, 20))
    window.view.show(timeline)
    changes = timeline.page(
        [
            Message(
                seq=n, time=f"2026-11-20T09:{n:02}:00.000000Z", room="lobby", user="bob", id=f"i{n}", text=f"Line {n}"
            )
            for n in range(1, 40)
        ],
        False,
        39,
    )
    window.view.changed(changes)
    window.check()
    assert window.view.at_bottom and "Line 39" in window.texts(window.view.live[-1])
    window.view.changed(timeline.queued("x1", "Mine", "2026-11-20T09:50:00.000000Z"))
    assert window.view.at_bottom and "Mine" in window.texts(window.view.live[-1])
    window.check()


# --- changes ---


@pytest.mark.parametrize("scrolled", [100, 700, 2_345, 9_999])
def test_older_rows_in_front_move_nothing_by_a_pixel(window: Window, scrolled: int, tmp_path: Path) -> None:
    room = window.open(LongRoom(200))
    window.view.scroll(-scrolled)
    before = {live.row.key: window.place(live.row.key) for live in window.in_sight()}
    for _ in range(5):
        room.base -= 50
        room.stored += 50
        window.view.changed([Prepended(50)])
        assert {key: window.place(key) for key in before} == before
        window.check()


def test_the_pixels_stay_too(window: Window, tmp_path: Path) -> None:
    room = window.open(LongRoom(200))
    window.view.scroll(-2_345)
    window.view.delete(TAG)
    one = shot(window.view, tmp_path / "one.png").crop((0, 0, 800, 500))
    room.base -= 50
    room.stored += 50
    window.view.changed([Prepended(50)])
    assert shot(window.view, tmp_path / "two.png").crop((0, 0, 800, 500)).tobytes() == one.tobytes()
    window.view.scroll(-1)
    assert shot(window.view, tmp_path / "three.png").crop((0, 0, 800, 500)).tobytes() != one.tobytes()


def test_new_rows_pull_only_who_is_at_the_bottom(window: Window) -> None:
    room = window.open(LongRoom(200))
    for n in range(5):
        room.extra.append(row(f"New {n}", key=f"~{n}"))
        window.view.changed([Appended(1)])
        assert window.view.at_bottom and window.place(f"~{n}") == 600 - 20
    window.view.scroll(-900)
    before = {live.row.key: window.place(live.row.key) for live in window.in_sight()}
    for n in range(5, 9):
        room.extra.append(row(f"New {n}", key=f"~{n}"))
        window.view.changed([Appended(1)])
    assert {key: window.place(key) for key in before} == before and not window.view.at_bottom
    window.check()


def test_a_burst_of_new_rows_ends_at_the_newest(window: Window) -> None:
    room = window.open(LongRoom(200))
    for n in range(500):
        room.extra.append(row(f"New {n}", key=f"~{n}"))
    window.view.changed([Appended(500)])
    assert window.view.at_bottom and window.place("~499") == 600 - 20
    window.check()


@pytest.mark.parametrize("change", [Refreshed(), Reset()])
def test_a_change_anywhere_keeps_the_place_and_shows_the_new_words(window: Window, change: Refreshed | Reset) -> None:
    room = window.open(LongRoom(300))
    window.view.scroll(-3_000)
    first, other = window.in_sight()[0], window.in_sight()[4]
    before, text = window.place(first.row.key), "Edited, and much longer than before " * 12
    room.edited[other.row.seq] = text.strip()
    window.view.changed([change])
    assert window.place(first.row.key) == before
    live = next(live for live in window.view.live if live.row.key == other.row.key)
    assert squeezed(text) in squeezed("".join(window.texts(live)))
    window.check()


def test_a_reset_to_other_rows_starts_at_the_newest(window: Window) -> None:
    room = window.open(LongRoom(300))
    window.view.scroll(-3_000)
    room.base += 10_000
    window.view.changed([Reset()])
    assert window.view.at_bottom and window.view.live[-1].index == 299
    window.check()


def test_a_pending_row_becomes_a_stored_one_where_it_stands(window: Window) -> None:
    room = window.open(LongRoom(100))
    room.extra.append(row("Mine", key="~1", own=True, state="sending"))
    window.view.changed([Appended(1)])
    place = window.place("~1")
    room.extra[0] = row("Mine", key="~1", own=True)
    window.view.changed([Refreshed()])
    assert window.place("~1") == place
    window.check()


def test_sending_is_said_only_when_it_lasts(window: Window) -> None:
    room = window.open(LongRoom(10))
    room.extra.append(row("Mine", key="~1", own=True, state="sending", clock="10:30"))
    window.view.changed([Appended(1)])
    assert window.texts(window.view.live[-1]) == ["Mine", "10:30"]
    window.until(lambda: window.texts(window.view.live[-1]) == ["Mine", "Sending"])
    room.extra[0] = row("Mine", key="~1", own=True, clock="10:30")
    window.view.changed([Refreshed()])
    assert window.texts(window.view.live[-1]) == ["Mine", "10:30"]
    window.check()


@pytest.mark.parametrize("up", [0, 1_200])
def test_another_size_keeps_the_reading_place(window: Window, up: int) -> None:
    window.open(LongRoom(2_000))
    window.view.scroll(-up)
    for width, height in ((700, 600), (1200, 640), (827, 300), (420, 600), (827, 600)):
        key = window.in_sight()[0].row.key
        window.root.geometry(f"{width}x{height}")
        window.until(lambda size=(width, height): (window.view.winfo_width(), window.view.winfo_height()) == size)  # type: ignore[misc] # mypy loses the default's type
        window.root.update()
        window.check()
        assert window.view.at_bottom is (up == 0)
        if up and height >= 600:
            assert key in [live.row.key for live in window.in_sight()[:6]]


def test_a_higher_composer_pushes_the_last_rows_up(window: Window) -> None:
    window.open(LongRoom(300))
    window.view.scroll(-1_000)
    marker = window.in_sight()[-2].row.key
    before = window.place(marker)
    window.root.geometry("827x540")
    window.until(lambda: window.view.winfo_height() == 540)
    window.root.update()
    assert window.place(marker) == before - 60
