"""What a line in the composer means: something to say, or a command. PURE.

A line that begins with one slash is a command from the table; two slashes stand for one and are said. What is no
command, or lacks what it needs, is `Refused` with a sentence for the line over the composer, and nothing is sent.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from shared.errors import Refused
from shared.rules import display_name, message_text, room_name, topic, user_name


class Say(NamedTuple):
    text: str


class SetName(NamedTuple):
    """What others are to call me."""

    display: str


class Join(NamedTuple):
    room: str


class Leave(NamedTuple):
    pass


class Tell(NamedTuple):
    """Open the direct conversation with this person; say the text there where there is one."""

    user: str
    text: str


class SetTopic(NamedTuple):
    topic: str


class Invite(NamedTuple):
    user: str


class Kick(NamedTuple):
    user: str


class Ban(NamedTuple):
    user: str


class Unban(NamedTuple):
    user: str


class Help(NamedTuple):
    pass


Meaning = Say | SetName | Join | Leave | Tell | SetTopic | Invite | Kick | Ban | Unban | Help


class Command(NamedTuple):
    usage: str
    what: str
    parse: Callable[[str], Meaning]


def meaning(line: str, with_files: bool = False) -> Meaning:
    """What the line asks for, or `Refused` with a sentence. Beside files it may be empty."""
    if not line.startswith("/"):
        return Say(message_text(line, with_files))
    if line.startswith("//"):
        return Say(message_text(line[1:]))
    word, _, rest = line[1:].partition(" ")
    word, broken, more = word.partition("\n")
    command = COMMANDS.get(word.lower())
    if command is None:
        raise Refused("bad_request", f"There is no command /{word}. /help lists them; // says a slash.")
    return command.parse((more + broken + rest).strip())


def _me(rest: str) -> Say:
    return Say(message_text(f"/me {_needed('me', rest)}"))


def _nick(rest: str) -> SetName:
    return SetName(display_name(_needed("nick", rest)))


def _join(rest: str) -> Join:
    return Join(room_name(_needed("join", rest).removeprefix("#")))


def _leave(rest: str) -> Leave:
    if rest:
        raise Refused("bad_request", "/leave leaves the room you are looking at and takes nothing after it.")
    return Leave()


def _tell(rest: str) -> Tell:
    user, *said = _needed("msg", rest).split(None, 1)
    text = said[0] if said else ""
    return Tell(user_name(user.removeprefix("@")), message_text(text) if text else "")


def _topic(rest: str) -> SetTopic:
    return SetTopic(topic(_needed("topic", rest)))


def _invite(rest: str) -> Invite:
    return Invite(_name("invite", rest))


def _kick(rest: str) -> Kick:
    return Kick(_name("kick", rest))


def _ban(rest: str) -> Ban:
    return Ban(_name("ban", rest))


def _unban(rest: str) -> Unban:
    return Unban(_name("unban", rest))


def _name(word: str, rest: str) -> str:
    return user_name(_needed(word, rest).removeprefix("@"))


def _help(_rest: str) -> Help:
    return Help()


def _needed(word: str, rest: str) -> str:
    if not rest:
        raise Refused("bad_request", f"Write it like this: {COMMANDS[word].usage}")
    return rest


COMMANDS: Final[dict[str, Command]] = {
    "join": Command("/join room", "Join a room", _join),
    "leave": Command("/leave", "Leave this room", _leave),
    "msg": Command("/msg name text", "Message a person", _tell),
    "topic": Command("/topic text", "Set the topic", _topic),
    "invite": Command("/invite name", "Bring somebody in", _invite),
    "kick": Command("/kick name", "Remove somebody from this room", _kick),
    "ban": Command("/ban name", "Remove somebody for good", _ban),
    "unban": Command("/unban name", "Let somebody in again", _unban),
    "me": Command("/me text", "Say what you do", _me),
    "nick": Command("/nick name", "Change what others call you", _nick),
    "help": Command("/help", "These keys and commands", _help),
}
