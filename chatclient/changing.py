"""What a client changes: each change is queued with an id, and what becomes of it is told by events with that id.

None of the methods waits or raises: a change that breaks a rule fails through the same stream as one that the server
refuses, so that its text is not lost. They belong to the loop's thread, and work without a connection.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from chatclient import events as told
from chatclient.days import wire_time
from chatclient.drafts import Queued, check, full_name, kind, room_of, short_name, sound
from chatclient.feed import Feed
from chatclient.outbox import Outbox
from shared import protocol as wire
from shared.errors import Refused


class Changing(ABC):
    """The half of a ChatClient that changes things. `Delivered` or `Failed` follows on each id that is returned."""

    def __init__(self, user: str, clock: Callable[[], datetime], ids: Callable[[], str]) -> None:
        self.user = user
        self._clock = clock
        self._ids = ids
        self._feed = Feed()
        self._outbox = Outbox()
        self._refused: dict[str, wire.Post] = {}

    @abstractmethod
    def _pump(self) -> None:
        """Put on its way what may go."""

    # --- messages -------------------------------------------------------------------------------------------

    def send(self, room: str, text: str) -> str:
        """Post a message. `Pending` tells of it first."""
        post = wire.Post(id=self._ids(), room=short_name(sound(room), self.user), text=sound(text))
        self._feed.tell(told.Pending(post.id, full_name(post.room, self.user), post.text, wire_time(self._clock())))
        return self._change(post)

    def discard(self, ident: str) -> None:
        """Give up a message that failed."""
        post = self._refused.pop(ident, None)
        if post is not None:
            self._feed.tell(told.Discarded(ident, full_name(post.room, self.user)))

    def retry(self, ident: str) -> str:
        """Send a message that failed once more: the same text under a new id, which is returned ("" for none)."""
        post = self._refused.get(ident)
        if post is None:
            return ""
        self.discard(ident)
        return self.send(post.room, post.text)

    # --- rooms ----------------------------------------------------------------------------------------------

    def create(self, room: str, topic: str = "", private: bool = False) -> str:
        """Make a room; its maker is in it."""
        return self._change(wire.Create(id=self._ids(), room=sound(room), topic=sound(topic), private=private))

    def join(self, room: str) -> str:
        """Become a member of a public room."""
        return self._change(wire.Join(id=self._ids(), room=sound(room)))

    def leave(self, room: str) -> str:
        """Be a member no longer."""
        return self._change(wire.Leave(id=self._ids(), room=sound(room)))

    def set_topic(self, room: str, topic: str) -> str:
        """Change the line under the room's name."""
        return self._change(wire.SetTopic(id=self._ids(), room=sound(room), topic=sound(topic)))

    # --- people ---------------------------------------------------------------------------------------------

    def invite(self, room: str, user: str) -> str:
        """Make somebody a member."""
        return self._change(wire.Invite(id=self._ids(), room=sound(room), user=sound(user)))

    def kick(self, room: str, user: str) -> str:
        """Put somebody out of the room; they may come back."""
        return self._change(wire.Kick(id=self._ids(), room=sound(room), user=sound(user)))

    def ban(self, room: str, user: str) -> str:
        """Put somebody out of the room, or keep them out, until `unban`."""
        return self._change(wire.Ban(id=self._ids(), room=sound(room), user=sound(user)))

    def unban(self, room: str, user: str) -> str:
        """Let somebody come back. It does not make them a member."""
        return self._change(wire.Unban(id=self._ids(), room=sound(room), user=sound(user)))

    def mute(self, room: str, user: str, minutes: int) -> str:
        """Let somebody only read for so many minutes; 0 lets them speak again."""
        return self._change(wire.Mute(id=self._ids(), room=sound(room), user=sound(user), minutes=minutes))

    def set_role(self, room: str, user: str, role: wire.GivenRole) -> str:
        """Make somebody a moderator of the room, or a member again."""
        return self._change(wire.SetRole(id=self._ids(), room=sound(room), user=sound(user), role=role))

    def set_profile(self, display: str) -> str:
        """How I am called from now on; "" for the plain name. The room of its events is the lobby."""
        return self._change(wire.SetProfile(id=self._ids(), display=sound(display)))

    # --- the outbox -----------------------------------------------------------------------------------------

    def _change(self, change: Queued) -> str:
        if isinstance(change, wire.Change):
            change.room = short_name(change.room, self.user)
        try:
            check(change)
        except Refused as refused:
            self._fail(change, refused.code, refused.message)
        else:
            self._outbox.add(change)
            self._pump()
        return change.id

    def _delivered(self, ok: wire.Ok) -> None:
        change = self._outbox.answered(ok.id)
        if change is not None:
            self._feed.tell(told.Delivered(ok.id, room_of(change, self.user), ok.seq, ok.time))

    def _fail(self, change: Queued, code: str, message: str) -> None:
        if isinstance(change, wire.Post):
            self._refused[change.id] = change
        self._feed.tell(told.Failed(change.id, room_of(change, self.user), kind(change), code, message))
