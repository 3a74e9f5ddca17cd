"""What a timeline shows: rows made from what is held, with the reader's own changes and the quotes laid over it.

A row is made when it is asked for, from an item and its two neighbours. Pure: the reader's name, time zone, today and
what may be done are arguments.
"""

from collections.abc import Callable
from datetime import date, tzinfo
from typing import Final

from chatclient import days
from chatclient.entries import PLAIN, Extra, Gone, Said, Spoken, Unstored
from chatclient.gist import action, gist
from chatclient.held import LOOK, Held
from chatclient.notices import Run
from chatclient.ontheway import OnTheWay
from chatclient.permits import COPY, NOTHING, Permit, deeds
from chatclient.quotes import START, Quotes
from chatclient.rows import Quote, Reaction, Row
from chatclient.stretches import Stretches
from chatclient.wishes import Wishes

GROUP: Final = 600
"""Messages of one person less than this many seconds apart stand together."""
Item = Spoken | Run | Unstored


class Shown:
    """The half of a `Timeline` that only looks."""

    def __init__(
        self,
        me: str,
        tz: tzinfo,
        today: date,
        online: bool = True,
        name_of: Callable[[str], str] = str,
        permit: Callable[[str], Permit] | None = None,
        seen: int | None = None,
    ) -> None:
        """`permit` says what may be done with messages of somebody; everything up to `seen` was told before."""
        self.me = me
        self._tz = tz
        self._today = today
        self._online = online
        self._name_of = name_of
        self._permit = permit or (lambda user: Permit(own=user == self.me))
        self._stretches = Stretches(self._day, seen)
        self._on_the_way = OnTheWay()
        self._wishes = Wishes()
        self._quotes = Quotes()
        self._read: int | None = None
        self._line = 0

    @property
    def count(self) -> int:
        return len(self._stretches.shown) + (len(self._on_the_way) if self.attached else 0)

    @property
    def attached(self) -> bool:
        """Is the newest shown? False while the reader is at some older place, to which new events are not added."""
        return self._stretches.attached

    @property
    def complete(self) -> bool:
        """Does the first entry begin the room?"""
        return self._stretches.shown.complete

    @property
    def first_seq(self) -> int:
        """The oldest seq shown, 0 for none: older history is `history(room, before=first_seq or None)`."""
        return self._stretches.shown.first

    @property
    def newest_seq(self) -> int:
        """The newest seq shown, 0 for none: while not attached, newer history is `history(room, after=newest_seq)`."""
        return self._stretches.shown.newest

    @property
    def newest_held(self) -> int:
        """The newest seq held, shown or not; 0 for none."""
        return self._stretches.newest.newest

    @property
    def pending(self) -> int:
        """How many messages are not stored yet, the failed ones among them."""
        return len(self._on_the_way)

    @property
    def wants(self) -> set[int]:
        """Messages that are replied to and that nobody told yet."""
        return self._quotes.wanted

    # --- the unread line ------------------------------------------------------------------------------------

    @property
    def unread_index(self) -> int | None:
        """The row that carries the unread line."""
        return self._stretches.shown.find(self._line) if self._line else None

    @property
    def unread_key(self) -> str | None:
        """The key of that row."""
        return str(self._line) if self._line else None

    @property
    def unread_above(self) -> bool:
        """Does the unread line belong above what is loaded?"""
        read, first = self._read, self.first_seq
        return read is not None and not self._line and not self.complete and (not first or read < first)

    # --- messages -------------------------------------------------------------------------------------------

    def own_at_most(self, seq: int) -> int:
        """The newest message of mine up to `seq`, 0 for none that is near."""
        return self._stretches.newest.own_at_most(seq, self.me)

    def others_after(self, seq: int) -> list[str] | None:
        """The texts of others' messages after this seq; None where what is held does not reach back to it."""
        newest = self._stretches.newest
        return newest.others_after(seq, self.me, self._stretches.seen) if newest.reaches(seq) else None

    def others_from(self, seq: int) -> list[str]:
        """The texts of others' messages from this one on, as far as they are held."""
        return [
            text for held in self._stretches.all() for text in held.others_after(seq - 1, self.me, self._stretches.seen)
        ]

    def original(self, seq: int) -> tuple[Spoken, Extra] | None:
        """A message that is held or known from a quote, as it will be with what the reader changed."""
        found = self._stretches.spoken(seq) or self._quotes.get(seq)
        return self._wishes.over(*found, self.me) if found else None

    def held(self, seq: int) -> Spoken | None:
        """A message as it is stored, None where it is not held."""
        found = self._stretches.spoken(seq)
        return found[0] if found else None

    def gone(self, seq: int) -> bool:
        """Is this message held as a deleted one?"""
        return isinstance(self.held(seq), Gone)

    def newest_said(self) -> tuple[Said, Extra] | None:
        """The newest message that is not deleted, None where none is held near the end."""
        newest = self._stretches.newest
        for i in range(len(newest) - 1, max(len(newest) - LOOK, 0) - 1, -1):
            item, extra = self._over(newest, i)
            if isinstance(item, Said):
                return item, extra
        return None

    def last_own(self) -> Row | None:
        """My newest stored message that I may edit; None where there is none near the end."""
        newest = self._stretches.newest
        for i in range(len(newest) - 1, max(len(newest) - LOOK, 0) - 1, -1):
            item, extra = self._over(newest, i)
            if isinstance(item, Said) and item.user == self.me:
                row = self.row(i) if self.attached else self._row(item, extra, None, None)
                return row if "edit" in row.deeds else None
        return None

    # --- rows -----------------------------------------------------------------------------------------------

    def index(self, key: str) -> int | None:
        """Where the row with this key stands. The key of a message that was stored since still finds it."""
        if not key.startswith("~"):
            return self._stretches.shown.find(int(key))
        at = self._on_the_way.index(key[1:])
        if at is None:
            return self._stretches.shown.find(self._on_the_way.became(key[1:]))
        return len(self._stretches.shown) + at if self.attached else None

    def row(self, i: int) -> Row:
        """Row `i` of `count`, or `IndexError`."""
        item, extra = self._at(i)
        before = self._at(i - 1)[0] if i > 0 else None
        after = self._at(i + 1)[0] if i + 1 < self.count else None
        return self._row(item, extra, before, after)

    def day(self, i: int) -> date:
        """The reader's day of row `i`."""
        return self._day(self._at(i)[0].at)

    def _at(self, i: int) -> tuple[Item, Extra]:
        stored = len(self._stretches.shown)
        if i < stored:
            return self._over(self._stretches.shown, i)
        if i >= self.count:
            raise IndexError(f"row {i} of {self.count}")
        post = self._on_the_way[i - stored]
        return post, Extra(post.reply_to, post.files)

    def _over(self, held: Held, i: int) -> tuple[Spoken | Run, Extra]:
        """An entry with what else it has, and what the reader changed."""
        entry = held[i]
        if isinstance(entry, Run):
            return entry, PLAIN
        extra = held.extra(entry.seq)
        return self._wishes.over(entry, extra, self.me) if self._wishes else (entry, extra)

    def _row(self, item: Item, extra: Extra, before: Item | None, after: Item | None) -> Row:
        moment = days.local(item.at, self._tz)
        day = moment.date()
        new_day = before is None or self._day(before.at) != day
        stored = not isinstance(item, Unstored)
        user = self._user(item)
        kind, text = self._words(item)
        state, reason = self._state(item)
        return Row(
            key=f"~{item.id}" if isinstance(item, Unstored) else str(item.seq),
            kind=kind,
            seq=item.seq if stored else 0,
            user=user,
            text=text,
            clock=days.clock(moment),
            own=kind != "notice" and user == self.me,
            state=state,
            reason=reason,
            day=days.day_name(day, self._today) if new_day else "",
            unread=stored and item.seq == self._line,
            first=not self._together(before, item),
            last=not self._together(item, after),
            name=self._name_of(user),
            reply=self._quote(extra.reply_to) if extra.reply_to else None,
            files=extra.files,
            reactions=tuple(
                Reaction(emoji, len(names), self.me in names, tuple(map(self._name_of, names)))
                for emoji, names in extra.reactions.items()
            ),
            edited=extra.edited,
            change="waiting" if stored and self._wishes and self._wishes.waiting(item.seq) else "",
            deeds=self._deeds(item),
        )

    def _user(self, item: Item) -> str:
        match item:
            case Said() | Gone():
                return item.user
            case Unstored():
                return self.me
            case Run():
                return item.items[0].user

    def _words(self, item: Item) -> tuple[str, str]:
        """Kind and text."""
        match item:
            case Run():
                return "notice", item.text
            case Gone(user=user, by=by):
                name = self._name_of(user)
                if not by:
                    return "tombstone", f"A message of {name} was deleted"
                of = "" if by == user else f" of {name}"
                return "tombstone", f"{self._name_of(by)} deleted a message{of}"
            case Said(text=text) | Unstored(text=text):
                does = action(text)
                return ("action", does) if does else ("message", text)

    def _state(self, item: Item) -> tuple[str, str]:
        """State and reason."""
        match item:
            case Said():
                return "sent", ""
            case Unstored(reason=str() as reason):
                return "failed", reason
            case Unstored():
                going = "sending" if self._online else "waiting"
                return "sent" if item.seq else going, ""
            case _:
                return "", ""

    def _quote(self, seq: int) -> Quote:
        found = self.original(seq)
        if found is None:
            return Quote(seq, "", "", "", False)
        spoken, extra = found
        name = self._name_of(spoken.user) if spoken.user else ""
        if isinstance(spoken, Gone):
            return Quote(seq, spoken.user, name, "", True)
        return Quote(seq, spoken.user, name, gist(action(spoken.text) or spoken.text, extra.files, START), False)

    def _deeds(self, item: Item) -> frozenset[str]:
        match item:
            case Said(user=user, text=text):
                return deeds(self._permit(user), bool(text))
            case Unstored(text=text) if text:
                return COPY
            case _:
                return NOTHING

    def _together(self, one: Item | None, next_: Item | None) -> bool:
        """Do these neighbours belong to one group?"""
        if one is None or next_ is None or self._alone(one) or self._alone(next_):
            return False
        return (
            self._user(one) == self._user(next_)
            and next_.at - one.at < GROUP
            and not (isinstance(next_, Said) and next_.seq == self._line)
            and self._day(one.at) == self._day(next_.at)
        )

    def _alone(self, item: Item) -> bool:
        return isinstance(item, Run | Gone) or bool(action(item.text))

    def _day(self, at: int) -> date:
        return days.local(at, self._tz).date()
