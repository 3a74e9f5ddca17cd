"""Who a script is, and where: what counts before what."""

import pytest

from chatclient.address import parse
from chatclient.identity import Unnamed, identity
from chatclient.keep import Recent
from shared.errors import Refused

RECENT = (
    Recent("harbour.example:12345", "alice", "Harbour", ""),
    Recent("chats://other.example:7000", "bob", "Other", ""),
    Recent("harbour.example:12345", "carol", "Harbour", ""),
)


@pytest.mark.parametrize(
    ("server", "user", "environment", "expected"),
    [
        ("", "", {}, ("harbour.example:12345", "alice")),
        ("", "bob", {}, ("chats://other.example:7000", "bob")),
        ("", "carol", {}, ("harbour.example:12345", "carol")),
        ("chats://other.example:7000", "", {}, ("chats://other.example:7000", "bob")),
        ("new.example", "dave", {}, ("new.example:12345", "dave")),
        ("", "", {"PARLEY_SERVER": "chat://new.example:1", "PARLEY_USER": "erin"}, ("new.example:1", "erin")),
        ("here.example", "dave", {"PARLEY_SERVER": "x.example", "PARLEY_USER": "erin"}, ("here.example:12345", "dave")),
        ("", "", {"PARLEY_SERVER": "", "PARLEY_USER": ""}, ("harbour.example:12345", "alice")),
    ],
)
def test_what_counts(server: str, user: str, environment: dict[str, str], expected: tuple[str, str]) -> None:
    who = identity(parse(server) if server else None, user, environment, RECENT)
    assert (who.address.server, who.user) == expected


def test_the_environment_alone_has_secrets_and_a_link_its_code() -> None:
    environment = {"PARLEY_TOKEN": "t" * 64, "PARLEY_PASSWORD": "correct horse", "PARLEY_INVITE": "7Q2M-K4XD"}
    who = identity(parse("harbour.example"), "dave", environment)
    assert (who.token, who.password, who.invite) == ("t" * 64, "correct horse", "7Q2M-K4XD")
    assert identity(parse("chat://harbour.example/ops?invite=ABCD-EFGH"), "dave", environment).invite == "ABCD-EFGH"


@pytest.mark.parametrize(
    ("server", "user", "sentence"),
    [("", "", "Which server?"), ("", "dave", "Which server?"), ("new.example", "", "Who are you at new.example?")],
)
def test_nobody_says(server: str, user: str, sentence: str) -> None:
    recent = () if not server else RECENT
    with pytest.raises(Unnamed, match=sentence.replace("?", "\\?")):
        identity(parse(server) if server else None, user, {}, recent)


def test_an_environment_that_makes_no_sense() -> None:
    with pytest.raises(Refused):
        identity(None, "", {"PARLEY_SERVER": "a b"})
    with pytest.raises(Refused):
        identity(parse("harbour.example"), "", {"PARLEY_USER": "a b"})
