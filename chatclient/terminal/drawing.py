"""Rows of a timeline as lines of a terminal, in pieces of style and text. PURE.

A group begins with its author and the time; under it the messages stand two cells in, one's own behind a bar, so that
they are told apart without colours too. Drawings are kept by row and width: equal rows draw equally.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

from chatclient.rows import Row
from chatclient.sizes import size
from chatclient.terminal.cells import Piece, columns, fit, safe, width, wrap
from shared import markup

Line = tuple[Piece, ...]
COLOURS: Final = 4
"""How many `class:name0` … there are for the names of others."""
_BAR: Final = "▏ "
_STYLES: Final = (
    (markup.BOLD, "class:bold"),
    (markup.ITALIC, "class:italic"),
    (markup.STRIKE, "class:strike"),
    (markup.CODE, "class:code"),
    (markup.MENTION, "class:mention"),
    (markup.YOU, "class:you"),
)


class About(NamedTuple):
    """What else is to be known of a row to draw it.

    me      whose mentions are marked
    seen    by whom it was seen, in words
    chosen  commands mean it
    airy    there is place for a blank line between groups
    """

    me: str
    seen: str = ""
    chosen: bool = False
    airy: bool = False


@lru_cache(4096)
def lines(row: Row, cells: int, about: About) -> tuple[Line, ...]:
    """The row on lines of at most so many cells."""
    found: list[Line] = []
    if row.day:
        found.append(rule(row.day, cells, "class:day"))
    if row.unread:
        found.append(rule("New messages", cells, "class:unread"))
    if about.airy and row.first and row.kind != "notice" and not found:
        found.append(())
    parts = list(_PARTS[row.kind](row, cells, about))
    return (*found, *((_marked(line, cells) for line in parts) if about.chosen else parts))


def rule(words: str, cells: int, style: str) -> Line:
    """A line across with words in its middle."""
    words = f" {fit(words, max(cells - 4, 0))} "
    left = max((cells - width(words)) // 2, 0)
    right = max(cells - width(words) - left, 0)
    return ((style, "─" * left + words + "─" * right),)


def _marked(line: Line, cells: int) -> Line:
    """One bar from side to side, whatever stands in it."""
    return (("class:chosen", "".join(text for _, text in line) + " " * (cells - columns(line))),)


def name_style(user: str) -> str:
    """The colour of a name, the same every time."""
    return f"class:name{crc32(user.encode()) % COLOURS}"


# --- kinds of rows ----------------------------------------------------------------------------------------------


def _notice(row: Row, cells: int, _about: About) -> Iterator[Line]:
    for number, line in enumerate(wrap((("class:notice", row.text),), cells - 4)):
        yield ("class:notice", "    " if number else "  · "), *line


def _tombstone(row: Row, cells: int, _about: About) -> Iterator[Line]:
    yield (("class:notice", fit(f"  ✗ {row.text}  {row.clock}", cells)),)


def _action(row: Row, cells: int, about: About) -> Iterator[Line]:
    clock = ("class:dim", row.clock)
    style = "class:own" if row.own else name_style(row.user)
    words: list[Piece] = [(style, f"* {row.name or row.user}"), ("", " "), *_said(row.text, about)]
    yield from _body(row, [words], cells, about, [("", " "), clock])


def _message(row: Row, cells: int, about: About) -> Iterator[Line]:
    if row.first:
        name, style = ("You", "class:own") if row.own else (row.name or row.user, name_style(row.user))
        yield (style, fit(name, cells - 7)), ("class:dim", f"  {row.clock}")
    if row.reply is not None:
        yield _quote(row, cells)
    yield from _body(row, list(_paragraphs(row.text, about)), cells, about, [])


_PARTS: Final = {"notice": _notice, "tombstone": _tombstone, "action": _action, "message": _message}


def _indent(row: Row) -> Piece:
    return ("class:own", _BAR) if row.own else ("", "  ")


def _quote(row: Row, cells: int) -> Line:
    assert row.reply is not None
    quote = row.reply
    words = f"{quote.name}: {quote.text}" if quote.text else "…"
    if quote.gone:
        words = "a message that was deleted"
    return _indent(row), ("class:dim", fit(f"↳ {words}", cells - 2))


def _body(row: Row, paragraphs: list[list[Piece]], cells: int, about: About, tail: list[Piece]) -> Iterator[Line]:
    """Text, files, what became of it, reactions."""
    found = [line for part in paragraphs for line in wrap(part, cells - 2)] if row.text or row.kind == "action" else []
    found += [line for file in row.files for line in wrap((("class:file", _file(file.name, file.size)),), cells - 2)]
    after = [*tail, *_state(row)]
    if after:
        if found and columns(found[-1]) + columns(after) <= cells - 2:
            found[-1] = [*found[-1], *after]
        else:
            found += wrap(after, cells - 2)
    if row.state == "failed":
        found += wrap((("class:error", f"Not sent: {row.reason} /retry or /discard"),), cells - 2)
    if row.reactions:
        found += wrap(_reactions(row), cells - 2)
    if about.seen:
        found.append([("class:dim", fit(about.seen, cells - 2))])
    for line in found:
        yield _indent(row), *line


def _file(name: str, count: int) -> str:
    return f"[{name} {size(count)}]"


def _state(row: Row) -> list[Piece]:
    words = []
    if row.edited:
        words.append("(edited)")
    if row.change:
        words.append("(saving)")
    if row.state in ("sending", "waiting"):
        words.append(f"({row.state})")
    return [("class:dim", " " + " ".join(words))] if words else []


def _reactions(row: Row) -> list[Piece]:
    found: list[Piece] = []
    for each in row.reactions:
        style = "class:reaction.mine" if each.mine else ""
        found += [(style, f"{safe(each.emoji)}\u00a0{each.count}"), ("", "  ")]
    return found[:-1]


# --- text -------------------------------------------------------------------------------------------------------


def _paragraphs(text: str, about: About) -> Iterator[list[Piece]]:
    """One list of pieces for each line that was written."""
    for block in markup.blocks(text, about.me):
        before = {"quote": [("class:quote", "> ")], "code": [("class:code", " ")]}.get(block.kind, [])
        for line in block.lines:
            style = "class:code" if block.kind == "code" else ""
            yield [*before, *((f"{style} {_style(span.style)}".strip(), _words(text, span)) for span in line.spans)]


def _said(text: str, about: About) -> Iterator[Piece]:
    """All of it as one line."""
    for number, line in enumerate(_paragraphs(text, about)):
        if number:
            yield "", " "
        yield from line


def _words(text: str, span: markup.Span) -> str:
    """What is shown of a span; a link's address stands behind its words where they do not say it."""
    words = text[span.start : span.end]
    return f"{words} ({span.address})" if span.address and span.address.partition("://")[2] not in words else words


def _style(bits: int) -> str:
    return " ".join(name for bit, name in _STYLES if bits & bit)
