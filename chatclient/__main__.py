"""The command line of the client: `chatclient [HOST:PORT]` opens the window, `chatclient send …` is for shells.

What each subcommand does stands in a module of its own, which is imported when it is asked for: a script needs neither
a screen nor Tk. `--terminal` shows the conversation in the terminal, `--register-links` tells the system that this
program opens `chat://` links.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

COMMANDS: Final = {
    "send": "post a message in a room, which it joins by itself, or to a person (@bob)",
    "tail": "print what is said in a room, as it is said",
    "export": "write a room's whole conversation as text, JSON, a page or Markdown",
    "rooms": "list the rooms",
    "search": "print the messages that hold a text",
}
"""Subcommands; each has its module in `chatclient.scripts`: EPILOG, `add_arguments(parser)`, `async run(asked)`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 after the window was closed, 1 where it cannot open, 2 for a wrong command line; those of
    subcommands are in `chatclient.scripts.running`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        if words and words[0] in COMMANDS:
            return _script(words[0], words[1:])
        return _interface(words)
    except KeyboardInterrupt:
        return 130


def _script(name: str, words: Sequence[str]) -> int:
    from chatclient.scripts import running

    module = import_module(f"chatclient.scripts.{name}")
    about = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"chatclient {name}",
        description=f"{about[0].upper()}{about[1:]}.",
        epilog=f"examples:\n{module.EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    running.add_identity(parser)
    return running.run(module.run, parser.parse_intermixed_args(words))


# --- window and terminal --------------------------------------------------------------------------------------


def _interface(words: Sequence[str]) -> int:
    from chatclient.scripts.running import say
    from shared.errors import ParleyError

    asked = _parser().parse_args(words)
    try:
        if asked.register_links:
            from chatclient import links

            print(links.register(links.own_command()))
            return 0
        if asked.invite and asked.server is not None:
            asked.server = asked.server._replace(invite=asked.invite)
        return _terminal(asked) if asked.terminal or asked.plain else _window(asked)
    except ParleyError as error:
        return say(str(error), 1)
    except ImportError as error:
        if asked.terminal or asked.plain:
            return say(f"The terminal needs a part that this Python lacks ({error}).", 1)
        return say(f"The window needs Tk, which this Python lacks ({error}). On Debian: apt install python3-tk.", 1)


def _window(asked: argparse.Namespace) -> int:
    from chatclient.desktop import app

    app.main(app.Options(server=asked.server, user=asked.user or "", theme=asked.theme, geometry=asked.geometry))
    return 0


def _terminal(asked: argparse.Namespace) -> int:
    app: Any = import_module("chatclient.terminal.app")
    code: int = app.main(app.Options(server=asked.server, user=asked.user or "", plain=asked.plain))
    return code


def _parser() -> argparse.ArgumentParser:
    from chatclient import address
    from chatclient.scripts.running import checked
    from shared.rules import user_name

    table = "".join(f"\n  chatclient {name:8} {about}" for name, about in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="chatclient",
        description="Opens the window of Parley.",
        epilog=f"for shells (each has its own --help):{table}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "server",
        nargs="?",
        type=checked(address.parse),
        metavar="HOST:PORT",
        help="the server, or a link to one; asked for where it is missing",
    )
    parser.add_argument("--user", type=checked(user_name), metavar="NAME", help="connect under this name")
    parser.add_argument("--invite", default="", metavar="CODE", help="the code of an invitation to the server")
    parser.add_argument("--terminal", action="store_true", help="in this terminal, instead of a window")
    parser.add_argument("--plain", action="store_true", help="in this terminal line by line, for a dumb one or a pipe")
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="for this time; else as remembered")
    parser.add_argument("--register-links", action="store_true", help="let the system open chat:// links with this")
    parser.add_argument("--geometry", default="", metavar="WxH+X+Y", help="size and place of the window")
    return parser


if __name__ == "__main__":
    sys.exit(main())
