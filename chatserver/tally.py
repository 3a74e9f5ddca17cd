"""How often something took how much: counts in fixed steps, cheap enough for the path of every batch. PURE.

One thread adds; any may look, and sees at worst a count without its sum.
"""

from bisect import bisect_left
from typing import Final

_LINES: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0)
_SECONDS: Final = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0)


class Tally:
    """`bounds` ascending; a count holds what is above the bound before it, up to its own; the last one all above."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds: Final = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, amount: float) -> None:
        """Once more."""
        self.counts[bisect_left(self.bounds, amount)] += 1
        self.total += amount


class Commits:
    """Batches of the log that became durable: how many lines each had, and how many seconds it took."""

    def __init__(self) -> None:
        self.lines = Tally(_LINES)
        self.seconds = Tally(_SECONDS)

    def add(self, lines: int, seconds: float) -> None:
        """One more."""
        self.lines.add(lines)
        self.seconds.add(seconds)
