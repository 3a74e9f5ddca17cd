"""The wire: every command, answer and event as a struct, and their JSON.

Both ends send one JSON object per line; `type` names the struct. What is only typed wrongly fails here, what
breaks a rule (a limit, a name, a right) is the session's business. An event that comes from the log is the same
object from the moment a command drafts it until its bytes leave: a draft has `seq` 0 and no time, the log gives
it both, and `prev`. Fields that a peer may leave out have defaults, and defaults are not sent.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from shared.errors import Code, ProtocolError, Refused

Role = Literal["member", "moderator", "owner"]
GivenRole = Literal["member", "moderator"]
State = Literal["online", "away", "busy", "offline"]
OwnState = Literal["online", "away", "busy"]


class _Struct(msgspec.Struct, omit_defaults=True, gc=False):
    """Base of all: absent means default, in both directions."""


# --- commands -----------------------------------------------------------------------------------------------


class Command(_Struct, tag_field="type"):
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
    text: str


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
    """A change like the others, of no room: its event stands in the lobby, where everybody is."""

    id: str
    display: str


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
    | Sync
    | Read
    | Ping
)


# --- events from the log ------------------------------------------------------------------------------------


class Event(_Struct, tag_field="type", kw_only=True):
    """One stored event. `user` is whom it is about; `by` (where it has one) is who did it to them.

    seq     1, 2, 3 … over the whole server; 0 in a draft
    prev    seq of the room's event before this one, 0 for its first
    time    UTC, microseconds: 2026-11-20T05:44:27.123451Z
    id      the id its author's client gave it, unique for that person
    """

    seq: int = 0
    prev: int = 0
    time: str = ""
    room: str
    user: str
    id: str

    @property
    def author(self) -> str:
        """Who caused it: the person whose `id` this is."""
        return getattr(self, "by", None) or self.user


class Message(Event, tag="message", kw_only=True):
    text: str


class Created(Event, tag="created", kw_only=True):
    topic: str = ""
    private: bool = False


class Joined(Event, tag="joined", kw_only=True):
    by: str | None = None


class Left(Event, tag="left", kw_only=True):
    by: str | None = None


class TopicSet(Event, tag="topic", kw_only=True):
    topic: str


class Banned(Event, tag="banned", kw_only=True):
    """Out of the room, and not let in again."""

    by: str


class Unbanned(Event, tag="unbanned", kw_only=True):
    by: str


class Muted(Event, tag="muted", kw_only=True):
    """May read and not speak for so many minutes from `time` on; 0 lifts it."""

    by: str
    minutes: int


class RoleSet(Event, tag="role", kw_only=True):
    by: str
    role: GivenRole


class ProfileSet(Event, tag="profile", kw_only=True):
    """How a person wants to be called; empty for the plain name. Stands in the lobby."""

    display: str


AnyEvent = Message | Created | Joined | Left | TopicSet | Banned | Unbanned | Muted | RoleSet | ProfileSet
EVENT_TYPES: Final[dict[str, type[AnyEvent]]] = {
    "message": Message,
    "created": Created,
    "joined": Joined,
    "left": Left,
    "topic": TopicSet,
    "banned": Banned,
    "unbanned": Unbanned,
    "muted": Muted,
    "role": RoleSet,
    "profile": ProfileSet,
}


# --- answers, and what is never stored ------------------------------------------------------------------------


class RoomState(_Struct, kw_only=True):
    """One room of mine, as `welcome` tells it. `with_` (on the wire `with`) is set for direct conversations."""

    room: str
    topic: str = ""
    private: bool = False
    role: Role = "member"
    members: int = 0
    last: int = 0
    read: int = 0
    unread: int = 0
    mentions: int = 0
    with_: str | None = msgspec.field(default=None, name="with")


class RoomInfo(_Struct, kw_only=True):
    """One line of `room_list`."""

    room: str
    topic: str = ""
    members: int = 0
    private: bool = False


class Person(_Struct, kw_only=True):
    """How one person is shown. `display` is empty where it is the plain name."""

    state: State = "offline"
    note: str = ""
    display: str = ""


class Member(_Struct, kw_only=True):
    """One line of `member_list`. Times are as in events; empty where nobody knows.

    since           since when on this server
    seen            when last here, of who is offline
    muted_until     until when they may not speak in this room
    """

    user: str
    state: State = "offline"
    role: Role = "member"
    note: str = ""
    display: str = ""
    since: str = ""
    seen: str = ""
    muted_until: str = ""


class SessionInfo(_Struct, kw_only=True):
    """One device of mine. `current`: the one that asks; `here`: connected now."""

    session: str
    client: str = ""
    created: str = ""
    seen: str = ""
    address: str = ""
    current: bool = False
    here: bool = False


class InvitationInfo(_Struct, kw_only=True):
    """One invitation. `uses` 0: any number; `expires` empty: never; `link` for the one who is invited."""

    code: str
    link: str
    room: str = ""
    uses: int = 0
    used_by: list[str] = []
    expires: str = ""


class Answer(_Struct, tag_field="type"):
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
    people: dict[str, Person] = {}
    read_by: dict[str, dict[str, int]] = {}


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
    room: str
    members: list[Member]


class Page(Answer, tag="page", kw_only=True):
    """Entries of one room, oldest first. `through`: the newest seq that the answer has seen."""

    room: str
    messages: list[AnyEvent]
    more_before: bool
    more_after: bool
    through: int


class Synced(Answer, tag="synced", kw_only=True):
    """Every event the asker may see after a seq, oldest first. `through`: up to where this answer is complete."""

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


class Presence(_Struct, tag_field="type", tag="presence", kw_only=True):
    """Who is shown differently from now on."""

    users: dict[str, Person]


class TypingNow(_Struct, tag_field="type", tag="typing", kw_only=True):
    """Who is writing in a room now, the reader left out; empty for nobody any more."""

    room: str
    users: list[str]


class ReadMark(_Struct, tag_field="type", tag="read", kw_only=True):
    """A person's read marker moved: one's own on another connection, or somebody's who lets it be seen."""

    room: str
    user: str
    seq: int


