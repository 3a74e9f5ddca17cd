"""What F1 lists: the keys, then the commands."""

from typing import Final

from chatclient.terminal import commands
from chatclient.terminal.doing import Entry

TOLD: Final = (
    ("Enter", "Send"),
    ("Alt+Enter, Ctrl+J", "Break the line"),
    ("Tab", "Complete @name #room :emoji: /command"),
    ("↑", "In an empty box: edit my last message"),
    ("Alt+↑ Alt+↓", "The room before, the next"),
    ("Alt+Shift+↑ ↓", "The next with unread messages"),
    ("Ctrl+K", "Jump to a room or person"),
    ("PgUp PgDn", "Older, newer messages"),
    ("Ctrl+Home Ctrl+End", "As far up as is loaded; the newest"),
    ("Ctrl+↑ Ctrl+↓", "Choose a message (or Ctrl+P, Ctrl+N)"),
    ("Alt+R Alt+E Alt+D", "Answer, edit, delete it"),
    ("F2", "Members"),
    ("Ctrl+F", "Search"),
    ("Esc", "Back, by one step"),
    ("Ctrl+L", "Draw the screen again"),
    ("Ctrl+Q", "Quit"),
)


def entries() -> list[Entry]:
    """One line for each."""
    keys = [Entry(f"{key:<20}{what}") for key, what in TOLD]
    return keys + [Entry(f"{usage:<36}{what}") for usage, what in commands.usages()]
