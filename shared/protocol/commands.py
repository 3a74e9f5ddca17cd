"""What a client may say."""

import msgspec

from shared.protocol.base import GivenRole, Line, OwnState


class Command(Line, tag_field="type"):
    """A command may carry `ref`; its direct answer bears it back."""

    ref: str | None = msgspec.field(default=None, name="ref")


class Hello(Command, tag="hello", kw_only=True):
    protocol: int
    user: str
    token: str
    password: str | None = None
    invite: str | None = None
    client: str | None = None


class Change(Command, kw_only=True):
    """A command that leaves an event in the log. `id` is the client's and makes it happen exactly once."""

    id: str
    room: str


class Post(Change, tag="post", kw_only=True):
    """`reply_to`: seq of a message of this room. `files`: SHA-256 of files that one sent or can see."""

    text: str
    reply_to: int = 0
    files: tuple[str, ...] = ()


class Edit(Change, tag="edit", kw_only=True):
    """Another text for my message `of` (a seq)."""

    of: int
    text: str


class Delete(Change, tag="delete", kw_only=True):
    of: int


class React(Change, tag="react", kw_only=True):
    """Put an emoji under the message `of`, or with `remove` take one's own away. What is so already stays so."""

    of: int
    emoji: str
    remove: bool = False


class Create(Change, tag="create", kw_only=True):
    topic: str = ""
    private: bool = False


class Join(Change, tag="join", kw_only=True):
    pass


class Leave(Change, tag="leave", kw_only=True):
    pass


class Invite(Change, tag="invite", kw_only=True):
    user: str


class SetTopic(Change, tag="topic", kw_only=True):
    topic: str


class Kick(Change, tag="kick", kw_only=True):
    user: str


class Ban(Change, tag="ban", kw_only=True):
    user: str


class Unban(Change, tag="unban", kw_only=True):
    user: str


class Mute(Change, tag="mute", kw_only=True):
    """`minutes` 0 lifts it."""

    user: str
    minutes: int


class SetRole(Change, tag="role", kw_only=True):
    user: str
    role: GivenRole


class SetProfile(Command, tag="profile", kw_only=True):
    """A change like the others, of no room: its event stands in the lobby, where everybody is. What is left out stays
    as it is; an empty one takes it away. `picture`: SHA-256 of a file that one sent."""

    id: str
    display: str | None = None
    picture: str | None = None


class SetStatus(Command, tag="status", kw_only=True):
    """How I am shown, over all my connections; never stored in the history."""

    state: OwnState
    note: str = ""


class Typing(Command, tag="typing", kw_only=True):
    """I am writing in this room; holds for five seconds. Nothing answers it."""

    room: str


class Prefer(Command, tag="prefer", kw_only=True):
    """`receipts`: whether others see how far I have read; who hides it sees nobody else's either."""

    receipts: bool


class SetPassword(Command, tag="password", kw_only=True):
    new: str
    old: str | None = None


class Sessions(Command, tag="sessions"):
    pass


class SignOut(Command, tag="sign_out", kw_only=True):
    """`session` is an id of `session_list`; one's own ends this connection too."""

    session: str


class MakeInvitation(Command, tag="invitation", kw_only=True):
    """`uses` and `days` 0 mean without end."""

    room: str | None = None
    uses: int = 5
    days: int = 7


class Invitations(Command, tag="invitations"):
    pass


class Revoke(Command, tag="revoke", kw_only=True):
    code: str


class Rooms(Command, tag="rooms"):
    pass


class Members(Command, tag="members", kw_only=True):
    room: str


class History(Command, tag="history", kw_only=True):
    room: str
    before: int | None = None
    after: int | None = None
    around: int | None = None
    limit: int = 50


class Calendar(Command, tag="calendar", kw_only=True):
    """How much was said between each two of these times (as in events, ascending, 2 to 64): the reader's midnights."""

    room: str
    edges: tuple[str, ...]


class Search(Command, tag="search", kw_only=True):
    """Messages that hold `text` anywhere, newest first.

    room, user      only in this room (or `@bob`), only by this person
    since, until    times as in events: from the first on, before the second
    files           only messages with files; the text may then be empty
    before          seq of the last one found before: for the next ones
    """

    text: str
    room: str | None = None
    user: str | None = None
    since: str | None = None
    until: str | None = None
    files: bool = False
    before: int | None = None
    limit: int = 50


class Record(Command, tag="record", kw_only=True):
    """The line of the history in which an event of this room stands."""

    room: str
    seq: int


class Sync(Command, tag="sync", kw_only=True):
    after: int
    limit: int = 1_000


class Read(Command, tag="read", kw_only=True):
    """Up to where this person has read a room. Never goes back; nothing answers it."""

    room: str
    seq: int


class Ping(Command, tag="ping"):
    pass


AnyCommand = (
    Hello
    | Post
    | Edit
    | Delete
    | React
    | Create
    | Join
    | Leave
    | Invite
    | SetTopic
    | Kick
    | Ban
    | Unban
    | Mute
    | SetRole
    | SetProfile
    | SetStatus
    | Typing
    | Prefer
    | SetPassword
    | Sessions
    | SignOut
    | MakeInvitation
    | Invitations
    | Revoke
    | Rooms
    | Members
    | History
    | Calendar
    | Record
    | Search
    | Sync
    | Read
    | Ping
)
