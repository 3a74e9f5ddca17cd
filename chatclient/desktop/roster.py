"""Who is in a room, as its list and a person's card tell it: groups, the word beside a name, what may be done.

PURE: text from what the server listed and what presence says since; no widget, and the clock is an argument. Online and
busy stand together, then who is away, then who is not here, each by name. Without a connection nobody's state is known,
and everybody stands in one group.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple

from chatclient import days
from chatclient.people import WORDS
from shared.protocol import Member, Person, Role, State
from shared.rights import Deed
from shared.rules import name_key

ROLES: Final[dict[Role, str]] = {"owner": "Owner", "moderator": "Moderator", "member": ""}
_GROUPS: Final = (("Online", ("online", "busy")), ("Away", ("away",)), ("Offline", ("offline",)))

Step = Literal["mute", "unmute", "promote", "demote", "kick", "ban"]


class Entry(NamedTuple):
    """One member as the list shows them. `state` empty: not known."""

    user: str
    role: Role
    state: State | Literal[""]
    note: str


class Group(NamedTuple):
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the list is written.

    me, online     their name; whether there is a connection
    people         how people are shown since the list came, by name (`Model.people`)
    now            the reader's time, in their zone
    """

    me: str
    online: bool
    people: Mapping[str, Person]
    now: datetime

    def local(self, time: str) -> datetime:
        """A time of the wire in the reader's zone."""
        return datetime.fromisoformat(time).astimezone(self.now.tzinfo)


def person(member: Member, reader: Reader) -> Person:
    """How a member is shown now: what presence said last, or else what the list said."""
    return reader.people.get(member.user) or Person(state=member.state, note=member.note, display=member.display)


def groups(members: Iterable[Member], reader: Reader, wanted: str = "") -> list[Group]:
    """The list, narrowed to names that hold `wanted`."""
    key = name_key(wanted.strip().removeprefix("@"))
    entries = sorted(
        (_entry(member, reader) for member in members if _fits(member, reader, key)),
        key=lambda entry: (entry.user.casefold(), entry.user),
    )
    if not reader.online:
        return [Group(f"Members, {len(entries):,}", tuple(entries))] if entries else []
    found = []
    for label, states in _GROUPS:
        inside = tuple(entry for entry in entries if entry.state in states)
        if inside:
            found.append(Group(f"{label}, {len(inside):,}", inside))
    return found


def narrowed(names: Iterable[str], wanted: str) -> list[str]:
    """Those names that hold `wanted`, sorted."""
    key = name_key(wanted.strip().removeprefix("@"))
    return sorted((name for name in names if key in name_key(name)), key=str.casefold)


def _fits(member: Member, reader: Reader, key: str) -> bool:
    return not key or key in name_key(member.user) or key in name_key(person(member, reader).display)


def _entry(member: Member, reader: Reader) -> Entry:
    state = person(member, reader).state if reader.online else ""
    return Entry(member.user, member.role, state, _note(member, reader))


def _note(member: Member, reader: Reader) -> str:
    if muted := muted_until(member, reader):
        return muted
    note = _presence_note(member, reader)
    if member.user == reader.me:
        return f"You: {note}" if note else "You"
    return note


def _presence_note(member: Member, reader: Reader) -> str:
    shown = person(member, reader)
    if not reader.online:
        return ""
    if shown.state == "busy":
        return f"Busy: {shown.note}" if shown.note else "Busy"
    if shown.state == "offline":
        return here(member.seen, reader)
    return shown.note


def here(seen: str, reader: Reader) -> str:
    """When somebody was last here: "Here at 09:12", "Here yesterday", "Here on Monday", "Here on 3 March"."""
    if not seen:
        return ""
    moment = reader.local(seen)
    ago = (reader.now.date() - moment.date()).days
    if ago <= 0:
        return f"Here at {days.clock(moment)}"
    if ago == 1:
        return "Here yesterday"
    return f"Here on {days.DAYS[moment.weekday()] if ago < 7 else date(moment, reader.now)}"


def date(moment: datetime, now: datetime) -> str:
    """`3 March`, with the year where it is another one."""
    words = f"{moment.day} {days.MONTHS[moment.month - 1]}"
    return words if moment.year == now.year else f"{words} {moment.year}"


def muted_until(member: Member, reader: Reader) -> str:
    """ "Muted until 10:40" while that is to come, else nothing."""
    if not member.muted_until:
        return ""
    end = reader.local(member.muted_until)
    if end <= reader.now:
        return ""
    day = "" if end.date() == reader.now.date() else f"{date(end, reader.now)}, "
    return f"Muted until {day}{days.clock(end)}"


def since(member: Member, server: str, reader: Reader) -> str:
    """ "On Harbour since 3 March 2026", or nothing where nobody knows."""
    if not member.since:
        return ""
    moment = reader.local(member.since)
    return f"On {server} since {moment.day} {days.MONTHS[moment.month - 1]} {moment.year}"


def state_line(member: Member, reader: Reader) -> tuple[State | Literal[""], str]:
    """The mark and the word on a card, with since when, as far as that is known: "Away since 09:02"."""
    if not reader.online:
        return "", ""
    shown = person(member, reader)
    word = WORDS[shown.state]
    if shown.state == "offline":
        seen = here(member.seen, reader)
        return shown.state, f"{word}, {seen[:1].lower()}{seen[1:]}" if seen else word
    since = reader.people[member.user].state_since if member.user in reader.people else member.state_since
    return shown.state, f"{word} since {_when(since, reader)}" if since and shown.state != "online" else word


def _when(time: str, reader: Reader) -> str:
    """`09:02`, `yesterday, 09:02`, `3 March`."""
    moment = reader.local(time)
    ago = (reader.now.date() - moment.date()).days
    if ago <= 0:
        return days.clock(moment)
    return f"yesterday, {days.clock(moment)}" if ago == 1 else date(moment, reader.now)


def steps(allowed: Collection[Deed], member: Member, reader: Reader) -> tuple[Step, ...]:
    """What the card offers about a member, in its order, of what the rights allow."""
    offered: dict[Deed, Step] = {
        "mute": "unmute" if muted_until(member, reader) else "mute",
        "role": "demote" if member.role == "moderator" else "promote",
        "kick": "kick",
        "ban": "ban",
    }
    return tuple(step for deed, step in offered.items() if deed in allowed)
