"""The command line of the server. Each command hangs itself into the parser and sets `run(args) -> exit code`."""

import argparse
import importlib
import sys
from typing import Final

COMMANDS: Final = {
    "serve": "chatserver.serve",
    "replay": "chatserver.replay",
    "verify": "chatserver.verify",
    "import": "chatserver.legacy",
    "user": "chatserver.users",
    "invite": "chatserver.invite",
}
"""The modules of the commands. Only that of the one that is asked for is imported: a server starts without the rest."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; without one, or with a flag first, it is `serve`."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help")):
        argv = ["serve", *argv]
    parser = argparse.ArgumentParser(prog="chatserver", description="Parley's server and its tools.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in [argv[0]] if argv[0] in COMMANDS else COMMANDS:
        importlib.import_module(COMMANDS[name]).add_parser(subparsers)
    args = parser.parse_args(argv)
    code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
