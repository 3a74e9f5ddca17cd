"""Addresses and links as people write them."""

import pytest

from chatclient.address import Address, parse
from shared.errors import Refused


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost", Address("localhost")),
        ("  harbour.example  ", Address("harbour.example")),
        ("harbour.example:7000", Address("harbour.example", 7000)),
        ("127.0.0.1:1", Address("127.0.0.1", 1)),
        ("[::1]:7000", Address("::1", 7000)),
        ("[::1]", Address("::1")),
        ("::1", Address("::1")),
        ("bücher.example", Address("bücher.example")),
        ("chat://harbour.example", Address("harbour.example")),
        ("chat://harbour.example:7000/garden", Address("harbour.example", 7000, "garden")),
        ("chat://h:7/garden?invite=7Q2M-K4XD", Address("h", 7, "garden", "7Q2M-K4XD")),
        ("chat://h:7/?invite=A%20B", Address("h", 7, "", "A B")),
        ("chat://h/%E4%B8%8A%E6%B5%B7", Address("h", room="上海")),
        ("CHAT://h:7/", Address("h", 7)),
        ("chats://h", Address("h", tls=True)),
        ("chats://[::1]:7/garden?invite=A", Address("::1", 7, "garden", "A", tls=True)),
        ("chat://h/garden?message=41", Address("h", room="garden", message=41)),
        ("chat://h/garden?message=nine", Address("h", room="garden")),
    ],
)
def test_what_is_understood(text: str, address: Address) -> None:
    assert parse(text) == address


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type the address"),
        ("   ", "Type the address"),
        ("two words", "An address is a name or a number"),
        ("host:", "A port is a number from 1 to 65535, this one is “”."),
        ("host:0", "this one is “0”"),
        ("host:65536", "this one is “65536”"),
        ("host:12a", "this one is “12a”"),
        ("host:١٢", "this one is “١٢”"),
        ("[::1", "An address with colons is written like [::1]:12345."),
        ("[::1]x", "An address with colons"),
        ("http://harbour.example", "begins with chat://, this one with http://"),
        ("chat://", "names no server"),
        ("chat://[::1/", "damaged"),
        ("user@host", "An address is a name or a number"),
    ],
)
def test_what_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert sentence in refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        *("localhost", "h:7000", "[::1]", "[::1]:7", "chats://h", "chats://h:7"),
        *("chat://h:7/garden?invite=A", "chat://h:12345/%E4%B8%8A", "chats://h/garden?invite=A%20B&message=7"),
    ],
)
def test_its_text_means_the_same_again(text: str) -> None:
    assert parse(parse(text).text) == parse(text)


def test_the_key_of_a_server_always_has_its_port() -> None:
    assert (parse("localhost").server, parse("localhost").short) == ("localhost:12345", "localhost")
    assert (parse("::1").server, parse("[::1]:7").short) == ("[::1]:12345", "[::1]:7")
    assert (parse("chats://h").server, parse("chats://h:12345").short) == ("chats://h:12345", "chats://h")
    assert parse(parse("chats://h").server) == parse("chats://h")
