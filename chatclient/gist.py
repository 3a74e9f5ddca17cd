"""What a message says on one line, in previews, quotes and notifications, and which messages are actions. Pure."""

from collections.abc import Sequence
from typing import Final

from shared.markup import plain
from shared.protocol import File

ACT: Final = "/me "
"""What the text of an action begins with."""
_PARSED: Final = 4
"""So many times what is shown is looked at, since marks are not shown."""


def action(text: str) -> str:
    """What the author of `/me waves` does: `waves`; empty for a text that is no action."""
    return text[len(ACT) :].strip() if text.startswith(ACT) else ""


def gist(text: str, files: Sequence[File] = (), longest: int = 0) -> str:
    """Its text on one line without marks, or what it bears: `cat.png`, `3 files`. At most `longest` characters long,
    0 for all of it."""
    start = text[: _PARSED * longest] if longest else text
    line = " ".join((plain(start) or start).split())
    if not line and files:
        line = files[0].name if len(files) == 1 else f"{len(files)} files"
    return line if not longest or len(line) <= longest else f"{line[: longest - 1]}…"
