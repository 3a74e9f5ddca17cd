"""The terminal client from its start to its end: sign in, then a full screen or plain lines.

Plain lines are for where there is no terminal at one end, or a dumb one, and for who asks for them. Client, model and
screen share one loop and one thread. However it ends, what was written and not sent stays on this device.
"""

import asyncio
import getpass
import logging
import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from chatclient.address import Address
from chatclient.keep import Keep
from chatclient.stdin import interruptible
from chatclient.stdout import stand_in
from chatclient.terminal.cells import safe
from chatclient.terminal.desk import Desk
from chatclient.terminal.plain import Plain
from chatclient.terminal.signin import NoConnection, NotSignedIn, SignedIn, sign_in
from shared.errors import ParleyError

if TYPE_CHECKING:
    from chatclient.terminal.fullscreen import FullScreen

DUMB: Final = frozenset({"", "dumb", "unknown"})
REFUSED, NO_CONNECTION = 1, 3


class Options(NamedTuple):
    """What the command line asks for; empty where it says nothing. An invitation stands in the address."""

    server: Address | None = None
    user: str = ""
    plain: bool = False


def main(options: Options) -> int:
    """The exit code: 0 when it was left, 1 where the server or a rule refused something, 3 without a connection."""
    stand_in()
    plain = options.plain or not (_asks() and sys.stdout.isatty()) or os.environ.get("TERM", "") in DUMB
    logging.getLogger().setLevel(logging.ERROR)  # a warning would stand in the middle of the screen
    try:
        return asyncio.run(_run(options, plain))
    except NoConnection as error:
        return _failed(str(error), NO_CONNECTION)
    except ParleyError as error:
        return _failed(str(error), REFUSED)
    except KeyboardInterrupt:
        return 130


def _asks() -> bool:
    """Is there somebody who can be asked?"""
    return sys.stdin is not None and sys.stdin.isatty()


def _failed(sentence: str, code: int) -> int:
    print(safe(sentence), file=sys.stderr)
    return code


async def _run(options: Options, plain: bool) -> int:
    asker = _Nobody() if plain and not _asks() else _Terminal()
    signed_in = await sign_in(Keep(), asker, options.server, options.user)
    desk = signed_in.desk
    face = Plain(desk) if plain else _screen(desk)
    desk.begin(signed_in.first)
    following = asyncio.create_task(_follow(signed_in, face))
    try:
        code = await face.run()
    finally:
        await desk.close()
        await asyncio.wait([following, signed_in.running])
    await following
    if desk.rejected:
        raise NotSignedIn(desk.rejected)
    return code


def _screen(desk: Desk) -> "FullScreen":
    from chatclient.terminal.fullscreen import FullScreen  # prompt_toolkit takes its time to be imported

    return FullScreen(desk)


async def _follow(signed_in: SignedIn, face: "Plain | FullScreen") -> None:
    try:
        await signed_in.desk.run(signed_in.events)
        await signed_in.running
    finally:
        face.end()


class _Nobody:
    """Where nobody can be asked."""

    def line(self, question: str, default: str = "") -> str | None:
        return None

    def secret(self, question: str) -> str | None:
        return None

    def say(self, sentence: str) -> None:
        """Nobody reads along; what matters is said at the end."""


class _Terminal:
    """Somebody at a terminal. Nothing else runs meanwhile, so that waiting for them may hold everything."""

    def line(self, question: str, default: str = "") -> str | None:
        self._write(f"{question} [{default}]: " if default else f"{question}: ")
        try:
            with interruptible():
                return input()
        except EOFError:
            return None

    def secret(self, question: str) -> str | None:
        with interruptible():
            return getpass.getpass(f"{question}: ")

    def say(self, sentence: str) -> None:
        self._write(f"{safe(sentence)}\n")

    def _write(self, text: str) -> None:
        out = sys.stdout if sys.stdout.isatty() else sys.stderr
        out.write(text)
        out.flush()
