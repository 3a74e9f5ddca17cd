"""What a ChatClient tells its consumer: one stream of frozen events, in the order in which they happened.

The window, the terminal and bots are consumers of this stream and of nothing else. Reasons and messages are plain
sentences that can be shown as they are. `time` is UTC as on the wire (2026-11-20T05:44:27.123451Z).
"""

import msgspec

from shared.protocol import AnyEvent, Delete, Edit, File, Person, React, Welcome


class _Told(msgspec.Struct, frozen=True):
    """Base of all."""


class Connecting(_Told, frozen=True):
    """A try begins; `attempt` is 1 for the first since the last time that we were signed in."""

    attempt: int


class Connected(_Told, frozen=True):
    """Signed in. `fresh`: drop all you hold; otherwise what was missed follows as `Arrived`.

    In either case the welcome says who is here (`people`), how far others have read (`read_by`), whether I am an
    owner, which device this is (`session`), whether I have a password, and whether I show receipts.
    """

    welcome: Welcome
    fresh: bool


class Disconnected(_Told, frozen=True):
    """The connection is gone, or could not be made. The next try comes by itself in `retry_in` seconds.

    `code`: the server's where it hung up or put the sign-in off: rate_limited, shutting_down …
    """

    reason: str
    retry_in: float
    code: str = ""


class Rejected(_Told, frozen=True):
    """The server refused the sign-in. The client makes no further try; the stream ends after this."""

    code: str
    message: str


class Pending(_Told, frozen=True):
    """A message was queued; `Delivered` or `Failed` with this id follows, however long it takes.

    Of a file that is not up yet `file` is `~` and the id of its upload; name, type, size and measures are those of the
    file on this device, as far as they are known by now.
    """

    id: str
    room: str
    text: str
    time: str
    reply_to: int = 0
    files: tuple[File, ...] = ()


class Changing(_Told, frozen=True):
    """A change of a message was queued; `Delivered` or `Failed` (edit, delete, react) with this id follows."""

    id: str
    room: str
    change: Edit | Delete | React


class Uploading(_Told, frozen=True):
    """`sent` of `total` bytes of a file are up. The first, with 0, says that the file was read and will be kept."""

    upload: str
    sent: int
    total: int


class Uploaded(_Told, frozen=True):
    """The file is up, and may be posted by its hash as well as by its upload."""

    upload: str
    file: File


class UploadFailed(_Told, frozen=True):
    """The file was refused here or by the server, or could not be read. `retry_upload` or `drop_upload` it.

    A message that waits for it is `Failed` with the same sentence after this.
    """

    upload: str
    code: str
    message: str


class Delivered(_Told, frozen=True):
    """The server's ok: the change stands in the history as `seq`. For messages and all other changes."""

    id: str
    room: str
    seq: int
    time: str


class Failed(_Told, frozen=True):
    """A change was refused. `kind` is its command: post, edit, delete, react, create, join, leave, invite, topic, kick,
    ban, unban, mute, role, profile. A profile belongs to no room and is told of the lobby, where its event stands."""

    id: str
    room: str
    kind: str
    code: str
    message: str


class Discarded(_Told, frozen=True):
    """A failed message was given up, or is being sent again under another id: take its row away."""

    id: str
    room: str


class Arrived(_Told, frozen=True):
    """A stored event, in order of seq, each exactly once, whether it came live or by catching up."""

    event: AnyEvent


class ReadUpTo(_Told, frozen=True):
    """This person read the room up to `seq` on another of their devices."""

    room: str
    seq: int


class ReadBy(_Told, frozen=True):
    """Somebody else has read the room up to `seq`, and lets it be seen."""

    room: str
    user: str
    seq: int


class PresenceChanged(_Told, frozen=True):
    """Who is shown differently from now on; whoever is not named here stays as they were."""

    users: dict[str, Person]


class TypingChanged(_Told, frozen=True):
    """Who is writing in this room now, without me; it holds for five seconds, or until the next of that room."""

    room: str
    users: tuple[str, ...]


ClientEvent = (
    Connecting
    | Connected
    | Disconnected
    | Rejected
    | Pending
    | Changing
    | Uploading
    | Uploaded
    | UploadFailed
    | Delivered
    | Failed
    | Discarded
    | Arrived
    | ReadUpTo
    | ReadBy
    | PresenceChanged
    | TypingChanged
)
