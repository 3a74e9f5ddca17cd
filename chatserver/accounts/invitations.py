"""The codes of invitations, and when one is good. PURE: randomness and the clock are arguments.

A code is eight characters that cannot be mistaken for one another when they are read aloud or off paper, written in
two groups of four. Case, dashes and spaces do not matter when it is typed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from chatserver.accounts.picture import Invitation
from shared import rules
from shared.errors import Refused

ALPHABET: Final = "234679ACDEFGHJKMNPQRTVWXY"
"""Without 0 O, 1 I L, 2 Z, 5 S, 8 B and U: eight of these are 37 bits, and guesses are limited."""

LENGTH: Final = 8
LONGEST: Final = 64
"""Characters of a code that a peer sends: more cannot be one."""

MOST: Final = 100
"""Invitations that one person can have at a time."""

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def new_code(choose: Callable[[str], str]) -> str:
    """A code, such as 7Q2M-K4XD; `choose` picks one character of a text at random."""
    chars = "".join(choose(ALPHABET) for _ in range(LENGTH))
    return f"{chars[:4]}-{chars[4:]}"


def written(text: str) -> str:
    """The code as it is kept, however it was typed; what cannot be a code comes back as it was."""
    chars = "".join(char for char in text.upper() if char not in "-– \t")
    if len(chars) == LENGTH and all(char in ALPHABET for char in chars):
        return f"{chars[:4]}-{chars[4:]}"
    return text


def check(invitation: Invitation, user: str, now: str) -> None:
    """`Refused` where this person cannot use it (any more). Who used it already has nothing to fear.

    `now` is a time as in events.
    """
    if user in invitation.used_by:
        return
    if invitation.name and rules.name_key(invitation.name) != rules.name_key(user):
        raise Refused("invite_needed", f"This invitation is for {invitation.name}. Choose that name.")
    if invitation.expires and invitation.expires <= now:
        raise Refused("invite_needed", f"This invitation ran out on {day(invitation.expires, now)}. Ask for a new one.")
    if invitation.uses and len(invitation.used_by) >= invitation.uses:
        raise Refused("invite_needed", "This invitation has been used up. Ask for a new one.")


def is_over(invitation: Invitation, now: str) -> bool:
    """True where nobody new can use it."""
    run_out = bool(invitation.expires) and invitation.expires <= now
    return run_out or (invitation.uses > 0 and len(invitation.used_by) >= invitation.uses)


def day(time: str, now: str) -> str:
    """The day of a time as people say it: 27 November, with the year where it is not this one."""
    year, month, number = int(time[:4]), int(time[5:7]), int(time[8:10])
    return f"{number} {_MONTHS[month - 1]}" + ("" if time[:4] == now[:4] else f" {year}")


def uses(count: int) -> int:
    """How many people may use it; 0 for any number."""
    return _bounded(count, rules.INVITATION_USES, "An invitation can be used", "times")


def days(count: int) -> int:
    """For how many days it is good; 0 for ever."""
    return _bounded(count, rules.INVITATION_DAYS, "An invitation is good for", "days")


def _bounded(count: int, most: int, what: str, noun: str) -> int:
    if count > most:
        raise Refused("too_large", f"{what} {most:,} {noun} at most, or without end (0). This one has {_told(count)}.")
    if count < 0:
        raise Refused("bad_request", f"{what} 1 to {most:,} {noun}, or without end (0). This one has {_told(count)}.")
    return count


def _told(count: int) -> str:
    return f"{count:,}" if abs(count) < 10**12 else "a number of more than 12 digits"


def expiry(now: str, count: int) -> str:
    """The time so many days after `now`, empty for 0 days."""
    if not count:
        return ""
    end = datetime.fromisoformat(now).astimezone(UTC) + timedelta(days=count)
    return end.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def link(public: str, room: str, code: str) -> str:
    """What the one who is invited opens: chat://HOST:PORT/ROOM?invite=CODE, ROOM left out where it names none."""
    return f"chat://{public}/{quote(room)}?invite={quote(code)}"
