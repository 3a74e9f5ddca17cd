"""A picture of what a terminal shows: every cell that tmux tells of, in its colours.

Letters are JetBrains Mono, emoji the client's own pictures, and a sign that neither has is drawn here, or is an error:
no picture shows a box.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont
from wcwidth import wcwidth

from chatclient.desktop.emojifile import EmojiFile

FONT: Final = Path(__file__).resolve().parent.parent / "chatclient" / "assets" / "fonts" / "JetBrainsMono-Regular.ttf"
CELL: Final = (10, 22)
"""Width and height; the lines of JetBrains Mono's boxes meet at this size of its letters."""
LETTERS: Final = 50 / 3
MARGIN: Final = 30
FINE: Final = 8
"""Signs are drawn so many times larger first."""
Colour = tuple[int, int, int]
GROUND: Final[Colour] = (0x1B, 0x1B, 0x21)
TEXT: Final[Colour] = (0xDC, 0xDC, 0xE6)
CURSOR: Final[Colour] = (0x7C, 0x7C, 0xF0)
COLOURS: Final[tuple[Colour, ...]] = (
    (0x2D, 0x2D, 0x37),
    (0xFF, 0x80, 0x95),
    (0x86, 0xD9, 0xA4),
    (0xF0, 0xC6, 0x74),
    (0x9D, 0xA8, 0xFF),
    (0xDD, 0xA0, 0xF0),
    (0x7F, 0xD3, 0xDE),
    TEXT,
)
"""Black, red, green, yellow, blue, magenta, cyan, white."""
_CODES = re.compile(r"\x1b\[([0-9;]*)m")


class Style(NamedTuple):
    """How one cell looks; None: as the terminal's own."""

    fore: Colour | None = None
    back: Colour | None = None
    marks: frozenset[str] = frozenset()


_ON: Final = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
_OFF: Final = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


def drawn(screen: str, width: int, height: int, cursor: tuple[int, int]) -> Image.Image:
    """What stands on the screen, as a picture."""
    image = Image.new("RGB", (width * CELL[0] + 2 * MARGIN, height * CELL[1] + 2 * MARGIN), GROUND)
    draw = ImageDraw.Draw(image)
    for x, y, text, style in cells(screen):
        _draw_cell(image, draw, (MARGIN + x * CELL[0], MARGIN + y * CELL[1]), text, style)
    left, top = MARGIN + cursor[0] * CELL[0], MARGIN + cursor[1] * CELL[1]
    draw.rectangle((left, top, left + CELL[0] - 1, top + CELL[1] - 1), fill=CURSOR)
    return image


def cells(screen: str) -> Iterator[tuple[int, int, str, Style]]:
    """Each sign with its column and line, and how it looks; tmux goes on with the same looks from line to line."""
    style, at, x, y = Style(), 0, 0, 0
    for match in [*_CODES.finditer(screen), None]:
        for char in screen[at : match.start() if match else len(screen)]:
            if char == "\n":
                x, y = 0, y + 1
            else:
                yield x, y, char, style
                x += max(0, wcwidth(char))
        if match is not None:
            at = match.end()
            for code in match[1].split(";"):
                style = _restyled(style, int(code or "0"))


def _restyled(style: Style, code: int) -> Style:
    if code in _ON:
        return style._replace(marks=style.marks | {_ON[code]})
    if code in _OFF:
        return style._replace(marks=style.marks - set(_OFF[code]))
    if 30 <= code <= 37 or 90 <= code <= 97:
        return style._replace(fore=COLOURS[code % 10])
    if 40 <= code <= 47 or 100 <= code <= 107:
        return style._replace(back=COLOURS[code % 10])
    known = {0: Style(), 39: style._replace(fore=None), 49: style._replace(back=None)}
    if code not in known:
        raise RuntimeError(f"The screen uses colour code {code}, which is not drawn yet.")
    return known[code]


