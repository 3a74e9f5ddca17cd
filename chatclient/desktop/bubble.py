"""A message: its bubble with all that stands in it, its time and state, and what stands under it. Pure.

A bubble is parts over one another: name, quote of a reply, pictures, files, words. Each says how wide it must be, the
widest decides, and the time stands beside the last words where it fits, else on a line of its own.
"""

from typing import Final

from chatclient.desktop.filebox import FileBox
from chatclient.desktop.operations import Avatar, Bubble, Icon, Radii, Target
from chatclient.desktop.pictured import Pictures, is_picture
from chatclient.desktop.prose import Prose
from chatclient.desktop.reacted import reactions
from chatclient.desktop.replied import Replied
from chatclient.desktop.sheet import FAILED, OTHER, OWN, Look, Part, Sheet
from chatclient.desktop.spans import marked, paragraphs, plain
from chatclient.desktop.theme import colour_index
from chatclient.desktop.wrapping import elided, wrapped
from chatclient.rows import Row

_ACTIONS: Final = (("Retry", "retry", "link"), ("Discard", "discard", "muted"))


def message(sheet: Sheet, row: Row, slow: bool, me: str) -> None:
    m, measurer = sheet.m, sheet.measurer
    look = FAILED if row.state == "failed" else OWN if row.own else OTHER
    sheet.y += m.group_gap if row.first else m.gap
    limit = sheet.bubble_limit
    name = "" if row.own or not row.first else elided(plain(row.name or row.user), limit, measurer, "name")
    parts: list[Part] = _above(sheet, row, limit) if row.reply or row.files else []
    words = Prose(marked(row.text, me), limit, sheet) if row.text or not row.files else None
    inner = measurer.width("name", name) if name else 0
    tall = m.name_line if name else 0
    for part in (*parts, words) if words else parts:
        inner = max(inner, part.width)
        tall += part.height

    label, mark = stamp(row, slow)
    wide = stamp_width(sheet, label, mark)
    beside = not wide or (words is not None and words.last is not None)
    if wide:
        with_it = words.last_width + m.time_gap + wide if words else 0
        beside = beside and with_it <= limit
        inner = max(inner, with_it if beside else wide)
    tall += 0 if beside else m.line

    top = sheet.y
    body = _body(sheet, row, inner, tall, look)
    x, y = body.x + m.pad_x, top + m.pad_y
    if name:
        sheet.text(x, y, m.name_line, name, "name", f"name{colour_index(row.user)}")
        y += m.name_line
    for part in (*parts, words) if words else parts:
        part.place(sheet, x, y, inner, look)
        y += part.height
    if wide:
        y += 0 if beside else m.line
        place = x if words and words.rtl else x + inner - wide
        rise = m.line - 5 * m.line // 20 + (m.gap if beside and words and words.rtl else 0)
        put_stamp(sheet, place, y - rise, label, mark, look)
    under(sheet, row, body)


def _above(sheet: Sheet, row: Row, limit: int) -> list[Part]:
    """What stands over the words."""
    parts: list[Part] = []
    if row.reply:
        parts.append(Replied(row.reply, limit, sheet))
    pictures = [(index, file) for index, file in enumerate(row.files) if is_picture(file)]
    if pictures:
        parts.append(Pictures(pictures, limit, sheet))
    parts += [FileBox(index, file, limit, sheet) for index, file in enumerate(row.files) if not is_picture(file)]
    return parts


def _body(sheet: Sheet, row: Row, inner: int, tall: int, look: Look) -> Bubble:
    """The bubble itself, at its side; it is put on the sheet."""
    m = sheet.m
    body = Bubble(
        side(sheet, row, inner), sheet.y, inner + 2 * m.pad_x, tall + 2 * m.pad_y,
        look.ground, radii(sheet, row), "conv", look.line,
    )  # fmt: skip
    sheet.body = body
    sheet.put(body)
    return body


def side(sheet: Sheet, row: Row, inner: int) -> int:
    """Where a bubble of this inner width begins: at the right for an own one."""
    m = sheet.m
    if row.own:
        return sheet.width - sheet.margin - inner - 2 * m.pad_x
    return sheet.margin + m.avatar + m.avatar_gap


