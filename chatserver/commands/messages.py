"""Posting: plain words on a short path, and replies and files, which have to be looked up."""

from collections.abc import Coroutine
from functools import partial
from typing import Any, Final

import msgspec

from chatserver.commands import changes
from chatserver.commands.amendments import no_such_message, original
from chatserver.commands.changes import Asked, Look, Rule
from chatserver.hub import Hub
from chatserver.session import Session
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import File, Message


def _draft(user: str, command: protocol.Post, room: str, hub: object) -> Message:
    return Message(room=room, user=user, id=command.id, text=rules.message_text(command.text))


def _draft_with(user: str, command: protocol.Post, room: str, hub: object) -> Message:
    """The files still bare: the look completes them."""
    files = tuple(File(file=file, name="", mime="", size=0) for file in rules.message_files(command.files))
    text = rules.message_text(command.text, with_files=bool(files))
    return Message(room=room, user=user, id=command.id, text=text, reply_to=command.reply_to, files=files)


def _about(user: str, command: protocol.Post, room: str) -> tuple[str, int | str]:
    """A reply waits for the changes of what it answers, and so do they for it, until it is handed to the log."""
    return room, command.reply_to or command.id


async def _see(asked: Asked, command: protocol.Post) -> Asked:
    assert isinstance(asked.draft, Message)
    files = tuple([await _file(asked.hub, asked.user, file) for file in command.files])
    message = await original(asked.hub, asked.draft.room, command.reply_to)
    return asked._replace(draft=msgspec.structs.replace(asked.draft, files=files), message=message)


async def _file(hub: Hub, user: str, file: str) -> File:
    """What this person sent, or sees in a room of theirs."""
    found = await hub.files.owned(user, file) or await hub.history.file_in(file, hub.rooms.of(user))
    if found is None:
        raise Refused("no_such_file", "There is no such file for you. Upload it first.")
    return found


def _answers_something(asked: Asked) -> None:
    assert isinstance(asked.draft, Message)
    if asked.draft.reply_to and (asked.message is None or asked.message.deleted):
        raise no_such_message(asked.draft.reply_to, asked.draft.room)


_SPEAKS: Final = (changes.may_speak, changes.not_muted)
POST: Final = Rule(_draft, _SPEAKS, alters=False)
POST_WITH: Final = Rule(_draft_with, _SPEAKS, alters=False, look=Look(_about, _see, (_answers_something,)))


def post(session: Session, command: protocol.Post) -> Coroutine[Any, Any, None] | None:
    """Post a message. A member who names the room as it is called, and was never muted there, is past every guard: a
    hundred thousand a second come this way, and the runner of all changes gives the same outcome."""
    if command.reply_to or command.files:
        return changes.run(POST_WITH, session, command)
    hub, user = session.hub, session.user
    room = hub.rooms.by_name.get(command.room)
    if room is None or user not in room.members or user in room.muted or hub.is_changing(room.name):
        return changes.run(POST, session, command)
    rules.command_id(command.id)
    session.context.take_change(user)
    text = rules.message_text(command.text)
    hub.submit(Message(room=room.name, user=user, id=command.id, text=text), partial(session.settle, command))
    return None
