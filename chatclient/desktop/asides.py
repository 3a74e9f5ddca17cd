"""Rows that are no bubble of words: notices, what somebody does (`/me`), and what was deleted. Pure."""

from chatclient.desktop import bidi
from chatclient.desktop.bubble import failure, put_stamp, radii, side, stamp, stamp_width, under
from chatclient.desktop.operations import Bubble
from chatclient.desktop.reacted import reactions
from chatclient.desktop.sheet import BARE, NOWHERE, QUIET, Look, Sheet
from chatclient.desktop.spans import Paragraph, Span, marked, paragraphs, plain
from chatclient.desktop.theme import colour_index
from chatclient.desktop.wrapping import Line, wrapped
from chatclient.rows import Row
from shared.markup import BOLD, ITALIC


def notice(sheet: Sheet, text: str) -> None:
    m = sheet.m
    limit = max(1, min(m.bubble, sheet.width - 2 * sheet.margin))
    sheet.y += m.group_gap
    for line in wrapped(paragraphs(text), limit, sheet.measurer, "small", m.small_line):
        left = (sheet.width - line.width) // 2
        sheet.line(line, left, sheet.y, m.small_line, m.small_line, QUIET)
        sheet.y += m.small_line


def action(sheet: Sheet, row: Row, slow: bool, me: str) -> None:
    """In the middle: the name, what they do, the time."""
    m = sheet.m
    limit = max(1, min(m.bubble, sheet.width - 2 * sheet.margin))
    sheet.y += m.group_gap
    lines = wrapped(_did(row, me), limit, sheet.measurer, "body", m.emoji, sheet.pads)
    label, mark = stamp(row, slow)
    wide = stamp_width(sheet, label, mark)
    last = lines[-1].width + m.avatar_gap + wide
    look = BARE._replace(name=f"name{colour_index(row.user)}")
    for number, line in enumerate(lines):
        beside = number == len(lines) - 1 and last <= limit
        left = (sheet.width - (last if beside else line.width)) // 2
        sheet.line(line, left, sheet.y, m.line, m.emoji, look)
        if beside and wide:
            y = sheet.y + (m.line - m.small_line) // 2
            put_stamp(sheet, left + line.width + m.avatar_gap, y, label, mark, look)
        sheet.y += m.line
    if last > limit:
        put_stamp(sheet, (sheet.width - wide) // 2, sheet.y, label, mark, look)
        sheet.y += m.small_line
    sheet.body = _around(sheet, lines, last if last <= limit else wide)
    if row.reactions:
        reactions(sheet, row.reactions, sheet.margin, sheet.width - sheet.margin, 0.5)
    if row.state == "failed":
        failure(sheet, row.reason)


def _did(row: Row, me: str) -> list[Paragraph]:
    """The name before the first paragraph, and all of it in italics."""
    parts = [
        part._replace(spans=tuple(span._replace(style=span.style | ITALIC) for span in part.spans))
        for part in marked(row.text, me)
    ]
    name = Span("word", plain(row.name or row.user), NOWHERE, NOWHERE, "", BOLD)
    first = parts[0]
    space = Span("space", " ", NOWHERE, first.start, "", ITALIC)
    mixed = first.mixed or bidi.RTL.search(name.text) is not None
    parts[0] = first._replace(spans=(name, space, *first.spans), rtl=False, mixed=mixed)
    return parts


def _around(sheet: Sheet, lines: list[Line], last: int) -> Bubble:
    """The place of the words, as a bubble that is not drawn: for the ring and for what stands at the message."""
    m = sheet.m
    wide = max(last, *(line.width for line in lines)) + 2 * m.pad_y
    high = m.line * len(lines) + 2 * m.gap
    radius = m.quote_radius
    x, y = (sheet.width - wide) // 2, sheet.y - high + m.gap
    return Bubble(x, y, wide, high, "conv", (radius, radius, radius, radius), "conv")


def tombstone(sheet: Sheet, row: Row) -> None:
    """Where a message was: a dashed line, a bin, who deleted it."""
    m, measurer = sheet.m, sheet.measurer
    sheet.y += m.group_gap if row.first else m.gap
    start = m.aside_icon + m.aside_gap
    limit = sheet.bubble_limit
    lines = wrapped(paragraphs(row.text), limit - start, measurer, "body", m.emoji)
    wide = stamp_width(sheet, row.clock, "")
    with_it = start + lines[-1].width + m.time_gap + wide
    beside = with_it <= limit
    inner = max(start + max(line.width for line in lines), with_it if beside else wide)
    high = m.line * len(lines) + (0 if beside else m.line) + 2 * m.pad_y
    look = Look("conv", "muted", "muted", "muted", "quote", "muted")
    body = Bubble(
        side(sheet, row, inner), sheet.y, inner + 2 * m.pad_x, high, "conv", radii(sheet, row), "conv", "field", True
    )
    sheet.body = body
    sheet.put(body)
    x, y = body.x + m.pad_x, body.y + m.pad_y
    sheet.icon(x, y, m.line, "trash", m.aside_icon, "muted", "conv")
    for line in lines:
        sheet.line(line, x + start, y, m.line, m.emoji, look)
        y += m.line
    y += 0 if beside else m.line
    put_stamp(sheet, x + inner - wide, y - m.line + 5 * m.line // 20, row.clock, "", look)
    under(sheet, row._replace(reactions=()), body)
