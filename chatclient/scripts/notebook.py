"""A conversation as Markdown: a heading for each day, a paragraph for each message. Pure."""

from datetime import date, datetime, tzinfo

from chatclient.days import clock, day_name
from chatclient.scripts.marked import as_markdown, markdown_text
from chatclient.scripts.paper import About, Seen
from shared.protocol import Message
from shared.transcript import listed, notice, quoted


class Markdown:
    """See `chatclient.scripts.paper.Format`."""

    def __init__(self) -> None:
        self._zone: tzinfo | None = None
        self._day: date | None = None

    def begin(self, about: About) -> str:
        self._zone = about.zone
        topic = f"{markdown_text(about.topic)}\n\n" if about.topic else ""
        return f"# {markdown_text(f'{about.title} on {about.server}')}\n\n{topic}"

    def entry(self, seen: Seen) -> str:
        event = seen.event
        moment = datetime.fromisoformat(event.time).astimezone(self._zone)
        day, heading = moment.date(), ""
        if day != self._day:
            self._day, heading = day, f"## {day_name(day, date.min)}\n\n"
        if not isinstance(event, Message) or event.deleted:
            return f"{heading}{clock(moment)} *{markdown_text(notice(event))}*\n\n"
        edited = " (edited)" if event.edited else ""
        body = "".join(f"{part}\n\n" for part in _parts(event, seen.original))
        return f"{heading}**{markdown_text(event.user)}** {clock(moment)}{edited}\n\n{body}"

    def end(self) -> str:
        return ""


def _parts(message: Message, original: Message | None) -> list[str]:
    parts = [f"*{markdown_text(quoted(message.reply_to, original))}*"] if message.reply_to else []
    parts += [as_markdown(message.text)] if message.text else []
    parts += [markdown_text(listed(file)) for file in message.files]
    parts += [f"{emoji} {markdown_text(', '.join(names))}" for emoji, names in (message.reactions or {}).items()]
    return parts
