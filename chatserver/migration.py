"""PURE. From a file of the older program to the events that bring it into a Parley history.

Every message keeps its time, its order and its words. Names that Parley does not admit are made fit, the same way
each time. An event's id is made of the room and all lines of the file up to its own, so that a file that is brought
in again, or a longer one that begins with it, adds only what is new.

Notices of the older program: that somebody came or went (`bob joined`) says who was connected, which Parley never
stores; such lines are counted and left out. Whatever else the sender `Server` said is kept as its message.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from typing import Final, NamedTuple

from chatserver import legacy_format
from chatserver.reading import Raw, Skipped
from chatserver.rooms import Rooms
from shared import rules
from shared.errors import RecordError, Refused
from shared.protocol import AnyEvent, Created, Joined, Message

ID_PREFIX: Final = "import."

_COMINGS = re.compile(
    r".{1,64} (has )?(joined|left|entered|connected|disconnected)"
    r"( (to |from )?the (chat|room|server|conversation))?[.!]?",
    re.IGNORECASE,
)
_UNFIT = re.compile(r"[^\w.-]+")


class Dated(NamedTuple):
    """A draft, and the time (UTC) that it is to be stored with."""

    moment: datetime
    draft: AnyEvent


class Line(NamedTuple):
    """A good line of the file: its number, the instant it names, the id of its message."""

    number: int
    moment: datetime
    id: str
    said: legacy_format.Line


class Source(NamedTuple):
    """What stands in the file. `late` lines named a time before the line above and got that line's time."""

    lines: list[Line]
    bad: list[Skipped]
    late: int


class Plan(NamedTuple):
    """What the import stores, in its order, and what is to be told about it.

    known       messages that the history has already
    comings     notices that somebody came or went, left out
    renamed     names as they were, and as they are written now
    """

    events: list[Dated]
    messages: int
    known: int
    comings: int
    renamed: dict[str, str]


class Standing:
    """What a history holds before the import: rooms, people, and which imported events. Feed it every event."""

    def __init__(self) -> None:
        self.rooms = Rooms()
        self.names: dict[str, str] = {}
        self.imported: dict[str, str] = {}
        """Ids of imported events, and as whose they stand there."""
        self.last = ""
        """Time of the newest event, "" without one."""

    def take(self, event: AnyEvent) -> None:
        """One stored event, in the order of seq."""
        self.rooms.apply(event)
        self.names.setdefault(rules.name_key(event.user), event.user)
        self.last = event.time
        if event.id.startswith(ID_PREFIX):
            self.imported[event.id] = event.user


def source(lines: Iterable[Raw], room: str, zone: tzinfo | None, now: datetime) -> Source:
    """Read the file. Its times are those of a clock in `zone`; what lies after `now` would spoil all later times."""
    clock = legacy_format.WallClock(zone)
    digest = blake2b(rules.name_key(room).encode(), digest_size=8)
    found: list[Line] = []
    bad: list[Skipped] = []
    late = 0
    for raw in lines:
        digest.update(raw.line.rstrip(b"\r\n") + b"\n")
        try:
            said = legacy_format.parse(raw.check())
            moment = clock.instant(said.moment)
            _check_text(said.text)
            if moment > now:
                raise RecordError(f"{said.moment:%Y-%m-%d %H:%M} is still to come")
        except RecordError as error:
            bad.append(Skipped(raw.number, str(error)))
            continue
        if found and moment < found[-1].moment:
            late += 1
            moment = found[-1].moment
        found.append(Line(raw.number, moment, f"{ID_PREFIX}{digest.hexdigest()}.{raw.number}", said))
    return Source(found, bad, late)


def _check_text(text: str) -> None:
    if not text or text.isspace():
        raise RecordError("its text is empty")
    if len(text) > rules.TEXT:
        raise RecordError(f"its text has {len(text):,} characters, the limit is {rules.TEXT:,}")


def plan(lines: Iterable[Line], room: str, standing: Standing) -> Plan:
    """What is to be stored so that `room` holds the lines. The first person makes the room, everybody joins it."""
    kept, comings = [], 0
    for line in lines:
        if line.said.notice and _COMINGS.fullmatch(line.said.text.strip()):
            comings += 1
        else:
            kept.append(line)
    new = [line for line in kept if line.id not in standing.imported]
    there = standing.rooms.find(room)
    room = there.name if there else room
    names = _Names(kept, standing)
    inside = set(there.members) if there else set()
    events: list[Dated] = []
    if new and not there:
        maker = names.of(next((line.said.sender for line in new if not line.said.notice), legacy_format.SERVER))
        events.append(Dated(new[0].moment, Created(room=room, user=maker, id=f"{new[0].id}.created")))
        inside.add(maker)
    for line in new:
        user = names.of(line.said.sender)
        if user not in inside and not line.said.notice:
            events.append(Dated(line.moment, Joined(room=room, user=user, id=f"{line.id}.joined")))
            inside.add(user)
        events.append(Dated(line.moment, Message(room=room, user=user, id=line.id, text=line.said.text)))
    return Plan(events, len(new), len(kept) - len(new), comings, names.renamed)


class _Names:
    """Who is written how.

    Two spellings that Parley takes for one name are one person, written as the history or the file had it first. A name
    that had to be made fit never becomes that of another sender of the file.
    """

    def __init__(self, lines: list[Line], standing: Standing) -> None:
        self._spelled = dict(standing.names)
        known = ((line.said.sender, standing.imported.get(line.id)) for line in lines)
        self._of = {sender: name for sender, name in known if name}
        self._used = {rules.name_key(name) for name in self._of.values()}
        unfit: list[str] = []
        for sender in dict.fromkeys(line.said.sender for line in lines if line.said.sender not in self._of):
            try:
                self._give(sender, rules.user_name(sender))
            except Refused:
                unfit.append(sender)
        for sender in unfit:
            self._give(sender, next(name for name in _candidates(sender) if rules.name_key(name) not in self._used))
        self.renamed = {sender: name for sender, name in self._of.items() if sender != name}

    def of(self, sender: str) -> str:
        return self._of[sender]

    def _give(self, sender: str, name: str) -> None:
        self._used.add(rules.name_key(name))
        self._of[sender] = self._spelled.setdefault(rules.name_key(name), name)


def fit(sender: str) -> str:
    """The nearest name that the rule admits: what it forbids becomes `_`, and 32 characters are kept."""
    name = _UNFIT.sub("_", unicodedata.normalize("NFC", sender)).strip("_")[: rules.USER_NAME]
    try:
        return rules.user_name(name)
    except Refused:
        return f"guest-{blake2b(sender.encode(), digest_size=4).hexdigest()}"


def _candidates(sender: str) -> Iterator[str]:
    name = fit(sender)
    yield name
    number = 2
    while True:
        suffix = f"-{number}"
        yield name[: rules.USER_NAME - len(suffix)] + suffix
        number += 1


def stamp(moment: datetime) -> str:
    """As the history writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
