"""To a message, wherever it stands: in what is loaded, further back, in another conversation; and back to the newest.

Where it is not held the timeline shows a window round it, which grows at both ends as the reader comes near them.
"""

from collections.abc import Callable
from typing import Final, Protocol

from chatclient.conversation import Conversation
from chatclient.desktop.asking import Asking
from chatclient.desktop.conversation import ConversationView
from chatclient.desktop.deeds import Deeds
from chatclient.model import Changes, Model
from chatclient.rows import Row
from shared.protocol import Page

_AROUND: Final = 100
"""Entries asked for round a message: so many that both ends are well out of sight."""


class Desk(Protocol):
    """What the window does for it."""

    @property
    def current(self) -> Conversation | None: ...
    def open(self, room: str) -> None: ...
    def draw(self, changes: Changes) -> None: ...
    def complain(self, sentence: str) -> None: ...


class Jumping:
    def __init__(
        self, model: Model, deeds: Deeds, desk: Desk, asking: Asking, view: Callable[[], ConversationView]
    ) -> None:
        self._model = model
        self._deeds = deeds
        self._desk = desk
        self._asking = asking
        self._view = view
        self._newer: set[str] = set()
        self._early: str | None = None

    def to(self, room: str, seq: int) -> None:
        """Show this message of one of my conversations."""
        if room != self._model.current:
            self._desk.open(room)
        if not self._show(room, seq):
            self._deeds.around(room, seq, lambda page: self._came(room, seq, page), self._failed, _AROUND)

    def to_quoted(self, row: Row) -> None:
        """The message that this one answers."""
        talk = self._desk.current
        if row.reply is not None and not row.reply.gone and talk is not None:
            self.to(talk.name, row.reply.seq)

    def edge(self, which: str) -> None:
        """The reader came near the end of what is loaded: "older", "newer", or wants to be at the "newest"."""
        talk = self._desk.current
        if talk is None:
            return
        if which == "older":
            self._asking.older(talk)
        elif which == "newer":
            self._more(talk)
        else:
            self.newest()

    def newest(self) -> None:
        """Back to where the conversation is now."""
        talk = self._desk.current
        if talk is None:
            return
        if not talk.timeline.attached:
            self._desk.draw(self._model.attach(talk.name))
            self._asking.opened(talk)
        self._view().to_bottom()

    def _show(self, room: str, seq: int) -> bool:
        """Where it is held, go there."""
        changes = self._model.reach(room, seq)
        if changes is None:
            return False
        self._desk.draw(changes)
        view = self._view()
        view.goto(str(seq))
        self._early = str(seq) if view.winfo_height() <= 1 else None
        return True

    def sized(self) -> None:
        """The conversation has a size, or another one: a jump that came before it had any is made again."""
        key, self._early = self._early, None
        if key is not None:
            self._view().goto(key)

    def _came(self, room: str, seq: int, page: Page) -> None:
        if self._model.current != room:
            return  # the reader went on meanwhile
        self._desk.draw(self._model.jump(room, page))
        if not self._show(room, seq):
            self._desk.complain("This message is not there any more.")

    def _more(self, talk: Conversation) -> None:
        """What comes after a window round some older place."""
        room, after = talk.name, talk.timeline.newest_seq
        if talk.timeline.attached or room in self._newer or self._model.link.state != "online":
            return
        self._newer.add(room)

        def came(page: Page) -> None:
            self._newer.discard(room)
            self._desk.draw(self._model.page_after(room, page, after))

        def failed(why: str) -> None:
            self._newer.discard(room)
            self._failed(why)

        self._deeds.newer(room, after, came, failed)

    def _failed(self, why: str) -> None:
        self._desk.complain(why)
