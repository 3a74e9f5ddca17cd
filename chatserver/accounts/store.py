"""The file of the accounts: blocking, one transaction for every change, read whole into a `Picture`.

The server and the operator's commands work on one file at the same time. So what must not happen twice (a name, the
last use of an invitation, a device for a password that was just changed) is decided here, inside the transaction,
and never by what somebody had in memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatserver.accounts import invitations
from chatserver.accounts.picture import Account, Device, Hook, Invitation, Picture, Preferences
from chatserver.accounts.schema import AccountsError, prepare
from shared import rules
from shared.errors import Refused

FILE = "accounts.sqlite3"
WAIT = 5.0
"""Seconds that a change waits for that of another process."""


class Store:
    """One open file. Every method blocks; `sqlite3.Error` where the disk fails, `Refused` where a rule says no."""

    def __init__(self, path: Path) -> None:
        """Open, create or migrate. `AccountsError` where that cannot be done."""
        try:
            path.touch(mode=0o600)
            path.chmod(0o600)
            self._db = sqlite3.connect(path, timeout=WAIT, check_same_thread=False, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise AccountsError(f"The accounts in {path} cannot be opened: {error}.") from error
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            prepare(self._db)
            self._version = -1
        except (sqlite3.Error, AccountsError) as error:
            self._db.close()
            raise AccountsError(f"The accounts in {path} cannot be opened: {error}.") from error

    def close(self) -> None:
        """No method works after this."""
        self._db.close()

    def changed(self) -> bool:
        """True where somebody else wrote to the file since it was loaded."""
        return self._data_version() != self._version

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    # --- reading ----------------------------------------------------------------------------------------------

    def load(self) -> Picture:
        """All of it, as it is at one moment."""
        self._db.execute("BEGIN")
        try:
            picture = self._read()
            version = self._data_version()
        finally:
            self._db.execute("COMMIT")
        self._version = version
        return picture

    def _read(self) -> Picture:
        picture, db = Picture(), self._db
        rows = db.execute("SELECT name, owner, password, removed, seen, receipts, state, note, hook FROM people")
        for name, owner, password, removed, seen, receipts, state, note, hook in rows:
            preferences = Preferences(bool(receipts), state, note)
            picture.add_person(Account(name, bool(owner), password, bool(removed), seen, preferences, bool(hook)))
        for row in db.execute("SELECT session, name, hash, client, created, seen, address FROM devices"):
            picture.add_device(Device(*row))
        for row in db.execute("SELECT code, owner, name, room, maker, uses, expires FROM invitations ORDER BY rowid"):
            picture.invitations[row[0]] = _invitation(row)
        for code, name in db.execute("SELECT code, name FROM used ORDER BY rowid"):
            if invitation := picture.invitations.get(code):
                invitation.used_by.append(name)
        for name, room, seq in db.execute("SELECT name, room, seq FROM reads"):
            picture.reads.setdefault(name, {})[room] = seq
        for row in db.execute("SELECT id, hash, name, room, title, maker, created FROM hooks ORDER BY rowid"):
            picture.add_hook(Hook(*row))
        return picture

    def fact(self, key: str) -> str | None:
        """Something that one process leaves for another."""
        row = self._db.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def put_fact(self, key: str, value: str) -> None:
        """Leave it."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    # --- people -----------------------------------------------------------------------------------------------

    def claim(self, account: Account, device: Device, code: str | None, now: str) -> None:
        """A new name with its first device, by an invitation or without. `name_taken` for who comes second."""
        with self._transaction() as db:
            if code is not None:
                self._spend(db, code, account.name, now)
            try:
                db.execute(
                    "INSERT INTO people (name, name_key, owner, password) VALUES (?, ?, ?, ?)",
                    (account.name, rules.name_key(account.name), account.owner, account.password),
                )
            except sqlite3.IntegrityError:
                raise taken(account.name) from None
            self._insert_device(db, device)

    def add_device(self, device: Device, password: str) -> Device:
        """Another device, by the password with this hash; `bad_credentials` where it is another one by now.

        Gives the one that there is, where its token was added in the same moment over another connection.
        """
        with self._transaction() as db:
            row = db.execute("SELECT password FROM people WHERE name = ? AND NOT removed", (device.name,)).fetchone()
            if row is None or row[0] != password:
                raise Refused("bad_credentials", f"That password does not open {device.name}.")
            query = (
                "SELECT session, name, hash, client, created, seen, address FROM devices WHERE name = ? AND hash = ?"
            )
            if found := db.execute(query, (device.name, device.hash)).fetchone():
                return Device(*found)
            self._insert_device(db, device)
            return device

    @staticmethod
    def _insert_device(db: sqlite3.Connection, device: Device) -> None:
        row = (device.session, device.name, device.hash, device.client, device.created, device.seen, device.address)
        db.execute("INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def drop_device(self, name: str, session: str) -> None:
        """Its token opens nothing any more."""
        with self._transaction() as db:
            db.execute("DELETE FROM devices WHERE name = ? AND session = ?", (name, session))

    def set_password(self, name: str, new: str, instead_of: str | None) -> bool:
        """False where the password is another than the one that this was to replace."""
        with self._transaction() as db:
            query = "UPDATE people SET password = ? WHERE name = ? AND password IS ?"
            return db.execute(query, (new, name, instead_of)).rowcount == 1

    def give_password(self, name: str, new: str) -> None:
        """The operator's way: whatever it was before, and for somebody who was removed the way back."""
        with self._transaction() as db:
            db.execute("UPDATE people SET password = ?, removed = 0 WHERE name = ? AND NOT hook", (new, name))

    def set_owner(self, name: str, owner: bool) -> None:
        """Whether this person owns the server."""
        with self._transaction() as db:
            db.execute("UPDATE people SET owner = ? WHERE name = ?", (owner, name))

    def remove(self, name: str) -> None:
        """Nothing opens the name any more, and it stays taken. Their invitations end too."""
        with self._transaction() as db:
            db.execute("UPDATE people SET removed = 1, owner = 0, password = NULL WHERE name = ?", (name,))
            db.execute("DELETE FROM devices WHERE name = ?", (name,))
            db.execute("DELETE FROM hooks WHERE name = ?", (name,))
            db.execute("DELETE FROM used WHERE code IN (SELECT code FROM invitations WHERE maker = ?)", (name,))
            db.execute("DELETE FROM invitations WHERE maker = ?", (name,))

    def prefer(self, name: str, receipts: bool | None, state: str | None, note: str | None) -> None:
        """What the person chose; None stays as it is, so that two choices in one moment do not undo each other."""
        with self._transaction() as db:
            query = (
                "UPDATE people SET receipts = coalesce(?, receipts), state = coalesce(?, state),"
                " note = coalesce(?, note) WHERE name = ?"
            )
            db.execute(query, (receipts, state, note, name))

    # --- invitations ------------------------------------------------------------------------------------------

    def invite(self, invitation: Invitation) -> None:
        """A new one; `sqlite3.IntegrityError` where there is this code already, `name_taken` where its name is."""
        with self._transaction() as db:
            key = rules.name_key(invitation.name)
            if invitation.name and db.execute("SELECT 1 FROM people WHERE name_key = ?", (key,)).fetchone():
                raise taken(invitation.name)
            row = (invitation.code, invitation.owner, invitation.name, invitation.room, invitation.maker)
            db.execute(
                "INSERT INTO invitations (code, owner, name, room, maker, uses, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, invitation.uses, invitation.expires),
            )

    def revoke(self, code: str) -> None:
        """Nobody can use it any more."""
        with self._transaction() as db:
            db.execute("DELETE FROM used WHERE code = ?", (code,))
            db.execute("DELETE FROM invitations WHERE code = ?", (code,))

    def use(self, code: str, name: str, now: str) -> None:
        """This person, who has an account, uses it; `invite_needed` where it is over by now."""
        with self._transaction() as db:
            if self._spend(db, code, name, now).owner:
                db.execute("UPDATE people SET owner = 1 WHERE name = ?", (name,))

    @staticmethod
    def _spend(db: sqlite3.Connection, code: str, name: str, now: str) -> Invitation:
        query = "SELECT code, owner, name, room, maker, uses, expires FROM invitations WHERE code = ?"
        row = db.execute(query, (code,)).fetchone()
        if row is None:
            raise unknown_code()
        invitation = _invitation(row)
        invitation.used_by = [user for (user,) in db.execute("SELECT name FROM used WHERE code = ?", (code,))]
        invitations.check(invitation, name, now)
        if invitation.owner or invitation.name:  # good for one, and then nothing is left to tell of it
            db.execute("DELETE FROM invitations WHERE code = ?", (code,))
        else:
            db.execute("INSERT OR IGNORE INTO used VALUES (?, ?)", (code, name))
        return invitation

    # --- webhooks ---------------------------------------------------------------------------------------------

    def add_hook(self, hook: Hook, note: str) -> None:
        """A new one, and its name, which shows this note; `name_taken` where that is somebody's."""
        with self._transaction() as db:
            try:
                db.execute(
                    "INSERT INTO people (name, name_key, owner, hook, note) VALUES (?, ?, 0, 1, ?)",
                    (hook.name, rules.name_key(hook.name), note),
                )
            except sqlite3.IntegrityError:
                raise taken(hook.name) from None
            db.execute("INSERT INTO hooks VALUES (?, ?, ?, ?, ?, ?, ?)", hook)

    def drop_hook(self, ident: str) -> None:
        """Its secret opens nothing any more; its name stays taken."""
        with self._transaction() as db:
            db.execute("UPDATE people SET removed = 1 WHERE name IN (SELECT name FROM hooks WHERE id = ?)", (ident,))
            db.execute("DELETE FROM hooks WHERE id = ?", (ident,))

    # --- what may be lost for a moment --------------------------------------------------------------------------

    def keep(
        self,
        reads: Iterable[tuple[str, str, int]],
        seen: Iterable[tuple[str, str]],
        devices: Iterable[Device],
    ) -> None:
        """Read markers `(name, room, seq)`, `(name, when last here)`, and the last use of devices."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO reads VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)", reads
            )
            db.executemany("UPDATE people SET seen = ? WHERE name = ?", [(time, name) for name, time in seen])
            db.executemany(
                "UPDATE devices SET client = ?, seen = ?, address = ? WHERE session = ?",
                [(device.client, device.seen, device.address, device.session) for device in devices],
            )


def _invitation(row: tuple[str, int, str, str, str, int, str]) -> Invitation:
    code, owner, name, room, maker, uses, expires = row
    return Invitation(code, bool(owner), name, room, maker, uses, expires)


def taken(name: str) -> Refused:
    """The name, or one that looks like it, is somebody's."""
    told = f"{name} belongs to somebody here. If that is you, sign in on your first device and set a password there."
    return Refused("name_taken", told)


def unknown_code() -> Refused:
    """No such invitation, or none any more."""
    return Refused("invite_needed", "This invitation is not known here. Check the code, or ask for a new one.")
