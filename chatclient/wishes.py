"""What the reader asked to change in messages and is not in the history yet: shown at once, taken back if refused.

Several changes of one message stand on one another in the order in which they were asked for. One that was delivered
stays until its event comes, so that nothing flickers in between. Pure.
"""

from chatclient.alter import Wish, altered
from chatclient.entries import Extra, Spoken


class Wishes:
    """By the message that each would change."""

    def __init__(self) -> None:
        self._of: dict[int, dict[str, Wish]] = {}
        self._ids: dict[str, int] = {}
        self._delivered: dict[str, int] = {}

    def ask(self, wish: Wish) -> None:
        self._of.setdefault(wish.of, {})[wish.id] = wish
        self._ids[wish.id] = wish.of

    def delivered(self, ident: str, seq: int, seen: int) -> bool:
        """The server's ok. Where its event was told already, or there was nothing to change, it is over at once."""
        if ident not in self._ids:
            return False
        self._delivered[ident] = seq
        if seq <= seen:
            self.forget(ident)
        return True

    def forget(self, ident: str) -> bool:
        """It is done, or was refused."""
        of = self._ids.pop(ident, 0)
        self._delivered.pop(ident, None)
        wishes = self._of.get(of, {})
        found = wishes.pop(ident, None) is not None
        if not wishes:
            self._of.pop(of, None)
        return found

    def settle(self, ident: str, seq: int) -> bool:
        """An event came, with this seq and, if it is mine, this id: forget what is in the history with it."""
        if not self._ids:
            return False
        over = {each for each, delivered in self._delivered.items() if delivered <= seq} | ({ident} & self._ids.keys())
        for each in over:
            self.forget(each)
        return bool(over)

    def drop_delivered(self) -> None:
        """What is in the history will be on its pages."""
        for ident in list(self._delivered):
            self.forget(ident)

    def waiting(self, of: int) -> bool:
        """Is a change of this message not in the history yet?"""
        return any(ident not in self._delivered for ident in self._of.get(of, ()))

    def over(self, spoken: Spoken, extra: Extra, me: str) -> tuple[Spoken, Extra]:
        """The message as it will be."""
        for wish in self._of.get(spoken.seq, {}).values():
            spoken, extra = altered(spoken, extra, wish, me)
        return spoken, extra

    def __bool__(self) -> bool:
        return bool(self._ids)
