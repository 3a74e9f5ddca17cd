"""Who may speak under which name: names, tokens, invitations, and how far each person has read.

This is the people's own store, kept beside the history and not derived from it (`accounts.sqlite3`). All of it is
small and lives in memory; a change is written and synced on a thread of its own before it counts. A token is 256
random bits made by the client; the store keeps its SHA-256 only.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

from shared import rules
from shared.errors import ParleyError, Refused

Access = Literal["open", "invite", "closed"]
T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (name TEXT PRIMARY KEY, name_key TEXT UNIQUE NOT NULL, owner INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (name TEXT REFERENCES people, hash BLOB, PRIMARY KEY (name, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitations (code TEXT PRIMARY KEY, owner INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS reads (name TEXT, room TEXT, seq INTEGER NOT NULL, PRIMARY KEY (name, room)) WITHOUT ROWID;
"""


class AccountsError(ParleyError):
    """The store of the accounts cannot be opened; the sentence says why."""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Accounts:
    """The store. Reading is from memory; what changes it is awaited until it is on the disk."""

    def __init__(self, path: Path) -> None:
        """Open or create; blocking. `AccountsError` where that cannot be done."""
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
            path.chmod(0o600)
            self._owners = {name for name, owner in self._db.execute("SELECT name, owner FROM people") if owner}
            self._names: dict[str, str] = dict(self._db.execute("SELECT name_key, name FROM people"))
            self._tokens: set[tuple[str, bytes]] = set(self._db.execute("SELECT name, hash FROM tokens"))
            self._invitations: dict[str, int] = dict(self._db.execute("SELECT code, owner FROM invitations"))
            self._reads: dict[str, dict[str, int]] = {}
            for name, room, seq in self._db.execute("SELECT name, room, seq FROM reads"):
                self._reads.setdefault(name, {})[room] = seq
        except (sqlite3.Error, OSError) as error:
            raise AccountsError(f"The accounts in {path} cannot be opened: {error}.") from error
        self._dirty_reads: set[tuple[str, str]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="accounts")

    def person(self, name: str) -> str | None:
        """The name as its owner wrote it, or None where nobody has it or a look-alike of it."""
        return self._names.get(rules.name_key(name))

    def is_owner(self, name: str) -> bool:
        """True for who used the owner's invitation."""
        return name in self._owners

    def has_people(self) -> bool:
        """False until the first name is claimed."""
        return bool(self._names)

    def opens(self, name: str, token: str) -> bool:
        """Whether this token belongs to this name (as `person` gives it)."""
        return (name, _hash(token)) in self._tokens

    def admit(self, access: Access, invite: str | None) -> bool:
        """Whether a new name may be claimed; True for an owner to be, `Refused` for who may not."""
        code = self._invitations.get(invite or "")
        if code is not None:
            return bool(code)
        if access == "closed":
            raise Refused("not_allowed", "This server is closed to new names. Ask its owner for an account.")
        if access == "invite" or invite:
            raise Refused("invite_needed", "This server needs an invitation. Paste the link that you were given.")
        return False

    async def claim(self, name: str, token: str, invite: str | None, owner: bool) -> None:
        """The name belongs to this token from now on; on the disk when this returns."""
        key, hashed = rules.name_key(name), _hash(token)
        # Taken in memory first: two claims of one name in the same moment must not both win.
        self._names[key] = name
        self._tokens.add((name, hashed))
        if owner:
            self._owners.add(name)
            self._invitations.pop(invite or "", None)

        def write() -> None:
            self._db.execute("BEGIN")
            self._db.execute("INSERT INTO people VALUES (?, ?, ?)", (name, key, owner))
            self._db.execute("INSERT INTO tokens VALUES (?, ?)", (name, hashed))
            if owner:
                self._db.execute("DELETE FROM invitations WHERE code = ?", (invite,))
            self._db.execute("COMMIT")

        try:
            await self._off_loop(write)
        except sqlite3.Error:
            del self._names[key]
            self._tokens.discard((name, hashed))
            self._owners.discard(name)
            raise Refused("storage_full", "The server cannot keep a new name right now. Try again later.") from None

    def invitation_for_owner(self, make: Callable[[], str]) -> str | None:
        """The code that makes its first user the owner: made at the first start, None once it was used. Blocking."""
        code = next((code for code, owner in self._invitations.items() if owner), None)
        if code is None and not self._owners and not self.has_people():
            code = make()
            self._db.execute("INSERT INTO invitations VALUES (?, 1)", (code,))
            self._invitations[code] = 1
        return code

    def read(self, name: str, room: str) -> int:
        """Up to which seq this person has read this room, 0 for not at all."""
        return self._reads.get(name, {}).get(room, 0)

    def mark_read(self, name: str, room: str, seq: int) -> bool:
        """Move the marker on; False where it stood there or further. Written with the next `flush`."""
        marks = self._reads.setdefault(name, {})
        if seq <= marks.get(room, 0):
            return False
        marks[room] = seq
        self._dirty_reads.add((name, room))
        return True

    async def flush(self) -> None:
        """Write the read markers that moved: losing the last seconds of them costs nobody a message."""
        rows = [(name, room, self._reads[name][room]) for name, room in self._dirty_reads]
        self._dirty_reads.clear()

        def write() -> None:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO reads VALUES (?, ?, ?)", rows)
            self._db.execute("COMMIT")

        if rows:
            await self._off_loop(write)

    async def _off_loop(self, write: Callable[[], T]) -> T:
        def guarded() -> T:
            try:
                return write()
            except sqlite3.Error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)

    async def close(self) -> None:
        """Write what waits and close."""
        await self.flush()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._db.close)
        self._thread.shutdown()

    def close_now(self) -> None:
        """Close without a loop: after a start that failed."""
        self._thread.shutdown()
        self._db.close()
