"""A history to search in: many rooms of very different sizes, thousands of words that are as rare as words are.

The same number of events always gives the same file, kept in `bench/.cache`.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final

from bench.history import CACHE
from shared import record
from shared.protocol import AnyEvent, Created, Edited, Joined, Message

EVERYWHERE: Final = "everywhere"
"""Somebody who is in every room."""
QUIET: Final = "quiet"
"""Somebody who is in the five smallest rooms."""
ROOMS: Final = 400
PEOPLE: Final = 2_000
WORDS: Final = 30_000
SIGNS: Final = 3_000
BEGAN: Final = datetime(2024, 1, 5, 8, 0, tzinfo=UTC)
EMOJI: Final = ("😀", "👍", "🎉", "❤️", "👨‍👩‍👧", "🚀", "🙏🏽", "🇩🇪")
_ONSETS: Final = (*"bcdfghjklmnprstvw", "st", "tr", "ch", "sh", "th", "ng", "nd")
_VOWELS: Final = (*"aeiou", "ea", "ou", "ie")
_CLOSES: Final = ("", "", "n", "r", "s", "t", "l")


def history_of(events: int) -> Path:
    """The file of a history with so many events, made where it is not there yet."""
    path = CACHE / f"search-{events}.txt"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb", buffering=1 << 20) as file:
            line, chain = record.encode_header(record.Header(time_of(0, events), f"search-{events}"))
            file.write(line)
            for seq, event in zip(range(1, events + 1), _drafts(random.Random(events)), strict=False):
                event.seq, event.time = seq, time_of(seq, events)
                line, chain = record.encode(event, chain)
                file.write(line)
        partial.rename(path)
    return path


def time_of(seq: int, events: int) -> str:
    """When an event happened: all of them within two years."""
    return (BEGAN + seq * timedelta(days=730) / events).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@cache
def words() -> list[str]:
    """The words, each about as rare as its place says; short ones first, as in languages."""
    chance = random.Random(WORDS)
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = 1 + int(3 * chance.random() ** 0.7)
        word = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables))
        found[word + chance.choice(_CLOSES)] = None
    return sorted(found, key=len)


@cache
def signs() -> list[str]:
    """The same for a script that is written without spaces."""
    return [chr(0x4E00 + place) for place in random.Random(SIGNS).sample(range(20_000), SIGNS)]


def _by_rank(count: int, flat: int) -> list[float]:
    """Weights after Zipf, added up."""
    return list(accumulate(1 / (place + flat) for place in range(count)))


def _drafts(chance: random.Random) -> Iterator[AnyEvent]:
    people = [f"person-{place:04d}" for place in range(PEOPLE)]
    rooms = [f"room-{place:03d}" for place in range(ROOMS)]
    for place, room in enumerate(rooms):
        yield Created(room=room, user=EVERYWHERE, id=f"create-{room}")
        if place >= ROOMS - 5:
            yield Joined(room=room, user=QUIET, id=f"join-{room}")
    for person in people:
        yield Joined(room=rooms[0], user=person, id="join")
    of_rooms, of_words, of_signs = _by_rank(ROOMS, 3), _by_rank(WORDS, 8), _by_rank(SIGNS, 8)
    seq, recent = ROOMS + 5 + PEOPLE, [""] * 16
    for count in range(1 << 60):
        seq += 1
        room = chance.choices(rooms, cum_weights=of_rooms)[0]
        person = people[int(PEOPLE * chance.random() ** 3)]
        text = _text(chance, of_words, of_signs)
        if chance.random() < 0.01 and recent[count % 16]:
            room, person, of = recent[count % 16].split(" ")
            yield Edited(room=room, user=person, id=f"m{count}", of=int(of), text=text)
            continue
        recent[count % 16] = f"{room} {person} {seq}"
        yield Message(room=room, user=person, id=f"m{count}", text=text)


def _text(chance: random.Random, of_words: list[float], of_signs: list[float]) -> str:
    """Most are short, a few are long; some are written in signs, some end in an emoji."""
    count = min(400, 1 + int(chance.expovariate(1 / 12)))
    if chance.random() < 0.06:
        text = "".join(chance.choices(signs(), cum_weights=of_signs, k=count))
    else:
        text = " ".join(chance.choices(words(), cum_weights=of_words, k=count)).capitalize()
        text += chance.choice(("", ".", "?", "!"))
    return f"{text} {chance.choice(EMOJI)}" if chance.random() < 0.05 else text
