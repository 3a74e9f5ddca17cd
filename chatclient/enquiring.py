"""What a client asks: each question is answered, or raises `Refused` (the server's sentence) or `Offline`.

Some of them do something as well, and leave nothing in the history: a status, a password, an invitation. Where one of
these raises `Offline`, whether it was done is not known. They belong to the loop's thread; one may be cancelled.
"""

from collections.abc import Sequence
from pathlib import Path

from chatclient.connection import Connection
from chatclient.downloads import Downloads
from chatclient.drafts import short_name, sound
from chatclient.questions import Questions
from chatclient.signals import Signals
from shared import protocol as wire
from shared import rules


class Enquiring:
    """The half of a ChatClient that asks."""

    def __init__(self, user: str, downloads: Downloads) -> None:
        self.user = user
        self._downloads = downloads
        self._connection: Connection | None = None
        self._questions = Questions()
        self._signals = Signals()

    async def _done(self, question: wire.Command) -> None:
        await self._questions.ask(self._connection, question, wire.Ok)

    # --- rooms ----------------------------------------------------------------------------------------------

    async def history(
        self,
        room: str,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int = 50,
    ) -> wire.Page:
        """Entries of a room, oldest first: the newest, or those next to a seq. At most 200."""
        room = short_name(sound(room), self.user)
        question = wire.History(room=room, before=before, after=after, around=around, limit=limit)
        return await self._questions.ask(self._connection, question, wire.Page)

    async def rooms(self) -> list[wire.RoomInfo]:
        """The rooms that this person may see."""
        return (await self._questions.ask(self._connection, wire.Rooms(), wire.RoomList)).rooms

    async def around(self, room: str, seq: int, limit: int = 50) -> wire.Page:
        """The entry of this seq and those next to it, before and after."""
        return await self.history(room, around=seq, limit=limit)

    async def members(self, room: str) -> wire.MemberList:
        """Who is in a room, and, for who may lift it, who is banned from it."""
        question = wire.Members(room=short_name(sound(room), self.user))
        return await self._questions.ask(self._connection, question, wire.MemberList)

    async def calendar(self, room: str, edges: Sequence[str]) -> wire.CalendarFound:
        """How much was said between each two of these times (as in events, ascending, 2 to 64), and where it begins."""
        question = wire.Calendar(room=short_name(sound(room), self.user), edges=tuple(edges))
        return await self._questions.ask(self._connection, question, wire.CalendarFound)

    async def record(self, room: str, seq: int) -> str:
        """The line of the history in which an event of this room stands."""
        question = wire.Record(room=short_name(sound(room), self.user), seq=seq)
        return (await self._questions.ask(self._connection, question, wire.RecordLine)).line

    async def search(
        self,
        text: str,
        room: str | None = None,
        user: str | None = None,
        since: str | None = None,
        until: str | None = None,
        files: bool = False,
        before: int | None = None,
        limit: int = 50,
    ) -> wire.Found:
        """Messages that hold `text` anywhere, newest first: of all my rooms or of one, of everybody or of one person.

        since, until    times as in events: from the first on, before the second
        files           only messages with files; the text may then be empty
        before          `Found.before` of the answer before this one, for what is older
        """
        question = wire.Search(
            text=sound(text),
            room=short_name(sound(room), self.user) if room is not None else None,
            user=sound(user) if user is not None else None,
            since=since,
            until=until,
            files=files,
            before=before,
            limit=limit,
        )
        return await self._questions.ask(self._connection, question, wire.Found)

    # --- files ----------------------------------------------------------------------------------------------

    async def fetch(self, file: str, thumb: bool = False) -> Path:
        return await self._downloads.fetch(file, thumb)

    async def save(self, file: str, to: Path, replace: bool = False) -> Path:
        return await self._downloads.save(file, to, replace)

    fetch.__doc__, save.__doc__ = Downloads.fetch.__doc__, Downloads.save.__doc__

    # --- how I am shown -------------------------------------------------------------------------------------

    async def status(self, state: wire.OwnState, note: str = "") -> None:
        """How I am shown, on all my devices. Without a connection it raises, and is told after the next sign-in."""
        status = wire.SetStatus(state=state, note=rules.note(sound(note)))
        self._signals.chosen(status)
        await self._done(status)

    async def prefer(self, receipts: bool) -> None:
        """Whether others see how far I have read. Who hides it sees nobody else's; tell `Model.prefer` too."""
        await self._done(wire.Prefer(receipts=receipts))

    # --- my devices -----------------------------------------------------------------------------------------

    async def set_password(self, new: str, old: str | None = None) -> None:
        """Set the password that opens this name on other devices; `old` is needed where there is one already."""
        new = rules.password(sound(new))
        await self._done(wire.SetPassword(new=new, old=sound(old) if old is not None else None))

    async def sessions(self) -> list[wire.SessionInfo]:
        """My devices."""
        return (await self._questions.ask(self._connection, wire.Sessions(), wire.SessionList)).sessions

    async def sign_out(self, session: str) -> None:
        """Sign a device out. Of this one's own `session` the server hangs up: `close` then, or be `Rejected`."""
        await self._done(wire.SignOut(session=sound(session)))

    # --- invitations ----------------------------------------------------------------------------------------

    async def make_invitation(self, room: str | None = None, uses: int = 5, days: int = 7) -> wire.InvitationInfo:
        """A code and its link, to the server or to a room. 0 `uses` or `days`: without end."""
        question = wire.MakeInvitation(room=sound(room) if room is not None else None, uses=uses, days=days)
        return (await self._questions.ask(self._connection, question, wire.InvitationMade)).invitation

    async def invitations(self) -> list[wire.InvitationInfo]:
        """Those that I made; all of them for an owner."""
        return (await self._questions.ask(self._connection, wire.Invitations(), wire.InvitationList)).invitations

    async def revoke(self, code: str) -> None:
        """Nobody comes in with this code any more."""
        await self._done(wire.Revoke(code=sound(code)))
