"""Searching in what was said in the rooms that one is in."""

from collections.abc import Collection

from chatserver.commands.changes import somebody
from chatserver.commands.history import limited, own
from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.folding import folded

MOST = 100
"""Messages of one answer."""


async def search(session: Session, command: protocol.Search) -> None:
    """Messages that hold a text, newest first; of rooms where the asker is when it ends as well as when it begins."""
    hub, user = session.hub, session.user
    session.context.take_search(user)
    text = _text(command.text, command.files)
    limit = limited(command.limit, MOST)
    found = await hub.history.search(
        text,
        rooms=_rooms(hub, user, command.room),
        user=somebody(hub, command.user) if command.user is not None else None,
        since=rules.moment(command.since) if command.since is not None else None,
        until=rules.moment(command.until) if command.until is not None else None,
        before=None if command.before is None else max(command.before, 0),
        files=command.files,
        limit=limit,
    )
    rooms = _rooms(hub, user, command.room)
    session.answer(
        protocol.Found(
            ref=command.ref,
            messages=[message for message in found.messages if message.room in rooms],
            more=found.more,
            through=found.through,
            before=found.before,
        )
    )


def _text(text: str, files: bool) -> str:
    text = text.strip()
    if len(text) > rules.SEARCH:
        raise Refused("too_large", f"The text has {len(text):,} characters, the limit is {rules.SEARCH}.")
    if not folded(text) and not files:
        raise Refused("bad_request", "There is nothing to look for. Write something first.")
    return text


def _rooms(hub: Hub, user: str, asked: str | None) -> Collection[str]:
    """Where to look."""
    return frozenset(hub.rooms.of(user) if asked is None else [own(hub, user, asked)])
