"""When to be shown as away without having said so, and when no longer. PURE: `now` is any clock in seconds.

After so many minutes without a key or a movement "away", with the next input "online" again. What was chosen by hand
stands above it: who chose busy or away stays that, however long, and who comes back stays it too.
"""

from shared.protocol import OwnState


class Idle:
    """A state that is returned is to be told (`client.status(state, note)`); None: nothing changed.

    minutes    without input, after which one is away; `enabled` False: never by itself
    """

    def __init__(self, now: float, minutes: int = 10, enabled: bool = True, chosen: OwnState = "online") -> None:
        self._last = now
        self._after = minutes * 60.0
        self._enabled = enabled
        self._chosen: OwnState = chosen
        self._away = False

    @property
    def state(self) -> OwnState:
        """What one is to be shown as now."""
        return "away" if self._away else self._chosen

    def input(self, now: float) -> OwnState | None:
        """A key was pressed, or the pointer moved."""
        self._last = now
        return self._back()

    def tick(self, now: float) -> OwnState | None:
        """Time passed. Call it at `due`; earlier or later does no harm."""
        if self._away or not self._watching or now < self._last + self._after:
            return None
        self._away = True
        return "away"

    def choose(self, state: OwnState) -> OwnState:
        """Chosen by hand, here or on another device."""
        self._chosen, self._away = state, False
        return state

    def prefer(self, minutes: int, enabled: bool) -> OwnState | None:
        """The reader changed after how long, or whether at all."""
        self._after, self._enabled = minutes * 60.0, enabled
        return None if enabled else self._back()

    @property
    def due(self) -> float | None:
        """When `tick` has something to say, where nothing is put in until then."""
        return self._last + self._after if self._watching and not self._away else None

    @property
    def _watching(self) -> bool:
        return self._enabled and self._chosen == "online"

    def _back(self) -> OwnState | None:
        if not self._away:
            return None
        self._away = False
        return self._chosen
