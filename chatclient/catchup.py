"""Which stored events to hand on, and in which order, over any number of connections. Pure.

Guarantees: events come out in order of seq, each once. After a reconnect within reach nothing is missing: what comes
live meanwhile waits until the pages of `sync` reach it. Otherwise the welcome is fresh, and what was held is void.
"""

from collections import deque
from collections.abc import Iterable

from shared.protocol import AnyEvent, Synced, Welcome
from shared.rules import SYNC_REACH


class CatchUp:
    """`seen` is the seq up to which everything was handed on; `asking` is set while pages are to be asked for.

    seen, epoch    where to take up what an earlier run of the program did not hand on; None: in whichever history
    whole          however much was missed: ask for all of it
    """

    def __init__(self, seen: int = 0, epoch: str | None = "", whole: bool = False) -> None:
        self.seen = seen
        self.asking = False
        self._epoch = epoch
        self._whole = whole
        self._early: deque[AnyEvent] = deque()

    def welcome(self, welcome: Welcome) -> bool:
        """A sign-in. True where it is fresh; otherwise `sync after=seen` until `asking` ends."""
        behind = welcome.tip - self.seen
        reach = welcome.tip if self._whole else welcome.limits.get("sync_reach", SYNC_REACH)
        fresh = self._epoch not in (welcome.epoch, None) or not 0 <= behind <= reach
        self._epoch = welcome.epoch
        self._early.clear()
        if fresh:
            self.seen = welcome.tip
        self.asking = not fresh and behind > 0
        return fresh

    def live(self, event: AnyEvent) -> list[AnyEvent]:
        """What to hand on now that this came live."""
        if self.asking:
            self._early.append(event)
            return []
        return self._after([event])

    def synced(self, page: Synced) -> list[AnyEvent]:
        """What to hand on now that this page came. Ask the next `after=seen` while `asking` is set."""
        before = self.seen
        ready = self._after(page.events)
        self.seen = max(self.seen, page.through)
        self.asking = page.more and self.seen > before
        while self._early and self._early[0].seq <= self.seen:
            self._early.popleft()
        if not self.asking:
            ready += self._after(self._early)
            self._early.clear()
        return ready

    def forget(self) -> None:
        """The next welcome is fresh, whatever it says."""
        self._epoch = ""

    def _after(self, events: Iterable[AnyEvent]) -> list[AnyEvent]:
        fresh = []
        for event in events:
            if event.seq > self.seen:
                self.seen = event.seq
                fresh.append(event)
        return fresh
