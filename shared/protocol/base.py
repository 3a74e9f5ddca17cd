"""What all structs of the wire share."""

from typing import Literal

import msgspec

Role = Literal["member", "moderator", "owner"]
GivenRole = Literal["member", "moderator"]
State = Literal["online", "away", "busy", "offline"]
OwnState = Literal["online", "away", "busy"]


class Line(msgspec.Struct, omit_defaults=True, gc=False):
    """Base of all: absent means default, in both directions."""
