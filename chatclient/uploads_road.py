"""How one file comes to the server, whatever happens on the road: tried again, and resumed where the server says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, Protocol

from chatclient.journal import Kept
from chatclient.questions import Offline
from shared.errors import Refused
from shared.protocol import File

PIECE: Final = 256 * 1024
PASSING: Final = frozenset({"rate_limited", "shutting_down"})
"""Refusals that pass by themselves."""


class Road(Protocol):
    """How bytes come to the server. Both raise `Offline` where the connection breaks, and `Refused`."""

    async def uploaded(self, remote: str) -> int | File:
        """How many bytes of this upload the server has, or the file where it has all."""
        ...

    async def upload(self, remote: str, name: str, size: int, offset: int, pieces: AsyncIterator[bytes]) -> int | File:
        """Bring the rest, from `offset` on; the file, or how many bytes the server has where these were others."""
        ...

    async def drop_upload(self, remote: str) -> None:
        """Let the server forget what came of it."""
        ...


class Bringing:
    """One file, from the spool at `path` to the server.

    backoff    seconds to wait after so many tries in a row that brought nothing
    sent       is told how many bytes are on their way or there
    """

    def __init__(
        self,
        kept: Kept,
        path: Path,
        road: Road,
        backoff: Callable[[int], float],
        sent: Callable[[int], None],
    ) -> None:
        self._kept = kept
        self._path = path
        self._road = road
        self._backoff = backoff
        self._tell = sent
        self._sent = 0

    async def all(self, begun: bool) -> File:
        """Bring all of it; what the server has then. `begun`: it may have a part already. `Refused`."""
        attempt = 0
        while True:
            before, wait = self._sent, 0.0
            try:
                return await self._tried(begun)
            except Offline:
                pass
            except Refused as refused:
                if refused.code not in PASSING:
                    raise
                wait = refused.retry_after or 0.0
            begun = True
            attempt = 1 if self._sent > before else attempt + 1
            await asyncio.sleep(max(wait, self._backoff(attempt)))

    async def _tried(self, begun: bool) -> File:
        """One try, which goes on where the server says that the last one ended."""
        remote, file = self._kept.remote, self._kept.file
        there: int | File = await self._road.uploaded(remote) if begun else 0
        while not isinstance(there, File):
            self._sent = there
            answer = await self._road.upload(remote, file.name, file.size, there, self._pieces(there))
            if answer == there:
                raise Offline("The server does not get on with the file.")
            there = answer
        return there

    async def _pieces(self, offset: int) -> AsyncIterator[bytes]:
        # Nothing is held open between two pieces: whoever reads them may leave off anywhere.
        while piece := await asyncio.to_thread(_piece, self._path, offset):
            yield piece
            offset += len(piece)
            self._sent = offset
            self._tell(offset)


def _piece(path: Path, offset: int) -> bytes:
    with path.open("rb") as source:
        source.seek(offset)
        return source.read(PIECE)
