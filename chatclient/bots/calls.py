"""Commands that people give a bot: `!remind 10m soup`.

A handler's parameters after the message are what the words of the command become: each takes one word, the last one all
the rest as it was written, `*words` every word that is left. A parameter with a default may be left out.
"""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from chatclient.bots.message import Message

Handler = Callable[..., Awaitable[object]]


class Unfit(Exception):
    """What somebody wrote does not fit the command; the sentence says how it is used."""


@dataclass(frozen=True)
class Command:
    """One command. `sign` is what its name follows: `!`."""

    name: str
    handler: Handler
    sign: str

    def arguments(self, rest: str) -> list[str]:
        """What the handler gets for the text behind the name, or `Unfit`."""
        parameters = list(inspect.signature(self.handler).parameters.values())[1:]
        if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
            words = rest.split()
        else:
            words = rest.split(maxsplit=max(len(parameters) - 1, 0)) if parameters else []
        needed = [each for each in parameters if each.default is each.empty and each.kind is not each.VAR_POSITIONAL]
        if len(words) < len(needed):
            raise Unfit(f"{self.sign}{self.name} is used so: {self.usage(parameters)}")
        return words

    def usage(self, parameters: "list[inspect.Parameter]") -> str:
        """`!remind WHEN WHAT [WHOM]`."""
        shown = [f"{self.sign}{self.name}"]
        for parameter in parameters:
            word = parameter.name.upper()
            if parameter.kind is parameter.VAR_POSITIONAL:
                shown.append(f"[{word}…]")
            else:
                shown.append(word if parameter.default is parameter.empty else f"[{word}]")
        return " ".join(shown)


class Commands:
    """Those of one bot, by their names in whatever case."""

    def __init__(self, sign: str) -> None:
        self._sign = sign
        self._commands: dict[str, Command] = {}
        self._call = re.compile(rf"\s*{re.escape(sign)}(\S+)\s*(.*)", re.DOTALL)

    def add(self, name: str, handler: Handler) -> None:
        """A name has one handler, which is an `async def` whose first parameter is the message."""
        if name.casefold() in self._commands:
            raise ValueError(f"There is a command {name} already.")
        self._commands[name.casefold()] = Command(name, handler, self._sign)

    def called(self, event: Any) -> tuple[Command, str] | None:
        """The command that this event gives, and the text behind its name; None where it gives none."""
        if not isinstance(event, Message) or not (match := self._call.fullmatch(event.text)):
            return None
        command = self._commands.get(match[1].casefold())
        return (command, match[2].rstrip()) if command is not None else None
