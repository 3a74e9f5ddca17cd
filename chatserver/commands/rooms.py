"""Making, joining, leaving and naming rooms, asking somebody in, and listing them."""

import time
from typing import Final

from chatserver.commands.changes import (
    Already,
    Asked,
    Rule,
    drafted,
    exists,
    is_member,
    is_room,
    may,
    no_such_room,
    no_such_user,
    not_muted,
    resolve,
    standing,
    visible,
)
from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rights, rules
from shared.errors import Refused
from shared.protocol import Joined, Member, MemberList, RoomInfo, RoomList
from shared.record import timestamp


def _named(user: str, command: protocol.Create, room: str, hub: Hub) -> protocol.Created:
    if not room.startswith("@"):
        room = rules.room_name(room)
    return protocol.Created(
        room=room, user=user, id=command.id, topic=rules.topic(command.topic), private=command.private
    )


def _invited(user: str, command: protocol.Invite, room: str, hub: Hub) -> Joined:
    person = hub.accounts.person(command.user)
    if person is None or hub.accounts.is_removed(person):
        raise no_such_user(command.user)
    return Joined(room=room, user=person, id=command.id, by=user)


def _is_free(asked: Asked) -> None:
    """Even a private room that the asker cannot see takes its name."""
    if asked.hub.rooms.find(asked.draft.room):
        name = asked.named
        raise Refused("room_exists", f"There is a room called {name} already. Choose another name, or open {name}.")


def _not_yet_in(asked: Asked) -> None:
    assert asked.room is not None
    if membership := asked.room.members.get(asked.draft.user):
        raise Already(membership.seq, membership.time)


def _is_welcome(asked: Asked) -> None:
    """Who comes in is not banned."""
    assert asked.room is not None
    person, room = asked.draft.user, asked.room
    if person not in room.banned:
        return
    if person == asked.user:
        raise Refused("not_allowed", f"You are banned from {room.name}. A moderator of it can lift that.")
    raise Refused("not_allowed", f"{person} is banned from {room.name}. Unban first.")


def _not_lobby(asked: Asked) -> None:
    if asked.draft.room == rules.LOBBY:
        raise Refused("not_allowed", f"Everybody is in {rules.LOBBY}. You can leave any other room.")


CHANGES: Final[dict[type, Rule]] = {
    protocol.Create: Rule(_named, (is_room, _is_free)),
    protocol.Join: Rule(drafted(protocol.Joined), (is_room, exists, _not_yet_in, _is_welcome)),
    protocol.Leave: Rule(drafted(protocol.Left), (is_room, exists, is_member, _not_lobby)),
    protocol.Invite: Rule(_invited, (is_room, exists, is_member, may("invite"), _not_yet_in, _is_welcome)),
    protocol.SetTopic: Rule(
        drafted(protocol.TopicSet, topic=rules.topic), (is_room, exists, is_member, may("topic"), not_muted)
    ),
}


def list_rooms(session: Session, command: protocol.Rooms) -> None:
    """Every room that this person may know of: the public ones, and the private ones they are in."""
    hub, user = session.hub, session.user
    rooms = [
        RoomInfo(room=room.name, topic=room.topic, members=len(room.members), private=room.private)
        for room in hub.rooms.by_name.values()
        if not room.direct and visible(hub, user, room.name)
    ]
    session.answer(RoomList(ref=command.ref, rooms=sorted(rooms, key=lambda info: info.room)))


def list_members(session: Session, command: protocol.Members) -> None:
    """Who is in a room, by name: as what, since when on this server, whether here now, and until when muted; and for
    those who may lift a ban, who is banned."""
    hub, user = session.hub, session.user
    room = visible(hub, user, resolve(hub, user, command.room))
    if room is None:
        raise no_such_room(command.room)
    now, everybody = timestamp(time.time_ns()), hub.rooms.by_name[rules.LOBBY].members
    members = [
        Member(
            user=name,
            state=hub.presence.state(name),
            role="owner" if hub.accounts.is_owner(name) else membership.role,
            note=hub.presence.note(name),
            display=hub.rooms.display.get(name, ""),
            picture=hub.rooms.pictures.get(name, ""),
            since=everybody[name].time if name in everybody else "",
            seen="" if hub.presence.is_here(name) else hub.accounts.seen(name),
            state_since=hub.presence.since(name) if hub.presence.is_here(name) else "",
            muted_until=room.muted_until(name, now),
        )
        for name, membership in sorted(room.members.items())
    ]
    asker = standing(hub, room, user)
    banned = sorted(room.banned) if asker != "outsider" and rights.may("unban", room.name, asker) else []
    session.answer(MemberList(ref=command.ref, room=room.name, members=members, banned=banned))
