"""What the server says to one connection: answers to its commands, and what is never stored."""

import msgspec

from shared.errors import Code
from shared.protocol.base import Line, Role, State
from shared.protocol.events import AnyEvent, Message


class RoomState(Line, kw_only=True):
    """One room of mine, as `welcome` tells it. `with_` (on the wire `with`) is set for direct conversations, and
    `muted_until` where I may not speak now."""

    room: str
    topic: str = ""
    private: bool = False
    role: Role = "member"
    members: int = 0
    last: int = 0
    read: int = 0
    unread: int = 0
    mentions: int = 0
    muted_until: str = ""
    with_: str | None = msgspec.field(default=None, name="with")


class RoomInfo(Line, kw_only=True):
    """One line of `room_list`."""

    room: str
    topic: str = ""
    members: int = 0
    private: bool = False


class Person(Line, kw_only=True):
    """How one person is shown. `display` is empty where it is the plain name; `picture` is a file's SHA-256, empty for
    none; `state_since`: since when away, busy or offline, as far as this server saw it."""

    state: State = "offline"
    note: str = ""
    display: str = ""
    picture: str = ""
    state_since: str = ""


class Member(Line, kw_only=True):
    """One line of `member_list`. Times are as in events; empty where nobody knows.

    since           since when on this server
    seen            when last here, of who is offline
    state_since     since when away or busy
    muted_until     until when they may not speak in this room
    """

    user: str
    state: State = "offline"
    role: Role = "member"
    note: str = ""
    display: str = ""
    picture: str = ""
    since: str = ""
    seen: str = ""
    state_since: str = ""
    muted_until: str = ""


class SessionInfo(Line, kw_only=True):
    """One device of mine. `current`: the one that asks; `here`: connected now."""

    session: str
    client: str = ""
    created: str = ""
    seen: str = ""
    address: str = ""
    current: bool = False
    here: bool = False


class InvitationInfo(Line, kw_only=True):
    """One invitation. `uses` 0: any number; `expires` empty: never; `link` for the one who is invited."""

    code: str
    link: str
    room: str = ""
    uses: int = 0
    used_by: list[str] = msgspec.field(default_factory=list)
    expires: str = ""


class Answer(Line, tag_field="type"):
    """Base of what the server says to one connection. `ref` is that of the command it answers."""

    ref: str | None = msgspec.field(default=None, name="ref")


class Welcome(Answer, tag="welcome", kw_only=True):
    """people     those whose presence is told: partners, and members of rooms of up to 200, me included
    read_by    of direct conversations and rooms of up to 20: `{room: {person: seq}}`, less who hides it
    """

    protocol: int
    server: str
    epoch: str
    user: str
    time: str
    tip: int
    limits: dict[str, int]
    rooms: list[RoomState]
    owner: bool = False
    session: str = ""
    has_password: bool = False
    receipts: bool = True
    people: dict[str, Person] = msgspec.field(default_factory=dict)
    read_by: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)


class Ok(Answer, tag="ok", kw_only=True):
    """Done. For a change of the history with its id, seq and time; for anything else with none of them."""

    id: str = ""
    seq: int = 0
    time: str = ""


class Error(Answer, tag="error", kw_only=True):
    code: str
    message: str
    id: str | None = None
    retry_after: float | None = None


class RoomList(Answer, tag="room_list", kw_only=True):
    rooms: list[RoomInfo]


class MemberList(Answer, tag="member_list", kw_only=True):
    """`banned`: who may not come in, for those who may lift it; empty for others."""

    room: str
    members: list[Member]
    banned: list[str] = msgspec.field(default_factory=list)


class Page(Answer, tag="page", kw_only=True):
    """Entries of one room, oldest first, folded: changes of messages (`edited`, `deleted`, `reacted`) are no entries,
    they are in what they changed.

    quoted      the messages that others of this page reply to and that are not among them, folded
    through     the newest seq that the answer has seen
    """

    room: str
    messages: list[AnyEvent]
    more_before: bool
    more_after: bool
    through: int
    quoted: list[Message] = msgspec.field(default_factory=list)


class CalendarFound(Answer, tag="calendar", kw_only=True):
    """For each two neighbouring edges how many messages there are between them, and the seq of the room's first entry
    there, 0 for none. `first`: time of the room's first entry."""

    room: str
    counts: list[int]
    seqs: list[int]
    first: str = ""


class RecordLine(Answer, tag="record", kw_only=True):
    """`line` as it stands in the history, its hash included, without the newline."""

    room: str
    seq: int
    line: str


class Found(Answer, tag="found", kw_only=True):
    """Messages, newest first, folded: all that there are down to the seq `before`. `more`: there may be older ones, ask
    on with this `before`, also where an answer that would have taken long holds few messages or none. `through`: the
    newest seq that was looked at."""

    messages: list[Message]
    more: bool
    through: int
    before: int = 0


class Synced(Answer, tag="synced", kw_only=True):
    """Every event the asker may see after a seq, oldest first; of a deleted message and its edits only that they were.
    `through`: up to where this answer is complete."""

    events: list[AnyEvent]
    more: bool
    through: int


class Pong(Answer, tag="pong", kw_only=True):
    time: str


class SessionList(Answer, tag="session_list", kw_only=True):
    sessions: list[SessionInfo]


class InvitationMade(Answer, tag="invitation", kw_only=True):
    invitation: InvitationInfo


class InvitationList(Answer, tag="invitation_list", kw_only=True):
    invitations: list[InvitationInfo]


class Presence(Line, tag_field="type", tag="presence", kw_only=True):
    """Who is shown differently from now on."""

    users: dict[str, Person]


class TypingNow(Line, tag_field="type", tag="typing", kw_only=True):
    """Who is writing in a room now, the reader left out; empty for nobody any more."""

    room: str
    users: list[str]


class ReadMark(Line, tag_field="type", tag="read", kw_only=True):
    """A person's read marker moved: one's own on another connection, or somebody's who lets it be seen."""

    room: str
    user: str
    seq: int


class Goodbye(Line, tag_field="type", tag="goodbye", kw_only=True):
    code: Code
    message: str


AnyAnswer = (
    Welcome
    | Ok
    | Error
    | RoomList
    | MemberList
    | Page
    | CalendarFound
    | RecordLine
    | Found
    | Synced
    | SessionList
    | InvitationMade
    | InvitationList
    | Pong
    | Presence
    | TypingNow
    | ReadMark
    | Goodbye
)
ServerLine = AnyEvent | AnyAnswer
