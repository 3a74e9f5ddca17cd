"""Passwords: argon2id with the low-memory parameters of RFC 9106, off the loop.

A hash takes 64 MiB and some hundredths of a second. Two are made at once at most, so that a flood of sign-ins waits
in a queue and eats neither the memory nor the loop. A hash made with other parameters is made anew when its password
is next shown.
"""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from shared import rules

AT_ONCE: Final = 2

_hasher: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    """The hash that is kept. Blocking; where the loop runs it is `Passwords.hash`."""
    return _hasher.hash(_normal(password))


def _normal(password: str) -> str:
    """The same letters typed on two systems are the same password (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password)


def _matches(kept: str, password: str) -> bool:
    if len(password) > rules.PASSWORD[1]:
        return False
    try:
        return _hasher.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


class Passwords:
    """The threads that hash. `close` ends them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")

    async def hash(self, password: str) -> str:
        """The hash that is kept."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, password)

    async def matches(self, kept: str, password: str) -> bool:
        """Whether this is the password with this hash."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _matches, kept, password)

    @staticmethod
    def is_outdated(kept: str) -> bool:
        """True where the hash was made with other parameters than today's."""
        return _hasher.check_needs_rehash(kept)

    def close(self) -> None:
        """Forget what waits; what is being hashed is waited for."""
        self._threads.shutdown(cancel_futures=True)
