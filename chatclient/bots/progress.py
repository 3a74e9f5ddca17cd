"""Which events a bot has handled, where several are in hand at once and end in any order. Pure.

Guarantee: `through` never passes an event that is still in hand, so that a bot that goes on after `through`, less what
is `done`, handles what it had not handled to the end, and nothing else.
"""

from collections.abc import Iterable


class Progress:
    """through    everything up to this seq is handled
    done       what is handled beyond it
    """

    def __init__(self, through: int, done: Iterable[int] = ()) -> None:
        self.through = through
        self.done = {seq for seq in done if seq > through}
        self._newest = through
        self._in_hand: dict[int, None] = {}

    def came(self, seq: int) -> bool:
        """An event arrives, in order of seq; False where it was handled before."""
        self._newest = max(self._newest, seq)
        if seq <= self.through or seq in self.done:
            self._advance()
            return False
        self._in_hand[seq] = None
        return True

    def handled(self, seq: int) -> None:
        """It was handled to its end; of one that is not in hand nothing comes."""
        if seq in self._in_hand:
            del self._in_hand[seq]
            self.done.add(seq)
            self._advance()

    def _advance(self) -> None:
        through = next(iter(self._in_hand), self._newest + 1) - 1
        if through > self.through:
            self.through = through
            self.done = {seq for seq in self.done if seq > through}
