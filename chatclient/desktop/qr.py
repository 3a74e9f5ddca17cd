"""A text as a QR code that every phone reads: black on white in both themes. Who draws it keeps white all round it."""

from typing import Final

import segno
from PIL import Image

QUIET: Final = 8
"""The least white round the code, in pixels."""


def picture(text: str, size: int) -> Image.Image:
    """The code alone, at most `size` pixels wide and high: each of its squares is as many whole pixels as fit.

    `ValueError` where the text is too long to be drawn at this size.
    """
    rows = [bytes(row) for row in segno.make(text, micro=False, error="l").matrix]
    count = len(rows)
    unit = size // count
    if not unit:
        raise ValueError(f"a code of {count} squares a side does not fit into {size} pixels")
    dark = Image.frombytes("L", (count, count), b"".join(rows))
    black = dark.point([255] + [0] * 255)
    return black.resize((count * unit, count * unit), Image.Resampling.NEAREST).convert("RGB")
