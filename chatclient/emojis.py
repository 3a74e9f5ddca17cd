"""What emoji there are: their groups, names and :shortcodes:, how to find one, and their skin tones.

Names come from the `emoji` package, groups and their order from a file beside the pictures that `tools/list_emoji.py`
makes. An emoji is written in its full form everywhere.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import emoji as tables

GROUPS: Final = Path(__file__).parent / "assets" / "emoji" / "groups.txt"
TONES: Final = ("", "\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")
"""The skin tones, beginning with none."""
OFTEN: Final = 9
_INSIDE: Final = 3
"""The rank of what has the words only inside of its own."""
_FULL: Final = tables.STATUS["fully_qualified"]
_TONE = re.compile("[\U0001f3fb-\U0001f3ff]")
_SELECTOR: Final = "\ufe0f"


class Group(NamedTuple):
    """A group of the picker, its emoji in Unicode's order, without their variants of skin tone."""

    name: str
    emoji: tuple[str, ...]


class Named(NamedTuple):
    """An emoji and one of its names, with its colons: `:tada:`."""

    emoji: str
    shortcode: str


@lru_cache(1)
def groups() -> tuple[Group, ...]:
    """All groups, in the order of the picker's tabs."""
    lines = (line.split("\t") for line in GROUPS.read_text("utf-8").splitlines())
    return tuple(Group(name, tuple(found.split(" "))) for name, found in lines)


def name(emoji: str) -> str:
    """What it shows, in words: `Party popper`; "" for what is no emoji."""
    words = str(tables.EMOJI_DATA.get(emoji, {}).get("en", "")).strip(":").replace("_", " ")
    return words[:1].upper() + words[1:]


def shortcode(emoji: str) -> str:
    """The name by which one types it: a short one where it has one that is no other's too."""
    own = [name for name in _names(emoji) if called(name) == emoji]
    return min(own[1:], key=len) if len(own) > 1 else own[0] if own else ""


def _names(emoji: str) -> list[str]:
    about = tables.EMOJI_DATA.get(emoji, {})
    return [str(about["en"]), *map(str, about.get("alias", ()))] if "en" in about else []


@lru_cache(1)
def _catalogue() -> dict[str, tuple[str, ...]]:
    """Every emoji that has no skin tone by its names in lower case, those of the groups first and in their order."""
    known = [emoji for group in groups() for emoji in group.emoji]
    others = [
        emoji for emoji, about in tables.EMOJI_DATA.items() if about["status"] == _FULL and not _TONE.search(emoji)
    ]
    return {
        emoji: tuple(name.strip(":").casefold() for name in _names(emoji)) for emoji in dict.fromkeys([*known, *others])
    }


@lru_cache(1)
def _by_shortcode() -> dict[str, str]:
    found: dict[str, str] = {}
    for emoji, names in _catalogue().items():
        for each in names:
            found.setdefault(each, emoji)
    return found


def called(shortcode: str) -> str:
    """The emoji of a `:shortcode:`, "" where there is none."""
    return _by_shortcode().get(shortcode.strip(":").casefold(), "")


def find(text: str) -> list[str]:
    """The emoji that have all these words, or beginnings of words, in one of their names; the closest first."""
    words = re.findall(r"[^\s_:]+", text.casefold())
    if not words:
        return []
    begun = ["_" + word for word in words]
    whole = "".join(begun)
    found: dict[str, int] = {}
    for emoji, called in _led():
        if all(word in called for word in words):
            found[emoji] = min(_rank(called, whole, begun), found.get(emoji, _INSIDE))
    return sorted(found, key=found.__getitem__)  # a stable sort: equal ones stay in the order of the groups


@lru_cache(1)
def _led() -> list[tuple[str, str]]:
    """Every emoji with each of its names, which has a `_` before each of its words."""
    return [(emoji, f"_{name}") for emoji, names in _catalogue().items() for name in names]


def _rank(called: str, whole: str, begun: Sequence[str]) -> int:
    """0 for the whole name, 1 where it begins with it, 2 where every word begins one of its words, 3 inside of one."""
    if called.startswith(whole):
        return int(called != whole)
    return 2 if all(word in called for word in begun) else _INSIDE


def complete(prefix: str, used: Iterable[str] = (), limit: int = 5) -> list[Named]:
    """Whose shortcodes begin with this: those used often first, then the short ones."""
    prefix = prefix.strip(":").casefold()
    order = {emoji: place for place, emoji in enumerate(used)}
    found: dict[str, str] = {}
    for emoji, names in _catalogue().items():
        fitting = [name for name in names if name.startswith(prefix)]
        if fitting:
            found[emoji] = min(fitting, key=len)
    best = sorted(found, key=lambda emoji: (order.get(emoji, len(order)), len(found[emoji]), found[emoji]))
    return [Named(emoji, f":{found[emoji]}:") for emoji in best[:limit]]


def often(used: Sequence[str], limit: int = OFTEN) -> list[str]:
    """Those that stand most often in what was used, the newest last; filled up with what people use most."""
    counted = Counter(used)
    newest = {emoji: place for place, emoji in enumerate(used)}
    mine = sorted(counted, key=lambda emoji: (-counted[emoji], -newest[emoji]))
    return list(dict.fromkeys([*mine, *_BELOVED]))[:limit]


_BELOVED: Final = ("👍", "🎉", "❤️", "😂", "🚀", "👀", "✅", "🙏", "👏")


def has_tones(emoji: str) -> bool:
    """Can it be had in the skin tones?"""
    return toned(emoji, TONES[1]) != emoji


@lru_cache(4096)
def toned(emoji: str, tone: str) -> str:
    """The emoji in this skin tone; itself where it has none, or where no tone is given."""
    bare = _TONE.sub("", emoji)
    if not tone:
        return bare if bare in tables.EMOJI_DATA else emoji
    for candidate in _toned(bare, tone):
        if tables.EMOJI_DATA.get(candidate, {}).get("status") == _FULL:
            return candidate
    return emoji


def _toned(bare: str, tone: str) -> Iterable[str]:
    """Where a tone may stand: behind the first sign, or behind each person of two."""
    rest = bare[1:].removeprefix(_SELECTOR)
    yield bare[0] + tone + rest
    people = [tables.EMOJI_DATA.get(part + tone) is not None for part in bare]
    yield "".join(part + (tone if person else "") for part, person in zip(bare, people, strict=True))
