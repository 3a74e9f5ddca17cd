"""What the sidebar, the header and the title say about a model. No widget is touched here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from chatclient import days
from chatclient.conversation import Conversation
from chatclient.desktop import header, sidebar
from chatclient.model import Model
from chatclient.notices import people
from chatclient.people import WORDS
from shared.protocol import State

_LINK: Final = {"offline": "Offline", "connecting": "Connecting…"}


def state(model: Model, place: str) -> sidebar.State:
    """The head and the foot of the sidebar. `place` is the server's address."""
    offline = model.link.state == "offline"
    mine = model.person(model.me)
    note = _LINK.get(model.link.state) or said(mine.state, mine.note)
    if offline and model.waiting:
        note = f"{model.waiting:,} message{'' if model.waiting == 1 else 's'} waiting"
    below = "No connection" if offline else here(model) or place
    return sidebar.State(model.server, below, model.me, model.name_of(model.me), mine.state, note)


def said(state: State, note: str) -> str:
    """A presence in words, with what the person says of it: `Busy: in a meeting`."""
    return f"{WORDS[state]}: {note}" if note else WORDS[state]


def here(model: Model) -> str:
    """How many are here, where that is known."""
    count = sum(person.state != "offline" for person in model.people.values()) if model.presence_known else 0
    return f"{count:,} online" if count else ""


def rooms(
    model: Model, here: str | None, levels: Mapping[str, str], opener: Callable[[str], Callable[[], object]]
) -> list[sidebar.Room]:
    """The rows of the rooms. `here` is the one that is open, `levels` those with a wish of their own about being told,
    `opener` makes what a click does."""
    return [
        sidebar.Room(
            talk.name,
            talk.private,
            talk.unread,
            talk.mentions,
            talk.name == here,
            levels.get(talk.name) == "nothing",
            opener(talk.name),
        )
        for talk in model.rooms()
    ]


def directs(
    model: Model,
    here: str | None,
    levels: Mapping[str, str],
    opener: Callable[[str], Callable[[], object]],
    now: datetime,
) -> list[sidebar.Direct]:
    """The rows of the direct conversations."""
    return [
        sidebar.Direct(
            talk.title,
            model.name_of(talk.title),
            model.person(talk.title).state,
            talk.preview,
            when(talk.preview_time, now),
            talk.unread,
            talk.name == here,
            levels.get(talk.name) == "nothing",
            opener(talk.name),
        )
        for talk in model.directs()
    ]


def seen(direct: bool, names: Sequence[str]) -> str:
    """What stands under a message of mine: `Seen`, in a room `Seen by bob and carol`; empty for nobody."""
    if not names:
        return ""
    return "Seen" if direct else f"Seen by {people(names)}"


def heading(model: Model, talk: Conversation) -> header.Heading:
    """The head of a conversation."""
    if talk.direct:
        person = model.person(talk.title)
        words = said(person.state, person.note) if model.presence_known else "Direct conversation"
        return header.Heading(model.name_of(talk.title), words, "", 0, False, talk.title, person.state)
    return header.Heading(
        talk.title, talk.topic or "No topic yet", "lock" if talk.private else "hash", talk.members, True
    )


def hint(model: Model, talk: Conversation, now: datetime) -> str:
    """What stands in the empty composer."""
    name = model.name_of(talk.title) if talk.direct else talk.title
    if talk.muted_until is not None:
        return _muted(talk.muted_until, now)
    offline = model.link.state == "offline"
    return f"Message {name}, sent when {model.server} is back" if offline else f"Message {name}"


def _muted(until: datetime, now: datetime) -> str:
    day = "" if until.date() == now.date() else f"on {until.day} {days.MONTHS[until.month - 1]} "
    return f"You can write again {day}at {days.clock(until)}."


def title(model: Model) -> str:
    """The title of the window: what waits for me, the conversation, the server."""
    waiting = model.badge
    talk = model.conversations.get(model.current or "")
    name = "" if talk is None else model.name_of(talk.title) if talk.direct else talk.title
    place = f"{name} · {model.server}" if name else model.server
    return f"({waiting:,}) {place}" if waiting else place


def waiting_elsewhere(model: Model) -> int:
    """Mentions and direct messages in other conversations than the open one."""
    return sum(talk.mentions for talk in model.conversations.values() if talk.name != model.current)


def when(moment: datetime | None, now: datetime) -> str:
    """When something was said, short: `09:12` today, `Wed` this week, `3 Mar` before, `3 Mar 2025` in another year."""
    if moment is None:
        return ""
    ago = (now.date() - moment.date()).days
    if ago <= 0:
        return days.clock(moment)
    if ago < 7:
        return days.DAYS[moment.weekday()][:3]
    date = f"{moment.day} {days.MONTHS[moment.month - 1][:3]}"
    return date if moment.year == now.year else f"{date} {moment.year}"
