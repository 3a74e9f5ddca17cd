"""What was written in a room and not sent, as this device keeps it until the window is there again. Pure values."""

from collections.abc import Mapping
from typing import Literal

import msgspec


class Unsent(msgspec.Struct, omit_defaults=True, frozen=True):
    """A text, and the message that it edits or answers, as far as that must be known before it is loaded.

    doing     "edit" or "reply", "" for neither; `seq` is the message, by `user`, called `name`, of `clock`
    words     how the message that is answered begins
    before    what stood in the box before this edit
    refused   edits that the server refused, and that were not taken up again; only at the outermost
    """

    text: str = ""
    doing: Literal["", "edit", "reply"] = ""
    seq: int = 0
    user: str = ""
    name: str = ""
    clock: str = ""
    words: str = ""
    before: "Unsent | None" = None
    refused: "tuple[Unsent, ...]" = ()


NOTHING = Unsent()


def worth_keeping(rooms: Mapping[str, Unsent]) -> dict[str, Unsent]:
    """Those of the rooms in which there is something."""
    return {room: unsent for room, unsent in rooms.items() if unsent != NOTHING}
