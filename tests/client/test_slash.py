"""What a line in the composer means."""

import pytest

from chatclient.slash import (
    COMMANDS,
    Ban,
    Help,
    Invite,
    Join,
    Kick,
    Leave,
    Meaning,
    Say,
    SetName,
    SetTopic,
    Tell,
    Unban,
    meaning,
)
from shared.errors import Refused


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("hello", Say("hello")),
        (" /join x", Say(" /join x")),
        ("//join x", Say("/join x")),
        ("//", Say("/")),
        ("a\n/leave", Say("a\n/leave")),
        ("/join garden", Join("garden")),
        ("/JOIN  #garden ", Join("garden")),
        ("/leave", Leave()),
        ("/msg bob", Tell("bob", "")),
        ("/msg @bob  see you  there ", Tell("bob", "see you  there")),
        ("/msg bob one\ntwo", Tell("bob", "one\ntwo")),
        ("/msg bob\nhello", Tell("bob", "hello")),
        ("/topic Plums,  beans", SetTopic("Plums, beans")),
        ("/invite @erin", Invite("erin")),
        ("/kick @erin", Kick("erin")),
        ("/ban erin", Ban("erin")),
        ("/unban erin", Unban("erin")),
        ("/help", Help()),
        ("/me waves", Say("/me waves")),
        ("/ME  puts the kettle on ", Say("/me puts the kettle on")),
        ("/nick Alice Liddell", SetName("Alice Liddell")),
    ],
)
def test_meanings(line: str, means: Meaning) -> None:
    assert meaning(line) == means


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/frobnicate", "There is no command /frobnicate."),
        ("/usr/bin/env", "There is no command /usr/bin/env."),
        ("/me", "Write it like this: /me text"),
        ("/nick", "Write it like this: /nick name"),
        ("/nick " + "x" * 65, "65 characters"),
        ("/", "There is no command /."),
        ("/join", "Write it like this: /join room"),
        ("/msg", "Write it like this: /msg name text"),
        ("/topic  ", "Write it like this: /topic text"),
        ("/invite", "Write it like this: /invite name"),
        ("/ban", "Write it like this: /ban name"),
        ("/leave garden", "takes nothing after it"),
        ("/join two rooms", "This one has a space."),
        ("/invite b@b", "the sign @"),
        ("/topic " + "x" * 251, "251 characters, the limit is 250"),
        ("x" * 16_001, "16,001 characters, the limit is 16,000"),
        ("/msg bob " + "x" * 16_001, "16,001 characters"),
    ],
)
def test_refusals(line: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        meaning(line)
    assert sentence in refused.value.message


def test_beside_files_there_need_be_no_text() -> None:
    assert meaning("", with_files=True) == Say("")
    with pytest.raises(Refused):
        meaning("")


def test_every_usage_begins_with_its_command() -> None:
    assert all(command.usage.split()[0] == f"/{word}" for word, command in COMMANDS.items())
