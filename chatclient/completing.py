"""What is being typed that can be completed: `:shortcodes:`, `@names`, `#rooms`. No widget, no clock.

A token begins after white space and ends at the caret. The offers for it come in the order in which they are shown;
people who wrote here last come first.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from chatclient import emojis
from chatclient.model import Conversation, Model
from chatclient.people import WORDS
from shared.protocol import State

LOOK: Final = 200
"""Rows in which it is looked for who wrote last."""
SHOWN: Final = 5
_TOKEN: Final = re.compile(r"(?:^|[\s(])(:[^\s:@#]{2,}|@[^\s@#:]*|#[^\s@#:]*)$")
_SHORTCODE: Final = re.compile(r":[\w+-]+:$")


class Offer(NamedTuple):
    """One way to go on. `insert` takes the place of the token; `mark`: how much of `label` was typed already.

    kind    "emoji", "person", "room", or "all" for everybody in the room
    about   the emoji, or the name of the person or room
    """

    kind: str
    insert: str
    about: str
    label: str
    note: str = ""
    state: str = ""
    mark: int = 0


def token(before: str) -> str:
    """What stands before the caret and can be completed, "" for nothing: two letters after `:`, anything after `@`."""
    found = _TOKEN.search(before)
    return found[1] if found else ""


def finished(before: str) -> tuple[str, str]:
    """A whole `:shortcode:` just before the caret, and its emoji; two empty ones where there is none, or in code."""
    found = _SHORTCODE.search(before)
    if found is None or before.count("`") % 2:
        return "", ""
    emoji = emojis.called(found[0])
    return (found[0], emoji) if emoji else ("", "")


def offers(token: str, model: Model, talk: Conversation, used: Sequence[str], tone: str) -> list[Offer]:
    """How this token may go on."""
    typed = token[1:]
    if token.startswith(":"):
        named = emojis.complete(token, emojis.often(used))
        return [
            Offer("emoji", emojis.toned(emoji, tone) if tone else emoji, emoji, code, mark=len(token))
            for emoji, code in named
        ]
    return _people(typed, model, talk) if token.startswith("@") else _rooms(typed, model)


def _people(typed: str, model: Model, talk: Conversation) -> list[Offer]:
    wrote = _wrote(talk)
    names = set(talk.roster) | set(wrote)
    if talk.direct:
        names.add(talk.title)
    names.discard(model.me)
    order = {name: place for place, name in enumerate(wrote)}
    folded = typed.casefold()
    fitting = [
        name for name in names if name.casefold().startswith(folded) or _begins(model.name_of(name).casefold(), folded)
    ]
    fitting.sort(key=lambda name: (order.get(name, len(order)), name.casefold()))
    found = [
        Offer(
            "person",
            f"@{name}",
            name,
            model.name_of(name),
            _note(model, name, wrote.get(name, "")),
            _state(model, name),
        )
        for name in fitting[:SHOWN]
    ]
    if not talk.direct and "room".startswith(folded):
        count = talk.members
        found.append(
            Offer("all", "@room", "room", "room", f"Tells all {count} members" if count else "Tells everybody")
        )
    return found


def _begins(words: str, typed: str) -> bool:
    return any(word.startswith(typed) for word in words.split())


def _wrote(talk: Conversation) -> dict[str, str]:
    """Who wrote here last, the newest first, and when."""
    found: dict[str, str] = {}
    timeline = talk.timeline
    for at in range(timeline.count - 1, max(timeline.count - LOOK, 0) - 1, -1):
        row = timeline.row(at)
        if row.kind in ("message", "action"):
            found.setdefault(row.user, row.clock)
    return found


def _state(model: Model, name: str) -> State:
    person = model.people.get(name)
    return person.state if person is not None and model.presence_known else "offline"


def _note(model: Model, name: str, clock: str) -> str:
    person = model.people.get(name)
    word = WORDS[_state(model, name)]
    if clock:
        return f"{word}, wrote at {clock}"
    return f"{word}: {person.note}" if person is not None and person.note else word


def _rooms(typed: str, model: Model) -> list[Offer]:
    folded = typed.casefold()
    rooms = [talk for talk in model.rooms() if talk.name.casefold().startswith(folded)]
    return [
        Offer("room", f"#{talk.name}", talk.name, talk.name, talk.topic or "No topic yet") for talk in rooms[:SHOWN]
    ]
