"""What the operator's commands on accounts share: the folder, the store, and how a failure is told.

They work beside a running server on the same folder, which notices within two seconds. Exit codes: 0; 1 with one
sentence on standard error; 2 for a command line that makes no sense.
"""

import argparse
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatserver import settings
from chatserver.accounts.store import FILE, Store
from shared.errors import ParleyError


class OperatorError(ParleyError):
    """The operator asked for something that cannot be; the sentence says why."""


def add_data(parser: argparse.ArgumentParser) -> None:
    """`--data`, as for the server."""
    parser.add_argument("--data", help="folder of the history (history)")


def folder(args: argparse.Namespace) -> Path:
    """The folder that is meant: the flag's, or what the server would take."""
    return Path(args.data or settings.load(argparse.Namespace(config=None)).data)


@contextmanager
def accounts(args: argparse.Namespace) -> Iterator[Store]:
    """The accounts in that folder; `OperatorError` where no server ever ran on it."""
    path = folder(args) / FILE
    if not path.is_file():
        raise OperatorError(f"There are no accounts in {path.parent}. Start the server there once, or name its --data.")
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


def told(work: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """The command as the table of `python -m chatserver` wants it: with an exit code, and failures as a sentence."""

    def run(args: argparse.Namespace) -> int:
        try:
            work(args)
        except ParleyError as error:
            print(error, file=sys.stderr)
        except sqlite3.Error as error:
            print(f"The accounts cannot be written: {error}. Try again.", file=sys.stderr)
        except KeyboardInterrupt:
            return 130
        else:
            return 0
        return 1

    return run


def public_address(store: Store) -> str:
    """HOST:PORT for links: where the server says that it is reached, or what the settings say."""
    chosen = settings.load(argparse.Namespace(config=None))
    return store.fact("address") or chosen.reached_at(chosen.port)
