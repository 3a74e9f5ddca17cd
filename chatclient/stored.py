"""What a stored event means for the conversation that it stands in: topic, members, roles, who may speak. Pure.

One table from the type of an event to what it does. Rows, previews and unread counts are not of this place.
"""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any, Final, NamedTuple

from chatclient import days
from chatclient.conversation import Conversation, Noted
from chatclient.rows import Refreshed
from shared.protocol import AnyEvent, Banned, Created, Joined, Left, Member, Muted, Role, RoleSet, TopicSet, Unbanned
from shared.rights import may


class Reader(NamedTuple):
    """Who looks: the name, the time zone, whether an owner of the server, and what to call others."""

    me: str
    tz: tzinfo
    owner: bool
    name_of: Callable[[str], str]


def fold(talk: Conversation, event: AnyEvent, reader: Reader, noted: Noted) -> bool:
    """Take the event in. False where the conversation is not mine any more; `noted.news` says why."""
    does = _TABLE.get(type(event))
    if does is None:
        return True
    noted.header.add(talk.name)
    return does(talk, event, reader, noted)


def _created(talk: Conversation, event: Created, reader: Reader, noted: Noted) -> bool:
    talk.topic, talk.private = event.topic, event.private
    talk.members = talk.members or 1
    if event.user == reader.me:
        talk.role = _role("moderator", reader)
    return True


def _joined(talk: Conversation, event: Joined, reader: Reader, noted: Noted) -> bool:
    if talk.roster:
        talk.roster.setdefault(event.user, Member(user=event.user))
        talk.members = len(talk.roster)
    elif talk.members and event.user != reader.me:
        talk.members += 1
    return True


def _banned(talk: Conversation, event: Banned, reader: Reader, noted: Noted) -> bool:
    if may("unban", talk.name, _role(talk.role, reader)) and event.user not in talk.banned:
        talk.banned.append(event.user)
    return _left(talk, event, reader, noted)


def _unbanned(talk: Conversation, event: Unbanned, reader: Reader, noted: Noted) -> bool:
    if event.user in talk.banned:
        talk.banned.remove(event.user)
    return True


def _left(talk: Conversation, event: Left | Banned, reader: Reader, noted: Noted) -> bool:
    if event.user == reader.me:
        if event.author != reader.me:
            done = "banned" if isinstance(event, Banned) else "removed"
            noted.news.append(f"{reader.name_of(event.author)} {done} you from {talk.title}.")
        return False
    if talk.roster:
        talk.roster.pop(event.user, None)
        talk.members = len(talk.roster)
    else:
        talk.members = max(talk.members - 1, 0)
    talk.read_by.pop(event.user, None)
    talk.see(noted)
    return True


def _topic(talk: Conversation, event: TopicSet, reader: Reader, noted: Noted) -> bool:
    talk.topic = event.topic
    return True


def _muted(talk: Conversation, event: Muted, reader: Reader, noted: Noted) -> bool:
    until = days.seconds(event.time) + event.minutes * 60 if event.minutes else 0
    moment = days.local(until, reader.tz) if until else None
    if event.user == reader.me:
        talk.muted_until = moment
        _permits(talk, noted)
    if event.user in talk.roster:
        talk.roster[event.user].muted_until = days.wire_time(moment) if moment else ""
    return True


def _role_set(talk: Conversation, event: RoleSet, reader: Reader, noted: Noted) -> bool:
    if event.user == reader.me:
        talk.role = _role(event.role, reader)
        if not may("unban", talk.name, talk.role):
            talk.banned = []
    _permits(talk, noted)
    member = talk.roster.get(event.user)
    if member is not None and member.role != "owner":
        member.role = event.role
    return True


def _permits(talk: Conversation, noted: Noted) -> None:
    """Other things may be done with its messages than before."""
    if talk.timeline.count:
        noted.rows(talk.name, [Refreshed()])


def _role(role: Role, reader: Reader) -> Role:
    return "owner" if reader.owner else role


_TABLE: Final[dict[type[Any], Callable[[Conversation, Any, Reader, Noted], bool]]] = {
    Created: _created,
    Joined: _joined,
    Left: _left,
    Banned: _banned,
    Unbanned: _unbanned,
    TopicSet: _topic,
    Muted: _muted,
    RoleSet: _role_set,
}
