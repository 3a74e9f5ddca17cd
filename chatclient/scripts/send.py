"""`chatclient send ROOM [TEXT]`: post a message, of the command line or of standard input, and wait until it stands.

One invocation posts each of its messages once, whatever happens to the connection: a message keeps its id. With `--id`
so does a later invocation, for who does not know how an earlier one ended.
"""

import argparse
import secrets
import sys
from pathlib import Path

from chatclient.errands import Unreachable
from chatclient.scripts.places import entered, plain_name
from chatclient.scripts.running import Session, Usage, checked, count, session
from chatclient.stdin import lines, whole
from shared.errors import ParleyError, Refused
from shared.rules import FILES, ID, command_id

EPILOG = """\
  echo "deploy done" | chatclient send ops
  chatclient send @bob "Lunch?"
  chatclient send ops --file report.pdf "The report"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROOM, TEXT and the rest."""
    parser.add_argument("room", type=plain_name, metavar="ROOM", help="a room, or @bob for a person")
    parser.add_argument("text", nargs="?", metavar="TEXT", help="what to say; - or nothing: what standard input says")
    parser.add_argument("--lines", action="store_true", help="each line of standard input is a message, as it comes")
    parser.add_argument("--reply", type=count, default=0, metavar="SEQ", help="answer the message with this number")
    parser.add_argument(
        "--file", type=Path, action="append", default=[], metavar="PATH", help="with this file (again for more)"
    )
    parser.add_argument("--create", action="store_true", help="make the room where there is none")
    parser.add_argument("--id", type=checked(command_id), help="the same id posts once, however often it is sent")
    parser.add_argument("--verbose", action="store_true", help="print the number (seq) that each message got")


async def run(asked: argparse.Namespace) -> None:
    """Send it. Prints nothing, or with --verbose one number a line."""
    _check(asked)
    if asked.lines:
        async with session(asked) as here:
            room = await _room(here, asked)
            number = 0
            async for line in lines():
                if line.strip():
                    number += 1
                    await _post(here, asked, room, line, f"{asked.id}.{number}" if asked.id else "")
        return
    text = asked.text
    if text == "-" or (text is None and not asked.file):
        text = await whole()
    async with session(asked) as here:
        room = await _room(here, asked)
        await _post(here, asked, room, text or "", asked.id or "")


def _check(asked: argparse.Namespace) -> None:
    if asked.lines and (asked.text not in (None, "-") or asked.file or asked.reply):
        raise Usage("--lines takes its messages from standard input alone, without TEXT, --file and --reply.")
    if asked.lines and len(asked.id or "") > ID - 8:
        raise Usage(f"With --lines an id has at most {ID - 8} characters.")
    if len(asked.file) > FILES:
        raise Usage(f"A message has {FILES} files at most, these are {len(asked.file)}.")
    for path in asked.file:
        if not path.is_file():
            raise ParleyError(f"{path} is no file that can be read.")


async def _room(here: Session, asked: argparse.Namespace) -> str:
    try:
        return await entered(here, asked.room, asked.create)
    except Refused as refused:
        if refused.code != "no_such_room":
            raise
        raise Refused(refused.code, f"{refused.message} Give --create to make it.") from None


async def _post(here: Session, asked: argparse.Namespace, room: str, text: str, ident: str) -> None:
    uploads = [here.client.attach(path) for path in asked.file]
    ident = ident or secrets.token_hex(10)
    here.ids.give(ident)
    try:
        delivered = await here.errands.done(here.client.send(room, text, asked.reply, uploads))
    except Unreachable as error:
        raise Unreachable(f"{error} Whether it was posted is not known: with --id {ident} it is posted once.") from None
    if asked.verbose:
        print(delivered.seq, file=sys.stdout, flush=True)
