"""What is being written to conversations and not sent yet. No widget is touched here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from chatclient.desktop.attached import Attached
from chatclient.gist import gist
from chatclient.quotes import START
from chatclient.rows import Row


class About(NamedTuple):
    """The message that is edited or replied to, as it was when that was chosen."""

    doing: Literal["edit", "reply"]
    row: Row

    @property
    def words(self) -> str:
        """The start of what it says, on one line; of one without a text its files."""
        return gist(self.row.text, self.row.files, START)


@dataclass
class Draft:
    """`before` is the draft that stood in the box when an edit began, and comes back after it."""

    text: str = ""
    about: About | None = None
    files: list[Attached] = field(default_factory=list)
    before: "Draft | None" = None

    @property
    def editing(self) -> bool:
        return self.about is not None and self.about.doing == "edit"

    @property
    def empty(self) -> bool:
        """Whether there is nothing that could be sent."""
        return not self.text.strip() and not self.files


class Drafts:
    """One for each conversation. `now` is that of `room`, the open one ("" until one is)."""

    def __init__(self) -> None:
        self.room = ""
        self.now = Draft()
        self._others: dict[str, Draft] = {}

    def restore(self, drafts: Mapping[str, Draft]) -> None:
        """What was written in these rooms another time. No room is open yet."""
        self._others.update(drafts)

    def open(self, room: str) -> Draft:
        """Go to this room: the draft that it has."""
        self._others[self.room] = self.now
        self.room, self.now = room, self._others.pop(room, Draft())
        return self.now

    def rooms(self) -> dict[str, Draft]:
        return {**self._others, self.room: self.now}

    def every(self) -> list[Draft]:
        """Those of all conversations, and those that an edit put aside."""
        found = list(self.rooms().values())
        return found + [draft.before for draft in found if draft.before is not None]

    def put(self, room: str, draft: Draft) -> None:
        """Have this in a room in the place of what is there."""
        if room == self.room:
            self.now = draft
        else:
            self._others[room] = draft

    def give_back(self, room: str, draft: Draft) -> bool:
        """Have this in a room again; False where something else is written there."""
        there = self.rooms().get(room) or Draft()
        if not there.empty or there.about is not None:
            return False
        draft.before = there if draft.editing else None
        self.put(room, draft)
        return True
