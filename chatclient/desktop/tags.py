"""The small tag behind a name that says what somebody is in a room: a crown, or a shield, and a word."""

from typing import Final

from chatclient.desktop.paint import Pen
from chatclient.desktop.roster import ROLES
from shared.protocol import Role

_HIGH: Final = 18
_ICON: Final = 12
_PAD: Final = 6
_GAP: Final = 3
_ICONS: Final[dict[Role, str]] = {"owner": "crown", "moderator": "shield"}


def width(pen: Pen, role: Role) -> int:
    """Of the tag, 0 for a plain member, who has none."""
    return 2 * _PAD + _ICON + _GAP + pen.width(ROLES[role], "tag") if ROLES[role] else 0


def draw(pen: Pen, x: int, middle: int, role: Role, ground: str) -> None:
    """The tag of a role, if it has one, its left edge at x."""
    if not ROLES[role]:
        return
    dark = pen.look.theme.name == "dark"
    plain = ("quote" if ground.startswith("popover") else "border") if dark else "hover"
    fill, ink = ("pale", "link") if role == "owner" else (plain, "muted")
    pen.box(x, middle - _HIGH // 2, width(pen, role), _HIGH, 6, fill, ground)
    pen.icon(_ICONS[role], x + _PAD + _ICON // 2, middle, _ICON, ink, fill)
    pen.line(x + _PAD + _ICON + _GAP, middle, ROLES[role], "tag", ink, fill)
