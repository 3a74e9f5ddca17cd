"""What all scripts share: whose they are and where, how they end, and what a shell hears of it.

Exit codes: 0 done (also where the reader of standard output has seen enough), 1 refused, 2 a command line that makes no
sense, 3 no connection in time, 130 after Ctrl+C. Whatever is not 0 or 130 comes with one sentence on standard error.
"""

import argparse
import asyncio
import getpass
import os
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from chatclient import address
from chatclient.catchup import CatchUp
from chatclient.days import wire_time
from chatclient.errands import Errands, Ids, Unreachable
from chatclient.events import ClientEvent
from chatclient.identity import Unnamed, identity
from chatclient.keep import Keep
from chatclient.stdin import interruptible
from chatclient.stdout import stand_in
from shared import when
from shared.errors import ParleyError, Refused
from shared.protocol import Welcome
from shared.rules import user_name

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
INTERRUPTED: Final = 130
TIMEOUT: Final = 10.0

ENVIRONMENT: Final = """\
Without --server and --user: PARLEY_SERVER and PARLEY_USER, or else what was
used last on this device. PARLEY_TOKEN, PARLEY_PASSWORD and PARLEY_INVITE are
taken from the environment alone."""
T = TypeVar("T")


class Usage(ParleyError):
    """The command line makes no sense; the sentence says why."""


class Session:
    """A script's errands, the ids of its changes, and the welcome that it began with."""

    def __init__(self, errands: Errands, ids: Ids, welcome: Welcome) -> None:
        self.errands = errands
        self.welcome = welcome
        self.client = errands.client
        self.ids = ids


# --- the command line -----------------------------------------------------------------------------------------


def checked(rule: Callable[[str], T]) -> Callable[[str], T]:
    """The rule as an argument's type, its sentence as the error."""

    def check(text: str) -> T:
        try:
            return rule(text)
        except Refused as refused:
            raise argparse.ArgumentTypeError(refused.message) from None

    return check


def add_identity(parser: argparse.ArgumentParser) -> None:
    """Whose the script is, and where."""
    group = parser.add_argument_group("who and where", ENVIRONMENT)
    group.add_argument("--server", type=checked(address.parse), metavar="HOST:PORT", help="the server, or its link")
    group.add_argument("--user", type=checked(user_name), metavar="NAME", help="under which name")
    group.add_argument("--password", action="store_true", help="ask for the password of a name that is new here")
    group.add_argument(
        "--timeout", type=seconds, default=TIMEOUT, metavar="S", help=f"seconds without an answer ({TIMEOUT:g})"
    )


def seconds(text: str) -> float:
    """A number over 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"seconds are a number over 0; this one is {text}")
    return number


def count(text: str) -> int:
    """A number, 0 or more."""
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise argparse.ArgumentTypeError(f"this is a number, 0 or more; this one is {text}")
    return int(text)


def moment(text: str, now: datetime) -> when.Span:
    """What a time on the command line names, seen from `now`. `Usage`."""
    try:
        return when.parse(text, now)
    except ValueError as error:
        raise Usage(str(error)) from None


# --- running --------------------------------------------------------------------------------------------------


def run(work: Callable[[argparse.Namespace], Coroutine[Any, Any, None]], asked: argparse.Namespace) -> int:
    """Do it, and give the exit code."""
    stand_in()
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    try:
        asyncio.run(work(asked))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more at its exit; there must be something that takes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (Usage, Unnamed) as error:
        return say(str(error), USAGE)
    except Unreachable as error:
        return say(str(error), UNREACHABLE)
    except ParleyError as error:
        return say(str(error), REFUSED)
    except OSError as error:
        return say(f"{error.filename or 'Standard output'} cannot be written: {error.strerror or error}.", REFUSED)
    return DONE


def say(sentence: str, code: int = DONE) -> int:
    """One sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)
    return code


def _typed(user: str) -> str:
    """Asked for before anything else goes on, so that waiting for it holds up nothing."""
    try:
        with warnings.catch_warnings(), interruptible():
            warnings.simplefilter("error", getpass.GetPassWarning)  # never from standard input: that is the message
            return getpass.getpass(f"Password of {user}: ")
    except (EOFError, getpass.GetPassWarning):
        raise Usage("There is no terminal to ask for the password on. Set PARLEY_PASSWORD instead.") from None


@asynccontextmanager
async def session(
    asked: argparse.Namespace,
    catchup: CatchUp | None = None,
    hear: Callable[[ClientEvent], None] = lambda event: None,
    environment: Mapping[str, str] = os.environ,
) -> AsyncIterator[Session]:
    """Signed in, as the command line and the environment say."""
    keep = Keep()
    who = identity(asked.server, asked.user or "", environment, keep.recent)
    if asked.password and who.password is None:
        who = who._replace(password=_typed(who.user))
    ids = Ids()
    errands = Errands(await who.client(keep, ids, catchup), asked.timeout, hear)
    try:
        welcome = await errands.begin()
        if not keep.recent and not who.token:
            keep.remember(who.address.server, welcome.user, welcome.server, wire_time(datetime.now(UTC)))
            keep.save()
        yield Session(errands, ids, welcome)
    finally:
        await errands.end()
