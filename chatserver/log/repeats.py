"""The same draft twice: which events came lately, by author and id, and whether a draft says what its event said.

`Recent` holds the drafts on their way and the events since, in two generations: when the young one is full the old
one is forgotten. Bounded by number and by bytes, and always larger than what can be on its way at once.
"""

from typing import Final, NamedTuple

from chatserver.log.contract import Rejected, Repeated
from shared.errors import Refused
from shared.protocol import AnyEvent

GENERATION: Final = 16_384
GENERATION_BYTES: Final = 8 << 20
"""Of lines; what a batch may hold (see `textfile`) is less than both."""

_NOT_GIVEN: Final = frozenset({"seq", "prev", "time", "edited", "deleted", "reactions"})
"""Fields that no author fills in: those of the log, and what becomes of a message later."""


def key_of(author: str, ident: str) -> str:
    """One string for both: neither holds a tab."""
    return f"{author}\t{ident}"


class Forgotten(NamedTuple):
    """The ids that `Recent` knows no more: their hashes in the order of seq, and the last seq."""

    hashes: bytes
    through: int


class Recent:
    """Events by key. `young` is filled by its owner, who calls `turn` from time to time.

    An id is either here or in the filter: what `turn` forgets its owner must add there.
    """

    __slots__ = ("_hashes", "_size", "_through", "old", "young")

    def __init__(self) -> None:
        self.young: dict[str, AnyEvent] = {}
        self.old: dict[str, AnyEvent] = {}
        self._size = 0
        self._hashes: tuple[list[bytes], list[bytes]] = ([], [])  # of the young and of the old
        self._through = 0  # the last seq of the old

    def turn(self, hashes: list[bytes], size: int, through: int) -> Forgotten | None:
        """After a batch with these ids, of so many bytes, up to this seq, was put into `young`."""
        young, old = self._hashes
        young += hashes
        self._size += size
        if len(self.young) < GENERATION and self._size < GENERATION_BYTES:
            return None
        forgotten = Forgotten(b"".join(old), self._through) if old else None
        self.old, self.young, self._size = self.young, {}, 0
        self._hashes, self._through = ([], young), through
        return forgotten

    def forget(self, key: str) -> None:
        self.young.pop(key, None)
        self.old.pop(key, None)


def same_contents(draft: AnyEvent, event: AnyEvent) -> bool:
    """Whether both are one change: of one type and alike in all that their author gives. Of files the hash counts:
    their names are looked up when they are posted, and may be others by now."""
    return type(draft) is type(event) and all(
        _named(getattr(draft, name)) == _named(getattr(event, name))
        for name in draft.__struct_fields__
        if name not in _NOT_GIVEN
    )


def _named(value: object) -> object:
    return [file.file for file in value] if isinstance(value, tuple) else value


def judged(draft: AnyEvent, event: AnyEvent) -> Repeated | Rejected:
    """The outcome of a draft whose author used its id before, for this event."""
    if same_contents(draft, event):
        return Repeated(draft, event)
    return Rejected(draft, Refused("id_reused", f"The id {draft.id} was used for something else. Use a new one."))
