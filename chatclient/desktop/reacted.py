"""The reactions under a bubble: a pill for each emoji, with how many chose it. Pure."""

from collections.abc import Sequence
from typing import Final

from chatclient.desktop.operations import Box, Emoji, Target
from chatclient.desktop.sheet import Sheet
from chatclient.desktop.spans import plain
from chatclient.rows import Reaction

NAMED: Final = 12
"""A tip names so many people; of the others it says how many they are."""


def reactions(sheet: Sheet, found: Sequence[Reaction], left: int, right: int, side: float) -> None:
    """Between these edges, in as many rows as it takes: at the left one (`side` 0), the right one (1), or between."""
    m = sheet.m
    sheet.y += m.pill_gap
    row: list[tuple[Reaction, int]] = []
    used = 0
    for each in found:
        count = f"{each.count:,}"
        wide = m.pill_start + m.pill_emoji + m.pill_inside + sheet.measurer.width("small_semibold", count) + m.pill_end
        if row and used + m.pill_gap + wide > right - left:
            _row(sheet, row, left + int((right - left - used) * side))
            sheet.y += m.pill_gap
            row, used = [], 0
        used += wide + (m.pill_gap if row else 0)
        row.append((each, wide))
    _row(sheet, row, left + int((right - left - used) * side))


def _row(sheet: Sheet, row: Sequence[tuple[Reaction, int]], x: int) -> None:
    m, y = sheet.m, sheet.y
    for each, wide in row:
        ground, line, ink = ("pale", "accent", "link") if each.mine else ("reaction", "border", "muted")
        sheet.put(Box(x, y, wide, m.pill, m.pill_radius, ground, "conv", line))
        top = y + (m.pill - m.pill_emoji) // 2
        sheet.put(Emoji(x + m.pill_start, top, each.emoji, m.pill_emoji, ground, -1))
        at = x + m.pill_start + m.pill_emoji + m.pill_inside
        sheet.text(at, y, m.pill, f"{each.count:,}", "small_semibold", ink)
        sheet.targets.append(Target(x, y, wide, m.pill, "action", f"react:{each.emoji}", who(each)))
        x += wide + m.pill_gap
    sheet.y += m.pill


def who(reaction: Reaction) -> str:
    """Who chose it: `alice, bob and 3 others`."""
    names = [plain(name) for name in reaction.names[:NAMED]]
    others = max(0, reaction.count - len(names))
    if others:
        names.append(f"{others:,} others" if others > 1 else "1 other")
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
