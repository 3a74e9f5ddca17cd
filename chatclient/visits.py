"""Which conversation is looked at: by its name, by a step in the list, or as soon as it is there."""

from collections.abc import Callable
from typing import Protocol

from chatclient.conversation import Conversation
from chatclient.model import Changes, Model
from shared.rules import LOBBY


class Desk(Protocol):
    """What a visit shows."""

    def arrived(self, talk: Conversation, changes: Changes, unread: int) -> None: ...
    def show(self, room: str, seq: int) -> None: ...


class Visits:
    """`join` brings in who wants to look at a room that is not theirs yet, `show` shows a message of an open room."""

    def __init__(self, model: Model, desk: Desk, join: Callable[[str], object]) -> None:
        self._model = model
        self._desk = desk
        self._join = join
        self._last: list[str] = []
        self._expected = ""
        self._message = 0

    @property
    def current(self) -> Conversation | None:
        return self._model.conversations.get(self._model.current or "")

    @property
    def last(self) -> tuple[str, ...]:
        """Titles of conversations, the one that was visited last first."""
        return tuple(self._last)

    @property
    def expected(self) -> str:
        """The room that will be opened as soon as it is there, "" for none."""
        return self._expected

    def open(self, room: str) -> None:
        """Look at this conversation, which is in the list."""
        talk = self._model.conversations[room]
        unread = talk.unread
        changes = self._model.open(room)
        if talk.title in self._last:
            self._last.remove(talk.title)
        self._last.insert(0, talk.title)
        self._desk.arrived(talk, changes, unread)

    def go_to(self, room: str, message: int = 0) -> None:
        """Look at this room, and at this message of it; join it first where that is needed."""
        if room in self._model.conversations:
            self.open(room)
            if message:
                self._desk.show(room, message)
        else:
            self.expect(room, message)
            self._join(room)

    def expect(self, room: str, message: int = 0) -> None:
        """Open this room, at this message, as soon as it is there."""
        self._expected, self._message = room, message

    def came(self) -> bool:
        """Open what was expected, if it is there now; whether it was."""
        if self._expected not in self._model.conversations:
            return False
        room, message = self._expected, self._message
        self.expect("")
        self.go_to(room, message)
        return True

    def refused(self, room: str) -> None:
        """This room will not be there."""
        if room == self._expected:
            self.expect("")

    def begin(self) -> bool:
        """Look at something, after what was looked at is gone: False where there is nothing."""
        names = [talk.name for talk in (*self._model.rooms(), *self._model.directs())]
        if names:
            self.open(LOBBY if LOBBY in names else names[0])
        return bool(names)

    def step(self, step: int, *, unread: bool = False) -> None:
        """The conversation `step` further in the list, round its ends; of those with unread messages."""
        talks = [*self._model.rooms(), *self._model.directs()]
        names = [talk.name for talk in talks]
        current = self._model.current
        here = names.index(current) if current in names else -1 if step > 0 else 0
        for distance in range(1, len(talks) + 1):
            talk = talks[(here + step * distance) % len(talks)]
            if talk.name != current and (talk.unread or not unread):
                self.open(talk.name)
                return
