"""One event <-> one line: every value that the protocol admits comes back, and no text can forge a line."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import RecordError
from shared.protocol import (
    AnyEvent,
    Banned,
    Created,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    RoleSet,
    TopicSet,
    Unbanned,
)
from shared.record import (
    GENESIS,
    Header,
    decode,
    decode_header,
    encode,
    encode_header,
    escape,
    parse,
    seal_of,
    timestamp,
    unescape,
    unseal,
)

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
AWKWARD = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *BIDI,
    "\u2028",
    "\u2029",
    "\\",
    "\\\\",
    "\\n",
    "\\u202E",
    "\\u",
    "a\\",
    "=",
    "\t~0123456789abcdef\n",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "e\u0301",
    "上海",
    "\ufeff",
    "\U0010ffff",
]
plain = st.characters(exclude_categories=["Cs"])
texts = st.lists(st.sampled_from(AWKWARD) | st.text(plain, max_size=8), max_size=8).map("".join)
names = st.text(st.characters(categories=["L", "Nd"], include_characters="-_."), min_size=1, max_size=32)
rooms = names | st.tuples(names, names).map(lambda pair: "@" + ",".join(pair))
idents = st.from_regex(r"~?[A-Za-z0-9._:-]{1,64}", fullmatch=True)
common = {
    "seq": st.integers(1, 10**17),
    "time": st.integers(0, 4_000_000_000_000_000_000).map(timestamp),
    "room": rooms,
    "user": names,
    "id": idents,
}
someone = st.none() | names
events = st.one_of(
    st.builds(Message, **common, text=texts),
    st.builds(Created, **common, topic=texts, private=st.booleans()),
    st.builds(Joined, **common, by=someone),
    st.builds(Left, **common, by=someone),
    st.builds(TopicSet, **common, topic=texts),
    st.builds(Banned, **common, by=names),
    st.builds(Unbanned, **common, by=names),
    st.builds(Muted, **common, by=names, minutes=st.integers(0, 43_200)),
    st.builds(RoleSet, **common, by=names, role=st.sampled_from(["member", "moderator"])),
    st.builds(ProfileSet, **common, display=texts),
)
chains = st.binary(min_size=8, max_size=8)


@given(events, chains)
def test_an_event_comes_back_from_its_line(event: AnyEvent, chain: bytes) -> None:
    line, after = encode(event, chain)
    assert decode(line, chain) == (event, after)
    assert seal_of(line) == after


@given(events, chains)
def test_a_line_is_one_line_that_hides_nothing(event: AnyEvent, chain: bytes) -> None:
    line, _ = encode(event, chain)
    text = line.decode()
    assert text.endswith("\n")
    inside = text[:-1]
    assert len(inside.splitlines()) == 1
    assert not set(inside) & set(BIDI)
    assert {char for char in inside if unicodedata.category(char) == "Cc"} <= {"\t"}
    assert inside.count("\t") == 6 + len(re.findall(r"\t[a-z]+=", inside))


@given(texts)
def test_escaping_is_undone(text: str) -> None:
    assert unescape(escape(text)) == text


@given(texts, texts)
def test_different_texts_stand_differently(one: str, other: str) -> None:
    assert (escape(one) == escape(other)) == (one == other)


@pytest.mark.parametrize("char", AWKWARD, ids=ascii)
def test_every_awkward_character_alone_and_among_others(char: str) -> None:
    for text in (char, char * 3, f"a{char}b", f"{char}\\", f"\\{char}"):
        event = Message(seq=1, time=timestamp(0), room="r", user="u", id="i", text=text)
        line, _ = encode(event, GENESIS)
        assert decode(line, GENESIS)[0] == event


def test_each_unsafe_character_is_written_as_the_format_says() -> None:
    assert escape("a\\b\tc\nd\re\x00\x1b\x7f\x85\u202e\u2028z") == (
        "a\\\\b\\tc\\nd\\re\\u0000\\u001B\\u007F\\u0085\\u202E\\u2028z"
    )
    for safe in ("\xa0", "\u200d", "\ufeff", "\ufe0f", "\ue000", "😀"):  # unprintable to Python, harmless in a line
        assert escape(safe) == safe


@pytest.mark.parametrize(
    "value", ["\\", "a\\", "\\x", "\\u12", "\\u202e", "\\uD83D", "\\u0041", "\\u005C", "\\u0009", "\\N"]
)
def test_an_escape_that_is_never_written_is_refused(value: str) -> None:
    with pytest.raises(RecordError, match="no escape"):
        unescape(value)


@given(events, chains, st.data())
def test_any_changed_byte_is_found(event: AnyEvent, chain: bytes, data: st.DataObject) -> None:
    line, _ = encode(event, chain)
    at = data.draw(st.integers(0, len(line) - 1))
    changed = bytearray(line)
    changed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RecordError):
        decode(bytes(changed), chain)


@given(events, chains, chains)
def test_a_line_fits_behind_one_line_alone(event: AnyEvent, chain: bytes, other: bytes) -> None:
    line, _ = encode(event, chain)
    if chain != other:
        with pytest.raises(RecordError, match="hash does not fit"):
            unseal(line, other)


@given(st.binary(max_size=80), chains)
def test_garbage_is_refused_and_nothing_else_happens(garbage: bytes, chain: bytes) -> None:
    with pytest.raises(RecordError):
        decode(garbage, chain)


GOOD = "7\t2026-11-20T05:44:27.123451Z\tgeneral\talice\t"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (GOOD + "message\t1\ttext=a\ttext=b", "stands twice"),
        (GOOD + "message\t1", "is missing"),
        (GOOD + "message\t1\ttopic=a", "does not belong"),
        (GOOD + "message\t1\ttext", "no key=value"),
        (GOOD + "created\t1\tprivate=no", "a flag can only say yes"),
        (GOOD + "shouted\t1\ttext=a", "no type"),
        (GOOD + "message\t\ttext=a", "empty"),
        (GOOD + "message", "columns"),
        (GOOD.replace("7", "07", 1) + "message\t1\ttext=a", "no sequence number"),
        (GOOD.replace("7", "٧", 1) + "message\t1\ttext=a", "no sequence number"),
        (GOOD.replace("7", "0", 1) + "message\t1\ttext=a", "no sequence number"),
        (GOOD.replace("27.1", "27,1") + "message\t1\ttext=a", "no time"),
        (GOOD.replace("general", "") + "message\t1\ttext=a", "empty"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(body: str, why: str) -> None:
    assert parse((GOOD + "message\t1\ttext=a").encode()).seq == 7  # the control
    with pytest.raises(RecordError, match=why):
        parse(body.encode())


def test_the_header_comes_back() -> None:
    header = Header(timestamp(1_800_000_000_000_000_000), "0123456789abcdef")
    line, chain = encode_header(header)
    assert line.startswith(b"0\t2027-01-15T08:00:00.000000Z\t\t\thistory\t\tepoch=0123456789abcdef\tformat=1\t~")
    assert decode_header(line) == (header, chain)
    with pytest.raises(RecordError, match="not the header"):
        decode_header(encode(Message(seq=1, time=timestamp(0), room="r", user="u", id="i", text=""), GENESIS)[0])


@given(st.integers(0, 4_000_000_000_000_000_000), st.integers(0, 4_000_000_000_000_000_000))
def test_times_compare_as_their_moments_do(one: int, other: int) -> None:
    assert (timestamp(one) < timestamp(other)) == (one // 1000 < other // 1000)
