"""What became of messages: one row for each that was edited, deleted or reacted to, and none for the others.

A row says where the line of the newest edit stands, which event deleted the message, and who reacted with what. Rows
change in memory and are written with the next flush; the bits in the postings tell which messages have one. A change
of what is no message of its room counts for nothing, whatever a hand-made history says.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from chatserver.index.base import Base
from chatserver.index.kinds import MESSAGE
from chatserver.index.postings import CHANGED, GONE, KIND_BITS
from chatserver.index.rooms import RoomPostings
from shared.protocol import Deleted, Edited, Reacted

OPEN_STATES: Final = 65_536
"""Changed messages that may stay in memory."""

_reactions: Final = msgspec.json.Decoder(dict[str, list[str]])


class State:
    """Of one message. `edit`, `offset` and `size`: its newest edit and where that line stands, 0 without one;
    `deleted`: the event that deleted it, or 0, and `by` whom; `reactions`: who, in the order of coming, by emoji."""

    __slots__ = ("by", "deleted", "edit", "offset", "reactions", "room", "size")

    def __init__(
        self,
        room: str,
        edit: int = 0,
        offset: int = 0,
        size: int = 0,
        deleted: int = 0,
        by: str = "",
        reactions: bytes = b"{}",
    ) -> None:
        self.room = room
        self.edit = edit
        self.offset = offset
        self.size = size
        self.deleted = deleted
        self.by = by
        self.reactions = {emoji: dict.fromkeys(names) for emoji, names in _reactions.decode(reactions).items()}

    def row(self) -> tuple[object, ...]:
        """As the base keeps it, after its seq."""
        told = {emoji: list(names) for emoji, names in self.reactions.items()}
        return self.edit, self.offset, self.size, self.deleted, self.by, msgspec.json.encode(told)


class Changes:
    """The states of all changed messages, by seq."""

    def __init__(self, base: Base, rooms: RoomPostings) -> None:
        self._base = base
        self._rooms = rooms
        self._states: dict[int, State] = {}
        self._unwritten: set[int] = set()

    def edit(self, event: Edited, offset: int, size: int) -> None:
        """Take in an edit, whose line stands there."""
        state = self._living(event)
        if state is not None:
            state.edit, state.offset, state.size = event.seq, offset, size
            self._changed(event.of)

    def react(self, event: Reacted) -> None:
        """Take in a reaction, or its end."""
        state = self._living(event)
        if state is None:
            return
        if not event.removed:
            state.reactions.setdefault(event.emoji, {})[event.user] = None
        elif names := state.reactions.get(event.emoji):
            names.pop(event.user, None)
            if not names:
                del state.reactions[event.emoji]
        self._changed(event.of)

    def delete(self, event: Deleted) -> bool:
        """Take in a deletion; False where there was nothing left to delete."""
        state = self._living(event)
        if state is None:
            return False
        state.deleted, state.by = event.seq, event.user
        state.reactions.clear()
        self._rooms.set_bit(event.room, event.of, GONE)
        self._changed(event.of)
        return True

    def _living(self, event: Edited | Deleted | Reacted) -> State | None:
        """The state of the message that this changes, None where it is none of this room or deleted."""
        state = self._states.get(event.of)
        if state is None:
            entry = self._rooms.entry(event.room, event.of)
            if entry is None or entry.mark & KIND_BITS != MESSAGE or event.of >= event.seq:
                return None
            if not entry.mark & (CHANGED | GONE):
                self._rooms.set_bit(event.room, event.of, CHANGED)
            state = self._states[event.of] = self.of([event.of]).get(event.of) or State(event.room)
            state.room = event.room
        return state if state.room == event.room and not state.deleted else None

    def _changed(self, seq: int) -> None:
        self._unwritten.add(seq)

    def of(self, seqs: Iterable[int]) -> dict[int, State]:
        """The states of those among these messages that have one."""
        found, others = {}, []
        for seq in seqs:
            if (state := self._states.get(seq)) is not None:
                found[seq] = state
            else:
                others.append(seq)
        if others:
            self._base.ready()
            for seq, *row in self._base.rows(
                "SELECT seq, edit, offset, size, deleted, by, reactions FROM changed "
                "WHERE seq IN (SELECT value FROM json_each(?))",
                (msgspec.json.encode(others).decode(),),
            ):
                found[seq] = State("", *row)
        return found

    def flush(self) -> None:
        """Write what is in memory."""
        for seq in self._unwritten:
            row = (seq, *self._states[seq].row())
            self._base.write("REPLACE INTO changed VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._unwritten.clear()

    def flushed(self) -> None:
        """Everything is on the disk: what is too much to remember may be forgotten."""
        if len(self._states) > OPEN_STATES:
            self._states.clear()
