"""`python -m chatserver invite [--room R] [--uses N] [--days N]`: an invitation from the operator.

The link stands alone on standard output, what it is good for on standard error.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from chatserver import operating
from chatserver.accounts import Invitation, invitations
from chatserver.log.recovery import HISTORY
from chatserver.operating import OperatorError
from chatserver.users import new_code
from shared import rules
from shared.record import timestamp


def add_parser(subparsers: Any) -> None:
    """Hang the command into the table of `python -m chatserver`."""
    parser = subparsers.add_parser("invite", help="make an invitation to the server, or to one of its rooms")
    parser.add_argument("--room", help="the room that it leads to; without, to the server alone")
    parser.add_argument("--uses", type=int, default=5, help="how many people may use it (5; 0 for any number)")
    parser.add_argument("--days", type=int, default=7, help="for how many days it is good (7; 0 for ever)")
    operating.add_data(parser)
    parser.set_defaults(run=operating.told(_invite))


def _invite(args: argparse.Namespace) -> None:
    uses, days, now = invitations.uses(args.uses), invitations.days(args.days), timestamp(time.time_ns())
    with operating.accounts(args) as store:
        room = _room(operating.folder(args) / HISTORY, args.room.removeprefix("#")) if args.room is not None else ""
        code, expires = new_code(store.load()), invitations.expiry(now, days)
        store.invite(Invitation(code, room=room, uses=uses, expires=expires))
        print(invitations.link(operating.public_address(store), room, code))
    count = "one person" if uses == 1 else f"{uses:,} people" if uses else "any number of people"
    until = f"until {invitations.day(expires, now)}" if expires else "for ever"
    where = f" and leads to {room}" if room else ""
    print(f"It is good for {count} {until}{where}; the code alone is {code}.", file=sys.stderr)


def _room(history: Path, named: str) -> str:
    """The room's full name, out of the lines that made rooms; `OperatorError` where there is none."""
    key = rules.name_key(rules.room_name(named))
    if key == rules.name_key(rules.LOBBY):
        return rules.LOBBY
    try:
        with history.open("rb") as file:
            for line in file:
                if b"\tcreated\t" in line:
                    columns = line.decode(errors="replace").split("\t", 5)
                    if columns[4] == "created" and rules.name_key(columns[2]) == key:
                        return columns[2]
    except OSError as error:
        raise OperatorError(f"{history} cannot be read: {error.strerror}.") from None
    raise OperatorError(f"There is no room called {named}.")
