"""Who a program without a window is, and at which server: as its command line says, its environment, or this device.

What the command line leaves out is taken from PARLEY_SERVER and PARLEY_USER, and then from what this device remembers:
the newest sign-in that agrees with what is known. The token is PARLEY_TOKEN (for machines that keep nothing), or the
one that this device keeps for the name at that server; a name that is new to it gets one, which is kept.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

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

    async def client(self, keep: Keep, ids: Callable[[], str], catchup: CatchUp | None = None) -> ChatClient:
        """A client for it, which waits for nothing but the token: a keyring may ask its owner. `KeepError`."""
        place = self.address
        token = self.token or await asyncio.to_thread(keep.token, place.server, self.user)
        return ChatClient(
            place.host,
            place.port,
            self.user,
            token,
            invite=self.invite,
            password=self.password,
            tls=place.tls,
            cache=keep.cache,
            ids=ids,
            catchup=catchup,
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
