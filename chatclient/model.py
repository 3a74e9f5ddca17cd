"""Everything that a window shows, and what it asks and does. Pure; belongs to the thread that renders.

What the client's events say is folded by `Fold`. Here stand the questions, the looking at rooms, and the answers that
the server gave; each that changes something returns `Changes`: what must be drawn again. `now` is the wall clock in
seconds since 1970 (`time.time()`).
"""

from collections.abc import Sequence

from chatclient import days
from chatclient.conversation import Changes, Conversation, Link, Noted
from chatclient.fold import Fold
from shared import rights
from shared.protocol import Member, Message, Page, Person, RoomInfo
from shared.rights import Deed
from shared.rules import direct_name

__all__ = ["Changes", "Conversation", "Link", "Model"]


class Model(Fold):
    """`me` is the reader, `server_label` what to call the server until it says its name, `tz` the reader's zone."""

    # --- what a window asks ---------------------------------------------------------------------------------

    def rooms(self) -> list[Conversation]:
        """By name."""
        rooms = (talk for talk in self.conversations.values() if not talk.direct)
        return sorted(rooms, key=lambda talk: (talk.name.casefold(), talk.name))

    def directs(self) -> list[Conversation]:
        """Newest first; one that nothing was said in yet stands on top."""
        directs = (talk for talk in self.conversations.values() if talk.direct)
        return sorted(directs, key=lambda talk: (talk.last > 0, -talk.last, talk.title))

    @property
    def badge(self) -> int:
        """Unread mentions and direct messages: what the title and the icon say."""
        return sum(talk.mentions for talk in self.conversations.values())

    @property
    def waiting(self) -> int:
        """Messages of mine that the server has not answered yet."""
        return len(self._waiting)

    def direct_with(self, user: str) -> Conversation:
        """The direct conversation with this person; made here, empty, where there is none yet."""
        room = direct_name(self.me, user)
        return self.conversations.get(room) or self._add(room)

    # --- people ---------------------------------------------------------------------------------------------

    @property
    def people(self) -> dict[str, Person]:
        """Those whose presence is told, me included; all of them offline while `presence_known` is False."""
        return self._people.shown

    @property
    def presence_known(self) -> bool:
        """False without a connection: then nobody's presence is known."""
        return self._people.known

    def person(self, user: str) -> Person:
        """How to show anybody; offline where nothing is known."""
        return self._people.person(user)

    def name_of(self, user: str) -> str:
        """What to call anybody: the display name, or else the name."""
        return self._people.name_of(user)

    def typing(self, room: str) -> tuple[str, ...]:
        """Who is writing in this room just now, without me. Names: `name_of` has what to call them."""
        return self._writing.there(room)

    def rights(self, room: str, user: str = "") -> frozenset[Deed]:
        """What I may do in this room of mine, to this person; without one: to some plain member."""
        talk = self.conversations[room]
        member = talk.roster.get(user)
        role = "owner" if self.owner else talk.role
        return rights.rights(room, role, member.role if member else "member", oneself=user == self.me)

    # --- what a window does ---------------------------------------------------------------------------------

    def open(self, room: str | None) -> Changes:
        """Look at this conversation (None: at none). `KeyError` where it is not in the list."""
        if room is not None and room not in self.conversations:
            raise KeyError(room)
        if room == self.current:
            return self.focus(self.focused)
        noted = Noted()
        self._look_at(room, noted)
        return noted.changes()

    def focus(self, focused: bool) -> Changes:
        """The window got or lost the keyboard: what comes while it has not is unread, in the open room too."""
        noted = Noted()
        self.focused = focused
        talk = self.conversations.get(self.current or "")
        if focused and talk is not None:
            talk.looked_at(noted)
        return noted.changes()

    def tick(self, now: float) -> Changes:
        """Time passed: call it at `due`, and after midnight ("Today" becomes "Yesterday")."""
        noted = Noted()
        self._turn(now, noted)
        return noted.changes()

    @property
    def due(self) -> float | None:
        """When `tick` has something to do, midnight aside: somebody stopped writing, or I may speak again."""
        moments = [talk.muted_until.timestamp() for talk in self.conversations.values() if talk.muted_until]
        if self._writing.due is not None:
            moments.append(self._writing.due)
        return min(moments, default=None)

    def prefer(self, receipts: bool) -> Changes:
        """The server took `client.prefer`: who hides how far they read sees nobody else's."""
        noted = Noted()
        self.receipts = receipts
        for talk in self.conversations.values():
            if not receipts:
                talk.read_by = {}
            talk.see(noted)
        return noted.changes()

    def password_set(self) -> None:
        """The server took `client.set_password`."""
        self.has_password = True

    # --- answers to questions -------------------------------------------------------------------------------

    def page(self, room: str, page: Page) -> Changes:
        """The answer to `history(room, before=timeline.first_seq or None)`."""
        noted = Noted()
        talk = self.conversations.get(room)
        if talk is None:
            return noted.changes()
        talk.loading = False
        noted.rows(room, talk.timeline.page(page.messages, page.more_before, page.through))
        newest = next((event for event in reversed(page.messages) if isinstance(event, Message)), None)
        if newest is not None and not talk.preview:
            talk.show(newest, self.me, days.local(days.seconds(newest.time), self._tz))
            noted.sidebar = True
        talk.last = max(talk.last, talk.timeline.newest_seq)
        if self._looking_at(room):
            talk.looked_at(noted)
        talk.see(noted)
        return noted.changes()

    def rooms_listed(self, rooms: Sequence[RoomInfo]) -> Changes:
        """The answer to `rooms()`: topics and counts, of rooms that were joined just now above all."""
        noted = Noted()
        for info in rooms:
            talk = self.conversations.get(info.room)
            if talk is None or (talk.topic, talk.members, talk.private) == (info.topic, info.members, info.private):
                continue
            talk.topic, talk.members, talk.private = info.topic, info.members, info.private
            noted.header.add(info.room)
            noted.sidebar = True
        return noted.changes()

    def members_listed(self, room: str, members: Sequence[Member]) -> Changes:
        """The answer to `members(room)`: who is there, my role, display names, and whether I may speak."""
        noted = Noted()
        self._show_people(self._people.listed(members), noted)
        talk = self.conversations.get(room)
        if talk is not None:
            talk.members = len(members)
            talk.roster = {member.user: member for member in members}
            mine = talk.roster.get(self.me)
            if mine is not None:
                talk.role = mine.role
                talk.muted_until = days.moment(mine.muted_until, self._tz)
            talk.see(noted)
            noted.header.add(room)
        return noted.changes()
