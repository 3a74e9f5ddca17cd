"""What each command does: one table, and one file per concern.

A command that leaves an event stands in the `CHANGES` of its file with the draft that it becomes and the guards that
must hold; `changes.run` is the one runner for them all. The others are functions of their own.
"""

from functools import partial
from typing import Final

from chatserver.commands import (
    amendments,
    changes,
    devices,
    history,
    invitations,
    messages,
    moderation,
    people,
    presence,
    profile,
    rooms,
    search,
)
from chatserver.session import CommandTable
from shared import protocol

COMMANDS: Final[CommandTable] = {
    protocol.Hello: people.hello,
    protocol.Ping: people.ping,
    protocol.Read: presence.read,
    protocol.Typing: presence.typing,
    protocol.SetStatus: presence.status,
    protocol.Prefer: people.prefer,
    protocol.SetPassword: devices.set_password,
    protocol.Sessions: devices.list_sessions,
    protocol.SignOut: devices.sign_out,
    protocol.MakeInvitation: invitations.make,
    protocol.Invitations: invitations.list_mine,
    protocol.Revoke: invitations.revoke,
    protocol.Rooms: rooms.list_rooms,
    protocol.Members: rooms.list_members,
    protocol.Post: messages.post,
    protocol.History: history.page,
    protocol.Sync: history.sync,
    protocol.Calendar: history.calendar,
    protocol.Record: history.record,
    protocol.Search: search.search,
    **{
        command: partial(changes.run, rule)
        for command, rule in (rooms.CHANGES | moderation.CHANGES | amendments.CHANGES | profile.CHANGES).items()
    },
}
