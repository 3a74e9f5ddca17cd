"""A conversation as one HTML file that stands alone: no script, no picture, no host but the reader's own. Pure.

Whatever somebody wrote is text in it; only http, mailto and chat addresses become links, which lead somewhere when they
are followed and not before. Every message can be named by its number: `page.html#m12`.
"""

from datetime import date, datetime, tzinfo
from typing import Final

from chatclient.days import clock, day_name
from chatclient.scripts.marked import as_html, html_text
from chatclient.scripts.paper import About, Seen
from shared.protocol import Message
from shared.transcript import listed, notice, quoted

_STYLE: Final = """\
:root { color-scheme: light dark; --muted: #5f5f6e; --line: #e3e3ea; --quiet: #f0f0f5; --link: #4a4ac4 }
@media (prefers-color-scheme: dark) {
  :root { --muted: #a3a3b2; --line: #2d2d37; --quiet: #292932; --link: #b4b4ff }
  body { background: #1b1b21; color: #eeeef3 }
}
body { font: 14px/20px Inter, system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 20px } h2 { font-size: 13px; color: var(--muted); border-bottom: 1px solid var(--line) }
article { margin: 12px 0; overflow-wrap: anywhere } article:target { background: var(--quiet) }
header { font-size: 13px } time, .notice, .edited, .files, .reactions, .reply { color: var(--muted); font-size: 12px }
p, blockquote, pre { margin: 2px 0; white-space: pre-wrap }
blockquote { border-left: 3px solid var(--line); padding-left: 8px } a { color: var(--link) }
pre, code { font-family: "JetBrains Mono", monospace; background: var(--quiet) } pre { padding: 8px }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Page:
    """See `chatclient.scripts.paper.Format`."""

    def __init__(self) -> None:
        self._zone: tzinfo | None = None
        self._day: date | None = None

    def begin(self, about: About) -> str:
        self._zone = about.zone
        title = html_text(f"{about.title} on {about.server}")
        topic = f"<p>{html_text(about.topic)}</p>\n" if about.topic else ""
        return (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width">\n'
            f"<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{topic}"
        )

    def entry(self, seen: Seen) -> str:
        event = seen.event
        moment = datetime.fromisoformat(event.time).astimezone(self._zone)
        heading = self._heading(moment.date())
        when = f'<time datetime="{html_text(event.time)}">{clock(moment)}</time>'
        if not isinstance(event, Message) or event.deleted:
            return f'{heading}<article id="m{event.seq}" class="notice">{when} {html_text(notice(event))}</article>\n'
        body = "".join(f"\n{part}" for part in _parts(event, seen.original))
        who = f"<b>{html_text(event.user)}</b>"
        edited = ' <span class="edited">edited</span>' if event.edited else ""
        return f'{heading}<article id="m{event.seq}">\n<header>{who} {when}{edited}</header>{body}\n</article>\n'

    def end(self) -> str:
        return "</main>\n</body>\n</html>\n"

    def _heading(self, day: date) -> str:
        if day == self._day:
            return ""
        self._day = day
        return f"<h2>{day_name(day, date.min)}</h2>\n"


def _parts(message: Message, original: Message | None) -> list[str]:
    parts = []
    if message.reply_to:
        reply = html_text(quoted(message.reply_to, original))
        parts.append(f'<p class="reply">↳ <a href="#m{message.reply_to}">{reply}</a></p>')
    if message.text:
        parts.append(as_html(message.text))
    parts += [f'<p class="files">{html_text(listed(file))}</p>' for file in message.files]
    for emoji, names in (message.reactions or {}).items():
        parts.append(f'<p class="reactions">{html_text(emoji)} {html_text(", ".join(names))}</p>')
    return parts
