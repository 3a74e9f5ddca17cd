"""Where everything of a row stands. Pure: a row, a width, a measurer in, drawing operations out.

Beside them a drawing tells where the message's own text stands (`runs`, for the selection) and what can be clicked.
"""

from chatclient.desktop import asides, bubble
from chatclient.desktop.measure import Measurer
from chatclient.desktop.operations import Drawing
from chatclient.desktop.sheet import Sheet
from chatclient.desktop.spans import plain
from chatclient.desktop.theme import Metrics
from chatclient.rows import Row


def lay_out(
    row: Row, width: int, measurer: Measurer, metrics: Metrics, slow: bool = False, seen: str = "", me: str = ""
) -> Drawing:
    """The drawing of a row in a conversation `width` pixels wide.

    `slow`: the message has been on its way for so long that its reader is told ("Sending").
    `seen`: what stands under it about who has read it ("Seen"). `me`: whose mentions stand out.
    """
    sheet = Sheet(width, measurer, metrics)
    if row.day:
        _day(sheet, row.day)
    if row.unread:
        _unread(sheet)
    if row.kind == "notice":
        asides.notice(sheet, row.text)
    elif row.kind == "action":
        asides.action(sheet, row, slow, me)
    elif row.kind == "tombstone":
        asides.tombstone(sheet, row)
    else:
        bubble.message(sheet, row, slow, me)
    if seen:
        bubble.seen(sheet, seen)
    return Drawing(sheet.y, tuple(sheet.operations), tuple(sheet.runs), tuple(sheet.targets), sheet.body)


def _day(sheet: Sheet, label: str) -> None:
    m, text = sheet.m, plain(label)
    wide = sheet.measurer.width("small_bold", text)
    sheet.y += m.pad_y
    left = (sheet.width - wide) // 2
    middle, gap = sheet.y + m.small_line // 2, m.time_gap - 1
    sheet.rule(sheet.margin, left - gap, middle, "border")
    sheet.rule(left + wide + gap, sheet.width - sheet.margin, middle, "border")
    sheet.text(left, sheet.y, m.small_line, text, "small_bold", "muted")
    sheet.y += m.small_line + m.pad_y // 2


def _unread(sheet: Sheet) -> None:
    m, text = sheet.m, "New messages"
    wide = sheet.measurer.width("small_bold", text)
    sheet.y += m.pad_y + m.gap
    left = sheet.width - sheet.margin - wide
    sheet.rule(sheet.margin, left - m.pad_y, sheet.y + m.small_line // 2, "danger_line")
    sheet.text(left, sheet.y, m.small_line, text, "small_bold", "danger")
    sheet.y += m.small_line - m.gap
