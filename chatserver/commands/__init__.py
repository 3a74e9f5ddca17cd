"""What each command does: one table, and one file per concern.

A command that alters a room stands in `rooms.CHANGES` with the draft that it becomes and the guards that must hold;
`changes.run` is the one runner for them all. The others are functions of their own.
"""

from functools import partial
from typing import Final

from chatserver.commands import changes, history, messages, people, rooms
from chatserver.session import CommandTable
from shared import protocol

COMMANDS: Final[CommandTable] = {
    protocol.Hello: people.hello,
    protocol.Ping: people.ping,
    protocol.Read: people.read,
    protocol.Rooms: rooms.list_rooms,
    protocol.Members: rooms.list_members,
    protocol.Post: messages.post,
    protocol.History: history.page,
    protocol.Sync: history.sync,
    **{command: partial(changes.run, rule) for command, rule in rooms.CHANGES.items()},
}
