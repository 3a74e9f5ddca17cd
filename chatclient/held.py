"""What is held of one room's history: entries by seq, from the oldest page that was loaded to the newest event.

A page in front and an event at the end cost only themselves. A run of joins and leaves of one day is one entry,
whichever way its parts came. Pure; the only one who knows how entries are put together.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from chatclient.ends import Ends
from chatclient.entries import Entry, Said, entry_of, seq_of
from chatclient.notices import Run
from shared.protocol import AnyEvent

LOOK: Final = 1_000
"""Entries that are searched for a message of the reader's."""


class Held:
    """Entries by index, oldest first. `day` gives the reader's date of seconds since 1970."""

    def __init__(self, day: Callable[[int], date]) -> None:
        self.newest = 0
        """The newest seq, 0 for none."""
        self._day = day
        self._entries: Ends[Entry] = Ends()

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, i: int) -> Entry:
        return self._entries[i]

    @property
    def first(self) -> int:
        """The oldest seq, 0 for none."""
        return self._entries[0].seq if len(self._entries) else 0

    def last_at_most(self, seq: int) -> int:
        """Index of the last entry that begins at or before this seq, or -1."""
        return self._entries.last_at_most(seq, seq_of)

    def find(self, seq: int) -> int | None:
        """Index of the entry that holds this seq."""
        if not 0 < seq <= self.newest:
            return None
        i = self.last_at_most(seq)
        if i < 0:
            return None
        entry = self[i]
        if entry.seq == seq or (isinstance(entry, Run) and any(item.seq == seq for item in entry.items)):
            return i
        return None

    def others_after(self, seq: int, me: str) -> list[str]:
        """The texts of others' messages after this seq."""
        entries = (self[i] for i in range(self.last_at_most(seq) + 1, len(self)))
        return [entry.text for entry in entries if isinstance(entry, Said) and entry.user != me]

    def own_at_most(self, seq: int, me: str) -> int:
        """The newest message of mine up to this seq; 0 for none among the `LOOK` entries before it."""
        last = self.last_at_most(seq)
        for i in range(last, max(last - LOOK, -1), -1):
            entry = self[i]
            if isinstance(entry, Said) and entry.user == me:
                return entry.seq
        return 0

    # --- taking in --------------------------------------------------------------------------------------------

    def prepend(self, older: Sequence[AnyEvent]) -> None:
        """Put these, which are older than all that is held, before it."""
        entries = self._made(older)
        if entries:
            self.newest = max(self.newest, older[-1].seq)
            self._meet(entries)
            self._entries.prepend(entries)

    def place(self, event: AnyEvent) -> None:
        """Put it where its seq belongs, which is nearly always the end."""
        entry = entry_of(event)
        at = len(self)
        if event.seq < self.newest:
            at = self.last_at_most(event.seq) + 1
            before = self[at - 1] if at else None
            if isinstance(before, Run) and before.items[-1].seq > event.seq:
                if isinstance(entry, Run) and self._joinable(before, entry):
                    before.add(entry.items)
                    return
                self._entries.insert(at, before.split(event.seq))
        self.newest = max(self.newest, event.seq)
        for i in (at - 1, at):
            near = self[i] if 0 <= i < len(self) else None
            if isinstance(entry, Run) and isinstance(near, Run) and self._joinable(near, entry):
                near.add(entry.items)
                return
        if at == len(self):
            self._entries.append(entry)
        else:
            self._entries.insert(at, entry)

    def _made(self, events: Sequence[AnyEvent]) -> list[Entry]:
        entries: list[Entry] = []
        for event in events:
            entry = entry_of(event)
            last = entries[-1] if entries else None
            if isinstance(last, Run) and isinstance(entry, Run) and self._joinable(last, entry):
                last.add(entry.items)
            else:
                entries.append(entry)
        return entries

    def _joinable(self, run: Run, other: Run) -> bool:
        return run.open and other.open and self._day(run.at) == self._day(other.at)

    def _meet(self, entries: list[Entry]) -> None:
        """Let the last of a page and the first that is held become one, where both are runs of one day."""
        if not len(self):
            return
        last, first = entries[-1], self[0]
        if isinstance(last, Run) and isinstance(first, Run) and self._joinable(last, first):
            first.add(last.items)
            entries.pop()
