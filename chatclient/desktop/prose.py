"""A message's own words inside its bubble: running text, quoted lines, blocks of code. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from chatclient.desktop.operations import Bubble, Rect
from chatclient.desktop.sheet import Look, Sheet
from chatclient.desktop.spans import BlockKind, Paragraph
from chatclient.desktop.wrapping import Line, wrapped

LARGE_EMOJI_AT_MOST: Final = 6
"""A message of no more than so many emoji, and of nothing else, shows them large."""


class _Block(NamedTuple):
    kind: BlockKind
    lines: list[Line]


class Prose:
    """Words of at most `limit` pixels. `last` is the line beside which the time may stand, where there is one."""

    def __init__(self, parts: Sequence[Paragraph], limit: int, sheet: Sheet) -> None:
        m = sheet.m
        large = _is_large(parts)
        self._emoji, self._line = (m.emoji_large, m.emoji_line) if large else (m.emoji, m.line)
        self._sides = {"text": 0, "quote": m.cited_start, "code": 2 * m.pad_x}
        self._blocks: list[_Block] = []
        self.width = self.height = 0
        runs = groupby(parts, key=lambda part: part.block) if parts[-1].block else ((0, parts),)
        for _, run in runs:
            self._add(list(run), limit, sheet)
        final = self._blocks[-1]
        self.last = final.lines[-1] if final.kind != "code" else None
        self.rtl = final.lines[-1].rtl and final.kind != "code"
        self.last_width = final.lines[-1].width + self._sides[final.kind]

    def _add(self, run: Sequence[Paragraph], limit: int, sheet: Sheet) -> None:
        m, kind = sheet.m, run[0].kind
        font = "code" if kind == "code" else "body"
        sides = self._sides[kind]
        lines = wrapped(run, limit - sides, sheet.measurer, font, self._emoji, sheet.pads)
        self._blocks.append(_Block(kind, lines))
        self.width = max(self.width, sides + max(line.width for line in lines))
        self.height += sum(self._high(line, sheet) for line in lines)
        if kind != "text":
            self.height += 2 * m.gap if kind == "quote" else 2 * (m.code_gap + m.pad_y)

    def _high(self, line: Line, sheet: Sheet) -> int:
        return max(self._line, sheet.m.rtl_line) if line.rtl else self._line

    def place(self, sheet: Sheet, x: int, y: int, inner: int, look: Look) -> None:
        for block in self._blocks:
            if block.kind == "text":
                y = self._lines(sheet, block.lines, x, y, inner, look)
            elif block.kind == "quote":
                y = self._cited(sheet, block.lines, x, y, inner, look)
            else:
                y = self._code(sheet, block.lines, x, y, inner, look)

    def _lines(self, sheet: Sheet, lines: Iterable[Line], x: int, y: int, inner: int, look: Look) -> int:
        for line in lines:
            start = x + inner - line.width if line.rtl else x
            high = self._high(line, sheet)
            sheet.line(line, start, y, high, self._emoji, look)
            y += high
        return y

    def _cited(self, sheet: Sheet, lines: Sequence[Line], x: int, y: int, inner: int, look: Look) -> int:
        m, rtl = sheet.m, lines[0].rtl
        y += m.gap
        bar = look.bar if look.ground == "own" else look.muted
        left = x + inner - m.quote_bar if rtl else x
        sheet.put(Rect(left, y, m.quote_bar, sum(self._high(line, sheet) for line in lines), bar))
        start = x if rtl else x + m.cited_start
        y = self._lines(sheet, lines, start, y, inner - m.cited_start, look._replace(text=look.muted))
        return y + m.gap

    def _code(self, sheet: Sheet, lines: Sequence[Line], x: int, y: int, inner: int, look: Look) -> int:
        m, high = sheet.m, self._line * len(lines) + 2 * sheet.m.pad_y
        y += m.code_gap
        radius = m.code_radius
        sheet.put(Bubble(x, y, inner, high, look.quote, (radius, radius, radius, radius), look.ground))
        top = y + m.pad_y
        for line in lines:
            sheet.line(line, x + m.pad_x, top, self._line, self._emoji, look._replace(ground=look.quote))
            top += self._line
        return y + high + m.code_gap


def _is_large(parts: Iterable[Paragraph]) -> bool:
    count = 0
    for part in parts:
        for span in part.spans:
            if span.kind == "emoji" and not span.style and part.kind == "text":
                count += 1
            elif span.kind != "space":
                return False
    return 0 < count <= LARGE_EMOJI_AT_MOST
