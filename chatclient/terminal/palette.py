"""How things look: sixteen colours at most, as the terminal's own theme has them, and nothing by colour alone. PURE.

No background is set but where something is marked, and what is quiet is dim and not grey, so that light and dark
terminals are both served. Red is for what went wrong and what is new.
"""

from typing import Final

STYLES: Final[dict[str, str]] = {
    "dim": "dim",
    "bold": "bold",
    "italic": "italic",
    "strike": "strike",
    "code": "ansicyan",
    "quote": "dim",
    "mention": "ansiblue bold",
    "you": "ansiyellow bold reverse",
    "file": "ansicyan underline",
    "day": "dim",
    "unread": "ansired bold",
    "notice": "dim italic",
    "error": "ansired bold",
    "own": "ansigreen bold",
    "name0": "ansiblue bold",
    "name1": "ansimagenta bold",
    "name2": "ansicyan bold",
    "name3": "ansiyellow bold",
    "reaction.mine": "bold underline",
    "chosen": "reverse",
    "line": "dim",
    "head": "bold",
    "topic": "dim",
    "here": "reverse bold",
    "unread-room": "bold",
    "count": "ansiyellow bold",
    "online": "ansigreen",
    "status": "reverse",
    "status.bad": "reverse ansired bold",
    "status.key": "reverse bold",
    "say": "ansigreen",
    "complain": "ansired bold",
    "typing": "italic",
    "work": "ansiyellow bold",
    "prompt": "ansigreen bold",
    "completion-menu": "noinherit reverse",
    "completion-menu.completion": "noinherit reverse",
    "completion-menu.completion.current": "noinherit bold bg:ansicyan fg:ansiblack",
    "completion-menu.meta.completion": "noinherit reverse",
    "completion-menu.meta.completion.current": "noinherit bg:ansicyan fg:ansiblack",
}
