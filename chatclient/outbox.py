"""What this client wants changed and the server has not answered yet: what goes out when, and in which order.

Pure: the clock is an argument. A change keeps its id and its place until it is answered, so that sending all again
after a reconnect gives the same events in the same order. At most `WINDOW` are on their way at once. Where the server
asks to slow down, the changes that it turned away wait, and then go one at a time until nothing is left, because
several on their way could overtake one that is turned away. (Those that were on their way when it happened still
can, where the way is longer than the server's pause between two tokens.)

A change that is not ready (a post whose files are not up yet) keeps its place among those of its room; changes of other
rooms, and changes of messages that stand already, pass it by.
"""

from collections.abc import Callable
from typing import Final

from chatclient.drafts import Queued
from shared.protocol import Delete, Edit, React, SetProfile

WINDOW: Final = 64
_APART: Final = (Edit, Delete, React, SetProfile)
"""What does not wait for a post before it: it is about what stands, or about no room."""


class Outbox:
    """Changes by id, in the order in which they were added."""

    def __init__(self, window: int = WINDOW) -> None:
        self._window = window
        self._changes: dict[str, Queued] = {}
        self._sent: set[str] = set()
        self._not_before = 0.0
        self._slow = False

    def __len__(self) -> int:
        return len(self._changes)

    def __contains__(self, ident: str) -> bool:
        return ident in self._changes

    def add(self, change: Queued) -> None:
        """Queue it last."""
        self._changes[change.id] = change

    def take(self, now: float, ready: Callable[[Queued], bool] = lambda change: True) -> list[Queued]:
        """What is to be sent now, in order. It is on its way from then on."""
        free = (1 if self._slow else self._window) - len(self._sent)
        if free <= 0 or now < self._not_before or len(self._sent) == len(self._changes):
            return []
        taken: list[Queued] = []
        behind: set[str] = set()
        for ident, change in self._changes.items():
            if ident in self._sent:
                continue
            room = "" if isinstance(change, _APART) else change.room
            if room in behind:
                continue
            if not ready(change):
                behind.add(room)
                continue
            taken.append(change)
            if len(taken) == free:
                break
        self._sent.update(change.id for change in taken)
        return taken

    def wait(self, now: float) -> float | None:
        """Seconds until `take` has something that is held back now; None where nothing is held back."""
        held = len(self._changes) > len(self._sent) and now < self._not_before
        return self._not_before - now if held else None

    def answered(self, ident: str) -> Queued | None:
        """Forget a change, because it stands or because it was refused for good. None where it is not known."""
        self._sent.discard(ident)
        change = self._changes.pop(ident, None)
        if not self._changes:
            self._slow = False
        return change

    def turned_away(self, ident: str, until: float) -> None:
        """Too fast: this change goes out again, nothing does before `until`, and then one at a time."""
        if ident in self._changes:
            self._sent.discard(ident)
            self._slow = True
            self._not_before = max(self._not_before, until)

    def disconnected(self) -> None:
        """Nothing is on its way any more; all that is not answered goes out again."""
        self._sent.clear()
        self._not_before = 0.0
