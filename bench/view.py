"""The conversation view on a million messages, on a private display: what one step of the reader's costs.

Times are CPU time of this process, the redraw included, medians of many steps; `open` is the first one, cold.
"""

import os
import statistics
import time
import tkinter as tk
from collections.abc import Callable

from chatclient.desktop import fonts
from chatclient.timeline import Appended, Prepended
from tests.desktop.samples import LongRoom, row
from tests.desktop.stage import Window
from tools.display import private_display

MESSAGES = 1_000_000
STEPS = 60


def cost(act: Callable[[], object], steps: int = STEPS) -> float:
    """Median CPU milliseconds of one step."""
    taken = []
    for _ in range(steps):
        before = time.process_time()
        act()
        taken.append((time.process_time() - before) * 1_000)
    return statistics.median(taken)


def measure() -> dict[str, float]:
    """Milliseconds by step."""
    with private_display(1_280, 900) as display:
        os.environ["DISPLAY"] = display
        fonts.register()
        window = Window(tk.Tk())
        try:
            return _measure(window, LongRoom(MESSAGES))
        finally:
            window.root.destroy()


def _measure(window: Window, room: LongRoom) -> dict[str, float]:
    sizes = iter(range(600, 600 + 7 * STEPS, 7))
    said = iter(range(STEPS))

    def resize() -> None:
        window.root.geometry(f"{next(sizes)}x600")
        window.root.update()

    def prepend() -> None:
        room.base -= 50
        room.stored += 50
        window.view.changed([Prepended(50)])

    def append() -> None:
        number = next(said)
        room.extra.append(row(room.words(number), key=f"~{number}"))
        window.view.changed([Appended(1)])
        window.root.update_idletasks()

    return {
        "open, cold": cost(lambda: window.open(room), 1),
        "append at the bottom": cost(append),
        "scroll 120 px": cost(lambda: (window.view.scroll(-120), window.root.update_idletasks())),
        "prepend a page of 50": cost(prepend),
        "resize": cost(resize),
    }


if __name__ == "__main__":
    for step, milliseconds in measure().items():
        print(f"| {step} | {milliseconds:.2f} |")