class Goodbye(_Struct, tag_field="type", tag="goodbye", kw_only=True):
    code: Code
    message: str


AnyAnswer = (
    Welcome
    | Ok
    | Error
    | RoomList
    | MemberList
    | Page
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


# --- JSON -----------------------------------------------------------------------------------------------------

_encoder: Final = msgspec.json.Encoder()
_commands: Final[msgspec.json.Decoder[AnyCommand]] = msgspec.json.Decoder(AnyCommand)
_lines: Final[msgspec.json.Decoder[ServerLine]] = msgspec.json.Decoder(ServerLine)

encode = _encoder.encode
"""One struct as JSON bytes, without the newline."""


def encode_line(item: msgspec.Struct) -> bytes:
    """One struct as a JSON line, newline included."""
    return _encoder.encode(item) + b"\n"


def encode_lines(items: Sequence[ServerLine]) -> bytes:
    """Many structs, one JSON line each, newline after every one."""
    return _encoder.encode_lines(items)


def decode_command(line: bytes) -> AnyCommand:
    """What a client sent; `Refused` with `bad_request` says which field is wrong."""
    try:
        return _commands.decode(line)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", f"{_reason(str(error))}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("bad_request", "This is not a JSON object on one line.") from None


def decode_commands(lines: bytes) -> list[AnyCommand] | None:
    """Many lines at once, or None where one of them is wrong: then take them one by one."""
    try:
        return _commands.decode_lines(lines)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def decode_server_line(line: bytes) -> ServerLine:
    """What the server sent, or `ProtocolError`."""
    try:
        return _lines.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolError(f"The server sent what is not protocol 1: {error}") from None


def envelope(line: bytes) -> tuple[str | None, str | None]:
    """`ref` and `id` of a command that failed to decode, so that its error can bear them; None where unfit."""
    try:
        found: Any = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, None
    if not isinstance(found, dict):
        return None, None
    ref, ident = found.get("ref"), found.get("id")
    return (
        ref if isinstance(ref, str) and len(ref) <= 64 else None,
        ident if isinstance(ident, str) and len(ident) <= 64 else None,
    )


def _reason(message: str) -> str:
    """msgspec's sentence without its path notation: ``Object missing required field `text` `` and the like."""
    message = message.replace(" - at `$.", " in the field `").replace(" - at `$`", "")
    if message.startswith("Invalid value") and message.endswith("in the field `type`"):
        return message.replace("Invalid value", "Unknown type").removesuffix(" in the field `type`")
    return message
