"""A stretch of one room's history as it is held: entries by seq, without a gap from its first to its newest.

A page in front and an event at the end cost only themselves. A run of joins and leaves of one day is one entry,
whichever way its parts came. Of a message that came on a page it is known up to which seq its changes are in it, so
that none is done twice. Pure; the only one who knows how entries are put together.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple

from chatclient.alter import Change, altered
from chatclient.ends import Ends
from chatclient.entries import PLAIN, Entry, Extra, Gone, Said, Spoken, entry_of, extra_of, seq_of
from chatclient.notices import Run
from chatclient.profiles import Profiles
from shared.protocol import AnyEvent, Deleted, Message, ProfileSet

NOWHERE: Final = sys.maxsize
LOOK: Final = 1_000
"""Entries that are searched for a message of the reader's, or for the newest that was not deleted."""


class _Ahead(NamedTuple):
    """What is held from `first` to `last` has all changes up to `through` in it, which were not told yet."""

    first: int
    last: int
    through: int


class Held:
    """Entries by index, oldest first. `day` gives the reader's date of seconds since 1970.

    after    everything of the room from after this seq to the newest is held, which may be more than the first says
    """

    def __init__(self, day: Callable[[int], date], after: int = NOWHERE) -> None:
        self.first = 0
        """The oldest seq, 0 for none. It may be that of an event that is not told."""
        self.newest = 0
        """The newest seq, 0 for none."""
        self.after = after
        self.complete = False
        """Does it begin where the room begins?"""
        self._day = day
        self._entries: Ends[Entry] = Ends()
        self._extras: dict[int, Extra] = {}
        self._profiles = Profiles()
        self._ahead: list[_Ahead] = []

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, i: int) -> Entry:
        return self._entries[i]

    def extra(self, seq: int) -> Extra:
        """What the message with this seq has beside its text."""
        return self._extras.get(seq, PLAIN)

    @property
    def answers(self) -> set[int]:
        """What its messages reply to."""
        return {extra.reply_to for extra in self._extras.values() if extra.reply_to}

    def last_at_most(self, seq: int) -> int:
        """Index of the last entry that begins at or before this seq, or -1."""
        return self._entries.last_at_most(seq, seq_of)

    def find(self, seq: int) -> int | None:
        """Index of the entry that holds this seq."""
        if not 0 < self.first <= seq <= self.newest:
            return None
        i = self.last_at_most(seq)
        if i < 0:
            return None
        entry = self[i]
        if entry.seq == seq or (isinstance(entry, Run) and any(item.seq == seq for item in entry.items)):
            return i
        return None

    def spoken(self, seq: int) -> Spoken | None:
        """The message with this seq."""
        i = self.find(seq)
        entry = self[i] if i is not None else None
        return entry if isinstance(entry, Said | Gone) else None

    def reaches(self, seq: int) -> bool:
        """Is everything held that came after this seq, up to the newest?"""
        return self.complete or seq >= self.after or self.last_at_most(seq) >= 0

    def others_after(self, seq: int, me: str, upto: int) -> list[str]:
        """The texts of others' messages after this seq, up to another one."""
        entries = (self[i] for i in range(self.last_at_most(seq) + 1, self.last_at_most(upto) + 1))
        return [entry.text for entry in entries if isinstance(entry, Said) and entry.user != me]

    def first_of_others(self, after: int, me: str) -> int:
        """The first message of others after this seq, 0 for none."""
        for i in range(max(self.last_at_most(after), 0), len(self)):
            entry = self[i]
            if isinstance(entry, Said) and entry.seq > after and entry.user != me:
                return entry.seq
        return 0

    def own_at_most(self, seq: int, me: str) -> int:
        """The newest message of mine up to this seq; 0 for none among the `LOOK` entries before it."""
        last = self.last_at_most(seq)
        for i in range(last, max(last - LOOK, -1), -1):
            entry = self[i]
            if isinstance(entry, Said) and entry.user == me:
                return entry.seq
        return 0

    # --- taking in --------------------------------------------------------------------------------------------

    def prepend(self, older: Sequence[AnyEvent]) -> bool:
        """Put these, which are older than all that is held, before it. True where nothing but the front changed."""
        if not older:
            return True
        self._widen(older[0], older[-1].seq)
        told, untold = self._profiles.add(event for event in older if isinstance(event, ProfileSet))
        elsewhere = [event for event in told if event.seq > older[-1].seq]
        shown = {event.seq for event in told}
        entries = self._made([each for each in older if not isinstance(each, ProfileSet) or each.seq in shown])
        if entries:
            self._meet(entries)
            self._entries.prepend(entries)
        self._retell(elsewhere, untold)
        return not elsewhere and not untold

    def place(self, event: AnyEvent) -> None:
        """Put it where its seq belongs, which is nearly always the end."""
        if isinstance(event, ProfileSet):
            self._retell(*self._profiles.add((event,)))
        else:
            self._place(event)
        self._widen(event, event.seq)

    def renew(self, message: Message) -> bool:
        """Take over a message that is held as it came anew, folded. True where it was another."""
        i = self.find(message.seq)
        if i is None:
            return False
        entry, extra, old = entry_of(message), extra_of(message), self[i]
        if isinstance(old, Gone) and isinstance(entry, Gone):
            entry.by = entry.by or old.by
        same = (old, self.extra(message.seq)) == (entry, extra)
        self._entries[i] = entry
        self._keep(message.seq, extra)
        return not same

    def change(self, event: Change) -> bool:
        """Do what this event does to a message that is held. True where that made a difference."""
        i = self.find(event.of)
        spoken = self[i] if i is not None else None
        if i is None or not isinstance(spoken, Said | Gone):
            return False
        if event.seq <= self.known(event.of) and not isinstance(event, Deleted):
            return False
        extra = self.extra(event.of)
        after = altered(spoken, extra, event, event.user)
        self._entries[i] = after[0]
        self._keep(event.of, after[1])
        return after != (spoken, extra)

    def take_before(self, other: "Held") -> None:
        """Take in what the other stretch holds from before this one; the two meet."""
        entries: list[Entry] = []
        for i in range(other.last_at_most(self.first - 1) + 1):
            entry = other[i]
            if isinstance(entry, Run) and entry.items[-1].seq >= self.first:
                entry.split(self.first - 1)
            entries.append(entry)
            if not isinstance(entry, Run):
                self._keep(entry.seq, other.extra(entry.seq))
        earlier = [event for event in other.profiles if event.seq < self.first]
        if entries:
            self._meet(entries)
            self._entries.prepend(entries)
        for ahead in other._ahead:
            if ahead.first < self.first:
                self._ahead.append(ahead._replace(last=min(ahead.last, self.first - 1)))
        self.first, self.after = min(self.first, other.first), min(self.after, other.after)
        self.complete = other.complete
        self._retell(*self._profiles.add(earlier))

    @property
    def profiles(self) -> list[ProfileSet]:
        return list(self._profiles.all())

    # --- up to when messages are known --------------------------------------------------------------------------

    def know(self, first: int, last: int, through: int) -> None:
        """Messages from `first` to `last` have all changes up to `through` in them, of which some are still to come."""
        for i, ahead in enumerate(self._ahead):
            touch = self.last_at_most(min(last, ahead.last)) + 1 >= self.last_at_most(max(first, ahead.first))
            if ahead.through == through and touch:
                self._ahead[i] = _Ahead(min(first, ahead.first), max(last, ahead.last), through)
                return
        self._ahead.append(_Ahead(first, last, through))

    def known(self, seq: int) -> int:
        """Up to where the changes of this message are in it already, beyond what was told; 0 for not beyond that."""
        return max((ahead.through for ahead in self._ahead if ahead.first <= seq <= ahead.last), default=0)

    def told(self, seq: int) -> None:
        """Everything up to this seq was told."""
        if self._ahead:
            self._ahead = [ahead for ahead in self._ahead if ahead.through > seq]

    # --- how entries are put together ---------------------------------------------------------------------------

    def _widen(self, first: AnyEvent, newest: int) -> None:
        """It is held from this event on, before which came the one that `prev` names (0 where nobody said)."""
        self.first = min(self.first, first.seq) if self.first else first.seq
        if self.first == first.seq:
            self.after = min(self.after, first.prev or first.seq - 1)
        self.newest = max(self.newest, newest)

    def _keep(self, seq: int, extra: Extra) -> None:
        if extra == PLAIN:
            self._extras.pop(seq, None)
        else:
            self._extras[seq] = extra

    def _entry(self, event: AnyEvent) -> Entry:
        if isinstance(event, Message):
            extra = extra_of(event)
            if extra is not PLAIN:
                self._extras[event.seq] = extra
        return entry_of(event)

    def _place(self, event: AnyEvent) -> None:
        entry = self._entry(event)
        at = len(self)
        if event.seq < self.newest:
            at = self.last_at_most(event.seq) + 1
            before = self[at - 1] if at else None
            if isinstance(before, Run) and before.items[-1].seq > event.seq:
                if isinstance(entry, Run) and self._joinable(before, entry):
                    before.add(entry.items)
                    return
                self._entries.insert(at, before.split(event.seq))
        for i in (at - 1, at):
            near = self[i] if 0 <= i < len(self) else None
            if isinstance(entry, Run) and isinstance(near, Run) and self._joinable(near, entry):
                near.add(entry.items)
                return
        if at == len(self):
            self._entries.append(entry)
        else:
            self._entries.insert(at, entry)

    def _retell(self, told: Sequence[ProfileSet], untold: set[int]) -> None:
        """Some profiles are told from now on, and some no longer."""
        for seq in untold:
            i = self.find(seq)
            if i is None:
                continue
            self._entries.delete(i)
            before, after = (self[i - 1] if i else None), (self[i] if i < len(self) else None)
            if isinstance(before, Run) and isinstance(after, Run) and self._joinable(before, after):
                before.add(after.items)
                self._entries.delete(i)
        for event in told:
            if self.find(event.seq) is None:
                self._place(event)

    def _made(self, events: Sequence[AnyEvent]) -> list[Entry]:
        entries: list[Entry] = []
        for event in events:
            entry = self._entry(event)
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
