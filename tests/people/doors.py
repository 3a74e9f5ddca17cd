"""Signing in by hand: what a hello gets, whatever it is, and connections that are closed at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.processes import ServerProcess
from tests.server.peer import Line, Peer, close_all

PASSWORD = "correct horse battery"
NEW = "staple correct horse"


def token(name: str) -> str:
    """A token as clients make them, the same for the same name."""
    return f"token of {name.casefold()}".ljust(40, ".")


class House:
    """One server, and everybody who knocked at its door."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.peers: list[Peer] = []

    @property
    def owner_code(self) -> str:
        return (self.server.data / "owner-invitation.txt").read_text().strip()

    async def knock(self) -> Peer:
        """A connection that has not said hello."""
        peer = await Peer.connect(self.server.port)
        self.peers.append(peer)
        return peer

    async def hello(self, user: str, device: str = "", /, **fields: Any) -> tuple[Peer, Line]:
        """A new connection and what it got for its hello. `device` tells a person's tokens apart."""
        peer = await self.knock()
        peer.user = user
        said = {"type": "hello", "protocol": 1, "user": user, "token": token(f"{user} {device}")} | fields
        return peer, await peer.ask(**said)

    async def enter(self, user: str, device: str = "", /, **fields: Any) -> Peer:
        """As `hello`, and welcomed."""
        peer, answer = await self.hello(user, device, **fields)
        assert answer["type"] == "welcome", answer
        return peer

    async def refused(self, user: str, device: str = "", /, **fields: Any) -> str:
        """The code that a hello is refused with."""
        _, answer = await self.hello(user, device, **fields)
        assert answer["type"] == "error", answer
        return str(answer["code"])


@asynccontextmanager
async def house(server: ServerProcess) -> AsyncIterator[House]:
    """A house whose connections are closed at the end."""
    found = House(server)
    try:
        yield found
    finally:
        await close_all(*found.peers)
