"""Changes before they are sent: what breaks a rule fails here already, and direct conversations get both their names.

A direct conversation is `@bob` in commands, and `@alice,bob` in events and everywhere else. While a post waits, its
`files` may name uploads, as `~` and the id; it goes out with the hashes that they have then.
"""

from shared import rules
from shared.errors import Refused
from shared.protocol import (
    Ban,
    Create,
    Delete,
    Edit,
    Invite,
    Join,
    Kick,
    Leave,
    Mute,
    Post,
    React,
    SetProfile,
    SetRole,
    SetTopic,
    Unban,
)

Queued = (
    Post
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
)
"""What waits in an outbox."""
UPLOAD = "~"
"""What a post's file begins with that is not up yet; the id of its upload follows."""


def full_name(room: str, me: str) -> str:
    """A room as events name it."""
    return rules.direct_name(me, *rules.direct_people(room)) if room.startswith("@") else room


def short_name(room: str, me: str) -> str:
    """A room as commands name it."""
    return f"@{rules.counterpart(room, me)}" if room.startswith("@") else room


def room_of(change: Queued, me: str) -> str:
    """Where the change's event will stand, as events name it."""
    return rules.LOBBY if isinstance(change, SetProfile) else full_name(change.room, me)


def check(change: Queued) -> None:
    """Make the change what the rules make of it, or raise `Refused`."""
    match change:
        case Post():
            change.text = rules.message_text(change.text, with_files=bool(change.files))
            rules.message_files([file for file in change.files if not file.startswith(UPLOAD)])
            if len(change.files) > rules.FILES:
                raise Refused("too_large", f"A message has {len(change.files):,} files, the limit is {rules.FILES}.")
        case Edit():
            change.text = rules.message_text(change.text, with_files=True)  # the server knows whether there are any
        case React():
            change.emoji = rules.reaction(change.emoji)
        case Create():
            change.room = rules.room_name(change.room)
            change.topic = rules.topic(change.topic)
        case SetTopic():
            change.topic = rules.topic(change.topic)
        case Invite() | Kick() | Ban() | Unban() | SetRole():
            change.user = rules.user_name(change.user)
        case Mute():
            change.user = rules.user_name(change.user)
            if not 0 <= change.minutes <= rules.MUTE_MINUTES:
                raise Refused(
                    "bad_request", f"Mute for 0 to {rules.MUTE_MINUTES:,} minutes. This says {change.minutes:,}."
                )
        case SetProfile():
            change.display = rules.display_name(change.display) if change.display is not None else None
            change.picture = rules.file_hash(change.picture) if change.picture else change.picture


def kind(change: Queued) -> str:
    """Its command: post, create, join …"""
    return str(change.__struct_config__.tag)


def sound(text: str) -> str:
    """The text as UTF-8 can carry it: halves of a surrogate pair, as toolkits give them, become one character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
