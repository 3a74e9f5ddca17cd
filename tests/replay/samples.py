"""A history of known contents."""

from collections.abc import Iterable

from shared import record
from shared.protocol import AnyEvent, Created, Joined, Left, Message, TopicSet

EVENTS: tuple[AnyEvent, ...] = (
    Created(time="2026-11-19T08:00:00.000000Z", room="general", user="alice", id="1", topic="All of us"),
    Joined(time="2026-11-19T08:00:10.000000Z", room="general", user="bob", id="1"),
    Message(time="2026-11-19T08:00:20.000000Z", room="general", user="alice", id="2", text="hello bob"),
    Created(time="2026-11-19T08:00:30.000000Z", room="ops", user="carol", id="1"),
    Message(time="2026-11-19T08:01:30.000000Z", room="ops", user="carol", id="2", text="disk is full"),
    Message(time="2026-11-20T08:12:00.000000Z", room="general", user="bob", id="2", text="two\nlines"),
    Joined(time="2026-11-20T08:13:00.000000Z", room="general", user="dave", id="3", by="bob"),
    Left(time="2026-11-20T08:14:00.000000Z", room="general", user="dave", id="4"),
    TopicSet(time="2026-11-20T08:15:00.000000Z", room="general", user="alice", id="5", topic="Releases"),
    Message(time="2026-11-20T08:16:00.000000Z", room="@alice,bob", user="bob", id="6", text="psst"),
)


def history_bytes(events: Iterable[AnyEvent], begun: str = "2026-11-19T07:00:00.000000Z") -> bytes:
    """The file that holds these events, numbered from 1, of a history begun then."""
    line, chain = record.encode_header(record.Header(begun, "e1"))
    lines = [line]
    for seq, event in enumerate(events, 1):
        event.seq = seq
        line, chain = record.encode(event, chain)
        lines.append(line)
    return b"".join(lines)
