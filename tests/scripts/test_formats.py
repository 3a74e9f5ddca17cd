"""What is written of a conversation, by tables: nothing that somebody wrote stands for more than itself."""

import json
import re
from datetime import UTC
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatclient.scripts.marked import as_html, as_markdown
from chatclient.scripts.notebook import Markdown
from chatclient.scripts.page import Page
from chatclient.scripts.paper import About, Format, Json, Seen, Text
from chatclient.scripts.rooms import listed, table
from shared import record
from shared.protocol import Created, File, Message, RoomInfo, RoomState
from tests.test_docs import sample

ABOUT = About("#garden", "Harbour", "What grows", UTC)
TAGS = {"p", "br", "blockquote", "pre", "code", "strong", "em", "s", "a"}
STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What would end a line, or steer a terminal."""
TIME = "2026-11-20T05:44:27.123451Z"


def message(text: str, **more: object) -> Message:
    return Message(seq=7, time=TIME, room="garden", user="alice", id="a7", text=text, **more)  # type: ignore[arg-type]  # fields of a Message


def written(form: Format, *seen: Seen) -> str:
    return form.begin(ABOUT) + "".join(map(form.entry, seen)) + form.end()


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert name in ("href", "rel")
            self.links += [value or ""] if name == "href" else []

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "html", "markdown"),
    [
        ("plain", "<p>plain</p>", "plain"),
        ("two\nlines", "<p>two<br>lines</p>", "two  \nlines"),
        ("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>", "**b** *i* ~~s~~ `c`"),
        ("> said\n> so", "<blockquote>said<br>so</blockquote>", "> said  \n> so"),
        ("```\na <b>\n```", "<pre><code>a &lt;b&gt;</code></pre>", "```\na <b>\n```"),
        ("a ``` b", "<p>a ``` b</p>", "a \\`\\`\\` b"),
        ("# no heading", "<p># no heading</p>", "\\# no heading"),
        ("- no list\n1. nor this", "<p>- no list<br>1. nor this</p>", "\\- no list  \n1\\. nor this"),
        ("title\n===", "<p>title<br>===</p>", "title  \n\\==="),
        ("    no code", "<p>    no code</p>", "&nbsp;&nbsp;&nbsp;&nbsp;no code"),
        ("<img src=x onerror=y>", "<p>&lt;img src=x onerror=y&gt;</p>", "\\<img src=x onerror=y\\>"),
        ("&lt;", "<p>&amp;lt;</p>", "\\&lt;"),
        ("hello!", "<p>hello!</p>", "hello!"),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>", "javascript:alert(1)"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>", "\\[x\\](javascript:alert(1))"),
        ("a\x00b\u202ec", "<p>a\\u0000b\\u202Ec</p>", "a\\\\u0000b\\\\u202Ec"),
    ],
)
def test_marks(text: str, html: str | None, markdown: str | None) -> None:
    assert html is None or as_html(text) == html
    assert markdown is None or as_markdown(text) == markdown


def test_links() -> None:
    page = Tags(as_html('https://a.example/"onclick=x [words](https://b.example/?c="d) "'))
    assert page.links == ["https://a.example/", 'https://b.example/?c="d']
    assert as_markdown("no picture: ![x](https://b.example)") == "no picture: \\![x](<https://b.example>)"
    assert as_markdown("see https://a.example/b_c_d") == "see <https://a.example/b_c_d>"
    assert as_markdown("[words](https://b.example)") == "[words](<https://b.example>)"


@given(
    st.text(
        alphabet=st.sampled_from("<>&\"'`*_~[]()!#-=> \n\t\\abc:/\u202e\x1b") | st.characters(codec="utf-8"),
        max_size=60,
    )
)
def test_no_text_makes_a_tag_or_leaves_its_message(text: str) -> None:
    page = Tags(as_html(text))
    assert page.tags <= TAGS
    assert all(
        link.lower().startswith(("http://", "https://", "mailto:", "chat://", "chats://")) for link in page.links
    )
    whole = written(Page(), Seen(message(text)))
    assert whole.count("<article") == 1 and "<script" not in whole.lower()
    assert "\x1b" not in whole + written(Text(), Seen(message(text))) + written(Markdown(), Seen(message(text)))
    one = written(Json(), Seen(message(text)))
    assert one.splitlines() == [one[:-1]] and json.loads(one)["text"] == text, "one line for every reader of lines"
    assert not STEERS.search(one[:-1])


def test_every_kind_of_event_is_an_object_on_a_line() -> None:
    """The sample of docs/history-format.md has one of each, as tests/test_docs.py checks."""
    header, *lines = sample().splitlines(keepends=True)
    _, chain = record.decode_header(header)
    for line in lines:
        event, chain = record.decode(line, chain)
        told = json.loads(written(Json(), Seen(event)))
        assert (told["type"], told["seq"], told["room"]) == (event.__struct_config__.tag, event.seq, event.room)
        assert msgspec.convert(told, type(event)) == event


def test_text() -> None:
    original = message("roses?")
    shown = written(
        Text(),
        Seen(Created(seq=1, time=TIME, room="garden", user="alice", id="a1")),
        Seen(message("yes\nroses", reply_to=7, edited=TIME, reactions={"🌹": ["bob", "carol"]}), original),
        Seen(message("", files=(File(file="f" * 64, name="a.png", mime="image/png", size=1234, width=3, height=4),))),
        Seen(message("", deleted=True)),
        Seen(message("", deleted=True, deleted_by="dave")),
    )
    assert shown.splitlines() == [
        "── Friday, 20 November 2026 ──",
        "05:44  alice made this room",
        "05:44  alice  (to alice: roses?)",
        "              yes",
        "              roses (edited)",
        "              🌹 bob, carol",
        "05:44  alice  [a.png, 1,234 bytes, 3 × 4]",
        "05:44  alice deleted a message",
        "05:44  dave deleted a message of alice",
    ]


def test_a_page_stands_alone() -> None:
    page = written(Page(), Seen(message("hello", reply_to=3), None))
    assert "<h1>#garden on Harbour</h1>" in page and "<p>What grows</p>" in page
    assert '<article id="m7">' in page and '<a href="#m3">to message 3</a>' in page
    assert "default-src 'none'" in page and "http" not in page.replace("http-equiv", "")


def test_markdown() -> None:
    page = written(Markdown(), Seen(message("hello")), Seen(message("", deleted=True)))
    assert page == (
        "# \\#garden on Harbour\n\nWhat grows\n\n## Friday, 20 November 2026\n\n"
        "**alice** 05:44\n\nhello\n\n05:44 *alice deleted a message*\n\n"
    )


def test_the_table_of_rooms() -> None:
    mine = [
        RoomState(room="@alice,bob", members=2, with_="bob"),
        RoomState(room="花園", topic="What\x1b[2J grows", members=12, unread=3),
    ]
    seen = [RoomInfo(room="ops", members=4), RoomInfo(room="花園", members=12)]
    assert table(listed(mine, seen)).splitlines() == [
        "room  members  unread  topic",
        "花園  12       3       What\\u001B[2J grows",
        "@bob  2        0",
        "ops   4        -",
    ]
