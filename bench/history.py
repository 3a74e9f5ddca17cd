"""A history to start from: 200 people, 30 rooms, messages of mixed lengths, written through `shared.record`.

The same number of events always gives the same file, kept in `bench/.cache`.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared import record
from shared.protocol import AnyEvent, Created, Joined, Message
from shared.rules import LOBBY

PEOPLE = 200
ROOMS = 30
CACHE = Path(__file__).resolve().parent / ".cache"
BEGAN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_WORDS = """
a about after all and are at back because been but can coffee could day did do don't down first for from get go good had
has have he her here him his how I if in into is it just know like look make me meeting more my new no not now of on one
only or other our out over please release see she should so some take than thanks that the their them then there these
they this time to tomorrow two up us very want was we well were what when which who will with work would yes you your
über café naïve 上海 Привет 😀
"""
WORDS = _WORDS.split()


def history_of(events: int) -> Path:
    """The file of a history with so many events, made where it is not there yet."""
    path = CACHE / f"history-{events}.txt"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb", buffering=1 << 20) as file:
            line, chain = record.encode_header(record.Header(_time(0), f"benchmark-{events}"))
            file.write(line)
            for event in _events(events):
                line, chain = record.encode(event, chain)
                file.write(line)
        partial.rename(path)
    return path


def _time(seq: int) -> str:
    return (BEGAN + timedelta(seconds=seq * 7, microseconds=seq % 1_000_000)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _events(count: int) -> Iterator[AnyEvent]:
    for seq, event in zip(range(1, count + 1), _drafts(random.Random(count)), strict=False):
        event.seq, event.time = seq, _time(seq)
        yield event


def _drafts(chance: random.Random) -> Iterator[AnyEvent]:
    """Everybody comes into the lobby, the rooms are made and joined; then people talk, some more than others."""
    people = [f"person-{i:03d}" for i in range(PEOPLE)]
    rooms = [f"room-{i:02d}" for i in range(ROOMS)]
    for person in people:
        yield Joined(room=LOBBY, user=person, id="~hello")
    members: dict[str, list[str]] = {LOBBY: people}
    for i, room in enumerate(rooms):
        members[room] = chance.sample(people, 5 + 3 * i)
        yield Created(room=room, user=members[room][0], id=f"create-{room}", topic=f"All about {room}")
        for person in members[room][1:]:
            yield Joined(room=room, user=person, id=f"join-{room}")
    said = 0
    while True:
        room = chance.choice(rooms)
        person = members[room][int(len(members[room]) * chance.random() ** 2)]
        said += 1
        yield Message(room=room, user=person, id=f"m{said}", text=_text(chance))


def _text(chance: random.Random) -> str:
    """Most are short, a few are long; one in fifty has several lines."""
    words = min(400, 1 + int(chance.expovariate(1 / 12)))
    text = " ".join(chance.choices(WORDS, k=words))
    return text.replace(" and ", "\n") if chance.random() < 0.02 else text
