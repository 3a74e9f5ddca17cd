"""The interface between the server and whatever keeps its history.

Guarantees, by number (the contract suite names them):

 1. `follow` yields each stored event once, in the order of `seq`, without a hole, and only after it is durable.
 2. A submitted draft has exactly one outcome in a batch of `follow`: stored, repeated (with the event that the first
    one became) or refused.
 3. `(author, id)` names a draft for ever, over restarts too: the same contents give the original event, other
    contents are refused with `id_reused`.
 4. `submit` never waits and keeps the caller's order.
 5. After `LogFailed` nothing is stored any more, and nothing that was not published is called stored.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

from shared.errors import ParleyError, Refused
from shared.protocol import AnyEvent


class LogError(ParleyError):
    """The history cannot be opened or written; the sentence says why and what mends it."""


class LogFailed(LogError):
    """The disk failed under a running log. Whether the waiting drafts stand is unknown: stop the process."""


class Repeated(NamedTuple):
    """A draft that had been stored before, and the event that it became then."""

    draft: AnyEvent
    event: AnyEvent


class Rejected(NamedTuple):
    """A draft that was not stored, and why."""

    draft: AnyEvent
    error: Refused


class Batch(NamedTuple):
    """What became durable (or was refused) together.

    `stored` are the submitted drafts themselves, with `seq`, `prev` and `time` filled in, by seq.
    """

    stored: Sequence[AnyEvent]
    repeated: Sequence[Repeated] = ()
    rejected: Sequence[Rejected] = ()


class Log(Protocol):
    """An append-only history. All methods are called from one event loop."""

    @property
    def epoch(self) -> str:
        """Which history this is: another epoch is another history."""
        ...

    @property
    def tip(self) -> int:
        """The newest durable seq, 0 for an empty history."""
        ...

    def submit(self, draft: AnyEvent) -> None:
        """Hand over a draft (seq 0); its outcome comes out of `follow`. Never waits, never raises."""
        ...

    def follow(self, after: int) -> AsyncIterator[Batch]:
        """The stored events after this seq, then each new batch as it becomes durable. For one follower.

        Ends when the log is closed; raises `LogFailed` when the disk failed.
        """
        ...

    async def drained(self) -> None:
        """Wait while too much is waiting to be written. Call it between two reads of one connection."""
        ...

    async def read(self, after: int, limit: int) -> list[AnyEvent]:
        """Up to `limit` durable events after this seq, oldest first. `prev` is filled in."""
        ...

    async def close(self) -> None:
        """Write and publish what was submitted, then end `follow`."""
        ...
