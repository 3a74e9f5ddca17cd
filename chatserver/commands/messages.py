"""Posting."""

from collections.abc import Coroutine
from functools import partial
from typing import Any, Final

from chatserver.commands import changes
from chatserver.session import Session
from shared import protocol, rules
from shared.protocol import Message


def _draft(user: str, command: protocol.Post, room: str, hub: object) -> Message:
    return Message(room=room, user=user, id=command.id, text=rules.message_text(command.text))


POST: Final = changes.Rule(_draft, (changes.may_speak, changes.not_muted), alters=False)


def post(session: Session, command: protocol.Post) -> Coroutine[Any, Any, None] | None:
    """Post a message. A member who names the room as it is called, and was never muted there, is past every guard: a
    hundred thousand a second come this way, and the runner of all changes gives the same outcome."""
    hub, user = session.hub, session.user
    room = hub.rooms.by_name.get(command.room)
    if room is None or user not in room.members or user in room.muted or hub.is_changing(room.name):
        return changes.run(POST, session, command)
    rules.command_id(command.id)
    session.context.take_change(user)
    text = rules.message_text(command.text)
    hub.submit(Message(room=room.name, user=user, id=command.id, text=text), partial(session.settle, command))
    return None
