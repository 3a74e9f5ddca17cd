"""One room as rows to draw: messages, quiet notices, day separators, the unread line, pending messages last.

Strategy: what is stored lies in `Held` by seq, what is on its way after it; a `Row` is made when it is asked for,
from an entry and its two neighbours. Pure: the reader's name, time zone and today are arguments.

Promises: `row` and `index` stay cheap at a million entries; an event is held once, whichever way it came; everything
between the first and the newest entry is there, so that `first_seq` is what to ask older history before.
"""

from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Final

from chatclient import days
from chatclient.entries import Entry, Said, Unstored
from chatclient.held import Held
from chatclient.notices import Run
from chatclient.rows import Appended, Prepended, Refreshed, Reset, Row, TimelineChange
from shared.protocol import AnyEvent

__all__ = ["Appended", "Prepended", "Refreshed", "Reset", "Row", "Timeline", "TimelineChange"]

GROUP: Final = 600
"""Messages of one person less than this many seconds apart stand together."""


class Timeline:
    """The rows of one room. Every method that changes it returns what changed, for the view."""

    def __init__(
        self, me: str, tz: tzinfo, today: date, online: bool = True, name_of: Callable[[str], str] = str
    ) -> None:
        self.me = me
        self.complete = False
        """Does the first entry begin the room?"""
        self._tz = tz
        self._today = today
        self._online = online
        self._name_of = name_of
        self._stored = Held(self._day)
        self._unstored: dict[str, Unstored] = {}
        self._became: dict[str, int] = {}
        self._read: int | None = None
        self._line = 0

    # --- what a view asks -----------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        return len(self._stored) + len(self._unstored)

    @property
    def first_seq(self) -> int:
        """The oldest seq held, 0 for none: older history is `history(room, before=first_seq or None)`."""
        return self._stored.first

    @property
    def newest_seq(self) -> int:
        """The newest seq held, 0 for none."""
        return self._stored.newest

    @property
    def unread_index(self) -> int | None:
        """The row that carries the unread line."""
        return self._stored.last_at_most(self._line) if self._line else None

    @property
    def unread_key(self) -> str | None:
        """The key of that row."""
        return str(self._line) if self._line else None

    @property
    def unread_above(self) -> bool:
        """Does the unread line belong above what is loaded?"""
        read, first = self._read, self.first_seq
        return read is not None and not self._line and not self.complete and (not first or read < first)

    def own_at_most(self, seq: int) -> int:
        """The newest message of mine up to `seq`, 0 for none that is near."""
        return self._stored.own_at_most(seq, self.me)

    def index(self, key: str) -> int | None:
        """Where the row with this key stands. The key of a message that was stored since still finds it."""
        if key.startswith("~"):
            if key[1:] in self._unstored:
                return len(self._stored) + list(self._unstored).index(key[1:])
            seq = self._became.get(key[1:], 0)
        else:
            seq = int(key)
        return self._stored.find(seq)

    def row(self, i: int) -> Row:
        """Row `i` of `count`, or `IndexError`."""
        entry = self._at(i)
        before = self._at(i - 1) if i > 0 else None
        after = self._at(i + 1) if i + 1 < self.count else None
        moment = days.local(entry.at, self._tz)
        day = moment.date()
        new_day = before is None or days.local(before.at, self._tz).date() != day
        key, text, state, reason = self._words(entry)
        message = not isinstance(entry, Run)
        user = self._user(entry)
        return Row(
            key=key,
            kind="message" if message else "notice",
            seq=0 if key[0] == "~" else entry.seq,
            user=user,
            text=text,
            clock=days.clock(moment),
            own=message and user == self.me,
            state=state,
            reason=reason,
            day=days.day_name(day, self._today) if new_day else "",
            unread=key[0] != "~" and entry.seq == self._line,
            first=not self._together(before, entry),
            last=not self._together(entry, after),
            name=self._name_of(user),
        )

    def _at(self, i: int) -> Entry | Unstored:
        stored = len(self._stored)
        if i < stored:
            return self._stored[i]
        return list(self._unstored.values())[i - stored]

    def _user(self, entry: Entry | Unstored) -> str:
        match entry:
            case Said():
                return entry.user
            case Unstored():
                return self.me
            case Run():
                return entry.items[0].user

    def _words(self, entry: Entry | Unstored) -> tuple[str, str, str, str]:
        """Key, text, state and reason."""
        match entry:
            case Said():
                return str(entry.seq), entry.text, "sent", ""
            case Run():
                return str(entry.seq), entry.text, "", ""
            case Unstored(reason=str() as reason):
                return f"~{entry.id}", entry.text, "failed", reason
            case Unstored():
                going = "sending" if self._online else "waiting"
                return f"~{entry.id}", entry.text, "sent" if entry.seq else going, ""

    def _together(self, one: Entry | Unstored | None, next_: Entry | Unstored | None) -> bool:
        """Do these neighbours belong to one group?"""
        if one is None or next_ is None or isinstance(one, Run) or isinstance(next_, Run):
            return False
        return (
            self._user(one) == self._user(next_)
            and next_.at - one.at < GROUP
            and not (isinstance(next_, Said) and next_.seq == self._line)
            and self._day(one.at) == self._day(next_.at)
        )

    def _day(self, at: int) -> date:
        return days.local(at, self._tz).date()

    def others_after(self, seq: int) -> list[str] | None:
        """The texts of others' messages after this seq; None where what is held does not reach back to it."""
        if self._stored.last_at_most(seq) < 0 and not self.complete:
            return None
        return self._stored.others_after(seq, self.me)

    # --- what is stored -------------------------------------------------------------------------------------

    def arrived(self, event: AnyEvent) -> list[TimelineChange]:
        """A stored event of this room, live or by catching up."""
        if self._stored.find(event.seq) is not None:
            return []
        settled = self._settle(event, through=event.seq)
        count = len(self._stored)
        in_order = event.seq > self._stored.newest
        self._stored.place(event)
        self._draw_line()
        if in_order and not settled and not self._unstored and len(self._stored) > count:
            return [Appended(1)]
        return [Refreshed()]

    def page(self, events: Sequence[AnyEvent], more_before: bool, through: int) -> list[TimelineChange]:
        """An answer to history: what came before `first_seq`, or the newest page where nothing was held."""
        first, empty, count = self.first_seq, not len(self._stored), len(self._stored)
        older = [event for event in events if empty or event.seq < first]
        settled = [self._settle(event, through=through if empty else 0) for event in events]
        within = [event for event in events if not empty and event.seq > first and self._stored.find(event.seq) is None]
        self._stored.prepend(older)
        self.complete = self.complete or not more_before
        grown = len(self._stored) - count
        for event in within:
            self._stored.place(event)
        line = self._draw_line()
        if empty and events:
            return [Reset()]
        if within or line > first or any(settled) or (older and not grown):
            return [Refreshed()]
        return [Prepended(grown)] if grown else []

    # --- what is not stored yet -------------------------------------------------------------------------------

    def queued(self, ident: str, text: str, time: str) -> list[TimelineChange]:
        """A message of ours was queued: it stands last until its echo comes."""
        self._unstored[ident] = Unstored(ident, text, days.seconds(time))
        return [Appended(1)]

    def delivered(self, ident: str, seq: int) -> list[TimelineChange]:
        """The server's ok: sent. It keeps its place until the echo, a page or a newer event settles where that is."""
        found = self._unstored.get(ident)
        if found is None:
            return []
        found.seq, found.reason = seq, None
        if seq <= self._stored.newest:
            self._forget(ident, seq)
        return [Refreshed()]

    def failed(self, ident: str, reason: str) -> list[TimelineChange]:
        """Refused. It stays, with the reason, until it is discarded."""
        found = self._unstored.get(ident)
        if found is None:
            return []
        found.reason = reason
        return [Refreshed()]

    def discarded(self, ident: str) -> list[TimelineChange]:
        """Given up, or sent again under another id."""
        return [Refreshed()] if self._unstored.pop(ident, None) else []

    @property
    def pending(self) -> int:
        """How many messages are not stored yet, the failed ones among them."""
        return len(self._unstored)

    def _settle(self, event: AnyEvent, through: int) -> bool:
        """Forget what this event is the echo of, and what was delivered at or before `through`."""
        gone = [item.id for item in self._unstored.values() if 0 < item.seq <= through]
        if event.author == self.me and event.id in self._unstored and event.id not in gone:
            gone.append(event.id)
        for ident in gone:
            self._forget(ident, self._unstored[ident].seq or event.seq)
        return bool(gone)

    def _forget(self, ident: str, seq: int) -> None:
        del self._unstored[ident]
        self._became[ident] = seq

    # --- the reader -----------------------------------------------------------------------------------------

    def mark_unread(self, read: int | None) -> list[TimelineChange]:
        """Draw the unread line above the first message of others after `read` (None: no line).

        Where what is held does not reach back to `read`, the line waits for the page that does.
        """
        before, self._line, self._read = self._line, 0, read
        self._draw_line()
        return [Refreshed()] if self._line != before else []

    def _draw_line(self) -> int:
        """Find the row for the line, where there is to be one. Its seq where it was found only now, else 0."""
        if self._read is None or self._line:
            return 0
        start = self._stored.last_at_most(self._read)
        if start < 0 and not self.complete:
            return 0
        for i in range(max(start, 0), len(self._stored)):
            entry = self._stored[i]
            if isinstance(entry, Said) and entry.seq > self._read and entry.user != self.me:
                self._line = entry.seq
                return entry.seq
        self._read = max(self._read, self._stored.newest)
        return 0

    def set_online(self, online: bool) -> list[TimelineChange]:
        """Is there a connection? It decides between "sending" and "waiting"."""
        changed = online != self._online and any(item.reason is None for item in self._unstored.values())
        self._online = online
        return [Refreshed()] if changed else []

    def set_today(self, today: date) -> list[TimelineChange]:
        """Midnight passed: the separators say other words."""
        changed = today != self._today and self.count > 0
        self._today = today
        return [Refreshed()] if changed else []

    def drop(self) -> list[TimelineChange]:
        """Forget what is stored; what is on its way stays."""
        self._stored, self.complete = Held(self._day), False
        self._read, self._line = None, 0
        self._became.clear()
        return [Reset()]
