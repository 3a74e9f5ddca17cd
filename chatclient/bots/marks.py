"""The ids that a bot's changes bear, by which each happens once although the bot may be killed in the middle.

While an event is handled, ids are made of its seq, of who handles it, and of how many changes came before: handled once
more by the next run, the same steps bear the same ids, and what stands already is not done again. Every id begins with
`bot:`, so that bots can tell each other's messages and need not answer them.
"""

import hashlib
import secrets
from contextvars import ContextVar
from typing import Final

MARK: Final = "bot:"


class Handling:
    """One event being handled by one handler. Tasks that go on when it is `over` act of their own accord."""

    def __init__(self, seq: int, handler: str) -> None:
        self.seq = seq
        self.over = False
        self._prefix = f"{MARK}{seq}.{hashlib.blake2b(handler.encode(), digest_size=3).hexdigest()}."
        self._changes = 0

    def next_id(self) -> str:
        """For the next change."""
        self._changes += 1
        return f"{self._prefix}{self._changes}"

    def gave(self, ident: str) -> bool:
        """Is this an id for a step of handling this event?"""
        return ident.startswith(self._prefix)


_handling: Final[ContextVar[Handling | None]] = ContextVar("handling", default=None)
"""Tasks inherit it from the handler that starts them."""


def begin(now: Handling) -> None:
    """From here on the running task handles this."""
    _handling.set(now)


def handling() -> Handling | None:
    """What the running task handles, None for nothing."""
    now = _handling.get()
    return now if now is not None and not now.over else None


def mark(once: str = "") -> str:
    """An id: of this key where one is given, of what is being handled, or a new one."""
    if once:
        return f"{MARK}{once}"
    now = handling()
    return now.next_id() if now is not None else f"{MARK}{secrets.token_hex(10)}"


def by_bot(ident: str) -> bool:
    """Whether a bot of this library made the change with this id."""
    return ident.startswith(MARK)
