"""`chatclient search TEXT`: the newest messages that hold a text, oldest of them first, as a transcript or as JSON."""

import argparse
from datetime import UTC, datetime

from chatclient.days import wire_time
from chatclient.drafts import full_name
from chatclient.scripts.paper import Format, Json, Seen, Text
from chatclient.scripts.places import mine, plain_name
from chatclient.scripts.running import Session, checked, count, moment, session
from chatclient.stdout import colour, in_unicode, while_read, width, write
from shared import when
from shared.protocol import Found, Message
from shared.rules import user_name

EPILOG = """\
  chatclient search "deploy done" --room ops --since 1w
  chatclient search invoice --from bob --json | jq .seq
"""
PAGE = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """TEXT, and where to look."""
    parser.add_argument("text", metavar="TEXT", help="at least one character; it is found anywhere, also within words")
    parser.add_argument("--room", type=plain_name, metavar="ROOM", help="only in this room, or with @bob; else in all")
    parser.add_argument(
        "--from", type=checked(user_name), dest="by", metavar="NAME", help="only what this person wrote"
    )
    parser.add_argument("--since", metavar="T", help=f"leave out what is older: {when.FORMS}")
    parser.add_argument("--until", metavar="T", help="leave out what is newer; a day is meant whole")
    parser.add_argument("--limit", type=count, default=50, metavar="N", help="the newest N, 0 for all of them (50)")
    parser.add_argument("--json", action="store_true", help="one object a line, as on the wire")


async def run(asked: argparse.Namespace) -> None:
    """Print them."""
    now = datetime.now(UTC)
    since = wire_time(moment(asked.since, now).start) if asked.since is not None else None
    until = wire_time(moment(asked.until, now).end) if asked.until is not None else None
    if asked.json:
        in_unicode()
    form: Format = Json() if asked.json else Text(width(), colour(), rooms=asked.room is None)
    with while_read():
        async with session(asked) as here:
            room = None
            if asked.room is not None:
                state = mine(here, asked.room)
                room = state.room if state is not None else full_name(asked.room, here.client.user)
            found = await _found(here, asked.text, room, asked.by, since, until, asked.limit)
        for message in reversed(found):
            write(form.entry(Seen(message)))


async def _found(
    here: Session, text: str, room: str | None, by: str | None, since: str | None, until: str | None, limit: int
) -> list[Message]:
    """Newest first, as many as are wanted."""
    found: list[Message] = []
    before: int | None = None

    async def ask() -> Found:
        wanted = min(limit - len(found), PAGE) if limit else PAGE
        return await here.client.search(text, room=room, user=by, since=since, until=until, before=before, limit=wanted)

    while not limit or len(found) < limit:
        answer = await here.errands.ask(ask)
        found += answer.messages
        before = answer.before
        if not answer.more:
            break
    return found
