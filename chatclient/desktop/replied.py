"""The quote that stands in the bubble of a reply: who wrote the original, and how it began. Pure."""

from typing import Final

from chatclient.desktop.operations import Bubble, Emoji, Rect, Target, Text
from chatclient.desktop.sheet import Look, Sheet
from chatclient.desktop.spans import paragraphs, plain
from chatclient.desktop.wrapping import EMOJI_SIDE, Line, elided, wrapped
from chatclient.rows import Quote
from shared import markup

LINES: Final = 2
"""So many lines of the original are shown at most."""
GONE: Final = "This message was deleted"
_EMOJI: Final = 15


class Replied:
    """A click on it jumps to the original. Its height is known before the original is there, unless that is gone."""

    def __init__(self, quote: Quote, limit: int, sheet: Sheet) -> None:
        m, measurer = sheet.m, sheet.measurer
        self._m, self._quote = m, quote
        room = limit - m.quote_start - m.quote_end
        name = plain(quote.name or quote.user) or ("" if quote.gone else "…")
        self._name = elided(name, room, measurer, "small_bold")
        words = GONE if quote.gone else " ".join(markup.plain(quote.text).split()) or "…"
        self._emoji = m.emoji * _EMOJI // 18
        self._lines = wrapped(paragraphs(words), room, measurer, "small", self._emoji)[: LINES + 1]
        self._rtl = self._lines[0].rtl
        self._cut = len(self._lines) > LINES
        del self._lines[LINES:]
        self._name_width = measurer.width("small_bold", self._name) if self._name else 0
        inside = max(self._name_width, *(line.width for line in self._lines))
        self.width = min(limit, max(m.quote_least, inside + m.quote_start + m.quote_end))
        self.height = 2 * m.quote_pad + m.quote_line * (len(self._lines) + bool(self._name)) + m.quote_gap

    def place(self, sheet: Sheet, x: int, y: int, inner: int, look: Look) -> None:
        m, high = self._m, self.height - self._m.quote_gap
        radius = m.quote_radius
        sheet.put(Bubble(x, y, inner, high, look.quote, (radius, radius, radius, radius), look.ground))
        left = x + inner - m.quote_inset - m.quote_bar if self._rtl else x + m.quote_inset
        sheet.put(Rect(left, y + m.quote_inset, m.quote_bar, high - 2 * m.quote_inset, look.bar))
        if not self._quote.gone:
            sheet.targets.append(Target(x, y, inner, high, "action", "jump"))
        start, end = x + m.quote_start, x + inner - m.quote_end
        if self._rtl:
            start, end = x + m.quote_end, x + inner - m.quote_start
        y += m.quote_pad
        if self._name:
            at = end - self._name_width if self._rtl else start
            sheet.text(at, y, m.quote_line, self._name, "small_bold", look.text)
            y += m.quote_line
        colour = look.muted if self._quote.gone or look.ground == "own" else look.text
        for number, line in enumerate(self._lines):
            cut = self._cut and number == len(self._lines) - 1
            self._line(sheet, line, end - line.width if self._rtl else start, y, end, look, colour, cut)
            y += m.quote_line

    def _line(
        self, sheet: Sheet, line: Line, x: int, y: int, end: int, look: Look, colour: str, cut: bool
    ) -> None:  # fmt: skip
        measurer, high = sheet.measurer, self._m.quote_line
        dots = measurer.width("small", "…") if cut else 0
        for piece in line.pieces:
            if piece.kind == "emoji":
                top = y + (high - self._emoji) // 2
                sheet.put(Emoji(x + piece.x + EMOJI_SIDE, top, piece.text, self._emoji, look.quote, -1))
            else:
                text = piece.shown or piece.text
                if cut and piece is line.pieces[-1]:
                    text = elided(piece.text + "…", max(dots, end - x - piece.x), measurer, "small")
                    text = measurer.line(text)
                top = y + (high - measurer.height("small")) // 2
                sheet.put(Text(x + piece.x, top, text, "small", colour))
