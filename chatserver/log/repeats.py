"""The same draft twice: which events came lately, by author and id, and whether a draft says what its event said.

`Recent` holds the drafts on their way and the events since, in two generations: when the young one is full the old
one is forgotten. Bounded by number and by bytes, and always larger than what can be on its way at once.
"""

from typing import Final

from chatserver.log.contract import Rejected, Repeated
from shared.errors import Refused
from shared.protocol import AnyEvent

GENERATION: Final = 16_384
GENERATION_BYTES: Final = 8 << 20
"""Of lines; what a batch may hold (see `textfile`) is less than both."""

_GIVEN_BY_THE_LOG: Final = frozenset({"seq", "prev", "time"})


def key_of(author: str, ident: str) -> str:
    """One string for both: neither holds a tab."""
    return f"{author}\t{ident}"


class Recent:
    """Events by key. `young` is filled by its owner, who calls `turn` from time to time."""

    __slots__ = ("old", "young", "young_bytes")

    def __init__(self) -> None:
        self.young: dict[str, AnyEvent] = {}
        self.old: dict[str, AnyEvent] = {}
        self.young_bytes = 0

    def turn(self, size: int) -> None:
        """After a batch of so many bytes was put into `young`."""
        self.young_bytes += size
        if len(self.young) >= GENERATION or self.young_bytes >= GENERATION_BYTES:
            self.old, self.young, self.young_bytes = self.young, {}, 0

    def forget(self, key: str) -> None:
        self.young.pop(key, None)
        self.old.pop(key, None)


def same_contents(draft: AnyEvent, event: AnyEvent) -> bool:
    """Whether both are one change: of one type and alike in all that the log does not give."""
    return type(draft) is type(event) and all(
        getattr(draft, name) == getattr(event, name)
        for name in draft.__struct_fields__
        if name not in _GIVEN_BY_THE_LOG
    )


def judged(draft: AnyEvent, event: AnyEvent) -> Repeated | Rejected:
    """The outcome of a draft whose author used its id before, for this event."""
    if same_contents(draft, event):
        return Repeated(draft, event)
    return Rejected(draft, Refused("id_reused", f"The id {draft.id} was used for something else. Use a new one."))
