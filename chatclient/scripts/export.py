"""`chatclient export ROOM`: all that was said in a room, as it stands now: edited texts as they are, deleted ones gone.

The room is gone through page by page and written as it is read, so that its length does not matter. With `--out` the
file appears when it is whole, and an export that fails leaves what stood there before.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatclient.drafts import full_name
from chatclient.scripts.looking import through
from chatclient.scripts.notebook import Markdown
from chatclient.scripts.page import Page
from chatclient.scripts.paper import About, Format, Json, Text
from chatclient.scripts.places import mine, plain_name
from chatclient.scripts.running import Usage, moment, session
from chatclient.stdout import in_unicode, while_read
from shared import when
from shared.errors import ParleyError

FORMATS: Final[dict[str, Callable[[], Format]]] = {"txt": Text, "json": Json, "html": Page, "md": Markdown}
EPILOG = """\
  chatclient export ops > ops.txt
  chatclient export ops --format html --out ops.html
  chatclient export ops --format json --since 2026-11-01 --until 2026-11-30 | jq -r .user | sort | uniq -c
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """ROOM and how."""
    parser.add_argument("room", type=plain_name, metavar="ROOM", help="a room, or @bob for the conversation with bob")
    parser.add_argument("--format", choices=FORMATS, default="txt", help="txt, json (an object a line), html or md")
    parser.add_argument("--since", metavar="T", help=f"leave out what is older: {when.FORMS}")
    parser.add_argument("--until", metavar="T", help="leave out what is newer; a day is meant whole")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to this file instead of standard output")


async def run(asked: argparse.Namespace) -> None:
    """Write it."""
    now = datetime.now(UTC)
    since = moment(asked.since, now).start if asked.since is not None else None
    until = moment(asked.until, now).end if asked.until is not None else None
    if since and until and until <= since:
        raise Usage(f"--since {asked.since} is after --until {asked.until}: nothing lies between them.")
    form = FORMATS[asked.format]()
    with while_read() if asked.out is None else nullcontext():
        async with session(asked) as here:
            state = mine(here, asked.room)
            room = state.room if state is not None else full_name(asked.room, here.client.user)
            client = here.client
            await here.errands.ask(lambda: client.history(room, limit=1))  # refused before anything is written
            title = f"@{state.with_}" if state is not None and state.with_ else f"#{room}"
            about = About(title, here.welcome.server, state.topic if state is not None else "")
            with _written(asked.out) as write:
                write(form.begin(about))
                async for seen in through(here, room, here.welcome.tip, since, until):
                    write(form.entry(seen))
                write(form.end())


@contextmanager
def _written(path: Path | None) -> Iterator[Callable[[str], object]]:
    """Where to write to: standard output, or a file that takes its name when it is whole."""
    if path is None:
        in_unicode()
        yield sys.stdout.write
        sys.stdout.flush()
        return
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as out:
            yield out.write
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise ParleyError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        part.unlink(missing_ok=True)
