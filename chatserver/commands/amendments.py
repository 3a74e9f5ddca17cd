"""Changes of a message that stands: edit, delete, react.

What the message is now is looked up, and the changes of one message wait for one another, so that what was found still
holds when the change is stored. A message of another room, a notice, or a number that nothing has yet: there is no
such message, and nothing tells these apart.
"""

from typing import Any, Final

from chatserver import rights
from chatserver.commands.changes import (
    Already,
    Asked,
    Guard,
    Look,
    Rule,
    drafted,
    exists,
    is_member,
    not_muted,
    standing,
)
from chatserver.hub import Hub
from shared import protocol, rules
from shared.errors import Refused
from shared.protocol import Message

_SAYABLE: Final = 10**18
"""From here on a number is longer than any that an event can have, and its digits help nobody."""


def no_such_message(seq: int, room: str) -> Refused:
    """The one answer for what is not there, is no message, stands in another room, or was deleted."""
    number = f" {seq}" if abs(seq) < _SAYABLE else " with that number"
    return Refused("no_such_message", f"There is no message{number} in {room}.")


def may_have(hub: Hub, seq: int) -> bool:
    """Whether an event with this number is published: any other one need not be looked for (and fits in no index)."""
    return 0 < seq <= hub.tip


async def original(hub: Hub, room: str, seq: int) -> Message | None:
    """The message with this number in this room, as it is now."""
    return await hub.history.message(room, seq) if may_have(hub, seq) else None


def _same(value: Any) -> Any:
    return value


def _text(text: str) -> str:
    """Whether it may be empty shows when the message is known: it may beside files."""
    return rules.message_text(text, with_files=True)


def _about(user: str, command: Any, room: str) -> tuple[str, int]:
    return room, command.of


async def _see(asked: Asked, command: protocol.Edit | protocol.Delete | protocol.React) -> Asked:
    room, message = asked.draft.room, await original(asked.hub, asked.draft.room, command.of)
    deletion = await asked.hub.history.deletion(room, command.of) if message and message.deleted else None
    return asked._replace(message=message, deletion=deletion)


# --- guards ---------------------------------------------------------------------------------------------------


def _found(asked: Asked) -> Message:
    assert isinstance(asked.draft, protocol.Edited | protocol.Deleted | protocol.Reacted)
    if asked.message is None:
        raise no_such_message(asked.draft.of, asked.draft.room)
    return asked.message


def _stands(asked: Asked) -> None:
    assert isinstance(asked.draft, protocol.Edited | protocol.Reacted)
    if _found(asked).deleted:
        raise no_such_message(asked.draft.of, asked.draft.room)


def _is_mine(asked: Asked) -> None:
    if _found(asked).user != asked.user:
        raise Refused("not_allowed", "You can edit what you wrote yourself, nothing else.")


def _says_something(asked: Asked) -> None:
    assert isinstance(asked.draft, protocol.Edited)
    rules.message_text(asked.draft.text, with_files=bool(_found(asked).files))


def _is_inside(asked: Asked) -> None:
    """In the room, or an owner, who keeps order from outside too."""
    assert asked.room is not None
    if not asked.hub.accounts.is_owner(asked.user):
        is_member(asked)


def _may_delete(asked: Asked) -> None:
    """One's own without any right, what others wrote by the table of rights."""
    assert asked.room is not None
    author = _found(asked).user
    if author == asked.user:
        return
    if asked.room.direct:
        raise Refused("not_allowed", "In a direct conversation you can delete what you wrote yourself, nothing else.")
    to = standing(asked.hub, asked.room, author)
    rights.check("delete", asked.room.name, standing(asked.hub, asked.room, asked.user), to, oneself=False)


def _not_yet_deleted(asked: Asked) -> None:
    if asked.deletion is not None:
        raise Already(asked.deletion.seq, asked.deletion.time)


def _makes_a_difference(asked: Asked) -> None:
    """A reaction that is there already stays, one that is not there is gone."""
    assert isinstance(asked.draft, protocol.Reacted)
    message = _found(asked)
    kinds = message.reactions or {}
    if (asked.user in kinds.get(asked.draft.emoji, ())) != asked.draft.removed:
        raise Already(message.seq, message.time)
    if asked.draft.emoji not in kinds and len(kinds) >= rules.REACTIONS and not asked.draft.removed:
        count = f"The message has {len(kinds)} kinds of reactions, the limit is {rules.REACTIONS}."
        raise Refused("too_large", f"{count} Choose one of those.")


# --- the table ------------------------------------------------------------------------------------------------


def _tell_files(asked: Asked) -> None:
    assert isinstance(asked.draft, protocol.Deleted)
    if asked.message is not None and asked.message.files:
        asked.hub.files.deleted(asked.draft, asked.message)


def _react(user: str, command: protocol.React, room: str, hub: Hub) -> protocol.Reacted:
    emoji = rules.reaction(command.emoji)
    return protocol.Reacted(room=room, user=user, id=command.id, of=command.of, emoji=emoji, removed=command.remove)


_SPEAKS: Final[tuple[Guard, ...]] = (exists, is_member, not_muted)

CHANGES: Final[dict[type, Rule]] = {
    protocol.Edit: Rule(
        drafted(protocol.Edited, of=_same, text=_text),
        _SPEAKS,
        look=Look(_about, _see, (_stands, _is_mine, _says_something)),
    ),
    protocol.Delete: Rule(
        drafted(protocol.Deleted, of=_same),
        (exists, _is_inside),
        look=Look(_about, _see, (_may_delete, _not_yet_deleted), stored=_tell_files),
    ),
    protocol.React: Rule(_react, _SPEAKS, look=Look(_about, _see, (_stands, _makes_a_difference))),
}
