"""The conversations of a reader, which of them is looked at, and what follows from that. Pure.

What is looked at while the window has the keyboard counts as read, save what the reader marked unread, and what is
new while an older place is shown.
"""

from datetime import date, tzinfo

from chatclient import days
from chatclient.conversation import Conversation, Link, Noted
from chatclient.people import Altered, People
from chatclient.permits import Permit, permit
from chatclient.rows import Refreshed
from chatclient.timeline import Timeline
from chatclient.writing import Writing
from shared.rules import counterpart


class Talks:
    """`me` is the reader, `server_label` what to call the server until it says its name, `tz` the reader's zone."""

    def __init__(self, me: str, server_label: str, tz: tzinfo, now: float = 0.0) -> None:
        self.me = me
        self.server = server_label
        self.link = Link()
        self.conversations: dict[str, Conversation] = {}
        self.current: str | None = None
        self.focused = True
        self.owner = False
        """Do I own the server?"""
        self._tz = tz
        self._today = self._day(now)
        self._people = People()
        self._writing = Writing()
        self._seen = 0
        """The newest event that was told, of whichever room."""

    def _day(self, now: float) -> date:
        return days.local(now, self._tz).date()

    # --- looking --------------------------------------------------------------------------------------------

    def _look_at(self, room: str | None, noted: Noted) -> None:
        talk = self.conversations[room] if room is not None else None
        left = self.conversations.get(self.current or "")
        if left is not None:
            noted.rows(left.name, left.timeline.mark_unread(None))
            noted.rows(left.name, left.timeline.attach())
        self.current = room
        noted.sidebar = True
        if talk is not None:
            noted.header.add(talk.name)
            self._begin_looking(talk, noted)

    def _begin_looking(self, talk: Conversation, noted: Noted) -> None:
        talk.kept = False
        noted.rows(talk.name, talk.timeline.mark_unread(talk.read if talk.unread else None))
        if self.focused:
            talk.looked_at(noted)

    def _looking_at(self, talk: Conversation) -> bool:
        """Is the newest of it before the reader's eyes?"""
        return self.focused and talk.name == self.current and talk.timeline.attached

    def _looked(self, talk: Conversation, noted: Noted) -> None:
        """What of it is before the reader's eyes was seen."""
        if self._looking_at(talk):
            talk.looked_at(noted)

    def _turn(self, now: float, noted: Noted) -> None:
        """Take notice of the time."""
        noted.typing |= self._writing.expire(now)
        today = self._day(now)
        for talk in self.conversations.values():
            if talk.muted_until is not None and talk.muted_until.timestamp() <= now:
                talk.muted_until = None
                noted.header.add(talk.name)
                self._permits_changed(talk, noted)
            if today != self._today:
                noted.rows(talk.name, talk.timeline.set_today(today))
        self._today = today

    def _afterwards(self, noted: Noted) -> None:
        """What follows from the rows and messages that are there now."""
        for room in noted.timelines.keys() | noted.spoken:
            talk = self.conversations.get(room)
            if talk is not None:
                talk.see(noted)
                talk.show(self._people.name_of, self._tz, noted)

    # --- people ---------------------------------------------------------------------------------------------

    def _show_people(self, altered: Altered, noted: Noted) -> None:
        noted.people |= altered.people
        noted.sidebar |= any(talk.direct and talk.title in altered.people for talk in self.conversations.values())
        if altered.renamed:
            for talk in self.conversations.values():
                self._permits_changed(talk, noted)

    def _permits_changed(self, talk: Conversation, noted: Noted) -> None:
        """Its rows bear other names, or other things may be done with them."""
        if talk.timeline.count:
            noted.rows(talk.name, [Refreshed()])

    def _permit(self, room: str, author: str) -> Permit:
        """What I may do with messages of this person there."""
        talk = self.conversations.get(room)
        if talk is None:
            return Permit(own=author == self.me, muted=True)
        member = talk.roster.get(author)
        role = "owner" if self.owner else talk.role
        muted = talk.muted_until is not None
        return permit(room, author == self.me, muted, role, member.role if member else "member")

    # --- adding and removing --------------------------------------------------------------------------------

    def _remove(self, talk: Conversation, noted: Noted) -> None:
        del self.conversations[talk.name]
        noted.sidebar = True
        noted.typing |= self._writing.told(talk.name, (), 0.0)
        if self.current == talk.name:
            self.current = None

    def _add(self, room: str, with_: str | None = None) -> Conversation:
        direct = room.startswith("@")
        title = (with_ or counterpart(room, self.me)) if direct else room
        timeline = Timeline(
            self.me,
            self._tz,
            self._today,
            self.link.state == "online",
            self._people.name_of,
            lambda author: self._permit(room, author),
            self._seen,
        )
        talk = self.conversations[room] = Conversation(room, title, direct, timeline)
        if self.owner and not direct:
            talk.role = "owner"
        return talk
