"""The command line of the server. Each command hangs itself into the parser and sets `run(args) -> exit code`."""

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from chatserver import invite, legacy, replay, serve, users, verify
from chatserver.log.recovery import HISTORY
from chatserver.settings import Settings


def _add_verify(subparsers: Any) -> None:
    parser = subparsers.add_parser("verify", help="check every line of a history and the chain of its hashes")
    parser.add_argument("file", nargs="?", help="the history, or its folder (history/chat_history.txt)")
    parser.set_defaults(run=_verify)


def _verify(args: argparse.Namespace) -> int:
    path = Path(args.file or Settings().data)
    return verify.run(path / HISTORY if path.is_dir() else path)


COMMANDS: Final = (
    serve.add_parser,
    replay.add_parser,
    _add_verify,
    legacy.add_parser,
    users.add_parser,
    invite.add_parser,
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; without one, or with a flag first, it is `serve`."""
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="chatserver", description="Parley's server and its tools.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(subparsers)
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        argv = ["serve", *argv]
    args = parser.parse_args(argv)
    code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
