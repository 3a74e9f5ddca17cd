"""Nothing is left over, and what is done does not grow with the conversation."""

import random
import tkinter as tk
from collections.abc import Callable
from typing import Any

import pytest

from chatclient.desktop import art as art_module
from chatclient.desktop import layouts
from chatclient.desktop.layout import lay_out
from chatclient.desktop.operations import Drawing
from chatclient.desktop.theme import DARK, LIGHT
from chatclient.rows import Appended, Prepended, Refreshed, Reset, Row
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import Window

pytestmark = pytest.mark.desktop

MILLION = 1_000_000


@pytest.mark.slow
def test_random_operations_leave_nothing_behind(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(art_module, "KEPT", 150)
    images = len(window.root.image_names())
    room = window.open(LongRoom(5_000))
    pick = random.Random(7)
    count = 0

    def append() -> None:
        nonlocal count
        n = pick.randint(1, 3)
        for _ in range(n):
            count += 1
            own = pick.random() < 0.3
            state = pick.choice(["sent", "sending", "waiting", "failed"]) if own else "sent"
            room.extra.append(row(room.words(count), key=f"~{count}", own=own, state=state, reason="No."))
        window.view.changed([Appended(n)])

    def prepend() -> None:
        room.base -= 20
        room.stored += 20
        window.view.changed([Prepended(20)])

    def shrink() -> None:
        del room.extra[pick.randint(0, len(room.extra)) :]
        window.view.changed([Refreshed()])

    def edit() -> None:
        room.edited[pick.choice(list(window.view.live)).row.seq] = "Edited " * pick.randint(1, 60)
        window.view.changed([pick.choice([Refreshed(), Reset()])])

    def select() -> None:
        window.view.event_generate("<Button-1>", x=pick.randint(60, 800), y=pick.randint(0, 599))
        window.view.event_generate("<B1-Motion>", x=pick.randint(60, 800), y=pick.randint(0, 599))
        window.view.event_generate("<ButtonRelease-1>", x=1, y=1)

    operations: list[tuple[int, Callable[[], object]]] = [
        (40, lambda: window.view.scroll(pick.randint(-700, 700))),
        (8, append),
        (4, prepend),
        (2, shrink),
        (4, edit),
        (2, select),
        (2, lambda: window.view.goto(str(room.base + pick.randrange(room.stored)))),
        (2, window.view.to_bottom),
        (1, window.view.to_top),
        (2, lambda: window.view.scrollbar._on_move(pick.random() * room.count)),
        (1, lambda: window.view.set_theme(pick.choice([LIGHT, DARK]))),
        (1, lambda: window.view.show(room)),
    ]
    weights = [weight for weight, _ in operations]
    for step in range(5_000):
        pick.choices([act for _, act in operations], weights)[0]()
        if step % 50 == 0:
            window.check()
            window.root.update()
    window.check()
    assert len(window.root.image_names()) - images <= 150 + 120
    window.view.show(None)
    assert window.view.find_all() == ()


def test_destroying_it_leaves_no_timer_and_no_font(root: tk.Tk) -> None:
    fonts = set(root.tk.splitlist(root.tk.call("font", "names")))
    timers = set(root.tk.splitlist(root.tk.call("after", "info")))
    window = Window(root)
    room = window.open(LongRoom(100))
    room.extra.append(row("Mine", key="~1", own=True, state="sending"))
    window.view.changed([Appended(1)])
    window.view.goto(str(room.base + 3))
    window.view.destroy()
    assert set(root.tk.splitlist(root.tk.call("after", "info"))) <= timers
    del window
    import gc

    gc.collect()
    assert set(root.tk.splitlist(root.tk.call("font", "names"))) <= fonts


# --- what it costs: counted here, timed in bench/view.py ---


def laid_out(window: Window, room: LongRoom, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were laid out to open the room, to scroll forty times, and to prepend forty times."""
    counts: list[int] = []
    counted = 0

    def count(*arguments: Any) -> Drawing:
        nonlocal counted
        counted += 1
        return lay_out(*arguments)

    def took(times: int, act: Callable[[], object]) -> None:
        nonlocal counted
        counted = 0
        for _ in range(times):
            act()
            window.root.update_idletasks()
        counts.append(counted)

    def prepend() -> None:
        room.base -= 50
        room.stored += 50
        window.view.changed([Prepended(50)])

    with monkeypatch.context() as patch:
        patch.setattr(layouts, "lay_out", count)
        took(1, lambda: window.open(room))
        took(40, lambda: window.view.scroll(-120))
        took(40, prepend)
    return counts


def test_a_million_messages_cost_what_a_thousand_do(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    few = laid_out(window, LongRoom(1_000), monkeypatch)
    many = laid_out(window, LongRoom(MILLION), monkeypatch)
    for small, large in zip(few, many, strict=True):
        assert large <= 1.5 * small + 10
    opened, scrolled, prepended = many
    assert 0 < opened < 60
    assert 0 < scrolled < 40 * 6
    assert prepended <= 40 * 2


def test_the_rows_that_are_kept_are_those_of_the_source(window: Window) -> None:
    """Control for `check`: a row that says something else is found."""
    room = window.open(LongRoom(100))
    shown: Row = window.view.live[-1].row
    room.edited[shown.seq] = "Something else"
    with pytest.raises(AssertionError):
        window.check()
