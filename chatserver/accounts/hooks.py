"""The webhooks among the accounts: each has a name that is kept for it, and a secret of which the hash is kept.

They lie in memory with everything else and are written through the accounts' own thread, so that what was revoked
opens nothing from that moment on, over a restart too.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar

from chatserver.accounts.picture import Account, Hook, Picture, Preferences, hash_token
from chatserver.accounts.store import Store, taken
from shared import rules
from shared.errors import Refused

T = TypeVar("T")
NOTE: Final = "bot"
"""What a webhook says of itself wherever people are shown."""
_UNFIT: Final = re.compile(r"[^\w.-]+")
_TRIES: Final = 1_000


class Change(Protocol):
    """`write` on the accounts' thread, then `apply` on the loop."""

    def __call__(self, write: Callable[[], T], apply: Callable[[T], object] | None = None) -> Awaitable[T]: ...


class Hooks:
    """All webhooks of one server. `picture` gives what lies in memory now."""

    def __init__(self, store: Store, change: Change, picture: Callable[[], Picture]) -> None:
        self._store = store
        self._change = change
        self._picture = picture

    def all(self) -> list[Hook]:
        """Oldest first."""
        return list(self._picture().hooks.values())

    def find(self, ident: str) -> Hook | None:
        """The one with this id."""
        return self._picture().hooks.get(ident)

    def opened_by(self, secret: str) -> Hook | None:
        """The one with this secret; None where there is none (any more)."""
        return self._picture().secrets.get(hash_token(secret))

    def name_for(self, title: str) -> str:
        """A name for a webhook called so that nobody has: `Deploy bot` becomes Deploy-bot. `name_taken` where it would
        be a person's: nothing may look like somebody."""
        base = _UNFIT.sub("-", title).strip("-_.")[: rules.USER_NAME - 4].rstrip("-_.") or "hook"
        base = rules.user_name(base)
        kept = {rules.name_key(found.name) for found in self._picture().invitations.values() if found.name}
        for count in range(1, _TRIES):
            name = base if count == 1 else f"{base}-{count}"
            found = self._picture().names.get(rules.name_key(name))
            if found is None and rules.name_key(name) not in kept:
                return name
            if found is not None and not self._picture().people[found].hook:
                raise Refused("name_taken", f"{found} belongs to somebody here. Call the hook something else.")
        raise taken(base)

    async def add(self, hook: Hook) -> None:
        """A new one; on the disk when this returns. `name_taken` where its name is by now."""

        def done(_: None) -> None:
            self._picture().add_person(Account(hook.name, preferences=Preferences(note=NOTE), hook=True))
            self._picture().add_hook(hook)

        await self._change(lambda: self._store.add_hook(hook, NOTE), done)

    async def drop(self, ident: str) -> None:
        """Revoke it. Its name stays taken."""
        await self._change(lambda: self._store.drop_hook(ident), lambda _: self._picture().drop_hook(ident))
