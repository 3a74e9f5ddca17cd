"""A device of mine in words: what it is, and when it was here last. Pure: the clock is an argument."""

from datetime import datetime
from typing import Final

from chatclient import days
from shared.protocol import SessionInfo

_ICONS: Final = (("phone", "user"), ("browser", "globe"), ("firefox", "globe"), ("chrome", "globe"), ("web", "globe"))


def device(client: str) -> tuple[str, str]:
    """What to call it, by what it says of itself, and its icon."""
    name = client.strip() or "A device"
    icon = next((icon for word, icon in _ICONS if word in name.casefold()), "monitor")
    return name[:1].upper() + name[1:], icon


def last_here(session: SessionInfo, now: datetime) -> str:
    """`Here now`, or `Yesterday at 18:04, from 192.0.2.14`. `now` in the reader's zone."""
    place = f", from {session.address}" if session.address else ""
    if session.here:
        return "Here now" if session.current else f"Here now{place}"
    moment = days.moment(session.seen or session.created, now.tzinfo) if now.tzinfo is not None else None
    if moment is None:
        return f"Not here{place}"
    day = {0: "Today", 1: "Yesterday"}.get((now.date() - moment.date()).days)
    if day is not None:
        return f"{day} at {days.clock(moment)}{place}"
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {days.MONTHS[moment.month - 1]}{year}{place}"
