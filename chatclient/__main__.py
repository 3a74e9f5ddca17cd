"""The command line of the client: `python -m chatclient [HOST:PORT] [--user NAME]` opens the window.

`--register-links` opens none: it tells the system that this program opens `chat://` links.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

from chatclient import address, links
from chatclient.address import Address
from shared.errors import ParleyError, Refused
from shared.rules import user_name

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 after the window was closed, 1 where it cannot open, 2 for a wrong command line."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    if asked.register_links:
        return _register_links()
    server: Address | None = asked.server
    if asked.invite and server is not None:
        server = server._replace(invite=asked.invite)
    try:
        from chatclient.desktop import app
    except ImportError as error:
        return _say(f"The window needs Tk, which this Python lacks ({error}). On Debian: apt install python3-tk.")
    options = app.Options(server=server, user=asked.user or "", theme=asked.theme, geometry=asked.geometry)
    try:
        app.main(options)
    except ParleyError as error:
        return _say(str(error))
    return 0


def _register_links() -> int:
    try:
        print(links.register(links.own_command()))
    except links.LinksError as error:
        return _say(str(error))
    return 0


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chatclient", description="Opens the window of Parley.")
    parser.add_argument(
        "server",
        nargs="?",
        type=_checked(address.parse),
        metavar="HOST:PORT",
        help="the server, or a link to one; asked for where it is missing",
    )
    parser.add_argument("--user", type=_checked(user_name), metavar="NAME", help="connect under this name")
    parser.add_argument("--invite", default="", metavar="CODE", help="the code of an invitation to the server")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="for this time; else as remembered")
    parser.add_argument("--register-links", action="store_true", help="let the system open chat:// links with this")
    parser.add_argument("--geometry", default="", metavar="WxH+X+Y", help="size and place of the window")
    return parser


def _checked(rule: Callable[[str], T]) -> Callable[[str], T]:
    """The rule as an argument's type, its sentence as the error."""

    def check(text: str) -> T:
        try:
            return rule(text)
        except Refused as refused:
            raise argparse.ArgumentTypeError(refused.message) from None

    return check


if __name__ == "__main__":
    sys.exit(main())
