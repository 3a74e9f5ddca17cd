"""Making, joining, leaving and naming rooms, asking somebody in, and listing them."""

from typing import Any, Final

from chatserver.commands.changes import (
    Already,
    Asked,
    Rule,
    drafted,
    exists,
    is_member,
    is_room,
    no_such_room,
    resolve,
    visible,
)
from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Joined, Member, MemberList, RoomInfo, RoomList


def _keep(value: Any) -> Any:
    return value


def _named(user: str, command: protocol.Create, room: str, hub: Hub) -> protocol.Created:
    if not room.startswith("@"):
        room = rules.room_name(room)
    return protocol.Created(
        room=room, user=user, id=command.id, topic=rules.topic(command.topic), private=command.private
    )


def _invited(user: str, command: protocol.Invite, room: str, hub: Hub) -> Joined:
    person = hub.accounts.person(command.user)
    if person is None:
        name = command.user[: rules.USER_NAME]
        raise Refused("no_such_user", f"There is nobody called {name} here.")
    return Joined(room=room, user=person, id=command.id, by=user)


def _is_free(asked: Asked) -> None:
    """Even a private room that the asker cannot see takes its name."""
    if asked.hub.rooms.find(asked.draft.room):
        name = asked.draft.room
        raise Refused("room_exists", f"There is a room called {name} already. Choose another name, or open {name}.")


def _not_yet_in(asked: Asked) -> None:
    assert asked.room is not None
    if membership := asked.room.members.get(asked.draft.user):
        raise Already(membership.seq, membership.time)


def _not_lobby(asked: Asked) -> None:
    if asked.draft.room == rules.LOBBY:
        raise Refused("not_allowed", f"Everybody is in {rules.LOBBY}. You can leave any other room.")


CHANGES: Final[dict[type, Rule]] = {
    protocol.Create: Rule(_named, (is_room, _is_free)),
    protocol.Join: Rule(drafted(protocol.Joined), (is_room, exists, _not_yet_in)),
    protocol.Leave: Rule(drafted(protocol.Left), (is_room, exists, is_member, _not_lobby)),
    protocol.Invite: Rule(_invited, (is_room, exists, is_member, _not_yet_in)),
    protocol.SetTopic: Rule(drafted(protocol.TopicSet, topic=rules.topic), (is_room, exists, is_member)),
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
    """Who is in a room, by name, and who of them is here."""
    hub, user = session.hub, session.user
    room = visible(hub, user, resolve(hub, user, command.room))
    if room is None:
        raise no_such_room(command.room)
    members = [
        Member(
            user=name,
            state="online" if hub.is_here(name) else "offline",
            role="owner" if hub.accounts.is_owner(name) else membership.role,
        )
        for name, membership in sorted(room.members.items())
    ]
    session.answer(MemberList(ref=command.ref, room=room.name, members=members))
