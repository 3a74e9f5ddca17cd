"""The slash commands of the terminal: those of the window, and those for what the window has buttons for.

`meaning` is what a line asks for. A command that acts on a message means the one that is chosen, or else the last.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, get_args

from chatclient import emojis, slash
from shared.errors import Refused
from shared.protocol import OwnState
from shared.rules import LOBBY, message_text, reaction, room_name, topic

STATES: Final = get_args(OwnState)


class Everybody(NamedTuple):
    """Say it in the lobby, which everybody is in."""

    text: str


class Edit(NamedTuple):
    """Another text for a message of mine; "" begins to write it."""

    text: str


class Delete(NamedTuple):
    pass


class Reply(NamedTuple):
    """Answer a message; "" begins to write it."""

    text: str


class React(NamedTuple):
    """With an emoji, or not any more."""

    emoji: str


class Search(NamedTuple):
    text: str


class Files(NamedTuple):
    """List the files of the conversation."""


class Save(NamedTuple):
    """Save one of these files: its number in the list, the newest is 1; where to, "" for the folder of downloads."""

    number: int
    to: str


class Attach(NamedTuple):
    path: str
    text: str


class Create(NamedTuple):
    room: str
    topic: str
    private: bool


class Members(NamedTuple):
    pass


class Rooms(NamedTuple):
    pass


class Invitation(NamedTuple):
    """Make an invitation to the server, or to the room that is looked at."""


class Status(NamedTuple):
    state: OwnState
    note: str


class Retry(NamedTuple):
    """Send once more what failed; without anything of that kind, try to connect now."""


class Discard(NamedTuple):
    pass


class Mouse(NamedTuple):
    pass


class Quit(NamedTuple):
    pass


class Command(NamedTuple):
    usage: str
    what: str
    parse: Callable[[str], Any]


def meaning(line: str) -> Any:
    """A value of this module or of `slash`, or `Refused` with a sentence."""
    if line.startswith("/") and not line.startswith("//"):
        word, *rest = line[1:].split(None, 1) or [""]
        own = OWN.get(word.lower())
        if own is not None:
            return own.parse(rest[0].strip() if rest else "")
    return slash.meaning(line)


def usages() -> list[tuple[str, str]]:
    """Every command, how it is written and what it does."""
    return [(command.usage, command.what) for command in slash.COMMANDS.values()] + [
        (command.usage, command.what) for command in OWN.values()
    ]


def words() -> list[tuple[str, str]]:
    """Every command's `/word`, and what it does."""
    found = {word: command.what for word, command in slash.COMMANDS.items()}
    found |= {word: command.what for word, command in OWN.items()}
    return [(f"/{word}", what) for word, what in sorted(found.items())]


def _needed(word: str, rest: str) -> str:
    if not rest:
        raise Refused("bad_request", f"Write it like this: {OWN[word].usage}")
    return rest


def _react(rest: str) -> React:
    named = _needed("react", rest)
    return React(reaction(emojis.called(named) or named if named.startswith(":") else named))


def _files(rest: str) -> Files | Save:
    word, *more = rest.split(None, 2)[:3] or [""]
    if not word:
        return Files()
    if word != "save":
        raise Refused("bad_request", f"Write it like this: {OWN['files'].usage}")
    number = more[0] if more else "1"
    if not (number.isascii() and number.isdigit() and int(number)):
        raise Refused("bad_request", "Files have numbers: /files lists them, /files save 1 saves the newest.")
    return Save(int(number), more[1] if len(more) > 1 else "")


def _attach(rest: str) -> Attach:
    """The path may stand in quotes; what follows it is the text."""
    rest = _needed("attach", rest)
    if rest[0] in "\"'":
        path, closed, text = rest[1:].partition(rest[0])
        if not closed:
            raise Refused("bad_request", "A quotation mark is open. The path stands between two of them.")
        return Attach(path, text.strip())
    path, _, text = rest.partition(" ")
    return Attach(path, text.strip())


def _create(rest: str) -> Create:
    words = _needed("create", rest).split(None, 1)
    private = words[0] == "private" and len(words) > 1
    if private:
        words = words[1].split(None, 1)
    return Create(room_name(words[0].removeprefix("#")), topic(words[1]) if len(words) > 1 else "", private)


def _status(rest: str) -> Status:
    state, *note = _needed("status", rest).split(None, 1)
    for known in STATES:
        if state.lower() == known:
            return Status(known, note[0] if note else "")
    raise Refused("bad_request", f"One is {', '.join(STATES[:-1])} or {STATES[-1]}: {OWN['status'].usage}")


def _alone(word: str, made: Callable[[], Any]) -> Callable[[str], Any]:
    def parse(rest: str) -> Any:
        if rest:
            raise Refused("bad_request", f"/{word} takes nothing after it.")
        return made()

    return parse


OWN: Final[dict[str, Command]] = {
    "all": Command("/all text", f"Say it to everybody, in {LOBBY}", lambda rest: Everybody(_text("all", rest))),
    "reply": Command("/reply [text]", "Answer the chosen or last message", lambda rest: Reply(_any_text(rest))),
    "react": Command("/react emoji", "React to it; again takes it back", _react),
    "edit": Command("/edit [text]", "Edit the chosen or my last message", lambda rest: Edit(_any_text(rest))),
    "delete": Command("/delete", "Delete the chosen or my last message", _alone("delete", Delete)),
    "search": Command("/search text", "Find messages in all rooms", lambda rest: Search(_needed("search", rest))),
    "files": Command("/files [save 1 [path]]", "The files here; save one", _files),
    "attach": Command("/attach path [text]", "Send a file", _attach),
    "create": Command("/create [private] room [topic]", "Make a room", _create),
    "rooms": Command("/rooms", "Which rooms there are", _alone("rooms", Rooms)),
    "members": Command("/members", "Who is in this room", _alone("members", Members)),
    "invitation": Command("/invitation", "Make a link that lets others in", _alone("invitation", Invitation)),
    "status": Command("/status state [note]", "Be online, away or busy", _status),
    "retry": Command("/retry", "Send again what failed; connect now", _alone("retry", Retry)),
    "discard": Command("/discard", "Give up what failed", _alone("discard", Discard)),
    "mouse": Command("/mouse", "Let the mouse scroll and choose, or not", _alone("mouse", Mouse)),
    "quit": Command("/quit", "Leave Parley", _alone("quit", Quit)),
}


def _text(word: str, rest: str) -> str:
    return message_text(_needed(word, rest))


def _any_text(rest: str) -> str:
    return message_text(rest) if rest else ""
