"""`python -m chatserver user list|add|password|role|remove`: the operator's hand on the accounts.

A password is read from the terminal, or from standard input where that is none, and never from the command line,
which every process of the machine can read.
"""

import argparse
import getpass
import secrets
import sys
import time
from typing import Any

from chatserver import operating
from chatserver.accounts import Account, Invitation, invitations
from chatserver.accounts.passwords import hash_password
from chatserver.accounts.picture import Picture
from chatserver.accounts.store import Store
from chatserver.operating import OperatorError
from shared import rules
from shared.record import timestamp

LONGEST_INPUT = 4_096


def add_parser(subparsers: Any) -> None:
    """Hang the command into the table of `python -m chatserver`."""
    parser = subparsers.add_parser("user", help="list, add and remove people; set passwords and roles")
    deeds = parser.add_subparsers(required=True, metavar="DEED")
    listing = deeds.add_parser("list", help="everybody, and who was invited by name")
    listing.set_defaults(run=operating.told(_list))
    adding = deeds.add_parser("add", help="make an invitation that claims exactly this name, once")
    adding.add_argument("--days", type=int, default=7, help="for how many days it is good (7; 0 for ever)")
    adding.set_defaults(run=operating.told(_add))
    password = deeds.add_parser("password", help="set a password, read from the terminal or from standard input")
    password.set_defaults(run=operating.told(_password))
    role = deeds.add_parser("role", help="make somebody an owner of the server, or a plain member again")
    role.set_defaults(run=operating.told(_role))
    removing = deeds.add_parser("remove", help="sign out all their devices for good; the name stays taken")
    removing.set_defaults(run=operating.told(_remove))
    for named in (adding, password, role, removing):
        named.add_argument("name", metavar="NAME")
    role.add_argument("role", choices=("owner", "member"))
    for deed in (listing, adding, password, role, removing):
        operating.add_data(deed)


def _account(picture: Picture, name: str) -> Account:
    found = picture.names.get(rules.name_key(name))
    if found is None:
        raise OperatorError(f"There is nobody called {name[: rules.USER_NAME]} here.")
    return picture.people[found]


def _list(args: argparse.Namespace) -> None:
    now = timestamp(time.time_ns())
    with operating.accounts(args) as store:
        picture = store.load()
    rows = [("name", "role", "devices", "password", "last seen")]
    for name in sorted(picture.people, key=str.casefold):
        account, devices = picture.people[name], picture.devices.get(name, {}).values()
        role = "removed" if account.removed else "hook" if account.hook else "owner" if account.owner else "member"
        seen = max([account.seen, *(device.seen for device in devices)])
        last = f"{seen[:10]} {seen[11:16]} UTC" if seen else "-"
        rows.append((name, role, str(len(devices)), "yes" if account.password else "no", last))
    waiting = (found for found in picture.invitations.values() if found.name and not invitations.is_over(found, now))
    rows.extend((invitation.name, "invited", "0", "no", "-") for invitation in waiting)
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _add(args: argparse.Namespace) -> None:
    name, days, now = rules.user_name(args.name), invitations.days(args.days), timestamp(time.time_ns())
    with operating.accounts(args) as store:
        picture = store.load()
        if found := picture.names.get(rules.name_key(name)):
            if picture.people[found].removed:
                raise OperatorError(f"{found} was removed and stays taken. `user password {found}` lets them in again.")
            raise OperatorError(f"There is somebody called {found} already.")
        expires = invitations.expiry(now, days)
        invitation = Invitation(new_code(picture), name=name, uses=1, expires=expires)
        store.invite(invitation)
        print(invitations.link(operating.public_address(store), "", invitation.code))
    until = f" It is good until {invitations.day(expires, now)}." if expires else ""
    print(f"Whoever opens this link first is {name}; the code alone is {invitation.code}.{until}", file=sys.stderr)


def new_code(picture: Picture) -> str:
    """A code that there is not yet."""
    while (code := invitations.new_code(secrets.choice)) in picture.invitations:
        pass
    return code


def _password(args: argparse.Namespace) -> None:
    with operating.accounts(args) as store:
        account = _account(store.load(), args.name)
        if account.hook:
            raise OperatorError(f"{account.name} is the name of a webhook: nobody signs in by it.")
        store.give_password(account.name, hash_password(rules.password(_read_password(account.name))))
    back = " and can sign in again" if account.removed else ""
    print(f"{account.name} has a new password{back}. Devices that are signed in stay so.")


def _read_password(name: str) -> str:
    if sys.stdin.isatty():
        password = getpass.getpass(f"New password for {name}: ")
        if getpass.getpass("Once more: ") != password:
            raise OperatorError("These were two different passwords. Nothing was changed.")
        return password
    line = sys.stdin.buffer.readline(LONGEST_INPUT)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise OperatorError("The password on standard input is not UTF-8. Nothing was changed.") from None


def _role(args: argparse.Namespace) -> None:
    with operating.accounts(args) as store:
        account = _account(store.load(), args.name)
        if account.removed:
            raise OperatorError(f"{account.name} was removed. `user password {account.name}` lets them in again.")
        store.set_owner(account.name, args.role == "owner")
        print(f"{account.name} is {'an owner of this server' if args.role == 'owner' else 'a member'} now.")
        _tell_of_owners(store)


def _remove(args: argparse.Namespace) -> None:
    with operating.accounts(args) as store:
        picture = store.load()
        key = rules.name_key(args.name)
        waiting = [found.code for found in picture.invitations.values() if rules.name_key(found.name) == key]
        if key not in picture.names and waiting:
            for code in waiting:
                store.revoke(code)
            print(f"{args.name} is not invited any more.")
            return
        account = _account(picture, args.name)
        store.remove(account.name)
        print(f"{account.name} is removed: their devices are signed out, the name stays taken, what they wrote stays.")
        _tell_of_owners(store)


def _tell_of_owners(store: Store) -> None:
    if not any(account.owner for account in store.load().people.values()):
        print("Nobody owns this server now. `user role NAME owner` makes somebody its owner.", file=sys.stderr)
