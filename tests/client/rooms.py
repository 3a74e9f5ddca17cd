"""Events of one room, timelines made of them, and what they show."""

from datetime import UTC, date
from typing import Any

from chatclient.rows import Row
from chatclient.timeline import Timeline
from shared.protocol import AnyEvent, Deleted, Edited, File, Joined, Left, Message, Reacted

TODAY = date(2026, 11, 20)


def said(seq: int, clock: str = "09:00:00", user: str = "bob", day: str = "2026-11-20", ident: str = "") -> Message:
    return Message(
        seq=seq, time=f"{day}T{clock}.000000Z", room="lobby", user=user, id=ident or f"i{seq}", text=f"text {seq}"
    )


def joined(seq: int, user: str, by: str | None = None, day: str = "2026-11-20") -> Joined:
    return Joined(seq=seq, time=f"{day}T09:00:00.000000Z", room="lobby", user=user, id=f"j{seq}", by=by)


def left(seq: int, user: str, by: str | None = None) -> Left:
    return Left(seq=seq, time="2026-11-20T09:00:00.000000Z", room="lobby", user=user, id=f"l{seq}", by=by)


def made(*events: AnyEvent, me: str = "alice") -> Timeline:
    timeline = Timeline(me, UTC, TODAY)
    for event in events:
        timeline.arrived(event)
    return timeline


def rows(timeline: Timeline) -> list[Row]:
    return [timeline.row(i) for i in range(timeline.count)]


def keys(timeline: Timeline) -> list[str]:
    return [row.key for row in rows(timeline)]


def texts(timeline: Timeline) -> list[str]:
    return [row.text for row in rows(timeline)]


# --- messages and their changes ---

CAT = File(file="c" * 64, name="cat.png", mime="image/png", size=3)
SOON = "2026-11-20T09:05:00.000000Z"


def message(seq: int, user: str = "bob", text: str = "", **more: Any) -> Message:
    return Message(
        seq=seq, time="2026-11-20T09:00:00.000000Z", room="lobby", user=user, id=f"i{seq}",
        text=text or f"text {seq}", **more,
    )  # fmt: skip


def about(seq: int, user: str = "bob", ident: str = "") -> dict[str, Any]:
    return {"seq": seq, "time": SOON, "room": "lobby", "user": user, "id": ident or f"c{seq}"}


def edited(seq: int, of: int, text: str, user: str = "bob", ident: str = "") -> Edited:
    return Edited(**about(seq, user, ident), of=of, text=text)


def deleted(seq: int, of: int, user: str = "bob", ident: str = "") -> Deleted:
    return Deleted(**about(seq, user, ident), of=of)


def reacted(seq: int, of: int, emoji: str, user: str, removed: bool = False, ident: str = "") -> Reacted:
    return Reacted(**about(seq, user, ident), of=of, emoji=emoji, removed=removed)


def paged(*events: AnyEvent, through: int = 99, quoted: tuple[Message, ...] = ()) -> Timeline:
    timeline = Timeline("alice", UTC, TODAY)
    timeline.page(events, more_before=True, through=through, quoted=quoted)
    return timeline


def only(timeline: Timeline) -> Row:
    assert timeline.count == 1
    return timeline.row(0)
