"""Nothing is left over, and it is quick. Times are CPU time of this process: a busy machine does not fail them."""

import random
import statistics
import time
import tkinter as tk
from collections.abc import Callable

import pytest

from chatclient.desktop import art as art_module
from chatclient.desktop.theme import DARK, LIGHT
from chatclient.timeline import Appended, Prepended, Refreshed, Reset, Row
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import Window

pytestmark = pytest.mark.desktop

MILLION = 1_000_000


@pytest.mark.parametrize("steps", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_random_operations_leave_nothing_behind(window: Window, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
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
    for step in range(steps):
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


# --- how quick it is ---


def cost(act: Callable[[], object], times: int = 40) -> float:
    """Median CPU time in milliseconds, the redraw included."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        act()
        taken.append((time.process_time() - before) * 1_000)
    return statistics.median(taken)


def test_a_million_messages_are_as_quick_as_a_hundred(window: Window) -> None:
    room = LongRoom(MILLION)
    window.view.show(LongRoom(10))
    opened = cost(lambda: window.open(room), 1)
    scroll = cost(lambda: (window.view.scroll(-120), window.root.update_idletasks()))
    sizes = iter(range(600, 1_100, 7))

    def resize() -> None:
        window.root.geometry(f"{next(sizes)}x600")
        window.root.update()

    resized = cost(resize)

    def prepend() -> None:
        room.base -= 50
        room.stored += 50
        window.view.changed([Prepended(50)])

    prepended = cost(prepend)
    print(f"open {opened:.1f} ms, scroll {scroll:.2f} ms, resize {resized:.2f} ms, prepend {prepended:.2f} ms")
    assert opened < 100
    assert scroll < 2
    assert resized < 6
    assert prepended < 2


def test_the_rows_that_are_kept_are_those_of_the_source(window: Window) -> None:
    """Control for `check`: a row that says something else is found."""
    room = window.open(LongRoom(100))
    shown: Row = window.view.live[-1].row
    room.edited[shown.seq] = "Something else"
    with pytest.raises(AssertionError):
        window.check()
