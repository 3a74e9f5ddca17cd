"""What a client tells in passing, stored nowhere and answered by nothing that counts: markers, typing, a status.

Pure: the clock is an argument, in seconds. Read markers are collected and go out together; typing is told at most
once in `TYPING` seconds for a room; the status that was chosen last is told again after a sign-in that shows another.
"""

import math
from typing import Final

from chatclient.drafts import short_name
from shared.protocol import Person, Read, SetStatus, Typing

TYPING: Final = 3.0
"""Seconds between two lines that say that I am writing in a room; what they say holds for five."""
REFS: Final = frozenset({"read", "typing", "status"})
"""What answers bear that nobody waits for."""


class Signals:
    """For one person on one device, over any number of connections."""

    def __init__(self) -> None:
        self._reads: dict[str, int] = {}
        self._typed: dict[str, float] = {}
        self._status: SetStatus | None = None

    # --- read markers ---------------------------------------------------------------------------------------

    def read(self, room: str, seq: int) -> None:
        """The room was read up to here."""
        self._reads[room] = max(seq, self._reads.get(room, 0))

    def take_markers(self, me: str) -> list[Read]:
        """What was read and not told yet."""
        reads, self._reads = self._reads, {}
        return [Read(ref="read", room=short_name(room, me), seq=seq) for room, seq in reads.items()]

    # --- typing ---------------------------------------------------------------------------------------------

    def typing(self, room: str, now: float) -> Typing | None:
        """What is to be told of a key that was pressed; None where it was told a moment ago."""
        if now - self._typed.get(room, -math.inf) < TYPING:
            return None
        self._typed[room] = now
        return Typing(ref="typing", room=room)

    def said(self, room: str) -> None:
        """A message ended the writing; the next key is told again."""
        self._typed.pop(room, None)

    # --- the status -----------------------------------------------------------------------------------------

    def chosen(self, status: SetStatus) -> None:
        """My own choice, whether it can be told now or not."""
        self._status = status

    def shown(self, me: Person | None) -> None:
        """How the server shows me now: what was chosen on another device counts as well."""
        if me is not None and me.state != "offline" and self._status is not None:
            self._status = SetStatus(state=me.state, note=me.note)

    def to_tell(self, me: Person | None) -> SetStatus | None:
        """After a sign-in that shows me like this: the status to tell again, where there is one."""
        chosen = self._status
        if chosen is None or (me is not None and (me.state, me.note) == (chosen.state, chosen.note)):
            return None
        return SetStatus(ref="status", state=chosen.state, note=chosen.note)
