"""How many wrong passwords somebody may show. PURE; the clock is an argument, in seconds.

A try counts from the moment it is made until it proves right, so that a hundred tries in one moment are not a hundred
guesses. The sixth within a minute is refused, for a name as for an address; a token is no guess.
"""

from collections import deque

from shared.errors import Refused

WRONG = 5
MINUTE = 60.0
MOST = 10_000
"""Names and addresses that are remembered; the oldest are forgotten for new ones."""


class Guesses:
    """The tries of the last minute by name and by address."""

    def __init__(self) -> None:
        self._tries: dict[str, deque[float]] = {}

    def take(self, *keys: str, now: float) -> None:
        """One try, counted for each of the keys; `rate_limited` where one of them had too many."""
        wait = max(self._wait(key, now) for key in keys)
        if wait > 0:
            seconds = max(round(wait, 3), 0.1)
            told = f"Too many wrong passwords, wait {seconds:.0f} s and try again."
            raise Refused("rate_limited", told, seconds)
        for key in keys:
            tries = self._tries.pop(key, None) or deque(maxlen=WRONG)
            tries.append(now)
            self._tries[key] = tries  # at the end: the first is the one that was used least recently
        while len(self._tries) > MOST:
            del self._tries[next(iter(self._tries))]

    def forgive(self, *keys: str, at: float) -> None:
        """The try made at this time was right."""
        for key in keys:
            tries = self._tries.get(key)
            if tries and at in tries:
                tries.remove(at)

    def _wait(self, key: str, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None or len(tries) < WRONG:
            return 0.0
        return tries[0] + MINUTE - now
