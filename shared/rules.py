"""Names, limits, and which texts are fit to be sent: the rules both sides apply.

The client applies them to give its answer at once, the server applies them because clients cannot be trusted. A
function returns what the rule makes of its argument, or raises `Refused` with the actual and the limit.
"""

import functools
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import emoji
from confusable_homoglyphs import confusables

from shared.errors import Refused

PROTOCOL: Final = 1
DEFAULT_PORT: Final = 12345

LINE_BYTES: Final = 256 * 1024
TEXT: Final = 16_000
USER_NAME: Final = 32
ROOM_NAME: Final = 64
TOPIC: Final = 250
ID: Final = 64
REF: Final = 64
TOKEN: Final = 128
DISPLAY: Final = 64
NOTE: Final = 100
FILE_NAME: Final = 255
FILES: Final = 10
"""Files of one message."""
REACTIONS: Final = 20
"""Kinds of emoji under one message."""
SEARCH: Final = 200
"""Characters to search for."""
EDGES: Final = (2, 64)
PICTURE_BYTES: Final = 5 << 20
"""Of the picture that a person shows of themselves."""
PASSWORD: Final = (10, 256)
MUTE_MINUTES: Final = 43_200
INVITATION_USES: Final = 10_000
INVITATION_DAYS: Final = 3_650
PRESENCE_ROOM: Final = 200
"""People in a room up to which each other's presence is told."""
RECEIPTS_ROOM: Final = 20
"""People in a room up to which it is told how far each has read."""
PAGE: Final = 200
SYNC: Final = 1_000
SYNC_REACH: Final = 10_000

LIMITS: Final[dict[str, int]] = {
    "line_bytes": LINE_BYTES,
    "text": TEXT,
    "user_name": USER_NAME,
    "room_name": ROOM_NAME,
    "topic": TOPIC,
    "display": DISPLAY,
    "note": NOTE,
    "file_name": FILE_NAME,
    "files": FILES,
    "reactions": REACTIONS,
    "id": ID,
    "page": PAGE,
    "sync": SYNC,
    "sync_reach": SYNC_REACH,
}

LOBBY: Final = "lobby"
"""The room that exists from the start and that everybody is in."""

_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_NAME_MARKS = frozenset("-_.")


def user_name(name: str) -> str:
    """The name as it is stored (NFC), or `bad_name`. 1 to 32 letters, digits, `-`, `_`, `.` of any script."""
    return _name(name, USER_NAME)


def room_name(name: str) -> str:
    """As `user_name`, with up to 64 characters. Direct conversations (`@bob`) are not rooms by this rule."""
    return _name(name, ROOM_NAME)


def _name(name: str, limit: int) -> str:
    name = unicodedata.normalize("NFC", name)
    rule = f"A name has 1 to {limit} letters, digits, - _ or . "
    if not name:
        raise Refused("bad_name", rule + "This one is empty.")
    if len(name) > limit:
        raise Refused("bad_name", rule + f"This one has {len(name)} characters.")
    for char in name:
        if not (char.isalnum() or char in _NAME_MARKS or unicodedata.category(char) in ("Mn", "Mc")):
            raise Refused("bad_name", rule + f"This one has {describe(char)}.")
    if not any(char.isalnum() for char in name):
        raise Refused("bad_name", rule + "This one has neither a letter nor a digit.")
    return name


def describe(char: str) -> str:
    """A character in words, for an error sentence: `a space`, `the sign @`, `the control character U+0007`."""
    if char == " ":
        return "a space"
    if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn", "Cs"):
        kind = "control" if unicodedata.category(char)[0] == "C" else "space"
        return f"the {kind} character U+{ord(char):04X}"
    return f"the sign {char}"


