"""Markdown in messages: what is a mark and what is not, the places of what is shown, and that nothing takes long."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.addresses import SCHEMES
from shared.markup import BOLD, CODE, ITALIC, MENTION, STRIKE, YOU, Block, blocks, plain
from shared.mentions import EVERYBODY, mentioned, named
from shared.rules import name_key

SIGNS = st.text(st.sampled_from("ab *_~`@[]()>.\n\\-好א") | st.sampled_from("\u0301:/#"), max_size=60)
TEXTS = SIGNS | st.lists(
    st.sampled_from(
        ["**", "*", "_", "~~", "`", "```", "\n", "> ", "a", " ", "@bob", "[a](https://b.c)", "https://d.e", "."]
    )
).map("".join)


def spans(text: str, me: str = "") -> list[tuple[str, int]]:
    """What is shown, each piece with its style."""
    return [
        (text[span.start : span.end], span.style)
        for block in blocks(text, me)
        for line in block.lines
        for span in line.spans
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold**", [("bold", BOLD)]),
        ("*it* _it_", [("it", ITALIC), (" ", 0), ("it", ITALIC)]),
        ("~~gone~~", [("gone", STRIKE)]),
        ("`co*d*e`", [("co*d*e", CODE)]),
        ("``a`b``", [("a`b", CODE)]),
        ("`` ` ``", [("`", CODE)]),
        ("***both***", [("both", BOLD | ITALIC)]),
        ("***a** b*", [("a", BOLD | ITALIC), (" b", ITALIC)]),
        ("**a *b* c**", [("a ", BOLD), ("b", BOLD | ITALIC), (" c", BOLD)]),
        ("**a _b_**", [("a ", BOLD), ("b", BOLD | ITALIC)]),
        ("(**a**, *b*!)", [("(", 0), ("a", BOLD), (", ", 0), ("b", ITALIC), ("!)", 0)]),
        ("**a\nb**", [("a", BOLD), ("b", BOLD)]),
        ("这是**粗体**字", [("这是", 0), ("粗体", BOLD), ("字", 0)]),
        ("> *a*", [("a", ITALIC)]),
    ],
)
def test_marks_give_styles_and_are_not_shown(text: str, shown: list[tuple[str, int]]) -> None:
    assert spans(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name", "2*3*4", "2**3**4", "a * b * c", "__init__", "**", "****", "* item\n* item", "**open",
        "close**",
        "**a*", "*a\n\nb*", "~a~", "~~~a~~~", "`open", "``a`", "```", "```\nopen", "[a]", "[a](b)", "[a](javascript:x)",
        "[](x)", "¯\\_(ツ)_/¯", "\\*a*", "f(*args, **kwargs)", "5 > 3", ">_<", ">quote",
        "mail@example.org", "@",
    ],
)  # fmt: skip
def test_what_is_no_mark_stays_as_it_was_typed(text: str) -> None:
    assert "\n".join(part for part, _ in spans(text)) == text.replace("\n\n", "\n")
    assert all(style == 0 for _, style in spans(text))
    assert plain(text) == text


def kinds(text: str) -> list[tuple[str, list[str]]]:
    def words(block: Block) -> list[str]:
        return ["".join(text[span.start : span.end] for span in line.spans) for line in block.lines]

    return [(block.kind, words(block)) for block in blocks(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n```py\nx = 1\n\n  *y*\n```\nb", [("text", ["a"]), ("code", ["x = 1", "", "  *y*"]), ("text", ["b"])]),
        ("```\nprint(1)```", [("code", ["print(1)"])]),
        ("```\n```", [("text", ["```", "```"])]),
        ("> a\n>\n> b\nc", [("quote", ["a", "", "b"]), ("text", ["c"])]),
        ("> ```\n> x", [("quote", ["```", "x"])]),
        ("a\n\nb", [("text", ["a", "", "b"])]),
        ("", [("text", [""])]),
    ],
)
def test_blocks(text: str, found: list[tuple[str, list[str]]]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://example.org/a_(b).", [("https://example.org/a_(b)", "https://example.org/a_(b)")]),
        ("[the *notes*](https://b.c/d)", [("the ", "https://b.c/d"), ("notes", "https://b.c/d")]),
        ("[me](mailto:alice@example.org)", [("me", "mailto:alice@example.org")]),
        ("**https://a.b/_c_d**", [("https://a.b/_c_d", "https://a.b/_c_d")]),
        ("chats://h:1/room?message=3", [("chats://h:1/room?message=3", "chats://h:1/room?message=3")]),
        ("[a](https://b.c/(d)e)", [("a", "https://b.c/(d)e")]),
        ("[https://x.y](https://b.c)", [("https://x.y", "https://b.c")]),
        ("`https://a.b`", []),
        ("https:// file://x ftp://y", []),
    ],
)
def test_links(text: str, links: list[tuple[str, str]]) -> None:
    found = [
        (text[span.start : span.end], span.address)
        for block in blocks(text)
        for line in block.lines
        for span in line.spans
        if span.address
    ]
    assert found == links


def test_mentions_of_the_reader_and_of_others() -> None:
    shown = spans("@Alice: ask @bob. or @room, not `@dave`, mail@erin", "alice")
    assert [(text, style) for text, style in shown if style] == [
        ("@Alice", MENTION | YOU),
        ("@bob", MENTION),
        ("@room", MENTION | YOU),
        ("@dave", CODE),
    ]
    assert spans("hi @dr.", "dr.")[-1] == ("@dr.", MENTION | YOU)


@given(TEXTS)
def test_the_server_counts_the_mentions_that_are_shown(text: str) -> None:
    for part, style in spans(text, "bob"):
        if style & MENTION:
            assert name_key(part[1:]) in named(text)
        if style & YOU:
            assert mentioned(text, "bob") or EVERYBODY in named(text)


@given(TEXTS)
def test_spans_stand_in_their_lines_in_order_and_lose_only_marks(text: str) -> None:
    end, shown = 0, set[int]()
    for block in blocks(text, "bob"):
        for line in block.lines:
            assert end <= line.start <= line.end <= len(text)
            end = line.start
            for span in line.spans:
                assert end <= span.start < span.end <= line.end
                end = span.end
                shown |= set(range(span.start, span.end))
                assert not span.address or span.address.lower().startswith(SCHEMES)
            end = line.end
    lost = "".join(char for i, char in enumerate(text) if i not in shown)
    for address in ("[a](https://b.c)",):
        lost = lost.replace("[](https://b.c)", "").replace(address, "")
    assert set(lost) <= set("*_~`> \n[]()htps:/b.c")


@given(TEXTS)
def test_what_has_no_marks_is_shown_whole(text: str) -> None:
    bare = "".join(char for char in text if char not in "*_~`@[>\r")
    assert plain(bare) == bare


HOSTILE: dict[str, Callable[[int], str]] = {
    "stars": lambda n: "*a " * (n // 3),
    "open stars": lambda n: "**a*" * (n // 4),
    "three stars": lambda n: "***a" * (n // 8) + "a***" * (n // 8),
    "ticks": lambda n: " ".join("`" * i for i in range(1, int((2 * n) ** 0.5) - 1)),
    "brackets": lambda n: "[" * n,
    "half links": lambda n: "[a](http://" * (n // 11),
    "parentheses": lambda n: "[a](http://x" + "(" * (n - 12),
    "closing": lambda n: "https://a" + ")" * (n - 9),
    "fences": lambda n: "```py\n" * (n // 6),
    "ats": lambda n: " @a" * (n // 3),
    "all": lambda n: "*_~~`@[" * (n // 7),
    "nested": lambda n: "**a *b " * (n // 14) + "c* d** " * (n // 14),
    "quotes": lambda n: "> a\n" * (n // 4),
    "schemes": lambda n: "http://" * (n // 7),
    "lines": lambda n: "*\n" * (n // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_linear_time(name: str) -> None:
    def cost(text: str) -> float:
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            blocks(text, "alice")
            best = min(best, time.process_time() - begun)
        return best

    half, whole = cost(HOSTILE[name](8_000)), cost(HOSTILE[name](16_000))
    assert whole < 0.25
    assert whole < 3.2 * half + 0.01, f"{whole / half:.1f} times as long for twice the text"
