"""Make chatserver/web/emoji.json, the emoji of the web page: groups, names, shortcodes and skin tones.

`python -m tools.web_emoji`. The names are those of every other client (chatclient/emojis.py); the page loads the file
when somebody first opens the picker or types a colon. A test checks that the file is what this makes.
"""

import json
from pathlib import Path
from typing import Final

import emoji as tables

from chatclient import emojis

TARGET: Final = Path(__file__).resolve().parent.parent / "chatserver" / "web" / "emoji.json"


def made() -> str:
    """The file: `[[group, [[emoji, name, [shortcodes], [five tones]?], …]], …]`, one emoji a line."""
    groups = []
    for group in emojis.groups():
        lines = ",\n".join(json.dumps(_about(each), ensure_ascii=False, separators=(",", ":")) for each in group.emoji)
        groups.append(f"[{json.dumps(group.name)},[\n{lines}]]")
    return f"[{','.join(groups)}]\n"


def _about(emoji: str) -> list[object]:
    names = tables.EMOJI_DATA[emoji]
    codes = [str(name).strip(":").casefold() for name in [names["en"], *names.get("alias", ())]]
    about: list[object] = [emoji, emojis.name(emoji), list(dict.fromkeys(codes))]
    tones = [emojis.toned(emoji, tone) for tone in emojis.TONES[1:]]
    return [*about, tones] if tones[0] != emoji else about


if __name__ == "__main__":
    TARGET.write_text(made(), "utf-8")