@functools.lru_cache(4096)
def name_key(name: str) -> str:
    """What two names must differ in: NFKC, case folding and the UTS #39 skeleton.

    `Alice`, `alice` and a Cyrillic `аlice` share one key, so that they cannot exist beside one another.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    skeleton = "".join(_prototype(char) for char in unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFD", skeleton).casefold()


def _prototype(char: str) -> str:
    """The UTS #39 prototype of one character.

    The library's table holds each pair in both directions: a source lists its one prototype, and a prototype
    lists all of its sources. Where both list only each other the smaller stands for the two.
    """
    pairs = confusables.confusables_data.get(char, ())
    if len(pairs) != 1:
        return char
    other: str = pairs[0]["c"]
    if len(confusables.confusables_data.get(other, ())) == 1:
        return min(char, other)
    return other


def message_text(text: str, with_files: bool = False) -> str:
    """The text itself, or `bad_request` where it is empty, or `too_large` where it is too long. Beside files it may be
    empty."""
    if len(text) > TEXT:
        raise Refused("too_large", f"The text has {len(text):,} characters, the limit is {TEXT:,}.")
    if not text or text.isspace():
        if with_files:
            return ""
        raise Refused("bad_request", "The text is empty. Write something first.")
    return text


def message_files(files: Sequence[str]) -> tuple[str, ...]:
    """The files of one message: up to 10, each once, each by its SHA-256."""
    if len(files) > FILES:
        raise Refused("too_large", f"A message has {len(files):,} files, the limit is {FILES}.")
    for file in files:
        file_hash(file)
    if len(set(files)) < len(files):
        raise Refused("bad_request", "One of the files is named twice.")
    return tuple(files)


def file_hash(text: str) -> str:
    """How a file is named: the SHA-256 of its bytes in 64 hexadecimal digits."""
    if not _HASH.fullmatch(text):
        raise Refused("bad_request", "A file is named by the SHA-256 of its bytes: 64 digits 0-9 and a-f.")
    return text


def file_name(name: str) -> str:
    """A file's name as it is shown and saved: its last part, one line of at most 255 characters (and bytes, as file
    systems want), none of which hides others."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = one_line("".join(char for char in name if unicodedata.category(char)[0] != "C"), FILE_NAME, "file's name")
    if len(name.encode(errors="replace")) > FILE_NAME:
        raise Refused("too_large", f"The file's name has {len(name.encode()):,} bytes, the limit is {FILE_NAME}.")
    if not name.strip(". "):
        raise Refused("bad_name", "A file needs a name.")
    return name


def reaction(text: str) -> str:
    """One emoji, in its full form, so that a heart with and without its selector is one; else `bad_request`."""
    found = emoji.EMOJI_DATA.get(text) or emoji.EMOJI_DATA.get(text + "\ufe0f")
    if found is None:
        raise Refused("bad_request", "A reaction is one emoji and nothing else.")
    return _full_form(text)


@functools.lru_cache(1024)
def _full_form(text: str) -> str:
    """Some sequences stand in Unicode's list also without selectors; the fully qualified one is written."""
    if emoji.EMOJI_DATA.get(text, {}).get("status") == emoji.STATUS["fully_qualified"]:
        return text
    bare = text.replace("\ufe0f", "")
    return next(
        (
            each
            for each, about in emoji.EMOJI_DATA.items()
            if about["status"] == emoji.STATUS["fully_qualified"] and each.replace("\ufe0f", "") == bare
        ),
        text,
    )


def moment(text: str) -> str:
    """A time exactly as events bear it, so that it can be compared with theirs letter by letter; else `bad_request`."""
    try:
        datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        raise Refused("bad_request", "A time is written as in events: 2026-11-20T05:44:27.123451Z.") from None
    return text


def topic(text: str) -> str:
    """A topic is one line of at most 250 characters."""
    return one_line(text, TOPIC, "topic")


def display_name(text: str) -> str:
    """A display name is one line of at most 64 characters that can be seen; empty stands for the plain name."""
    text = one_line(text, DISPLAY, "display name")
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and char != "\u200d":
            raise Refused("bad_name", f"A display name shows all of itself. This one has {describe(char)}.")
    return text


def note(text: str) -> str:
    """What a person says of themselves beside their state: one line of at most 100 characters."""
    return one_line(text, NOTE, "note")


def password(text: str) -> str:
    """A password fit to be set: 10 to 256 characters."""
    least, most = PASSWORD
    if len(text) > most:
        raise Refused("too_large", f"The password has {len(text):,} characters, the limit is {most}.")
    if len(text) < least:
        raise Refused("bad_request", f"A password has at least {least} characters. This one has {len(text)}.")
    return text


def one_line(text: str, limit: int, what: str) -> str:
    """Text of one line, as a topic, a note or a display name: white space becomes single spaces, none around it."""
    text = " ".join(text.split())
    if len(text) > limit:
        raise Refused("too_large", f"The {what} has {len(text):,} characters, the limit is {limit}.")
    return text


def command_id(text: str) -> str:
    """A client's id for one change: 1 to 64 letters, digits, `-`, `_`, `.`, `:`. `~…` is the server's own."""
    if len(text) > ID:
        raise Refused("too_large", f"The id has {len(text):,} characters, the limit is {ID}.")
    if not _ID.fullmatch(text):
        raise Refused("bad_request", f"An id has 1 to {ID} letters, digits, - _ . or : and nothing else.")
    return text


def direct_name(*people: str) -> str:
    """The name of the direct conversation between these people: `@alice,bob`, sorted."""
    return "@" + ",".join(sorted(set(people)))


def direct_people(room: str) -> tuple[str, ...]:
    """The people of a direct conversation by its full name; empty for a room."""
    return tuple(room[1:].split(",")) if room.startswith("@") else ()


def counterpart(room: str, me: str) -> str:
    """With whom `me` speaks in a direct conversation: the other one, or oneself in a note to self."""
    return next((name for name in direct_people(room) if name != me), me)
