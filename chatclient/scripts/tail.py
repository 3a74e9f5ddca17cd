"""`chatclient tail ROOM`: what was said last in a room, and then what is said, as it is said.

Each event of the room is printed once, in order, over any number of connections: what was missed meanwhile is asked
for, however much it is. With `--after SEQ` a later run goes on exactly where an earlier one stopped.
"""

import argparse
import asyncio
from datetime import UTC, datetime

from chatclient.catchup import CatchUp
from chatclient.drafts import full_name
from chatclient.events import Arrived, ClientEvent, Connected, Disconnected, Rejected
from chatclient.scripts.looking import newest, through
from chatclient.scripts.paper import Format, Json, Seen, Text
from chatclient.scripts.places import entered, mine, plain_name
from chatclient.scripts.running import Session, Usage, count, moment, say, session
from chatclient.stdout import colour, in_unicode, while_read, width, write
from shared import when
from shared.errors import ParleyError, Refused
from shared.protocol import Banned, Left

EPILOG = """\
  chatclient tail ops                             the last 10 entries, and then what comes
  chatclient tail ops --since 2h --no-follow      the last two hours
  chatclient tail ops --json | jq -r .text        for programs; "seq" numbers everything
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROOM and from where on."""
    parser.add_argument("room", type=plain_name, metavar="ROOM", help="a room, or @bob for the conversation with bob")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("-n", type=count, default=10, metavar="N", dest="number", help="begin with the last N (10)")
    start.add_argument("--since", metavar="T", help=f"begin with what was said since then: {when.FORMS}")
    start.add_argument("--after", type=count, metavar="SEQ", help="begin with what came after this number, changes too")
    parser.add_argument("--json", action="store_true", help="one object a line, as on the wire")
    parser.add_argument("--no-follow", action="store_true", help="end where the conversation ends now")
    parser.add_argument("--join", action="store_true", help="join the room, where one is not in it")
    parser.add_argument("--verbose", action="store_true", help="tell on standard error when the connection breaks")


async def run(asked: argparse.Namespace) -> None:
    """Print it."""
    since = moment(asked.since, datetime.now(UTC)).start if asked.since is not None else None
    if asked.after is not None and asked.no_follow:
        raise Usage("--after goes on from a number; --no-follow does not go on. Choose one of the two.")
    news: asyncio.Queue[ClientEvent] = asyncio.Queue()
    # Told which history it is by the first welcome; then whatever is missed is asked for, however much.
    catchup = CatchUp(whole=True) if asked.after is None else CatchUp(asked.after, None, whole=True)
    if asked.json:
        in_unicode()
    form: Format = Json() if asked.json else Text(width(), colour())
    with while_read():
        async with session(asked, catchup, news.put_nowait) as here:
            tip = after = here.welcome.tip
            room = await _room(here, asked.room, asked.join)
            if asked.after is None:
                await _begin(here, room, tip, since, asked.number, form)
            elif tip >= asked.after:
                after = asked.after
            else:
                say(f"The history of this server ends with {tip}, before {asked.after}: only what is new is printed.")
            if not asked.no_follow:
                await _follow(here, room, after, news, form, asked.verbose)


async def _room(here: Session, room: str, join: bool) -> str:
    """The room's full name."""
    known = mine(here, room)
    if known is not None:
        return known.room
    if not join and not room.startswith("@"):
        client = here.client
        await here.errands.ask(lambda: client.history(room, limit=1))  # refused, with the server's own sentence
    return full_name(await entered(here, room, create=False), here.client.user)


async def _begin(here: Session, room: str, tip: int, since: datetime | None, number: int, form: Format) -> None:
    if since is not None:
        async for seen in through(here, room, tip, since):
            _print(form, seen)
    else:
        for seen in await newest(here, room, number, tip):
            _print(form, seen)


async def _follow(
    here: Session, room: str, after: int, news: "asyncio.Queue[ClientEvent]", form: Format, verbose: bool
) -> None:
    """What comes after the seq `after`."""
    welcomed = False
    while True:
        match await news.get():
            case Arrived(event=event) if event.room == room and event.seq > after:
                _print(form, Seen(event, None))
                if isinstance(event, Left | Banned) and event.user == here.client.user:
                    raise Refused("not_member", f"{here.client.user} is not in {room} any more.")
            case Connected(fresh=fresh):
                if fresh and welcomed:
                    after = 0
                    say("The server has another history now; what is printed from here on is of that one.")
                elif welcomed and verbose:
                    say("Connected again.")
                welcomed = True
            case Disconnected(reason=reason) if verbose:
                say(reason)
            case Rejected(message=message):
                raise ParleyError(message)


def _print(form: Format, seen: Seen) -> None:
    write(form.entry(seen))
