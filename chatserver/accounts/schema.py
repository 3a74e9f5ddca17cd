"""The tables of `accounts.sqlite3`, and how a file of an older Parley becomes one of this.

`user_version` says which tables a file has. Every step from one version to the next stands here once, runs in one
transaction, and is never changed after its release.
"""

import secrets
import sqlite3
from collections.abc import Callable
from typing import Final

from shared.errors import ParleyError


class AccountsError(ParleyError):
    """The store of the accounts cannot be opened; the sentence says why."""


_FIRST: Final = (
    "CREATE TABLE people (name TEXT PRIMARY KEY, name_key TEXT UNIQUE NOT NULL, owner INTEGER NOT NULL)",
    "CREATE TABLE tokens (name TEXT REFERENCES people, hash BLOB, PRIMARY KEY (name, hash)) WITHOUT ROWID",
    "CREATE TABLE invitations (code TEXT PRIMARY KEY, owner INTEGER NOT NULL)",
    "CREATE TABLE reads (name TEXT, room TEXT, seq INTEGER NOT NULL, PRIMARY KEY (name, room)) WITHOUT ROWID",
)
"""Version 0, which had no number: what the first Parley made."""

_PEOPLE: Final = (
    "ALTER TABLE people ADD COLUMN password TEXT",
    "ALTER TABLE people ADD COLUMN removed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE people ADD COLUMN seen TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE people ADD COLUMN receipts INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE people ADD COLUMN state TEXT NOT NULL DEFAULT 'online'",
    "ALTER TABLE people ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE devices (session TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES people, hash BLOB NOT NULL,"
    " client TEXT NOT NULL DEFAULT '', created TEXT NOT NULL DEFAULT '', seen TEXT NOT NULL DEFAULT '',"
    " address TEXT NOT NULL DEFAULT '', UNIQUE (name, hash))",
    "ALTER TABLE invitations ADD COLUMN name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE invitations ADD COLUMN room TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE invitations ADD COLUMN maker TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE invitations ADD COLUMN uses INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE invitations ADD COLUMN expires TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE used (code TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (code, name))",
    "CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)


def new_session() -> str:
    """An id for a device: told to its person alone, and no secret."""
    return secrets.token_hex(6)


def _to_people(db: sqlite3.Connection) -> None:
    """Passwords, devices in place of bare tokens, invitations with a room and an end."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'people'").fetchone():
        _run(db, _FIRST)
    _run(db, _PEOPLE)
    tokens = db.execute("SELECT name, hash FROM tokens").fetchall()
    db.executemany(
        "INSERT INTO devices (session, name, hash) VALUES (?, ?, ?)", [(new_session(), *token) for token in tokens]
    )
    db.execute("DROP TABLE tokens")


_HOOKS: Final = (
    "ALTER TABLE people ADD COLUMN hook INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE hooks (id TEXT PRIMARY KEY, hash BLOB UNIQUE NOT NULL, name TEXT NOT NULL REFERENCES people,"
    " room TEXT NOT NULL, title TEXT NOT NULL, maker TEXT NOT NULL, created TEXT NOT NULL)",
)


def _to_hooks(db: sqlite3.Connection) -> None:
    """Incoming webhooks, and names that are theirs."""
    _run(db, _HOOKS)


def _run(db: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(statement)


_STEPS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_to_people, _to_hooks)


def prepare(db: sqlite3.Connection) -> None:
    """Bring a file, new or old, to the tables of this Parley; `AccountsError` for one of a newer Parley."""
    if _version(db) == len(_STEPS):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _version(db)  # again: another process may have been quicker
        if version > len(_STEPS):
            raise AccountsError(f"a newer Parley made it (version {version}, this one knows {len(_STEPS)})")
        for step in _STEPS[version:]:
            step(db)
        db.execute(f"PRAGMA user_version = {len(_STEPS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
