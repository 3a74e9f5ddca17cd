"""A server's history of one room, small enough to be plainly right: events, and the answers that are made of them."""

from typing import Any

from shared.protocol import AnyEvent, Deleted, Edited, Message, Page, Reacted

ROOM = "lobby"
CHANGES = (Edited, Deleted, Reacted)


def stamp(seq: int) -> str:
    """Every tenth seq another day, so that runs and groups end."""
    return f"2026-11-{10 + seq // 40 % 20:02}T09:{seq % 40:02}:00.000000Z"


def copy(message: Message, **changes: Any) -> Message:
    fields = {name: getattr(message, name) for name in message.__struct_fields__}
    return Message(**{**fields, **changes})


class History:
    """`tip` is the newest seq; some seqs belong to other rooms."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.tip = 0

    def add(self, kind: type[AnyEvent], user: str, ident: str = "", skip: int = 0, **fields: Any) -> AnyEvent:
        self.tip += 1 + skip
        event = kind(seq=self.tip, time=stamp(self.tip), room=ROOM, user=user, id=ident or f"s{self.tip}", **fields)
        self.events.append(event)
        return event

    def message(self, seq: int) -> Message:
        return next(event for event in self.folded() if isinstance(event, Message) and event.seq == seq)

    def folded(self, through: int | None = None) -> list[AnyEvent]:
        """Its entries as they are after the event `through`."""
        through = self.tip if through is None else through
        found: dict[int, AnyEvent] = {}
        for event in self.events:
            if event.seq > through:
                break
            if not isinstance(event, CHANGES):
                found[event.seq] = event
                continue
            message = found[event.of]
            assert isinstance(message, Message)
            if message.deleted:
                continue
            match event:
                case Edited(text=text, time=time):
                    found[event.of] = copy(message, text=text, edited=time)
                case Deleted(user=user):
                    blank = {"text": "", "files": (), "reply_to": 0, "reactions": None, "edited": ""}
                    found[event.of] = copy(message, deleted=True, deleted_by=user, **blank)
                case Reacted(emoji=emoji, user=user, removed=removed):
                    all_ = {each: list(names) for each, names in (message.reactions or {}).items()}
                    names = [name for name in all_.get(emoji, []) if name != user] + ([] if removed else [user])
                    if not removed and user in all_.get(emoji, []):
                        names = all_[emoji]
                    all_[emoji] = names
                    found[event.of] = copy(
                        message, reactions={each: names for each, names in all_.items() if names} or None
                    )
        return list(found.values())

    def page(self, first: int, last: int, through: int | None = None) -> Page:
        """Entries `first` to `last` (seqs)."""
        through = self.tip if through is None else through
        entries = self.folded(through)
        inside = [event for event in entries if first <= event.seq <= last]
        here = {event.seq for event in inside}
        wanted = {event.reply_to for event in inside if isinstance(event, Message)} - here
        return Page(
            room=ROOM,
            messages=inside,
            more_before=bool(inside) and entries[0].seq < inside[0].seq,
            more_after=bool(inside) and entries[-1].seq > inside[-1].seq,
            through=through,
            quoted=[event for event in entries if isinstance(event, Message) and event.seq in wanted],
        )

    def before(self, seq: int, limit: int) -> Page:
        """`seq` 0: the newest."""
        seqs = [event.seq for event in self.folded() if not seq or event.seq < seq][-limit:]
        return self.page(seqs[0], seqs[-1]) if seqs else self._nothing()

    def after(self, seq: int, limit: int) -> Page:
        seqs = [event.seq for event in self.folded() if event.seq > seq][:limit]
        return self.page(seqs[0], seqs[-1]) if seqs else self._nothing()

    def around(self, seq: int, limit: int) -> Page:
        seqs = [event.seq for event in self.folded()]
        at = seqs.index(seq)
        part = seqs[max(at - limit // 2, 0) : at + limit // 2]
        return self.page(part[0], part[-1])

    def _nothing(self) -> Page:
        return Page(room=ROOM, messages=[], more_before=False, more_after=False, through=self.tip)

    def synced(self, after: int) -> list[AnyEvent]:
        """What came after this seq, as it is told to who was away: of what was deleted only that it was there."""
        gone = {event.of for event in self.events if isinstance(event, Deleted)}
        told: list[AnyEvent] = []
        for event in self.events:
            if event.seq <= after:
                continue
            if isinstance(event, Message) and event.seq in gone:
                event = copy(event, text="", files=(), reply_to=0, deleted=True)
            elif isinstance(event, Edited) and event.of in gone:
                event = Edited(
                    seq=event.seq, time=event.time, room=ROOM, user=event.user, id=event.id, of=event.of, text=""
                )
            elif isinstance(event, Reacted) and event.of in gone:
                event = Reacted(
                    seq=event.seq,
                    time=event.time,
                    room=ROOM,
                    user=event.user,
                    id=event.id,
                    of=event.of,
                    emoji="",
                    removed=True,
                )
            told.append(event)
        return told
