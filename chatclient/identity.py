"""Who a program without a window is, and at which server: as its command line says, its environment, or this device.

What the command line leaves out is taken from PARLEY_SERVER and PARLEY_USER, and then from what this device remembers:
the newest sign-in that agrees with what is known. The token is PARLEY_TOKEN (for machines that keep nothing), or the
one that this device keeps for the name at that server; a name that is new to it gets one, which is kept.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from chatclient import address
from chatclient.address import Address
from chatclient.catchup import CatchUp
from chatclient.client import ChatClient
from chatclient.keep import Keep, Recent
from shared.errors import ParleyError
from shared.rules import user_name


class Unnamed(ParleyError):
    """Nobody says which server is meant, or who."""


class Identity(NamedTuple):
    """`token` "": the one that this device keeps. `invite` and `password` are for a sign-in that needs them."""

    address: Address
    user: str
    token: str = ""
    invite: str | None = None
    password: str | None = None

    def key(self, keep: Keep) -> str:
        """The token. May take seconds, since a keyring may ask its owner first; `KeepError`."""
        return self.token or keep.token(self.address.server, self.user)

    async def client(self, keep: Keep, ids: Callable[[], str], catchup: CatchUp | None = None) -> ChatClient:
        """A client that keeps nothing of what it sends; waits for nothing but the token. `KeepError`."""
        token = await asyncio.to_thread(self.key, keep)
        return self._client(token, keep, ids=ids, catchup=catchup)

    def lasting(self, token: str, keep: Keep) -> ChatClient:
        """A client for somebody who writes: what waits to be sent outlives it."""
        return self._client(token, keep, spool=keep.waiting(self.address.server, self.user))

    def _client(self, token: str, keep: Keep, **more: Any) -> ChatClient:
        place = self.address
        return ChatClient(
            place.host,
            place.port,
            self.user,
            token,
            invite=self.invite,
            password=self.password,
            tls=place.tls,
            cache=keep.cache,
            **more,
        )


def identity(
    server: Address | None, user: str, environment: Mapping[str, str], recent: Sequence[Recent] = ()
) -> Identity:
    """Who and where. `Unnamed`, or `Refused` where the environment says something that is neither.

    recent    what this device remembers, the newest first; empty for who must not go as its owner
    """
    if server is None and environment.get("PARLEY_SERVER"):
        server = address.parse(environment["PARLEY_SERVER"])
    user = user_name(user or environment.get("PARLEY_USER", "")) if user or environment.get("PARLEY_USER") else ""
    known = next(
        (
            signed_in
            for signed_in in recent
            if (server is None or signed_in.server == server.server) and user in ("", signed_in.user)
        ),
        None,
    )
    if server is None:
        if known is None:
            raise Unnamed("Which server? Name it (--server HOST:PORT), or set PARLEY_SERVER.")
        server = address.parse(known.server)
    if not user:
        if known is None:
            raise Unnamed(f"Who are you at {server.short}? Say it (--user NAME), or set PARLEY_USER.")
        user = known.user
    return Identity(
        server,
        user,
        environment.get("PARLEY_TOKEN", ""),
        server.invite or environment.get("PARLEY_INVITE") or None,
        environment.get("PARLEY_PASSWORD") or None,
    )