def _draw_cell(image: Image.Image, draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, style: Style) -> None:
    fore, back = style.fore or TEXT, style.back or GROUND
    if "dim" in style.marks:
        fore = _between(fore, back, 0.42)
    if "reverse" in style.marks:
        fore, back = back, fore
    left, top = at
    wide = CELL[0] * max(1, wcwidth(text))
    if back != GROUND:
        draw.rectangle((left, top, left + wide - 1, top + CELL[1] - 1), fill=back)
    if wcwidth(text) == 2 or (not text.isascii() and text in _pictures()):
        picture = _picture(text)
        image.paste(picture, (left + (wide - picture.width) // 2, top + (CELL[1] - picture.height) // 2), picture)
    elif text != " ":
        mask = _letter(text, "bold" in style.marks, "italic" in style.marks)
        image.paste(fore, (left - CELL[0], top - CELL[1]), mask)
    for mark, y in (("underline", CELL[1] - 3), ("strike", CELL[1] // 2 + 1)):
        if mark in style.marks:
            draw.line((left, top + y, left + wide - 1, top + y), fill=fore)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(1)
def _pictures() -> EmojiFile:
    return EmojiFile()


@lru_cache(256)
def _picture(emoji: str) -> Image.Image:
    found = _pictures().picture(emoji)
    if found is None:
        raise RuntimeError(f"There is no picture of {emoji!r}.")
    side = 18 if wcwidth(emoji) == 2 else 13
    return found.resize((side, side), Image.Resampling.LANCZOS)


@lru_cache(1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), LETTERS)


@lru_cache(2048)
def _letter(char: str, bold: bool, italic: bool) -> Image.Image:
    """Where it covers its cell, with one cell more on every side."""
    mask = Image.new("L", (3 * CELL[0], 3 * CELL[1]))
    if char in SIGNS:
        mask.paste(_sign(char), CELL)
    elif bytes(_font().getmask(char)) == bytes(_font().getmask("\U0010fffe")):
        raise RuntimeError(f"{char!r} is not in {FONT.name}.")
    else:
        ImageDraw.Draw(mask).text(CELL, char, 255, _font(), stroke_width=0.35 if bold else 0)
    if italic:
        lean = 0.18
        mask = mask.transform(mask.size, Image.Transform.AFFINE, (1, lean, -lean * 1.7 * CELL[1], 0, 1, 0))
    return mask


# Signs that the font lacks, in units of a cell's width; a cell is 2.2 of them tall. Lines are 0.14 thick.
_DISC: Final = (0.1, 0.75, 0.9, 1.55)
_THICK: Final = round(0.14 * CELL[0] * FINE)
Strokes = tuple[tuple[str, tuple[float, ...]], ...]
SIGNS: Final[dict[str, Strokes]] = {
    "●": (("disc", _DISC),),
    "○": (("ring", _DISC),),
    "◐": (("ring", _DISC), ("half", _DISC)),
    "⊘": (("ring", _DISC), ("line", (0.27, 1.38, 0.73, 0.92))),
    "↳": (("line", (0.15, 0.6, 0.15, 1.25, 0.85, 1.25)), ("line", (0.58, 0.98, 0.85, 1.25, 0.58, 1.52))),
    "✎": (("line", (0.2, 1.55, 0.75, 0.8)), ("line", (0.1, 1.65, 0.3, 1.6))),
}


def _sign(char: str) -> Image.Image:
    image = Image.new("L", (CELL[0] * FINE, CELL[1] * FINE))
    draw = ImageDraw.Draw(image)
    for kind, places in SIGNS[char]:
        points = [place * CELL[0] * FINE for place in places]
        if kind == "disc":
            draw.ellipse(points, fill=255)
        elif kind == "ring":
            draw.ellipse(points, outline=255, width=_THICK)
        elif kind == "half":
            draw.pieslice(points, 90, 270, fill=255)
        else:
            draw.line(points, fill=255, width=_THICK, joint="curve")
    return image.resize(CELL, Image.Resampling.LANCZOS)
