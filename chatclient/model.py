"""Everything that a window shows, and what it asks and does. Pure; belongs to the thread that renders.

What the client's events say is folded by `Fold`. Here stand the questions, the looking at rooms, and the answers that
the server gave; each that changes something returns `Changes`: what must be drawn again. `now` is the wall clock in
seconds since 1970 (`time.time()`).
"""

from collections.abc import Sequence

from chatclient import days
from chatclient.conversation import Changes, Conversation, Link, Noted
from chatclient.fold import Fold
from chatclient.rows import Row, TimelineChange
from shared import rights
from shared.protocol import MemberList, Message, Page, Person, RoomInfo
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
    def wants(self) -> set[tuple[str, int]]:
        """Quoted messages of the conversation that is looked at, to be fetched: room and seq. `quoted` takes them."""
        talk = self.conversations.get(self.current or "")
        return {(talk.name, seq) for seq in talk.timeline.wants} if talk else set()

    def my_last(self, room: str) -> Row | None:
        """My newest message there that I may edit, where it is near the end."""
        talk = self.conversations.get(room)
        return talk.timeline.last_own() if talk else None

    @property
    def waiting(self) -> int:
        """Messages of mine, and changes of messages, that the server has not answered yet."""
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

    @property
    def pictures(self) -> dict[str, str]:
        """The pictures of people, as far as they are known: files by SHA-256."""
        return self._people.pictures

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
        if room is not None and room == self.current:
            self.conversations[room].kept = False
            return self.focus(self.focused)
        noted = Noted()
        self._look_at(room, noted)
        return noted.changes()

    def focus(self, focused: bool) -> Changes:
        """The window got or lost the keyboard: what comes while it has not is unread, in the open room too."""
        noted = Noted()
        self.focused = focused
        talk = self.conversations.get(self.current or "")
        if talk is not None:
            self._looked(talk, noted)
        return noted.changes()

    def unread_from(self, room: str, seq: int) -> Changes:
        """Let this message of others and all after it be unread, until a new one comes or the room is opened again.

        The server is told nothing: its marker never goes back.
        """
        noted = Noted()
        self.conversations[room].unread_from(seq, self.me, noted)
        return noted.changes()

    def reach(self, room: str, seq: int) -> Changes | None:
        """Show what is held where this message stands; None where it is to be asked for, with `around`, and `jump`."""
        noted = Noted()
        talk = self.conversations[room]
        changes = talk.timeline.reach(seq)
        if changes is None:
            return None
        return self._came(talk, changes, noted)

    def attach(self, room: str) -> Changes:
        """Show the newest of this room again. Where `timeline.first_seq` is 0 then, ask for the newest page."""
        talk = self.conversations[room]
        return self._came(talk, talk.timeline.attach(), Noted())

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

    def page(self, room: str, page: Page, before: int | None = None) -> Changes:
        """The answer to `history(room, before=timeline.first_seq or None)`.

        `before`: that `first_seq` as it was when it was asked, so that an answer for a place that the reader has left
        meanwhile is ignored; None where it cannot be one.
        """
        talk = self._answered(room)
        if talk is None:
            return Noted().changes()
        empty = not talk.timeline.newest_held
        changes = talk.timeline.page(page.messages, page.more_before, page.through, page.quoted, before)
        noted = Noted()
        if empty:
            noted.spoken.add(room)
        return self._came(talk, changes, noted)

    def page_after(self, room: str, page: Page, after: int = 0) -> Changes:
        """The answer to `history(room, after=timeline.newest_seq)` while not `timeline.attached`.

        `after`: that `newest_seq` as it was when it was asked. With the page that meets the newest, it is attached.
        """
        talk = self._answered(room)
        return self._came(talk, talk.timeline.newer(page, after), Noted()) if talk else Noted().changes()

    def jump(self, room: str, page: Page) -> Changes:
        """The answer to `around(room, seq)`: show that place, within what is held where it meets that."""
        talk = self._answered(room)
        return self._came(talk, talk.timeline.jump(page), Noted()) if talk else Noted().changes()

    def quoted(self, room: str, seq: int, message: Message | None) -> Changes:
        """What was found of one of `wants`; None where it cannot be had."""
        talk = self.conversations.get(room)
        noted = Noted()
        if talk is not None:
            noted.rows(room, talk.timeline.quoted(seq, message))
        return noted.changes()

    def _answered(self, room: str) -> Conversation | None:
        talk = self.conversations.get(room)
        if talk is not None:
            talk.loading = False
            talk.timeline.told(self._seen)
        return talk

    def _came(self, talk: Conversation, changes: list[TimelineChange], noted: Noted) -> Changes:
        """Rows came or went."""
        noted.rows(talk.name, changes)
        talk.last = max(talk.last, talk.timeline.newest_held)
        self._looked(talk, noted)
        talk.see(noted)
        self._afterwards(noted)
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

    def members_listed(self, room: str, members: MemberList) -> Changes:
        """The answer to `members(room)`: who is there, my role, display names, who is banned, whether I may speak."""
        noted = Noted()
        self._show_people(self._people.listed(members.members), noted)
        talk = self.conversations.get(room)
        if talk is not None:
            before = self._standing(talk)
            talk.members = len(members.members)
            talk.roster = {member.user: member for member in members.members}
            talk.banned = list(members.banned)
            mine = talk.roster.get(self.me)
            if mine is not None:
                talk.role = mine.role
                talk.muted_until = days.moment(mine.muted_until, self._tz)
            if self._standing(talk) != before:
                self._permits_changed(talk, noted)
            talk.see(noted)
            noted.header.add(room)
        return noted.changes()

    def _standing(self, talk: Conversation) -> tuple[object, ...]:
        """What decides what I may do with messages there."""
        others = (member for member in talk.roster.values() if member.user != self.me)
        above = {member.user: member.role for member in others if member.role != "member"}
        return talk.role, talk.muted_until is None, above
