"""Going through a room's entries from its beginning, or from a time on, to the end that it had when one began.

Entries come folded (as `page` gives them), oldest first, each once, a page at a time: however long the room is, no more
than a page is held. What arrives meanwhile lies behind `through` and is not among them.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import Any, Final

from chatclient.days import wire_time
from chatclient.scripts.paper import Seen
from chatclient.scripts.running import Session
from shared.protocol import AnyEvent, Message, Page
from shared.rules import PAGE

_END: Final = "9999-12-31T23:59:59.999999Z"


async def through(
    session: Session, room: str, newest: int, since: datetime | None = None, until: datetime | None = None
) -> AsyncIterator[Seen]:
    """Entries of the room up to the seq `newest`, from `since` on, before `until` (both aware)."""
    start, end = 0, wire_time(until) if until is not None else _END
    if since is not None:
        first = await _first(session, room, wire_time(since))
        if not first:
            return
        start = first - 1
    async for seen in _pages(session, room, start, newest):
        if seen.event.time >= end:
            return
        yield seen


async def newest(session: Session, room: str, number: int, end: int) -> list[Seen]:
    """The last so many entries up to the seq `end`."""
    found: list[Seen] = []
    before = end + 1
    while len(found) < number:
        limit = min(number - len(found), PAGE)
        page = await session.errands.ask(_question(session, room, limit, before=before))
        found = _seen(page.messages, page.quoted) + found
        if not page.more_before or not page.messages:
            break
        before = page.messages[0].seq
    return found


async def _first(session: Session, room: str, since: str) -> int:
    """The seq of the first entry from this time on; 0 for none."""
    client = session.client
    return (await session.errands.ask(lambda: client.calendar(room, (since, _END)))).seqs[0]


async def _pages(session: Session, room: str, after: int, newest: int) -> AsyncIterator[Seen]:
    while True:
        page = await session.errands.ask(_question(session, room, PAGE, after=after))
        for seen in _seen(page.messages, page.quoted):
            if seen.event.seq > newest:
                return
            yield seen
        if not page.more_after or not page.messages:
            return
        after = page.messages[-1].seq


def _question(
    session: Session, room: str, limit: int, before: int | None = None, after: int | None = None
) -> Callable[[], Coroutine[Any, Any, Page]]:
    return lambda: session.client.history(room, before=before, after=after, limit=limit)


def _seen(events: list[AnyEvent], quoted: list[Message]) -> list[Seen]:
    known = {event.seq: event for event in (*quoted, *events) if isinstance(event, Message)}
    return [Seen(event, known.get(event.reply_to) if isinstance(event, Message) else None) for event in events]
