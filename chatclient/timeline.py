"""One room as rows to draw: messages, quiet notices, day separators, the unread line, pending messages last.

Strategy: what is stored lies in `Stretches` by seq, what is on its way after it, what the reader changed over it; what
can be seen of all that stands in `Shown`. Pure: the reader's name, time zone and today are arguments.

Promises: `row` and `index` stay cheap at a million entries; an event is held once, whichever way it came, and a change
is done once; everything between the first and the newest entry that is shown is there, so that `first_seq` is what to
ask older history before and, while not `attached`, `newest_seq` what to ask newer history after.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from chatclient.alter import Wish
from chatclient.quotes import Quotes
from chatclient.rows import Appended, Prepended, Refreshed, Reset, Row, TimelineChange
from chatclient.shown import Shown
from chatclient.stretches import Stretches
from shared.protocol import AnyEvent, Deleted, Edited, File, Message, Page, Reacted

__all__ = ["Appended", "Prepended", "Refreshed", "Reset", "Row", "Timeline", "TimelineChange"]


class Timeline(Shown):
    """The rows of one room. Every method that changes it returns what changed, for the view."""

    # --- what is stored -------------------------------------------------------------------------------------

    def arrived(self, event: AnyEvent) -> list[TimelineChange]:
        """A stored event of this room, live or by catching up."""
        done = self._wishes.settle(event.id if event.author == self.me else "", event.seq)
        if isinstance(event, Edited | Deleted | Reacted):
            changes = self._stretches.changed(event)
            quoted = self._quotes.change(event)
            moved = isinstance(event, Deleted) and event.of == self._line
            if moved:
                self._line = 0
                self._draw_line()
            changes = [Refreshed()] if done or quoted or moved or changes else []
        else:
            changes = self._came(event)
        self._stretches.told(event.seq)
        return changes

    def _came(self, event: AnyEvent) -> list[TimelineChange]:
        if self._stretches.newest.find(event.seq) is not None:
            return []
        settled = self._on_the_way.settle(event, self.me, through=event.seq)
        changes = self._stretches.arrived(event)
        self._want((event,))
        self._draw_line()
        appended = changes == [Appended(1)]
        return [Refreshed()] if appended and (settled or self.pending) else changes

    def told(self, seq: int) -> None:
        """Every event up to this seq was told, of whichever room: pages that reach no further bring nothing newer."""
        self._stretches.told(seq)

    def page(
        self,
        events: Sequence[AnyEvent],
        more_before: bool,
        through: int,
        quoted: Sequence[Message] = (),
        before: int | None = None,
    ) -> list[TimelineChange]:
        """An answer to history: what came before `first_seq`, or the newest page where nothing was held.

        `before` is what was asked for, 0 for the newest page; where it stands no longer, the answer is for a place that
        the reader has left, and is ignored. None for an answer that surely fits.
        """
        first, empty = self.first_seq, not self._stretches.newest.newest
        settled = [self._on_the_way.settle(event, self.me, through if empty else 0) for event in events]
        changes = self._stretches.older(events, more_before, through, before)
        found = self._quoted(events, quoted, through)
        line = self._draw_line()
        if changes and isinstance(changes[0], Prepended) and line <= first:
            line = 0  # it stands in what will be asked for anyway
        if changes != [Reset()] and (line or any(settled) or found):
            return [Refreshed()]
        return changes

    def newer(self, page: Page, after: int = 0) -> list[TimelineChange]:
        """An answer to `history(after=newest_seq)` while not attached. When it meets the newest, all is one again."""
        changes = self._stretches.newer(page.messages, page.more_after, page.through, after)
        return self._went(page, changes)

    def jump(self, page: Page) -> list[TimelineChange]:
        """Show the place that this page is around."""
        self._keep_quotes()
        changes = self._stretches.jump(page.messages, page.more_before, page.more_after, page.through)
        return self._went(page, changes)

    def attach(self) -> list[TimelineChange]:
        """Show the newest again."""
        self._keep_quotes()
        return [Reset()] if self._stretches.attach() else []

    def reach(self, seq: int) -> list[TimelineChange] | None:
        """Show what is held where this message is; None where it is not held."""
        if self._stretches.shown.find(seq) is not None:
            return []
        return self.attach() if self._stretches.newest.find(seq) is not None else None

    def _went(self, page: Page, changes: list[TimelineChange]) -> list[TimelineChange]:
        settled = [self._on_the_way.settle(event, self.me, 0) for event in page.messages]
        found = self._quoted(page.messages, page.quoted, page.through)
        drawn = self._draw_line()
        return [Refreshed()] if (any(settled) or found or drawn) and Reset() not in changes else changes

    # --- quotes ---------------------------------------------------------------------------------------------

    def quoted(self, seq: int, message: Message | None) -> list[TimelineChange]:
        """The original that was wanted; None where it cannot be had."""
        self._quotes.told(seq, message)
        for event in self._stretches.recent(seq):
            self._quotes.change(event)
        return [Refreshed()]

    def _quoted(self, events: Sequence[AnyEvent], quoted: Sequence[Message], through: int) -> bool:
        """A page came with the originals that it quotes. True where that tells quotes which were there before."""
        altered = False
        for message in quoted:
            if self._stretches.spoken(message.seq) is None:
                altered |= self._quotes.told(message.seq, message, through)
                for event in self._stretches.recent(message.seq):
                    self._quotes.change(event)
        for seq in self._quotes.wanted | {event.seq for event in events if self._quotes.get(event.seq)}:
            found = self._stretches.spoken(seq)
            if found is not None:
                altered |= self._quotes.keep(seq, *found)
        self._want(event for event in events if self._stretches.spoken(event.seq) is not None)
        return altered

    def _want(self, events: Iterable[AnyEvent]) -> None:
        """Have the originals of these, or want them."""
        for event in events:
            if isinstance(event, Message) and event.reply_to and self._stretches.spoken(event.reply_to) is None:
                self._quotes.want(event.reply_to)

    def _keep_quotes(self) -> None:
        """What is shown is left: keep what is quoted of it."""
        for seq, (spoken, extra) in self._stretches.lost().items():
            self._quotes.keep(seq, spoken, extra)

    # --- what is not stored yet -----------------------------------------------------------------------------

    def queued(
        self, ident: str, text: str, time: str, reply_to: int = 0, files: tuple[File, ...] = ()
    ) -> list[TimelineChange]:
        """A message of ours was queued: it stands last until its echo comes, and the reader goes there."""
        left = self.attach()
        if self._on_the_way.index(ident) is not None:
            left = left or [Refreshed()]
        self._on_the_way.queued(ident, text, time, reply_to, files)
        if reply_to and self._stretches.spoken(reply_to) is None:
            self._quotes.want(reply_to)
        return left or [Appended(1)]

    def wished(self, wish: Wish) -> list[TimelineChange]:
        """A change of a stored message was queued: it shows at once."""
        self._wishes.ask(wish)
        return [Refreshed()] if self.original(wish.of) else []

    def uploaded(self, upload: str, file: File) -> list[TimelineChange]:
        """A file is up that a message of ours bears."""
        return self._seen_below(self._on_the_way.uploaded(upload, file))

    def delivered(self, ident: str, seq: int) -> list[TimelineChange]:
        """The server's ok: sent. It keeps its place until the echo, a page or a newer event settles where that is."""
        if self._wishes.delivered(ident, seq, self._stretches.seen):
            return [Refreshed()]
        return self._seen_below(self._on_the_way.delivered(ident, seq, self._stretches.newest.newest))

    def failed(self, ident: str, reason: str) -> list[TimelineChange]:
        """Refused. A message stays, with the reason, until it is discarded; a change is taken back."""
        if self._wishes.forget(ident):
            return [Refreshed()]
        return self._seen_below(self._on_the_way.failed(ident, reason))

    def discarded(self, ident: str) -> list[TimelineChange]:
        """Given up, or sent again under another id."""
        return self._seen_below(self._on_the_way.discarded(ident))

    def _seen_below(self, changed: bool) -> list[TimelineChange]:
        return [Refreshed()] if changed and self.attached else []

    # --- the reader -----------------------------------------------------------------------------------------

    def mark_unread(self, read: int | None) -> list[TimelineChange]:
        """Draw the unread line above the first message of others after `read` (None: no line).

        Where what is held does not reach back to `read`, the line waits for the page that does.
        """
        before, self._line, self._read = self._line, 0, read
        self._draw_line()
        return [Refreshed()] if self._line != before else []

    def mark_from(self, seq: int) -> list[TimelineChange]:
        """Draw the unread line above this message of others, which is held."""
        before, self._line, self._read = self._line, seq, seq - 1
        return [Refreshed()] if self._line != before else []

    def _draw_line(self) -> int:
        """Find the row for the line, where there is to be one. Its seq where it was found only now, else 0."""
        if self._read is None or self._line:
            return 0
        for held in self._stretches.all():
            if held.newest and held.reaches(self._read):
                self._line = held.first_of_others(self._read, self.me)
                if self._line:
                    return self._line
                if held is self._stretches.newest:
                    self._read = max(self._read, held.newest)
        return 0

    def set_online(self, online: bool) -> list[TimelineChange]:
        """Is there a connection? It decides between "sending" and "waiting"."""
        changed = online != self._online and any(post.reason is None for post in self._on_the_way)
        self._online = online
        return self._seen_below(changed)

    def set_today(self, today: date) -> list[TimelineChange]:
        """Midnight passed: the separators say other words."""
        changed = today != self._today and self.count > 0
        self._today = today
        return [Refreshed()] if changed else []

    def drop(self, seen: int | None = None) -> list[TimelineChange]:
        """Forget what is stored; what is on its way stays. Everything up to `seen` will come on pages alone."""
        self._stretches, self._quotes = Stretches(self._day, seen), Quotes()
        self._read, self._line = None, 0
        self._on_the_way.forget_became()
        self._wishes.drop_delivered()
        return [Reset()]
