"""What stands round a conversation: rooms and people at the left, the head, the members, the state at the foot. PURE.

Presence is a shape: ● here, ◐ away, ⊘ busy, ○ offline.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from chatclient.conversation import Conversation
from chatclient.model import Model
from chatclient.notices import people
from chatclient.terminal.cells import Piece, fit, padded, safe, width
from chatclient.terminal.drawing import Line

SHAPES: Final = {"online": "●", "away": "◐", "busy": "⊘", "offline": "○"}
RANKS: Final = {"owner": 0, "moderator": 1, "member": 2}
_TYPING: Final = 2
HINTS: Final = (
    ("F1", "help"),
    ("Tab", "complete"),
    ("Alt+↑↓", "room"),
    ("Ctrl+K", "jump"),
    ("Ctrl+Q", "quit"),
    ("F2", "members"),
    ("PgUp", "older"),
    ("Ctrl+↑↓", "choose"),
)


class Place(NamedTuple):
    """One line of the list; `room` is what a click opens, "" for nothing."""

    line: Line
    room: str = ""


def rooms(model: Model, cells: int) -> list[Place]:
    """Rooms by name, then people, the newest first."""
    found = [Place(((("class:head"), fit(f" {model.server}", cells)),))]
    if model.rooms():
        found.append(Place((("class:dim", " Rooms"),)))
    found += [_place(model, talk, cells) for talk in model.rooms()]
    directs = model.directs()
    if directs:
        found += [Place(()), Place((("class:dim", " People"),))]
    found += [_place(model, talk, cells) for talk in directs]
    return found


def _place(model: Model, talk: Conversation, cells: int) -> Place:
    here = talk.name == model.current
    sign = SHAPES[model.person(talk.title).state] if talk.direct else "*" if talk.private else "#"
    named = f" @{talk.mentions:,}" if talk.mentions and not talk.direct else ""
    count = f"{named} {talk.unread:,}" if talk.unread else ""
    name = padded(model.name_of(talk.title) if talk.direct else talk.title, cells - 4 - len(count))
    style = "class:here" if here else "class:unread-room" if talk.unread else ""
    shape = "class:online" if talk.direct and sign == SHAPES["online"] and not here else style
    bar = "█" if here else " "
    return Place(
        (("", bar), (shape, sign), (style, f" {name}"), (style if here else "class:count", f"{count} ")), talk.name
    )


def around(lines: Sequence[Line], at: int, height: int) -> tuple[Sequence[Line], int]:
    """As many of the lines as fit so that line `at` is among them, and which is the first of them."""
    first = min(max(0, at - height // 2), max(0, len(lines) - height))
    return lines[first : first + height], first


def head(model: Model, talk: Conversation | None, cells: int) -> Line:
    """The conversation's name, how many are in it, its topic."""
    if talk is None:
        return ()
    if talk.direct:
        person = model.person(talk.title)
        said = f"{person.state}: {person.note}" if person.note else person.state
        name = f" {SHAPES[person.state]} {model.name_of(talk.title)}"
        about = said if model.presence_known else ""
        if model.name_of(talk.title) != talk.title:
            about = f"@{talk.title}, {about}".removesuffix(", ")
    else:
        name = f" {'*' if talk.private else '#'} {talk.title}"
        about = "  ".join(part for part in (_members(talk.members), talk.topic) if part)
    name = fit(name, cells)
    return ("class:head", name), ("class:topic", fit(f"  {about}", cells - width(name)))


def _members(count: int) -> str:
    return f"{count:,} member{'' if count == 1 else 's'}" if count else ""


def members(model: Model, talk: Conversation | None, cells: int) -> list[Line]:
    """Who is in it: those who are here first, moderators before others."""
    if talk is None:
        return []
    if talk.direct:
        return [_member(model, name, "", cells) for name in dict.fromkeys((talk.title, model.me))]
    people = sorted(
        talk.roster.values(),
        key=lambda member: (
            _state(model, member.user, member.state) == "offline",
            RANKS.get(member.role, 2),
            member.user.casefold(),
        ),
    )
    lines: list[Line] = [(("class:dim", fit(f" {_members(len(people))}", cells)),)]
    lines += [_member(model, each.user, each.role, cells, each.state) for each in people]
    return lines if people else [(("class:dim", fit(" Loading …", cells)),)]


def _state(model: Model, name: str, listed: str) -> str:
    person = model.people.get(name)
    return person.state if person is not None else listed if model.presence_known else "offline"


def _member(model: Model, name: str, role: str, cells: int, listed: str = "offline") -> Line:
    state = _state(model, name, listed)
    rank = {"owner": " own", "moderator": " mod"}.get(role, "")
    style = "class:online" if state == "online" else "class:dim" if state == "offline" else ""
    shown = padded(model.name_of(name), cells - 4 - len(rank))
    return (style, f" {SHAPES[state]}"), ("" if state != "offline" else "class:dim", f" {shown}"), ("class:dim", rank)


def typing(model: Model, talk: Conversation | None) -> str:
    """`bob is typing …`; "" where nobody is."""
    names = [model.name_of(name) for name in model.typing(talk.name)] if talk is not None else []
    if not names:
        return ""
    if len(names) > _TYPING:
        return f"{len(names)} people are typing …"
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} typing …"


def seen(model: Model, talk: Conversation) -> tuple[str, str]:
    """The row under which it stands that it was seen, and the words."""
    if talk.seen_row is None:
        return "", ""
    names = [model.name_of(name) for name in talk.seen_by]
    return talk.seen_row, "Seen" if talk.direct else f"Seen by {people(names)}"


def between(model: Model, talk: Conversation | None, following: bool, cells: int) -> Line:
    """The line over the box: who is typing, and whether there is more below."""
    words = typing(model, talk)
    if not following:
        words = f"{words}  ↓ More below: Ctrl+End" if words else "↓ More below: Ctrl+End"
    if not words:
        return (("class:line", "─" * cells),)
    shown = fit(words, cells - 4)
    return ("class:line", "─ "), ("class:typing", shown), ("class:line", " " + "─" * (cells - 3 - width(shown)))


def status(model: Model, now: float, cells: int) -> Line:
    """Who I am and where, or what is wrong with the connection; and as many keys as fit."""
    mine = model.person(model.me).state
    waiting = f"{model.waiting:,} waiting" if model.waiting else ""
    if model.link.state == "offline":
        wait = model.link.retry_at - now if model.link.retry_at is not None else None
        again = (
            "" if wait is None else "Trying now." if wait < 1 else f"Trying again in {math.ceil(wait)} s, /retry now."
        )
        words = " ○ No connection."
        for more in (f"{waiting}." if waiting else "", again, model.link.reason):
            if more and width(words) + width(safe(more)) < cells:
                words += f" {more}"
        return (("class:status.bad", padded(words, cells)),)
    if model.link.state == "connecting":
        return (("class:status", padded(" ○ Connecting …", cells)),)
    left = fit(f" {SHAPES[mine]} {model.name_of(model.me)}{', ' + waiting if waiting else ''} ", cells)
    pieces: list[Piece] = [("class:status", left)]
    used = width(left)
    for key, what in HINTS:
        size = width(key) + len(what) + 3
        if used + size > cells:
            break
        pieces += [("class:status.key", f" {key}"), ("class:status", f" {what} ")]
        used += size
    return (*pieces, ("class:status", " " * (cells - used)))


def working(about: str, cells: int) -> Line:
    """The line over the box while a message is edited or answered."""
    shown = fit(about, cells - 4)
    return ("class:line", "─ "), ("class:work", shown), ("class:line", " " + "─" * (cells - 3 - width(shown)))
