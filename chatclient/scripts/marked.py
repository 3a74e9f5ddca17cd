"""The Markdown of a message as HTML, and as Markdown that any reader takes for the same. Pure.

What a message means is what `shared.markup` reads in it and nothing else: a heading, a list or a tag that somebody
typed stays the text that it is.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Final

from shared.markup import BOLD, CODE, ITALIC, STRIKE, Block, Line, Span, blocks
from shared.transcript import safe

_TAGS: Final = ((STRIKE, "s"), (ITALIC, "em"), (BOLD, "strong"), (CODE, "code"))
_MARKS: Final = ((STRIKE, "~~"), (ITALIC, "*"), (BOLD, "**"))
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BEGINS = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)
_INDENT = re.compile(r"^ +(?=\S)", re.MULTILINE)
_TICKS = re.compile("`+")


def as_html(text: str) -> str:
    """Paragraphs, quotes and code; every sign of the text stands for itself."""
    return "\n".join(_html_block(text, block) for block in blocks(text))


def as_markdown(text: str) -> str:
    """CommonMark, with GitHub's strikes; blocks are parted by empty lines."""
    return "\n\n".join(_markdown_block(text, block) for block in blocks(text))


def html_text(text: str) -> str:
    """Text that is no markup, on one line or several."""
    return escape(safe(text))


def markdown_text(text: str) -> str:
    """The same in Markdown."""
    return _BEGINS.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", safe(text)))


# --- HTML -----------------------------------------------------------------------------------------------------


def _html_block(text: str, block: Block) -> str:
    if block.kind == "code":
        return f"<pre><code>{html_text(_lines(text, block, _plain))}</code></pre>"
    tag = "blockquote" if block.kind == "quote" else "p"
    return f"<{tag}>{_lines(text, block, _html_span, '<br>')}</{tag}>"


def _html_span(text: str, span: Span) -> str:
    shown = html_text(text[span.start : span.end])
    for bit, tag in _TAGS:
        if span.style & bit:
            shown = f"<{tag}>{shown}</{tag}>"
    if span.address:
        shown = f'<a href="{html_text(span.address)}" rel="noopener noreferrer nofollow">{shown}</a>'
    return shown


# --- Markdown -------------------------------------------------------------------------------------------------


def _markdown_block(text: str, block: Block) -> str:
    if block.kind == "code":
        code = safe(_lines(text, block, _plain))
        fence = "`" * max(3, max((len(ticks) for ticks in _TICKS.findall(code)), default=0) + 1)
        return f"{fence}\n{code}\n{fence}"
    lines = _INDENT.sub(lambda match: "&nbsp;" * len(match[0]), _lines(text, block, _markdown_span, "  \n"))
    return "\n".join(f"> {line}" for line in lines.split("\n")) if block.kind == "quote" else lines


def _markdown_span(text: str, span: Span) -> str:
    words = text[span.start : span.end]
    if span.style & CODE:
        ticks = "`" * (max((len(found) for found in _TICKS.findall(words)), default=0) + 1)
        pad = " " if words[:1] == "`" or words[-1:] == "`" else ""
        return f"{ticks}{pad}{safe(words)}{pad}{ticks}"
    inner = words.strip()
    if not inner:
        return words
    shown = markdown_text(inner)
    if inner[-1] == "!" and text[span.end : span.end + 1] == "[":
        shown = f"{shown[:-1]}\\!"  # with a link behind it it would be a picture, which the reader would fetch
    for bit, mark in _MARKS:
        if span.style & bit:
            shown = f"{mark}{shown}{mark}"
    if span.address:
        shown = f"<{span.address}>" if words == span.address else f"[{shown}](<{span.address}>)"
    at = words.index(inner)
    return words[:at] + shown + words[at + len(inner) :]


# --- both -----------------------------------------------------------------------------------------------------


def _plain(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _lines(text: str, block: Block, show: Callable[[str, Span], str], parted: str = "\n") -> str:
    return parted.join(_line(text, line, show) for line in block.lines)


def _line(text: str, line: Line, show: Callable[[str, Span], str]) -> str:
    return "".join(show(text, span) for span in line.spans)
