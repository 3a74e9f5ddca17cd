"""What a client changes: each change is queued with an id, and what becomes of it is told by events with that id.

None of the methods waits or raises: a change that breaks a rule fails through the same stream as one that the server
refuses, so that its text is not lost. They belong to the loop's thread, and work without a connection. What is queued
stands in the spool before it is told; what an earlier run of the program left there is told again.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from chatclient import events as told
from chatclient.cache import Cache
from chatclient.days import wire_time
from chatclient.drafts import UPLOAD, Queued, check, kind, room_of, short_name, sound
from chatclient.feed import Feed
from chatclient.journal import Item, Refusal, Settled
from chatclient.outbox import Outbox
from chatclient.spool import Spool
from chatclient.uploads import Failure, Uploads
from shared import protocol as wire
from shared.errors import Refused


class Changing(ABC):
    """The half of a ChatClient that changes things. `Delivered` or `Failed` follows on each id that is returned."""

    def __init__(
        self,
        user: str,
        clock: Callable[[], datetime],
        ids: Callable[[], str],
        backoff: Callable[[int], float],
        spool: Spool,
        cache: Cache,
    ) -> None:
        self.user = user
        self._clock = clock
        self._ids = ids
        self._spool = spool
        self._feed = Feed()
        self._outbox = Outbox()
        self._uploads = Uploads(spool, self._feed.tell, self._upload_ended, backoff, cache)
        self._left = list(spool.held.items.values())
        self._uploads.restore(
            {upload: Failure(item.code, item.message) for item in self._left for upload in _uploads_of(item.change)},
            {upload for item in self._left if not item.code for upload in _uploads_of(item.change)},
        )
        for item in self._left:
            try:
                self._uploads.check(() if item.code else _uploads_of(item.change))
            except Refused as refused:
                self._spool.write(Refusal(item.change.id, refused.code, refused.message))
            if not item.code:
                self._outbox.add(item.change)

    @abstractmethod
    def _pump(self) -> None:
        """Put on its way what may go."""

    # --- messages -------------------------------------------------------------------------------------------

    def send(self, room: str, text: str, reply_to: int = 0, files: Sequence[str] = ()) -> str:
        """Post a message. `Pending` tells of it first.

        reply_to    seq of a message of this room that it answers
        files       hashes, or what `attach` returned: it goes out when these are up, and later ones of its room after
        """
        named = tuple(map(self._uploads.named, files))
        return self._queue(
            wire.Post(id=self._ids(), room=sound(room), text=sound(text), reply_to=reply_to, files=named)
        )

    def edit(self, room: str, of: int, text: str) -> str:
        """Another text for my message `of` (a seq). `Changing` tells of it first, as for the two below."""
        return self._queue(wire.Edit(id=self._ids(), room=sound(room), of=of, text=sound(text)))

    def delete(self, room: str, of: int) -> str:
        """Take the message `of` away, for everyone."""
        return self._queue(wire.Delete(id=self._ids(), room=sound(room), of=of))

    def react(self, room: str, of: int, emoji: str, remove: bool = False) -> str:
        """Put an emoji under the message `of`, or take mine away."""
        return self._queue(wire.React(id=self._ids(), room=sound(room), of=of, emoji=sound(emoji), remove=remove))

    def discard(self, ident: str) -> None:
        """Give up a message that failed, and its files."""
        item = self._refused(ident)
        if item is not None:
            self._settle(item.change)
            self._feed.tell(told.Discarded(ident, room_of(item.change, self.user)))

    def retry(self, ident: str) -> str:
        """Send a message that failed once more: the same under a new id, which is returned ("" for none)."""
        item = self._refused(ident)
        if item is None or not isinstance(item.change, wire.Post):
            return ""
        post = item.change
        self._feed.tell(told.Discarded(ident, room_of(post, self.user)))
        for upload in _uploads_of(post):
            self._uploads.again(upload, lost=item.code == "no_such_file")
        return self._queue(msgspec.structs.replace(post, id=self._ids()), instead=ident)

    # --- files ----------------------------------------------------------------------------------------------

    def attach(self, path: Path | None = None, data: bytes | None = None, name: str = "") -> str:
        """Take in a file, or these bytes, and bring it to the server; gives the id of its upload, for `send`.

        The file is copied at once, so that it may go or change afterwards. `Uploading` tells how far it is, `Uploaded`
        or `UploadFailed` how it ended. What no message names is forgotten with the client.
        """
        upload = self._ids()
        self._uploads.attach(upload, path, data, name)
        return upload

    def drop_upload(self, upload: str) -> None:
        """Give this file up. A message that waits for it is `Failed`, and would go without it; `Discarded`, where
        nothing would be left of it. One that has all its files goes as it is."""
        waiting = self._waiting_for(upload)
        if waiting and self._uploads.up(upload) is not None:
            return  # the message that names it takes it along
        for item in waiting:
            assert isinstance(item.change, wire.Post)
            post = item.change
            post.files = tuple(file for file in post.files if file != UPLOAD + upload)
            self._outbox.answered(post.id)
            if post.text or post.files:
                self._spool.write(item)
                self._fail(post, "no_such_file", "One of its files was given up.")
            else:
                self._settle(post)
                self._feed.tell(told.Discarded(post.id, room_of(post, self.user)))
        self._uploads.drop(upload)

    def retry_upload(self, upload: str) -> None:
        """Try once more to bring a file to the server that failed."""
        self._uploads.again(upload)

    def _upload_ended(self, upload: str) -> None:
        failure = self._uploads.failure(upload)
        if failure is not None:
            for item in self._waiting_for(upload):
                self._outbox.answered(item.change.id)
                self._fail(item.change, failure.code, failure.message)
        self._pump()

    def _waiting_for(self, upload: str) -> list[Item]:
        return [
            item for item in self._spool.held.items.values() if not item.code and upload in _uploads_of(item.change)
        ]

    # --- rooms ----------------------------------------------------------------------------------------------

    def create(self, room: str, topic: str = "", private: bool = False) -> str:
        """Make a room; its maker is in it."""
        return self._queue(wire.Create(id=self._ids(), room=sound(room), topic=sound(topic), private=private))

    def join(self, room: str) -> str:
        """Become a member of a public room."""
        return self._queue(wire.Join(id=self._ids(), room=sound(room)))

    def leave(self, room: str) -> str:
        """Be a member no longer."""
        return self._queue(wire.Leave(id=self._ids(), room=sound(room)))

    def set_topic(self, room: str, topic: str) -> str:
        """Change the line under the room's name."""
        return self._queue(wire.SetTopic(id=self._ids(), room=sound(room), topic=sound(topic)))

    # --- people ---------------------------------------------------------------------------------------------

    def invite(self, room: str, user: str) -> str:
        """Make somebody a member."""
        return self._queue(wire.Invite(id=self._ids(), room=sound(room), user=sound(user)))

    def kick(self, room: str, user: str) -> str:
        """Put somebody out of the room; they may come back."""
        return self._queue(wire.Kick(id=self._ids(), room=sound(room), user=sound(user)))

    def ban(self, room: str, user: str) -> str:
        """Put somebody out of the room, or keep them out, until `unban`."""
        return self._queue(wire.Ban(id=self._ids(), room=sound(room), user=sound(user)))

    def unban(self, room: str, user: str) -> str:
        """Let somebody come back. It does not make them a member."""
        return self._queue(wire.Unban(id=self._ids(), room=sound(room), user=sound(user)))

    def mute(self, room: str, user: str, minutes: int) -> str:
        """Let somebody only read for so many minutes; 0 lets them speak again."""
        return self._queue(wire.Mute(id=self._ids(), room=sound(room), user=sound(user), minutes=minutes))

    def set_role(self, room: str, user: str, role: wire.GivenRole) -> str:
        """Make somebody a moderator of the room, or a member again."""
        return self._queue(wire.SetRole(id=self._ids(), room=sound(room), user=sound(user), role=role))

    def set_profile(self, display: str | None = None, picture: str | None = None) -> str:
        """How I am called and my picture (the hash of an image that is up) from now on; what is None stays, "" takes it
        away. The room of its events is the lobby."""
        display = sound(display) if display is not None else None
        return self._queue(wire.SetProfile(id=self._ids(), display=display, picture=picture))

    # --- the outbox -----------------------------------------------------------------------------------------

    def _queue(self, change: Queued, instead: str = "") -> str:
        """Write it down, tell of it, and put it on its way; where it breaks a rule it fails instead."""
        self._tell_left()
        if isinstance(change, wire.Change):
            change.room = short_name(change.room, self.user)
        item = Item(change, wire_time(self._clock()), instead=instead)
        try:
            check(change)
            self._uploads.check(_uploads_of(change))
        except Refused as refused:
            item.code, item.message = refused.code, refused.message
        if not item.code or isinstance(change, wire.Post):
            self._spool.write(item)
        self._tell(item)
        if not item.code:
            self._outbox.add(change)
            self._pump()
        return change.id

    def _tell(self, item: Item) -> None:
        change, room = item.change, room_of(item.change, self.user)
        match change:
            case wire.Post():
                files = tuple(map(self._uploads.file, change.files))
                self._feed.tell(told.Pending(change.id, room, change.text, item.time, change.reply_to, files))
            case wire.Edit() | wire.Delete() | wire.React():
                self._feed.tell(told.Changing(change.id, room, change))
        if item.code:
            self._feed.tell(told.Failed(change.id, room, kind(change), item.code, item.message))

    def _tell_left(self) -> None:
        """Tell once of what an earlier run left: after the first welcome, because nobody can show it before that, and
        in any case before what is queued now."""
        left, self._left = self._left, []
        for item in left:
            if item.change.id in self._spool.held.items:
                self._tell(item)

    def _ready(self, change: Queued) -> bool:
        return all(self._uploads.up(upload) is not None for upload in _uploads_of(change))

    def _as_sent(self, change: Queued) -> Queued:
        """With the hashes of its files, which are all up."""
        if not isinstance(change, wire.Post) or not change.files:
            return change
        return msgspec.structs.replace(change, files=tuple(dict.fromkeys(map(self._uploads.hash, change.files))))

    def _delivered(self, ok: wire.Ok) -> None:
        change = self._outbox.answered(ok.id)
        if change is not None:
            self._settle(change)
            self._feed.tell(told.Delivered(ok.id, room_of(change, self.user), ok.seq, ok.time))

    def _fail(self, change: Queued, code: str, message: str) -> None:
        if isinstance(change, wire.Post):
            self._spool.write(Refusal(change.id, code, message))
        else:
            self._spool.write(Settled(change.id))
        self._feed.tell(told.Failed(change.id, room_of(change, self.user), kind(change), code, message))

    def _settle(self, change: Queued) -> None:
        """Nothing is to be done about it any more, nor about files that only it names."""
        self._spool.write(Settled(change.id))
        for upload in _uploads_of(change):
            if not any(upload in _uploads_of(item.change) for item in self._spool.held.items.values()):
                self._uploads.drop(upload)

    def _refused(self, ident: str) -> Item | None:
        item = self._spool.held.items.get(ident)
        return item if item is not None and item.code else None


def _uploads_of(change: Queued) -> list[str]:
    """The uploads that a post names."""
    files = change.files if isinstance(change, wire.Post) else ()
    return [file.removeprefix(UPLOAD) for file in files if file.startswith(UPLOAD)]
