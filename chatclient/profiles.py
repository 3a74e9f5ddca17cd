"""Which changes of a profile are told in the lobby. Pure.

The event of a new picture also says the name, so that only what came before it shows whether that is another one:
told is a profile whose name is not that of the person's profile before it, the plain name where none is held.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from shared.protocol import ProfileSet


class Profiles:
    """The profiles of one stretch of history, by person and seq."""

    def __init__(self) -> None:
        self._of: dict[str, list[ProfileSet]] = {}

    def add(self, events: Iterable[ProfileSet]) -> tuple[list[ProfileSet], set[int]]:
        """Take these in: which are told now and were not before, and the seqs of those that were and are no longer."""
        events = list(events)
        users = {event.user for event in events}
        before = {event.seq for event in self._told(users)}
        for event in events:
            held = self._of.setdefault(event.user, [])
            at = bisect_left(held, event.seq, key=lambda each: each.seq)
            if at == len(held) or held[at].seq != event.seq:
                held.insert(at, event)
        told = list(self._told(users))
        return [event for event in told if event.seq not in before], before - {event.seq for event in told}

    def all(self) -> Iterator[ProfileSet]:
        for held in self._of.values():
            yield from held

    def _told(self, users: Iterable[str]) -> Iterator[ProfileSet]:
        for user in users:
            name = ""
            for event in self._of.get(user, ()):
                if event.display != name:
                    yield event
                name = event.display
