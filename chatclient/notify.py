"""Which messages are worth a notification of the system, and what it says. PURE.

Nothing is told of one's own messages, of what was read elsewhere or deleted meanwhile, of changes of messages, or while
the window is in front. Direct messages are told, of rooms only what speaks to the reader by name or replies to them,
unless the reader chose otherwise for a room or for all of them.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from chatclient.conversation import Conversation
from chatclient.events import Arrived, ClientEvent
from chatclient.gist import action, gist
from chatclient.model import Model
from shared.mentions import mentioned
from shared.protocol import AnyEvent, Message

Level = Literal["all", "mentions", "nothing"]
LONGEST: Final = 200
"""Characters of a text that are shown."""


class Preferences(NamedTuple):
    """rooms      levels of rooms and direct conversations that have one of their own
    level      of the other rooms; other direct conversations have "all", or "nothing" where that is the level
    hide_text  say that there is a message, and not what it says
    """

    rooms: Mapping[str, Level] = MappingProxyType({})
    level: Level = "mentions"
    hide_text: bool = False

    def of(self, room: str) -> Level:
        """The level that counts for this room or direct conversation."""
        told_whole = room.startswith("@") and self.level != "nothing"
        return self.rooms.get(room) or ("all" if told_whole else self.level)


class Notification(NamedTuple):
    """`room` is where a click leads; a later one of the same room takes its place."""

    title: str
    body: str
    room: str


def notification(event: AnyEvent, model: Model, preferences: Preferences) -> Notification | None:
    """What to tell of this event, which the model has taken in; None for nothing."""
    talk = model.conversations.get(event.room)
    if talk is None or not isinstance(event, Message) or not _wanted(event, talk, model, preferences):
        return None
    name = model.name_of(event.user)
    title = name if talk.direct else f"{name} in {talk.title}"
    return Notification(title, _hidden(event, talk, model) if preferences.hide_text else _line(event, name), talk.name)


def notifications(events: Sequence[ClientEvent], model: Model, preferences: Preferences) -> list[Notification]:
    """What to tell of events that came together, as after a reconnect: one for a room, which says how many it is."""
    newest: dict[str, Notification] = {}
    count: dict[str, int] = {}
    for event in events:
        told = notification(event.event, model, preferences) if isinstance(event, Arrived) else None
        if told is not None:
            newest[told.room] = told
            count[told.room] = count.get(told.room, 0) + 1
    return [
        told if count[room] == 1 else told._replace(title=f"{told.title} ({count[room]:,} new)")
        for room, told in newest.items()
    ]


def _wanted(event: Message, talk: Conversation, model: Model, preferences: Preferences) -> bool:
    if model.focused or event.user == model.me or event.seq <= talk.read:
        return False
    if event.deleted or talk.timeline.gone(event.seq):
        return False
    match preferences.of(talk.name):
        case "all":
            return True
        case "mentions":
            return mentioned(event.text, model.me) or _replies(event, talk, model)
        case "nothing":
            return False


def _replies(event: Message, talk: Conversation, model: Model) -> bool:
    """Does it reply to the reader, as far as its original is known?"""
    original = talk.timeline.original(event.reply_to) if event.reply_to else None
    return original is not None and original[0].user == model.me


def _hidden(event: Message, talk: Conversation, model: Model) -> str:
    if talk.direct:
        return "New message"
    if mentioned(event.text, model.me):
        return "Mentioned you"
    return "Replied to you" if _replies(event, talk, model) else "New message"


def _line(event: Message, name: str) -> str:
    does = action(event.text)
    if does:
        return gist(f"{name} {does}", longest=LONGEST)
    line = gist(event.text, event.files, LONGEST)
    return line if event.text or not event.files else f"sent {line}"
