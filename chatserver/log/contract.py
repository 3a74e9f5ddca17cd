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

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from shared.errors import ParleyError, Refused
from shared.protocol import AnyEvent, Deleted, File, Message


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


class RoomPage(NamedTuple):
    """Entries of one room, oldest first, folded; the changes of messages are no entries.

    through     the newest seq that the answer has seen
    quoted      the messages that others here reply to and that are not among them, folded, by seq
    """

    events: list[AnyEvent]
    more_before: bool
    more_after: bool
    through: int
    quoted: list[Message]


class Span(NamedTuple):
    """Events of several rooms by seq. `through`: up to which seq the answer is complete; ask `more` after it."""

    events: list[AnyEvent]
    more: bool
    through: int


class CalendarPage(NamedTuple):
    """How much was said between each two neighbouring edges.

    counts      messages that were not deleted
    seqs        the first entry, 0 for none
    first       time of the room's first entry, empty where it has none
    """

    counts: list[int]
    seqs: list[int]
    first: str


class FoundPage(NamedTuple):
    """Messages, folded, newest first: all that there are from the seq `before` on. `more`: there may be others before
    it, ask on with it. `through`: the newest seq that the answer has seen."""

    messages: list[Message]
    more: bool
    before: int
    through: int


class Unread(NamedTuple):
    """How many messages, and how many among them speak to the reader (`shared.mentions`): in a direct conversation all.

    Deleted ones do not count; an edited one speaks to whom it first spoke to. A name that stood in no event yet when a
    message mentioned it belongs to nobody, whoever takes it later.
    """

    messages: int
    mentions: int


class Reader(Protocol):
    """What can be asked about the history. An answer holds everything that `follow` had yielded when it was asked.

    A message comes `folded`: its text is that of its newest edit, `edited` the time of it, and with its reactions; of
    a deleted one nothing is left but who wrote it, and when. All of it may raise `LogError` where the history cannot be
    read.
    """

    async def page(
        self, room: str, *, before: int | None = None, after: int | None = None, around: int | None = None, limit: int
    ) -> RoomPage:
        """Up to `limit` entries of the room next to a seq, which itself belongs to `around` alone.

        `before` gives the newest of the older ones, `after` the oldest of the newer ones, `around` half and half, none
        of them the newest of all. The first of the three that is not None counts.
        """
        ...

    async def events(
        self, after: int, limit: int, rooms: Collection[str], also: Sequence[tuple[str, int, int]] = ()
    ) -> Span:
        """Up to `limit` events after this seq in these rooms, and those of `(room, lo, hi)` with lo <= seq <= hi.

        As they were stored, not folded; but of what was deleted by now only that it was there: a message comes with
        `deleted` and without text, files and reply, its edits with an empty text, and its reactions as the removal of
        an empty emoji, which is nothing to anybody.
        """
        ...

    async def message(self, room: str, seq: int) -> Message | None:
        """The message of this seq, folded; None where that is no message of this room."""
        ...

    async def deletion(self, room: str, seq: int) -> Deleted | None:
        """The event that deleted this message (the first, should there be several), None where it was not deleted."""
        ...

    async def line(self, room: str, seq: int) -> str | None:
        """The line of the history, without its newline, in which this event of the room stands.

        None where there is none, for a deleted message, and for its edits and reactions.
        """
        ...

    async def calendar(self, room: str, edges: Sequence[str]) -> CalendarPage:
        """What the room has between each two neighbouring edges: from the first on, before the second.

        `edges` are two times or more, ascending, in the form that events have them in.
        """
        ...

    async def search(
        self,
        text: str,
        *,
        rooms: Collection[str],
        user: str | None = None,
        since: str | None = None,
        until: str | None = None,
        before: int | None = None,
        files: bool = False,
        limit: int,
    ) -> FoundPage:
        """Up to `limit` messages of these rooms that hold the text (both as `shared.folding` folds them), by this
        person, from the time `since` on, before the time `until` and before the seq `before`. `files`: only those
        that bear files, then the text may be empty. Where it would take long, the answer ends early: fewer messages,
        perhaps none, and `more`."""
        ...

    async def file_in(self, file: str, rooms: Collection[str]) -> File | None:
        """This file (by its SHA-256) as the newest message of these rooms bears it that was not deleted, or None."""
        ...

    async def file_used(self, file: str) -> bool:
        """Whether any message of any room bears this file that was not deleted."""
        ...

    async def unread(self, user: str, after: Mapping[str, int]) -> dict[str, Unread]:
        """For each room of `{room: seq}` the messages of other people that it has after that seq."""
        ...

    async def find(self, author: str, ident: str) -> AnyEvent | None:
        """The event that this person's client gave this id."""
        ...

    async def state(self) -> tuple[int, bytes] | None:
        """What `put_state` kept last, or None."""
        ...

    async def put_state(self, seq: int, data: bytes) -> None:
        """Keep a snapshot of what the events up to this seq amount to, so that a start need not replay them."""
        ...


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

    @property
    def index(self) -> Reader:
        """Where the commands look things up."""
        ...

    def submit(self, draft: AnyEvent) -> None:
        """Hand over a draft (seq 0); its outcome comes out of `follow`. Never waits, never raises.

        While the log closes, a draft is refused with `shutting_down`; after `LogFailed` or the end of `follow` it is
        dropped, since nobody is there any more to hear of it.
        """
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
