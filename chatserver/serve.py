"""`python -m chatserver [serve]`: settings, logging, the one line that says it is ready, and exit codes.

0 after SIGTERM or Ctrl+C; 1 with one sentence on stderr where it cannot start or the disk fails; 2 for a wrong flag.
"""

import argparse
import asyncio
import logging
import sys

from chatserver import settings as settings_
from chatserver.app import OWNER_FILE, App
from shared.errors import ParleyError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Hang `serve` into the command line."""
    parser = subparsers.add_parser("serve", help="run the server (the default)")
    settings_.add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop; the exit code."""
    try:
        settings = settings_.load(args)
        logging.basicConfig(
            level=settings.log_level.upper(),
            format="%(asctime)s %(levelname)s %(name)s: %(message)s",
            stream=sys.stderr,
        )
        asyncio.run(App(settings).run(_ready), debug=None)
    except ParleyError as error:
        print(f"chatserver: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the loop took over the signal
        return 0
    return 0


def _ready(app: App) -> None:
    host = app.settings.host
    address = f"[{host}]:{app.port}" if ":" in host else f"{host}:{app.port}"
    file = app.folder / "chat_history.txt"
    print(f"Parley is listening on {address}, history {file}, {app.events:,} events", flush=True)
    if app.owner_code:
        where = app.folder / OWNER_FILE
        print(f"Its owner signs in with the invitation {app.owner_code} (kept in {where})", flush=True)
