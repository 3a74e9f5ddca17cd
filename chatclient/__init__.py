"""The client of Parley. For bots: `from chatclient import connect` (docs/bots.md). What is not used is not imported."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatclient.bots.chat import Chat as Chat
    from chatclient.bots.connecting import connect as connect
    from chatclient.bots.message import Event as Event
    from chatclient.bots.message import Message as Message
    from chatclient.errands import Unreachable as Unreachable
    from shared.errors import ParleyError as ParleyError
    from shared.errors import Refused as Refused
    from shared.protocol import Banned as Banned
    from shared.protocol import Created as Created
    from shared.protocol import Deleted as Deleted
    from shared.protocol import Edited as Edited
    from shared.protocol import File as File
    from shared.protocol import Joined as Joined
    from shared.protocol import Left as Left
    from shared.protocol import Muted as Muted
    from shared.protocol import ProfileSet as ProfileSet
    from shared.protocol import Reacted as Reacted
    from shared.protocol import RoleSet as RoleSet
    from shared.protocol import TopicSet as TopicSet
    from shared.protocol import Unbanned as Unbanned

_PLACES = {
    "chatclient.bots.chat": ("Chat",),
    "chatclient.bots.connecting": ("connect",),
    "chatclient.bots.message": ("Event", "Message"),
    "chatclient.errands": ("Unreachable",),
    "shared.errors": ("ParleyError", "Refused"),
    "shared.protocol": (
        *(
            "Banned",
            "Created",
            "Deleted",
            "Edited",
            "File",
            "Joined",
            "Left",
            "Muted",
            "ProfileSet",
            "Reacted",
            "RoleSet",
        ),
        *("TopicSet", "Unbanned"),
    ),
}
_WHERE = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    """What bots need, imported when it is asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
