"""What the sidebar, the header and the title say about a model. No widget is touched here."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from chatclient import days
from chatclient.conversation import Conversation
from chatclient.desktop import header, sidebar
from chatclient.model import Model

_LINK: Final = {"online": "Online", "offline": "Offline", "connecting": "Connecting…"}


def state(model: Model, place: str) -> sidebar.State:
    """The head and the foot of the sidebar. `place` is the server's address."""
    offline = model.link.state == "offline"
    note = _LINK[model.link.state]
    if offline and model.waiting:
        note = f"{model.waiting:,} message{'' if model.waiting == 1 else 's'} waiting"
    return sidebar.State(model.server, "No connection" if offline else place, model.me, note)


def rooms(model: Model, here: str | None, opener: Callable[[str], Callable[[], object]]) -> list[sidebar.Room]:
    """The rows of the rooms. `here` is the one that is open, `opener` makes what a click does."""
    return [
        sidebar.Room(talk.name, talk.private, talk.unread, talk.mentions, talk.name == here, opener(talk.name))
        for talk in model.rooms()
    ]


def directs(
    model: Model, here: str | None, opener: Callable[[str], Callable[[], object]], now: datetime
) -> list[sidebar.Direct]:
    """The rows of the direct conversations."""
    return [
        sidebar.Direct(
            talk.title, talk.preview, when(talk.preview_time, now), talk.unread, talk.name == here, opener(talk.name)
        )
        for talk in model.directs()
    ]


def heading(talk: Conversation) -> header.Heading:
    """The head of a conversation."""
    if talk.direct:
        return header.Heading(talk.title, "Direct conversation", "", 0, False)
    return header.Heading(
        talk.title, talk.topic or "No topic yet", "lock" if talk.private else "hash", talk.members, True
    )


def hint(model: Model, talk: Conversation) -> str:
    """What stands in the empty composer."""
    offline = model.link.state == "offline"
    return f"Message {talk.title}, sent when {model.server} is back" if offline else f"Message {talk.title}"


def title(model: Model) -> str:
    """The title of the window: the unread mentions, the conversation, the server."""
    mentions = sum(talk.mentions for talk in model.conversations.values())
    talk = model.conversations.get(model.current or "")
    place = f"{talk.title} · {model.server}" if talk is not None else model.server
    return f"({mentions:,}) {place}" if mentions else place


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
