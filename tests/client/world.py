"""A server, a reader's model and what is on its way between them, led by chance; and what must hold in the end."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from chatclient.events import Arrived, Changing, Connected, Delivered, Disconnected, Failed, Pending
from chatclient.model import Changes, Model
from chatclient.rows import Appended, Prepended, Refreshed, Reset, Row
from chatclient.timeline import Timeline
from shared.protocol import (
    AnyEvent,
    Delete,
    Deleted,
    Edit,
    Edited,
    File,
    Joined,
    Left,
    Message,
    ProfileSet,
    React,
    Reacted,
    RoomState,
)
from tests.client.history import ROOM, History
from tests.client.scripted import welcome

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC).timestamp()
PEOPLE = ("alice", "bob", "carol")
CAT = File(file="c" * 64, name="cat.png", mime="image/png", size=3)


class World:
    """A server, a reader's model, and what is on its way between them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.history = History()
        self.told = 0
        """Up to this seq the model was told."""
        self.asked: list[Callable[[], Changes]] = []
        """Answers that were made and did not come yet."""
        self.mine: list[Edit | Delete | React] = []
        """Changes that were queued and not answered yet."""
        self.oks: list[Delivered] = []
        self.ids = 0
        for _ in range(self.chance.randint(0, 60)):
            self.happens()
        self.model = Model("alice", "Harbour", UTC, NOW)
        self.model.focus(False)
        self.sign_in(fresh=True)
        self.held: list[Row] = []

    # --- the server ---

    def happens(self) -> None:
        """Something that others, or I elsewhere, do."""
        pick = self.chance
        user = pick.choice(PEOPLE)
        kind = pick.choice(["said"] * 6 + ["edited", "deleted", "reacted", "reacted", "joined", "left", "profile"])
        skip = pick.choice([0, 0, 0, 1, 5])
        standing = [event for event in self.history.folded() if isinstance(event, Message) and not event.deleted]
        match kind:
            case "edited" | "deleted" | "reacted" if standing:
                of = pick.choice(standing[-12:] if pick.random() < 0.7 else standing)
                self.changes(kind, of, user, "", skip)
            case "joined":
                self.history.add(Joined, f"u{self.history.tip}", skip=skip)
            case "left":
                self.history.add(Left, f"u{self.history.tip}", skip=skip)
            case "profile":
                self.history.add(
                    ProfileSet, user, skip=skip, display=pick.choice(["", "Al", "Bo"]), picture=pick.choice(["", "p"])
                )
            case _:
                reply_to = pick.choice(standing).seq if standing and pick.random() < 0.4 else 0
                files = (CAT,) if pick.random() < 0.2 else ()
                text = pick.choice(["hello @alice", "/me waves", f"text {self.history.tip}"])
                self.history.add(Message, user, skip=skip, text=text, reply_to=reply_to, files=files)

    def changes(self, kind: str, of: Message, user: str, ident: str, skip: int = 0) -> AnyEvent:
        match kind:
            case "edited":
                return self.history.add(Edited, of.user, ident, skip, of=of.seq, text=f"edited {self.history.tip}")
            case "deleted":
                return self.history.add(Deleted, user, ident, skip, of=of.seq)
            case _:
                emoji = self.chance.choice(["👍", "🎉", "🌕"])
                removed = user in (of.reactions or {}).get(emoji, [])
                return self.history.add(Reacted, user, ident, skip, of=of.seq, emoji=emoji, removed=removed)

    # --- the reader ---

    @property
    def timeline(self) -> Timeline:
        return self.model.conversations[ROOM].timeline

    def apply(self, *events: Any) -> None:
        self.follow(self.model.apply_all(events, NOW))

    def sign_in(self, fresh: bool) -> None:
        tip = self.history.tip
        rooms = (RoomState(room=ROOM, members=3, last=tip, read=tip),)
        if fresh:
            self.told = tip
        self.follow(self.model.apply(Connected(welcome(tip=tip, rooms=rooms), fresh=fresh), NOW))

    def step(self) -> str:
        pick = self.chance
        what = pick.choice(
            ["happens"] * 6 + ["tell"] * 6 + ["ask older"] * 3 + ["answer"] * 5 + ["ask newer"] * 2 + ["jump"] * 2
            + ["wish"] * 2 + ["stored"] * 2 + ["attach", "ok", "lost", "fresh", "send"]
        )  # fmt: skip
        getattr(self, "do_" + what.replace(" ", "_"))()
        return what

    def do_happens(self) -> None:
        self.happens()

    def do_tell(self, count: int | None = None) -> None:
        """Some of what is on its way comes, each event as it was when it was sent."""
        waiting = [event for event in self.history.events if event.seq > self.told]
        for event in waiting[: self.chance.randint(1, 6) if count is None else count]:
            self.told = event.seq
            self.apply(Arrived(event))

    def do_ask_older(self) -> None:
        before = self.timeline.first_seq
        page = self.history.before(before, self.chance.randint(1, 12))
        self.asked.append(lambda: self.model.page(ROOM, page, before))

    def do_ask_newer(self) -> None:
        if not self.timeline.attached:
            after = self.timeline.newest_seq
            page = self.history.after(after, self.chance.randint(1, 12))
            self.asked.append(lambda: self.model.page_after(ROOM, page, after))

    def do_answer(self) -> None:
        if self.asked:
            self.follow(self.asked.pop(self.chance.randrange(len(self.asked)))())

    def do_jump(self) -> None:
        entries = [event.seq for event in self.history.folded()]
        if entries:
            seq = self.chance.choice(entries)
            reached = self.model.reach(ROOM, seq)
            if reached is not None:
                self.follow(reached)
                return
            page = self.history.around(seq, self.chance.randint(2, 14))
            self.asked.append(lambda: self.model.jump(ROOM, page))

    def do_attach(self) -> None:
        self.follow(self.model.attach(ROOM))

    def do_lost(self) -> None:
        """The connection goes and comes back soon: questions are lost, and what was missed comes blanked."""
        self.asked.clear()
        self.apply(Disconnected("Gone.", 1.0))
        self.sign_in(fresh=False)
        missed = self.history.synced(self.told)
        for event in missed:
            self.apply(Arrived(event))
            self.told = event.seq
            if self.chance.random() < 0.1 and self.timeline.first_seq:
                self.do_ask_older()
                self.do_answer()

    def do_fresh(self) -> None:
        if self.chance.random() < 0.3:
            self.asked.clear()
            self.apply(Disconnected("Gone.", 1.0))
            self.sign_in(fresh=True)

    def do_wish(self) -> None:
        said = [event for event in self.history.folded(self.told) if isinstance(event, Message) and not event.deleted]
        if not said:
            return
        of = self.chance.choice(said[-10:])
        self.ids += 1
        kinds: Sequence[Any] = [
            React(id=f"w{self.ids}", room=ROOM, of=of.seq, emoji="👍", remove=self.chance.random() < 0.4)
        ]
        if of.user == "alice":
            kinds = [
                *kinds,
                Edit(id=f"w{self.ids}", room=ROOM, of=of.seq, text="mine"),
                Delete(id=f"w{self.ids}", room=ROOM, of=of.seq),
            ]
        wish = self.chance.choice(kinds)
        self.mine.append(wish)
        self.apply(Changing(wish.id, ROOM, wish))

    def do_stored(self) -> None:
        """The server takes the first of my changes, or refuses it."""
        if not self.mine:
            return
        wish = self.mine.pop(0)
        of = self.history.message(wish.of)
        if of.deleted and not isinstance(wish, Delete):
            self.apply(Failed(wish.id, ROOM, "edit", "no_such_message", "There is no such message."))
            return
        match wish:
            case Edit(text=text):
                event = self.history.add(Edited, "alice", wish.id, of=wish.of, text=text)
            case Delete() if of.deleted:
                event = next(each for each in self.history.events if isinstance(each, Deleted) and each.of == wish.of)
            case Delete():
                event = self.history.add(Deleted, "alice", wish.id, of=wish.of)
            case React(emoji=emoji, remove=remove):
                if ("alice" in (of.reactions or {}).get(emoji, [])) is not remove:
                    event = of
                else:
                    event = self.history.add(Reacted, "alice", wish.id, of=wish.of, emoji=emoji, removed=remove)
        self.oks.append(Delivered(wish.id, ROOM, event.seq, event.time))

    def do_ok(self) -> None:
        if self.oks:
            self.apply(self.oks.pop(0))

    def do_send(self) -> None:
        """A message of mine, from queued to stored."""
        self.ids += 1
        self.apply(Pending(f"p{self.ids}", ROOM, "hello", "2026-11-20T10:00:00.000000Z"))
        event = self.history.add(Message, "alice", f"p{self.ids}", text="hello")
        self.oks.append(Delivered(event.id, ROOM, event.seq, event.time))

    def settle(self) -> None:
        """Everything comes that is on its way."""
        while self.mine:
            self.do_stored()
        while self.asked:
            self.do_answer()
        self.do_tell(count=10_000)
        while self.oks:
            self.do_ok()
        for room, seq in self.model.wants:
            self.follow(self.model.quoted(room, seq, self.history.message(seq)))

    # --- what must hold ---

    def follow(self, changes: Changes) -> None:
        """Hold rows as a view does: what is told must be enough to know what is there."""
        if not hasattr(self, "held"):
            return
        timeline = self.timeline
        for change in changes.timelines.get(ROOM, []):
            match change:
                case Appended(n):
                    self.held = self.held[: len(self.held) - 1] if self.held else self.held
                    self.held += [timeline.row(i) for i in range(len(self.held), timeline.count)]
                    assert n >= 1
                case Prepended(n):
                    self.held = [timeline.row(i) for i in range(min(n + 1, timeline.count))] + self.held[1:]
                case Reset() | Refreshed():
                    self.held = [timeline.row(i) for i in range(timeline.count)]
        there = [timeline.row(i) for i in range(timeline.count)]
        assert self.held == there, (changes.timelines, self.held[-3:], there[-3:])
        seqs = [row.seq for row in there if row.seq]
        assert seqs == sorted(set(seqs))
        assert [timeline.index(row.key) for row in there] == list(range(len(there)))

    def plain(self) -> list[Row]:
        """The rows of what is shown, made at one stroke of the history as it is now."""
        first, newest = self.timeline.first_seq, self.timeline.newest_seq
        name_of = self.model.name_of
        made = Timeline("alice", UTC, date(2026, 11, 20), True, name_of, lambda user: self.model._permit(ROOM, user))
        page = self.history.page(first, newest)
        made.page(page.messages, page.more_before, page.through, page.quoted)
        return [made.row(i) for i in range(made.count)]

    def check(self) -> None:
        talk, timeline = self.model.conversations[ROOM], self.timeline
        entries = self.history.folded()
        unread = {
            event.seq
            for event in entries
            if isinstance(event, Message) and event.seq > talk.read and event.user != "alice" and not event.deleted
        }
        said = [event.text for event in self.history.events if isinstance(event, Message) and event.seq in unread]
        assert (talk.unread, talk.mentions) == (len(said), sum("@alice" in text for text in said))
        timeline.mark_unread(None)  # the fold knows no line
        self.held = [timeline.row(i) for i in range(timeline.count)]
        if not timeline.first_seq:
            assert all(row.key[0] == "~" and row.state == "sent" for row in self.held)
            return
        shown = [timeline.row(i) for i in range(timeline.count)]
        assert shown == self.plain()
        if timeline.attached:
            assert timeline.newest_seq == entries[-1].seq
        if timeline.complete:
            assert timeline.first_seq == entries[0].seq
