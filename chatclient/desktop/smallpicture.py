"""How a picture of this computer looks, small: for the tile of a file that is going to be sent."""

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from chatclient.desktop.pictures import PIXELS, UNREADABLE

SIDE: Final = 240


def small(source: Path | bytes) -> Image.Image | None:
    """At most `SIDE` on its longer side, turned as its camera says, "RGB"; None for what is no picture. It may take a
    second: not for the Tk thread."""
    try:
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as picture:
            if picture.width * picture.height > PIXELS:
                return None
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            ground = Image.new("RGBA", upright.size, "#FFFFFF")
            ground.alpha_composite(upright.convert("RGBA"))
            return ground.convert("RGB")
    except UNREADABLE:
        return None