def radii(sheet: Sheet, row: Row) -> Radii:
    whole, joined = sheet.m.radius, sheet.m.radius_joined
    above, below = (whole if row.first else joined), (whole if row.last else joined)
    return (whole, above, below, whole) if row.own else (above, whole, whole, below)


def under(sheet: Sheet, row: Row, body: Bubble) -> None:
    """What stands beside and under a bubble: the avatar, the reactions, why it was not sent."""
    m = sheet.m
    sheet.y = body.y + body.height
    if row.last and not row.own:
        sheet.put(Avatar(sheet.margin, sheet.y - m.avatar, row.user, m.avatar))
    if row.reactions:
        limit = min(m.bubble, sheet.width - 2 * sheet.margin - m.avatar - 2 * m.avatar_gap)
        if row.own:
            right = body.x + body.width
            reactions(sheet, row.reactions, right - limit, right, 1)
        else:
            reactions(sheet, row.reactions, body.x, body.x + limit, 0)
    if row.state == "failed":
        failure(sheet, row.reason)


def seen(sheet: Sheet, words: str) -> None:
    """Under an own bubble, at its right."""
    m, measurer = sheet.m, sheet.measurer
    text = elided(plain(words), min(m.bubble, sheet.width - 2 * sheet.margin), measurer, "tiny")
    sheet.y += m.gap
    left = sheet.width - sheet.margin - measurer.width("tiny", text)
    sheet.text(left, sheet.y, m.small_line, text, "tiny", "muted")
    sheet.y += m.small_line


# --- the time and the state -------------------------------------------------------------------------------------


def stamp(row: Row, slow: bool) -> tuple[str, str]:
    """What stands where the time is, and its mark; "blank" keeps the place that the check will take."""
    if row.state == "failed":
        return "", ""
    if row.state == "waiting":
        return "Waiting", "clock"
    if row.state == "sending" and slow:
        return "Sending", "clock"
    clock = f"edited {row.clock}" if row.edited else row.clock
    if row.state == "sending":
        return clock, "blank"
    return clock, "clock" if row.change else "check" if row.own else ""


def stamp_width(sheet: Sheet, label: str, mark: str) -> int:
    if not label:
        return 0
    m, wide = sheet.m, sheet.measurer.width("tiny", label)
    return wide + m.mark_gap + (m.clock if mark == "clock" else m.check) if mark else wide


def put_stamp(sheet: Sheet, x: int, y: int, label: str, mark: str, look: Look) -> None:
    m, line = sheet.m, sheet.m.small_line
    sheet.text(x, y, line, label, "tiny", look.muted)
    size = {"check": m.check, "clock": m.clock}.get(mark)
    if size:
        x += sheet.measurer.width("tiny", label) + m.mark_gap
        sheet.icon(x, y, line, mark, size, look.muted, look.ground)


def failure(sheet: Sheet, reason: str) -> None:
    """At the right: the reason and what can be done."""
    m, measurer = sheet.m, sheet.measurer
    spans = paragraphs(plain(f"Not sent: {reason}"))
    room = sheet.width - 2 * sheet.margin
    buttons = sum(m.time_gap + measurer.width("small_semibold", word) for word, _, _ in _ACTIONS)
    lines = wrapped(spans, max(1, room - m.alert - m.mark_gap), measurer, "small", m.small_line)
    beside = lines[-1].width + m.alert + m.mark_gap + buttons <= room
    sheet.y += m.gap * 2
    right = sheet.width - sheet.margin
    for number, line in enumerate(lines):
        ends = right - (buttons if beside and number == len(lines) - 1 else 0)
        x = ends - line.width
        if number == 0:
            icon = Icon(x - m.alert - m.mark_gap, sheet.y + 1, "alert", m.alert, "danger_line", "conv")
            sheet.put(icon)
        for piece in line.pieces:
            sheet.text(x + piece.x, sheet.y, m.small_line, piece.text, "small", "danger")
        sheet.y += m.small_line
    x, y = right - buttons, sheet.y - (m.small_line if beside else 0)
    for word, action, colour in _ACTIONS:
        wide = measurer.width("small_semibold", word)
        x += m.time_gap
        sheet.text(x, y, m.small_line, word, "small_semibold", colour)
        sheet.targets.append(Target(x - 4, y - 4, wide + 8, m.small_line + 8, "action", action))
        x += wide
    sheet.y = y + m.small_line + 2 * m.gap
