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
    Deleted,
    Edited,
    File,
    Joined,
    Left,
    Message,
    Muted,
    ProfileSet,
    Reacted,
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
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
files = st.builds(
    lambda file, sides: File(**file, width=sides[0], height=sides[1]),
    st.fixed_dictionaries({"file": hashes, "name": texts, "mime": texts, "size": st.integers(0, 10**17)}),
    st.just((0, 0)) | st.tuples(st.integers(1, 10**8), st.integers(1, 10**8)),
)
seqs = st.integers(1, 10**17)
events = st.one_of(
    st.builds(Message, **common, text=texts),
    st.builds(
        Message,
        **common,
        text=texts,
        reply_to=st.just(0) | seqs,
        files=st.lists(files, max_size=3).map(tuple),
    ),
    st.builds(Edited, **common, of=seqs, text=texts),
    st.builds(Deleted, **common, of=seqs),
    st.builds(Reacted, **common, of=seqs, emoji=texts, removed=st.booleans()),
    st.builds(Created, **common, topic=texts, private=st.booleans()),
    st.builds(Joined, **common, by=someone),
    st.builds(Left, **common, by=someone),
    st.builds(TopicSet, **common, topic=texts),
    st.builds(Banned, **common, by=names),
    st.builds(Unbanned, **common, by=names),
    st.builds(Muted, **common, by=names, minutes=st.integers(0, 43_200)),
    st.builds(RoleSet, **common, by=names, role=st.sampled_from(["member", "moderator"])),
    st.builds(ProfileSet, **common, display=texts, picture=st.just("") | hashes),
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
    assert inside.count("\t") == 6 + len(re.findall(r"\t[a-z_]+=", inside))


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
SHA = "0123456789abcdef" * 4
FILE = f"file={SHA}\tname=cat photo.png\tmime=image/png\tsize=48213"


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
        (GOOD + "message\t1\treply_to=0\ttext=a", "0 is no sequence number"),
        (GOOD + "message\t1\treply_to=x\ttext=a", "x is no sequence number"),
        (GOOD + "message\t1\treply_to=2\treply_to=2\ttext=a", "stands twice"),
        (GOOD + f"message\t1\t{FILE}", "the field text is missing"),
        (GOOD + "message\t1\tname=a.png\ttext=a", "belongs to no file"),
        (GOOD + "message\t1\tdim=2x2\ttext=a", "belongs to no file"),
        (GOOD + f"message\t1\t{FILE}\tsize=5\ttext=a", "belongs to no file"),
        (GOOD + f"message\t1\t{FILE.replace('mime=image/png', 'x=y')}\ttext=a", "field mime of a file is missing"),
        (GOOD + f"message\t1\t{FILE}\tfile={SHA}\ttext=a", "of a file is missing"),
        (GOOD + f"message\t1\t{FILE.replace('01', '0G')}\ttext=a", "is no SHA-256"),
        (GOOD + f"message\t1\t{FILE.replace('01', '')}\ttext=a", "is no SHA-256"),
        (GOOD + f"message\t1\t{FILE.replace('48213', '-1')}\ttext=a", "-1 is no number"),
        (GOOD + f"message\t1\t{FILE.replace('48213', '1e3')}\ttext=a", "1e3 is no number"),
        (GOOD + f"message\t1\t{FILE}\tdim=640\ttext=a", "640 is no width and height"),
        (GOOD + f"message\t1\t{FILE}\tdim=0x480\ttext=a", "0x480 is no width and height"),
        (GOOD + f"message\t1\t{FILE}\tdim=640x480x2\ttext=a", "is no width and height"),
        (GOOD + "edited\t1\ttext=a", "the field of is missing"),
        (GOOD + "edited\t1\tof=2", "the field text is missing"),
        (GOOD + "edited\t1\tof=-2\ttext=a", "no sequence number"),
        (GOOD + f"edited\t1\tof=2\ttext=a\tfile={SHA}", "does not belong to edited"),
        (GOOD + "deleted\t1", "the field of is missing"),
        (GOOD + "deleted\t1\tof=2\ttext=a", "does not belong to deleted"),
        (GOOD + "deleted\t1\tof=02", "02 is no sequence number"),
        (GOOD + "reacted\t1\tof=2", "the field emoji is missing"),
        (GOOD + "reacted\t1\temoji=x", "the field of is missing"),
        (GOOD + "reacted\t1\tof=2\temoji=x\tremoved=no", "a flag can only say yes"),
        (GOOD + f"profile\t1\tpicture={SHA}", "the field display is missing"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(body: str, why: str) -> None:
    assert parse((GOOD + "message\t1\ttext=a").encode()).seq == 7  # the control
    with pytest.raises(RecordError, match=why):
        parse(body.encode())


def test_a_line_with_files_reads_as_the_format_says() -> None:
    cat = File(file=SHA, name="cat photo.png", mime="image/png", size=48213, width=640, height=480)
    list_ = File(file=SHA[::-1], name="list\t1.txt", mime="text/plain", size=0)
    event = Message(
        seq=7,
        time="2026-11-20T05:44:27.123451Z",
        room="general",
        user="alice",
        id="1",
        text="",
        reply_to=5,
        files=(cat, list_),
    )
    line, _ = encode(event, GENESIS)
    assert line.decode().rpartition("\t~")[0] == (
        GOOD + f"message\t1\t{FILE}\tdim=640x480\tfile={SHA[::-1]}\tname=list\\t1.txt\tmime=text/plain\tsize=0"
        "\treply_to=5\ttext="
    )
    assert decode(line, GENESIS)[0] == event


def test_what_is_folded_is_never_written() -> None:
    plain = Message(seq=7, time=timestamp(0), room="general", user="alice", id="1", text="a")
    folded = Message(
        seq=7,
        time=timestamp(0),
        room="general",
        user="alice",
        id="1",
        text="a",
        edited=timestamp(1),
        deleted=True,
        reactions={"👍": ["bob"]},
    )
    assert encode(folded, GENESIS) == encode(plain, GENESIS)


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
