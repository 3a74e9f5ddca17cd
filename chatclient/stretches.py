"""The stretches of one room's history that are held: the newest, and where the reader is elsewhere, that one as well.

New events go to the newest stretch alone, so that it has no gap, and changes of messages to both. When what is shown
comes to meet the newest, the two become one, and nothing stands twice. Pure; says what changed of what is shown.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from chatclient.alter import Change
from chatclient.entries import Extra, Spoken
from chatclient.held import NOWHERE, Held
from chatclient.rows import Appended, Prepended, Refreshed, Reset, TimelineChange
from shared.protocol import AnyEvent, Message

RECENT: Final = 256
"""Changes that are kept for pages which were answered before them."""


class Stretches:
    """`seen`: everything up to this seq was told, and what comes after it will be; None where that is not known."""

    def __init__(self, day: Callable[[int], date], seen: int | None = None) -> None:
        self.newest = self.shown = Held(day, NOWHERE if seen is None else seen)
        self.seen = seen or 0
        self._day = day
        self._recent: deque[Change] = deque(maxlen=RECENT)

    @property
    def attached(self) -> bool:
        """Is it the newest stretch that is shown?"""
        return self.shown is self.newest

    def all(self) -> Iterator[Held]:
        yield self.newest
        if not self.attached:
            yield self.shown

    def spoken(self, seq: int) -> tuple[Spoken, Extra] | None:
        """A message, wherever it is held."""
        for held in self.all():
            spoken = held.spoken(seq)
            if spoken is not None:
                return spoken, held.extra(seq)
        return None

    def told(self, seq: int) -> None:
        """Everything up to this seq was told."""
        if seq > self.seen:
            self.seen = seq
            for held in self.all():
                held.told(seq)

    # --- events ---------------------------------------------------------------------------------------------

    def arrived(self, event: AnyEvent) -> list[TimelineChange]:
        """An event that is an entry of its own."""
        newest = self.newest
        if newest.find(event.seq) is not None:
            return []
        count, in_order = len(newest), event.seq > newest.newest
        newest.place(event)
        if not self.attached:
            return [Refreshed()] if self._join(False, 0) else []
        return [Appended(1)] if in_order and len(newest) == count + 1 else [Refreshed()]

    def changed(self, event: Change) -> list[TimelineChange]:
        """An event that changes a message."""
        self._recent.append(event)
        differs = [held.change(event) for held in self.all()]
        return [Refreshed()] if differs[-1] else []

    def recent(self, of: int) -> list[Change]:
        """What was done to this message lately."""
        return [event for event in self._recent if event.of == of]

    # --- pages ----------------------------------------------------------------------------------------------

    def older(self, page: Sequence[AnyEvent], more: bool, through: int, before: int | None) -> list[TimelineChange]:
        """What came before `before`: the first that is shown, 0 for the newest page, None where nobody says."""
        held = self.newest if before == 0 else self.shown
        if before and before != held.first and held.find(before) is None:
            return []
        if before is None and page and held.newest and page[0].seq > held.newest:
            return []
        changes = self._take(held, page, through)
        held.complete = held.complete or not more
        return changes if held is self.shown else []

    def newer(self, page: Sequence[AnyEvent], more: bool, through: int, after: int) -> list[TimelineChange]:
        """What came after `after`, the newest that is shown (0 where nobody says)."""
        held = self.shown
        if self.attached or (after and after != held.newest and held.find(after) is None):
            return []
        if page and page[-1].seq < held.first:
            return []
        changes = self._take(held, page, through)
        return [Refreshed()] if self._join(not more, through) else changes

    def jump(self, page: Sequence[AnyEvent], more_before: bool, more_after: bool, through: int) -> list[TimelineChange]:
        """Show what stands around some place, in what is held where that reaches there."""
        if not page:
            return []
        met = next((held for held in self.all() if self._meets(held, page)), None)
        held = met if met is not None else Held(self._day, through)
        stays, self.shown = held is self.shown, held
        changes = self._take(held, page, through)
        held.complete = held.complete or not more_before
        joined = self._join(not more_after, through)
        if not stays:
            return [Reset()]
        return [Refreshed()] if joined else changes

    def attach(self) -> bool:
        """Show the newest stretch. False where it is shown already."""
        attached, self.shown = self.attached, self.newest
        return not attached

    def _meets(self, held: Held, page: Sequence[AnyEvent]) -> bool:
        return bool(held.newest) and page[0].seq <= held.newest and page[-1].seq >= held.first

    def _take(self, held: Held, page: Sequence[AnyEvent], through: int) -> list[TimelineChange]:
        """Take in a page that leaves no gap to what is held."""
        first, count, empty = held.first, len(held), not held.newest
        older = [event for event in page if empty or event.seq < first]
        new, altered = set[int](), False
        for event in page[len(older) :]:
            if held.find(event.seq) is None:
                held.place(event)
                new.add(event.seq)
            elif isinstance(event, Message) and through > max(self.seen, held.known(event.seq)):
                altered |= held.renew(event)
        placed = bool(new)
        in_front = held.prepend(older)
        if page and through > self.seen:
            held.know(page[0].seq, page[-1].seq, through)
        new.update(event.seq for event in older)
        for change in self._recent:
            if change.seq > through and change.of in new:
                held.change(change)
        if empty and page:
            return [Reset()]
        if placed or altered or not in_front or (older and len(held) == count):
            return [Refreshed()]
        return [Prepended(len(held) - count)] if len(held) > count else []

    def _join(self, reached: bool, through: int) -> bool:
        """Go on as one stretch, where what is shown has come to the newest."""
        shown, newest = self.shown, self.newest
        if self.attached:
            return False
        if newest.newest and (shown.newest >= newest.first or (reached and through >= newest.after)):
            newest.take_before(shown)
            self.shown = newest
        elif not newest.newest and reached and through >= newest.after:
            self.newest = shown
        else:
            return False
        return True

    def lost(self) -> dict[int, tuple[Spoken, Extra]]:
        """What the newest stretch replies to and only the other one holds."""
        if self.attached:
            return {}
        found = ((seq, self.shown.spoken(seq)) for seq in self.newest.answers if self.newest.find(seq) is None)
        return {seq: (spoken, self.shown.extra(seq)) for seq, spoken in found if spoken is not None}
