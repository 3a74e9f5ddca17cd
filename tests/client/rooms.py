"""Events of one room, a timeline made of them, and what it shows."""

from datetime import UTC, date

from chatclient.rows import Row
from chatclient.timeline import Timeline
from shared.protocol import AnyEvent, Joined, Left, Message

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
