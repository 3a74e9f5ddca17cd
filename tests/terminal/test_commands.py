"""What a line asks for, and with which sentence it is refused."""

from typing import Any

import pytest

from chatclient import slash
from chatclient.terminal import commands
from chatclient.terminal.commands import meaning
from shared.errors import Refused


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("hello", slash.Say("hello")),
        ("//all hello", slash.Say("/all hello")),
        ("/me waves", slash.Say("/me waves")),
        ("/msg bob hello you", slash.Tell("bob", "hello you")),
        ("/all hello\nyou", commands.Everybody("hello\nyou")),
        ("/ALL hello", commands.Everybody("hello")),
        ("/edit", commands.Edit("")),
        ("/edit new text", commands.Edit("new text")),
        ("/reply", commands.Reply("")),
        ("/reply yes", commands.Reply("yes")),
        ("/delete", commands.Delete()),
        ("/react 👍", commands.React("👍")),
        ("/react :tada:", commands.React("🎉")),
        ("/react ❤", commands.React("❤️")),
        ("/search two words", commands.Search("two words")),
        ("/files", commands.Files()),
        ("/files save", commands.Save(1, "")),
        ("/files save 3 ~/to here", commands.Save(3, "~/to here")),
        ("/attach /a/cat.png", commands.Attach("/a/cat.png", "")),
        ("/attach /a/cat.png look at her", commands.Attach("/a/cat.png", "look at her")),
        ('/attach "/a/my cat.png" look', commands.Attach("/a/my cat.png", "look")),
        ("/create #garden", commands.Create("garden", "", False)),
        ("/create private garden All of it", commands.Create("garden", "All of it", True)),
        ("/create private", commands.Create("private", "", False)),
        ("/status busy in a meeting", commands.Status("busy", "in a meeting")),
        ("/quit", commands.Quit()),
    ],
)
def test_meanings(line: str, expected: Any) -> None:
    assert meaning(line) == expected


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/nothing", "There is no command /nothing."),
        ("/all", "Write it like this: /all text"),
        ("/all  ", "Write it like this: /all text"),
        ("/react", "Write it like this: /react emoji"),
        ("/react word", "A reaction is one emoji"),
        ("/react :nothing:", "A reaction is one emoji"),
        ("/files delete", "Write it like this: /files"),
        ("/files save x", "Files have numbers"),
        ("/files save 0", "Files have numbers"),
        ('/attach "open', "A quotation mark is open"),
        ("/status tired", "One is online, away or busy"),
        ("/delete all of it", "/delete takes nothing after it."),
        ("/create a/b", "A name has 1 to 64"),
    ],
)
def test_refusals(line: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        meaning(line)
    assert refused.value.message.startswith(sentence)


def test_every_command_is_listed_once() -> None:
    usages = [usage for usage, _ in commands.usages()]
    assert len(usages) == len(set(usages)) == len(slash.COMMANDS) + len(commands.OWN)
    assert [word for word, _ in commands.words()] == sorted(f"/{word}" for word in {*slash.COMMANDS, *commands.OWN})
