"""What the window asks the server for by itself: older messages, topics and counts, previews.

History is asked one page at a time for each conversation, until its first event is there. A question that comes to
nothing while there is a connection is told; while there is none, the banner says why and the next sign-in asks again.
"""

from collections.abc import Callable
from typing import Final

from chatclient.conversation import Conversation
from chatclient.desktop.deeds import Deeds
from chatclient.model import Changes, Model
from shared.protocol import MemberList, Message, Page, RoomInfo

_FEW: Final = 30
"""With fewer rows than this a conversation that is opened asks for older ones at once."""
_PREVIEWS: Final = 12
"""Of so many direct conversations the newest page is asked for after a sign-in: their rows show what was said last."""


class Asking:
    """`draw` shows what an answer changed, `complain` says why none came."""

    def __init__(
        self, model: Model, deeds: Deeds, draw: Callable[[Changes], object], complain: Callable[[str], object]
    ) -> None:
        self._model = model
        self._deeds = deeds
        self._draw = draw
        self._complain = complain
        self._described: set[str] = set()
        self._listed: set[str] = set()
        self._quoting: set[tuple[str, int]] = set()

    def signed_in(self, fresh: bool) -> None:
        """After a welcome. `fresh`: everything that was held is dropped."""
        if fresh:
            self._described.clear()
            self._listed.clear()
            for talk in self._model.directs()[:_PREVIEWS]:
                if talk.last:
                    self.older(talk)

    def opened(self, talk: Conversation) -> None:
        """This conversation is looked at: have enough of it, and know how many are in it."""
        if talk.timeline.count < _FEW:
            self.older(talk)
        if not talk.members and not talk.direct and talk.name not in self._described:
            self._described.add(talk.name)
            self._deeds.rooms(self.rooms_came, self._nothing)
            self._members(talk)

    def roster(self, talk: Conversation) -> None:
        """Who is in this room, where that is not known yet; asked once."""
        if not talk.roster and not talk.direct and talk.name not in self._listed and self._model.link.state == "online":
            self._listed.add(talk.name)
            self._members(talk)

    def _members(self, talk: Conversation) -> None:
        self._deeds.members(talk.name, lambda members: self.members_came(talk.name, members), self._nothing)

    def older(self, talk: Conversation, then: Callable[[], object] | None = None) -> None:
        """The page before what is loaded; `then` is done when it is there."""
        if talk.loading or talk.complete_before or self._model.link.state != "online":
            return
        talk.loading = True
        before = talk.timeline.first_seq

        def came(page: Page) -> None:
            self._draw(self._model.page(talk.name, page, before))
            if then is not None:
                then()

        def failed(why: str) -> None:
            talk.loading = False
            self._nothing(why)

        self._deeds.history(talk.name, before or None, came, failed)

    def quotes(self) -> None:
        """The messages that are answered by what is loaded, and are not loaded themselves."""
        if self._model.link.state != "online":
            self._quoting.clear()
            return
        for room, seq in self._model.wants - self._quoting:
            self._quoting.add((room, seq))
            self._quote(room, seq)

    def _quote(self, room: str, seq: int) -> None:
        def came(page: Page) -> None:
            self._quoting.discard((room, seq))
            found = (event for event in page.messages if isinstance(event, Message) and event.seq == seq)
            self._draw(self._model.quoted(room, seq, next(found, None)))

        self._deeds.around(room, seq, came, self._nothing, limit=1)

    def rooms_came(self, rooms: list[RoomInfo]) -> None:
        self._draw(self._model.rooms_listed(rooms))

    def members_came(self, room: str, members: MemberList) -> None:
        self._draw(self._model.members_listed(room, members))

    def _nothing(self, why: str) -> None:
        if self._model.link.state == "online":
            self._complain(why)
